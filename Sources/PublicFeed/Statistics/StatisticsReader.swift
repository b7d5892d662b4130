package import Notices
package import Postgres
package import WorkingTime

/// The figures of one item: what stood open when the period began, and what changed in it.
package struct StatisticRow: Hashable, Sendable {
    /// Agency, field or procedure; empty for the whole.
    package var item: String
    /// The stocks before the first day.
    package var opening: StatisticCounts
    /// Flows of the period, and changes of the stocks in it.
    package var period: StatisticCounts

    /// Joins the parts.
    package init(item: String, opening: StatisticCounts = .init(), period: StatisticCounts = .init()) {
        self.item = item
        self.opening = opening
        self.period = period
    }

    /// An amount: a flow of the period, or a stock at its end.
    package subscript(measure: StatisticMeasure) -> Int64 {
        measure.isStock ? opening[measure] &+ period[measure] : period[measure]
    }

    /// Open when the period began: accepted before, without an end.
    package var carried: Int64 { StatisticRow.open(opening) }
    /// Accepted in the period, by any channel.
    package var received: Int64 {
        period[.receivedCounter] &+ period[.receivedOnline] &+ period[.receivedPost]
    }
    /// Ended in the period after acceptance, however.
    package var finished: Int64 { withResult &+ period[.finishedOther] }
    /// Ended in the period with a result.
    package var withResult: Int64 {
        period[.finishedEarly] &+ period[.finishedOnTime] &+ period[.finishedLate] &+ period[.finishedUndated]
    }
    /// Open at the period's end, those that wait included: always carried + received − finished.
    package var underWay: Int64 { StatisticRow.open(opening) &+ StatisticRow.open(period) }
    /// Of these, those whose clock waits.
    package var waiting: Int64 { self[.waiting] &+ self[.waitingLate] }

    private static func open(_ counts: StatisticCounts) -> Int64 {
        counts[.running] &+ counts[.late] &+ counts[.waiting] &+ counts[.waitingLate]
    }

    /// Whether there is nothing to show.
    package var isEmpty: Bool { carried == 0 && received == 0 && finished == 0 && self[.pending] == 0 }

    /// The sum of rows.
    package static func total(_ rows: [StatisticRow]) -> StatisticRow {
        rows.reduce(into: StatisticRow(item: "")) { total, row in
            total.opening += row.opening
            total.period += row.period
        }
    }
}

/// What to show figures of.
package struct StatisticQuery: Hashable, Sendable {
    /// The province's number.
    package var province: Int16
    /// By what they are broken down.
    package var shape: StatisticShape
    /// The agency for the two shapes of one agency; empty for the others.
    package var scope: String
    /// The first day.
    package var from: CivilDate
    /// The last day; stocks are those at its end.
    package var through: CivilDate
    /// Leave out what became known after the month was published; for whole months only.
    package var isAsPublished: Bool

    /// Joins the parts.
    package init(
        province: Int16, shape: StatisticShape, scope: String = "", from: CivilDate, through: CivilDate,
        isAsPublished: Bool = false
    ) {
        self.province = province
        self.shape = shape
        self.scope = scope
        self.from = from
        self.through = through
        self.isAsPublished = isAsPublished
    }
}

/// The answer to a query.
package struct StatisticTable: Sendable {
    /// What was asked.
    package let query: StatisticQuery
    /// One row an item with anything to show, in the order of the items' keys.
    package let rows: [StatisticRow]
    /// What was noted against the month after it was published, oldest first; empty for any other period.
    package let corrections: [StatisticCorrection]
    /// Whether the last month asked for is published.
    package let isFrozen: Bool
    /// What keys are called.
    package let titles: StatisticTitles

    /// All rows together.
    package var total: StatisticRow { StatisticRow.total(rows) }
}

/// A change of a published month.
package struct StatisticCorrection: Hashable, Sendable {
    /// When it became known, by the legal clock.
    package let dated: CivilDate
    /// Agency, field or procedure.
    package let item: String
    /// What has to be added to the published figures.
    package let counts: StatisticCounts
}

/// What agencies, procedures and milestones of a province are called.
package struct StatisticTitles: Sendable {
    private let names: [StatisticNames.Key: StatisticNames.Name]

    init(_ names: [StatisticNames.Key: StatisticNames.Name]) { self.names = names }

    /// No names; keys stand for themselves.
    package static let none = StatisticTitles([:])

    /// The name of an agency; its code where no notice named it.
    package func agency(_ key: String) -> LocalText {
        names[.init(kind: .agency, key: key)]?.text ?? LocalText(vi: key)
    }

    /// The title of a procedure; its key where no notice named it.
    package func procedure(_ key: String) -> LocalText {
        names[.init(kind: .procedure, key: key)]?.text ?? LocalText(vi: key)
    }

    /// The national code of a procedure; nil where it has none.
    package func code(ofProcedure key: String) -> String? { names[.init(kind: .procedure, key: key)]?.code }

    /// The field of a procedure; nil where no notice named it.
    package func field(ofProcedure key: String) -> String? { names[.init(kind: .procedure, key: key)]?.field }

    /// The title of a milestone; its key where no notice named it.
    package func milestone(_ key: String, of procedure: String) -> LocalText {
        names[.init(kind: .milestone, key: StatisticText.key("\(procedure) \(key)"))]?.text ?? LocalText(vi: key)
    }

    /// Whether a notice named this agency.
    package func knows(agency key: String) -> Bool { names[.init(kind: .agency, key: key)] != nil }
}

