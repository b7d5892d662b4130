import Dossiers
import Postgres
import WorkingTime

enum TaskStatements {
    struct Key: Sendable {
        let province: Int16
        let key: ClosedTask
    }

    struct Dossier: Sendable {
        let province: Int16
        let dossier: DossierID
    }

    struct Page: Sendable {
        let province: Int16
        let filter: WorklistFilter
        /// The task beside which it lies; nil: at an end of the list.
        let from: WorklistPosition?
        let limit: Int
    }

    struct Lease: Sendable {
        let province: Int16
        let connector: String
        let now: Instant
        let until: Instant
        let limit: Int
    }

    static let close = Statement<Rows<ClosedTask>, Void>(
        name: "task_close",
        sql: """
            DELETE FROM engine.task t
            USING unnest($2::uuid[], $3::bigint[]) AS c (dossier, activation)
            WHERE t.province = $1 AND t.dossier = c.dossier AND t.activation = c.activation
            """,
        encode: {
            $1.int2($0.province)
            $1.dossiers($0.rows.map(\.dossier))
            $1.bigints($0.rows.map(\.activation))
        })

    /// A call whose next try moved is in nobody's hands; any other change leaves the lease alone.
    static let upsert = Statement<Rows<TaskRow>, Void>(
        name: "task_upsert",
        sql: """
            INSERT INTO engine.task AS t (province, dossier, activation, kind, step, procedure, agency, role, officer,
                claims, opened_at, due_at, not_before)
            SELECT $1, s.dossier, s.activation, s.kind, s.step, s.procedure, s.agency, s.role, s.officer, s.claims,
                s.opened_at, coalesce(s.due_at, 'infinity'), s.not_before
            FROM unnest($2::uuid[], $3::bigint[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::bigint[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[])
                AS s (dossier, activation, kind, step, procedure, agency, role, officer, claims, opened_at, due_at,
                    not_before)
            ON CONFLICT (province, dossier, activation) DO UPDATE
            SET kind = excluded.kind, step = excluded.step, agency = excluded.agency, role = excluded.role,
                officer = excluded.officer, claims = excluded.claims, opened_at = excluded.opened_at,
                due_at = excluded.due_at, not_before = excluded.not_before,
                lease_until = CASE
                    WHEN excluded.kind = 3 AND t.not_before IS NOT DISTINCT FROM excluded.not_before THEN t.lease_until
                END
            """,
        encode: { set, binds in
            let tasks = set.rows.map(\.task)
            binds.int2(set.province)
            binds.dossiers(set.rows.map(\.dossier))
            binds.bigints(tasks.map(\.activation))
            binds.int2Array(tasks.map(\.kind.rawValue))
            binds.textArray(tasks.map(\.step))
            binds.textArray(set.rows.map(\.procedure))
            binds.textArray(tasks.map(\.agency))
            binds.textArray(tasks.map(\.role))
            binds.textArray(tasks.map(\.officer))
            binds.bigints(tasks.map(\.claims))
            binds.instants(tasks.map(\.opened))
            binds.instants(tasks.map(\.due))
            binds.instants(tasks.map(\.notBefore))
        })

