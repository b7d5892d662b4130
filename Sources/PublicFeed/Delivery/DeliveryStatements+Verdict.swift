import Postgres

/// A letter as it is written.
struct LetterWrite: Sendable {
    let province: Int16
    let n: Int64
    let dossier: String
    let number: Int32
    let attempts: Int32
    /// Until the next try, in microseconds; nil: it is dead.
    let pause: Int64?
    let reason: String?
}

/// What a round writes, all in one transaction that holds the receiver's row.
extension DeliveryStatements {
    /// Locks the receiver while this worker still has it; no row otherwise.
    static let hold = Statement<(id: String, owner: String), Bool>(
        name: "delivery_hold",
        sql: """
            SELECT true FROM feed.subscriber
            WHERE id = $1 AND lease_owner = $2 AND leased_until > clock_timestamp()
            FOR UPDATE
            """,
        encode: {
            $1.text($0.id)
            $1.text($0.owner)
        }, decode: { try $0.bool() })

    /// Cursors only move forward.
    static let moveCursors = Statement<(id: String, cursors: [(province: Int16, next: Int64)]), Void>(
        name: "delivery_cursors_move",
        sql: """
            INSERT INTO feed.delivery_cursor AS d (subscriber, province, next_n)
            SELECT $1, g.province, g.next_n
            FROM unnest($2::smallint[], $3::bigint[]) AS g (province, next_n)
            ON CONFLICT (subscriber, province) DO UPDATE SET next_n = greatest(d.next_n, excluded.next_n)
            """,
        encode: {
            $1.text($0.id)
            $1.int2Array($0.cursors.map(\.province))
            $1.int8Array($0.cursors.map(\.next))
        })

    static let putLetters = Statement<(id: String, letters: [LetterWrite]), Void>(
        name: "delivery_letters_put",
        sql: """
            INSERT INTO feed.letter AS l
                (subscriber, province, n, dossier, number, attempts, next_attempt_at, last_failure, dead_at)
            SELECT $1, g.province, g.n, g.dossier::uuid, g.number, g.attempts,
                clock_timestamp() + coalesce(g.pause, 0) * interval '1 microsecond', g.reason,
                CASE WHEN g.pause IS NULL THEN clock_timestamp() END
            FROM unnest(
                $2::smallint[], $3::bigint[], $4::text[], $5::integer[], $6::integer[], $7::bigint[], $8::text[])
                AS g (province, n, dossier, number, attempts, pause, reason)
            ON CONFLICT (subscriber, province, n) DO UPDATE SET
                attempts = greatest(l.attempts, excluded.attempts), next_attempt_at = excluded.next_attempt_at,
                last_failure = coalesce(excluded.last_failure, l.last_failure), dead_at = excluded.dead_at
            """,
        encode: {
            $1.text($0.id)
            $1.int2Array($0.letters.map(\.province))
            $1.int8Array($0.letters.map(\.n))
            $1.textArray($0.letters.map(\.dossier))
            $1.int4Array($0.letters.map(\.number))
            $1.int4Array($0.letters.map(\.attempts))
            $1.int8Array($0.letters.map(\.pause))
            $1.textArray($0.letters.map(\.reason))
        })

    static let dropLetters = Statement<(id: String, letters: [(province: Int16, n: Int64)]), Void>(
        name: "delivery_letters_drop",
        sql: """
            DELETE FROM feed.letter l
            USING unnest($2::smallint[], $3::bigint[]) AS g (province, n)
            WHERE l.subscriber = $1 AND l.province = g.province AND l.n = g.n
            """,
        encode: {
            $1.text($0.id)
            $1.int2Array($0.letters.map(\.province))
            $1.int8Array($0.letters.map(\.n))
        })

    static let isWell = Statement<String, Void>(
        name: "delivery_is_well",
        sql: """
            UPDATE feed.subscriber
            SET failures = 0, failing_since = NULL, last_failure = NULL, delivered_at = clock_timestamp()
            WHERE id = $1
            """,
        encode: { $1.text($0) })

    static let isFailing = Statement<(id: String, failures: Int32, pause: Int64, reason: String), Void>(
        name: "delivery_is_failing",
        sql: """
            UPDATE feed.subscriber
            SET failures = $2, failing_since = CASE WHEN $2 = 0 THEN NULL
                    ELSE coalesce(failing_since, clock_timestamp()) END,
                last_failure = $4, next_attempt_at = clock_timestamp() + $3 * interval '1 microsecond'
            WHERE id = $1
            """,
        encode: {
            $1.text($0.id)
            $1.int4($0.failures)
            $1.int8($0.pause)
            $1.text($0.reason)
        })

    static let disable = Statement<(id: String, reason: String), Void>(
        name: "delivery_disable",
        sql: """
            UPDATE feed.subscriber
            SET state = 'disabled', reason = $2, last_failure = $2, failures = failures + 1,
                failing_since = coalesce(failing_since, clock_timestamp())
            WHERE id = $1 AND state = 'active'
            """,
        encode: {
            $1.text($0.id)
            $1.text($0.reason)
        })
}
