import Postgres
import WorkingTime

/// Computes what everybody is told of a month, and keeps it for whoever asks.
///
/// A settled month is computed once, unless its published figures turn out to be others: what was held back of it stays
/// held back, and the same is told to everybody, whichever process or build is asked.
enum MonthPublication {
    /// A large province's month takes a second or two, and others may be before it.
    private static let patience = Duration.seconds(60)

    /// Whether what is kept of a month is of the newest figures.
    /// - Parameter through: the last day that figures can tell of.
    static func isCurrent(_ head: MonthHead, _ standing: PublishingStanding, through: Int) -> Bool {
        guard head.layout == ToldTable.layout, head.isChecked,
            head.isSettled == isSettled(head.month, standing, through: through)
        else { return false }
        // Later changes of a settled month are corrections, which stand beside its figures.
        return head.isSettled || head.changes == standing.changes && head.through == through
    }

    private static func isSettled(_ month: Int, _ standing: PublishingStanding, through: Int) -> Bool {
        standing.frozen.map { month <= $0 } ?? false && StatisticSpan.nextMonth(after: month) == through + 1
    }

    /// Publishes a month, unless what is kept is of the newest figures.
    static func publish(_ key: MonthKey, through: Int, _ feed: ConnectionPool) async throws {
        // All figures of one snapshot, or the tables would not fit together.
        let options = TransactionOptions(isolation: .repeatableRead, timeout: patience)
        try await feed.transaction(options: options) { transaction in
            for name in ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"] as [StaticString] {
                try transaction.setLocal(name, "60s")
            }
            _ = try transaction.run(PublishedStatements.lock)
            let stored = transaction.enqueue(PublishedStatements.head, key)
            guard let standing = try transaction.run(PublishedStatements.standing, key.province).first else { return }
            let head = try stored.first
            if let head, isCurrent(head, standing, through: through) { return }
            let isSettled = isSettled(key.month, standing, through: through)
            let tables = try tables(key, through: through, isSettled: isSettled, transaction)
            let new = MonthHead(
                month: key.month, through: through, isSettled: isSettled, isChecked: true, layout: ToldTable.layout,
                changes: standing.changes, identity: tables.identity)
            let fields = tables.fieldOfProcedure.sorted { $0.key < $1.key }.map { (procedure: $0.key, field: $0.value) }
            if let head, head.identity == new.identity, head.layout == new.layout, head.isSettled == isSettled {
                _ = transaction.enqueue(PublishedStatements.confirm, (key, new, fields))
                return
            }
            _ = transaction.enqueue(PublishedStatements.clearTold, key)
            _ = transaction.enqueue(PublishedStatements.putHead, (key, new, tables.whole, fields))
            for (place, (told, table)) in ToldTable.all(of: tables).enumerated() {
                _ = transaction.enqueue(PublishedStatements.putTold, (key, told, table))
                if place % 50 == 49 { try transaction.sync() }
            }
        }
    }

    /// Takes away what is kept of a month, so that it is published anew.
    static func forget(_ key: MonthKey, _ feed: ConnectionPool) async throws {
        try await feed.transaction { transaction in
            _ = try transaction.run(PublishedStatements.lock)
            _ = transaction.enqueue(PublishedStatements.clearTold, key)
            _ = transaction.enqueue(PublishedStatements.forget, key)
            _ = transaction.enqueue(PublishedStatements.noteChange, key.province)
            try transaction.sync()
        }
    }

    /// What was counted in a month; of a settled one as it was published.
    static func tables(
        _ key: MonthKey, through: Int, isSettled: Bool, _ transaction: Transaction
    ) throws -> MonthTables {
        func read(_ shape: StatisticShape, _ scopes: [String] = [""]) throws -> [String: [StatisticRow]] {
            let query = StatisticQuery(
                province: key.province, shape: shape, from: CivilDate(daysSinceEpoch: key.month),
                through: CivilDate(daysSinceEpoch: through), isAsPublished: true)
            return try StatisticsReader.rows(query, scopes: scopes, transaction).rows
        }
        let fields = transaction.enqueue(PublishedStatements.fields, key.province)
        var tables = MonthTables(
            whole: StatisticRow.total(try read(.province)[""] ?? []), agencies: try read(.agency)[""] ?? [],
            fields: try read(.field)[""] ?? [], procedures: try read(.procedure)[""] ?? [], parts: nil,
            fieldOfProcedure: [:])
        if isSettled {
            let agencies = tables.agencies.map(\.item)
            let fields = try read(.agencyField, agencies)
            let procedures = try read(.agencyProcedure, agencies)
            tables.parts = Dictionary(
                agencies.map { ($0, .init(fields: fields[$0] ?? [], procedures: procedures[$0] ?? [])) },
                uniquingKeysWith: { first, _ in first })
        }
        let known = Dictionary(try fields.rows.map { ($0.procedure, $0.field) }) { $1 }
        let keys = tables.procedures.map(\.item) + (tables.parts ?? [:]).values.flatMap { $0.procedures.map(\.item) }
        for key in keys { tables.fieldOfProcedure[key] = known[key] ?? nil }
        return tables
    }
}
