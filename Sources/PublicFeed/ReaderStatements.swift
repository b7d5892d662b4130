import Postgres

/// A notice of a family that was asked for by a code; of a dossier without notices, the dossier alone.
struct FamilyRow: Sendable {
    let code: String
    let asked: String
    let family: UUIDValue
    let province: Int16
    let dossier: String
    let root: String
    /// The highest number of the dossier.
    let newest: Int32
    let notice: (number: Int32, body: [UInt8], n: Int64)?
}

/// The public reader's statements, each by an index.
enum ReaderStatements {
    /// The last hundred notices of each dossier of the families of these codes.
    static let families = Statement<[String], FamilyRow>(
        name: "feed_families",
        sql: """
            SELECT g.code, k.dossier::text, k.root, d.province, d.dossier::text, d.root::text, d.number,
                n.number, n.body, n.n
            FROM unnest($1::text[]) AS g (code)
            JOIN feed.dossier k ON k.look_up = g.code
            JOIN feed.dossier d ON d.root = k.root
            LEFT JOIN feed.notice n
                ON n.province = d.province AND n.dossier = d.dossier AND n.number > d.number - 100
            """,
        encode: { $1.textArray($0) },
        decode: { row in
            let code = try row.text()
            let asked = try row.text()
            let family = try row.uuid()
            let province = try row.int2()
            let dossier = try row.text()
            let root = try row.text()
            let newest = try row.int4()
            let number = try row.int4OrNull()
            let body = try row.byteaOrNull()
            let n = try row.int8OrNull()
            var notice: (number: Int32, body: [UInt8], n: Int64)?
            if let number, let body, let n { notice = (number, body, n) }
            return FamilyRow(
                code: code, asked: asked, family: family, province: province, dossier: dossier, root: root,
                newest: newest, notice: notice)
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
