import ArgumentParser
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
    private let folder: String
    private let registry: PrometheusRegistry
    private let logger: Logger

    /// Opens nothing yet.
    init(_ installation: Installation, clock: EngineClock, registry: PrometheusRegistry) {
        let logger = installation.logger
        let enginePool = ConnectionPool(
            installation.addresses.engine("motcua-engine"), size: 8, logger: logger)
        feedPool = ConnectionPool(installation.addresses.feed("motcua-feed"), size: 4, logger: logger)
        pools = [enginePool, feedPool]
        keys = installation.keys
        engine = DossierEngine(
            pool: enginePool, vault: PersonalVault(keys: installation.keys, path: installation.keyFile), clock: clock,
            logger: logger)
        follower = FeedFollower(source: feedPool, feed: feedPool, logger: logger)
        folder = installation.folder
        self.registry = registry
        self.logger = logger
    }

    /// Sees that the database belongs to the key file.
    /// - Throws: ``CommandFailure`` when it does not, or the engine's role cannot use the database.
    @discardableResult
    func checkKeys() async throws -> KeyStanding {
        for pool in pools where pool !== feedPool { try await pool.checkServer() }
        do { return try await engine.checkKeys() } catch is CommandError {
            throw CommandFailure(.notNow, "the database does not answer")
        } catch { throw CommandFailure(.notNow, "\(error)") }
    }

    /// The services in the order of their start; they stop in the reverse.
    func services(
        _ listen: ListenOptions, publicLog: PublicLogOptions? = nil, withPublicPages: Bool,
        deliveryKey: DeliveryKey? = nil,
        onRunning: @escaping @Sendable (ServerFace, Int) async -> Void
    ) async throws -> [any Service] {
        let proxies = try listen.trusted()
        try await feedPool.checkServer()
        // Before anything listens: a command that came earlier would be refused as if its agency did not exist.
        try await engine.refreshCatalogue()
        let api = await WebAPI(engine: engine, tokenKey: keys.derivedKey(.tokenSigning).bytes)
        let log =
            try withPublicPages
            ? PublicLog(
                publicLog ?? PublicLogOptions.parse([]), dataFolder: folder, feed: feedPool, logger: logger) : nil
        let operations = OperationsServer(
            host: listen.operationsHost, port: listen.operationsPort,
            checks: checks + (log.map { [$0.check] } ?? []), registry: registry,
            logger: logger, onRunning: { await onRunning(.operations, $0) })
        let apiServer = EdgeServer(
            router: api.router(), face: api.face(trustedProxies: proxies), host: listen.host, port: listen.port,
            logger: logger, onRunning: { await onRunning(.api, $0) })
        var services: [any Service] = pools.map { PoolKeeper(pool: $0) }
        services += pools.map { StallKeeper(pool: $0, logger: logger) }
        services += [engine, operations, apiServer]
        if let log {
            let following = PublicFollowing(feedPool, listen, logger: logger)
            services += [PoolKeeper(pool: following.backlog), follower, log.signer]
            if let deliveryKey { services += DeliveryOptions.services(feedPool.configuration, deliveryKey, logger) }
            services.append(
                StatisticsKeeper(feed: feedPool, logger: logger, nowMicroseconds: EdgeClock.systemMicroseconds))
            services.append(
                StatisticsPublisher(feed: feedPool, signing: log.satisfaction, logger: logger) {
                    [clock = engine.clock] in
                    clock.now().microseconds
                })
            services.append(
                PublicFace.server(
                    feedPool, following, log.reader, listen, proxies: proxies,
                    nowMicroseconds: { engine.clock.now().microseconds }, logger: logger,
                    onRunning: { await onRunning(.pages, $0) }))
            // Stops first: a live connection ends only when it is told to.
            services += [following.watch, following.shelf, following.live]
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
        _ feed: ConnectionPool, _ following: PublicFollowing, _ log: LogReader, _ listen: ListenOptions,
        proxies: TrustedProxies,
        nowMicroseconds: @escaping @Sendable () -> Int64, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void
    ) -> EdgeServer<EdgeContext> {
        let router = Router(context: EdgeContext.self, options: [.autoGenerateHeadEndpoints])
        var site = PublicSite(
            reader: ProgressReader(feed: feed, watch: following.watch), statistics: StatisticsReader(feed: feed),
            address: listen.address,
            log: log)
        site.feeds = following.feeds
        site.feedback = listen.feedbackAddress
        let quick = publicRoutes(on: router, site)
        var face = EdgeFace<EdgeContext>(
            name: "public", securityHeaders: .pages, trustedProxies: proxies, nowMicroseconds: nowMicroseconds,
            renderProblem: publicProblemPage)
        face.quick = quick
        return EdgeServer(
            router: router, face: face, host: listen.host, port: listen.publicPort, limits: following.limits,
            logger: logger, onRunning: onRunning)
    }
}

/// Cuts off clients of a pool's role, of whatever process, that fell silent within a transaction and keep its locks.
struct StallKeeper: Service {
    let pool: ConnectionPool
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var hasFailed = false
            while !Task.isCancelled {
                do {
                    let count = try await pool.endStalledTransactions()
                    hasFailed = false
                    if count > 0 {
                        logger.warning(
                            "clients were silent within a transaction, and were cut off",
                            metadata: ["count": "\(count)"])
                    }
                } catch {
                    // The first of a series; the rest would say the same.
                    if !hasFailed, !Task.isCancelled {
                        logger.warning("nobody looks for stalled transactions: \(error)")
                    }
                    hasFailed = true
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
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

extension ConnectionPool {
    /// Connects once, so that what the server lacks (durable commits, a role's time-outs, a password) is said at the start.
    /// - Parameter mayBeAway: true lets a server pass that cannot be reached: who asks goes on without it for a while.
    /// - Throws: ``CommandFailure`` in one line.
    func checkServer(mayBeAway: Bool = false) async throws(CommandFailure) {
        do {
            try await withSession(timeout: .seconds(5)) { _ in }
        } catch let error as PostgresError where mayBeAway && error.code != .unsuitableServer {
            return
        } catch {
            throw CommandFailure(.notNow, "\(configuration.applicationName) cannot use its database: \(error)")
        }
    }
}
