import Postgres

/// What an administrator reads and changes of receivers.
enum DeskStatements {
    static let add = Statement<NewReceiver, Bool>(
        name: "desk_add",
        sql: """
            INSERT INTO feed.subscriber (
                id, kind, url, reach, provinces, agencies, procedures, settings, state, reconcile_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active',
                CASE WHEN $2 = 'portal' THEN clock_timestamp() + interval '1 day' END)
            ON CONFLICT DO NOTHING
            RETURNING true
            """,
        encode: {
            $1.text($0.id)
            $1.text($0.kind)
            $1.text($0.url)
            $1.text($0.reach)
            $1.int2Array($0.filter.provinces)
            $1.textArray($0.filter.agencies)
            $1.textArray($0.filter.procedures)
            $1.jsonb($0.settings)
        }, decode: { try $0.bool() })

    /// Begins with what comes from now on.
    static let beginNow = Statement<String, Void>(
        name: "desk_begin_now",
        sql: """
            INSERT INTO feed.delivery_cursor AS d (subscriber, province, next_n)
            SELECT $1, c.province, c.next_n FROM feed.cursor c
            ON CONFLICT (subscriber, province) DO UPDATE SET next_n = greatest(d.next_n, excluded.next_n)
            """,
        encode: { $1.text($0) })

    static let addSecret = Statement<(id: String, number: Int32, sealed: [UInt8]), Void>(
        name: "desk_secret_add",
        sql: "INSERT INTO feed.subscriber_secret (subscriber, number, sealed) VALUES ($1, $2, $3)",
        encode: {
            $1.text($0.id)
            $1.int4($0.number)
            $1.bytea($0.sealed)
        })

    /// Locks a receiver; its kind.
    static let lock = Statement<String, String>(
        name: "desk_lock", sql: "SELECT kind FROM feed.subscriber WHERE id = $1 FOR UPDATE",
        encode: { $1.text($0) }, decode: { try $0.text() })

    static let newestSecret = Statement<String, Int32>(
        name: "desk_secret_newest",
        sql: "SELECT coalesce(max(number), 0) FROM feed.subscriber_secret WHERE subscriber = $1",
        encode: { $1.text($0) }, decode: { try $0.int4() })

    /// The former secrets sign on until then at the latest; those that ended are forgotten.
    static let expireSecrets = Statement<(id: String, seconds: Int64), Void>(
        name: "desk_secrets_expire",
        sql: """
            WITH gone AS (
                DELETE FROM feed.subscriber_secret WHERE subscriber = $1 AND expires_at <= clock_timestamp()
            )
            UPDATE feed.subscriber_secret
            SET expires_at = least(expires_at, clock_timestamp() + $2 * interval '1 second')
            WHERE subscriber = $1 AND (expires_at IS NULL OR expires_at > clock_timestamp())
            """,
        encode: {
            $1.text($0.id)
            $1.int8($0.seconds)
        })

    static let pause = Statement<(id: String, reason: String), Bool>(
        name: "desk_pause",
        sql: """
            UPDATE feed.subscriber SET state = 'paused', reason = $2 WHERE id = $1 RETURNING true
            """,
        encode: {
            $1.text($0.id)
            $1.text($0.reason)
        }, decode: { try $0.bool() })

    static let resume = Statement<String, Bool>(
        name: "desk_resume",
        sql: """
            UPDATE feed.subscriber
            SET state = 'active', reason = NULL, failures = 0, failing_since = NULL, last_failure = NULL,
                next_attempt_at = clock_timestamp()
            WHERE id = $1 RETURNING true
            """,
        encode: { $1.text($0) }, decode: { try $0.bool() })

    static let remove = Statement<String, Bool>(
        name: "desk_remove",
        sql: """
            WITH secrets AS (DELETE FROM feed.subscriber_secret WHERE subscriber = $1),
                cursors AS (DELETE FROM feed.delivery_cursor WHERE subscriber = $1),
                letters AS (DELETE FROM feed.letter WHERE subscriber = $1),
                dossiers AS (DELETE FROM feed.portal_dossier WHERE subscriber = $1)
            DELETE FROM feed.subscriber WHERE id = $1 RETURNING true
            """,
        encode: { $1.text($0) }, decode: { try $0.bool() })

    static let list = Statement<Void, ReceiverStanding>(
        name: "desk_list",
        sql: """
            SELECT s.id, s.kind, s.url, s.state, s.reason, s.last_failure, s.failures, s.failing_since, s.delivered_at,
                CASE WHEN s.state = 'active' AND s.failures > 0 THEN s.next_attempt_at END,
                coalesce((
                    SELECT sum(c.next_n - coalesce(d.next_n, 0))
                    FROM feed.cursor c
                    LEFT JOIN feed.delivery_cursor d ON d.subscriber = s.id AND d.province = c.province
                    WHERE cardinality(s.provinces) = 0 OR c.province = ANY (s.provinces)), 0)::bigint,
                (SELECT count(*) FROM feed.letter l WHERE l.subscriber = s.id AND l.dead_at IS NULL),
                (SELECT count(*) FROM feed.letter l WHERE l.subscriber = s.id AND l.dead_at IS NOT NULL)
            FROM feed.subscriber s
            ORDER BY s.id
            """,
        decode: { row in
            ReceiverStanding(
                id: try row.text(), kind: try row.text(), url: try row.text(), state: try row.text(),
                reason: try row.textOrNull(), lastFailure: try row.textOrNull(), failures: Int(try row.int4()),
                failingSince: try row.timestamptzOrNull(), deliveredAt: try row.timestamptzOrNull(),
                nextAttemptAt: try row.timestamptzOrNull(), waitingCount: try row.int8(), openCount: try row.int8(),
                deadCount: try row.int8())
        })

