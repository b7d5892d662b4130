import Postgres

/// The newest known of one dossier within a batch.
struct DossierRow: Sendable, Equatable {
    let dossier: String
    let root: String
    let parent: String?
    let lookUp: String?
    let legalCode: String?
    let number: Int32
    /// Notices of it that this batch added.
    let added: Int32
    /// What is shown of it from now on; nil: what is there stays.
    var picture: [UInt8]?
}

/// What a dossier's row says after a batch.
struct DossierStanding: Sendable, Equatable {
    let dossier: String
    let number: Int32
    let taken: Int32
}

/// The follower's statements on its own database.
enum FeedStatements {
    static let cursors = Statement<Void, (province: Int16, next: Int64)>(
        name: "feed_cursors", sql: "SELECT province, next_n FROM feed.cursor ORDER BY province",
        decode: { (try $0.int2(), try $0.int8()) })

    static let makeCursor = Statement<Int16, Void>(
        name: "feed_cursor_make",
        sql: "INSERT INTO feed.cursor (province, next_n) VALUES ($1, 0) ON CONFLICT DO NOTHING",
        encode: { $1.int2($0) })

    /// Two followers of one province take turns here.
    static let lockCursor = Statement<Int16, Int64>(
        name: "feed_cursor_lock", sql: "SELECT next_n FROM feed.cursor WHERE province = $1 FOR UPDATE",
        encode: { $1.int2($0) }, decode: { try $0.int8() })

    static let moveCursor = Statement<(province: Int16, next: Int64), Void>(
        name: "feed_cursor_move", sql: "UPDATE feed.cursor SET next_n = $2 WHERE province = $1",
        encode: {
            $1.int2($0.province)
            $1.int8($0.next)
        })

    static let noteCaughtUp = Statement<[(province: Int16, at: Int64)], Void>(
        name: "feed_cursor_caught_up",
        sql: """
            UPDATE feed.cursor c SET caught_up_at = greatest(c.caught_up_at, g.at)
            FROM unnest($1::smallint[], $2::timestamptz[]) AS g (province, at)
            WHERE c.province = g.province
            """,
        encode: {
            $1.int2Array($0.map(\.province))
            $1.timestamptzArray($0.map(\.at))
        })

