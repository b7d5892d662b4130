import Edge
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Notices
import Postgres
import PublicFeed
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import PublicWeb

/// The public site with its feeds over an engine's database, called without a socket.
struct FeedSite {
    let pool: ConnectionPool
    let follower: FeedFollower
    let feeds: PublicFeeds
    let router: Router<EdgeContext>
    let quick: any QuickAnswers
    private let responder: EdgeResponder<EdgeContext>

    static let address = "https://hoso.example.vn"
    static let root = "0193e3a0-0000-7000-8000-00000000aaaa"
    static let part = "0193e3a0-0000-7000-8000-00000000bbbb"
    static let code = LookUpCode(values: [5, 2, 18, 10, 20, 0, 27, 21, 7, 1, 15])

    private init(
        _ pool: ConnectionPool, live: LiveEvents?, throttle: LookUpThrottle, missTime: Duration, seats: StreamSeats,
        openData: OpenDataSource?
    ) throws {
        self.pool = pool
        var logger = TestDatabase.logger
        logger.logLevel = .critical
        follower = FeedFollower(source: pool, feed: pool, logger: logger)
        var feeds = PublicFeeds(
            following: FollowingReader(feed: pool, lifetime: .zero), live: live,
            address: try #require(PublicAddress(FeedSite.address)), seats: seats)
        feeds.openData = openData
        self.feeds = feeds
        var site = PublicSite(
            reader: ProgressReader(feed: pool, lifetime: .zero), throttle: throttle, missTime: missTime)
        site.feeds = feeds
        router = Router(context: EdgeContext.self, options: [.autoGenerateHeadEndpoints])
        quick = publicRoutes(on: router, site)
        responder = EdgeResponder(router: router, face: FeedSite.face)
    }

    static var face: EdgeFace<EdgeContext> {
        // One trace id, so that answers can be compared byte for byte.
        EdgeFace(
            name: "public", securityHeaders: .pages, makeTraceID: { "0123456789abcdef0123456789abcdef" },
            renderProblem: publicProblemPage)
    }

    static func with(
        throttle: LookUpThrottle = LookUpThrottle(), missTime: Duration = .zero, seats: StreamSeats = StreamSeats(),
        pace: LiveEvents.Pace = LiveEvents.Pace(), openData: OpenDataSource? = nil,
        _ body: (FeedSite) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            let pool = database.pool()
            let backlog = database.pool(size: 2)
            let live = LiveEvents(feed: pool, backlog: backlog, site: address, logger: TestDatabase.logger, pace: pace)
            let site = try FeedSite(
                pool, live: live, throttle: throttle, missTime: missTime, seats: seats, openData: openData)
            do {
                try await body(site)
                await backlog.shutdown()
                await pool.shutdown()
            } catch {
                await backlog.shutdown()
                await pool.shutdown()
                throw error
            }
        }
    }

    /// Sequences notices from leaf `n` on, as the engine would, and lets the follower take them.
    func publish(_ notices: [Notice], from n: Int) async throws {
        try await pool.transaction { transaction in
            for (place, notice) in notices.enumerated() {
                _ = transaction.enqueue(FeedSite.putNotice, notice)
                _ = transaction.enqueue(FeedSite.putLeaf, (notice, Int64(n + place)))
            }
            try transaction.sync()
        }
        for _ in 0..<1_000 where try await follower.round() == .idle { return }
        throw Failure("the follower never came to rest")
    }

