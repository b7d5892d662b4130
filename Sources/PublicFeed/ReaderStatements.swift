import Postgres

/// The rows of a family as they are read.
struct FamilyRow: Sendable {
    let asked: String
    let dossier: String
    let root: String
    let number: Int32
    let body: [UInt8]
    let n: Int64
}

/// Whether a family has changed.
struct FamilyVersion: Sendable {
    let askedCount: Int64
    let version: Int64
    let caughtUpAt: Int64?
}

/// The public reader's statements, each by an index.
enum ReaderStatements {
    /// The last hundred notices of each dossier of the family.
    static let family = Statement<String, FamilyRow>(
        name: "feed_family",
        sql: """
            SELECT k.dossier::text, d.dossier::text, d.root::text, n.number, n.body, n.n
            FROM feed.dossier k
            JOIN feed.dossier d ON d.root = k.root
            JOIN feed.notice n ON n.province = d.province AND n.dossier = d.dossier AND n.number > d.number - 100
            WHERE k.look_up = $1
            """,
        encode: { $1.text($0) },
        decode: { row in
            FamilyRow(
                asked: try row.text(), dossier: try row.text(), root: try row.text(), number: try row.int4(),
                body: try row.bytea(), n: try row.int8())
        })

    /// A number that rises with each notice and each dossier of the family, and how far the slowest of its provinces is.
    static let version = Statement<String, FamilyVersion>(
        name: "feed_family_version",
        sql: """
            SELECT count(DISTINCT k.dossier), sum(d.number) + count(*), min(c.caught_up_at)
            FROM feed.dossier k
            JOIN feed.dossier d ON d.root = k.root
            LEFT JOIN feed.cursor c ON c.province = d.province
            WHERE k.look_up = $1
            """,
        encode: { $1.text($0) },
        decode: { row in
            let asked = try row.int8()
            let version = try row.int8OrNull()
            let caughtUpAt = try row.timestamptzOrNull()
            return FamilyVersion(askedCount: asked, version: version ?? 0, caughtUpAt: caughtUpAt)
        })

    /// The newest notices under a legal code, newest first.
    static let completion = Statement<String, (notice: SequencedNotice, caughtUpAt: Int64?)>(
        name: "feed_completion",
        sql: """
            SELECT d.dossier::text, n.number, d.root::text, n.body, c.caught_up_at
            FROM feed.dossier d
            JOIN feed.notice n ON n.province = d.province AND n.dossier = d.dossier AND n.number > d.number - 10
            LEFT JOIN feed.cursor c ON c.province = d.province
            WHERE d.legal_code = $1
            ORDER BY n.number DESC
            LIMIT 20
            """,
        encode: { $1.text($0) },
        decode: { row in
            let notice = SequencedNotice(
                dossier: try row.text(), number: try row.int4(), root: try row.text(), lookUp: nil,
                body: try row.bytea())
            return (notice, try row.timestamptzOrNull())
        })
}
