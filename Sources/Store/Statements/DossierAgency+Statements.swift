import Dossiers
import Postgres

enum DossierAgencyStatements {
    struct Key: Sendable {
        let province: Int16
        let row: DossierAgencyRow
    }

    static let insert = Statement<Rows<DossierAgencyRow>, Void>(
        name: "dossier_agency_insert",
        sql: """
            INSERT INTO engine.dossier_agency (province, agency, dossier)
            SELECT $1, a.*
            FROM unnest($2::text[], $3::uuid[]) AS a
            ON CONFLICT (province, agency, dossier) DO NOTHING
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.rows.map(\.agency))
            $1.dossiers($0.rows.map(\.dossier))
        })

    static let find = Statement<Key, Bool>(
        name: "dossier_agency_find",
        sql: """
            SELECT true
            FROM engine.dossier_agency a
            WHERE a.province = $1 AND a.agency = $2 AND a.dossier = $3
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.row.agency)
            $1.dossier($0.row.dossier)
        },
        decode: { try $0.bool() })
}