    private static let putNotice = Statement<Notice, Void>(
        name: "test_feeds_notice",
        sql: """
            INSERT INTO engine.notice (province, dossier, number, root, look_up, recorded_at, head, body)
            VALUES ($1, $2::text::uuid, $3, $4::text::uuid, $5, now(), sha256($6), $6)
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.dossier)
            $1.int4(Int32(clamping: $0.number))
            $1.text($0.root)
            $1.text($0.dossier == FeedSite.root ? FeedSite.code.compact : nil)
            $1.bytea($0.encoded())
        })

    /// With the hash that the engine would give it.
    private static let putLeaf = Statement<(Notice, Int64), Void>(
        name: "test_feeds_leaf",
        sql: """
            INSERT INTO engine.leaf (province, n, dossier, number, salt, hash, sequenced_at)
            SELECT province, $4, dossier, number, s.salt, sha256('\\x00'::bytea || s.salt || sha256(body) || head), now()
            FROM engine.notice, (SELECT decode(repeat('ab', 16), 'hex') AS salt) AS s
            WHERE province = $1 AND dossier = $2::text::uuid AND number = $3
            """,
        encode: {
            $1.int2($0.0.province)
            $1.text($0.0.dossier)
            $1.int4(Int32(clamping: $0.0.number))
            $1.int8($0.1)
        })

    /// Asks as a program would; a body that streams is read until `enough` of it is there.
    func get(
        _ path: String, method: HTTPRequest.Method = .get, headers: HTTPFields = [:],
        from address: String = "203.0.113.9"
    ) async throws -> (status: HTTPResponse.Status, headers: HTTPFields, bytes: [UInt8]) {
        let response = try await respond(path, method: method, headers: headers, from: address)
        let bytes = Mutex<[UInt8]>([])
        try await response.body.write(BytesWriter { piece in bytes.withLock { $0 += piece } })
        return (response.status, response.headers, bytes.withLock { $0 })
    }

    func respond(
        _ path: String, method: HTTPRequest.Method = .get, headers: HTTPFields = [:],
        from address: String = "203.0.113.9"
    ) async throws -> Response {
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
        let context = EdgeContext(logger: TestDatabase.logger, peer: RemoteAddress(address))
        return try await responder.respond(to: request, context: context)
    }
}

/// Takes a body's pieces.
struct BytesWriter: ResponseBodyWriter {
    let take: @Sendable ([UInt8]) -> Void

    init(_ take: @escaping @Sendable ([UInt8]) -> Void) { self.take = take }

    mutating func write(_ buffer: ByteBuffer) async throws { take(Array(buffer.readableBytesView)) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension FeedSite {
    static func moment(_ text: String) throws -> Instant { try #require(Instant(iso8601: text)) }

    /// The dossier of ``code``, at one of its stages.
    static func notice(_ number: Int, _ stage: PublicStage, _ change: (inout Notice) -> Void = { _ in }) throws
        -> Notice
    {
        var notice = Notice(
            province: 48, dossier: root, number: number, root: root, parent: nil, part: nil,
            at: try moment("2026-03-04T09:12").adding(seconds: Int64(number) * 600), procedure: "birth-registration",
            procedureVersion: 3, procedureCode: "1.001193",
            procedureTitle: LocalText(vi: "Đăng ký khai sinh <\"A\" & 'B'>", en: "Birth registration"),
            field: "civil-status",
            channel: 1, legalCode: stage == .submitted ? nil : "000.00.41.H17-260303-0042", status: stage.status,
            stage: stage,
            milestones: [.init(key: "check", title: LocalText(vi: "Kiểm tra", en: "Checked"))], milestone: "check",
            sentence: LocalText(vi: "Tin số \(number) ]]> & <b>", en: "News \(number)"),
            holder: .init(
                agency: "A", name: LocalText(vi: "Bộ phận Một cửa", en: "One-stop desk"), phone: "0236 3822 333"),
            action: nil, submitted: try moment("2026-03-03T07:50"), accepted: try moment("2026-03-03T08:05"),
            promised: try moment("2026-03-10T17:00"), firstPromised: try moment("2026-03-09T17:00"),
            promiseCause: "resume", paused: false, pausedDays: 1, finished: nil, result: nil)
        change(&notice)
        return notice
    }

    /// Other dossiers, each accepted.
    static func crowd(_ count: Int, from first: Int = 0) throws -> [Notice] {
        try (first..<first + count).map { index in
            try notice(1, .accepted) {
                let digits = String(index)
                $0.dossier = "0193e3a0-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
                $0.root = $0.dossier
                $0.legalCode =
                    "000.00.41.H17-260304-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            }
        }
    }
}
