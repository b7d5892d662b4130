import Postgres
package import WorkingTime

/// A month of which ratings were counted.
package struct CountedMonth: Hashable, Sendable {
    /// Its first day.
    package let first: CivilDate
    /// The whole province; nil when there are too few.
    package let whole: SatisfactionCounts?
}

extension StatisticsReader {
    /// The counted months of a province, at most the last 24, the newest first; those without a rating are left out.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func satisfaction(_ province: Int16) async throws -> [CountedMonth] {
        try await ratedMonths.value(province) { [feed] _ in
            try await feed.withSession(timeout: .seconds(5)) { session in
                try session.run(SatisfactionStatements.months, province).map {
                    CountedMonth(first: CivilDate(daysSinceEpoch: $0.month), whole: $0.whole)
                }
            }
        } ?? []
    }

    /// What is told of a counted month; nil for one that is not counted, or of which there was no rating.
    /// - Parameter month: its first day.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func satisfaction(_ province: Int16, _ month: CivilDate) async throws -> SatisfactionMonth? {
        let key = MonthKey(province: province, month: month.daysSinceEpoch)
        return try await satisfactions.value(key) { [feed] _ in
            try await feed.withSession(timeout: .seconds(5)) { session in
                guard let head = try session.run(SatisfactionStatements.month, key).first else { return nil }
                return SatisfactionMonth(whole: head, agencies: try session.run(SatisfactionStatements.agencies, key))
            }
        }
    }
}
