import Dossiers
import Postgres

enum DossierListStatements {
    struct Text: Sendable {
        let province: Int16
        let text: String
    }

    struct Reference: Sendable {
        let province: Int16
        let client: String
        let reference: String
    }

    struct Page: Sendable {
        let province: Int16
        let filter: DossierFilterRow
        /// The dossier beside which it lies; nil: at an end of the list.
        let from: DossierID?
        let limit: Int
    }

    struct Changes: Sendable {
        let province: Int16
        let after: Int64
        let limit: Int
        let centre: String?
        let agency: String?
    }

    /// One dossier: apart from ``byIDs``, which PostgreSQL plans anew at every call, for an array's length tells it more than
    /// it believes to lose by planning. That took a sixth of its time when tasks were completed.
    static let byID = Statement<TaskStatements.Dossier, StoredDossier>(
        name: "dossier_by_id",
        sql: """
            SELECT d.id, d.sequence, d.phase, d.status, d.procedure, d.procedure_version, d.centre, d.agency, d.channel,
                d.submitted_at, d.root, d.parent, d.look_up, d.code, d.client, d.client_reference, d.fold, d.head, d.state
            FROM engine.any_dossier d
            WHERE d.province = $1 AND d.id = $2
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.dossier)
        }, decode: DossierStatements.stored)

    /// Which version of which procedure a dossier is pinned to.
    static let versionOf = Statement<TaskStatements.Dossier, (procedure: String, version: Int)>(
        name: "dossier_version",
        sql: """
            SELECT d.procedure, d.procedure_version
            FROM engine.any_dossier d
            WHERE d.province = $1 AND d.id = $2
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.dossier)
        }, decode: { (try $0.text(), try $0.integer()) })

    static let byIDs = Statement<DossierStatements.Selection, StoredDossier>(
        name: "dossier_by_ids",
        sql: """
            SELECT d.id, d.sequence, d.phase, d.status, d.procedure, d.procedure_version, d.centre, d.agency, d.channel,
                d.submitted_at, d.root, d.parent, d.look_up, d.code, d.client, d.client_reference, d.fold, d.head, d.state
            FROM engine.any_dossier d
            WHERE d.province = $1 AND d.id = ANY($2::uuid[])
            ORDER BY d.id
            """,
        encode: DossierStatements.select, decode: DossierStatements.stored)

    static let byLookUp = Statement<Text, StoredDossier>(
        name: "dossier_by_look_up",
        sql: """
            SELECT d.id, d.sequence, d.phase, d.status, d.procedure, d.procedure_version, d.centre, d.agency, d.channel,
                d.submitted_at, d.root, d.parent, d.look_up, d.code, d.client, d.client_reference, d.fold, d.head, d.state
            FROM engine.any_dossier d
            WHERE d.province = $1 AND d.look_up = $2
            """,
        encode: text, decode: DossierStatements.stored)

    static let byCode = Statement<Text, StoredDossier>(
        name: "dossier_by_code",
        sql: """
            SELECT d.id, d.sequence, d.phase, d.status, d.procedure, d.procedure_version, d.centre, d.agency, d.channel,
                d.submitted_at, d.root, d.parent, d.look_up, d.code, d.client, d.client_reference, d.fold, d.head, d.state
            FROM engine.dossier_code c
            JOIN engine.any_dossier d ON d.province = c.province AND d.id = c.dossier
            WHERE c.province = $1 AND c.code = $2
            """,
        encode: text, decode: DossierStatements.stored)

    static let byReference = Statement<Reference, StoredDossier>(
        name: "dossier_by_reference",
        sql: """
            SELECT d.id, d.sequence, d.phase, d.status, d.procedure, d.procedure_version, d.centre, d.agency, d.channel,
                d.submitted_at, d.root, d.parent, d.look_up, d.code, d.client, d.client_reference, d.fold, d.head, d.state
            FROM engine.any_dossier d
            WHERE d.province = $1 AND d.client = $2 AND d.client_reference = $3
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.client)
            $1.text($0.reference)
        },
        decode: DossierStatements.stored)

    /// Three ranges, each in its index's order, joined and cut: a dossier that is in two comes once.
    static let page = Statement<Page, DossierSummary>(
        name: "dossier_page",
        sql: """
            WITH received AS (
                SELECT d.*
                FROM engine.any_dossier d
                WHERE $2::text IS NOT NULL AND d.province = $1 AND d.centre = $2 AND d.channel > 0
                    AND d.id < coalesce($7::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
                    AND ($4::text IS NULL OR d.procedure = $4)
                    AND ($5::smallint IS NULL OR d.status = $5)
                    AND ($6::smallint IS NULL OR d.phase = $6)
                ORDER BY d.id DESC
                LIMIT $8
            ), answered AS (
                SELECT d.*
                FROM engine.any_dossier d
                WHERE $3::text IS NOT NULL AND d.province = $1 AND d.agency = $3 AND d.channel > 0
                    AND ($2::text IS NULL OR d.centre <> $2)
                    AND d.id < coalesce($7::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
                    AND ($4::text IS NULL OR d.procedure = $4)
                    AND ($5::smallint IS NULL OR d.status = $5)
                    AND ($6::smallint IS NULL OR d.phase = $6)
                ORDER BY d.id DESC
                LIMIT $8
            ), worked AS (
                SELECT d.*
                FROM engine.dossier_agency a
                JOIN engine.any_dossier d ON d.province = a.province AND d.id = a.dossier
                WHERE $3::text IS NOT NULL AND a.province = $1 AND a.agency = $3
                    AND ($2::text IS NULL OR d.centre <> $2) AND d.agency <> $3
                    AND a.dossier < coalesce($7::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
                    AND ($4::text IS NULL OR d.procedure = $4)
                    AND ($5::smallint IS NULL OR d.status = $5)
                    AND ($6::smallint IS NULL OR d.phase = $6)
                ORDER BY a.dossier DESC
                LIMIT $8
            )
            SELECT d.id, d.sequence, d.phase, d.status, d.procedure, d.procedure_version, d.centre, d.agency, d.channel,
                d.submitted_at, d.root, d.parent, d.look_up, d.code, d.client, d.client_reference
            FROM (SELECT * FROM received UNION ALL SELECT * FROM answered UNION ALL SELECT * FROM worked) AS d
            ORDER BY d.id DESC
            LIMIT $8
            """,
        encode: page, decode: DossierStatements.summary)

    /// One row a leaf, its dossier's columns null where the filter leaves it out: the cursor moves on all the same.
    static let changes = Statement<Changes, (n: Int64, dossier: DossierID?)>(
        name: "dossier_changes",
        sql: """
            WITH page AS (
                SELECT l.n, l.province, l.dossier
                FROM engine.leaf l
                WHERE l.province = $1 AND l.n > $2
                ORDER BY l.n
                LIMIT $3
            )
            SELECT p.n, d.id
            FROM page p
            LEFT JOIN engine.any_dossier d
                ON d.province = p.province AND d.id = p.dossier
                    AND (($4::text IS NULL AND $5::text IS NULL) OR d.centre = $4 OR d.agency = $5
                        OR EXISTS (
                            SELECT FROM engine.dossier_agency a
                            WHERE a.province = p.province AND a.agency = $5 AND a.dossier = p.dossier
                        ))
            ORDER BY p.n
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.after)
            $1.integer($0.limit)
            $1.text($0.centre)
            $1.text($0.agency)
        },
        decode: { (try $0.int8(), try $0.dossierOrNull()) })

    static func page(_ page: Page, _ binds: inout Binds) {
        binds.int2(page.province)
        binds.text(page.filter.centre)
        binds.text(page.filter.agency)
        binds.text(page.filter.procedure)
        binds.int2(page.filter.status)
        binds.int2(page.filter.phase?.rawValue)
        binds.dossier(page.from)
        binds.integer(page.limit)
    }

    private static func text(_ value: Text, _ binds: inout Binds) {
        binds.int2(value.province)
        binds.text(value.text)
    }
}
