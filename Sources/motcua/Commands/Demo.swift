import ArgumentParser
import Edge
import Engine
import Glibc
import Logging
import Metrics
import ServiceLifecycle

/// `motcua demo`: a working day of a province, in about a minute.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays a working day of a province through the API, and stays up.",
        discussion: """
            Starts a server on its own new PostgreSQL, loads the procedures of --workflows, and plays Monday 24 August 2026 \
            on a training clock: three centres of two provinces submit dossiers of invented people; civil status, police \
            and social insurance take and finish their tasks, each as a client of the API; a civil register answers calls. \
            There are supplements, verifications, refusals, withdrawals, and dossiers left for the next day.

            At the end it prints where the dossiers stand and three look-up codes, and serves until Ctrl-C. Each demo \
            starts with an empty database; the same --seed plays the same dossiers.

            Example:
              motcua demo --dossiers 500 --seed 7
            """)

    @Option(help: "How many dossiers, 30…5000.")
    var dossiers = 320

    @Option(help: "The seed from which people and events are made.")
    var seed: UInt64 = 2026

    @Option(help: "How many times as fast as real time the day runs, 10…2000.")
    var speed = 570

    @Option(help: "The folder of procedures, calendars and agencies.")
    var workflows = "Workflows"

    @Option(
        help:
            "The folder of the demo's data, emptied at the start. Default: .motcua-demo; as root /var/lib/motcua-demo.")
    var data: String?

    @OptionGroup(title: "Listeners")
    var listen: ListenOptions

    @Option(help: "What is logged on the standard error besides: trace … critical.")
    var logLevel: LogLevel = .error

    @Flag(help: "End when the day is over instead of serving on; for scripts.")
    var once = false

    func validate() throws {
        guard (30...5000).contains(dossiers) else { throw ValidationError("--dossiers is 30…5000.") }
        guard (10...2000).contains(speed) else { throw ValidationError("--speed is 10…2000.") }
    }

    func run() async throws {
        let folder = data ?? (geteuid() == 0 ? "/var/lib/motcua-demo" : ".motcua-demo")
        try DemoFolder.empty(folder)
        var logger = Logger(label: "motcua") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel.level
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        let terminal = Terminal.standard
        terminal.line("Đang khởi động PostgreSQL và máy chủ… / Starting PostgreSQL and the server…")
        var options = try DataOptions.parse([])
        options.data = folder
        let (command, serving) = (self, logger)
        try await Installation.run(options, logger: logger, mayBegin: true) { installation in
            let day = DemoDay(speed: command.speed)
            let parts = ServerParts(installation, clock: day.clock.engineClock, registry: registry)
            try await WorkflowLoader(engine: parts.engine, logger: serving).load(command.workflows)
            let doors = DemoDoors()
            let outcome = BodyOutcome()
            let services = try await parts.services(command.listen, withPublicPages: true) {
                doors.opened($0, port: $1)
            }
            let play = DemoPlay(
                engine: parts.engine, day: day, doors: doors, count: command.dossiers, seed: command.seed,
                host: command.listen.host, servesOn: !command.once, terminal: terminal, outcome: outcome)
            let group = ServiceGroup(
                configuration: .init(
                    services: services.map { .init(service: $0) } + [.stopping(play)], logger: serving))
            try await group.run()
            try outcome.get()
        }
    }
}