    static let byKey = Statement<Key, TaskRow>(
        name: "task_by_key",
        sql: """
            SELECT t.dossier, t.procedure, t.activation, t.kind, t.step, t.agency, t.role, t.officer, t.claims,
                t.opened_at, nullif(t.due_at, 'infinity'), t.not_before
            FROM engine.task t
            WHERE t.province = $1 AND t.dossier = $2 AND t.activation = $3
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.key.dossier)
            $1.bigint($0.key.activation)
        },
        decode: row)

    static let ofDossier = Statement<Dossier, TaskRow>(
        name: "task_of_dossier",
        sql: """
            SELECT t.dossier, t.procedure, t.activation, t.kind, t.step, t.agency, t.role, t.officer, t.claims,
                t.opened_at, nullif(t.due_at, 'infinity'), t.not_before
            FROM engine.task t
            WHERE t.province = $1 AND t.dossier = $2
            ORDER BY t.activation
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.dossier)
        },
        decode: row)

    /// One range of the worklist's index a role, each cut to the page's size before they are merged. The bound on `due_at`
    /// is there twice, since behind row-level security a comparison of rows cannot start an index scan.
    static let worklist = Statement<Page, WorklistItem>(
        name: "task_worklist",
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
                        AND w.due_at >= CASE WHEN $8::uuid IS NULL THEN '-infinity' ELSE coalesce($7, 'infinity') END
                        AND (w.due_at, w.dossier, w.activation) > (
                            CASE WHEN $8::uuid IS NULL THEN '-infinity' ELSE coalesce($7, 'infinity') END,
                            coalesce($8, '00000000-0000-0000-0000-000000000000'), coalesce($9::bigint, 0))
                        AND ($4::smallint IS NULL OR w.kind = $4)
                        AND ($5::text IS NULL OR w.step = $5)
                        AND ($12::text IS NULL OR w.procedure = $12)
                        AND ($6::text IS NULL OR w.officer = $6 OR ($11::boolean AND w.officer IS NULL))
                        AND ($6::text IS NOT NULL OR NOT $11::boolean OR w.officer IS NULL)
                    ORDER BY w.due_at, w.dossier, w.activation
                    LIMIT $10
                ) AS p
                ORDER BY p.due_at, p.dossier, p.activation
                LIMIT $10
            ) AS t
            JOIN engine.dossier d ON d.province = t.province AND d.id = t.dossier
            ORDER BY t.due_at, t.dossier, t.activation
            """,
        encode: page, decode: item)

    /// Those of the agencies that have open tasks, and how many.
    static let atAgencies = Statement<(province: Int16, agencies: [String]), (agency: String, count: Int)>(
        name: "task_at_agencies",
        sql: """
            SELECT w.agency, n.count
            FROM unnest($2::text[]) AS w (agency)
            CROSS JOIN LATERAL (
                SELECT count(*) FROM engine.task t WHERE t.province = $1 AND t.agency = w.agency AND t.kind > 0
            ) AS n (count)
            WHERE n.count > 0
            ORDER BY w.agency
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.agencies)
        },
        decode: { (try $0.text(), try $0.bigint()) })

    /// The CTE is a fence: without it the planner may lease more than the limit.
    static let lease = Statement<Lease, TaskRow>(
        name: "task_lease",
        sql: """
            WITH free AS MATERIALIZED (
                SELECT t.province, t.dossier, t.activation
                FROM engine.task t
                WHERE t.province = $1 AND t.kind = 3 AND t.role = $2
                    AND (t.not_before IS NULL OR t.not_before <= $3)
                    AND (t.lease_until IS NULL OR t.lease_until <= $3)
                ORDER BY t.not_before NULLS FIRST
                LIMIT $5
                FOR UPDATE SKIP LOCKED
            )
            UPDATE engine.task t
            SET lease_until = $4
            FROM free f
            WHERE t.province = f.province AND t.dossier = f.dossier AND t.activation = f.activation
            RETURNING t.dossier, t.procedure, t.activation, t.kind, t.step, t.agency, t.role, t.officer, t.claims,
                t.opened_at, nullif(t.due_at, 'infinity'), t.not_before
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.connector)
            $1.instant($0.now)
            $1.instant($0.until)
            $1.integer($0.limit)
        },
        decode: row)

    static func page(_ page: Page, _ binds: inout Binds) {
        binds.int2(page.province)
        binds.text(page.filter.agency)
        binds.textArray(Set(page.filter.roles).sorted())
        binds.int2(page.filter.kind?.rawValue)
        binds.text(page.filter.step)
        binds.text(page.filter.officer.holder)
        binds.instant(page.from?.due)
        binds.dossier(page.from?.dossier)
        binds.bigint(page.from?.activation)
        binds.integer(page.limit)
        binds.bool(page.filter.officer.includesFree)
        binds.text(page.filter.procedure)
    }

    static func item(_ cursor: inout RowCursor) throws -> WorklistItem {
        WorklistItem(
            row: try row(&cursor), procedureVersion: try cursor.integer(), centre: try cursor.text(),
            submittedAt: try cursor.instant(), code: try cursor.textOrNull())
    }

    static func row(_ cursor: inout RowCursor) throws -> TaskRow {
        let dossier = try cursor.dossier()
        let procedure = try cursor.text()
        let activation = try cursor.bigint()
        let number = try cursor.int2()
        guard let kind = OpenTask.Kind(rawValue: number) else {
            throw PostgresError(.conversion, "a task has the unknown kind \(number)")
        }
        let task = OpenTask(
            activation: activation, kind: kind, step: try cursor.text(), agency: try cursor.text(),
            role: try cursor.text(), officer: try cursor.textOrNull(), claims: try cursor.bigint(),
            opened: try cursor.instant(), due: try cursor.instantOrNull(), notBefore: try cursor.instantOrNull())
        return TaskRow(dossier: dossier, procedure: procedure, task: task)
    }
}

extension WorklistOfficer {
    /// The officer whose tasks are shown; nil: no particular one's.
    var holder: String? {
        switch self {
        case .any, .nobody: nil
        case .only(let officer), .onlyOrNobody(let officer): officer
        }
    }

    /// Without a holder: only the free ones; with one: the free ones too.
    var includesFree: Bool {
        switch self {
        case .any, .only: false
        case .nobody, .onlyOrNobody: true
        }
    }
}
