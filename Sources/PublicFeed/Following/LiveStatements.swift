import Notices
import Postgres

/// How far a province's notices are in the feed's tables.
struct LiveHead: Sendable {
    let province: Int16
    let n: Int64
}

/// A notice that has just come, or nothing but how far the province is.
struct LiveRow: Sendable {
    let head: LiveHead
    let news: LiveNews?
}

/// A notice with what is told of it to whom.
struct LiveNews: Sendable {
    let n: Int64
    let stored: SequencedNotice
    /// What everybody is told; nil when this notice told nothing new of the dossier's completion.
    let entry: CompletionEntry?

    init(n: Int64, stored: SequencedNotice, entry: CompletionEntry?) {
        self.n = n
        self.stored = stored
        self.entry = entry
    }

    /// The columns n, dossier, number, root, body; nil when the first is NULL (an outer join).
    static func read(
        _ row: inout RowCursor, entry: (inout RowCursor) throws(PostgresError) -> CompletionEntry?
    ) throws(PostgresError) -> LiveNews? {
        let n = try row.int8OrNull()
        let dossier = try row.textOrNull()
        let number = try row.int4OrNull()
        let root = try row.textOrNull()
        let body = try row.byteaOrNull()
        let entry = try entry(&row)
        guard let n, let dossier, let number, let root, let body else { return nil }
        let stored = SequencedNotice(dossier: dossier, number: number, root: root, lookUp: nil, body: body)
        return LiveNews(n: n, stored: stored, entry: entry)
    }
}

/// The statements of who follows live: one for all connections of the process, and one for each that comes back after
/// an interruption.
enum LiveStatements {
    /// How far each province is.
    static let heads = Statement<Void, LiveHead>(
        name: "live_heads", sql: "SELECT province, next_n - 1 FROM feed.cursor",
        decode: { LiveHead(province: try $0.int2(), n: try $0.int8()) })

    /// The notices after the given places, at most `limit` a province. A province that is not among the given comes
    /// with its head alone. Notices and head are of one snapshot, and a province's notices are committed in order.
    static let news = Statement<(heads: [LiveHead], limit: Int32), LiveRow>(
        name: "live_news",
        sql: """
            SELECT c.province, c.next_n - 1, x.n, x.dossier, x.number, x.root, x.body,
                x.entry_province, x.n, x.legal_code, x.procedure, x.status, x.stage, x.at, x.told_at
            FROM feed.cursor c
            LEFT JOIN unnest($1::smallint[], $2::bigint[]) AS g (province, n) ON g.province = c.province
            LEFT JOIN LATERAL (
                SELECT n.n, n.dossier::text, n.number, d.root::text, n.body, e.province AS entry_province,
                    e.legal_code, e.procedure, e.status, e.stage, e.at, e.told_at
                FROM feed.notice n
                JOIN feed.dossier d ON d.province = n.province AND d.dossier = n.dossier
                LEFT JOIN feed.entry e ON e.province = n.province AND e.n = n.n
                WHERE n.province = c.province AND n.n > g.n AND n.n < c.next_n
                ORDER BY n.n
                LIMIT $3
            ) AS x ON true
            WHERE g.n IS NULL OR c.next_n - 1 > g.n
            """,
        encode: {
            $1.int2Array($0.heads.map(\.province))
            $1.int8Array($0.heads.map(\.n))
            $1.int4($0.limit)
        },
        decode: { row in
            let head = LiveHead(province: try row.int2(), n: try row.int8())
            return LiveRow(head: head, news: try LiveNews.read(&row, entry: CompletionEntry.read))
        })

    /// The notices of a dossier, or of its whole family when it is the root, after one place and up to another.
    static let ofDossier = Statement<
        (province: Int16, dossier: String, after: Int64, until: Int64, limit: Int32), LiveNews?
    >(
        name: "live_of_dossier",
        sql: """
            SELECT n.n, n.dossier::text, n.number, d.root::text, n.body
            FROM feed.dossier d
            JOIN feed.notice n ON n.province = d.province AND n.dossier = d.dossier
            WHERE d.province = $1 AND (d.root = $2::text::uuid OR d.dossier = $2::text::uuid)
                AND n.n > $3 AND n.n <= $4
            ORDER BY n.n
            LIMIT $5
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.dossier)
            $1.int8($0.after)
            $1.int8($0.until)
            $1.int4($0.limit)
        },
        decode: { try LiveNews.read(&$0) { _ throws(PostgresError) in nil } })
}
