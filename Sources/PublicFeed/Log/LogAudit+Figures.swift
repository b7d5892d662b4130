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

        /// Months, by their first day, whose ratings were counted before anything was signed of ratings.
        package internal(set) var unsignedMonths: [CivilDate] = []

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
        if let frozen = standing.frozen {
            let happened = try await feed.withSession {
                try $0.run(PublishedStatements.months, (province: province, through: frozen))
            }
            figures.lateMonths = Set(happened).subtracting(months).sorted().map { CivilDate(daysSinceEpoch: $0) }
        }
        for mismatch in try await StatisticsRecount.check(province, feed) {
            notes.add("feed.statistic: \(mismatch) is not what the notices come to")
        }
        for month in months {
            let day = CivilDate(daysSinceEpoch: month)
            let check = try await MonthCheck.run(MonthKey(province: province, month: month), said, feed)
            if check.verdict == .late { figures.lateMonths.append(day) }
            if check.verdict == .foreign { figures.foreignMonths.append(day) }
            for wrong in check.wrong { notes.add("\(wrong.table) \(day): \(wrong.what)") }
        }
        return figures
    }
}
