import Postgres
import WorkingTime

/// What is read of a month.
struct PublishedKey: Hashable, Sendable {
    let month: MonthKey
    let through: Int
    let tables: ToldTables
}

/// What is published on demand.
struct Publication: Hashable, Sendable {
    let month: MonthKey
    let through: Int
}

/// A month as it was read.
struct ReadMonth: Sendable {
    let month: PublishedMonth
    /// Since when it has been seen that newer figures are not published; nil while it is of the newest.
    let lateSince: ContinuousClock.Instant?
}

extension StatisticsReader {
    /// What everybody is told of a month; of a settled one as it was published. The figures are of the moment at which
    /// they were published, which for a month that goes on is some seconds ago.
    /// - Parameters:
    ///   - month: whose province, first and last day; the rest of it is not looked at.
    ///   - agency: its form is read instead of the fields and procedures of the province; nil for none.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func published(_ month: StatisticQuery, agency: String? = nil) async throws -> PublishedMonth {
        let key = PublishedKey(month, agency.map { .agency($0) } ?? .province)
        let found = try await months.value(key) { [self] known in
            try await read(key, lateSince: known?.lateSince)
        }
        return found?.month ?? .empty
    }

    /// What everybody is told of each procedure at each agency; nothing while the month is not settled.
    /// - Throws: ``PostgresError`` when the database is away.
    package func publishedParts(_ month: StatisticQuery) async throws -> [PublishedMonth.Part] {
        // Some megabytes for a large province, and whoever asks keeps what is made of them: not remembered here.
        try await read(PublishedKey(month, .parts), lateSince: nil).month.parts
    }

    /// What was noted against a month of a province since it was published: the last thirty days' rows, oldest first.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func corrections(_ month: StatisticQuery) async throws -> [StatisticCorrection] {
        let key = MonthKey(province: month.province, month: month.from.daysSinceEpoch)
        return try await noted.value(key) { [feed] _ in
            try await feed.withSession(timeout: .seconds(5)) { session in
                try session.run(PublishedStatements.lastCorrections, key)
            }.reversed()
        } ?? []
    }

    private func read(_ key: PublishedKey, lateSince: ContinuousClock.Instant?) async throws -> ReadMonth {
        let kept = try await kept(key)
        let since = kept.flatMap { $0.isCurrent ? nil : lateSince ?? .now }
        // Nothing there yet: an old feed's month, or one before its first. Nothing of a settled month that is settled:
        // what is made of it is kept for good. Else the publisher is late, or away.
        let isDue =
            switch (kept, since) {
            case (nil, _): true
            case (_?, nil): false
            case (let kept?, let since?): key.tables == .parts && !kept.month.isSettled || .now - since >= patience
            }
        guard isDue else { return ReadMonth(month: kept?.month ?? .empty, lateSince: since) }
        do {
            _ = try await publications.value(Publication(month: key.month, through: key.through))
            let new = try await self.kept(key)
            return ReadMonth(month: new?.month ?? .empty, lateSince: nil)
        } catch {
            // Late figures are better than none, and they fit together.
            guard let kept else { throw error }
            return ReadMonth(month: kept.month, lateSince: since)
        }
    }

    /// What is kept of a month, if anything is.
    private func kept(_ key: PublishedKey) async throws -> (month: PublishedMonth, isCurrent: Bool)? {
        let rows = try await feed.withSession(timeout: .seconds(5)) { session in
            try session.run(PublishedStatements.told, (key.month, ToldTable.layout, key.tables))
        }
        guard let first = rows.first else { return nil }
        let month = PublishedMonth(
            through: CivilDate(daysSinceEpoch: first.head.through), isSettled: first.head.isSettled, whole: first.whole,
            tables: Dictionary(rows.compactMap { row in row.table.map { ($0.key, $0.table) } }) { first, _ in first })
        return (month, MonthPublication.isCurrent(first.head, first.standing, through: key.through))
    }
}

extension PublishedKey {
    fileprivate init(_ month: StatisticQuery, _ tables: ToldTables) {
        self.init(
            month: MonthKey(province: month.province, month: month.from.daysSinceEpoch),
            through: month.through.daysSinceEpoch, tables: tables)
    }
}

extension PublishedMonth {
    /// A month of which there is nothing.
    fileprivate static let empty = PublishedMonth(
        through: nil, isSettled: false, whole: StatisticRow(item: ""), tables: [:])
}
