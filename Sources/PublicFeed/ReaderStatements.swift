import Postgres

/// A dossier of a family that was asked for by a code.
struct FamilyRow: Sendable {
    /// Which of the codes it was.
    let place: Int
    /// The dossier that has the code.
    let asked: UUIDValue
    /// The family's root.
    let root: UUIDValue
    let province: Int16
    let dossier: UUIDValue
    /// The highest number of the dossier.
    let number: Int32
    /// How many of its notices are here.
    let taken: Int32
    /// See ``DossierPicture``; nil: its notices have to be read.
    var picture: [UInt8]?
}

/// The public reader's statements, each by an index.
enum ReaderStatements {
    /// The dossiers of the families of these codes. Each code is looked for by itself: another plan, made while the tables
    /// were small, would read all of them later. The planner does not see how many codes there are, so that it has no plan of
    /// its own for each few of them: planning takes longer than reading them.
    static let families = Statement<[String], FamilyRow>(
        name: "feed_families",
        sql: """
            SELECT g.place, f.*
            FROM unnest((SELECT $1::text[])) WITH ORDINALITY AS g (code, place)
            CROSS JOIN LATERAL (
                SELECT k.dossier, k.root, d.*
                FROM feed.dossier k
                CROSS JOIN LATERAL (
                    SELECT d.province, d.dossier, d.number, d.taken, d.picture
                    FROM feed.dossier d WHERE d.root = k.root OFFSET 0
                ) AS d
                WHERE k.look_up = g.code OFFSET 0
            ) AS f
            """,
        encode: { $1.textArray($0) },
        decode: { row in
            FamilyRow(
                place: Int(try row.int8()) - 1, asked: try row.uuid(), root: try row.uuid(), province: try row.int2(),
                dossier: try row.uuid(), number: try row.int4(), taken: try row.int4(), picture: try row.byteaOrNull())
        })

    /// A page of a province's look-up codes, the newest dossiers first; nil for a dossier that has none.
    static let codes = Statement<(province: Int16, before: String, limit: Int32), (dossier: String, code: String?)>(
        name: "feed_codes",
        sql: """
            SELECT d.dossier::text, d.look_up
            FROM feed.dossier d
            WHERE d.province = $1 AND d.dossier < $2::text::uuid
            ORDER BY d.dossier DESC
            LIMIT $3
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.before)
            $1.int4($0.limit)
        }, decode: { (try $0.text(), try $0.textOrNull()) })

    /// The dossiers of the family of a code whose own dossier was erased, as far as the code shows them (R20).
    static let erased = Statement<String, (asked: String, legalCode: String?, province: Int16, dossier: String)>(
        name: "feed_family_erased",
        sql: """
            SELECT k.dossier::text, k.legal_code, d.province, d.dossier::text
            FROM feed.dossier k
            CROSS JOIN LATERAL (
                SELECT d.province, d.dossier, d.number FROM feed.dossier d WHERE d.root = k.root OFFSET 0
            ) AS d
            WHERE k.look_up = $1 AND d.number > 0 AND (k.dossier = k.root OR d.dossier = k.dossier)
                AND EXISTS (
                    SELECT FROM feed.notice n
                    WHERE n.province = k.province AND n.dossier = k.dossier AND n.salt IS NULL)
            ORDER BY d.province, d.dossier
            """,
        encode: { $1.text($0) },
        decode: { (try $0.text(), try $0.textOrNull(), try $0.int2(), try $0.text()) })

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
