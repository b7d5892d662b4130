import ArgumentParser
import Edge
import Engine
import Glibc
import Logging
import Postgres
import PublicWeb
import WorkingTime

/// Where data lies: the same for every command that touches a database.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "PostgreSQL to use, as a libpq URL of the schema's owner, who brings it up to date; without any database MotCua "
                + "runs its own. (MOTCUA_DATABASE)",
            valueName: "url"))
    var database: String?

    @Option(
        help: ArgumentHelp(
            "The same database for the role motcua_engine; with --feed-database enough after `motcua migrate`. "
                + "(MOTCUA_ENGINE_DATABASE)", valueName: "url"))
    var engineDatabase: String?

    @Option(help: ArgumentHelp("The same for the role motcua_feed. (MOTCUA_FEED_DATABASE)", valueName: "url"))
    var feedDatabase: String?

    @Flag(
        help: """
            Statements go unnamed to --engine-database and --feed-database, for a PgBouncer before 1.21 in transaction \
            mode; --database always goes to PostgreSQL itself.
            """)
    var noPrepared = false

    @Option(
        help: ArgumentHelp(
            "The folder of the keys, and of MotCua's own PostgreSQL. Default: .motcua; as root /var/lib/motcua.",
            valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("The key file. Default: keys in the data folder.", valueName: "file"))
    var keys: String?

    /// The data folder: PostgreSQL, which refuses to run as root, must be able to enter it.
    var folder: String { data ?? (geteuid() == 0 ? "/var/lib/motcua" : ".motcua") }

    /// The key file.
    var keyFile: String { keys ?? "\(folder)/keys" }

    /// The databases by role; nil where MotCua runs its own.
    var addresses: DatabaseAddresses? {
        let owner = database ?? DataOptions.environment("MOTCUA_DATABASE")
        guard let engine = ownEngine ?? owner, let feed = ownFeed ?? owner else { return nil }
        return DatabaseAddresses(owner: owner, engine: engine, feed: feed, isPooled: noPrepared)
    }

    /// The engine's address, where it was given apart.
    private var ownEngine: String? { engineDatabase ?? DataOptions.environment("MOTCUA_ENGINE_DATABASE") }

    /// The feed's address, where it was given apart.
    var ownFeed: String? { feedDatabase ?? DataOptions.environment("MOTCUA_FEED_DATABASE") }

    func validate() throws {
        if addresses == nil, ownEngine != nil {
            throw ValidationError("--engine-database needs --feed-database beside it, or --database for both.")
        }
        guard noPrepared else { return }
        // Migrations need a session of their own, which a pooler in transaction mode does not give.
        guard let addresses else {
            if ownFeed != nil { return }
            throw ValidationError("--no-prepared needs --engine-database and --feed-database: where the pooler is.")
        }
        guard addresses.engine != addresses.owner, addresses.feed != addresses.owner else {
            throw ValidationError(
                "--no-prepared needs --engine-database and --feed-database; --database goes past the pooler.")
        }
    }

    /// A variable that is set and not empty.
    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// One database as its three roles see it: libpq connection strings.
struct DatabaseAddresses: Hashable, Sendable {
    /// Owns the schema; used for migrations alone. Nil where somebody else sees to them.
    var owner: String?
    /// motcua_engine, whom row-level security keeps to one province a transaction.
    var engine: String
    /// motcua_feed, who sees the sequenced notices and nothing else of the engine.
    var feed: String
    /// Whether a pooler in transaction mode stands before `engine` and `feed`: it keeps no session, and no statement (R24).
    var isPooled = false

    /// The rules for the engine's connections.
    func engine(_ applicationName: String) -> PostgresConfiguration { rules(engine, applicationName) }

    /// The rules for the feed's connections.
    func feed(_ applicationName: String) -> PostgresConfiguration { rules(feed, applicationName) }

    private func rules(_ address: String, _ applicationName: String) -> PostgresConfiguration {
        PostgresConfiguration(address, applicationName: applicationName, isPooled: isPooled)
    }
}

extension PostgresConfiguration {
    /// The usual rules, or those for a pooler in transaction mode.
    init(_ address: String, applicationName: String, isPooled: Bool) {
        self.init(address, applicationName: applicationName)
        preparesStatements = !isPooled
    }
}

/// Where a server listens.
struct ListenOptions: ParsableArguments {
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port of the API for centres and agencies; 0 for any free one.")
    var port = 8080

    @Option(help: "The port of the citizens' pages; 0 for any free one.")
    var publicPort = 8081

    @Option(
        help: "The port of /livez, /readyz and /metrics; always on the loopback unless --operations-host says else.")
    var operationsPort = 8082

    @Option(help: "The address of /livez, /readyz and /metrics.")
    var operationsHost = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "Where feedback on procedures is taken on the Internet; every dossier's page leads there. Default: the pages "
                + "name the agency alone.", valueName: "url"))
    var feedbackAddress: PublicAddress?

    @Option(
        name: .customLong("proxy"),
        help: "A proxy whose X-Forwarded-For is believed, as an address or network. May be repeated.")
    var proxies: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where citizens find the pages, for QR codes: https://hoso.danang.gov.vn. Default: the address listened on.",
            valueName: "url"))
    var publicAddress: PublicAddress?

    @Option(
        help: ArgumentHelp(
            "The memory for pictures of dossiers, so that look-ups need no database: a million take some 400 MB; 0 for none. "
                + "Default: a sixteenth of the machine's, at most 1024.", valueName: "megabytes"))
    var lookUpMemory: Int?

    /// The same in bytes.
    var shelfByteCount: Int { lookUpMemory.map { $0 << 20 } ?? MachineMemory.usualShelfByteCount }

    /// Where citizens find the pages; nil when only the system knows, which picks the port or listens everywhere.
    var address: PublicAddress? {
        if let publicAddress { return publicAddress }
        if publicPort == 0 || host == "0.0.0.0" || host == "::" { return nil }
        return PublicAddress("http://\(host.contains(":") ? "[\(host)]" : host):\(publicPort)")
    }

    func validate() throws {
        for (name, port) in [("port", port), ("public-port", publicPort), ("operations-port", operationsPort)]
        where !(0...65_535).contains(port) {
            throw ValidationError("--\(name) must be 0…65535.")
        }
        if let lookUpMemory, !(0...1_048_576).contains(lookUpMemory) {
            throw ValidationError("--look-up-memory must be 0…1048576 megabytes.")
        }
        _ = try trusted()
    }

    /// The proxies.
    func trusted() throws -> TrustedProxies {
        if proxies.isEmpty { return .none }
        guard let trusted = TrustedProxies(proxies) else {
            throw ValidationError("--proxy must be an address or a network, such as 10.0.0.0/8.")
        }
        return trusted
    }
}

