import Postgres

/// What the courier reads and writes of receivers, cursors and letters.
enum DeliveryStatements {
    /// The receivers for whom there is something to do and whom nobody else works on.
    static let due = Statement<String, String>(
        name: "delivery_due",
        sql: """
            SELECT s.id
            FROM feed.subscriber s
            WHERE s.state = 'active' AND s.next_attempt_at <= clock_timestamp()
                AND (s.leased_until IS NULL OR s.leased_until < clock_timestamp() OR s.lease_owner = $1)
                AND (
                    s.reconcile_at <= clock_timestamp()
                    OR EXISTS (
                        SELECT FROM feed.cursor c
                        LEFT JOIN feed.delivery_cursor d ON d.subscriber = s.id AND d.province = c.province
                        WHERE (cardinality(s.provinces) = 0 OR c.province = ANY (s.provinces))
                            AND coalesce(d.next_n, 0) < c.next_n)
                    OR EXISTS (
                        SELECT FROM feed.letter l
                        WHERE l.subscriber = s.id AND l.dead_at IS NULL AND l.next_attempt_at <= clock_timestamp()
                            AND NOT EXISTS (
                                SELECT FROM feed.letter e
                                WHERE e.subscriber = l.subscriber AND e.province = l.province AND e.dossier = l.dossier
                                    AND e.n < l.n AND (e.dead_at IS NULL OR s.kind = 'portal'))))
            ORDER BY s.id
            """,
        encode: { $1.text($0) }, decode: { try $0.text() })

    /// Takes or keeps the work on a receiver for some milliseconds; no row when it is not to be had.
    static let lease = Statement<(id: String, owner: String, milliseconds: Int64), LeasedRow>(
        name: "delivery_lease",
        sql: """
            UPDATE feed.subscriber s
            SET lease_owner = $2, leased_until = clock_timestamp() + $3 * interval '1 millisecond'
            WHERE s.id = $1 AND s.state = 'active' AND s.next_attempt_at <= clock_timestamp()
                AND (s.leased_until IS NULL OR s.leased_until < clock_timestamp() OR s.lease_owner = $2)
            RETURNING s.id, s.kind, s.url, s.reach, s.provinces, s.agencies, s.procedures, s.settings, s.failures,
                coalesce(s.reconcile_at <= clock_timestamp(), false)
            """,
        encode: {
            $1.text($0.id)
            $1.text($0.owner)
            $1.int8($0.milliseconds)
        },
        decode: { row in
            LeasedRow(
                id: try row.text(), kind: try row.text(), url: try row.text(), reach: try row.text(),
                provinces: try row.int2Array().compactMap { $0 }, agencies: try row.textArray().compactMap { $0 },
                procedures: try row.textArray().compactMap { $0 }, settings: try row.jsonbOrNull(),
                failures: try row.int4(), mustReconcile: try row.bool())
        })

    /// Gives the work on a receiver back.
    static let release = Statement<(id: String, owner: String), Void>(
        name: "delivery_release",
        sql: "UPDATE feed.subscriber SET leased_until = NULL WHERE id = $1 AND lease_owner = $2",
        encode: {
            $1.text($0.id)
            $1.text($0.owner)
        })

    /// The secrets that sign now, the newest first.
    static let secrets = Statement<String, (number: Int32, sealed: [UInt8])>(
        name: "delivery_secrets",
        sql: """
            SELECT number, sealed FROM feed.subscriber_secret
            WHERE subscriber = $1 AND (expires_at IS NULL OR expires_at > clock_timestamp())
            ORDER BY number DESC
            """,
        encode: { $1.text($0) }, decode: { (try $0.int4(), try $0.bytea()) })

