import Edge
import Engine
import Foundation
import Hummingbird
import Logging
import Postgres
import Procedures
import PublicFeed
import PublicWeb
import ServiceLifecycle
import Synchronization
import TestSupport
import Vault
import Web
import WorkingTime

@testable import motcua

/// A legal clock that tests set.
final class SettableClock: Sendable {
    private let time: Mutex<Instant>

    init(_ time: Instant) { self.time = Mutex(time) }

    var now: Instant { time.withLock { $0 } }
    func set(_ instant: Instant) { time.withLock { $0 = instant } }
}

/// Engine, API, feed and public pages as `motcua serve` puts them together, on ports and a database of their own.
struct LiveSystem: Sendable {
    let engine: DossierEngine
    let clock: SettableClock
    let api: HTTPClient
    let pages: HTTPClient
    /// Looks at the database as its owner.
    let database: Database

    /// Runs `body` against a running system, and stops it afterwards as a server stops.
    static func with<Value: Sendable>(
        at start: Instant, texts: [String: [UInt8]], _ body: @escaping @Sendable (LiveSystem) async throws -> Value
    ) async throws -> Value {
        try await TestDatabase.with { database in
            let folder = FileManager.default.temporaryDirectory.appending(path: "motcua-e2e-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let keys = try KeyFile.open(folder.appending(path: "keys").path, createIfMissing: true)
            let pools = Pools(database)
            let clock = SettableClock(start)
            var settings = EngineSettings()
            settings.agendaInterval = .milliseconds(20)
            settings.sequencerInterval = .milliseconds(10)
            // A machine that builds and tests at the same time is slow, not broken.
            settings.patience = .seconds(60)
            let engine = DossierEngine(
                pool: pools.engine, vault: PersonalVault(keys: keys), clock: EngineClock { clock.now },
                settings: settings,
                logger: TestDatabase.logger)
            let report = try await engine.install(texts, by: "test")
            guard !report.hasErrors else {
                throw Failure("the files have errors: \(report.rows.map { "\($0.file) \($0.finding.message.en)" })")
            }
            let doors = DemoDoors()
            // Nobody asks for this face here.
            doors.opened(.operations, port: 0)
            let play = Play<Value>(doors: doors) { api, pages in
                let watcher = try await Database.open(database.configuration)
                let live = LiveSystem(engine: engine, clock: clock, api: api, pages: pages, database: watcher)
                let result: Result<Value, any Error>
                do { result = .success(try await body(live)) } catch { result = .failure(error) }
                await watcher.pool.shutdown()
                return try result.get()
            }
            var services: [any Service] = [PoolKeeper(pool: pools.engine), PoolKeeper(pool: pools.feed), engine]
            services += await faces(engine, keys, pools, clock, doors)
            let group = ServiceGroup(
                configuration: .init(
                    services: services.map { .init(service: $0) } + [.stopping(play)], logger: TestDatabase.logger))
            try await group.run()
            return try play.result()
        }
    }

    private static func faces(
        _ engine: DossierEngine, _ keys: KeyFile, _ pools: Pools, _ clock: SettableClock, _ doors: DemoDoors
    ) async -> [any Service] {
        let api = await WebAPI(engine: engine, tokenKey: keys.derivedKey(.tokenSigning).bytes)
        var pace = FeedFollower.Pace()
        pace.idle = .milliseconds(10)
        let follower = FeedFollower(source: pools.feed, feed: pools.feed, logger: TestDatabase.logger, pace: pace)
        // All citizens of the tests look from one block of addresses.
        let wide = Quota(count: 900_000, seconds: 60)
        let router = Router(context: EdgeContext.self, options: [.autoGenerateHeadEndpoints])
        publicRoutes(
            on: router,
            PublicSite(
                reader: ProgressReader(feed: pools.feed, lifetime: .zero),
                throttle: LookUpThrottle(requests: wide, misses: wide, allMisses: wide)))
        let face = EdgeFace<EdgeContext>(
            name: "public", securityHeaders: .pages, nowMicroseconds: { clock.now.microseconds },
            renderProblem: publicProblemPage)
        return [
            EdgeServer(router: api.router(), face: api.face(), port: 0, logger: TestDatabase.logger) {
                doors.opened(.api, port: $0)
            },
            follower,
            EdgeServer(router: router, face: face, port: 0, logger: TestDatabase.logger) {
                doors.opened(.pages, port: $0)
            },
        ]
    }
}

/// The engine's connections and the feed's, each as the role it has in production.
private struct Pools: Sendable {
    let engine: ConnectionPool
    let feed: ConnectionPool

    init(_ database: TestDatabase) {
        func pool(_ role: String, _ size: Int) -> ConnectionPool {
            var configuration = database.configuration
            configuration.connectionString = configuration.connectionString.replacing(
                "user=postgres", with: "user=\(role)")
            return ConnectionPool(configuration, size: size, logger: TestDatabase.logger)
        }
        engine = pool("motcua_engine", 6)
        feed = pool("motcua_feed", 4)
    }
}

/// The test's own part of the service group: when it ends, the group stops.
private struct Play<Value: Sendable>: Service {
    private let doors: DemoDoors
    private let body: @Sendable (HTTPClient, HTTPClient) async throws -> Value
    private let kept = Kept()

    private final class Kept: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }

    init(doors: DemoDoors, _ body: @escaping @Sendable (HTTPClient, HTTPClient) async throws -> Value) {
        self.doors = doors
        self.body = body
    }

    func run() async throws {
        do {
            let ports = try await doors.wait()
            let api = HTTPClient(
                ServerAddress(host: "127.0.0.1", port: ports.api), patience: .seconds(90), idleCountMax: 48)
            let pages = HTTPClient(
                ServerAddress(host: "127.0.0.1", port: ports.pages), patience: .seconds(90), idleCountMax: 48)
            let value = try await body(api, pages)
            await api.close()
            await pages.close()
            kept.result.withLock { $0 = .success(value) }
        } catch {
            // Kept aside, so that the system ends in order before the error is shown.
            kept.result.withLock { $0 = .failure(error) }
        }
    }

    func result() throws -> Value {
        guard let result = kept.result.withLock({ $0 }) else { throw Failure("the play did not end") }
        return try result.get()
    }
}
