import Dossiers
import Postgres
import WorkingTime

enum PersonalStatements {
    struct Sections: Sendable {
        let province: Int16
        let dossier: DossierID
        /// Empty: all.
        let sections: [String]
    }

    struct Rewrap: Sendable {
        let province: Int16
        let dossier: DossierID
        let old: [UInt8]
        let new: [UInt8]
    }

    struct Access: Sendable {
        let province: Int16
        let row: AccessRow
    }

    struct AccessPage: Sendable {
        let province: Int16
        let dossier: DossierID
        /// The row beside which it lies; nil: at an end of the list.
        let from: Int64?
        let limit: Int
    }

    struct KeyPage: Sendable {
        let province: Int16
        let after: DossierID?
        /// The version under which keys belong, four bytes, big-endian.
        let version: [UInt8]
        let limit: Int
    }

    static let insertKeys = Statement<Rows<DataKeyRow>, Void>(
        name: "data_key_insert",
        sql: """
            WITH inserted AS (
                INSERT INTO engine.data_key (province, dossier, wrapped)
                SELECT $1, k.*
                FROM unnest($2::uuid[], $3::bytea[]) AS k
                ON CONFLICT (province, dossier) DO NOTHING
                RETURNING 1
            )
            SELECT engine.expect(count(*), cardinality($2::uuid[]), 'collision') FROM inserted
            """,
        encode: {
            $1.int2($0.province)
            $1.dossiers($0.rows.map(\.dossier))
            $1.byteaArray($0.rows.map(\.wrapped))
        })

    static let key = Statement<TaskStatements.Dossier, [UInt8]>(
        name: "data_key_find",
        sql: "SELECT k.wrapped FROM engine.data_key k WHERE k.province = $1 AND k.dossier = $2",
        encode: dossier, decode: { try $0.bytea() })

