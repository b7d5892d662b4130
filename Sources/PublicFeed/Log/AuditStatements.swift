import Postgres

/// What an audit reads; nothing here changes anything.
enum AuditStatements {
    /// A dossier as the feed knows it.
    struct DossierKnown: Sendable {
        let dossier: String
        let root: String
        let parent: String?
        let legalCode: String?
        let number: Int32
        let taken: Int32
        let picture: [UInt8]?
    }

    /// A notice as the feed has it.
    struct NoticeKnown: Sendable {
        let row: ReceiptRow
        /// It could not be read when it came: the public streams went on without it.
        let wasSetAside: Bool
    }

    /// A leaf with its notice, as the engine has them.
    struct EngineLeaf: Sendable {
        let n: Int64
        let sequencedAt: Int64
        let hash: [UInt8]
        let salt: [UInt8]?
        let dossier: String?
        let number: Int32?
        let head: [UInt8]?
        let body: [UInt8]?
        let lookUp: String?
    }

    /// Rows a page.
    static let pageSize = 500
    /// Before every dossier, and behind every one.
    static let first = "00000000-0000-0000-0000-000000000000"
    static let last = "ffffffff-ffff-ffff-ffff-ffffffffffff"

    static let signer = Statement<Int16, String>(
        name: "feed_audit_signer",
        sql: "SELECT signer FROM feed.log_tree WHERE province = $1 AND signer IS NOT NULL",
        encode: { $1.int2($0) }, decode: { try $0.text() })

    static let checkpoints = Statement<LogStatements.Place, CheckpointRow>(
        name: "feed_audit_checkpoints",
        sql: """
            SELECT size, note FROM feed.log_checkpoint WHERE province = $1 AND size > $2 ORDER BY size LIMIT 1000
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.size)
        },
        decode: { CheckpointRow(size: try $0.int8(), note: try $0.text()) })

    static let dossiers = Statement<(province: Int16, after: String), DossierKnown>(
        name: "feed_audit_dossiers",
        sql: """
            SELECT d.dossier::text, d.root::text, d.parent::text, d.legal_code, d.number, d.taken, d.picture
            FROM feed.dossier d
            WHERE d.province = $1 AND d.dossier > $2::text::uuid
            ORDER BY d.dossier
            LIMIT 500
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.after)
        },
        decode: { row in
            DossierKnown(
                dossier: try row.text(), root: try row.text(), parent: try row.textOrNull(),
                legalCode: try row.textOrNull(), number: try row.int4(), taken: try row.int4(),
                picture: try row.byteaOrNull())
        })

    static let notices = Statement<(province: Int16, after: String, until: String), NoticeKnown>(
        name: "feed_audit_notices",
        sql: """
            SELECT l.province, l.n, l.dossier::text, l.number, l.body, l.salt, l.head, u.dossier IS NOT NULL
            FROM feed.notice l
            LEFT JOIN feed.unread u ON u.province = l.province AND u.dossier = l.dossier AND u.number = l.number
            WHERE l.province = $1 AND l.dossier > $2::text::uuid AND l.dossier <= $3::text::uuid
            ORDER BY l.dossier, l.number
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.after)
            $1.text($0.until)
        },
        decode: { row in
            let notice = ReceiptRow(
                province: try row.int2(), n: try row.int8(), dossier: try row.text(), number: try row.int4(),
                body: try row.bytea(), salt: try row.byteaOrNull(), head: try row.byteaOrNull())
            return NoticeKnown(row: notice, wasSetAside: try row.bool())
        })

    static let lookUps = Statement<(province: Int16, dossiers: [String]), (dossier: String, lookUp: String?)>(
        name: "feed_audit_look_ups",
        sql: """
            SELECT d.dossier::text, d.look_up
            FROM unnest($2::text[]) AS g (dossier)
            JOIN feed.dossier d ON d.province = $1 AND d.dossier = g.dossier::uuid
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.dossiers)
        },
        decode: { (try $0.text(), try $0.textOrNull()) })

    static let leaves = Statement<LogStatements.Place, EngineLeaf>(
        name: "feed_audit_leaves",
        sql: """
            SELECT l.n, l.sequenced_at, l.hash, l.salt, l.dossier::text, l.number::integer, n.head, n.body, n.look_up::text
            FROM engine.leaf l
            LEFT JOIN engine.notice n ON n.province = l.province AND n.dossier = l.dossier AND n.number = l.number
            WHERE l.province = $1 AND l.n >= $2
            ORDER BY l.n
            LIMIT 500
            """,
        encode: {
            $1.int2($0.province)
            $1.int8($0.size)
        },
        decode: { row in
            EngineLeaf(
                n: try row.int8(), sequencedAt: try row.timestamptz(), hash: try row.bytea(),
                salt: try row.byteaOrNull(), dossier: try row.textOrNull(),
                number: try row.int4OrNull(), head: try row.byteaOrNull(), body: try row.byteaOrNull(),
                lookUp: try row.textOrNull())
        })

    /// Whether the role sees what heads leaves commit to: the feed's own does not.
    static let mayReadHeads = Statement<Void, Bool>(
        name: "feed_audit_may_read_heads",
        sql: """
            SELECT coalesce(has_table_privilege(h.oid, 'SELECT') AND NOT row_security_active(h.oid), false)
            FROM to_regclass('engine.heads') AS h (oid)
            """,
        decode: { try $0.bool() })

    static let heads = Statement<(province: Int16, leaves: [Int64]), (n: Int64, body: [UInt8])>(
        name: "feed_audit_heads",
        sql: "SELECT n, body FROM engine.heads WHERE province = $1 AND n = ANY ($2::bigint[])",
        encode: {
            $1.int2($0.province)
            $1.int8Array($0.leaves)
        },
        decode: { (try $0.int8(), try $0.bytea()) })
}
