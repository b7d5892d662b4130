import ArgumentParser
import Edge
import Logging
import Postgres
import PublicFeed
import ServiceLifecycle

/// Where the delivery key lies: the same for every command that tells others or manages who is told.
struct DeliveryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The key that seals receivers' secrets. Default: delivery-key in the data folder. (MOTCUA_DELIVERY_KEY)",
            valueName: "file"))
    var deliveryKey: String?

    /// The key file beside the other keys of a data folder.
    func path(in folder: String) -> String {
        deliveryKey ?? DataOptions.environment("MOTCUA_DELIVERY_KEY") ?? "\(folder)/delivery-key"
    }

    /// The key, made if there is none.
    func open(in folder: String) throws(CommandFailure) -> DeliveryKey {
        try DeliveryOptions.open(path(in: folder))
    }

    /// The key at a path, made if there is none.
    static func open(_ path: String) throws(CommandFailure) -> DeliveryKey {
        do throws(DeliveryKeyError) {
            return try DeliveryKey.open(path, createIfMissing: true)
        } catch {
            throw CommandFailure(.notNow, "\(error)")
        }
    }

    /// What tells those who subscribed: a courier with connections of its own, so that no page waits for one.
    static func services(
        _ feed: PostgresConfiguration, _ key: DeliveryKey, _ logger: Logger
    ) -> [any Service] {
        let pool = ConnectionPool(feed, size: 3, logger: logger)
        // The machine's clock: receivers check a signature's time against theirs, whatever a training clock says.
        let courier = Courier(
            feed: pool, key: key, logger: logger, nowSeconds: { EdgeClock.systemMicroseconds() / 1_000_000 })
        return [PoolKeeper(pool: pool), courier]
    }
}

/// The feed's database as an administrator of receivers reaches it.
struct DeliveryDeskOptions: ParsableArguments {
    @OptionGroup(title: "Data")
    var data: DataOptions

    @OptionGroup(title: "Keys")
    var delivery: DeliveryOptions

    /// Runs `body` at the desk.
    func atDesk(_ body: @escaping @Sendable (DeliveryDesk) async throws -> Void) async throws {
        let (data, delivery) = (data, delivery)
        try await data.atFeed("motcua-delivery") { pool in
            do { try await body(DeliveryDesk(feed: pool, key: try delivery.open(in: data.folder))) } catch {
                switch error {
                case let refusal as DeskRefusal: throw CommandFailure(.no, "\(refusal)")
                case let failure as DeliveryKeyError: throw CommandFailure(.notNow, "\(failure)")
                default: throw error
                }
            }
        }
    }
}

extension DataOptions {
    /// Runs `body` with a connection to the feed's database. With --feed-database alone it goes there directly, else where
    /// `motcua serve` keeps its data.
    /// - Parameter name: what the database calls the connection.
    func atFeed(_ name: String, _ body: @escaping @Sendable (ConnectionPool) async throws -> Void) async throws {
        let logger = LogOptions.silent
        if addresses == nil, let own = ownFeed {
            let feed = PostgresConfiguration(own, applicationName: name, isPooled: noPrepared)
            return try await DataOptions.run(feed, logger, body)
        }
        try await Installation.run(self, logger: logger) { installation in
            try await DataOptions.run(installation.addresses.feed(name), logger, body)
        }
    }

    private static func run(
        _ feed: PostgresConfiguration, _ logger: Logger, _ body: (ConnectionPool) async throws -> Void
    ) async throws {
        let pool = ConnectionPool(feed, size: 1, logger: logger)
        do {
            try await body(pool)
            await pool.shutdown()
        } catch {
            await pool.shutdown()
            guard let failure = error as? PostgresError else { throw error }
            throw CommandFailure(.notNow, "the feed's database: \(failure)")
        }
    }
}
