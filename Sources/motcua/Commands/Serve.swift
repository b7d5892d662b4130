import ArgumentParser
import Edge
import Engine
import Logging
import Metrics
import ServiceLifecycle

/// `motcua serve`: everything in one process.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the engine, the API and the citizens' pages.",
        discussion: """
            With no --database MotCua runs its own private PostgreSQL in the data folder, on a Unix socket only. The schema \
            is brought up to date at the start, and new procedure files of --workflows are loaded; versions that are \
            loaded already never change.

              API for centres and agencies   http://127.0.0.1:8080   (/openapi.json)
              citizens' pages                http://127.0.0.1:8081
              /livez /readyz /metrics        http://127.0.0.1:8082

            SIGTERM or Ctrl-C ends requests in flight, then the engine, then PostgreSQL.

            Examples:
              motcua serve
              motcua serve --data /var/lib/motcua --workflows /etc/motcua/workflows
              motcua serve --database "host=db dbname=motcua user=motcua_owner"
              motcua serve --clock 2026-08-24T07:30@60    (training: a minute is an hour)
            """)

    @OptionGroup(title: "Data")
    var data: DataOptions

    @OptionGroup(title: "Keys")
    var delivery: DeliveryOptions

    @OptionGroup(title: "Listeners")
    var listen: ListenOptions

    @OptionGroup(title: "Public log")
    var publicLog: PublicLogOptions

    @OptionGroup(title: "Logging")
    var log: LogOptions

    @Option(
        help:
            "A folder of procedures, calendars and agencies that is loaded at the start. Default: Workflows, if it is there."
    )
    var workflows: String?

    @Option(
        help: ArgumentHelp(
            "A training clock, never for real dossiers: starts at this legal time, so many times as fast.",
            valueName: "instant[@speed]"))
    var clock: TrainingClock?

    @Flag(help: "Leave the citizens' pages to `motcua feed` in a process of its own.")
    var withoutPublicPages = false

    private static var usualFolder: String? {
        // Nothing of that name is no error: what was published before is in the database.
        (try? LocalFiles.isFolder("Workflows")) == true ? "Workflows" : nil
    }

    func run() async throws {
        let logger = log.logger()
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        let command = self
        try await Installation.run(data, logger: logger, mayBegin: true) { installation in
            let parts = ServerParts(installation, clock: command.clock?.engineClock ?? .system, registry: registry)
            try await parts.checkKeys()
            if let folder = command.workflows ?? Serve.usualFolder {
                try await WorkflowLoader(engine: parts.engine, logger: logger).load(folder)
            }
            if command.clock != nil { logger.warning("a training clock: not for real dossiers") }
            let services = try await parts.services(
                command.listen, publicLog: command.publicLog, withPublicPages: !command.withoutPublicPages,
                deliveryKey: try command.delivery.open(in: installation.folder)
            ) {
                logger.notice("listening", metadata: ["face": "\($0.rawValue)", "port": "\($1)"])
            }
            try await ServiceGroup(services: services, logger: logger).run()
        }
    }
}
