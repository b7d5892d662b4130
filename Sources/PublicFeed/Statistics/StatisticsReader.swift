import Notices
package import Postgres
package import WorkingTime

/// Reads the counters, each answer by index and remembered for some seconds.
package final class StatisticsReader: Sendable {
    private struct TrendKey: Hashable {
        let query: StatisticQuery
        let item: String
        let isByDay: Bool
    }

    private struct StepKey: Hashable {
        let province: Int16
        let from: CivilDate
        let through: CivilDate
    }

    let feed: ConnectionPool
    private let tables: FreshCache<StatisticQuery, StatisticTable>
    let months: FreshCache<PublishedKey, ReadMonth>
    /// Months that somebody waits for because they are not there: one at a time, whoever asks, as a large one takes a
    /// second or two.
    let publications: GatheredReads<Publication, Bool>
    /// How long newer figures may be without being published before a request does it: whoever should is away.
    let patience: Duration
    private let trends: FreshCache<TrendKey, [StatisticPoint]>
    private let steps: FreshCache<StepKey, [StatisticStep]>
    let noted: FreshCache<MonthKey, [StatisticCorrection]>
    private let known: FreshCache<Bool, [Int16]>
    private let names: FreshCache<Int16, StatisticTitles>
    let durations: FreshCache<DurationKey, UsualDuration?>
    let ratedMonths: FreshCache<Int16, [CountedMonth]>
    let satisfactions: FreshCache<MonthKey, SatisfactionMonth>

    /// A reader that serves what it has for `lifetime` before it asks the database again.
    package init(feed: ConnectionPool, lifetime: Duration = .seconds(10)) {
        self.feed = feed
        tables = FreshCache(countMax: 500, lifetime: lifetime)
        months = FreshCache(countMax: 100, lifetime: lifetime)
        publications = GatheredReads(countMax: 1, queryCountMax: 1) { keys in
            for key in keys { try await MonthPublication.publish(key.month, through: key.through, feed) }
            return [:]
        }
        patience = lifetime * 6
        trends = FreshCache(countMax: 500, lifetime: lifetime)
        // Of three months, and in a large province of ten thousands of rows: nobody waits for what changed just now.
        steps = FreshCache(countMax: 100, lifetime: lifetime, grace: lifetime * 60)
        noted = FreshCache(countMax: 100, lifetime: lifetime)
        known = FreshCache(countMax: 1, lifetime: lifetime)
        // Thousands of rows that hardly ever change.
        names = FreshCache(countMax: 100, lifetime: lifetime * 12, grace: lifetime * 360)
        durations = FreshCache(countMax: 5_000, lifetime: lifetime * 60)
        ratedMonths = FreshCache(countMax: 100, lifetime: lifetime)
        satisfactions = FreshCache(countMax: 100, lifetime: lifetime)
    }

    /// The provinces of which there is anything, by number.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func provinces() async throws -> [Int16] {
        try await known.value(true) { [feed] _ in
            try await feed.withSession(timeout: .seconds(5)) { session in
                try session.run(FeedStatements.cursors).map(\.province)
            }
        } ?? []
    }

    /// The figures of a query; empty rows for a province or agency that nobody knows.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func table(_ query: StatisticQuery) async throws -> StatisticTable {
        let found = try await tables.value(query) { [self] _ in
            async let titles = titles(query.province)
            let found = try await feed.transaction(options: StatisticsReader.reading) {
                try StatisticsReader.rows(query, scopes: [query.scope], $0)
            }
            return StatisticTable(
                query: query, rows: found.rows[query.scope] ?? [], corrections: found.corrections,
                isFrozen: found.isFrozen, titles: try await titles)
        }
        return found
            ?? StatisticTable(query: query, rows: [], corrections: [], isFrozen: false, titles: .none)
    }

    /// What agencies, procedures and milestones of a province are called; two minutes old, or older where nobody has asked
    /// since.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func titles(_ province: Int16) async throws -> StatisticTitles {
        try await names.value(province) { [feed] _ in
            try await feed.withSession(timeout: .seconds(5)) { session in
                let rows = try session.run(StatisticsStatements.names, province)
                return StatisticTitles(rows.reduce(into: [:]) { $0[$1.key] = $1.name })
            }
        } ?? .none
    }

    /// All of an answer of one snapshot.
    private static let reading = TransactionOptions(
        isolation: .repeatableRead, isReadOnly: true, timeout: .seconds(5))

    /// The rows of a query in each of some scopes, and what was noted against the month in all of them.
    static func rows(
        _ query: StatisticQuery, scopes: [String], _ transaction: Transaction
    ) throws -> (rows: [String: [StatisticRow]], corrections: [StatisticCorrection], isFrozen: Bool) {
        let from = query.from.daysSinceEpoch
        let through = query.through.daysSinceEpoch
        let month = Contribution.month(of: from)
        let byMonth = query.shape == .agencyProcedure
        let before = byMonth ? StatisticSpan.monthsBefore(from) : StatisticSpan.upTo(from - 1)
        let within =
            byMonth
            ? [StatisticSpan(period: .month, from: month, through: through)]
            : StatisticSpan.days(from, through: through)
        let place = (query.province, query.shape)
        let opening = transaction.enqueue(StatisticRowStatements.sums, (place.0, place.1, scopes, before))
        let period = transaction.enqueue(StatisticRowStatements.sums, (place.0, place.1, scopes, within))
        let standing = transaction.enqueue(StatisticsStatements.standing, query.province)
        let corrections = try transaction.run(StatisticRowStatements.corrections, (place.0, place.1, scopes, month))
        var rows: [String: [String: StatisticRow]] = [:]
        func change(_ scope: String, _ item: String, _ body: (inout StatisticRow) -> Void) {
            body(&rows[scope, default: [:]][item, default: StatisticRow(item: item)])
        }
        for (scope, item, counts) in try opening.rows { change(scope, item) { $0.opening += counts } }
        for (scope, item, counts) in try period.rows { change(scope, item) { $0.period += counts } }
        let isMonth = month == from && StatisticSpan.nextMonth(after: from) == through + 1
        let isFrozen = try standing.first?.frozen.map { isMonth && month <= $0 } ?? false
        if query.isAsPublished, isFrozen {
            for late in corrections {
                change(late.scope, late.item) { row in
                    if late.month == month { row.period -= late.counts } else { row.opening -= late.counts }
                }
            }
        }
        let noted = corrections.filter { isFrozen && $0.month == month }.map {
            StatisticCorrection(
                dated: CivilDate(daysSinceEpoch: $0.dated), item: $0.item, counts: $0.counts)
        }
        return (
            rows.mapValues { $0.values.filter { !$0.isEmpty }.sorted { $0.item < $1.item } }, noted, isFrozen
        )
    }

    /// The flows of one item, day by day or month by month, those without any left out; oldest first.
    /// - Parameter query: its shape and range; for months the range counts whole months.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func trend(_ query: StatisticQuery, item: String, byDay: Bool) async throws -> [StatisticPoint] {
        try await trends.value(TrendKey(query: query, item: item, isByDay: byDay)) { [feed] _ in
            let from = query.from.daysSinceEpoch
            let span = StatisticSpan(
                period: byDay ? .day : .month, from: byDay ? from : Contribution.month(of: from),
                through: query.through.daysSinceEpoch)
            return try await feed.withSession(timeout: .seconds(5)) { session in
                try session.run(
                    StatisticRowStatements.series, (query.province, query.shape, query.scope, item, span)
                ).map { start, counts in
                    StatisticPoint(
                        start: CivilDate(daysSinceEpoch: start), row: StatisticRow(item: item, period: counts))
                }
            }
        } ?? []
    }

    /// The milestones at which dossiers stayed longest on average, the longest first; of months in a range, where at
    /// least ten stays ended.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func slowestSteps(
        province: Int16, from: CivilDate, through: CivilDate
    ) async throws -> [StatisticStep] {
        try await steps.value(StepKey(province: province, from: from, through: through)) { [feed] _ in
            try await feed.withSession(timeout: .seconds(5)) { session in
                try session.run(
                    StatisticsStatements.slowestSteps,
                    (province: province, from: from.daysSinceEpoch, through: through.daysSinceEpoch))
            }
        } ?? []
    }
}