/// How long dossiers stayed at a milestone.
package struct StatisticStep: Hashable, Sendable {
    /// The procedure.
    package let procedure: String
    /// The milestone's key.
    package let milestone: String
    /// How many stays ended.
    package let count: Int64
    /// Their mean, in seconds, without the time in which the clock waited.
    package let meanSeconds: Int64
}

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
    private let trends: FreshCache<TrendKey, [StatisticPoint]>
    private let steps: FreshCache<StepKey, [StatisticStep]>
    private let known: FreshCache<Bool, [Int16]>
    private let names: FreshCache<Int16, StatisticTitles>
    let durations: FreshCache<DurationKey, UsualDuration?>

    /// A reader that serves what it has for `lifetime` before it asks the database again.
    package init(feed: ConnectionPool, lifetime: Duration = .seconds(10)) {
        self.feed = feed
        tables = FreshCache(countMax: 500, lifetime: lifetime)
        trends = FreshCache(countMax: 500, lifetime: lifetime)
        steps = FreshCache(countMax: 100, lifetime: lifetime)
        known = FreshCache(countMax: 1, lifetime: lifetime)
        // Thousands of rows that hardly ever change.
        names = FreshCache(countMax: 100, lifetime: lifetime * 12)
        durations = FreshCache(countMax: 5_000, lifetime: lifetime * 60)
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
        let titles = try await titles(query.province)
        let found = try await tables.value(query) { [feed] _ in
            try await feed.withSession(timeout: .seconds(5)) { try StatisticsReader.table(query, titles, $0) }
        }
        return found
            ?? StatisticTable(query: query, rows: [], corrections: [], isFrozen: false, titles: .none)
    }

    /// What agencies, procedures and milestones of a province are called; at most two minutes old.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func titles(_ province: Int16) async throws -> StatisticTitles {
        try await names.value(province) { [feed] _ in
            try await feed.withSession(timeout: .seconds(5)) { session in
                let rows = try session.run(StatisticsStatements.names, province)
                return StatisticTitles(rows.reduce(into: [:]) { $0[$1.key] = $1.name })
            }
        } ?? .none
    }

    private static func table(
        _ query: StatisticQuery, _ titles: StatisticTitles, _ session: Session
    ) throws -> StatisticTable {
        let from = query.from.daysSinceEpoch
        let through = query.through.daysSinceEpoch
        let month = Contribution.month(of: from)
        let byMonth = query.shape == .agencyProcedure
        let before = byMonth ? StatisticSpan.monthsBefore(from) : StatisticSpan.upTo(from - 1)
        let within =
            byMonth
            ? [StatisticSpan(period: .month, from: month, through: through)]
            : StatisticSpan.days(from, through: through)
        let place = (query.province, query.shape, query.scope)
        let opening = session.enqueue(StatisticRowStatements.sums, (place.0, place.1, place.2, before))
        let period = session.enqueue(StatisticRowStatements.sums, (place.0, place.1, place.2, within))
        let standing = session.enqueue(StatisticsStatements.standing, query.province)
        let corrections = try session.run(StatisticRowStatements.corrections, (place.0, place.1, place.2, month))
        var rows: [String: StatisticRow] = [:]
        for (item, counts) in try opening.rows { rows[item, default: StatisticRow(item: item)].opening += counts }
        for (item, counts) in try period.rows { rows[item, default: StatisticRow(item: item)].period += counts }
        let isMonth = month == from && StatisticSpan.nextMonth(after: from) == through + 1
        let isFrozen = try standing.first?.frozen.map { isMonth && month <= $0 } ?? false
        if query.isAsPublished, isFrozen {
            for late in corrections {
                if late.month == month {
                    rows[late.item, default: StatisticRow(item: late.item)].period -= late.counts
                } else {
                    rows[late.item, default: StatisticRow(item: late.item)].opening -= late.counts
                }
            }
        }
        let noted = corrections.filter { isFrozen && $0.month == month }.map {
            StatisticCorrection(
                dated: CivilDate(daysSinceEpoch: $0.dated), item: $0.item, counts: $0.counts)
        }
        return StatisticTable(
            query: query, rows: rows.values.filter { !$0.isEmpty }.sorted { $0.item < $1.item }, corrections: noted,
            isFrozen: isFrozen, titles: titles)
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

/// One period of a trend; its flows only, the stocks are changes.
package struct StatisticPoint: Hashable, Sendable {
    /// The first day of the period.
    package let start: CivilDate
    /// The flows.
    package let row: StatisticRow
}
