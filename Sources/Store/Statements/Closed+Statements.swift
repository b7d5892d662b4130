import Dossiers
import Postgres
import WorkingTime

enum ClosedStatements {
    struct Page: Sendable {
        let province: Int16
        let after: DossierID?
        let limit: Int
    }

    struct Ended: Sendable {
        let dossiers: [DossierHead]
        let before: Instant
    }

    /// A page of dossiers that have ended and stand among the open ones still. No index knows the phase, which changes: the
    /// key is walked.
    static let ended = Statement<Page, (head: DossierHead, hasEnded: Bool)>(
        name: "closed_ended",
        sql: """
            SELECT d.id, d.sequence, d.phase = 2
            FROM engine.dossier d
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
            (DossierHead(dossier: try $0.dossier(), sequence: try $0.int8(), unpublished: nil), try $0.bool())
        })

    /// Moves those whose last event is older than an instant and on whose agenda nothing stands.
    static let close = Statement<Ended, DossierID>(
        name: "closed_close",
        sql: """
            SELECT engine.close_dossiers($1, $2, $3, $4)
            """,
        encode: {
            $1.days($0.dossiers.map(\.dossier.receivedMonth))
            $1.dossiers($0.dossiers.map(\.dossier))
            $1.int8Array($0.dossiers.map(\.sequence))
            $1.instant($0.before)
        },
        decode: { try $0.dossier() })

    /// Brings dossiers back among the open ones. Waits for whoever is bringing one back at this moment.
    static let reopen = Statement<[DossierID], DossierID>(
        name: "closed_reopen",
        sql: """
            SELECT engine.reopen_dossiers($1)
            """,
        encode: { $1.dossiers($0) }, decode: { try $0.dossier() })
}
