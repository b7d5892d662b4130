import CSchema
import Engine
import Glibc
import Logging
import Postgres
import PostgresServer
import PublicFeed
import ServiceLifecycle
import UnixSignals
import Vault

/// The database and the keys of one installation, ready to be used by whatever `body` runs.
///
/// With no database given it runs MotCua's own PostgreSQL for as long as `body` does.
struct Installation: Sendable {
    let addresses: DatabaseAddresses
    let keys: KeyFile
    /// The data folder.
    let folder: String
    /// Where the keys were read from.
    let keyFile: String
    let logger: Logger

    /// Brings the database up to date, opens the keys, and runs `body` until it ends, a signal comes or PostgreSQL dies.
    /// - Parameter mayBegin: whether a data folder without PostgreSQL is begun; else that is an error, so that a command that
    ///   was given the wrong folder does not answer from an empty installation that it has just made.
    /// - Throws: ``CommandFailure`` for what an operator can mend; what `body` throws.
    static func run(
        _ data: DataOptions, logger: Logger, signals: Bool = true, mayBegin: Bool = false,
        body: @escaping @Sendable (Installation) async throws -> Void
    ) async throws {
        if data.addresses == nil, !mayBegin, (try? LocalFiles.isFolder("\(data.folder)/postgres")) != true {
            throw CommandFailure(
                .notNow,
                "there is no installation in \(data.folder): give --data or --database as `motcua serve` has it")
        }
        try makeFolder(data.folder)
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        let outcome = BodyOutcome()
        if let addresses = data.addresses {
            services.append(
                .stopping(
                    BodyService(outcome: outcome) {
                        try await body(try await prepare(addresses, data, logger: logger))
                    }))
        } else {
            let server = try embedded(data, logger)
            services.append(.init(service: server))
            services.append(
                .stopping(
                    BodyService(outcome: outcome) {
                        try await server.waitUntilReady()
                        let addresses = DatabaseAddresses(
                            owner: server.connectionString,
                            engine: server.connectionString(user: "motcua_engine"),
                            feed: server.connectionString(user: "motcua_feed"))
                        try await body(try await prepare(addresses, data, logger: logger))
                    }))
        }
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: signals ? [.sigterm, .sigint] : [], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        try await ServiceGroup(configuration: configuration).run()
        // The group waits for PostgreSQL's end before it tells how the body came out.
        try outcome.get()
    }

    private static func embedded(_ data: DataOptions, _ logger: Logger) throws -> EmbeddedPostgres {
        do {
            return try EmbeddedPostgres(folder: "\(data.folder)/postgres", logger: logger)
        } catch {
            throw CommandFailure(.notNow, "\(error)")
        }
    }

    private static func prepare(
        _ addresses: DatabaseAddresses, _ data: DataOptions, logger: Logger
    ) async throws -> Installation {
        if let owner = addresses.owner {
            _ = try await migrate(owner, logger: logger)
        } else {
            try await checkSchema(addresses.engine("motcua"), logger)
        }
        let keys: KeyFile
        // Only a database without a sealed value may meet a new key file.
        let reader = addresses.owner.map { PostgresConfiguration($0, applicationName: "motcua") }
        let mayCreate = try await isUnsealed(reader ?? addresses.engine("motcua"), logger)
        do throws(VaultError) {
            keys = try KeyFile.open(data.keyFile, createIfMissing: mayCreate)
        } catch {
            throw CommandFailure(.notNow, "\(error)")
        }
        return Installation(
            addresses: addresses, keys: keys, folder: data.folder, keyFile: data.keyFile, logger: logger)
    }

    /// Brings both schemas up to date; the names of the migrations that were applied.
    static func migrate(_ owner: String, logger: Logger) async throws -> [String] {
        let configuration = PostgresConfiguration(owner, applicationName: "motcua-migrate")
        do {
            let applied = try await Migrations.apply(engineMigrations, to: configuration, logger: logger)
            return try await applied + migrateFeed(owner, logger: logger)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.notNow, "the database cannot be brought up to date: \(error)")
        }
    }

    private static var engineMigrations: [Migration] {
        Migration.list(count: schema_file_count(), name: { schema_file_name($0) }, text: { schema_file_text($0) })
    }

    /// Sees that both schemas are those that this program was built for, without owning them.
    private static func checkSchema(_ configuration: PostgresConfiguration, _ logger: Logger) async throws {
        do {
            try await Migrations.verify(engineMigrations, in: configuration, logger: logger)
            try await Migrations.verify(FeedSchema.migrations, set: FeedSchema.set, in: configuration, logger: logger)
        } catch let error as MigrationError {
            throw CommandFailure(.notNow, "\(error): run `motcua migrate --database …` as the schema's owner")
        } catch {
            throw CommandFailure(.notNow, "the database cannot be used: \(error)")
        }
    }

    /// Brings the feed's schema alone up to date.
    @discardableResult
    static func migrateFeed(_ owner: String, logger: Logger) async throws -> [String] {
        let configuration = PostgresConfiguration(owner, applicationName: "motcua-migrate")
        do {
            return try await Migrations.apply(
                FeedSchema.migrations, set: FeedSchema.set, to: configuration, logger: logger)
        } catch {
            throw CommandFailure(.notNow, "the feed's database cannot be brought up to date: \(error)")
        }
    }

    private static let holdsSecrets = Statement<Void, Bool>(
        name: "holds_secrets",
        sql: """
            SELECT EXISTS (SELECT FROM engine.installation) OR EXISTS (SELECT FROM engine.data_key)
                OR EXISTS (SELECT FROM engine.client)
            """,
        decode: { try $0.bool() })

    /// Whether nothing in the database needs the key file that wrote it.
    private static func isUnsealed(_ reader: PostgresConfiguration, _ logger: Logger) async throws -> Bool {
        let pool = ConnectionPool(reader, size: 1, logger: logger)
        let answer: Result<Bool, any Error>
        do {
            answer = .success(try await pool.withSession { try $0.run(holdsSecrets).first ?? true })
        } catch {
            answer = .failure(CommandFailure(.notNow, "the database cannot be read: \(error)"))
        }
        await pool.shutdown()
        return try !answer.get()
    }

    /// Makes the data folder and those above it; the folder itself may be entered by PostgreSQL's user.
    static func makeFolder(_ path: String) throws(CommandFailure) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
                throw CommandFailure(.notNow, "cannot make the folder \(made): \(String(cString: strerror(errno)))")
            }
        }
    }
}

/// What an installation runs, as a service of the group that also runs PostgreSQL.
private struct BodyService: Service {
    let outcome: BodyOutcome
    let body: @Sendable () async throws -> Void

    init(outcome: BodyOutcome, _ body: @escaping @Sendable () async throws -> Void) {
        self.outcome = outcome
        self.body = body
    }

    func run() async throws {
        do {
            try await body()
        } catch {
            // Thrown into the group it would cancel PostgreSQL; kept aside, PostgreSQL ends in order.
            outcome.set(error)
        }
    }
}

extension ServiceGroupConfiguration.ServiceConfiguration {
    /// A service whose end ends the group, in order.
    static func stopping(_ service: some Service) -> Self {
        .init(
            service: service, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
    }
}
