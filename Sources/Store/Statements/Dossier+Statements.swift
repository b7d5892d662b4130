import Dossiers
import Postgres

enum DossierStatements {
    struct Selection: Sendable {
        let province: Int16
        let ids: [DossierID]
    }

    struct References: Sendable {
        let province: Int16
        let references: [ClientReference]
    }

    /// The row alone, in the order of identities; rows that others hold are left out.
    static let lock = Statement<Selection, StoredDossier>(
        name: "dossier_lock",
        sql: """
            SELECT d.id, d.sequence, d.phase, d.status, d.procedure, d.procedure_version, d.centre, d.agency, d.channel,
                d.submitted_at, d.root, d.parent, d.look_up, d.code, d.client, d.client_reference, d.fold, d.head, d.state
            FROM engine.dossier d
            WHERE d.province = $1 AND d.id = ANY($2::uuid[])
            ORDER BY d.id
            FOR UPDATE SKIP LOCKED
            """,
        encode: select, decode: stored)

    /// The same, but waits for whoever holds a row, up to `lock_timeout`.
    static let lockWaiting = Statement<Selection, StoredDossier>(
        name: "dossier_lock_waiting",
        sql: """
            SELECT d.id, d.sequence, d.phase, d.status, d.procedure, d.procedure_version, d.centre, d.agency, d.channel,
                d.submitted_at, d.root, d.parent, d.look_up, d.code, d.client, d.client_reference, d.fold, d.head, d.state
            FROM engine.dossier d
            WHERE d.province = $1 AND d.id = ANY($2::uuid[])
            ORDER BY d.id
            FOR UPDATE
            """,
        encode: select, decode: stored)

    static let existing = Statement<Selection, DossierID>(
        name: "dossier_existing",
        sql: """
            SELECT d.id
            FROM engine.dossier d
            WHERE d.province = $1 AND d.id = ANY($2::uuid[])
            """,
        encode: select, decode: { try $0.dossier() })

