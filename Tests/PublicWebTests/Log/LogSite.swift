import Edge
import Glibc
import HTTPTypes
import Hummingbird
import NIOCore
import Notices
import Postgres
import PublicFeed
import PublicSamples
import Synchronization
import TestSupport
import Testing

@testable import PublicWeb

/// The public site with a log over one dossier of province 48 among others, called without a socket.
struct LogSite: Sendable {
    let pool: ConnectionPool
    let signer: LogSigner
    let reader: LogReader
    let follower: FeedFollower
    private let responder: EdgeResponder<EdgeContext>

    private static let counter = Atomic<Int>(0)
    static let witness = NoteSigner(
        name: "witness.example/w1", kind: .cosignature, secret: Array(repeating: 5, count: 32))

    static func with(_ body: (LogSite) async throws -> Void) async throws {
        let path = "/tmp/motcua-weblog-\(getpid())-\(counter.add(1, ordering: .relaxed).newValue)"
        defer { _ = try? ChildProcess.run(["rm", "-rf", path], log: "/dev/null") }
        let folder = try LogFolder(path)
        let keys = try LogKeys.open(folder, name: "mot-cua.example.vn")
        try await TestDatabase.with { database in
            let site = LogSite(database.pool(), folder, keys)
            do {
                try await body(site)
                await site.pool.shutdown()
            } catch {
                await site.pool.shutdown()
                throw error
            }
        }
    }

    private init(_ pool: ConnectionPool, _ folder: LogFolder, _ keys: LogKeys) {
        self.pool = pool
        signer = LogSigner(feed: pool, folder: folder, keys: keys, logger: TestDatabase.logger)
        reader = LogReader(
            feed: pool, keys: keys, witnesses: LogSite.witness.map { [$0.key] } ?? [], lifetime: .zero)
        var pace = FeedFollower.Pace()
        pace.batchSize = 100
        follower = FeedFollower(source: pool, feed: pool, logger: TestDatabase.logger, pace: pace)
        let router = Router(context: EdgeContext.self, options: [.autoGenerateHeadEndpoints])
        publicRoutes(
            on: router,
            PublicSite(reader: ProgressReader(feed: pool, lifetime: .zero), missTime: .zero, log: reader))
        responder = EdgeResponder(
            router: router,
            face: EdgeFace(
                name: "public", securityHeaders: .pages, nowMicroseconds: EdgeClock.systemMicroseconds,
                renderProblem: publicProblemPage))
    }

    /// Writes a notice and its leaf as the engine would, and `count` leaves of others behind it; the feed takes them.
    func publish(
        _ notice: Notice, from n: Int, others count: Int = 0, code: LookUpCode? = Samples.code, signed: Bool = true
    ) async throws {
        try await pool.transaction { transaction in
            _ = transaction.enqueue(Self.put, (notice, Int64(n), code))
            for place in 0..<count {
                var other = notice
                let digits = String(n + place)
                other.dossier = "0193e3a0-0000-7000-9000-" + String(repeating: "0", count: 12 - digits.count) + digits
                other.root = other.dossier
                other.number = 1
                other.legalCode = nil
                _ = transaction.enqueue(Self.put, (other, Int64(n + 1 + place), nil))
            }
            try transaction.sync()
        }
        while try await follower.round() != .idle {}
        if signed { try await signer.round() }
    }

    /// Erases the salts of a dossier as the engine would; the feed takes that over.
    func erase(_ dossier: String) async throws {
        try await pool.withSession {
            _ = try $0.run(Self.erase, dossier)
        }
        // A feed that has caught up looks for erasures every ten seconds; one that has just begun at once.
        let follower = FeedFollower(source: pool, feed: pool, logger: TestDatabase.logger)
        while try await follower.round() != .idle {}
    }

    private static let erase = Statement<String, Void>(
        name: "test_log_erase",
        sql: "UPDATE engine.leaf SET salt = NULL, erased_at = clock_timestamp() WHERE dossier = $1::text::uuid",
        encode: { $1.text($0) })

    private static let put = Statement<(Notice, Int64, LookUpCode?), Void>(
        name: "test_log_put",
        sql: """
            WITH made AS (
                INSERT INTO engine.notice (province, dossier, number, root, look_up, recorded_at, head, body)
                VALUES ($1, $2::text::uuid, $3, $4::text::uuid, $5, now(), sha256($6), $6)
                RETURNING *
            )
            INSERT INTO engine.leaf (province, n, dossier, number, salt, hash, sequenced_at)
            SELECT m.province, $7, m.dossier, m.number, s.salt,
                sha256('\\x00'::bytea || s.salt || sha256(m.body) || m.head), now()
            FROM made m, (SELECT substr(sha256(uuid_send(gen_random_uuid())), 1, 16)) AS s (salt)
            """,
        encode: {
            $1.int2($0.0.province)
            $1.text($0.0.dossier)
            $1.int4(Int32(clamping: $0.0.number))
            $1.text($0.0.root)
            $1.text($0.2?.compact)
            $1.bytea($0.0.encoded())
            $1.int8($0.1)
        })

    /// Asks as a browser or a monitor would.
    func call(
        _ path: String, method: HTTPRequest.Method = .get, headers: HTTPFields = [:], body: String = ""
    ) async throws -> Answer {
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(string: body)))
        let context = EdgeContext(logger: TestDatabase.logger, peer: RemoteAddress("203.0.113.9"))
        let response = try await responder.respond(to: request, context: context)
        let bytes = Mutex<[UInt8]>([])
        try await response.body.write(Collector { piece in bytes.withLock { $0.append(contentsOf: piece) } })
        return Answer(status: response.status, headers: response.headers, bytes: bytes.withLock { $0 })
    }

    private struct Collector: ResponseBodyWriter {
        let take: @Sendable ([UInt8]) -> Void

        init(_ take: @escaping @Sendable ([UInt8]) -> Void) { self.take = take }

        mutating func write(_ buffer: ByteBuffer) async throws { take(Array(buffer.readableBytesView)) }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