extension PublicAddress: ExpressibleByArgument {
    /// An address as it stands on the command line.
    public init?(argument: String) { self.init(argument) }
}

/// What is logged, on the standard error.
struct LogOptions: ParsableArguments {
    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: LogLevel = .info

    /// The logger of the process.
    func logger() -> Logger { LogOptions.logger(logLevel.level) }

    /// The logger of a command that ends with its answer, or with one line that says why there is none.
    static var silent: Logger { logger(.critical) }

    private static func logger(_ level: Logger.Level) -> Logger {
        var logger = Logger(label: "motcua") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }
}

/// The levels of the log, as swift-log has them.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical

    /// swift-log's own.
    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

/// A training clock: `2026-08-24T07:30` or `2026-08-24T07:30@60`.
struct TrainingClock: ExpressibleByArgument, Hashable, Sendable {
    let start: Instant
    /// How many times as fast as the machine's clock, 1…10,000.
    let speed: Int

    init?(argument: String) {
        let parts = argument.split(separator: "@", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let start = Instant(iso8601: String(parts[0])) else { return nil }
        guard let speed = parts.count == 2 ? Int(parts[1]) : 1, (1...10_000).contains(speed) else { return nil }
        self.start = start
        self.speed = speed
    }

    /// The clock as the engine takes it.
    var engineClock: EngineClock { .training(start: start, speed: speed) }
}
