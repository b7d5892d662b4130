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

/// The public site over a feed's database that holds one accepted dossier, called without a socket.
final class Site: Sendable {
    let pool: ConnectionPool
    /// The clock of arrivals.
    let clock = Clock()
    private let responder: EdgeResponder<EdgeContext>

    private init(pool: ConnectionPool, throttle: LookUpThrottle, missTime: Duration) {
        self.pool = pool
        let router = Router(context: EdgeContext.self)
        let reader = ProgressReader(feed: pool, lifetime: .zero)
        publicRoutes(on: router, PublicSite(reader: reader, throttle: throttle, missTime: missTime))
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
        throttle: LookUpThrottle = LookUpThrottle(), missTime: Duration = .zero, _ body: (Site) async throws -> Void
    ) async throws {
        try await TestDatabase.with(migrated: false) { database in
            _ = try await Migrations.apply(
                FeedSchema.migrations, set: FeedSchema.set, to: database.configuration, logger: TestDatabase.logger)
            let site = Site(pool: database.pool(), throttle: throttle, missTime: missTime)
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
        try await pool.transaction { transaction in
            _ = transaction.enqueue(Self.putNotice, (notice, Int64(n)))
            _ = transaction.enqueue(Self.putDossier, notice)
            try transaction.sync()
        }
    }

    private static let putNotice = Statement<(Notice, Int64), Void>(
        name: "test_feed_notice",
        sql: "INSERT INTO feed.notice (province, dossier, number, n, body) VALUES ($1, $2::text::uuid, $3, $4, $5)",
        encode: {
            $1.int2($0.0.province)
            $1.text($0.0.dossier)
            $1.int4(Int32(clamping: $0.0.number))
            $1.int8($0.1)
            $1.bytea($0.0.encoded())
        })

    private static let putDossier = Statement<Notice, Void>(
        name: "test_feed_dossier",
        sql: """
            INSERT INTO feed.dossier (province, dossier, root, look_up, legal_code, number, taken)
            VALUES ($1, $2::text::uuid, $2::text::uuid, $3, $4, $5, $5)
            ON CONFLICT (province, dossier) DO UPDATE SET
                legal_code = excluded.legal_code, number = excluded.number, taken = excluded.taken
            """,
        encode: {
            $1.int2($0.province)
            $1.text($0.dossier)
            $1.text(Samples.code.compact)
            $1.text($0.legalCode)
            $1.int4(Int32(clamping: $0.number))
        })

    /// Asks as a browser would.
    func get(_ path: String, headers: HTTPFields = [:], from address: String = "203.0.113.9") async throws -> Answer {
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
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
