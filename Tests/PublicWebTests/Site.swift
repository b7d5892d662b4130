import Edge
import HTTPTypes
import Hummingbird
import Logging
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

/// The public site over a feed's database that holds one accepted dossier, called without a socket.
final class Site: Sendable {
    let pool: ConnectionPool
    /// The clock of arrivals.
    let clock = Clock()
    let reader: ProgressReader
    /// What a socket's connections would ask first.
    let quick: any QuickAnswers
    private let responder: EdgeResponder<EdgeContext>

    private init(pool: ConnectionPool, throttle: LookUpThrottle, missTime: Duration, trust: Duration) {
        self.pool = pool
        let router = Router(context: EdgeContext.self)
        reader = ProgressReader(feed: pool, lifetime: trust)
        let site = PublicSite(
            reader: reader, throttle: throttle, missTime: missTime, address: PublicAddress("https://hoso.example.vn"))
        quick = publicRoutes(on: router, site)
        responder = EdgeResponder(
            router: router,
            face: EdgeFace(
                name: "public", securityHeaders: .pages, nowMicroseconds: { [clock] in clock.microseconds() },
                renderProblem: publicProblemPage))
    }

    /// Stands still where it is set; nil runs with the system.
    final class Clock: Sendable {
        let now = Mutex<Instant?>(nil)
        func microseconds() -> Int64 { now.withLock { $0 }?.microseconds ?? EdgeClock.systemMicroseconds() }
    }

    static func with(
        throttle: LookUpThrottle = LookUpThrottle(), missTime: Duration = .zero, trust: Duration = .zero,
        _ body: (Site) async throws -> Void
    ) async throws {
        try await TestDatabase.with(migrated: false) { database in
            _ = try await Migrations.apply(
                FeedSchema.migrations, set: FeedSchema.set, to: database.configuration, logger: TestDatabase.logger)
            let site = Site(pool: database.pool(), throttle: throttle, missTime: missTime, trust: trust)
            do {
                for (n, notice) in Samples.earlier.enumerated() { try await site.publish(notice, n: n) }
                try await body(site)
                await site.pool.shutdown()
            } catch {
                await site.pool.shutdown()
                throw error
            }
        }
    }

    /// Puts a notice into the feed as the follower would.
    func publish(_ notice: Notice, n: Int) async throws {
        let lookUp = notice.dossier == notice.root ? Samples.code : nil
        try await SampleFeed.put(SampleFeed.Sequenced(n: Int64(n), notice: notice, lookUp: lookUp), into: pool)
    }

    /// Asks as a browser would.
    func get(_ path: String, headers: HTTPFields = [:], from address: String = "203.0.113.9") async throws -> Answer {
        try await send(.get, path, headers: headers, from: address)
    }

    /// Sends a form as a browser would from a page of the site.
    func post(
        _ path: String, _ form: String, headers: HTTPFields = [.secFetchSite: "same-origin", .origin: "null"],
        from address: String = "203.0.113.9"
    ) async throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return try await send(.post, path, headers: headers, body: form, from: address)
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields, body: String = "", from address: String
    ) async throws -> Answer {
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(string: body)))
        let context = EdgeContext(logger: TestDatabase.logger, peer: RemoteAddress(address))
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

/// What came back.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// All but the trace id, which is another one every time.
    var stableHeaders: [HTTPField] { headers.filter { $0.name != .requestID } }
}

extension HTTPField.Name {
    static func named(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
        return field
    }
}
