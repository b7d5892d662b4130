import Postgres

/// How the portal follows one dossier.
struct PortalStanding: Sendable {
    let acknowledged: Int32
    /// sha256 of the record that it acknowledged; nil when it has none; empty when it has another one.
    let record: [UInt8]?
}

/// A dossier that is to be compared.
struct ComparedRow: Sendable {
    let province: Int16
    let dossier: String
    let n: Int64
    let number: Int32
    let body: [UInt8]
}

extension Binds {
    /// `$1` to `$3`: whose dossier, as the portal follows it.
    fileprivate mutating func key(_ key: PortalStatements.Key) {
        text(key.id)
        int2(key.province)
        text(key.dossier)
    }
}

/// What is known of the portal's side.
enum PortalStatements {
    typealias Key = (id: String, province: Int16, dossier: String)

    static let standing = Statement<Key, PortalStanding>(
        name: "portal_standing",
        sql: """
            SELECT acknowledged, record FROM feed.portal_dossier
            WHERE subscriber = $1 AND province = $2 AND dossier = $3::text::uuid
            """,
        encode: { $1.key($0) }, decode: { PortalStanding(acknowledged: try $0.int4(), record: try $0.byteaOrNull()) })

    /// Before anything leaves: what was on its way is known whatever happens.
    static let sent = Statement<(key: Key, number: Int32, code: String), Void>(
        name: "portal_sent",
        sql: """
            INSERT INTO feed.portal_dossier AS d
                (subscriber, province, dossier, legal_code, sent, acknowledged, state)
            VALUES ($1, $2, $3::text::uuid, $5, $4, 0, 'sent')
            ON CONFLICT (subscriber, province, dossier) DO UPDATE SET
                legal_code = excluded.legal_code, sent = excluded.sent, state = 'sent',
                changed_at = clock_timestamp()
            """,
        encode: {
            $1.key($0.key)
            $1.int4($0.number)
            $1.text($0.code)
        })

    /// The portal has the record.
    static let recorded = Statement<(key: Key, record: [UInt8]), Void>(
        name: "portal_recorded",
        sql: """
            UPDATE feed.portal_dossier SET record = $4
            WHERE subscriber = $1 AND province = $2 AND dossier = $3::text::uuid
            """,
        encode: {
            $1.key($0.key)
            $1.bytea($0.record)
        })

    /// Everything of a notice was acknowledged.
    static let acknowledged = Statement<(key: Key, number: Int32), Void>(
        name: "portal_acknowledged",
        sql: """
            UPDATE feed.portal_dossier
            SET acknowledged = greatest(acknowledged, $4), state = 'acknowledged', code = NULL, message = NULL,
                changed_at = clock_timestamp()
            WHERE subscriber = $1 AND province = $2 AND dossier = $3::text::uuid
            """,
        encode: {
            $1.key($0.key)
            $1.int4($0.number)
        })

    static let refused = Statement<(key: Key, code: String, message: String), Void>(
        name: "portal_refused",
        sql: """
            UPDATE feed.portal_dossier
            SET state = 'refused', code = $4, message = $5, changed_at = clock_timestamp()
            WHERE subscriber = $1 AND province = $2 AND dossier = $3::text::uuid
            """,
        encode: {
            $1.key($0.key)
            $1.text($0.code)
            $1.text($0.message)
        })

    /// Dossiers not yet compared since the comparison was due: those that changed within 90 days, and those that
    /// differed. What is under way is left out: it is not meant to agree yet. Where the portal refused to the end it is
    /// compared by the newest notice that should be there, else by the one that it acknowledged.
    static let toCompare = Statement<(id: String, limit: Int32), ComparedRow>(
        name: "portal_to_compare",
        sql: """
            SELECT d.province, d.dossier::text, n.n, n.number, n.body
            FROM feed.subscriber s
            JOIN feed.portal_dossier d ON d.subscriber = s.id
            LEFT JOIN LATERAL (
                SELECT max(l.number) AS number, bool_or(l.dead_at IS NULL AND l.n = f.first_n) AS is_open
                FROM feed.letter l,
                    (SELECT min(m.n) AS first_n FROM feed.letter m
                        WHERE m.subscriber = s.id AND m.province = d.province AND m.dossier = d.dossier) AS f
                WHERE l.subscriber = s.id AND l.province = d.province AND l.dossier = d.dossier
            ) AS w ON true
            JOIN feed.notice n
                ON n.province = d.province AND n.dossier = d.dossier
                    AND n.number = greatest(d.acknowledged, coalesce(w.number, 0))
            WHERE s.id = $1 AND (d.checked_at IS NULL OR d.checked_at < s.reconcile_at)
                AND (d.difference IS NOT NULL OR d.changed_at > clock_timestamp() - interval '90 days')
                AND NOT coalesce(w.is_open, false)
            ORDER BY d.province, d.dossier
            LIMIT $2
            """,
        encode: {
            $1.text($0.id)
            $1.int4($0.limit)
        },
        decode: { row in
            ComparedRow(
                province: try row.int2(), dossier: try row.text(), n: try row.int8(), number: try row.int4(),
                body: try row.bytea())
        })

    static let compared = Statement<(key: Key, difference: String?), Void>(
        name: "portal_compared",
        sql: """
            UPDATE feed.portal_dossier SET checked_at = clock_timestamp(), difference = $4
            WHERE subscriber = $1 AND province = $2 AND dossier = $3::text::uuid
            """,
        encode: {
            $1.key($0.key)
            $1.text($0.difference)
        })

    /// Forgets what was acknowledged of a notice, so that it is sent again; `record` NULL: as a new dossier.
    static let forget = Statement<(key: Key, number: Int32, record: [UInt8]?), Void>(
        name: "portal_forget",
        sql: """
            UPDATE feed.portal_dossier SET acknowledged = $4 - 1, record = $5
            WHERE subscriber = $1 AND province = $2 AND dossier = $3::text::uuid
            """,
        encode: {
            $1.key($0.key)
            $1.int4($0.number)
            $1.bytea($0.record)
        })

    /// The letters that a newer picture makes void.
    static let dropLetters = Statement<Key, Void>(
        name: "portal_letters_drop",
        sql: "DELETE FROM feed.letter WHERE subscriber = $1 AND province = $2 AND dossier = $3::text::uuid",
        encode: { $1.key($0) })

    /// The next comparison: 02:30 of the next day in Viet Nam, give or take half an hour, if the last one still is the
    /// one that was asked for.
    static let comparedAll = Statement<(id: String, seconds: Int64), Void>(
        name: "portal_compared_all",
        sql: """
            UPDATE feed.subscriber
            SET reconcile_at = (date_trunc('day', clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')
                + interval '1 day 2 hours 30 minutes' + $2 * interval '1 second') AT TIME ZONE 'Asia/Ho_Chi_Minh'
            WHERE id = $1 AND reconcile_at <= clock_timestamp()
            """,
        encode: {
            $1.text($0.id)
            $1.int8($0.seconds)
        })
}
