import Dossiers
import Postgres

/// The pages that stand before a place of a list, each read from its end: the nearest item comes first.
enum BackwardStatements {
    static let dossiers = Statement<DossierListStatements.Page, DossierSummary>(
        name: "dossier_page_before",
        sql: """
            WITH received AS (
                SELECT d.*
                FROM engine.any_dossier d
                WHERE $2::text IS NOT NULL AND d.province = $1 AND d.centre = $2 AND d.channel > 0
                    AND d.id > coalesce($7::uuid, '00000000-0000-0000-0000-000000000000')
                    AND ($4::text IS NULL OR d.procedure = $4)
                    AND ($5::smallint IS NULL OR d.status = $5)
                    AND ($6::smallint IS NULL OR d.phase = $6)
                ORDER BY d.id
                LIMIT $8
            ), answered AS (
                SELECT d.*
                FROM engine.any_dossier d
                WHERE $3::text IS NOT NULL AND d.province = $1 AND d.agency = $3 AND d.channel > 0
                    AND ($2::text IS NULL OR d.centre <> $2)
                    AND d.id > coalesce($7::uuid, '00000000-0000-0000-0000-000000000000')
                    AND ($4::text IS NULL OR d.procedure = $4)
                    AND ($5::smallint IS NULL OR d.status = $5)
                    AND ($6::smallint IS NULL OR d.phase = $6)
                ORDER BY d.id
                LIMIT $8
            ), worked AS (
                SELECT d.*
                FROM engine.dossier_agency a
                JOIN engine.any_dossier d ON d.province = a.province AND d.id = a.dossier
                WHERE $3::text IS NOT NULL AND a.province = $1 AND a.agency = $3
                    AND ($2::text IS NULL OR d.centre <> $2) AND d.agency <> $3
                    AND a.dossier > coalesce($7::uuid, '00000000-0000-0000-0000-000000000000')
                    AND ($4::text IS NULL OR d.procedure = $4)
                    AND ($5::smallint IS NULL OR d.status = $5)
                    AND ($6::smallint IS NULL OR d.phase = $6)
                ORDER BY a.dossier
                LIMIT $8
            )
            SELECT d.id, d.sequence, d.phase, d.status, d.procedure, d.procedure_version, d.centre, d.agency, d.channel,
                d.submitted_at, d.root, d.parent, d.look_up, d.code, d.client, d.client_reference
            FROM (SELECT * FROM received UNION ALL SELECT * FROM answered UNION ALL SELECT * FROM worked) AS d
            ORDER BY d.id
            LIMIT $8
            """,
        encode: DossierListStatements.page, decode: DossierStatements.summary)

    /// The bound on `due_at` is there twice, as in the worklist itself.
    static let worklist = Statement<TaskStatements.Page, WorklistItem>(
        name: "task_worklist_before",
        sql: """
            SELECT t.dossier, t.procedure, t.activation, t.kind, t.step, t.agency, t.role, t.officer, t.claims,
                t.opened_at, nullif(t.due_at, 'infinity'), t.not_before,
                d.procedure_version, d.centre, d.submitted_at, d.code
            FROM (
                SELECT p.*
                FROM unnest($3::text[]) AS r (role)
                CROSS JOIN LATERAL (
                    SELECT w.*
                    FROM engine.task w
                    WHERE w.province = $1 AND w.agency = $2 AND w.role = r.role AND w.kind > 0
                        AND w.due_at <= coalesce($7, 'infinity')
                        AND (w.due_at, w.dossier, w.activation) < (
                            coalesce($7, 'infinity'),
                            coalesce($8, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), coalesce($9::bigint, 0))
                        AND ($4::smallint IS NULL OR w.kind = $4)
                        AND ($5::text IS NULL OR w.step = $5)
                        AND ($12::text IS NULL OR w.procedure = $12)
                        AND ($6::text IS NULL OR w.officer = $6 OR ($11::boolean AND w.officer IS NULL))
                        AND ($6::text IS NOT NULL OR NOT $11::boolean OR w.officer IS NULL)
                    ORDER BY w.due_at DESC, w.dossier DESC, w.activation DESC
                    LIMIT $10
                ) AS p
                ORDER BY p.due_at DESC, p.dossier DESC, p.activation DESC
                LIMIT $10
            ) AS t
            JOIN engine.dossier d ON d.province = t.province AND d.id = t.dossier
            ORDER BY t.due_at DESC, t.dossier DESC, t.activation DESC
            """,
        encode: TaskStatements.page, decode: TaskStatements.item)

    static let stuck = Statement<AgendaStatements.Page, StuckRow>(
        name: "stuck_page_before",
        sql: """
            SELECT s.dossier, s.key, s.tries, s.error, s.first_at, s.last_at, s.retry_at
            FROM engine.stuck s
            WHERE s.province = $1
                AND (s.dossier, s.key) < (coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), coalesce($3, ''))
            ORDER BY s.dossier DESC, s.key DESC
            LIMIT $4
            """,
        encode: AgendaStatements.page, decode: AgendaStatements.stuckRow)

    static let accesses = Statement<PersonalStatements.AccessPage, RecordedAccess>(
        name: "access_page_before",
        sql: """
            SELECT a.id, a.at, a.client, a.officer, a.dossiers, a.sections, a.purpose
            FROM (
                SELECT r.province, r.access
                FROM engine.access_dossier r
                WHERE r.province = $1 AND r.dossier = $2 AND r.access > coalesce($3::bigint, 0)
                ORDER BY r.access
                LIMIT $4
            ) AS p
            JOIN engine.access a ON a.province = p.province AND a.id = p.access
            ORDER BY a.id
            """,
        encode: PersonalStatements.accessPage, decode: PersonalStatements.recordedAccess)
}
