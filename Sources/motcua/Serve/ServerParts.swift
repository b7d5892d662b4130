import CoreMetrics
import Edge
import Engine
import Hummingbird
import Logging
import Metrics
import Postgres
import PublicFeed
import PublicWeb
import ServiceLifecycle
import Vault
import Web
import WorkingTime

/// The parts of a running server, made in the order in which they need each other.
struct ServerParts: Sendable {
    let engine: DossierEngine
    let keys: KeyFile
    private let pools: [ConnectionPool]
    private let follower: FeedFollower
    private let feedPool: ConnectionPool
    private let registry: PrometheusRegistry
    private let logger: Logger

    /// Opens nothing yet.
    init(_ installation: Installation, clock: EngineClock, registry: PrometheusRegistry) {
        let logger = installation.logger
        let enginePool = ConnectionPool(
            PostgresConfiguration(installation.addresses.engine, applicationName: "motcua-engine"), size: 8,
            logger: logger)
        let feed = PostgresConfiguration(installation.addresses.feed, applicationName: "motcua-feed")
        feedPool = ConnectionPool(feed, size: 4, logger: logger)
        pools = [enginePool, feedPool]
        keys = installation.keys
        engine = DossierEngine(
            pool: enginePool, vault: PersonalVault(keys: installation.keys, path: installation.keyFile), clock: clock,
            logger: logger)
        follower = FeedFollower(source: feedPool, feed: feedPool, logger: logger)
        self.registry = registry
        self.logger = logger
    }

    /// Sees that the database belongs to the key file.
    /// - Throws: ``CommandFailure`` when it does not, or the database is away.
    @discardableResult
    func checkKeys() async throws -> KeyStanding {
        do { return try await engine.checkKeys() } catch is CommandError {
            throw CommandFailure(.notNow, "the database does not answer")
        } catch { throw CommandFailure(.notNow, "\(error)") }
    }

    /// The services in the order of their start; they stop in the reverse.
    func services(
        _ listen: ListenOptions, withPublicPages: Bool, onRunning: @escaping @Sendable (ServerFace, Int) async -> Void
    ) async throws -> [any Service] {
        let proxies = try listen.trusted()
        // Before anything listens: a command that came earlier would be refused as if its agency did not exist.
        try await engine.refreshCatalogue()
        let api = await WebAPI(engine: engine, tokenKey: keys.derivedKey(.tokenSigning).bytes)
        let operations = OperationsServer(
            host: listen.operationsHost, port: listen.operationsPort, checks: checks, registry: registry,
            logger: logger, onRunning: { await onRunning(.operations, $0) })
        let apiServer = EdgeServer(
            router: api.router(), face: api.face(trustedProxies: proxies), host: listen.host, port: listen.port,
            logger: logger, onRunning: { await onRunning(.api, $0) })
        var services: [any Service] = pools.map { PoolKeeper(pool: $0) }
        services += [engine, operations, apiServer]
        if withPublicPages {
            services.append(follower)
            services.append(
                PublicFace.server(
                    feedPool, listen, proxies: proxies, nowMicroseconds: { engine.clock.now().microseconds },
                    logger: logger, onRunning: { await onRunning(.pages, $0) }))
        }
        return services
    }

    /// Closes what a command that starts no services has opened.
    func close() async {
        for pool in pools { await pool.shutdown() }
    }

    private var checks: [ReadinessCheck] {
        [
            ReadinessCheck(name: "engine") { [engine] in
                if let reason = await engine.readiness() { .notReady(reason) } else { .ready }
            }
        ]
    }
}

/// The faces of a server.
enum ServerFace: String, Sendable, CaseIterable {
    case api
    case pages
    case operations
}

/// The citizens' pages over the feed's database.
enum PublicFace {
    static func server(
        _ feed: ConnectionPool, _ listen: ListenOptions, proxies: TrustedProxies,
        nowMicroseconds: @escaping @Sendable () -> Int64, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void
    ) -> EdgeServer<EdgeContext> {
        let router = Router(context: EdgeContext.self, options: [.autoGenerateHeadEndpoints])
        publicRoutes(on: router, PublicSite(reader: ProgressReader(feed: feed)))
        let face = EdgeFace<EdgeContext>(
            name: "public", securityHeaders: .pages, trustedProxies: proxies, nowMicroseconds: nowMicroseconds,
            renderProblem: publicProblemPage)
        return EdgeServer(
            router: router, face: face, host: listen.host, port: listen.publicPort, logger: logger,
            onRunning: onRunning)
    }
}

/// Closes a pool's connections once everything that uses it has stopped.
struct PoolKeeper: Service {
    let pool: ConnectionPool

    func run() async throws {
        // Thrown when the task is cancelled, which means the same here.
        try? await gracefulShutdown()
        await pool.shutdown()
    }
}