    /// Gives back the notices that were not here yet.
    static let addNotices = Statement<
        (province: Int16, leaves: [(n: Int64, notice: SequencedNotice)], openings: [LeafOpening?]),
        (dossier: String, number: Int32)
    >(
        name: "feed_notices_add",
        sql: """
            INSERT INTO feed.notice (province, dossier, number, n, body, salt, head)
            SELECT $1, g.dossier::uuid, g.number, g.n, g.body, g.salt, g.head
            FROM unnest($2::text[], $3::integer[], $4::bigint[], $5::bytea[], $6::bytea[], $7::bytea[])
                AS g (dossier, number, n, body, salt, head)
            ON CONFLICT DO NOTHING
            RETURNING dossier::text, number
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.leaves.map(\.notice.dossier))
            $1.int4Array($0.leaves.map(\.notice.number))
            $1.int8Array($0.leaves.map(\.n))
            $1.byteaArray($0.leaves.map(\.notice.body))
            $1.byteaArray($0.openings.map { $0?.salt })
            $1.byteaArray($0.openings.map { $0?.head })
        },
        decode: { (try $0.text(), try $0.int4()) })

    /// The highest number wins; what once was known stays where the newer notice does not say it.
    static let putDossiers = Statement<(province: Int16, rows: [DossierRow]), DossierStanding>(
        name: "feed_dossiers_put",
        sql: """
            INSERT INTO feed.dossier AS d (province, dossier, root, parent, look_up, legal_code, number, taken, picture)
            SELECT $1, g.dossier::uuid, g.root::uuid, g.parent::uuid, g.look_up, g.legal_code, g.number, g.added, g.picture
            FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::integer[], $9::bytea[])
                AS g (dossier, root, parent, look_up, legal_code, number, added, picture)
            ORDER BY g.dossier
            ON CONFLICT (province, dossier) DO UPDATE SET
                root = CASE WHEN excluded.number >= d.number THEN excluded.root ELSE d.root END,
                parent = CASE WHEN excluded.number >= d.number THEN coalesce(excluded.parent, d.parent)
                    ELSE coalesce(d.parent, excluded.parent) END,
                look_up = CASE WHEN excluded.number >= d.number THEN coalesce(excluded.look_up, d.look_up)
                    ELSE coalesce(d.look_up, excluded.look_up) END,
                legal_code = CASE WHEN excluded.number >= d.number THEN coalesce(excluded.legal_code, d.legal_code)
                    ELSE coalesce(d.legal_code, excluded.legal_code) END,
                number = greatest(d.number, excluded.number),
                taken = d.taken + excluded.taken,
                picture = coalesce(excluded.picture, d.picture)
            RETURNING d.dossier::text, d.number, d.taken
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.rows.map(\.dossier))
            $1.textArray($0.rows.map(\.root))
            $1.textArray($0.rows.map(\.parent))
            $1.textArray($0.rows.map(\.lookUp))
            $1.textArray($0.rows.map(\.legalCode))
            $1.int4Array($0.rows.map(\.number))
            $1.int4Array($0.rows.map(\.added))
            $1.byteaArray($0.rows.map(\.picture))
        },
        decode: { DossierStanding(dossier: try $0.text(), number: try $0.int4(), taken: try $0.int4()) })

    /// Dossiers that were named before any notice of theirs came.
    static let addPlaceholders = Statement<(province: Int16, named: [(dossier: String, root: String)]), Void>(
        name: "feed_placeholders_add",
        sql: """
            INSERT INTO feed.dossier (province, dossier, root, number, taken)
            SELECT $1, g.dossier::uuid, g.root::uuid, 0, 0
            FROM unnest($2::text[], $3::text[]) AS g (dossier, root)
            ORDER BY g.dossier
            ON CONFLICT DO NOTHING
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.named.map(\.dossier))
            $1.textArray($0.named.map(\.root))
        })

    static let addUnread = Statement<
        (province: Int16, unread: [(dossier: String, number: Int32, reason: String)]), Void
    >(
        name: "feed_unread_add",
        sql: """
            INSERT INTO feed.unread (province, dossier, number, reason)
            SELECT $1, g.dossier::uuid, g.number, g.reason
            FROM unnest($2::text[], $3::integer[], $4::text[]) AS g (dossier, number, reason)
            ON CONFLICT DO NOTHING
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.unread.map(\.dossier))
            $1.int4Array($0.unread.map(\.number))
            $1.textArray($0.unread.map(\.reason))
        })

    /// Notices set aside, in order after leaf `after`; the dossier's row gives root and look-up code.
    static let unread = Statement<(province: Int16, after: Int64, limit: Int32), (n: Int64, notice: SequencedNotice)>(
        name: "feed_unread_list",
        sql: """
            SELECT n.n, n.dossier::text, n.number, d.root::text, d.look_up, n.body
            FROM feed.unread u
            JOIN feed.notice n USING (province, dossier, number)
            JOIN feed.dossier d USING (province, dossier)
            WHERE u.province = $1 AND u.read_n IS NULL AND n.n > $2
            ORDER BY n.n
            LIMIT $3
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.after)
            $1.int4($0.limit)
        },
        decode: { row in
            let n = try row.int8()
            let notice = SequencedNotice(
                dossier: try row.text(), number: try row.int4(), root: try row.text(), lookUp: try row.textOrNull(),
                body: try row.bytea())
            return (n, notice)
        })

    /// The leaf after the last one of which there is a notice.
    static let nextNotice = Statement<Int16, Int64>(
        name: "feed_notice_next", sql: "SELECT coalesce(max(n), -1) + 1 FROM feed.notice WHERE province = $1",
        encode: { $1.int2($0) }, decode: { try $0.int8() })

    /// The last leaf among those that were read again while the cursor stood at a place; nil where none was.
    static let lastRead = Statement<(province: Int16, at: Int64), Int64?>(
        name: "feed_unread_last_read",
        sql: """
            SELECT max(n.n)
            FROM feed.unread u
            JOIN feed.notice n USING (province, dossier, number)
            WHERE u.province = $1 AND u.read_n = $2
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.at)
        },
        decode: { try $0.int8OrNull() })

    /// Notes where the cursor stood when notices that were set aside were read: there they take effect.
    static let noteRead = Statement<(province: Int16, at: Int64, read: [(dossier: String, number: Int32)]), Void>(
        name: "feed_unread_read",
        sql: """
            UPDATE feed.unread u SET read_n = $2
            FROM unnest($3::text[], $4::integer[]) AS g (dossier, number)
            WHERE u.province = $1 AND u.dossier = g.dossier::uuid AND u.number = g.number
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.at)
            $1.textArray($0.read.map(\.dossier))
            $1.int4Array($0.read.map(\.number))
        })
}