    static let dead = Statement<(id: String, limit: Int32), DeadLetter>(
        name: "desk_dead",
        sql: """
            SELECT l.province, l.n, d.legal_code, l.attempts, l.since, l.dead_at, l.last_failure
            FROM feed.letter l
            LEFT JOIN feed.dossier d ON d.province = l.province AND d.dossier = l.dossier
            WHERE l.subscriber = $1 AND l.dead_at IS NOT NULL
            ORDER BY l.province, l.n
            LIMIT $2
            """,
        encode: {
            $1.text($0.id)
            $1.int4($0.limit)
        },
        decode: { row in
            DeadLetter(
                province: try row.int2(), n: try row.int8(), legalCode: try row.textOrNull(),
                attempts: Int(try row.int4()), since: try row.timestamptz(), deadAt: try row.timestamptz(),
                lastFailure: try row.textOrNull())
        })

    /// All of a receiver's dead letters, or those named.
    static let replay = Statement<(id: String, letters: [(province: Int16, n: Int64)]?), Bool>(
        name: "desk_replay",
        sql: """
            UPDATE feed.letter l
            SET dead_at = NULL, attempts = 0, next_attempt_at = clock_timestamp()
            WHERE l.subscriber = $1 AND l.dead_at IS NOT NULL
                AND ($2 OR (l.province, l.n) IN (
                    SELECT g.province, g.n FROM unnest($3::smallint[], $4::bigint[]) AS g (province, n)))
            RETURNING true
            """,
        encode: {
            $1.text($0.id)
            $1.bool($0.letters == nil)
            $1.int2Array(($0.letters ?? []).map(\.province))
            $1.int8Array(($0.letters ?? []).map(\.n))
        }, decode: { try $0.bool() })

    static let portal = Statement<String, PortalStandings>(
        name: "desk_portal",
        sql: """
            SELECT count(*) FILTER (WHERE d.state = 'sent'), count(*) FILTER (WHERE d.state = 'acknowledged'),
                count(*) FILTER (WHERE d.state = 'refused'),
                count(*) FILTER (WHERE d.difference IS NOT NULL AND NOT r.is_repaired),
                count(*) FILTER (WHERE d.difference IS NOT NULL AND r.is_repaired),
                max(d.checked_at),
                (SELECT s.reconcile_at FROM feed.subscriber s WHERE s.id = $1)
            FROM feed.portal_dossier d
            CROSS JOIN LATERAL (
                SELECT coalesce(d.state = 'acknowledged' AND d.changed_at > d.checked_at, false) AS is_repaired
            ) AS r
            WHERE d.subscriber = $1
            """,
        encode: { $1.text($0) },
        decode: { row in
            PortalStandings(
                sentCount: try row.int8(), acknowledgedCount: try row.int8(), refusedCount: try row.int8(),
                differingCount: try row.int8(), repairedCount: try row.int8(),
                comparedAt: try row.timestamptzOrNull(), nextComparisonAt: try row.timestamptzOrNull())
        })

    static let portalTroubles = Statement<(id: String, limit: Int32), PortalTrouble>(
        name: "desk_portal_troubles",
        sql: """
            SELECT d.legal_code, d.state, d.sent, d.acknowledged, d.code, d.message, d.difference,
                CASE
                    WHEN d.difference IS NOT NULL AND d.state = 'acknowledged' AND d.changed_at > d.checked_at
                    THEN d.changed_at
                END,
                d.changed_at
            FROM feed.portal_dossier d
            WHERE d.subscriber = $1 AND (d.state = 'refused' OR d.difference IS NOT NULL)
            ORDER BY d.changed_at DESC
            LIMIT $2
            """,
        encode: {
            $1.text($0.id)
            $1.int4($0.limit)
        },
        decode: { row in
            PortalTrouble(
                legalCode: try row.text(), state: try row.text(), sent: Int(try row.int4()),
                acknowledged: Int(try row.int4()), code: try row.textOrNull(), message: try row.textOrNull(),
                difference: try row.textOrNull(), repairedAt: try row.timestamptzOrNull(),
                changedAt: try row.timestamptz())
        })

    static let reconcileNow = Statement<String, Bool>(
        name: "desk_reconcile_now",
        sql: """
            UPDATE feed.subscriber SET reconcile_at = clock_timestamp() WHERE id = $1 AND kind = 'portal' RETURNING true
            """,
        encode: { $1.text($0) }, decode: { try $0.bool() })

    static let isReconciling = Statement<String, Bool>(
        name: "desk_is_reconciling",
        sql: "SELECT coalesce(reconcile_at <= clock_timestamp(), false) FROM feed.subscriber WHERE id = $1",
        encode: { $1.text($0) }, decode: { try $0.bool() })
}

/// A receiver's row as it is made.
struct NewReceiver: Sendable {
    let id: String
    let kind: String
    let url: String
    let reach: String
    let filter: SubscriberFilter
    let settings: [UInt8]?
}
