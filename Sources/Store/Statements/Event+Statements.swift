import Dossiers
import Postgres
import WorkingTime

enum EventStatements {
    struct Page: Sendable {
        let province: Int16
        let dossier: DossierID
        let after: Int64
        let limit: Int
    }

    static let ensureMonth = Statement<CivilDate, Bool>(
        name: "event_ensure_month",
        sql: "SELECT engine.ensure_event_month($1)",
        encode: { $1.day($0) }, decode: { try $0.bool() })

    static let insert = Statement<Rows<EventRow>, Void>(
        name: "event_insert",
        sql: """
            INSERT INTO engine.event (province, received, dossier, sequence, recorded_at, kind, body, hash)
            SELECT $1, e.*
            FROM unnest($2::date[], $3::uuid[], $4::bigint[], $5::timestamptz[], $6::text[], $7::bytea[], $8::bytea[])
                AS e
            """,
        encode: {
            $1.int2($0.province)
            $1.days($0.rows.map(\.dossier.receivedMonth))
            $1.dossiers($0.rows.map(\.dossier))
            $1.int8Array($0.rows.map(\.sequence))
            $1.instants($0.rows.map(\.recordedAt))
            $1.textArray($0.rows.map(\.kind))
            $1.byteaArray($0.rows.map(\.body))
            $1.byteaArray($0.rows.map(\.hash))
        })

    static let page = Statement<Page, EventRow>(
        name: "event_page",
        sql: """
            SELECT e.dossier, e.sequence, e.recorded_at, e.kind, e.body, e.hash
            FROM engine.event e
            WHERE e.province = $1 AND e.received = $2 AND e.dossier = $3 AND e.sequence > $4
            ORDER BY e.sequence
            LIMIT $5
            """,
        encode: {
            $1.int2($0.province)
            $1.day($0.dossier.receivedMonth)
            $1.dossier($0.dossier)
            $1.int8($0.after)
            $1.integer($0.limit)
        },
        decode: {
            EventRow(
                dossier: try $0.dossier(), sequence: try $0.int8(), recordedAt: try $0.instant(), kind: try $0.text(),
                body: try $0.bytea(), hash: try $0.bytea())
        })
}
