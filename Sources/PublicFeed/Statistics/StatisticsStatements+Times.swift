import Postgres

/// Statements on how long things take.
extension StatisticsStatements {
    static let addDurations = Statement<(province: Int16, rows: [(cell: DurationCell, count: Int64)]), Void>(
        name: "feed_statistics_durations_add",
        sql: """
            INSERT INTO feed.statistic_duration AS s (province, procedure, month, days, count)
            SELECT $1, g.procedure, g.month, g.days, g.count
            FROM unnest($2::text[], $3::date[], $4::smallint[], $5::bigint[]) AS g (procedure, month, days, count)
            ORDER BY g.procedure, g.month, g.days
            ON CONFLICT (province, procedure, month, days) DO UPDATE SET count = s.count + excluded.count
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.rows.map(\.cell.procedure))
            $1.dateArray($0.rows.map { Int32(clamping: $0.cell.month) })
            $1.int2Array($0.rows.map { Int16(clamping: $0.cell.days) })
            $1.int8Array($0.rows.map(\.count))
        })

    static let clearDurations = Statement<Int16, Void>(
        name: "feed_statistics_durations_clear", sql: "DELETE FROM feed.statistic_duration WHERE province = $1",
        encode: { $1.int2($0) })

    static let clearSteps = Statement<Int16, Void>(
        name: "feed_statistics_steps_clear", sql: "DELETE FROM feed.statistic_step WHERE province = $1",
        encode: { $1.int2($0) })

    static let clearNames = Statement<Int16, Void>(
        name: "feed_statistics_names_clear", sql: "DELETE FROM feed.statistic_name WHERE province = $1",
        encode: { $1.int2($0) })

    static let addSteps = Statement<(province: Int16, rows: [(cell: StepCell, total: Contribution.StepTotal)]), Void>(
        name: "feed_statistics_steps_add",
        sql: """
            INSERT INTO feed.statistic_step AS s (province, month, procedure, milestone, count, seconds)
            SELECT $1, g.month, g.procedure, g.milestone, g.count, g.seconds
            FROM unnest($2::date[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
                AS g (month, procedure, milestone, count, seconds)
            ORDER BY g.month, g.procedure, g.milestone
            ON CONFLICT (province, month, procedure, milestone) DO UPDATE SET
                count = s.count + excluded.count, seconds = s.seconds + excluded.seconds
            """,
        encode: {
            $1.int2($0.province)
            $1.dateArray($0.rows.map { Int32(clamping: $0.cell.month) })
            $1.textArray($0.rows.map(\.cell.procedure))
            $1.textArray($0.rows.map(\.cell.milestone))
            $1.int8Array($0.rows.map(\.total.count))
            $1.int8Array($0.rows.map(\.total.seconds))
        })

    /// The longest mean stays of months in a range, where at least ten ended.
    static let slowestSteps = Statement<(province: Int16, from: Int, through: Int), StatisticStep>(
        name: "feed_statistics_slowest_steps",
        sql: """
            SELECT s.procedure, s.milestone, sum(s.count)::bigint, (sum(s.seconds) / sum(s.count))::bigint
            FROM feed.statistic_step s
            WHERE s.province = $1 AND s.month BETWEEN $2 AND $3
            GROUP BY s.procedure, s.milestone
            HAVING sum(s.count) >= 10
            ORDER BY 4 DESC, 1, 2
            LIMIT 20
            """,
        encode: {
            $1.int2($0.province)
            $1.date(Int32(clamping: $0.from))
            $1.date(Int32(clamping: $0.through))
        },
        decode: { row in
            StatisticStep(
                procedure: try row.text(), milestone: try row.text(), count: try row.int8(),
                meanSeconds: try row.int8())
        })

    /// The histogram of a procedure's durations, of the last thirteen months that there are.
    static let durations = Statement<DurationKey, (month: Int, days: Int, count: Int64)>(
        name: "feed_statistics_durations",
        sql: """
            SELECT d.month, d.days, d.count
            FROM feed.statistic_duration d
            WHERE d.province = $1 AND d.procedure = $2 AND d.month > (
                SELECT s.legal_now - interval '13 months' FROM feed.statistic_standing s WHERE s.province = $1)
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.procedure)
        },
        decode: { (Int(try $0.date()), Int(try $0.int2()), try $0.int8()) })

    /// All durations of a province, for the check.
    static let allDurations = Statement<Int16, (cell: DurationCell, count: Int64)>(
        name: "feed_statistics_durations_all",
        sql: "SELECT procedure, month, days, count FROM feed.statistic_duration WHERE province = $1 AND count <> 0",
        encode: { $1.int2($0) },
        decode: { row in
            let cell = DurationCell(procedure: try row.text(), month: Int(try row.date()), days: Int(try row.int2()))
            return (cell, try row.int8())
        })

    /// All stays of a province, for the check.
    static let allSteps = Statement<Int16, (cell: StepCell, total: Contribution.StepTotal)>(
        name: "feed_statistics_steps_all",
        sql: """
            SELECT procedure, milestone, month, count, seconds
            FROM feed.statistic_step
            WHERE province = $1 AND (count, seconds) <> (0, 0)
            """,
        encode: { $1.int2($0) },
        decode: { row in
            let cell = StepCell(
                procedure: try row.text(), milestone: try row.text(), month: Int(try row.date()))
            return (cell, Contribution.StepTotal(count: try row.int8(), seconds: try row.int8()))
        })
}
