import Postgres
import WorkingTime

enum AnswerStatements {
    struct Keys: Sendable {
        let province: Int16
        let keys: [AnswerKey]
    }

    struct Old: Sendable {
        let province: Int16
        let before: Instant
        let limit: Int
    }

    static let find = Statement<Keys, (key: AnswerKey, answer: StoredAnswer)>(
        name: "answer_find",
        sql: """
            SELECT a.client, a.operation, a.key, a.fingerprint, a.status, a.content_type, a.body,
                a.sequence, a.location
            FROM unnest($2::text[], $3::text[], $4::text[]) AS w (client, operation, key)
            JOIN engine.answer a
                ON a.province = $1 AND a.client = w.client AND a.operation = w.operation AND a.key = w.key
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.keys.map(\.client))
            $1.textArray($0.keys.map(\.operation))
            $1.textArray($0.keys.map(\.key))
        },
        decode: {
            let key = AnswerKey(client: try $0.text(), operation: try $0.text(), key: try $0.text())
            let answer = StoredAnswer(
                fingerprint: try $0.bytea(), status: Int(try $0.int2()), contentType: try $0.text(),
                body: try $0.bytea(), sequence: try $0.int8OrNull(), location: try $0.textOrNull())
            return (key, answer)
        })

    /// A key that another transaction inserts at this moment is waited for, and then found to be a twin (R13).
    static let insert = Statement<Rows<AnswerRow>, Void>(
        name: "answer_insert",
        sql: """
            WITH inserted AS (
                INSERT INTO engine.answer (province, client, operation, key, fingerprint, status, content_type, body,
                    created_at, sequence, location)
                SELECT $1, a.*
                FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::smallint[], $7::text[], $8::bytea[],
                    $9::timestamptz[], $10::bigint[], $11::text[]) AS a
                ON CONFLICT (province, client, operation, key) DO NOTHING
                RETURNING 1
            )
            SELECT engine.expect(count(*), cardinality($2::text[]), 'twin') FROM inserted
            """,
        encode: { new, binds in
            let rows = new.rows
            binds.int2(new.province)
            binds.textArray(rows.map(\.key.client))
            binds.textArray(rows.map(\.key.operation))
            binds.textArray(rows.map(\.key.key))
            binds.byteaArray(rows.map(\.answer.fingerprint))
            binds.int2Array(rows.map { Int16(clamping: $0.answer.status) })
            binds.textArray(rows.map(\.answer.contentType))
            binds.byteaArray(rows.map(\.answer.body))
            binds.instants(rows.map(\.createdAt))
            binds.int8Array(rows.map(\.answer.sequence))
            binds.textArray(rows.map(\.answer.location))
        })

    static let deleteOld = Statement<Old, Bool>(
        name: "answer_delete_old",
        sql: """
            WITH old AS MATERIALIZED (
                SELECT a.province, a.client, a.operation, a.key
                FROM engine.answer a
                WHERE a.province = $1 AND a.status > 0 AND a.created_at < $2
                ORDER BY a.created_at
                LIMIT $3
                FOR UPDATE SKIP LOCKED
            )
            DELETE FROM engine.answer a
            USING old o
            WHERE a.province = o.province AND a.client = o.client AND a.operation = o.operation AND a.key = o.key
            RETURNING true
            """,
        encode: {
            $1.int2($0.province)
            $1.instant($0.before)
            $1.integer($0.limit)
        },
        decode: { try $0.bool() })
}
