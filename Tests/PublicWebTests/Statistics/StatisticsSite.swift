import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Notices
import Postgres
import PublicFeed
import PublicSamples
import Synchronization
import TestSupport
import WorkingTime

@testable import PublicWeb

/// The public site with the figures of a made-up province, called without a socket.
struct StatisticsSite: Sendable {
    let pool: ConnectionPool
    let reader: StatisticsReader
    private let progress: ProgressReader
    private let responder: EdgeResponder<EdgeContext>

    static func with(_ notices: [Notice], _ body: (StatisticsSite) async throws -> Void) async throws {
        try await TestDatabase.with(migrated: false) { database in
            _ = try await Migrations.apply(
                FeedSchema.migrations, set: FeedSchema.set, to: database.configuration, logger: TestDatabase.logger)
            let site = try StatisticsSite(database.pool())
            do {
                try await site.pool.transaction { transaction in
                    // As they come: what is told of a month that is over by then is a correction.
                    let sequence = notices.sorted { ($0.at, $0.dossier, $0.number) < ($1.at, $1.dossier, $1.number) }
                    for (n, notice) in sequence.enumerated() {
                        _ = transaction.enqueue(putNotice, (notice, Int64(n)))
                        _ = transaction.enqueue(putDossier, notice)
                        if n % 200 == 199 { try transaction.sync() }
                    }
                    try transaction.sync()
                }
                for province in Set(notices.map(\.province)) {
                    try await StatisticsRecount.rebuild(province, site.pool)
                }
                try await body(site)
                await site.pool.shutdown()
            } catch {
                await site.pool.shutdown()
                throw error
            }
        }
    }

    private init(_ pool: ConnectionPool) throws {
        self.pool = pool
        reader = StatisticsReader(feed: pool, lifetime: .zero)
        let router = Router(context: EdgeContext.self)
        guard let address = PublicAddress("https://hoso.example.vn") else { throw Failure("no address") }
        progress = ProgressReader(feed: pool, watch: FeedWatch(feed: pool, pace: FeedWatch.Pace(trust: .seconds(600))))
        var site = PublicSite(reader: progress, statistics: reader)
        site.systemMicroseconds = { SampleProvince.now.microseconds }
        site.feeds = PublicFeeds(following: FollowingReader(feed: pool), live: nil, address: address)
        site.feeds?.openData = OpenDataSource(reader)
        publicRoutes(on: router, site)
        responder = EdgeResponder(
            router: router,
            face: EdgeFace(
                name: "public", securityHeaders: .pages, nowMicroseconds: { SampleProvince.now.microseconds },
                renderProblem: publicProblemPage))
    }

    /// The follower says that it is five minutes behind, and the watch sees it.
    func fallBehind() async throws { try await caughtUp(at: SampleProvince.now.adding(seconds: -300)) }

    /// It has nothing left to read.
    func catchUp() async throws { try await caughtUp(at: SampleProvince.now) }

    private func caughtUp(at instant: Instant) async throws {
        try await pool.withSession {
            _ = try $0.run(
                Statement<Int64, Void>(
                    name: "test_statistics_caught_up", sql: "UPDATE feed.cursor SET caught_up_at = $1",
                    encode: { $1.timestamptz($0) }), instant.microseconds)
        }
        try await progress.watch.look()
    }

    /// Adds one notice, and counts it as a recount does.
    func add(_ notice: Notice) async throws {
        try await pool.transaction { transaction in
            _ = transaction.enqueue(Self.putNotice, (notice, 1_000_000))
            _ = transaction.enqueue(Self.putDossier, notice)
            try transaction.sync()
        }
        try await StatisticsRecount.rebuild(notice.province, pool)
    }

    /// Asks as a browser would.
    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
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

    private static let putNotice = Statement<(Notice, Int64), Void>(
        name: "test_statistics_notice",
        sql: """
            INSERT INTO feed.notice (province, dossier, number, n, body, salt, head)
            VALUES ($1, $2::text::uuid, $3, $4, $5, substr(sha256($5), 1, 16), sha256($5))
            """,
        encode: {
            $1.int2($0.0.province)
            $1.text($0.0.dossier)
            $1.int4(Int32(clamping: $0.0.number))
            $1.int8($0.1)
            $1.bytea($0.0.encoded())
        })

    private static let putDossier = Statement<Notice, Void>(
        name: "test_statistics_dossier",
        sql: """
            INSERT INTO feed.dossier (province, dossier, root, number, taken)
            VALUES ($1, $2::text::uuid, $2::text::uuid, $3, $3)
            ON CONFLICT (province, dossier) DO UPDATE SET number = excluded.number, taken = excluded.taken
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.dossier)
            $1.int4(Int32(clamping: $0.number))
        })
}
