import Postgres
import WorkingTime

enum CatalogueStatements {
    struct Version: Sendable {
        let name: String
        let version: Int
        let contentHash: String
    }

    /// One loader at a time.
    static let lock = Statement<Void, Void>(
        name: "catalogue_lock", sql: "SELECT pg_advisory_xact_lock(hashtextextended('engine.catalogue', 0))")

    static let insertVersion = Statement<ProcedureVersionRow, Bool>(
        name: "catalogue_insert_version",
        sql: """
            INSERT INTO engine.procedure_version (name, version, content_hash, code, effective_from, effective_until,
                source, loaded_at, loaded_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (name, version) DO NOTHING
            RETURNING true
            """,
        encode: {
            $1.text($0.name)
            $1.integer($0.version)
            $1.text($0.contentHash)
            $1.text($0.code)
            $1.day($0.effectiveFrom)
            $1.day($0.effectiveUntil)
            $1.bytea($0.source)
            $1.instant($0.loadedAt)
            $1.text($0.loadedBy)
        },
        decode: { try $0.bool() })

    /// A published version never changes: the same number with another content is a collision.
    static let checkVersion = Statement<Version, Void>(
        name: "catalogue_check_version",
        sql: """
            SELECT engine.expect(count(*), 1, 'collision')
            FROM engine.procedure_version v
            WHERE v.name = $1 AND v.version = $2 AND v.content_hash = $3
            """,
        encode: {
            $1.text($0.name)
            $1.integer($0.version)
            $1.text($0.contentHash)
        })

    static let versions = Statement<Void, ProcedureVersionRow>(
        name: "catalogue_versions",
        sql: """
            SELECT v.name, v.version, v.content_hash, v.code, v.effective_from, v.effective_until, v.source, v.loaded_at,
                v.loaded_by
            FROM engine.procedure_version v
            ORDER BY v.name, v.version
            """,
        decode: {
            ProcedureVersionRow(
                name: try $0.text(), version: try $0.integer(), contentHash: try $0.text(), code: try $0.textOrNull(),
                effectiveFrom: try $0.day(), effectiveUntil: try $0.dayOrNull(), source: try $0.bytea(),
                loadedAt: try $0.instant(), loadedBy: try $0.text())
        })

    static let retireFile = Statement<WorkflowFileRow, Void>(
        name: "catalogue_retire_file",
        sql: """
            UPDATE engine.workflow_file f
            SET current = false
            WHERE f.kind = $1 AND f.name = $2 AND f.current AND f.content_hash <> $3
            """,
        encode: {
            $1.text($0.kind.rawValue)
            $1.text($0.name)
            $1.text($0.contentHash)
        })

    static let insertFile = Statement<WorkflowFileRow, Void>(
        name: "catalogue_insert_file",
        sql: """
            INSERT INTO engine.workflow_file (kind, name, content_hash, source, current, loaded_at, loaded_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (kind, name, content_hash) DO UPDATE
            SET current = excluded.current
            """,
        encode: {
            $1.text($0.kind.rawValue)
            $1.text($0.name)
            $1.text($0.contentHash)
            $1.bytea($0.source)
            $1.bool($0.isCurrent)
            $1.instant($0.loadedAt)
            $1.text($0.loadedBy)
        })

    static let files = Statement<Bool, WorkflowFileRow>(
        name: "catalogue_files",
        sql: """
            SELECT f.kind, f.name, f.content_hash, f.source, f.current, f.loaded_at, f.loaded_by
            FROM engine.workflow_file f
            WHERE f.current OR NOT $1
            ORDER BY f.kind, f.name, f.loaded_at, f.content_hash
            """,
        encode: { $1.bool($0) },
        decode: {
            let name = try $0.text()
            guard let kind = WorkflowFileRow.Kind(rawValue: name) else {
                throw PostgresError(.conversion, "a workflow file has the unknown kind \(name)")
            }
            return WorkflowFileRow(
                kind: kind, name: try $0.text(), contentHash: try $0.text(), source: try $0.bytea(),
                isCurrent: try $0.bool(), loadedAt: try $0.instant(), loadedBy: try $0.text())
        })

    /// One value for all that is loaded: another value means that something was loaded, or became current.
    static let stamp = Statement<Void, String>(
        name: "catalogue_stamp",
        sql: """
            SELECT encode(sha256(convert_to(coalesce(string_agg(l.line, E'\\n' ORDER BY l.line COLLATE "C"), ''), 'UTF8')), 'hex')
            FROM (
                SELECT concat_ws('|', 'procedure', v.name, v.version, v.content_hash) AS line
                FROM engine.procedure_version v
                UNION ALL
                SELECT concat_ws('|', f.kind, f.name, f.content_hash, f.current)
                FROM engine.workflow_file f
            ) AS l
            """,
        decode: { try $0.text() })
}

enum ClientStatements {
    struct Disabling: Sendable {
        let id: String
        let province: Int16
        let at: Instant?
    }

    static let insert = Statement<ClientRow, Void>(
        name: "client_insert",
        sql: """
            WITH inserted AS (
                INSERT INTO engine.client (id, province, agency, name, roles, scopes, connector, secret_hash, created_at,
                    disabled_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                ON CONFLICT (id) DO NOTHING
                RETURNING 1
            )
            SELECT engine.expect(count(*), 1, 'collision') FROM inserted
            """,
        encode: {
            $1.text($0.id)
            $1.int2($0.province)
            $1.text($0.agency)
            $1.text($0.name)
            $1.textArray($0.roles)
            $1.textArray($0.scopes)
            $1.text($0.connector)
            $1.bytea($0.secretHash)
            $1.instant($0.createdAt)
            $1.instant($0.disabledAt)
        })

    static let byID = Statement<String, ClientRow>(
        name: "client_by_id",
        sql: """
            SELECT c.id, c.province, c.agency, c.name, c.roles, c.scopes, c.connector, c.secret_hash, c.created_at,
                c.disabled_at
            FROM engine.client c
            WHERE c.id = $1
            """,
        encode: { $1.text($0) }, decode: row)

    static let list = Statement<Int16?, ClientRow>(
        name: "client_list",
        sql: """
            SELECT c.id, c.province, c.agency, c.name, c.roles, c.scopes, c.connector, c.secret_hash, c.created_at,
                c.disabled_at
            FROM engine.client c
            WHERE $1::smallint IS NULL OR c.province = $1
            ORDER BY c.id
            """,
        encode: { $1.int2($0) }, decode: row)

    static let disabled = Statement<Void, String>(
        name: "client_disabled",
        sql: "SELECT c.id::text FROM engine.client c WHERE c.disabled_at IS NOT NULL",
        decode: { try $0.text() })

    static let disable = Statement<Disabling, Bool>(
        name: "client_disable",
        sql: """
            UPDATE engine.client c
            SET disabled_at = CASE WHEN $3::timestamptz IS NOT NULL THEN coalesce(c.disabled_at, $3) END
            WHERE c.id = $1 AND c.province = $2
            RETURNING true
            """,
        encode: {
            $1.text($0.id)
            $1.int2($0.province)
            $1.instant($0.at)
        },
        decode: { try $0.bool() })

    private static func row(_ cursor: inout RowCursor) throws -> ClientRow {
        ClientRow(
            id: try cursor.text(), province: try cursor.int2(), agency: try cursor.textOrNull(),
            name: try cursor.text(), roles: try cursor.texts(), scopes: try cursor.texts(),
            connector: try cursor.textOrNull(), secretHash: try cursor.bytea(), createdAt: try cursor.instant(),
            disabledAt: try cursor.instantOrNull())
    }
}