    /// Only in the place of the very key that was unwrapped.
    static let rewrap = Statement<Rewrap, Bool>(
        name: "data_key_rewrap",
        sql: """
            UPDATE engine.data_key k
            SET wrapped = $4
            WHERE k.province = $1 AND k.dossier = $2 AND k.wrapped = $3
            RETURNING true
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.dossier)
            $1.bytea($0.old)
            $1.bytea($0.new)
        },
        decode: { try $0.bool() })

    static let erase = Statement<TaskStatements.Dossier, Bool>(
        name: "personal_erase",
        sql: """
            WITH content AS (
                DELETE FROM engine.document_content c WHERE c.province = $1 AND c.dossier = $2
            ), sections AS (
                DELETE FROM engine.sealed s WHERE s.province = $1 AND s.dossier = $2
            )
            DELETE FROM engine.data_key k WHERE k.province = $1 AND k.dossier = $2
            RETURNING true
            """,
        encode: dossier, decode: { try $0.bool() })

    /// Under the lock of the province's head row, in a snapshot younger than it: of the dossiers' leaves none is being made.
    static let eraseSalts = Statement<DossierStatements.Selection, Void>(
        name: "leaf_erase_salts",
        sql: """
            UPDATE engine.leaf l SET salt = NULL, erased_at = clock_timestamp()
            WHERE l.province = $1 AND l.dossier = ANY ($2::uuid[]) AND l.salt IS NOT NULL
            """,
        encode: {
            $1.int2($0.province)
            $1.dossiers($0.ids)
        })

    static let upsertSealed = Statement<Rows<SealedRow>, Void>(
        name: "sealed_upsert",
        sql: """
            INSERT INTO engine.sealed (province, dossier, section, ciphertext, created_at)
            SELECT $1, s.*
            FROM unnest($2::uuid[], $3::text[], $4::bytea[], $5::timestamptz[]) AS s
            ON CONFLICT (province, dossier, section) DO UPDATE
            SET ciphertext = excluded.ciphertext, created_at = excluded.created_at
            """,
        encode: {
            $1.int2($0.province)
            $1.dossiers($0.rows.map(\.dossier))
            $1.textArray($0.rows.map(\.section))
            $1.byteaArray($0.rows.map(\.ciphertext))
            $1.instants($0.rows.map(\.createdAt))
        })

    static let sealed = Statement<Sections, SealedRow>(
        name: "sealed_find",
        sql: """
            SELECT s.dossier, s.section, s.ciphertext, s.created_at
            FROM engine.sealed s
            WHERE s.province = $1 AND s.dossier = $2 AND (cardinality($3::text[]) = 0 OR s.section = ANY($3))
            ORDER BY s.section
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.dossier)
            $1.textArray($0.sections)
        },
        decode: {
            SealedRow(
                dossier: try $0.dossier(), section: try $0.text(), ciphertext: try $0.bytea(),
                createdAt: try $0.instant())
        })

    static let access = Statement<Access, Void>(
        name: "access_insert",
        sql: """
            WITH made AS (
                INSERT INTO engine.access (province, at, client, officer, dossiers, sections, purpose)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                RETURNING id
            )
            INSERT INTO engine.access_dossier (province, dossier, access)
            SELECT DISTINCT $1::smallint, d.dossier, m.id
            FROM made m
            CROSS JOIN unnest($5::uuid[]) AS d (dossier)
            """,
        encode: {
            $1.int2($0.province)
            $1.instant($0.row.at)
            $1.text($0.row.client)
            $1.text($0.row.officer)
            $1.dossiers($0.row.dossiers)
            $1.textArray($0.row.sections)
            $1.text($0.row.purpose)
        })

    /// The first erasure of a dossier's values that is on record.
    static let erasure = Statement<TaskStatements.Dossier, (at: Instant, purpose: String)>(
        name: "access_erasure",
        sql: """
            SELECT a.at, a.purpose
            FROM engine.access_dossier r
            JOIN engine.access a ON a.province = r.province AND a.id = r.access
            WHERE r.province = $1 AND r.dossier = $2 AND a.purpose LIKE 'erase/%'
            ORDER BY r.access
            LIMIT 1
            """,
        encode: dossier, decode: { (at: try $0.instant(), purpose: try $0.text()) })

    /// The readings of one dossier, newest first.
    static let accesses = Statement<AccessPage, RecordedAccess>(
        name: "access_page",
        sql: """
            SELECT a.id, a.at, a.client, a.officer, a.dossiers, a.sections, a.purpose
            FROM (
                SELECT r.province, r.access
                FROM engine.access_dossier r
                WHERE r.province = $1 AND r.dossier = $2 AND r.access < coalesce($3::bigint, 9223372036854775807)
                ORDER BY r.access DESC
                LIMIT $4
            ) AS p
            JOIN engine.access a ON a.province = p.province AND a.id = p.access
            ORDER BY a.id DESC
            """,
        encode: accessPage, decode: recordedAccess)

    static func accessPage(_ page: AccessPage, _ binds: inout Binds) {
        binds.int2(page.province)
        binds.dossier(page.dossier)
        binds.int8(page.from)
        binds.integer(page.limit)
    }

    static func recordedAccess(_ cursor: inout RowCursor) throws -> RecordedAccess {
        RecordedAccess(
            id: try cursor.int8(),
            row: AccessRow(
                at: try cursor.instant(), client: try cursor.text(), officer: try cursor.textOrNull(),
                dossiers: try cursor.uuidArray().compactMap { $0.map { DossierID(high: $0.high, low: $0.low) } },
                sections: try cursor.texts(), purpose: try cursor.text()))
    }

    /// A page of keys, in the order of dossiers; those under the version whose four bytes are given come without their
    /// bytes. The version stands behind the first byte of a wrapped key.
    static let keyPage = Statement<KeyPage, (dossier: DossierID, old: [UInt8]?)>(
        name: "data_key_page",
        sql: """
            SELECT k.dossier, CASE WHEN substr(k.wrapped, 2, 4) <> $3 THEN k.wrapped END
            FROM engine.data_key k
            WHERE k.province = $1 AND k.dossier > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000')
            ORDER BY k.dossier
            LIMIT $4
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.after)
            $1.bytea($0.version)
            $1.integer($0.limit)
        },
        decode: { (try $0.dossier(), try $0.byteaOrNull()) })

    static func dossier(_ wanted: TaskStatements.Dossier, _ binds: inout Binds) {
        binds.int2(wanted.province)
        binds.dossier(wanted.dossier)
    }
}
