package import Glibc
import Synchronization

/// A PostgreSQL cluster of this test process alone: fsync off, a Unix socket only, gone when the process is.
///
/// The folder lies in /tmp and belongs to the user postgres when the tests run as root. What a crashed run left
/// behind is removed by the next one.
package final class EphemeralServer: Sendable {
    /// The folder of data, socket and log.
    package let folder: String
    /// The postmaster.
    package let pid: pid_t

    /// The one of this process; started at first use.
    package static let shared = Result { try EphemeralServer() }

    /// The libpq connection string of a database here.
    package func connectionString(database: String) -> String {
        "host=\(folder) user=postgres dbname=\(database) connect_timeout=60"
    }

    private static let prefix = "motcua-test-"
    /// For `atexit`, which takes no context.
    private static let running = Mutex<(folder: String, pid: pid_t)?>(nil)

    private init() throws {
        EphemeralServer.removeLeftovers()
        folder = "/tmp/\(EphemeralServer.prefix)\(getpid())"
        let log = "\(folder)/log"
        let binaries = try EphemeralServer.binaries()
        guard mkdir(folder, 0o755) == 0 else { throw Failure("cannot make \(folder): errno \(errno)") }
        if geteuid() == 0 {
            guard let user = getpwnam("postgres"), chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
                throw Failure("no user postgres: apt-get install postgresql")
            }
        }
        let down = ["setpriv"] + ChildProcess.stepDown
        try ChildProcess.run(
            down + [
                "--", "\(binaries)/initdb", "-D", "\(folder)/data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "--no-sync",
            ], log: log)
        let settings = [
            "listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB",
            "max_wal_size=256MB",
        ]
        let command =
            down + ["--pdeathsig", "INT", "--", "\(binaries)/postgres", "-D", "\(folder)/data", "-k", folder]
            + settings.flatMap { ["-c", $0] }
        pid = try EphemeralServer.startOnOwnThread(command, log: log)
        EphemeralServer.running.withLock { [folder, pid] in $0 = (folder, pid) }
        atexit { EphemeralServer.stop() }
        try awaitSocket(log: log)
    }

    private func awaitSocket(log: String) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while access("\(folder)/data/postmaster.pid", F_OK) != 0 || !EphemeralServer.isReady(folder) {
            guard ContinuousClock.now < deadline, kill(pid, 0) == 0 else {
                throw Failure("PostgreSQL did not start, see \(log)")
            }
            usleep(5_000)
        }
    }

    /// The eighth line of postmaster.pid says "ready" when connections are taken.
    private static func isReady(_ folder: String) -> Bool {
        guard let file = fopen("\(folder)/data/postmaster.pid", "r") else { return false }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer.prefix(count), as: UTF8.self).contains("\nready")
    }

    /// PDEATHSIG fires when the *thread* that started the child ends: this one stays for as long as the child lives.
    private static func startOnOwnThread(_ command: [String], log: String) throws -> pid_t {
        final class Start: Sendable {
            let command: [String]
            let log: String
            let outcome = Mutex<Result<pid_t, any Error>?>(nil)
            init(_ command: [String], _ log: String) {
                self.command = command
                self.log = log
            }
        }
        let start = Start(command, log)
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
                let outcome = Result { try ChildProcess.start(start.command, log: start.log) }
                start.outcome.withLock { $0 = outcome }
                if case .success(let pid) = outcome { ChildProcess.wait(pid) }
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        pthread_detach(thread)
        while true {
            if let outcome = start.outcome.withLock({ $0 }) { return try outcome.get() }
            usleep(1_000)
        }
    }

    private static func stop() {
        guard let (folder, pid) = running.withLock({ $0 }) else { return }
        kill(pid, SIGQUIT)
        let deadline = ContinuousClock.now + .seconds(5)
        while kill(pid, 0) == 0, ContinuousClock.now < deadline { usleep(5_000) }
        // At exit nobody reads an error; the next run removes what is left.
        _ = try? ChildProcess.run(["rm", "-rf", folder], log: "/dev/null")
    }

    private static func removeLeftovers() {
        guard let folder = opendir("/tmp") else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix(prefix), let owner = pid_t(name.dropFirst(prefix.count).prefix { $0.isNumber }) else {
                continue
            }
            guard kill(owner, 0) != 0, errno == ESRCH else { continue }
            // Another run may be removing it at this moment.
            _ = try? ChildProcess.run(["rm", "-rf", "/tmp/\(name)"], log: "/dev/null")
        }
    }

    /// Debian's folder of the newest server from 15 on.
    package static func binaries() throws -> String {
        for version in (15...30).reversed() where access("/usr/lib/postgresql/\(version)/bin/initdb", X_OK) == 0 {
            return "/usr/lib/postgresql/\(version)/bin"
        }
        throw Failure("PostgreSQL 15 or later is not installed: apt-get install postgresql")
    }
}
