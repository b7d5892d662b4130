import Postgres
import WorkingTime

/// How long results of a procedure usually take: calendar days from acceptance, without those that the dossier waited
/// for its applicant. 0 is the same day.
package struct UsualDuration: Hashable, Sendable {
    /// Half of the dossiers took no longer.
    package let medianDays: Int
    /// Nine of ten took no longer.
    package let ninthDecileDays: Int
    /// How many recent dossiers this rests on.
    package let count: Int64

    /// Fewer would tell more about single dossiers than about what is usual.
    static let countMin: Int64 = 10

    /// Of a histogram: how many dossiers took how many days. Nil for too few, or where the tail is beyond what is
    /// counted (366 days and more).
    package init?(_ histogram: [Int: Int64]) {
        let counted = histogram.filter { $0.value > 0 }
        let total = counted.values.reduce(0) { $0 &+ $1 }
        guard total >= UsualDuration.countMin else { return nil }
        // The smallest number of days that at least this share of the dossiers did not exceed (nearest rank).
        func percentile(_ percent: Int64) -> Int {
            let rank = (total &* percent &+ 99) / 100
            var seen: Int64 = 0
            for (days, count) in counted.sorted(by: { $0.key < $1.key }) {
                seen &+= count
                if seen >= rank { return days }
            }
            return 366
        }
        medianDays = percentile(50)
        ninthDecileDays = percentile(90)
        count = total
        if ninthDecileDays >= 366 { return nil }
    }
}

/// Whose usual duration.
struct DurationKey: Hashable, Sendable {
    let province: Int16
    let procedure: String
}

extension StatisticsReader {
    /// The usual duration of a procedure in a province, from the results of the last three months by the legal clock;
    /// of a year where that is too few; nil where that is still too few.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func usualDuration(procedure: String, province: Int16) async throws -> UsualDuration? {
        let key = DurationKey(province: province, procedure: StatisticText.key(procedure))
        let found = try await durations.value(key) { [feed] _ in
            .some(try await feed.withSession(timeout: .seconds(5)) { try UsualDuration.read(key, $0) })
        }
        return found ?? nil
    }
}

extension UsualDuration {
    /// Reads and works it out.
    static func read(_ key: DurationKey, _ session: Session) throws -> UsualDuration? {
        let standing = session.enqueue(StatisticsStatements.standing, key.province)
        let rows = try session.run(StatisticsStatements.durations, key)
        guard let today = try standing.first?.legalNow?.date else { return nil }
        return recent(rows, month: Contribution.month(of: today.daysSinceEpoch))
    }

    /// Of this month and the two before, else of a year.
    static func recent(_ rows: [(month: Int, days: Int, count: Int64)], month: Int) -> UsualDuration? {
        let first = Contribution.month(of: month - 45)
        let rows = rows.filter { $0.month > month - 345 }
        func histogram(_ rows: [(month: Int, days: Int, count: Int64)]) -> [Int: Int64] {
            rows.reduce(into: [:]) { $0[$1.days, default: 0] &+= $1.count }
        }
        return UsualDuration(histogram(rows.filter { $0.month >= first })) ?? UsualDuration(histogram(rows))
    }
}