    /// The provinces in which notices wait, and how many places of the sequence that is.
    static let waiting = Statement<String, (province: Int16, from: Int64, end: Int64)>(
        name: "delivery_waiting",
        sql: """
            SELECT c.province, coalesce(d.next_n, 0), c.next_n
            FROM feed.subscriber s
            JOIN feed.cursor c ON cardinality(s.provinces) = 0 OR c.province = ANY (s.provinces)
            LEFT JOIN feed.delivery_cursor d ON d.subscriber = s.id AND d.province = c.province
            WHERE s.id = $1 AND coalesce(d.next_n, 0) < c.next_n
            ORDER BY c.province
            """,
        encode: { $1.text($0) }, decode: { (try $0.int2(), try $0.int8(), try $0.int8()) })

    /// Notices of a province in order, each with the one before it of its dossier, and whether a letter of its dossier
    /// is before it. At the portal a dead letter holds its dossier too: nothing is sent there before what came earlier
    /// was acknowledged, or the daily comparison made it void.
    static let notices = Statement<
        (id: String, province: Int16, from: Int64, end: Int64, limit: Int32), WaitingRow
    >(
        name: "delivery_notices",
        sql: """
            SELECT n.n, n.dossier::text, n.number, n.body, p.body,
                EXISTS (
                    SELECT FROM feed.letter l
                    WHERE l.subscriber = s.id AND l.province = n.province AND l.dossier = n.dossier
                        AND (l.dead_at IS NULL OR s.kind = 'portal') AND l.n < n.n)
            FROM feed.subscriber s
            JOIN feed.notice n ON n.province = $2 AND n.n >= $3 AND n.n < $4
            LEFT JOIN feed.notice p
                ON p.province = n.province AND p.dossier = n.dossier AND p.number = n.number - 1
            WHERE s.id = $1
            ORDER BY n.n
            LIMIT $5
            """,
        encode: {
            $1.text($0.id)
            $1.int2($0.province)
            $1.int8($0.from)
            $1.int8($0.end)
            $1.int4($0.limit)
        },
        decode: { row in
            WaitingRow(
                n: try row.int8(), dossier: try row.text(), number: try row.int4(), body: try row.bytea(),
                previous: try row.byteaOrNull(), isBehind: try row.bool())
        })

    /// Letters set aside that are due, of each dossier the first, the oldest first.
    static let letters = Statement<(id: String, limit: Int32), LetterRow>(
        name: "delivery_letters",
        sql: """
            SELECT l.province, l.n, l.dossier::text, l.number, l.attempts, n.body
            FROM feed.letter l
            JOIN feed.subscriber s ON s.id = l.subscriber
            LEFT JOIN feed.notice n ON n.province = l.province AND n.dossier = l.dossier AND n.number = l.number
            WHERE l.subscriber = $1 AND l.dead_at IS NULL AND l.next_attempt_at <= clock_timestamp()
                AND NOT EXISTS (
                    SELECT FROM feed.letter e
                    WHERE e.subscriber = l.subscriber AND e.province = l.province AND e.dossier = l.dossier
                        AND e.n < l.n AND (e.dead_at IS NULL OR s.kind = 'portal'))
            ORDER BY l.next_attempt_at
            LIMIT $2
            """,
        encode: {
            $1.text($0.id)
            $1.int4($0.limit)
        },
        decode: { row in
            LetterRow(
                province: try row.int2(), n: try row.int8(), dossier: try row.text(), number: try row.int4(),
                attempts: try row.int4(), body: try row.byteaOrNull())
        })
}

/// A receiver as its row says.
struct LeasedRow: Sendable {
    let id: String
    let kind: String
    let url: String
    let reach: String
    let provinces: [Int16]
    let agencies: [String]
    let procedures: [String]
    let settings: [UInt8]?
    let failures: Int32
    let mustReconcile: Bool
}

/// A notice that waits for a receiver.
struct WaitingRow: Sendable {
    let n: Int64
    let dossier: String
    let number: Int32
    let body: [UInt8]
    let previous: [UInt8]?
    let isBehind: Bool
}

/// A letter that was set aside; `body` is nil while the feed's cache is being rebuilt.
struct LetterRow: Sendable {
    let province: Int16
    let n: Int64
    let dossier: String
    let number: Int32
    let attempts: Int32
    let body: [UInt8]?
}
