import Edge
import HTTPTypes
import Hummingbird
import JSONText
import NIOCore
import Notices
import Postgres
import PublicFeed
import PublicSamples
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import PublicWeb

/// The public site with all that it can serve, over tables that hold one dossier.
struct WholeSite: Sendable {
    /// A route that programs read.
    struct Route: Sendable {
        let pattern: String
        /// An address of it that reads; most of them are answered 200 or 404.
        let path: String
        /// What does not read, or leads to nothing.
        var wrong: [(path: String, status: Int)] = []
        var isCounted = true
        var readsDatabase = true
    }

    let pool: ConnectionPool
    let patterns: [String]
    private let responder: EdgeResponder<EdgeContext>

    static let code = "\(Samples.code)"
    static let nobody = "\(LookUpCode(values: [9, 9, 9]))"
    static let slip = "74MC-P2XQ-93HR"

    static let people = [
        "/", "/rieng-tu", "/tra-cuu", "/ho-so/{code}", "/ho-so/{code}/giay-tiep-nhan", "/ho-so/{code}/danh-gia",
        "/so-cong-khai", "/nguon-tin",
        "/nguon-tin/{province}", "/du-lieu-mo", "/thong-ke", "/thong-ke/bieu-2-06a", "/thong-ke/{province}",
        "/thong-ke/{province}/hai-long", "/thong-ke/{province}/thang", "/thong-ke/{province}/ngay",
        "/thong-ke/{province}/co-quan",
        "/thong-ke/{province}/linh-vuc",
        "/thong-ke/{province}/thu-tuc", "/bang-tin/{province}", Stylesheet.path,
    ]

    static let programs: [Route] =
        [
            Route(
                pattern: "/v1/progress/{code}", path: "/v1/progress/\(code)",
                wrong: [("/v1/progress/abc", 404), ("/v1/progress/\(slip)", 422), ("/v1/progress/\(nobody)", 404)]),
            Route(
                pattern: "/v1/progress/{code}/proof", path: "/v1/progress/\(code)/proof",
                wrong: [("/v1/progress/abc/proof", 404), ("/v1/progress/\(slip)/proof", 422)]),
            Route(pattern: "/v1/statistics", path: "/v1/statistics", isCounted: false),
            Route(
                pattern: "/v1/statistics/{province}", path: "/v1/statistics/48",
                wrong: [
                    ("/v1/statistics/x", 404), ("/v1/statistics/99", 404), ("/v1/statistics/48?month=x", 400),
                    ("/v1/statistics/48?by=x", 400),
                ], isCounted: false),
            Route(
                pattern: "/v1/statistics/{province}/satisfaction", path: "/v1/statistics/48/satisfaction",
                wrong: [
                    ("/v1/statistics/x/satisfaction", 404), ("/v1/statistics/99/satisfaction", 404),
                    ("/v1/statistics/48/satisfaction?month=x", 400),
                ], isCounted: false),
            Route(
                pattern: "/events", path: "/events?code=\(code)",
                wrong: [
                    ("/events", 400), ("/events?province=x", 404), ("/events?province=48&agency=a&procedure=b", 400),
                    ("/events?province=48&last-event-id=x", 400), ("/events?code=abc", 404),
                    ("/events?code=\(slip)", 422), ("/events?code=\(nobody)", 404),
                    ("/events?code=000.00.41.H17-260303-0042", 404),
                ]),
            Route(
                pattern: "/thong-ke/bieu-2-06a.csv", path: "/thong-ke/bieu-2-06a.csv?tinh=48",
                wrong: [("/thong-ke/bieu-2-06a.csv?tinh=99", 404), ("/thong-ke/bieu-2-06a.csv?tinh=48&thang=x", 400)],
                isCounted: false),
            Route(
                pattern: "/thong-ke/bieu-2-06a.xlsx", path: "/thong-ke/bieu-2-06a.xlsx?tinh=48",
                wrong: [("/thong-ke/bieu-2-06a.xlsx?tinh=99", 404)], isCounted: false),
            Route(pattern: "/robots.txt", path: "/robots.txt", isCounted: false, readsDatabase: false),
            Route(pattern: "/favicon.ico", path: "/favicon.ico", isCounted: false, readsDatabase: false),
            Route(pattern: "/du-lieu-mo/catalog.ttl", path: "/du-lieu-mo/catalog.ttl"),
            Route(pattern: "/du-lieu-mo/catalog.jsonld", path: "/du-lieu-mo/catalog.jsonld"),
        ] + logs + feeds + months

    private static let logs: [Route] = [
        ("checkpoint", "checkpoint"), ("checkpoint/cosigned", "checkpoint/cosigned"),
        ("consistency/{old}", "consistency/0"), ("key", "key"), ("tile/**", "tile/0/000"),
        ("checkpoint/{size}/cosignatures", "checkpoint/1/cosignatures"),
    ].map { pattern, path in
        Route(
            pattern: "/log/{province}/\(pattern)", path: "/log/48/\(path)",
            wrong: pattern.hasSuffix("cosignatures") ? [] : [("/log/x/\(path)", 404), ("/log/47/\(path)", 404)],
            isCounted: !pattern.hasSuffix("cosignatures"), readsDatabase: !pattern.hasSuffix("cosignatures"))
    }

