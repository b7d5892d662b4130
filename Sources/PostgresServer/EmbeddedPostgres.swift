import Glibc
package import Logging
import ServiceLifecycle
import Subprocess
import Synchronization

/// MotCua's own private PostgreSQL: the installed programs, a data folder of its own, a Unix socket only.
///
/// `run()` starts it, starts it again when it dies, and stops it with its owner (engine.md R25). A second engine on
/// the same folder uses the first one's server, and takes over when that engine ends.
package final class EmbeddedPostgres: Service, Sendable {
    /// The libpq connection string of the database `motcua` as its owner, for migrations.
    package var connectionString: String { connectionString(user: "postgres") }

    private let folder: ServerFolder
    private let processes: ServerProcesses
    private let logger: Logger
    private let state = Mutex<State>(.starting)

    private enum State {
        case starting
        case ready
        case failed(any Error)
    }

    /// Prepares the folder, whose parent must exist; throws one line when it cannot be used.
    package init(folder: String, logger: Logger) throws {
        self.folder = try ServerFolder(folder)
        processes = ServerProcesses(data: self.folder.data)
        self.logger = logger
    }

    /// The same database for another role: `motcua_engine`, `motcua_feed`.
    package func connectionString(user: String) -> String {
        "host='\(folder.socket.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'"))'"
            + " user=\(user) dbname=motcua"
    }

    /// The running postmaster's process; nil while there is none.
    package var processID: Int32? { processes.postmaster()?.pid }

    /// Returns when the server takes connections; throws what keeps it from starting, or after `timeout`.
    package func waitUntilReady(timeout: Duration = .seconds(120)) async throws {
        let deadline = ContinuousClock.now + timeout
        while true {
            switch state.withLock({ $0 }) {
            case .ready: return
            case .failed(let error): throw error
            case .starting: break
            }
            guard ContinuousClock.now < deadline else {
                throw EmbeddedPostgresError("PostgreSQL is not ready after \(timeout); see \(folder.startLog)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Runs until graceful shutdown or cancellation; throws one line when the server cannot be started.
    package func run() async throws {
        state.withLock { $0 = .starting }
        do {
            try await cancelWhenGracefulShutdown { try await self.supervise() }
            state.withLock { $0 = .starting }
        } catch is CancellationError {
            state.withLock { $0 = .starting }
        } catch {
            state.withLock { $0 = .failed(error) }
            throw error
        }
    }

    private func supervise() async throws {
        let lock = try await takeLock()
        defer { close(lock) }
        if let pid = try await adoptRunning() {
            try await watchAdopted(pid)
        }
        let programs = try await prepare()
        var failures = 0
        var hasServed = false
        var blockedSince: ContinuousClock.Instant?
        while !Task.isCancelled {
            processes.removeRecycledFile()
            let start = ContinuousClock.now
            let wasReady = try await runOnce(programs)
            if Task.isCancelled { return }
            state.withLock { $0 = .starting }
            let line = lastLine()
            logger.error("PostgreSQL ended and is started again", metadata: ["said": "\(line)"])
            if ServerFolder.read(folder.startLog)?.contains("pre-existing shared memory block") == true {
                blockedSince = blockedSince ?? start
                await endLeftBackends(since: blockedSince ?? start)
            } else {
                blockedSince = nil
                failures = wasReady ? 0 : failures + 1
            }
            hasServed = hasServed || wasReady
            // One that served before comes back when its disk has room again; one that never did is told to its operator.
            guard failures < 5 || hasServed else { throw EmbeddedPostgresError("PostgreSQL does not start: \(line)") }
            try await Task.sleep(for: .milliseconds(100 << min(failures, 5)))
        }
    }

    /// Waits for the lock; meanwhile another engine's server is ours to use.
    private func takeLock() async throws -> Int32 {
        var hasSaid = false
        while true {
            if let lock = try folder.lock() { return lock }
            if !hasSaid { logger.info("another engine runs this PostgreSQL; it is used together") }
            hasSaid = true
            let answers = await probe("motcua").answers()
            state.withLock { $0 = answers ? .ready : .starting }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    /// A server that a dead owner left: one that is going down is waited for, one that stays is adopted.
    private func adoptRunning() async throws -> Int32? {
        let deadline = ContinuousClock.now + .seconds(30)
        var answersSince: ContinuousClock.Instant?
        while let running = processes.postmaster() {
            guard running.socket == folder.socket || running.socket.isEmpty else {
                throw EmbeddedPostgresError(
                    "a PostgreSQL that MotCua did not start (process \(running.pid)) runs on \(folder.data): stop it")
            }
            if await probe("postgres").answers() {
                let since = answersSince ?? .now
                answersSince = since
                // A server whose owner died is gone within three seconds (measured); four mean that it stays.
                if ContinuousClock.now - since > .seconds(4) { return running.pid }
            } else {
                answersSince = nil
            }
            if ContinuousClock.now > deadline { await processes.stop(running.pid) }
            try await Task.sleep(for: .milliseconds(100))
        }
        return nil
    }

    private func watchAdopted(_ pid: Int32) async throws {
        logger.warning("a running PostgreSQL was adopted", metadata: ["process": "\(pid)"])
        try await becomeReady()
        do {
            while processes.isOurs(pid) { try await Task.sleep(for: .milliseconds(200)) }
        } catch {
            // It stops with its owner, as one that we started would.
            await processes.stop(pid)
            throw error
        }
        state.withLock { $0 = .starting }
    }

    /// Finds the programs, and makes the data folder when there is none.
    private func prepare() async throws -> ServerPrograms {
        let programs = try ServerPrograms.find(major: folder.major(), data: folder.data)
        guard try folder.major() == nil else { return programs }
        let new = "\(folder.data).new"
        // A half-made one is of an earlier try that did not end.
        _ = try await execute(["rm", "-rf", new])
        let made = try await execute([
            "\(programs.folder)/initdb", "-D", new, "-U", "postgres", "-A", "trust", "-k", "-E", "UTF8",
            "--locale=C.UTF-8",
        ])
        guard made.isSuccess else { throw EmbeddedPostgresError("initdb failed: \(made.line)") }
        try folder.adoptNewData()
        return programs
    }

    /// One life of the server; true when it came to take connections. Cancelled, it shuts the server down.
    private func runOnce(_ programs: ServerPrograms) async throws -> Bool {
        let arguments = Arguments(stepDown + ["--pdeathsig", "INT", "--"] + command(programs))
        do {
            return try await live(arguments)
        } catch  where Task.isCancelled {
            // However the cancellation was reported: this is the orderly end.
            throw CancellationError()
        }
    }

    private func live(_ arguments: Arguments) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask {
                _ = try await Subprocess.run(
                    .name("env"), arguments: arguments, environment: EmbeddedPostgres.environment,
                    platformOptions: EmbeddedPostgres.options, output: .discarded, error: .discarded)
                return nil
            }
            group.addTask {
                try await self.becomeReady()
                return true
            }
            var wasReady = false
            while let event = try await group.next() {
                guard event != nil else { break }
                wasReady = true
            }
            group.cancelAll()
            return wasReady
        }
    }

    private func becomeReady() async throws {
        while await !probe("postgres").answers() { try await Task.sleep(for: .milliseconds(50)) }
        if let problem = await probe("postgres").createDatabase("motcua") {
            throw EmbeddedPostgresError("the database motcua cannot be made: \(problem)")
        }
        state.withLock { $0 = .ready }
    }

    /// The shell sends the first lines to start.log (the log collector takes over) and becomes PostgreSQL.
    private func command(_ programs: ServerPrograms) -> [String] {
        let settings = [
            "listen_addresses=", "unix_socket_directories=\(folder.socket)", "unix_socket_permissions=0700",
            "port=5432",
            "fsync=on", "full_page_writes=on", "synchronous_commit=on", "max_connections=100",
            // Tables that fill and empty within a minute need statistics of the minute; plans are keyed look-ups, never
            // worth compiling; a checkpoint is for the quarter of an hour, not for the busy minute.
            // Samples that are taken so often may be small, and wait until a fifth is other than before.
            "autovacuum_naptime=5s", "default_statistics_target=20", "autovacuum_analyze_scale_factor=0.2",
            "jit=off", "max_wal_size=4GB", "checkpoint_timeout=15min", "shared_buffers=256MB",
            "default_toast_compression=lz4",
            "logging_collector=on", "log_directory=\(folder.path)/log", "log_filename=postgresql-%a.log",
            "log_truncate_on_rotation=on", "log_rotation_age=1d", "log_rotation_size=0",
            // DETAIL and statements quote what people wrote: they stay out of the log.
            "log_error_verbosity=terse", "log_min_error_statement=panic",
        ]
        return ["sh", "-c", #"log=$1; shift; umask 077; exec "$@" > "$log" 2>&1"#, "sh", folder.startLog]
            + ["\(programs.folder)/postgres", "-D", folder.data] + settings.flatMap { ["-c", $0] }
    }

    private func endLeftBackends(since: ContinuousClock.Instant) async {
        guard ContinuousClock.now - since > .seconds(10) else { return }
        for pid in processes.all() {
            logger.warning("a backend of an earlier PostgreSQL is ended", metadata: ["process": "\(pid)"])
            await processes.stopBackend(pid)
        }
    }

    private func lastLine() -> String {
        let text = ServerFolder.read(folder.startLog) ?? ""
        return text.split(whereSeparator: \.isNewline).last { $0.contains("FATAL") || $0.contains("PANIC") }
            .map(String.init) ?? text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    }

    private func probe(_ database: String) -> ServerProbe {
        ServerProbe(connectionString: "host='\(folder.socket)' user=postgres dbname=\(database) connect_timeout=2")
    }

    /// PostgreSQL cannot start in a folder that its user may not enter, nor as root.
    private var stepDown: [String] {
        let user = folder.runsAs.map { ["--reuid", $0.name, "--regid", $0.name, "--init-groups"] } ?? []
        return ["--chdir=/", "setpriv"] + user
    }

    /// A short program to its end, as the user of the server.
    private func execute(_ command: [String]) async throws -> (isSuccess: Bool, line: String) {
        let result = try await Subprocess.run(
            .name("env"), arguments: Arguments(stepDown + ["--"] + command), environment: EmbeddedPostgres.environment,
            output: .string(limit: 1 << 20), error: .combinedWithOutput)
        let lines = result.standardOutput.split(whereSeparator: \.isNewline)
        return (
            result.terminationStatus.isSuccess,
            (lines.first { $0.contains("error") } ?? lines.last).map(String.init) ?? ""
        )
    }

    /// Nothing of our own environment: PGPORT or PGOPTIONS would change the server.
    private static let environment = Environment.custom(["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"])

    private static let options: PlatformOptions = {
        var options = PlatformOptions()
        // Ctrl-C is for the engine, which then stops PostgreSQL after itself.
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .interrupt, allowedDurationToNextStep: .seconds(20)),
            .send(signal: .quit, allowedDurationToNextStep: .seconds(5)),
        ]
        return options
    }()
}
