import Postgres

/// A notice that counts, as it is stored.
struct StoredNotice: Sendable {
    let n: Int64
    /// Where the cursor stood when it was read again; nil for one that was read at once.
    let readAt: Int64?
    let notice: SequencedNotice

    init(row: inout RowCursor) throws(PostgresError) {
        n = try row.int8()
        readAt = try row.int8OrNull()
        notice = SequencedNotice(
            dossier: try row.text(), number: try row.int4(), root: try row.text(), lookUp: nil, body: try row.bytea())
    }
}

/// Statements that read notices again: those that count, not those that are set aside.
enum StatisticsNoticeStatements {
    /// All of some dossiers.
    static let of = Statement<(province: Int16, dossiers: [String]), StoredNotice>(
        name: "feed_statistics_notices",
        sql: """
            SELECT n.n, u.read_n, n.dossier::text, n.number, d.root::text, n.body
            FROM unnest($2::text[]) AS g (dossier)
            JOIN feed.notice n ON n.province = $1 AND n.dossier = g.dossier::uuid
            JOIN feed.dossier d ON d.province = $1 AND d.dossier = n.dossier
            LEFT JOIN feed.unread u ON u.province = $1 AND u.dossier = n.dossier AND u.number = n.number
            WHERE u.dossier IS NULL OR u.read_n IS NOT NULL
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.dossiers)
        },
        decode: { try StoredNotice(row: &$0) })

    /// All in the order of dossier and number, after one.
    static let after = Statement<(province: Int16, dossier: String, number: Int32, limit: Int32), StoredNotice>(
        name: "feed_statistics_notices_after",
        sql: """
            SELECT n.n, u.read_n, n.dossier::text, n.number, d.root::text, n.body
            FROM (
                SELECT n.dossier, n.number, n.n, n.body
                FROM feed.notice n
                WHERE n.province = $1 AND (n.dossier, n.number) > ($2::text::uuid, $3)
                    AND NOT EXISTS (
                        SELECT FROM feed.unread u
                        WHERE u.province = $1 AND u.dossier = n.dossier AND u.number = n.number AND u.read_n IS NULL)
                ORDER BY n.dossier, n.number
                LIMIT $4
            ) AS n
            JOIN feed.dossier d ON d.province = $1 AND d.dossier = n.dossier
            LEFT JOIN feed.unread u ON u.province = $1 AND u.dossier = n.dossier AND u.number = n.number
            ORDER BY n.dossier, n.number
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.dossier)
            $1.int4($0.number)
            $1.int4($0.limit)
        },
        decode: { try StoredNotice(row: &$0) })

    /// Those that were read at once, in the order of their leaves, after one.
    static let byLeaf = Statement<(province: Int16, after: Int64, limit: Int32), StoredNotice>(
        name: "feed_statistics_notices_by_leaf",
        sql: """
            SELECT n.n, NULL::bigint, n.dossier::text, n.number, d.root::text, n.body
            FROM (
                SELECT n.dossier, n.number, n.n, n.body
                FROM feed.notice n
                WHERE n.province = $1 AND n.n > $2
                    AND NOT EXISTS (
                        SELECT FROM feed.unread u
                        WHERE u.province = $1 AND u.dossier = n.dossier AND u.number = n.number)
                ORDER BY n.n
                LIMIT $3
            ) AS n
            JOIN feed.dossier d ON d.province = $1 AND d.dossier = n.dossier
            ORDER BY n.n
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.after)
            $1.int4($0.limit)
        },
        decode: { try StoredNotice(row: &$0) })

    /// Those that were read again later, in the order in which that was.
    static let readLater = Statement<Int16, StoredNotice>(
        name: "feed_statistics_notices_read_later",
        sql: """
            SELECT n.n, u.read_n, n.dossier::text, n.number, d.root::text, n.body
            FROM feed.unread u
            JOIN feed.notice n USING (province, dossier, number)
            JOIN feed.dossier d USING (province, dossier)
            WHERE u.province = $1 AND u.read_n IS NOT NULL
            ORDER BY u.read_n, n.n
            """,
        encode: { $1.int2($0) }, decode: { try StoredNotice(row: &$0) })
}
