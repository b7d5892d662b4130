import Postgres

/// Where a province's counters were counted anew by other rules.
struct RulesChange: Sendable {
    /// The cursor's next leaf at that time.
    let n: Int64
    let before: Int32
    let rules: Int32
    /// The legal day under which the differences were noted, since 1970.
    let dated: Int

    static let list = Statement<Int16, RulesChange>(
        name: "feed_statistics_rules",
        sql: "SELECT n, rules_before, rules, dated FROM feed.statistic_recount WHERE province = $1 ORDER BY n, rules",
        encode: { $1.int2($0) },
        decode: { row in
            RulesChange(
                n: try row.int8(), before: try row.int4(), rules: try row.int4(), dated: Int(try row.date()))
        })

    /// Forgets changes that are noted after the latest legal day: no build noted them.
    static let forgetLater = Statement<(province: Int16, day: Int), Void>(
        name: "feed_statistics_rules_forget_later",
        sql: "DELETE FROM feed.statistic_recount WHERE province = $1 AND dated > $2",
        encode: {
            $1.int2($0.province)
            $1.date(Int32(clamping: $0.day))
        })

    static let put = Statement<(province: Int16, change: RulesChange), Void>(
        name: "feed_statistics_rules_put",
        sql: """
            INSERT INTO feed.statistic_recount (province, n, rules_before, rules, dated) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (province, n, rules) DO UPDATE SET rules_before = excluded.rules_before, dated = excluded.dated
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.change.n)
            $1.int4($0.change.before)
            $1.int4($0.change.rules)
            $1.date(Int32(clamping: $0.change.dated))
        })
}

/// Statements on what was noted against published months, for the check and for counting anew.
enum CorrectionStatements {
    /// All of a province in the order of their key, after one.
    static let all = Statement<(province: Int16, after: CorrectionKey?, limit: Int32), CorrectionChange>(
        name: "feed_statistics_corrections_all",
        sql: """
            SELECT c.shape, c.scope, c.month, c.dated, c.frozen, c.item,
                c.received_counter, c.received_online, c.received_post, c.finished_early, c.finished_on_time,
                c.finished_late, c.finished_undated, c.finished_other, c.finished_repeat, c.finished_late_first,
                c.declined, c.net_seconds, c.pending, c.running, c.late, c.waiting, c.waiting_late, c.waiting_other,
                c.waiting_repeat
            FROM feed.statistic_correction c
            WHERE c.province = $1 AND (c.shape, c.scope, c.month, c.dated, c.frozen, c.item) > ($2, $3, $4, $5, $6, $7)
            ORDER BY c.shape, c.scope, c.month, c.dated, c.frozen, c.item
            LIMIT $8
            """,
        encode: {
            $1.int2($0.province)
            $1.int2($0.after?.shape.rawValue ?? -1)
            $1.text($0.after?.scope ?? "")
            $1.date(Int32(clamping: $0.after?.month ?? 0))
            $1.date(Int32(clamping: $0.after?.dated ?? 0))
            $1.date(Int32(clamping: $0.after?.frozen ?? 0))
            $1.text($0.after?.item ?? "")
            $1.int4($0.limit)
        },
        decode: { row in
            guard let shape = StatisticShape(rawValue: try row.int2()) else {
                throw PostgresError(
                    .conversion, "feed.statistic_correction has a shape that this build does not know")
            }
            let scope = try row.text()
            let month = Int(try row.date())
            let dated = Int(try row.date())
            let frozen = Int(try row.date())
            let key = CorrectionKey(
                shape: shape, scope: scope, item: try row.text(), month: month, dated: dated, frozen: frozen)
            return (key, try row.counts())
        })
}
