import Notices
import Postgres
package import WorkingTime

/// The counters, and what everybody is told of each month, computed again from the notices.
extension LogAudit {
    /// What of a province's figures could not be computed again, though nothing is known to be wrong.
    package struct Figures: Hashable, Sendable {
        /// The rules of the build that made the counters, when they are not this build's: nothing of them was compared.
        package internal(set) var otherRules: Int32?
        /// The day of the last change of the rules: what was noted against published months up to it was compared with no
        /// notices.
        package internal(set) var rulesChangedOn: CivilDate?
        /// Months, by their first day, that are being published anew.
        package internal(set) var lateMonths: [CivilDate] = []
        /// Months, by their first day, that another build published in a form that this one does not show.
        package internal(set) var foreignMonths: [CivilDate] = []

        /// Nothing.
        package init() {}
    }

    /// Counts the province anew, and publishes its months anew, without writing anything.
    func walkFigures(_ province: Int16, _ said: Said, _ notes: inout Notes) async throws -> Figures {
        var figures = Figures()
        let (standing, changes, months) = try await feed.withSession { session in
            (
                try session.run(StatisticsStatements.standing, province).first,
                try session.run(RulesChange.list, province),
                try session.run(PublishedStatements.heads, province).map(\.month).sorted()
            )
        }
        // No row: counted at the follower's next start.
        guard let standing else { return figures }
        guard standing.rules == Contribution.rules else {
            figures.otherRules = standing.rules
            return figures
        }
        figures.rulesChangedOn = changes.map(\.dated).max().map { CivilDate(daysSinceEpoch: $0) }
        for mismatch in try await StatisticsRecount.check(province, feed) {
            notes.add("feed.statistic: \(mismatch) is not what the notices come to")
        }
        for month in months {
            let verdict = try await compare(MonthKey(province: province, month: month), said, &notes)
            let day = CivilDate(daysSinceEpoch: month)
            if verdict == .late { figures.lateMonths.append(day) }
            if verdict == .foreign { figures.foreignMonths.append(day) }
        }
        return figures
    }

    private enum MonthVerdict {
        case compared
        case late
        case foreign
    }

    /// Compares what is kept of a month with what would be published of it now; all of one snapshot.
    private func compare(_ key: MonthKey, _ said: Said, _ notes: inout Notes) async throws -> MonthVerdict {
        let options = TransactionOptions(isolation: .repeatableRead, isReadOnly: true, timeout: .seconds(60))
        let (verdict, wrong) = try await feed.transaction(options: options) { transaction in
            try LogAudit.compare(key, said, transaction)
        }
        let month = CivilDate(daysSinceEpoch: key.month)
        for what in wrong { notes.add("\(what.table) \(month): \(what.what)") }
        return verdict
    }

    private typealias Wrong = (table: String, what: String)

    private static func compare(
        _ key: MonthKey, _ said: Said, _ transaction: Transaction
    ) throws -> (MonthVerdict, [Wrong]) {
        guard let month = try transaction.run(AuditStatements.month, key).first else { return (.late, []) }
        let head = month.head
        guard head.layout == ToldTable.layout else { return (.foreign, []) }
        let isFrozen = month.standing.frozen.map { key.month <= $0 } ?? false
        // The publisher looks at it again; a settled month's figures do not change by that.
        guard head.isChecked, head.isSettled || !isFrozen && head.changes == month.standing.changes else {
            return (.late, [])
        }
        var wrong: [Wrong] = []
        let last = StatisticSpan.nextMonth(after: key.month) - 1
        if head.isSettled && (!isFrozen || head.through != last) || !(key.month...last).contains(head.through) {
            wrong.append(("feed.statistic_month", "it is told as settled before its time, or up to a wrong day"))
        }
        var tables = try MonthPublication.tables(
            key, through: head.through, isSettled: head.isSettled, transaction)
        if let fields = month.fields {
            for (procedure, field) in fields where !said.isOf(field, procedure) {
                wrong.append(("feed.statistic_month", "no notice says that “\(procedure)” is of the field “\(field)”"))
            }
            tables.fieldOfProcedure = Dictionary(fields) { first, _ in first }
        }
        if tables.identity != head.identity {
            wrong.append(
                ("feed.statistic_month", "its figures are not those that were counted, less later corrections"))
        }
        if tables.whole != month.whole {
            wrong.append(("feed.statistic_month", "the province's own figures are not those that were counted"))
        }
        let stored = try transaction.run(AuditStatements.told, key)
        let told = Dictionary(stored.map { ($0.key, $0.table) }) { first, _ in first }
        let expected = ToldTable.all(of: tables)
        for (table, rows) in expected where told[table] != rows {
            wrong.append(
                (
                    "feed.statistic_told",
                    "\(table.shape) “\(table.scope)”: "
                        + (told[table] == nil ? "the row is gone" : "it does not tell what was counted")
                ))
        }
        for table in told.keys where expected[table] == nil {
            wrong.append(("feed.statistic_told", "\(table.shape) “\(table.scope)”: there is no such table"))
        }
        return (.compared, wrong.sorted { $0.what < $1.what })
    }
}
