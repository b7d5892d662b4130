import Logging
import Notices
import Postgres
import PublicFeed
import TestSupport
import Testing
import WorkingTime

/// An engine's database that tests write notices into, and a feed's database beside it.
struct FeedWorld: Sendable {
    let sourceDatabase: TestDatabase
    let feedDatabase: TestDatabase
    let source: ConnectionPool
    let feed: ConnectionPool

    static func with(_ body: (FeedWorld) async throws -> Void) async throws {
        try await TestDatabase.with { source in
            try await TestDatabase.with(migrated: false) { feed in
                try await migrate(feed)
                let world = FeedWorld(
                    sourceDatabase: source, feedDatabase: feed, source: source.pool(), feed: feed.pool())
                do {
                    try await body(world)
                    await world.shutdown()
                } catch {
                    await world.shutdown()
                    throw error
                }
            }
        }
    }

    static func migrate(_ database: TestDatabase) async throws {
        _ = try await Migrations.apply(
            FeedSchema.migrations, set: FeedSchema.set, to: database.configuration, logger: TestDatabase.logger)
    }

    private func shutdown() async {
        await source.shutdown()
        await feed.shutdown()
    }

    /// A follower in small batches, so that a few notices are many batches.
    func follower(batchSize: Int32 = 7) -> FeedFollower {
        var pace = FeedFollower.Pace()
        pace.batchSize = batchSize
        pace.idle = .milliseconds(5)
        pace.backoffMax = .milliseconds(50)
        var logger = TestDatabase.logger
        // What the follower reports here is provoked.
        logger.logLevel = .critical
        return FeedFollower(source: source, feed: feed, logger: logger, pace: pace)
    }

    /// Rounds until nothing is left to read.
    func catchUp(_ follower: FeedFollower) async throws {
        for _ in 0..<1_000 {
            if try await follower.round() == .idle { return }
        }
        throw Failure("the follower never came to rest")
    }

    /// Everything the feed knows of notices and dossiers, one line a row.
    func dump() async throws -> [String] { try await FeedWorld.dump(feed) }

    static func dump(_ pool: ConnectionPool) async throws -> [String] {
        try await pool.withSession { session in
            try session.run(dumpNotices) + session.run(dumpDossiers)
        }
    }

    private static let dumpNotices = Statement<Void, String>(
        name: "test_dump_notices",
        sql: """
            SELECT concat_ws(' ', province, dossier, number, md5(body)) FROM feed.notice
            ORDER BY province, dossier, number
            """, decode: { try $0.text() })

    private static let dumpDossiers = Statement<Void, String>(
        name: "test_dump_dossiers",
        sql: """
            SELECT concat_ws(' ', md5(picture), province, dossier, root, parent, look_up, legal_code, number, taken)
            FROM feed.dossier
            ORDER BY province, dossier
            """, decode: { try $0.text() })

    /// One whole number of the feed's database.
    func count(_ what: Statement<Void, Int64>) async throws -> Int64 {
        try #require(try await feed.withSession { try $0.run(what) }.first)
    }

    static let noticeCount = Statement<Void, Int64>(
        name: "test_notice_count", sql: "SELECT count(*) FROM feed.notice", decode: { try $0.int8() })
    static let unreadCount = Statement<Void, Int64>(
        name: "test_unread_count", sql: "SELECT count(*) FROM feed.unread WHERE read_n IS NULL",
        decode: { try $0.int8() })
    static let placeholderCount = Statement<Void, Int64>(
        name: "test_placeholder_count", sql: "SELECT count(*) FROM feed.dossier WHERE number = 0",
        decode: { try $0.int8() })
}

extension FeedWorld {
    /// A notice as the engine would store it, with its place in the sequence.
    struct Sequenced: Sendable {
        var n: Int64
        var notice: Notice
        var lookUp: LookUpCode?
        /// Instead of the notice's own bytes.
        var body: [UInt8]?
    }

