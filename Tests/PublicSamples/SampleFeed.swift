package import Notices
package import Postgres
import PublicFeed

/// Puts notices where the public side finds them.
package enum SampleFeed {
    /// A notice with its place in its province's sequence.
    package struct Sequenced: Sendable {
        /// The leaf, from 0.
        package var n: Int64
        /// What is published.
        package var notice: Notice
        /// The dossier's look-up code; nil for a linked one.
        package var lookUp: LookUpCode?

        /// Joins the parts.
        package init(n: Int64, notice: Notice, lookUp: LookUpCode?) {
            self.n = n
            self.notice = notice
            self.lookUp = lookUp
        }
    }

    /// Writes notices and their leaves into the engine's tables, as the engine and its sequencer would: a follower then
    /// brings them to the feed.
    package static func sequence(_ notices: [Sequenced], into engine: ConnectionPool) async throws {
        try await engine.transaction { transaction in
            for notice in notices {
                _ = transaction.enqueue(engineNotice, notice)
                _ = transaction.enqueue(engineLeaf, notice)
            }
            try transaction.sync()
        }
    }

    /// Writes one notice into the feed's own tables, as a follower would.
    package static func put(_ sequenced: Sequenced, into feed: ConnectionPool) async throws {
        try await feed.transaction { transaction in
            _ = transaction.enqueue(feedNotice, sequenced)
            _ = transaction.enqueue(feedDossier, sequenced)
            try transaction.sync()
        }
    }

    private static let engineNotice = Statement<Sequenced, Void>(
        name: "test_engine_notice",
        sql: """
            INSERT INTO engine.notice (province, dossier, number, root, look_up, recorded_at, head, body)
            VALUES ($1, $2::text::uuid, $3, $4::text::uuid, $5, now(), sha256($6), $6)
            """,
        encode: {
            $1.int2($0.notice.province)
            $1.text($0.notice.dossier)
            $1.int4(Int32(clamping: $0.notice.number))
            $1.text($0.notice.root)
            $1.text($0.lookUp?.compact)
            $1.bytea($0.notice.encoded())
        })

    private static let engineLeaf = Statement<Sequenced, Void>(
        name: "test_engine_leaf",
        sql: """
            INSERT INTO engine.leaf (province, n, dossier, number, salt, hash, sequenced_at)
            SELECT n.province, $2, n.dossier, n.number, s.salt, sha256('\\x00'::bytea || s.salt || sha256(n.body) || n.head),
                now()
            FROM engine.notice n, (SELECT decode(md5($3 || $4::text), 'hex') AS salt) s
            WHERE n.province = $1 AND n.dossier = $3::text::uuid AND n.number = $4
            """,
        encode: {
            $1.int2($0.notice.province)
            $1.int8($0.n)
            $1.text($0.notice.dossier)
            $1.int4(Int32(clamping: $0.notice.number))
        })

    private static let feedNotice = Statement<Sequenced, Void>(
        name: "test_feed_notice",
        sql: """
            INSERT INTO feed.notice (province, dossier, number, n, body, salt, head)
            VALUES ($1, $2::text::uuid, $3, $4, $5, substr(sha256($5), 1, 16), sha256($5))
            """,
        encode: {
            $1.int2($0.notice.province)
            $1.text($0.notice.dossier)
            $1.int4(Int32(clamping: $0.notice.number))
            $1.int8($0.n)
            $1.bytea($0.notice.encoded())
        })

    private static let feedDossier = Statement<Sequenced, Void>(
        name: "test_feed_dossier",
        sql: """
            INSERT INTO feed.dossier (province, dossier, root, parent, look_up, legal_code, number, taken)
            VALUES ($1, $2::text::uuid, $3::text::uuid, $4::text::uuid, $5, $6, $7, $7)
            ON CONFLICT (province, dossier) DO UPDATE SET
                legal_code = excluded.legal_code, number = excluded.number, taken = excluded.taken
            """,
        encode: {
            $1.int2($0.notice.province)
            $1.text($0.notice.dossier)
            $1.text($0.notice.root)
            $1.text($0.notice.parent)
            $1.text($0.lookUp?.compact)
            $1.text($0.notice.legalCode)
            $1.int4(Int32(clamping: $0.notice.number))
        })
}
