import Notices
import Postgres
import WorkingTime

/// A dossier's facts as they are stored.
struct StoredFacts: Sendable {
    let dossier: String
    let number: Int32
    let facts: [UInt8]
}

/// Statements on what stands beside the counters.
enum StatisticsStatements {
    static let standing = Statement<Int16, StatisticsStanding>(
        name: "feed_statistics_standing",
        sql: "SELECT rules, legal_now, frozen FROM feed.statistic_standing WHERE province = $1",
        encode: { $1.int2($0) },
        decode: { row in
            let rules = try row.int4()
            let legalNow = try row.timestamptzOrNull()
            return StatisticsStanding(
                rules: rules, legalNow: legalNow.map(Instant.init(microseconds:)),
                frozen: try row.dateOrNull().map { Int($0) })
        })

    /// Notes how far the counters have come, and that they changed.
    static let putStanding = Statement<(province: Int16, standing: StatisticsStanding), Void>(
        name: "feed_statistics_standing_put",
        sql: """
            INSERT INTO feed.statistic_standing AS s (province, rules, legal_now, frozen, changes)
            VALUES ($1, $2, $3, $4, 1)
            ON CONFLICT (province) DO UPDATE SET
                rules = excluded.rules, legal_now = excluded.legal_now, frozen = excluded.frozen,
                changes = s.changes + 1
            """,
        encode: {
            $1.int2($0.province)
            $1.int4($0.standing.rules)
            $1.timestamptz($0.standing.legalNow?.microseconds)
            $1.date($0.standing.frozen.map { Int32(clamping: $0) })
        })

    static let facts = Statement<(province: Int16, dossiers: [String]), StoredFacts>(
        name: "feed_statistics_facts",
        sql: """
            SELECT d.dossier::text, d.number, d.facts
            FROM unnest($2::text[]) AS g (dossier)
            JOIN feed.statistic_dossier d ON d.province = $1 AND d.dossier = g.dossier::uuid
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.dossiers)
        },
        decode: { StoredFacts(dossier: try $0.text(), number: try $0.int4(), facts: try $0.bytea()) })

    static let putFacts = Statement<(province: Int16, facts: [StoredFacts]), Void>(
        name: "feed_statistics_facts_put",
        sql: """
            INSERT INTO feed.statistic_dossier AS d (province, dossier, number, facts)
            SELECT $1, g.dossier::uuid, g.number, g.facts
            FROM unnest($2::text[], $3::integer[], $4::bytea[]) AS g (dossier, number, facts)
            ORDER BY g.dossier
            ON CONFLICT (province, dossier) DO UPDATE SET number = excluded.number, facts = excluded.facts
            WHERE d.facts <> excluded.facts
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.facts.map(\.dossier))
            $1.int4Array($0.facts.map(\.number))
            $1.byteaArray($0.facts.map(\.facts))
        })

    /// Every dossier's facts in the order of their ids, after one: for tracing a figure.
    static let factsAfter = Statement<(province: Int16, after: String, limit: Int32), StoredFacts>(
        name: "feed_statistics_facts_after",
        sql: """
            SELECT d.dossier::text, d.number, d.facts
            FROM feed.statistic_dossier d
            WHERE d.province = $1 AND d.dossier > $2::text::uuid
            ORDER BY d.dossier
            LIMIT $3
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.after)
            $1.int4($0.limit)
        },
        decode: { StoredFacts(dossier: try $0.text(), number: try $0.int4(), facts: try $0.bytea()) })

    static let legalCodes = Statement<(province: Int16, dossiers: [String]), (dossier: String, code: String?)>(
        name: "feed_statistics_legal_codes",
        sql: """
            SELECT d.dossier::text, d.legal_code
            FROM unnest($2::text[]) AS g (dossier)
            JOIN feed.dossier d ON d.province = $1 AND d.dossier = g.dossier::uuid
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.dossiers)
        },
        decode: { (try $0.text(), try $0.textOrNull()) })

    static let putNames = Statement<
        (province: Int16, names: [(key: StatisticNames.Key, name: StatisticNames.Name)]), Void
    >(
        name: "feed_statistics_names_put",
        sql: """
            INSERT INTO feed.statistic_name AS s (province, kind, key, vi, en, field, code)
            SELECT $1, g.kind, g.key, g.vi, g.en, g.field, g.code
            FROM unnest($2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
                AS g (kind, key, vi, en, field, code)
            ORDER BY g.kind, g.key
            ON CONFLICT (province, kind, key) DO UPDATE SET
                vi = excluded.vi, en = excluded.en, field = excluded.field, code = excluded.code
            WHERE (s.vi, s.en, s.field, s.code) IS DISTINCT FROM
                (excluded.vi, excluded.en, excluded.field, excluded.code)
            """,
        encode: {
            $1.int2($0.province)
            $1.int2Array($0.names.map(\.key.kind.rawValue))
            $1.textArray($0.names.map(\.key.key))
            $1.textArray($0.names.map(\.name.text.vi))
            $1.textArray($0.names.map(\.name.text.en))
            $1.textArray($0.names.map(\.name.field))
            $1.textArray($0.names.map(\.name.code))
        })

    static let names = Statement<Int16, (key: StatisticNames.Key, name: StatisticNames.Name)>(
        name: "feed_statistics_names",
        sql: "SELECT kind, key, vi, en, field, code FROM feed.statistic_name WHERE province = $1",
        encode: { $1.int2($0) },
        decode: { row in
            guard let kind = StatisticNames.Kind(rawValue: try row.int2()) else {
                throw PostgresError(.conversion, "feed.statistic_name has a kind that this build does not know")
            }
            let key = StatisticNames.Key(kind: kind, key: try row.text())
            let text = LocalText(vi: try row.text(), en: try row.textOrNull())
            let field = try row.textOrNull()
            return (key, StatisticNames.Name(text: text, field: field, code: try row.textOrNull()))
        })

    /// Gives a row back to the one who may do the day's check.
    static let claimCheck = Statement<(province: Int16, day: Int32), Bool>(
        name: "feed_statistics_check_claim",
        sql: """
            UPDATE feed.statistic_standing SET checked_on = $2
            WHERE province = $1 AND (checked_on IS NULL OR checked_on < $2)
            RETURNING true
            """,
        encode: {
            $1.int2($0.province)
            $1.date($0.day)
        },
        decode: { try $0.bool() })
}
