import Postgres

/// What is kept of a month, compared with what would be published of it now.
struct MonthCheck: Sendable {
    enum Verdict: Sendable {
        case compared
        /// It is being published anew.
        case late
        /// Another build published it, in a form that this one does not show.
        case foreign
    }

    /// A row that is not what it must be.
    struct Wrong: Sendable {
        let table: String
        /// Which and how, in English.
        let what: String
    }

    let verdict: Verdict
    private(set) var wrong: [Wrong] = []

    private init(_ verdict: Verdict) { self.verdict = verdict }

    /// Compares a month; all of one snapshot.
    /// - Parameter said: what notices say of procedures; nil where nobody has read them, and only that is not compared.
    static func run(_ key: MonthKey, _ said: LogAudit.Said?, _ feed: ConnectionPool) async throws -> MonthCheck {
        let options = TransactionOptions(
            isolation: .repeatableRead, isReadOnly: true, timeout: StatisticsRecount.patience)
        return try await feed.transaction(options: options) { transaction in
            try transaction.takeTime()
            guard let month = try transaction.run(AuditStatements.month, key).first else { return MonthCheck(.late) }
            guard month.head.layout == ToldTable.layout else { return MonthCheck(.foreign) }
            let isFrozen = month.standing.frozen.map { key.month <= $0 } ?? false
            // The publisher looks at it again; a settled month's figures do not change by that.
            guard month.head.isChecked,
                month.head.isSettled || !isFrozen && month.head.changes == month.standing.changes
            else { return MonthCheck(.late) }
            var check = MonthCheck(.compared)
            check.compareHead(month, key, isFrozen: isFrozen)
            var tables = try MonthPublication.tables(
                key, through: month.head.through, isSettled: month.head.isSettled, transaction)
            if let fields = month.fields {
                // What is held back was chosen by the fields of that time.
                tables.fieldOfProcedure = Dictionary(fields) { first, _ in first }
                var said = said
                if fields.contains(where: { said?.isOf($0.1, $0.0) == false }) {
                    // Notices may have come since the others were read.
                    try said?.takeNewer(key.province, in: transaction)
                }
                for (procedure, field) in fields where said?.isOf(field, procedure) == false {
                    check.add("statistic_month", "no notice says that “\(procedure)” is of the field “\(field)”")
                }
            }
            check.compare(month, tables)
            check.compare(try transaction.run(AuditStatements.told, key), with: ToldTable.all(of: tables))
            return check
        }
    }

    private mutating func add(_ table: String, _ what: String) {
        wrong.append(Wrong(table: "feed.\(table)", what: what))
    }

    private mutating func compareHead(_ month: AuditStatements.MonthKnown, _ key: MonthKey, isFrozen: Bool) {
        let last = StatisticSpan.nextMonth(after: key.month) - 1
        let isWhole = month.head.through == last
        if month.head.isSettled && !(isFrozen && isWhole) || !(key.month...last).contains(month.head.through) {
            add("statistic_month", "it is told as settled before its time, or up to a wrong day")
        }
    }

    private mutating func compare(_ month: AuditStatements.MonthKnown, _ tables: MonthTables) {
        if tables.identity != month.head.identity {
            add("statistic_month", "its figures are not those that were counted, less later corrections")
        }
        if tables.whole != month.whole {
            add("statistic_month", "the province's own figures are not those that were counted")
        }
    }

    private mutating func compare(
        _ stored: [(key: ToldTable.Key, table: ToldTable)], with expected: [ToldTable.Key: ToldTable]
    ) {
        let told = Dictionary(stored.map { ($0.key, $0.table) }) { first, _ in first }
        let keys = Set(told.keys).union(expected.keys).sorted {
            ($0.shape.rawValue, $0.scope) < ($1.shape.rawValue, $1.scope)
        }
        for key in keys where told[key] != expected[key] {
            let what =
                if expected[key] == nil {
                    "there is no such table"
                } else if told[key] == nil {
                    "the row is gone"
                } else {
                    "it does not tell what was counted"
                }
            add("statistic_told", "\(key.shape) “\(key.scope)”: \(what)")
        }
    }
}