    private static let feeds: [Route] = FeedFormat.allCases.flatMap { (format: FeedFormat) -> [Route] in
        let file = format.rawValue
        let dossier = Route(
            pattern: "/ho-so/{code}/\(file)", path: "/ho-so/\(code)/\(file)",
            wrong: [
                ("/ho-so/abc/\(file)", 404), ("/ho-so/\(slip)/\(file)", 422), ("/ho-so/\(nobody)/\(file)", 404),
            ])
        return [dossier]
            + [("", ""), ("/co-quan/{agency}", "/co-quan/A"), ("/thu-tuc/{procedure}", "/thu-tuc/x")].flatMap {
                folder in
                [("", ""), ("/trang/{page}", "/trang/0")].map { (page: (String, String)) -> Route in
                    Route(
                        pattern: "/nguon-tin/{province}\(folder.0)\(page.0)/\(file)",
                        path: "/nguon-tin/48\(folder.1)\(page.1)/\(file)",
                        wrong: [("/nguon-tin/x\(folder.1)\(page.1)/\(file)", 404)])
                }
            }
    }

    private static let months: [Route] = ["csv", "json"].map { format in
        Route(
            pattern: "/du-lieu-mo/{province}/{month}/ho-so.\(format)", path: "/du-lieu-mo/48/2026-03/ho-so.\(format)",
            wrong: [
                ("/du-lieu-mo/x/2026-03/ho-so.\(format)", 404), ("/du-lieu-mo/48/2026-13/ho-so.\(format)", 404),
                ("/du-lieu-mo/48/2020-01/ho-so.\(format)", 404),
            ])
    }

    static func with(
        quota: Quota = Quota(count: 900_000, seconds: 60), _ body: (WholeSite) async throws -> Void
    ) async throws {
        let path = "/tmp/motcua-whole-site-\(UInt32.random(in: 0...UInt32.max))"
        defer { _ = try? ChildProcess.run(["rm", "-rf", path], log: "/dev/null") }
        let keys = try LogKeys.open(try LogFolder(path), name: "hoso.example.vn")
        try await TestDatabase.with(migrated: false) { database in
            _ = try await Migrations.apply(
                FeedSchema.migrations, set: FeedSchema.set, to: database.configuration, logger: TestDatabase.logger)
            let pool = database.pool()
            let backlog = database.pool(size: 2)
            do {
                for (n, notice) in Samples.earlier.enumerated() {
                    try await SampleFeed.put(
                        SampleFeed.Sequenced(n: Int64(n), notice: notice, lookUp: Samples.code), into: pool)
                }
                try await pool.withSession {
                    try $0.execute("INSERT INTO feed.cursor (province, next_n) VALUES (48, 2), (46, 0)")
                }
                try await body(try WholeSite(pool, backlog, LogReader(feed: pool, keys: keys, witnesses: []), quota))
            } catch {
                await backlog.shutdown()
                await pool.shutdown()
                throw error
            }
            await backlog.shutdown()
            await pool.shutdown()
        }
    }

    private init(_ pool: ConnectionPool, _ backlog: ConnectionPool, _ log: LogReader, _ quota: Quota) throws {
        self.pool = pool
        let address = try #require(PublicAddress("https://hoso.example.vn"))
        let reader = StatisticsReader(feed: pool, lifetime: .zero)
        var site = PublicSite(
            reader: ProgressReader(feed: pool, lifetime: .zero), statistics: reader,
            throttle: LookUpThrottle(requests: quota), missTime: .zero, address: address, log: log)
        let unlimited = Quota(count: 1_000_000, seconds: 1)
        site.feeds = PublicFeeds(
            following: FollowingReader(feed: pool, lifetime: .zero),
            live: LiveEvents(feed: pool, backlog: backlog, site: address.text, logger: TestDatabase.logger),
            address: address, limiter: RateLimiter(name: "feeds", perBlock: quota, overall: unlimited))
        site.feeds?.openData = OpenDataSource(reader)
        let router = Router(context: EdgeContext.self)
        publicRoutes(on: router, site)
        patterns = Set(router.routes.map(\.path.description)).sorted()
        responder = EdgeResponder(
            router: router,
            face: EdgeFace(name: "public", securityHeaders: .pages, renderProblem: publicProblemPage))
    }

    func ask(
        _ path: String, method: HTTPRequest.Method = .get, from address: String = "203.0.113.9"
    ) async throws -> Answer {
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: "localhost", path: path,
                // A browser: what it would rather have is no reason to answer a program's address with a page.
                headerFields: [.accept: "text/html,*/*;q=0.8"]),
            body: RequestBody(buffer: ByteBuffer()))
        let context = EdgeContext(logger: TestDatabase.logger, peer: RemoteAddress(address))
        let response = try await responder.respond(to: request, context: context)
        // A stream has no end.
        guard response.headers[.contentType]?.hasPrefix("text/event-stream") != true else {
            return Answer(status: response.status, headers: response.headers, bytes: [])
        }
        let bytes = Mutex<[UInt8]>([])
        try await response.body.write(BytesWriter { piece in bytes.withLock { $0 += piece } })
        return Answer(status: response.status, headers: response.headers, bytes: bytes.withLock { $0 })
    }

    /// Expects a problem document of RFC 9457 that says what its status says.
    @discardableResult
    func expectProblem(
        _ path: String, method: HTTPRequest.Method = .get, from address: String = "203.0.113.9", status: Int
    ) async throws -> HTTPFields {
        let answer = try await ask(path, method: method, from: address)
        #expect(answer.status.code == status, "\(path)")
        #expect(answer.headers[.contentType] == "application/problem+json; charset=utf-8", "\(path)")
        #expect(answer.headers[.cacheControl] == "no-store", "\(path)")
        let document = try JSONValue.parse(answer.bytes)
        #expect(document["status"]?.integerValue == Int64(status), "\(path)")
        let code = try #require(document["code"]?.stringValue, "\(path)")
        #expect(document["type"]?.stringValue == "https://motcua.vn/problems/\(code)", "\(path)")
        #expect(document["title"]?.stringValue?.isEmpty == false, "\(path)")
        return answer.headers
    }
}
