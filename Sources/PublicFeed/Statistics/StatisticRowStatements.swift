import Postgres

/// A row of counters that changes.
typealias StatisticRowChange = (key: StatisticKey, counts: StatisticCounts)
/// A correction of a published month.
typealias CorrectionChange = (key: CorrectionKey, counts: StatisticCounts)

extension Binds {
    /// One array a measure, in their order.
    fileprivate mutating func counts(_ rows: [StatisticCounts]) {
        for measure in StatisticMeasure.allCases { int8Array(rows.map { $0[measure] }) }
    }
}

extension RowCursor {
    /// One column a measure, in their order.
    mutating func counts() throws(PostgresError) -> StatisticCounts {
        var counts = StatisticCounts()
        for measure in StatisticMeasure.allCases { counts[measure] = try int8() }
        return counts
    }
}

/// Statements on the counters themselves; the columns stand in the order of ``StatisticMeasure``.
enum StatisticRowStatements {
    static let add = Statement<(province: Int16, rows: [StatisticRowChange]), Void>(
        name: "feed_statistics_add",
        sql: """
            INSERT INTO feed.statistic AS s (
                province, shape, scope, period, start, item,
                received_counter, received_online, received_post, finished_early, finished_on_time, finished_late,
                finished_undated, finished_other, finished_repeat, finished_late_first, declined, net_seconds,
                pending, running, late, waiting, waiting_late, waiting_other, waiting_repeat)
            SELECT $1, g.shape, g.scope, g.period, g.start, g.item,
                g.received_counter, g.received_online, g.received_post, g.finished_early, g.finished_on_time,
                g.finished_late, g.finished_undated, g.finished_other, g.finished_repeat, g.finished_late_first,
                g.declined, g.net_seconds, g.pending, g.running, g.late, g.waiting, g.waiting_late, g.waiting_other,
                g.waiting_repeat
            FROM unnest($2::smallint[], $3::text[], $4::smallint[], $5::date[], $6::text[],
                $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
                $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[],
                $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[])
                AS g (shape, scope, period, start, item,
                received_counter, received_online, received_post, finished_early, finished_on_time, finished_late,
                finished_undated, finished_other, finished_repeat, finished_late_first, declined, net_seconds,
                pending, running, late, waiting, waiting_late, waiting_other, waiting_repeat)
            ORDER BY g.shape, g.scope, g.period, g.start, g.item
            ON CONFLICT (province, shape, scope, period, start, item) DO UPDATE SET
                received_counter = s.received_counter + excluded.received_counter,
                received_online = s.received_online + excluded.received_online,
                received_post = s.received_post + excluded.received_post,
                finished_early = s.finished_early + excluded.finished_early,
                finished_on_time = s.finished_on_time + excluded.finished_on_time,
                finished_late = s.finished_late + excluded.finished_late,
                finished_undated = s.finished_undated + excluded.finished_undated,
                finished_other = s.finished_other + excluded.finished_other,
                finished_repeat = s.finished_repeat + excluded.finished_repeat,
                finished_late_first = s.finished_late_first + excluded.finished_late_first,
                declined = s.declined + excluded.declined, net_seconds = s.net_seconds + excluded.net_seconds,
                pending = s.pending + excluded.pending, running = s.running + excluded.running,
                late = s.late + excluded.late, waiting = s.waiting + excluded.waiting,
                waiting_late = s.waiting_late + excluded.waiting_late,
                waiting_other = s.waiting_other + excluded.waiting_other,
                waiting_repeat = s.waiting_repeat + excluded.waiting_repeat
            """,
        encode: {
            $1.int2($0.province)
            $1.int2Array($0.rows.map(\.key.shape.rawValue))
            $1.textArray($0.rows.map(\.key.scope))
            $1.int2Array($0.rows.map(\.key.period.rawValue))
            $1.dateArray($0.rows.map { Int32(clamping: $0.key.start) })
            $1.textArray($0.rows.map(\.key.item))
            $1.counts($0.rows.map(\.counts))
        })

