import Postgres

/// A dossier's row with its picture.
struct PicturedRow: Sendable {
    let dossier: String
    let number: Int32
    let taken: Int32
    let picture: [UInt8]?

    /// The picture, when it is what the row's notices say; nil: they have to be read.
    var usable: DossierPicture? {
        if taken == 0 { return DossierPicture() }
        guard let picture, let read = DossierPicture(decoding: picture), read.taken == taken else { return nil }
        return read
    }
}

/// A dossier whose notices are to be read, up to a number.
struct NoticedDossier: Sendable {
    let province: Int16
    let dossier: String
    let number: Int32
}

/// How far the pictures of a province's dossiers were made.
struct PictureStanding: Sendable, Equatable {
    let format: Int16
    /// The last dossier that was looked at; nil before the first.
    let until: String?
}

/// What makes and keeps pictures.
enum PictureStatements {
    static let known = Statement<(province: Int16, dossiers: [String]), PicturedRow>(
        name: "feed_pictures_known",
        sql: """
            SELECT d.dossier::text, d.number, d.taken, d.picture
            FROM unnest($2::text[]) AS g (dossier)
            CROSS JOIN LATERAL (
                SELECT d.dossier, d.number, d.taken, d.picture
                FROM feed.dossier d WHERE d.province = $1 AND d.dossier = g.dossier::uuid OFFSET 0
            ) AS d
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.dossiers)
        }, decode: row)

    /// The notices that are shown of these dossiers (``DossierPicture/depth``).
    static let notices = Statement<
        [NoticedDossier], (n: Int64, notice: SequencedNotice, province: Int16, isErased: Bool)
    >(
        name: "feed_pictures_notices",
        sql: """
            SELECT n.n, n.dossier::text, n.number, n.body, g.province, n.salt IS NULL
            FROM unnest($1::smallint[], $2::text[], $3::integer[]) AS g (province, dossier, number)
            CROSS JOIN LATERAL (
                SELECT n.n, n.dossier, n.number, n.body, n.salt
                FROM feed.notice n
                WHERE n.province = g.province AND n.dossier = g.dossier::uuid
                    AND n.number > g.number - 100 AND n.number <= g.number
                OFFSET 0
            ) AS n
            """,
        encode: {
            $1.int2Array($0.map(\.province))
            $1.textArray($0.map(\.dossier))
            $1.int4Array($0.map(\.number))
        },
        decode: { row in
            let n = try row.int8()
            let notice = SequencedNotice(
                dossier: try row.text(), number: try row.int4(), root: "", lookUp: nil, body: try row.bytea())
            return (n, notice, try row.int2(), try row.bool())
        })

    static let standing = Statement<Int16, PictureStanding>(
        name: "feed_pictures_standing",
        sql: "SELECT picture_format, pictured_until::text FROM feed.cursor WHERE province = $1",
        encode: { $1.int2($0) },
        decode: { PictureStanding(format: try $0.int2(), until: try $0.textOrNull()) })

    static let putStanding = Statement<(province: Int16, standing: PictureStanding), Void>(
        name: "feed_pictures_standing_put",
        sql: "UPDATE feed.cursor SET picture_format = $2, pictured_until = $3::text::uuid WHERE province = $1",
        encode: {
            $1.int2($0.province)
            $1.int2($0.standing.format)
            $1.text($0.standing.until)
        })

    static let after = Statement<(province: Int16, after: String, limit: Int32), PicturedRow>(
        name: "feed_pictures_after",
        sql: """
            SELECT d.dossier::text, d.number, d.taken, d.picture
            FROM feed.dossier d
            WHERE d.province = $1 AND d.dossier > $2::text::uuid
            ORDER BY d.dossier
            LIMIT $3
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.after)
            $1.int4($0.limit)
        }, decode: row)

    static let put = Statement<(province: Int16, pictures: [(dossier: String, picture: [UInt8])]), Void>(
        name: "feed_pictures_put",
        sql: """
            UPDATE feed.dossier d SET picture = g.picture
            FROM unnest($2::text[], $3::bytea[]) AS g (dossier, picture)
            WHERE d.province = $1 AND d.dossier = g.dossier::uuid
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.pictures.map(\.dossier))
            $1.byteaArray($0.pictures.map(\.picture))
        })

    private static let row: @Sendable (inout RowCursor) throws -> PicturedRow = { row in
        PicturedRow(
            dossier: try row.text(), number: try row.int4(), taken: try row.int4(), picture: try row.byteaOrNull())
    }
}
