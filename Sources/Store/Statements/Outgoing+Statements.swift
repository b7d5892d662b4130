import Dossiers
import Postgres

enum OutgoingStatements {
    struct Page: Sendable {
        let province: Int16
        let after: Int64
        let limit: Int
    }

    static let insert = Statement<Rows<OutgoingRow>, Void>(
        name: "outgoing_insert",
        sql: """
            INSERT INTO engine.outgoing (province, target_province, dossier, key, due_at, payload)
            SELECT $1, o.*
            FROM unnest($2::smallint[], $3::uuid[], $4::text[], $5::timestamptz[], $6::bytea[]) AS o
            """,
        encode: {
            $1.int2($0.province)
            $1.int2Array($0.rows.map(\.targetProvince))
            $1.dossiers($0.rows.map(\.dossier))
            $1.textArray($0.rows.map(\.key))
            $1.instants($0.rows.map(\.dueAt))
            $1.byteaArray($0.rows.map(\.payload))
        })

    static let provinces = Statement<Void, Int16>(
        name: "outgoing_provinces", sql: "SELECT engine.provinces_outgoing()", decode: { try $0.int2() })

    static let page = Statement<Page, WaitingMessage>(
        name: "outgoing_page",
        sql: """
            SELECT o.id, o.target_province, o.dossier, o.key, o.due_at, o.payload
            FROM engine.outgoing o
            WHERE o.province = $1 AND o.id > $2
            ORDER BY o.id
            LIMIT $3
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.after)
            $1.integer($0.limit)
        },
        decode: {
            WaitingMessage(
                id: try $0.int8(),
                message: OutgoingRow(
                    targetProvince: try $0.int2(), dossier: try $0.dossier(), key: try $0.text(),
                    dueAt: try $0.instant(), payload: try $0.bytea()))
        })

    /// Which rows were still there: another relay may have been quicker.
    static let delete = Statement<Rows<Int64>, Int64>(
        name: "outgoing_delete",
        sql: """
            DELETE FROM engine.outgoing o
            WHERE o.province = $1 AND o.id = ANY($2::bigint[])
            RETURNING o.id
            """,
        encode: {
            $1.int2($0.province)
            $1.int8Array($0.rows)
        },
        decode: { try $0.int8() })
}