    static let correct = Statement<(province: Int16, rows: [CorrectionChange]), Void>(
        name: "feed_statistics_correct",
        sql: """
            INSERT INTO feed.statistic_correction AS s (
                province, shape, scope, month, dated, frozen, item,
                received_counter, received_online, received_post, finished_early, finished_on_time, finished_late,
                finished_undated, finished_other, finished_repeat, finished_late_first, declined, net_seconds,
                pending, running, late, waiting, waiting_late, waiting_other, waiting_repeat)
            SELECT $1, g.shape, g.scope, g.month, g.dated, g.frozen, g.item,
                g.received_counter, g.received_online, g.received_post, g.finished_early, g.finished_on_time,
                g.finished_late, g.finished_undated, g.finished_other, g.finished_repeat, g.finished_late_first,
                g.declined, g.net_seconds, g.pending, g.running, g.late, g.waiting, g.waiting_late, g.waiting_other,
                g.waiting_repeat
            FROM unnest($2::smallint[], $3::text[], $4::date[], $5::date[], $6::date[], $7::text[],
                $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
                $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[],
                $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[],
                $26::bigint[])
                AS g (shape, scope, month, dated, frozen, item,
                received_counter, received_online, received_post, finished_early, finished_on_time, finished_late,
                finished_undated, finished_other, finished_repeat, finished_late_first, declined, net_seconds,
                pending, running, late, waiting, waiting_late, waiting_other, waiting_repeat)
            ORDER BY g.shape, g.scope, g.month, g.dated, g.frozen, g.item
            ON CONFLICT (province, shape, scope, month, dated, frozen, item) DO UPDATE SET
                received_counter = s.received_counter + excluded.received_counter,
                received_online = s.received_online + excluded.received_online,
                received_post = s.received_post + excluded.received_post,
                finished_early = s.finished_early + excluded.finished_early,
                finished_on_time = s.finished_on_time + excluded.finished_on_time,
                finished_late = s.finished_late + excluded.finished_late,
                finished_undated = s.finished_undated + excluded.finished_undated,
                finished_other = s.finished_other + excluded.finished_other,
                finished_repeat = s.finished_repeat + excluded.finished_repeat,
                finished_late_first = s.finished_late_first + excluded.finished_late_first,
                declined = s.declined + excluded.declined, net_seconds = s.net_seconds + excluded.net_seconds,
                pending = s.pending + excluded.pending, running = s.running + excluded.running,
                late = s.late + excluded.late, waiting = s.waiting + excluded.waiting,
                waiting_late = s.waiting_late + excluded.waiting_late,
                waiting_other = s.waiting_other + excluded.waiting_other,
                waiting_repeat = s.waiting_repeat + excluded.waiting_repeat
            """,
        encode: {
            $1.int2($0.province)
            $1.int2Array($0.rows.map(\.key.shape.rawValue))
            $1.textArray($0.rows.map(\.key.scope))
            $1.dateArray($0.rows.map { Int32(clamping: $0.key.month) })
            $1.dateArray($0.rows.map { Int32(clamping: $0.key.dated) })
            $1.dateArray($0.rows.map { Int32(clamping: $0.key.frozen) })
            $1.textArray($0.rows.map(\.key.item))
            $1.counts($0.rows.map(\.counts))
        })

    /// The sum of some spans, an item of some scopes; by the primary key.
    static let sums = Statement<
        (province: Int16, shape: StatisticShape, scopes: [String], spans: [StatisticSpan]),
        (scope: String, item: String, counts: StatisticCounts)
    >(
        name: "feed_statistics_sums",
        sql: """
            SELECT c.scope, c.item,
                sum(c.received_counter)::bigint, sum(c.received_online)::bigint, sum(c.received_post)::bigint,
                sum(c.finished_early)::bigint, sum(c.finished_on_time)::bigint, sum(c.finished_late)::bigint,
                sum(c.finished_undated)::bigint, sum(c.finished_other)::bigint, sum(c.finished_repeat)::bigint,
                sum(c.finished_late_first)::bigint, sum(c.declined)::bigint, sum(c.net_seconds)::bigint,
                sum(c.pending)::bigint, sum(c.running)::bigint, sum(c.late)::bigint, sum(c.waiting)::bigint,
                sum(c.waiting_late)::bigint, sum(c.waiting_other)::bigint, sum(c.waiting_repeat)::bigint
            FROM unnest($3::text[]) AS w (scope)
            CROSS JOIN unnest($4::smallint[], $5::date[], $6::date[]) AS s (period, low, high)
            JOIN feed.statistic c
                ON c.province = $1 AND c.shape = $2 AND c.scope = w.scope AND c.period = s.period
                AND c.start BETWEEN s.low AND s.high
            GROUP BY c.scope, c.item
            """,
        encode: {
            $1.int2($0.province)
            $1.int2($0.shape.rawValue)
            $1.textArray($0.scopes)
            $1.int2Array($0.spans.map(\.period.rawValue))
            $1.dateArray($0.spans.map { Int32(clamping: $0.from) })
            $1.dateArray($0.spans.map { Int32(clamping: $0.through) })
        },
        decode: { row in
            let scope = try row.text()
            let item = try row.text()
            return (scope, item, try row.counts())
        })

