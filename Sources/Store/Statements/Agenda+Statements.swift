import Dossiers
import Postgres
import WorkingTime

enum AgendaStatements {
    struct Due: Sendable {
        let province: Int16
        let before: Instant
        let from: Instant?
        let limit: Int
        let tries: Int
    }

    struct Failure: Sendable {
        let province: Int16
        let row: ClearedAgenda
        let error: String
        let at: Instant
        let retryAt: Instant
    }

    struct Page: Sendable {
        let province: Int16
        /// The row beside which it lies; nil: at an end of the list.
        let from: ClearedAgenda?
        let limit: Int
    }

    /// What was consumed is stuck no more.
    static let clear = Statement<Rows<ClearedAgenda>, Void>(
        name: "agenda_clear",
        sql: """
            WITH gone AS (
                DELETE FROM engine.agenda a
                USING unnest($2::uuid[], $3::text[]) AS c (dossier, key)
                WHERE a.province = $1 AND a.dossier = c.dossier AND a.key = c.key
            )
            DELETE FROM engine.stuck s
            USING unnest($2::uuid[], $3::text[]) AS c (dossier, key)
            WHERE s.province = $1 AND s.dossier = c.dossier AND s.key = c.key
            """,
        encode: keys)

    static let upsert = Statement<Rows<AgendaRow>, Void>(
        name: "agenda_upsert",
        sql: """
            INSERT INTO engine.agenda (province, dossier, key, due_at, payload)
            SELECT $1, a.*
            FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::bytea[]) AS a
            ON CONFLICT (province, dossier, key) DO UPDATE
            SET due_at = excluded.due_at, payload = excluded.payload
            """,
        encode: rows)

    /// For the relay, which may bring a message twice.
    static let deliver = Statement<Rows<AgendaRow>, Void>(
        name: "agenda_deliver",
        sql: """
            INSERT INTO engine.agenda (province, dossier, key, due_at, payload)
            SELECT $1, a.*
            FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::bytea[]) AS a
            ON CONFLICT (province, dossier, key) DO NOTHING
            """,
        encode: rows)

    /// One row for every dossier that is still open; those that have it already stay as they are.
    static let tellAllOpen = Statement<(province: Int16, key: String, due: Instant), Void>(
        name: "agenda_tell_all_open",
        sql: """
            INSERT INTO engine.agenda (province, dossier, key, due_at)
            SELECT d.province, d.id, $2::text, $3::timestamptz
            FROM engine.dossier d
            WHERE d.province = $1 AND d.phase < 2
            ON CONFLICT (province, dossier, key) DO NOTHING
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.key)
            $1.instant($0.due)
        })

    static let provincesDue = Statement<Instant, Int16>(
        name: "agenda_provinces_due", sql: "SELECT engine.provinces_due($1)", encode: { $1.instant($0) },
        decode: { try $0.int2() })

    /// Without locks; what failed too often, or a moment ago, is passed over.
    static let due = Statement<Due, AgendaRow>(
        name: "agenda_due",
        sql: """
            SELECT a.dossier, a.key, a.due_at, a.payload
            FROM engine.agenda a
            WHERE a.province = $1 AND a.key > '' AND a.due_at <= $2 AND a.due_at >= coalesce($3::timestamptz, '-infinity')
                AND NOT EXISTS (
                    SELECT FROM engine.stuck s
                    WHERE s.province = a.province AND s.dossier = a.dossier AND s.key = a.key
                        AND (s.tries >= $5 OR s.retry_at > $2)
                )
            ORDER BY a.due_at, a.dossier, a.key
            LIMIT $4
            """,
        encode: {
            $1.int2($0.province)
            $1.instant($0.before)
            $1.instant($0.from)
            $1.integer($0.limit)
            $1.integer($0.tries)
        },
        decode: {
            AgendaRow(
                dossier: try $0.dossier(), key: try $0.text(), dueAt: try $0.instant(), payload: try $0.byteaOrNull())
        })

    static let noteStuck = Statement<Failure, Int>(
        name: "stuck_note",
        sql: """
            INSERT INTO engine.stuck AS s (province, dossier, key, tries, error, first_at, last_at, retry_at)
            VALUES ($1, $2, $3, 1, $4, $5, $5, $6)
            ON CONFLICT (province, dossier, key) DO UPDATE
            SET tries = s.tries + 1, error = excluded.error, last_at = excluded.last_at, retry_at = excluded.retry_at
            RETURNING tries
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.row.dossier)
            $1.text($0.row.key)
            $1.text($0.error)
            $1.instant($0.at)
            $1.instant($0.retryAt)
        },
        decode: { try $0.integer() })

    static let stuck = Statement<Page, StuckRow>(
        name: "stuck_page",
        sql: """
            SELECT s.dossier, s.key, s.tries, s.error, s.first_at, s.last_at, s.retry_at
            FROM engine.stuck s
            WHERE s.province = $1
                AND (s.dossier, s.key) > (coalesce($2::uuid, '00000000-0000-0000-0000-000000000000'), coalesce($3, ''))
            ORDER BY s.dossier, s.key
            LIMIT $4
            """,
        encode: page, decode: stuckRow)

    static let stuckCount = Statement<(province: Int16, tries: Int), Int>(
        name: "stuck_count",
        sql: "SELECT count(*) FROM engine.stuck s WHERE s.province = $1 AND s.tries >= $2",
        encode: {
            $1.int2($0.province)
            $1.integer($0.tries)
        },
        decode: { try $0.bigint() })

    static let freeStuck = Statement<Rows<ClearedAgenda>, Bool>(
        name: "stuck_free",
        sql: """
            DELETE FROM engine.stuck s
            USING unnest($2::uuid[], $3::text[]) AS c (dossier, key)
            WHERE s.province = $1 AND s.dossier = c.dossier AND s.key = c.key
            RETURNING true
            """,
        encode: keys, decode: { try $0.bool() })

    static func page(_ page: Page, _ binds: inout Binds) {
        binds.int2(page.province)
        binds.dossier(page.from?.dossier)
        binds.text(page.from?.key)
        binds.integer(page.limit)
    }

    static func stuckRow(_ cursor: inout RowCursor) throws -> StuckRow {
        StuckRow(
            dossier: try cursor.dossier(), key: try cursor.text(), tries: try cursor.integer(),
            error: try cursor.text(), firstAt: try cursor.instant(), lastAt: try cursor.instant(),
            retryAt: try cursor.instant())
    }

    private static func keys(_ cleared: Rows<ClearedAgenda>, _ binds: inout Binds) {
        binds.int2(cleared.province)
        binds.dossiers(cleared.rows.map(\.dossier))
        binds.textArray(cleared.rows.map(\.key))
    }

    private static func rows(_ set: Rows<AgendaRow>, _ binds: inout Binds) {
        binds.int2(set.province)
        binds.dossiers(set.rows.map(\.dossier))
        binds.textArray(set.rows.map(\.key))
        binds.instants(set.rows.map(\.dueAt))
        binds.byteaArray(set.rows.map(\.payload))
    }
}
