import Dossiers
import Postgres
import WorkingTime

enum HeadsStatements {
    struct Page: Sendable {
        let province: Int16
        let after: DossierID?
        let limit: Int
    }

    struct Moved: Sendable {
        let province: Int16
        let dossiers: [DossierHead]
        let since: Instant?
    }

    struct New: Sendable {
        let province: Int16
        let day: CivilDate
        let readAt: Instant
        let body: [UInt8]
        let at: Instant?
    }

    /// Up to which instant heads were read for the last heads leaf, and which day it covers.
    static let last = Statement<Int16, (day: CivilDate, readAt: Instant)>(
        name: "heads_last",
        sql: "SELECT h.day, h.read_at FROM engine.heads h WHERE h.province = $1 ORDER BY h.day DESC LIMIT 1",
        encode: { $1.int2($0) }, decode: { (try $0.day(), try $0.instant()) })

    /// A page of dossiers, in the order of their identities; without their heads where the last notice has them.
    static let page = Statement<Page, DossierHead>(
        name: "heads_page",
        sql: """
            SELECT d.id, d.sequence, CASE WHEN n.head IS DISTINCT FROM d.head THEN d.head END
            FROM engine.dossier d
            LEFT JOIN LATERAL (
                SELECT m.head
                FROM engine.notice m
                WHERE m.province = d.province AND m.dossier = d.id
                ORDER BY m.number DESC
                LIMIT 1
            ) AS n ON true
            WHERE d.province = $1 AND d.id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000')
            ORDER BY d.id
            LIMIT $3
            """,
        encode: {
            $1.int2($0.province)
            $1.dossier($0.after)
            $1.integer($0.limit)
        },
        decode: {
            DossierHead(dossier: try $0.dossier(), sequence: try $0.int8(), unpublished: try $0.byteaOrNull())
        })

    /// Those whose last event was recorded since an instant.
    static let moved = Statement<Moved, DossierID>(
        name: "heads_moved",
        sql: """
            SELECT e.dossier
            FROM unnest($2::date[], $3::uuid[], $4::bigint[]) AS w (received, dossier, sequence)
            JOIN engine.event e
                ON e.province = $1 AND e.received = w.received AND e.dossier = w.dossier AND e.sequence = w.sequence
            WHERE e.recorded_at >= coalesce($5::timestamptz, '-infinity')
            """,
        encode: {
            $1.int2($0.province)
            $1.days($0.dossiers.map(\.dossier.receivedMonth))
            $1.dossiers($0.dossiers.map(\.dossier))
            $1.int8Array($0.dossiers.map(\.sequence))
            $1.instant($0.since)
        },
        decode: { try $0.dossier() })

    /// Under the head row's lock: the leaf, its body, and the next number; no row when the day has one already.
    static let insert = Statement<New, Int64>(
        name: "heads_insert",
        sql: """
            WITH made AS (
                INSERT INTO engine.heads (province, day, n, read_at, body)
                SELECT s.province, $2, s.next_n, $3, $4
                FROM engine.sequencer s
                WHERE s.province = $1
                ON CONFLICT (province, day) DO NOTHING
                RETURNING province, n, body
            ), salted AS MATERIALIZED (
                SELECT m.province, m.n, m.body,
                    substr(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 1, 16) AS salt
                FROM made m
            ), leaf AS (
                INSERT INTO engine.leaf (province, n, salt, hash, sequenced_at)
                SELECT s.province, s.n, s.salt,
                    sha256('\\x00'::bytea || s.salt || sha256(s.body) || decode(repeat('00', 32), 'hex')),
                    coalesce($5::timestamptz, clock_timestamp())
                FROM salted s
                RETURNING n
            )
            UPDATE engine.sequencer s
            SET next_n = l.n + 1
            FROM leaf l
            WHERE s.province = $1
            RETURNING l.n
            """,
        encode: {
            $1.int2($0.province)
            $1.day($0.day)
            $1.instant($0.readAt)
            $1.bytea($0.body)
            $1.instant($0.at)
        },
        decode: { try $0.int8() })
}
