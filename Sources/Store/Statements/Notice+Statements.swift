import Crypto
import Postgres
import WorkingTime

enum NoticeStatements {
    static let insert = Statement<Rows<NoticeRow>, Void>(
        name: "notice_insert",
        sql: """
            INSERT INTO engine.notice (province, dossier, number, root, look_up, recorded_at, head, body)
            SELECT $1, n.*
            FROM unnest($2::uuid[], $3::integer[], $4::uuid[], $5::text[], $6::timestamptz[], $7::bytea[], $8::bytea[])
                AS n
            """,
        encode: { new, binds in
            let rows = new.rows
            binds.int2(new.province)
            binds.dossiers(rows.map(\.dossier))
            binds.int4Array(rows.map(\.number))
            binds.dossiers(rows.map(\.root))
            binds.textArray(rows.map(\.lookUp))
            binds.instants(rows.map(\.recordedAt))
            binds.byteaArray(rows.map(\.head))
            binds.byteaArray(rows.map(\.body))
        })

    /// In the order of the rows, so that a dossier's notices are numbered in theirs.
    static let enqueue = Statement<Rows<NoticeRow>, Void>(
        name: "notice_enqueue",
        sql: """
            INSERT INTO engine.notice_queue (province, dossier, number, content)
            SELECT $1, n.dossier, n.number, n.content
            FROM unnest($2::uuid[], $3::integer[], $4::bytea[]) WITH ORDINALITY AS n (dossier, number, content, place)
            ORDER BY n.place
            """,
        encode: {
            $1.int2($0.province)
            $1.dossiers($0.rows.map(\.dossier))
            $1.int4Array($0.rows.map(\.number))
            $1.byteaArray($0.rows.map(\.leafContent))
        })
}

enum SequencerStatements {
    struct Step: Sendable {
        let province: Int16
        let limit: Int
        let at: Instant?
    }

    /// Looks before it inserts: an insertion that meets the row waits for a sequencer that is changing it.
    static let ensure = Statement<Int16, Void>(
        name: "sequencer_ensure",
        sql: """
            INSERT INTO engine.sequencer (province, next_n)
            SELECT $1, 0
            WHERE NOT EXISTS (SELECT FROM engine.sequencer s WHERE s.province = $1)
            ON CONFLICT (province) DO NOTHING
            """,
        encode: { $1.int2($0) })

    static let provinces = Statement<Void, Int16>(
        name: "sequencer_provinces", sql: "SELECT engine.provinces_queued()", decode: { try $0.int2() })

    static let known = Statement<Void, Int16>(
        name: "sequencer_known", sql: "SELECT engine.provinces_known()", decode: { try $0.int2() })

    /// Whoever holds the head row is the province's one sequencer.
    static let lock = Statement<Int16, Int64>(
        name: "sequencer_lock",
        sql: "SELECT s.next_n FROM engine.sequencer s WHERE s.province = $1 FOR UPDATE",
        encode: { $1.int2($0) }, decode: { try $0.int8() })

    /// Under the head row's lock, in a snapshot younger than it: deletes from the queue what it numbers, so that a notice
    /// that commits late is numbered late, and never passed over (R6). It joins nothing to the queue: that is nearly empty
    /// whenever it is analysed, and a plan made for an empty table would walk all that was ever deleted from it. Which dossiers
    /// were erased is asked by arrays of keys, once for all: whoever has personal values was not, and of the others alone the
    /// register is read. The leaf of one that was is made with a salt that nobody keeps.
    static let step = Statement<Step, Int>(
        name: "sequencer_step",
        sql: """
            WITH oldest AS MATERIALIZED (
                SELECT q.id
                FROM engine.notice_queue q
                WHERE q.province = $1
                ORDER BY q.id
                LIMIT $2
            ), taken AS (
                DELETE FROM engine.notice_queue q
                WHERE q.province = $1 AND q.id <= (SELECT max(o.id) FROM oldest o)
                RETURNING q.id, q.dossier, q.number, q.content
            ), keyed AS MATERIALIZED (
                SELECT k.dossier
                FROM engine.data_key k
                WHERE k.province = $1 AND k.dossier = ANY (ARRAY(SELECT t.dossier FROM taken t))
            ), bare AS MATERIALIZED (
                SELECT t.dossier FROM taken t
                EXCEPT
                SELECT k.dossier FROM keyed k
            ), erased AS MATERIALIZED (
                SELECT r.dossier
                FROM engine.access_dossier r
                JOIN engine.access a ON a.province = r.province AND a.id = r.access
                WHERE r.province = $1 AND r.dossier = ANY (ARRAY(SELECT b.dossier FROM bare b))
                    AND a.purpose LIKE 'erase/%'
            ), salted AS MATERIALIZED (
                SELECT t.dossier, t.number, t.content, row_number() OVER (ORDER BY t.id) - 1 AS place,
                    substr(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 1, 16) AS salt,
                    t.dossier = ANY (ARRAY(SELECT e.dossier FROM erased e)) AS is_erased
                FROM taken t
            ), made AS (
                INSERT INTO engine.leaf (province, n, dossier, number, salt, hash, sequenced_at, erased_at)
                SELECT h.province, h.next_n + s.place, s.dossier, s.number, CASE WHEN NOT s.is_erased THEN s.salt END,
                    sha256('\\x00'::bytea || s.salt || s.content), coalesce($3::timestamptz, clock_timestamp()),
                    CASE WHEN s.is_erased THEN clock_timestamp() END
                FROM salted s
                JOIN engine.sequencer h ON h.province = $1
                RETURNING 1
            ), counted AS (
                SELECT engine.expect(count(*), (SELECT count(*) FROM taken), 'leaf') AS leaves FROM made
            )
            UPDATE engine.sequencer h
            SET next_n = h.next_n + c.leaves
            FROM counted c
            WHERE h.province = $1 AND c.leaves > 0
            RETURNING c.leaves
            """,
        encode: {
            $1.int2($0.province)
            $1.integer($0.limit)
            $1.instant($0.at)
        },
        decode: { try $0.bigint() })
}

enum ServiceStatements {
    /// False on a standby.
    static let ping = Statement<Void, Bool>(
        name: "service_ping", sql: "SELECT NOT pg_is_in_recovery()", decode: { try $0.bool() })

    static let clock = Statement<Void, Instant>(
        name: "service_clock", sql: "SELECT clock_timestamp()", decode: { try $0.instant() })
}

extension NoticeRow {
    /// What its leaf commits to besides the salt: 64 bytes.
    fileprivate var leafContent: [UInt8] { Array(SHA256.hash(data: body)) + head }
}
