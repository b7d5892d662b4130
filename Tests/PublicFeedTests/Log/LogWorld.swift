import Glibc
import Logging
import Notices
import Postgres
import PublicFeed
import Synchronization
import TestSupport
import Testing

/// A feed with a log: its folder, its keys, its signer.
struct LogWorld: Sendable {
    let feedWorld: FeedWorld
    let path: String
    let folder: LogFolder
    let keys: LogKeys

    private static let counter = Atomic<Int>(0)

    static func with(_ body: (LogWorld) async throws -> Void) async throws {
        let path = "/tmp/motcua-log-\(getpid())-\(counter.add(1, ordering: .relaxed).newValue)"
        defer { _ = try? ChildProcess.run(["rm", "-rf", path], log: "/dev/null") }
        let folder = try LogFolder(path)
        let keys = try LogKeys.open(folder, name: "test.example")
        try await FeedWorld.with { world in
            try await body(LogWorld(feedWorld: world, path: path, folder: folder, keys: keys))
        }
    }

    var feed: ConnectionPool { feedWorld.feed }

    func signer() -> LogSigner {
        var logger = TestDatabase.logger
        logger[metadataKey: "test"] = "log"
        logger.logLevel = .critical
        return LogSigner(feed: feed, folder: folder, keys: keys, logger: logger)
    }

    func reader(witnesses: [NoteKey] = []) -> LogReader {
        LogReader(feed: feed, keys: keys, witnesses: witnesses, lifetime: .zero)
    }

    /// So many notices of province 1, one a dossier, taken over and signed.
    func publish(_ range: Range<Int>, signed: Bool = true) async throws {
        try await feedWorld.sequence(LogWorld.notices(range))
        try await feedWorld.catchUp(feedWorld.follower(batchSize: 100))
        if signed { try await signer().round() }
    }

    /// Notice 1 of dossiers 1000 and up: leaf n is dossier 1000 + n's.
    static func notices(_ range: Range<Int>) -> [FeedWorld.Sequenced] {
        range.map { n in
            FeedWorld.Sequenced(n: Int64(n), notice: Some.notice(1_000 + n, 1), lookUp: code(n))
        }
    }

    static func code(_ n: Int) -> LookUpCode {
        LookUpCode(values: [UInt8(n % 30), UInt8(n / 30 % 30), UInt8(n / 900 % 30), 9, 9, 9, 9, 9, 9, 9, 9])
    }

    /// Runs SQL of our own on the feed.
    func tamper(_ sql: String) async throws { try await feed.withSession { try $0.execute(sql) } }

    /// Runs SQL of our own on the engine.
    func tamperEngine(_ sql: String) async throws { try await feedWorld.source.withSession { try $0.execute(sql) } }

    /// A day's heads under a leaf, as the engine's sequencer writes them.
    func sequenceHeads(at n: Int) async throws {
        try await tamperEngine(
            """
            INSERT INTO engine.heads (province, day, n, read_at, body) VALUES (1, '2026-03-03', \(n), now(), 'heads');
            INSERT INTO engine.leaf (province, n, salt, hash, sequenced_at)
            SELECT 1, \(n), s.salt,
                sha256('\\x00'::bytea || s.salt || sha256('heads') || decode(repeat('00', 32), 'hex')), now()
            FROM (SELECT substr(sha256('salt'), 1, 16)) AS s (salt)
            """)
    }

    /// The engine's database as the feed's own role sees it; the caller shuts it down.
    func asFeed() -> ConnectionPool {
        var configuration = feedWorld.sourceDatabase.configuration
        configuration.connectionString = configuration.connectionString
            .split(separator: " ").map { $0.hasPrefix("user=") ? "user=motcua_feed" : String($0) }
            .joined(separator: " ")
        return ConnectionPool(configuration, size: 1, logger: TestDatabase.logger)
    }

    /// What an audit finds, with the engine at hand.
    func findings() async throws -> [LogAudit.Finding] {
        let audit = LogAudit(feed: feed, source: feedWorld.source, keys: [], folder: folder)
        return try await audit.run(1).findings
    }
}
