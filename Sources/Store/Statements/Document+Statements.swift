import Dossiers
import Postgres
import WorkingTime

enum DocumentStatements {
    struct New: Sendable {
        let province: Int16
        let row: DocumentRow
    }

    struct Content: Sendable {
        let province: Int16
        let dossier: DossierID
        let address: [UInt8]
        let ciphertext: [UInt8]
    }

    struct Number: Sendable {
        let province: Int16
        let dossier: DossierID
        let number: Int
    }

    /// The next number of the dossier, whose row the transaction has locked.
    static let insert = Statement<New, Int>(
        name: "document_insert",
        sql: """
            INSERT INTO engine.document (province, dossier, number, name, kind, media_type, size, address, created_at,
                created_by)
            SELECT $1, $2, coalesce(max(d.number), 0) + 1, $3::text, $4::text, $5::text, $6::bigint, $7::bytea,
                $8::timestamptz, $9::text
            FROM engine.document d
            WHERE d.province = $1 AND d.dossier = $2
            RETURNING number
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.row.dossier)
            $1.text($0.row.name)
            $1.text($0.row.kind)
            $1.text($0.row.mediaType)
            $1.bigint($0.row.size)
            $1.bytea($0.row.address)
            $1.instant($0.row.createdAt)
            $1.text($0.row.createdBy)
        },
        decode: { try $0.bigint() })

    /// The same content again is there already.
    static let insertContent = Statement<Content, Void>(
        name: "document_insert_content",
        sql: """
            INSERT INTO engine.document_content (province, dossier, address, ciphertext)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (province, dossier, address) DO NOTHING
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.dossier)
            $1.bytea($0.address)
            $1.bytea($0.ciphertext)
        })

    static let list = Statement<TaskStatements.Dossier, DocumentRow>(
        name: "document_list",
        sql: """
            SELECT d.dossier, d.number, d.name, d.kind, d.media_type, d.size, d.address, d.created_at, d.created_by
            FROM engine.document d
            WHERE d.province = $1 AND d.dossier = $2
            ORDER BY d.number
            """,
        encode: PersonalStatements.dossier, decode: row)

    static let content = Statement<Number, (DocumentRow, [UInt8]?)>(
        name: "document_content",
        sql: """
            SELECT d.dossier, d.number, d.name, d.kind, d.media_type, d.size, d.address, d.created_at, d.created_by,
                c.ciphertext
            FROM engine.document d
            LEFT JOIN engine.document_content c
                ON c.province = d.province AND c.dossier = d.dossier AND c.address = d.address
            WHERE d.province = $1 AND d.dossier = $2 AND d.number = $3
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.dossier)
            $1.bigint($0.number)
        },
        decode: { (try row(&$0), try $0.byteaOrNull()) })

    private static func row(_ cursor: inout RowCursor) throws -> DocumentRow {
        DocumentRow(
            dossier: try cursor.dossier(), number: try cursor.bigint(), name: try cursor.text(),
            kind: try cursor.text(), mediaType: try cursor.text(), size: try cursor.bigint(),
            address: try cursor.bytea(), createdAt: try cursor.instant(), createdBy: try cursor.text())
    }
}