    /// The rows of one item, period by period: a trend.
    static let series = Statement<
        (province: Int16, shape: StatisticShape, scope: String, item: String, span: StatisticSpan),
        (start: Int, counts: StatisticCounts)
    >(
        name: "feed_statistics_series",
        sql: """
            SELECT c.start,
                c.received_counter, c.received_online, c.received_post, c.finished_early, c.finished_on_time,
                c.finished_late, c.finished_undated, c.finished_other, c.finished_repeat, c.finished_late_first,
                c.declined, c.net_seconds, c.pending, c.running, c.late, c.waiting, c.waiting_late, c.waiting_other,
                c.waiting_repeat
            FROM feed.statistic c
            WHERE c.province = $1 AND c.shape = $2 AND c.scope = $3 AND c.item = $4 AND c.period = $5
                AND c.start BETWEEN $6 AND $7
            ORDER BY c.start
            """,
        encode: {
            $1.int2($0.province)
            $1.int2($0.shape.rawValue)
            $1.text($0.scope)
            $1.text($0.item)
            $1.int2($0.span.period.rawValue)
            $1.date(Int32(clamping: $0.span.from))
            $1.date(Int32(clamping: $0.span.through))
        },
        decode: { row in
            let start = Int(try row.date())
            return (start, try row.counts())
        })

    /// The corrections to months up to one that came after that one was published.
    static let corrections = Statement<
        (province: Int16, shape: StatisticShape, scopes: [String], month: Int),
        (scope: String, month: Int, dated: Int, item: String, counts: StatisticCounts)
    >(
        name: "feed_statistics_corrections",
        sql: """
            SELECT c.scope, c.month, c.dated, c.item,
                c.received_counter, c.received_online, c.received_post, c.finished_early, c.finished_on_time,
                c.finished_late, c.finished_undated, c.finished_other, c.finished_repeat, c.finished_late_first,
                c.declined, c.net_seconds, c.pending, c.running, c.late, c.waiting, c.waiting_late, c.waiting_other,
                c.waiting_repeat
            FROM feed.statistic_correction c
            WHERE c.province = $1 AND c.shape = $2 AND c.scope = ANY ($3::text[]) AND c.month <= $4 AND c.frozen >= $4
            ORDER BY c.month, c.dated, c.item
            """,
        encode: {
            $1.int2($0.province)
            $1.int2($0.shape.rawValue)
            $1.textArray($0.scopes)
            $1.date(Int32(clamping: $0.month))
        },
        decode: { row in
            let scope = try row.text()
            let month = Int(try row.date())
            let dated = Int(try row.date())
            let item = try row.text()
            return (scope, month, dated, item, try row.counts())
        })

    /// All counters of a province in the order of their key, after one; for the check and for counting anew.
    static let all = Statement<(province: Int16, after: StatisticKey?, limit: Int32), StatisticRowChange>(
        name: "feed_statistics_all",
        sql: """
            SELECT c.shape, c.scope, c.period, c.start, c.item,
                c.received_counter, c.received_online, c.received_post, c.finished_early, c.finished_on_time,
                c.finished_late, c.finished_undated, c.finished_other, c.finished_repeat, c.finished_late_first,
                c.declined, c.net_seconds, c.pending, c.running, c.late, c.waiting, c.waiting_late, c.waiting_other,
                c.waiting_repeat
            FROM feed.statistic c
            WHERE c.province = $1 AND (c.shape, c.scope, c.period, c.start, c.item) > ($2, $3, $4, $5, $6)
            ORDER BY c.shape, c.scope, c.period, c.start, c.item
            LIMIT $7
            """,
        encode: {
            $1.int2($0.province)
            $1.int2($0.after?.shape.rawValue ?? -1)
            $1.text($0.after?.scope ?? "")
            $1.int2($0.after?.period.rawValue ?? 0)
            $1.date(Int32(clamping: $0.after?.start ?? 0))
            $1.text($0.after?.item ?? "")
            $1.int4($0.limit)
        },
        decode: { row in
            guard let shape = StatisticShape(rawValue: try row.int2()) else {
                throw PostgresError(.conversion, "feed.statistic has a shape that this build does not know")
            }
            let scope = try row.text()
            guard let period = StatisticKey.Period(rawValue: try row.int2()) else {
                throw PostgresError(.conversion, "feed.statistic has a period that this build does not know")
            }
            let start = Int(try row.date())
            let item = try row.text()
            let key = StatisticKey(shape: shape, scope: scope, period: period, start: start, item: item)
            return (key, try row.counts())
        })
}