    static let byReference = Statement<References, (reference: ClientReference, dossier: DossierID)>(
        name: "dossier_by_references",
        sql: """
            SELECT d.client, d.client_reference, d.id
            FROM unnest($2::text[], $3::text[]) AS w (client, reference)
            JOIN engine.any_dossier d
                ON d.province = $1 AND d.client = w.client AND d.client_reference = w.reference
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.references.map(\.client))
            $1.textArray($0.references.map(\.reference))
        },
        decode: { (ClientReference(client: try $0.text(), reference: try $0.text()), try $0.dossier()) })

    static let update = Statement<Rows<DossierUpdate>, Void>(
        name: "dossier_update",
        sql: """
            WITH updated AS (
                UPDATE engine.dossier d
                SET sequence = u.sequence, fold = u.fold, phase = u.phase, status = u.status, state = u.state,
                    head = u.head, code = coalesce(u.code, d.code)
                FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::smallint[], $6::smallint[], $7::smallint[],
                    $8::bytea[], $9::bytea[], $10::text[])
                    AS u (id, expected, sequence, fold, phase, status, state, head, code)
                WHERE d.province = $1 AND d.id = u.id AND d.sequence = u.expected
                RETURNING 1
            )
            SELECT engine.expect(count(*), cardinality($2::uuid[]), 'stale') FROM updated
            """,
        encode: {
            $1.int2($0.province)
            $1.dossiers($0.rows.map(\.id))
            $1.int8Array($0.rows.map(\.expectedSequence))
            $1.int8Array($0.rows.map(\.sequence))
            $1.int2Array($0.rows.map(\.fold))
            $1.int2Array($0.rows.map(\.phase))
            $1.int2Array($0.rows.map(\.status))
            $1.byteaArray($0.rows.map(\.state))
            $1.byteaArray($0.rows.map(\.head))
            $1.textArray($0.rows.map(\.code))
        })

    static let insert = Statement<Rows<NewDossier>, Void>(
        name: "dossier_insert",
        sql: """
            WITH inserted AS (
                INSERT INTO engine.dossier (province, id, sequence, fold, phase, status, state, head, procedure,
                    procedure_version, centre, agency, channel, submitted_at, root, parent, look_up, code, client,
                    client_reference)
                SELECT $1, n.*
                FROM unnest($2::uuid[], $3::bigint[], $4::smallint[], $5::smallint[], $6::smallint[], $7::bytea[],
                    $8::bytea[], $9::text[], $10::integer[], $11::text[], $12::text[], $13::smallint[],
                    $14::timestamptz[], $15::uuid[], $16::uuid[], $17::text[], $18::text[], $19::text[], $20::text[])
                    AS n
                ON CONFLICT DO NOTHING
                RETURNING 1
            )
            SELECT engine.expect(count(*), cardinality($2::uuid[]), 'collision') FROM inserted
            """,
        encode: { new, binds in
            let rows = new.rows
            binds.int2(new.province)
            binds.dossiers(rows.map(\.id))
            binds.int8Array(rows.map(\.sequence))
            binds.int2Array(rows.map(\.fold))
            binds.int2Array(rows.map(\.phase))
            binds.int2Array(rows.map(\.status))
            binds.byteaArray(rows.map(\.state))
            binds.byteaArray(rows.map(\.head))
            binds.textArray(rows.map(\.procedure))
            binds.int4Array(rows.map { Int32(clamping: $0.procedureVersion) })
            binds.textArray(rows.map(\.centre))
            binds.textArray(rows.map(\.agency))
            binds.int2Array(rows.map(\.channel))
            binds.instants(rows.map(\.submittedAt))
            binds.dossiers(rows.map(\.root))
            binds.dossiers(rows.map(\.parent))
            binds.textArray(rows.map(\.lookUp))
            binds.textArray(rows.map(\.code))
            binds.textArray(rows.map(\.client))
            binds.textArray(rows.map(\.clientReference))
        })

    /// A code that its dossier has already is not a collision: the row says so.
    static let insertCodes = Statement<Rows<IssuedCode>, Void>(
        name: "dossier_insert_codes",
        sql: """
            WITH wanted AS MATERIALIZED (
                SELECT w.code, w.dossier FROM unnest($2::text[], $3::uuid[]) AS w (code, dossier)
            ), inserted AS (
                INSERT INTO engine.dossier_code (province, code, dossier)
                SELECT $1, w.code, w.dossier FROM wanted w
                ON CONFLICT (province, code) DO NOTHING
                RETURNING code
            )
            SELECT engine.expect(count(*), cardinality($2::text[]), 'collision')
            FROM wanted w
            WHERE EXISTS (SELECT FROM inserted i WHERE i.code = w.code)
                OR EXISTS (
                    SELECT FROM engine.dossier_code c
                    WHERE c.province = $1 AND c.code = w.code AND c.dossier = w.dossier
                )
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.rows.map(\.code))
            $1.dossiers($0.rows.map(\.dossier))
        })

    static func select(_ selection: Selection, _ binds: inout Binds) {
        binds.int2(selection.province)
        binds.dossiers(selection.ids)
    }

    static func stored(_ row: inout RowCursor) throws -> StoredDossier {
        StoredDossier(
            summary: try summary(&row), fold: try row.int2(), head: try row.bytea(), state: try row.bytea())
    }

    /// The columns that every list of dossiers begins with.
    static func summary(_ row: inout RowCursor) throws -> DossierSummary {
        let id = try row.dossier()
        let sequence = try row.int8()
        let number = try row.int2()
        guard let phase = DossierPhase(rawValue: number) else {
            throw PostgresError(.conversion, "a dossier has the unknown phase \(number)")
        }
        return DossierSummary(
            id: id, sequence: sequence, phase: phase, status: try row.int2(), procedure: try row.text(),
            procedureVersion: try row.integer(), centre: try row.text(), agency: try row.text(),
            channel: try row.int2(), submittedAt: try row.instant(), root: try row.dossier(),
            parent: try row.dossierOrNull(), lookUp: try row.textOrNull(), code: try row.textOrNull(),
            client: try row.textOrNull(), clientReference: try row.textOrNull())
    }
}