    /// Writes notices and their leaves.
    func sequence(_ notices: [Sequenced]) async throws {
        // Not the follower's pool: after an outage that one may still report a connection that failed during it.
        let engine = sourceDatabase.pool(size: 1)
        do {
            try await engine.transaction { transaction in
                for notice in notices {
                    _ = transaction.enqueue(FeedWorld.putNotice, notice)
                    _ = transaction.enqueue(FeedWorld.putLeaf, notice)
                }
                try transaction.sync()
            }
            await engine.shutdown()
        } catch {
            await engine.shutdown()
            throw error
        }
    }

    /// Lets one notice have several leaves, which the engine's own constraint forbids.
    func allowRepeatedLeaves() async throws {
        try await source.withSession { try $0.execute("ALTER TABLE engine.leaf DROP CONSTRAINT leaf_once") }
    }

    private static let putNotice = Statement<Sequenced, Void>(
        name: "test_put_notice",
        sql: """
            INSERT INTO engine.notice (province, dossier, number, root, look_up, recorded_at, head, body)
            VALUES ($1, $2::text::uuid, $3, $4::text::uuid, $5, now(), sha256($6), $6) ON CONFLICT DO NOTHING
            """,
        encode: {
            $1.int2($0.notice.province)
            $1.text($0.notice.dossier)
            $1.int4(Int32(clamping: $0.notice.number))
            $1.text($0.notice.root)
            $1.text($0.lookUp?.compact)
            $1.bytea($0.body ?? $0.notice.encoded())
        })

    private static let putLeaf = Statement<Sequenced, Void>(
        name: "test_put_leaf",
        sql: """
            INSERT INTO engine.leaf (province, n, dossier, number, salt, hash, sequenced_at)
            SELECT n.province, $2, n.dossier, n.number, s.salt,
                sha256('\\x00'::bytea || s.salt || sha256(n.body) || n.head), now()
            FROM engine.notice n, (SELECT substr(sha256(convert_to($2::bigint::text, 'UTF8')), 1, 16)) AS s (salt)
            WHERE n.province = $1 AND n.dossier = $3::text::uuid AND n.number = $4
            """,
        encode: {
            $1.int2($0.notice.province)
            $1.int8($0.n)
            $1.text($0.notice.dossier)
            $1.int4(Int32(clamping: $0.notice.number))
        })
}

/// Notices of made-up dossiers.
enum Some {
    static func id(_ dossier: Int) -> String {
        let digits = String(dossier)
        return "0193e3a0-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    static func code(_ dossier: Int) -> LookUpCode {
        LookUpCode(values: [UInt8(dossier % 30), UInt8(dossier / 30 % 30), 3, 4, 5, 6, 7, 8, 9, 10, 11])
    }

    static func notice(
        province: Int16 = 1, _ dossier: Int, _ number: Int, root: Int? = nil, parent: Int? = nil,
        legalCode: String? = nil
    ) -> Notice {
        Notice(
            province: province, dossier: id(dossier), number: number, root: id(root ?? dossier), parent: parent.map(id),
            part: parent.map { _ in LocalText(vi: "Phần \(dossier)") },
            at: Instant(microseconds: Int64(number) * 1_000_000),
            procedure: "birth", procedureVersion: 1, procedureCode: nil, procedureTitle: LocalText(vi: "Khai sinh"),
            field: "civil-status", channel: 1, legalCode: legalCode, status: .processing, stage: .processing,
            milestones: [],
            milestone: nil, sentence: LocalText(vi: "Tin số \(number)"), holder: nil, action: nil,
            submitted: Instant(microseconds: Int64(dossier) * 1_000_000), accepted: nil, promised: nil,
            firstPromised: nil,
            promiseCause: nil, paused: false, pausedDays: 0, finished: nil, result: nil)
    }

    /// `count` notices of nine dossiers in two provinces, interleaved as a sequencer would.
    static func traffic(_ count: Int, from start: Int = 0) -> [FeedWorld.Sequenced] {
        (start..<start + count).map { index in
            let province: Int16 = index % 2 == 0 ? 1 : 48
            let n = index / 2
            let dossier = n % 9 + (province == 1 ? 100 : 200)
            return FeedWorld.Sequenced(
                n: Int64(n), notice: notice(province: province, dossier, n / 9 + 1), lookUp: code(dossier))
        }
    }
}
