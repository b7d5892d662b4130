import ArgumentParser
import Edge
import Logging
import Metrics
import Postgres
import PublicFeed
import ServiceLifecycle
import UnixSignals

/// `motcua feed`: the citizens' side alone.
struct Feed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the citizens' pages in a process of their own.",
        discussion: """
            Follows the sequenced notices of --source, where it may see nothing else, and keeps what the pages need in \
            --database. It goes on serving while the engine or its database is down, and can be rebuilt from the source at \
            any time, except for people's ratings and receivers' webhooks, which belong into its backup. Start `motcua serve` with --without-public-pages beside it.

            Example:
              motcua feed --source "host=db dbname=motcua user=motcua_feed" \\
                --database "host=feed-db dbname=feed user=feed"
            """)

    @Option(help: ArgumentHelp("The engine's database, as motcua_feed. (MOTCUA_FEED_SOURCE)", valueName: "url"))
    var source: String?

    @Option(
        help: ArgumentHelp(
            "The feed's own database, whose schema it brings up to date; else the source's, where `motcua serve` did. "
                + "(MOTCUA_FEED_DATABASE)", valueName: "url"))
    var database: String?

    @Option(
        help: ArgumentHelp(
            "The feed's own database as the owner of its schema, past any pooler. Default: --database. "
                + "(MOTCUA_FEED_SCHEMA_DATABASE)", valueName: "url"))
    var schemaDatabase: String?

    @Flag(
        help: """
            Statements go unnamed to --source and --database, for a PgBouncer before 1.21 in transaction mode; \
            --schema-database always goes to PostgreSQL itself.
            """)
    var noPrepared = false

    @Option(
        help: ArgumentHelp(
            "The data folder, where the log's folder lies. Default: .motcua; as root /var/lib/motcua.",
            valueName: "folder"))
    var data: String?

    @OptionGroup(title: "Public log")
    var publicLog: PublicLogOptions

    @Option(
        help: ArgumentHelp(
            "The key that seals receivers' secrets, made if it is missing; without it nobody is told by webhook. "
                + "(MOTCUA_DELIVERY_KEY)", valueName: "file"))
    var deliveryKey: String?

    @OptionGroup(title: "Listeners")
    var listen: ListenOptions

    @OptionGroup(title: "Logging")
    var log: LogOptions

    func run() async throws {
        guard let source = source ?? DataOptions.environment("MOTCUA_FEED_SOURCE") else {
            throw ValidationError("--source is needed.")
        }
        let own = database ?? DataOptions.environment("MOTCUA_FEED_DATABASE")
        let owner = schemaDatabase ?? DataOptions.environment("MOTCUA_FEED_SCHEMA_DATABASE") ?? (noPrepared ? nil : own)
        if own != nil, owner == nil {
            throw ValidationError("--no-prepared with --database needs --schema-database, which goes past the pooler.")
        }
        let logger = log.logger()
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        if own != nil, let owner { try await Installation.migrateFeed(owner, logger: logger) }
        let sourcePool = pool(source, "motcua-feed-source", logger)
        let feedPool = own.map { pool($0, "motcua-feed", logger) } ?? sourcePool
        for pool in own == nil ? [sourcePool] : [sourcePool, feedPool] { try await pool.checkServer(mayBeAway: true) }
        let follower = FeedFollower(source: sourcePool, feed: feedPool, logger: logger)
        var options = try DataOptions.parse([])
        options.data = data
        try Installation.makeFolder(options.folder)
        let publicLog = try PublicLog(publicLog, dataFolder: options.folder, feed: feedPool, logger: logger)
        let operations = OperationsServer(
            host: listen.operationsHost, port: listen.operationsPort, checks: [publicLog.check], registry: registry,
            logger: logger, onRunning: announce("operations", logger))
        let following = PublicFollowing(feedPool, listen, logger: logger)
        let pages = PublicFace.server(
            feedPool, following, publicLog.reader, listen, proxies: try listen.trusted(),
            nowMicroseconds: EdgeClock.systemMicroseconds,
            logger: logger, onRunning: announce("pages", logger))
        var services: [any Service] = [PoolKeeper(pool: sourcePool)]
        if own != nil { services.append(PoolKeeper(pool: feedPool)) }
        services += [PoolKeeper(pool: following.backlog), operations, follower, publicLog.signer]
        services.append(StallKeeper(pool: feedPool, logger: logger))
        services.append(
            StatisticsKeeper(feed: feedPool, logger: logger, nowMicroseconds: EdgeClock.systemMicroseconds))
        services.append(
            StatisticsPublisher(
                feed: feedPool, signing: publicLog.satisfaction, logger: logger,
                nowMicroseconds: EdgeClock.systemMicroseconds))
        if let path = deliveryKey ?? DataOptions.environment("MOTCUA_DELIVERY_KEY") {
            services += DeliveryOptions.services(feedPool.configuration, try DeliveryOptions.open(path), logger)
        }
        services += [pages, following.watch, following.shelf, following.live]
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        try await ServiceGroup(configuration: configuration).run()
    }

    private func announce(_ face: String, _ logger: Logger) -> @Sendable (Int) async -> Void {
        { logger.notice("listening", metadata: ["face": "\(face)", "port": "\($0)"]) }
    }

    private func pool(_ address: String, _ name: String, _ logger: Logger) -> ConnectionPool {
        ConnectionPool(
            PostgresConfiguration(address, applicationName: name, isPooled: noPrepared), size: 4, logger: logger)
    }
}
