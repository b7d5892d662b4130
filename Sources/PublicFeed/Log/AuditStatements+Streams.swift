import Notices
import Postgres

/// What an audit reads of the public streams.
extension AuditStatements {
    /// A stream as it is stored.
    struct ChannelKnown: Sendable {
        let kind: Int16
        let key: String
        let count: Int64
        let toldAt: Int64
        let name: LocalText?
        /// How many entries it has, and when the last was told.
        let entryCount: Int64
        let entryToldAt: Int64?
    }

    /// The entries of the public streams that these notices made.
    static let entries = Statement<(province: Int16, leaves: [Int64]), LogAudit.StoredEntry>(
        name: "feed_audit_entries",
        sql: """
            SELECT e.n, e.legal_code, e.agency, e.procedure, e.status, e.stage, e.at
            FROM unnest($2::bigint[]) AS g (n)
            JOIN feed.entry e ON e.province = $1 AND e.n = g.n
            """,
        encode: {
            $1.int2($0.province)
            $1.int8Array($0.leaves)
        },
        decode: { try LogAudit.StoredEntry(row: &$0) })

    static let strayEntries = Statement<Int16, Int64>(
        name: "feed_audit_entries_stray",
        sql: """
            SELECT e.n FROM feed.entry e
            WHERE e.province = $1
                AND NOT EXISTS (SELECT FROM feed.notice n WHERE n.province = e.province AND n.n = e.n)
            ORDER BY e.n
            LIMIT 100
            """,
        encode: { $1.int2($0) }, decode: { try $0.int8() })

    /// When the entries of some leaves were told, in microseconds since 1970.
    static let toldTimes = Statement<(province: Int16, from: Int64, through: Int64), (n: Int64, toldAt: Int64)>(
        name: "feed_audit_told_times",
        sql: "SELECT n, told_at FROM feed.entry WHERE province = $1 AND n BETWEEN $2 AND $3 ORDER BY n",
        encode: {
            $1.int2($0.province)
            $1.int8($0.from)
            $1.int8($0.through)
        },
        decode: { (try $0.int8(), try $0.timestamptz()) })

    /// Entries that were told before the one before them.
    static let toldTooEarly = Statement<Int16, Int64>(
        name: "feed_audit_told_early",
        sql: """
            SELECT e.n
            FROM (
                SELECT n, told_at, lag(told_at) OVER (ORDER BY n) AS before FROM feed.entry WHERE province = $1
            ) AS e
            WHERE e.told_at < e.before
            ORDER BY e.n
            LIMIT 100
            """,
        encode: { $1.int2($0) }, decode: { try $0.int8() })

    /// Notices from a leaf on.
    static let newerNotices = Statement<LogStatements.Place, (n: Int64, body: [UInt8])>(
        name: "feed_audit_notices_newer",
        sql: "SELECT n, body FROM feed.notice WHERE province = $1 AND n >= $2 ORDER BY n LIMIT 500",
        encode: {
            $1.int2($0.province)
            $1.int8($0.size)
        },
        decode: { (try $0.int8(), try $0.bytea()) })

    static let channels = Statement<Int16, ChannelKnown>(
        name: "feed_audit_channels",
        sql: """
            SELECT coalesce(c.kind, e.kind), coalesce(c.key, e.key), coalesce(c.count, 0), coalesce(c.told_at, e.told_at),
                c.name_vi, c.name_en, coalesce(e.count, 0), e.told_at
            FROM (SELECT * FROM feed.channel WHERE province = $1) AS c
            FULL JOIN (
                SELECT 0::smallint AS kind, '' AS key, count(*) AS count, max(told_at) AS told_at
                FROM feed.entry WHERE province = $1 HAVING count(*) > 0
                UNION ALL
                SELECT 1::smallint, agency, count(*), max(told_at) FROM feed.entry WHERE province = $1 GROUP BY agency
                UNION ALL
                SELECT 2::smallint, procedure, count(*), max(told_at) FROM feed.entry WHERE province = $1
                GROUP BY procedure
            ) AS e ON e.kind = c.kind AND e.key = c.key
            ORDER BY 1, 2
            """,
        encode: { $1.int2($0) },
        decode: { row in
            let kind = try row.int2()
            let key = try row.text()
            let count = try row.int8()
            let toldAt = try row.timestamptz()
            let (vi, en) = (try row.textOrNull(), try row.textOrNull())
            return ChannelKnown(
                kind: kind, key: key, count: count, toldAt: toldAt, name: vi.map { LocalText(vi: $0, en: en) },
                entryCount: try row.int8(), entryToldAt: try row.timestamptzOrNull())
        })

    /// Pages of streams that do not begin where the entries say; 50 entries a page.
    static let pages = Statement<Int16, (kind: Int16, key: String, page: Int64)>(
        name: "feed_audit_pages",
        sql: """
            SELECT coalesce(c.kind, e.kind), coalesce(c.key, e.key), coalesce(c.page, e.page)
            FROM (SELECT kind, key, page, first_n FROM feed.channel_page WHERE province = $1) AS c
            FULL JOIN (
                SELECT o.kind, o.key, o.place / 50 AS page, o.n
                FROM (
                    SELECT 0::smallint AS kind, '' AS key, n, row_number() OVER (ORDER BY n) - 1 AS place
                    FROM feed.entry WHERE province = $1
                    UNION ALL
                    SELECT 1::smallint, agency, n, row_number() OVER (PARTITION BY agency ORDER BY n) - 1
                    FROM feed.entry WHERE province = $1
                    UNION ALL
                    SELECT 2::smallint, procedure, n, row_number() OVER (PARTITION BY procedure ORDER BY n) - 1
                    FROM feed.entry WHERE province = $1
                ) AS o
                WHERE o.place % 50 = 0
            ) AS e ON e.kind = c.kind AND e.key = c.key AND e.page = c.page
            WHERE c.first_n IS DISTINCT FROM e.n
            ORDER BY 1, 2, 3
            LIMIT 100
            """,
        encode: { $1.int2($0) }, decode: { (try $0.int2(), try $0.text(), try $0.int8()) })
}
