import ArgumentParser
import Edge
import Engine
import Foundation
import Glibc
import JSONText
import Logging
import Postgres
import PostgresServer
import Synchronization
import TestSupport

@testable import motcua

/// The real `motcua serve` on a data folder of its own, with its own PostgreSQL: started, killed and started again.
struct ServeProcess: Sendable {
    let pid: pid_t
    let api: HTTPClient
    let pages: HTTPClient
    let operations: HTTPClient
    /// Where it writes its log.
    let log: String
    /// The port of the API.
    var port: Int { ServeProcess.announced("api", in: ServeProcess.text(log)) ?? 0 }

    /// Starts the program on a folder and waits until it listens and says that it is ready.
    /// - Parameters:
    ///   - clock: the legal time at which its training clock starts.
    ///   - more: further words of the command line.
    ///   - patience: how long our clients wait for an answer.
    static func start(
        _ folder: String, clock: String, _ more: [String] = [], patience: Duration = .seconds(30)
    ) async throws -> ServeProcess {
        let log = "\(folder)/serve-\(UUID().uuidString).log"
        let pid = try child(folder, clock: clock, more, log: log)
        do {
            func client(_ face: String) async throws -> HTTPClient {
                let port = try await eventually("\(face) listens, see \(log)", within: .seconds(120)) {
                    guard waitpid(pid, nil, WNOHANG) == 0 else { throw Failure("motcua ended: \(text(log))") }
                    return announced(face, in: text(log))
                }
                return HTTPClient(
                    ServerAddress(host: "127.0.0.1", port: port), patience: patience, idleCountMax: 32)
            }
            let operations = try await client("operations")
            let server = ServeProcess(
                pid: pid, api: try await client("api"), pages: try await client("pages"), operations: operations,
                log: log)
            _ = try await eventually("the server is ready", within: .seconds(60)) {
                (try? await operations.send(Call(.get, "/readyz")))?.status == 200 ? true : nil
            }
            return server
        } catch {
            kill(pid, SIGKILL)
            ChildProcess.wait(pid)
            throw error
        }
    }

    /// Starts the program where it must refuse to; its exit status and what it said.
    static func refused(_ folder: String, _ more: [String] = []) async throws -> (status: Int32, said: String) {
        let log = "\(folder)/refused-\(UUID().uuidString).log"
        let pid = try child(folder, clock: "2026-03-02T08:00", more, log: log)
        let status = await Task.detached { ChildProcess.wait(pid) }.value
        return (status, text(log))
    }

    private static func child(_ folder: String, clock: String, _ more: [String], log: String) throws -> pid_t {
        try keepOpenFilesToOurselves()
        let pid = try ChildProcess.start(
            [
                Project.binary, "serve", "--data", "\(folder)/data", "--clock", clock, "--port", "0", "--public-port",
                "0", "--operations-port", "0", "--log-level", "notice",
            ] + more, log: log)
        started.withLock { $0[folder, default: []].append(pid) }
        return pid
    }

    /// The programs that were started on each folder.
    private static let started = Mutex<[String: [pid_t]]>([:])

    /// Ends what a failed test left running on a folder. A child that nobody waited for would hold up every later test that
    /// waits for a child of its own.
    static func endAll(on folder: String) {
        for pid in started.withLock({ $0.removeValue(forKey: folder) }) ?? []
        where waitpid(pid, nil, WNOHANG) == 0 {
            kill(pid, SIGKILL)
            ChildProcess.wait(pid)
        }
    }

    /// Nothing of ours stays open in the program: else a socket that we close would stay open in it.
    static func keepOpenFilesToOurselves() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            guard let file = Int32(name), file > 2 else { continue }
            _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        }
    }

    static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    static func announced(_ face: String, in text: String) -> Int? {
        for line in text.split(separator: "\n")
        where line.contains("listening") && line.contains("face=\(face) ") {
            guard let start = line.range(of: "port=") else { continue }
            return Int(line[start.upperBound...].prefix { $0.isNumber })
        }
        return nil
    }

    /// Ends it as a power switch would, with its PostgreSQL.
    func kill9() async {
        kill(pid, SIGKILL)
        ChildProcess.wait(pid)
        await close()
    }

    /// Stops it where it is, as a machine that is suspended; nobody is told.
    func standStill() { kill(pid, SIGSTOP) }

    /// Lets it go on from there.
    func goOn() { kill(pid, SIGCONT) }

    /// Whether it is the process that it was.
    func isStill(_ birth: String) -> Bool { kill(pid, 0) == 0 && self.birth == birth }

    /// Asks it to end, and waits; how long it took, and its exit status.
    func terminate() async -> (took: Duration, status: Int32) {
        let began = ContinuousClock.now
        kill(pid, SIGTERM)
        let status = await Task.detached { [pid] in ChildProcess.wait(pid) }.value
        let took = ContinuousClock.now - began
        await close()
        return (took, status)
    }

    private func close() async {
        await api.close()
        await pages.close()
        await operations.close()
    }

    /// When the process began, by the kernel: with the pid it names one process.
    var birth: String {
        let stat = ServeProcess.text("/proc/\(pid)/stat")
        // After the name in parentheses, which may hold anything, the twentieth word is the start time.
        let words = stat.split(separator: ")").last?.split(separator: " ") ?? []
        return words.count > 19 ? String(words[19]) : ""
    }
}

/// A data folder with procedures and clients, ready for ``ServeProcess``.
struct ServeFolder: Sendable {
    let path: String
    /// Credentials by client id.
    let credentials: [String: APIClient.Credentials]

    static let desk = "dn-desk"
    static let otherDesk = "dn-other-desk"
    static let town = "dn-town"
    static let registry = "dn-registry"
    static let admin = "dn-admin"

    /// Makes the folder, runs `body`, and removes it.
    static func with(_ body: (ServeFolder) async throws -> Void) async throws {
        try await scratch { path in
            let made = Mutex<ServeFolder?>(nil)
            try await Installation.run(
                try options(path), logger: TestDatabase.logger, signals: false, mayBegin: true
            ) { installation in
                let folder = try await prepared(path, installation)
                made.withLock { $0 = folder }
            }
            guard let folder = made.withLock({ $0 }) else { throw Failure("nothing was prepared") }
            try await body(folder)
        }
    }

    /// The same while its PostgreSQL runs without a server of ours: `body` starts servers that are given its address.
    static func withDatabase(_ body: @escaping @Sendable (ServeFolder, Installation) async throws -> Void) async throws
    {
        try await scratch { path in
            try await Installation.run(
                try options(path), logger: TestDatabase.logger, signals: false, mayBegin: true
            ) { installation in
                try await body(try await prepared(path, installation), installation)
            }
        }
    }

    private static func scratch(_ body: (String) async throws -> Void) async throws {
        let path = "/tmp/motcua-e2e-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try Installation.makeFolder(path)
        // What is left after a failed run is a log that somebody may want; the folder goes all the same.
        defer {
            ServeProcess.endAll(on: path)
            try? FileManager.default.removeItem(atPath: path)
        }
        try await body(path)
    }

    private static func options(_ path: String) throws -> DataOptions {
        var options = try DataOptions.parse([])
        options.data = "\(path)/data"
        return options
    }

    private static func prepared(_ path: String, _ installation: Installation) async throws -> ServeFolder {
        let parts = ServerParts(installation, clock: .system, registry: PrometheusRegistry())
        try await WorkflowLoader(engine: parts.engine, logger: TestDatabase.logger).load(Project.workflows)
        let registrar = ClientRegistrar(engine: parts.engine)
        let requests: [(String, ClientRegistrar.Request)] = [
            (desk, .agency(Cast.centre, id: desk)), (otherDesk, .agency(Cast.otherCentre, id: otherDesk)),
            (town, .agency("000.01.01.H17", id: town)),
            (registry, .adapter(of: "civil-registry", province: "da-nang", id: registry)),
            (admin, .administrator(province: "da-nang", id: admin)),
        ]
        var made: [String: APIClient.Credentials] = [:]
        for (id, request) in requests { made[id] = try await registrar.add(request) }
        await parts.close()
        return ServeFolder(path: path, credentials: made)
    }

    /// Kills every process of the folder's PostgreSQL, as a machine that runs out of memory does; how many there were.
    func killPostgres() throws -> Int {
        let data = "\(path)/data/postgres/data"
        // All are looked for before the first is killed: without their master the others end by themselves.
        let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/cwd")) == data
        }
        for process in processes { kill(process, SIGKILL) }
        return processes.count
    }

    /// Looks at the database of a running server, as its owner, over its socket.
    /// - Parameter name: `postgres` for the one in which a database can be closed.
    func database(named name: String = "motcua") async throws -> Database {
        let server = try EmbeddedPostgres(folder: "\(path)/data/postgres", logger: TestDatabase.logger)
        var configuration = PostgresConfiguration(
            server.connectionString.replacing("dbname=motcua", with: "dbname=\(name)"), applicationName: "motcua-test")
        // A transaction of ours may stand open while the server is watched.
        configuration.idleInTransactionTimeout = .seconds(60)
        return try await Database.open(configuration)
    }
}

/// A client of a real server that says what it was told, whatever that is.
final class Speaker: Sendable {
    let id: String
    private let credentials: APIClient.Credentials
    private let token = Mutex<String?>(nil)

    init(_ folder: ServeFolder, _ id: String) throws {
        guard let credentials = folder.credentials[id] else { throw Failure("no client \(id)") }
        self.id = id
        self.credentials = credentials
    }

    /// Sends and gives the answer, of whatever status.
    func send(
        _ http: HTTPClient, _ method: Call.Method, _ path: String, key: String? = nil, officer: String? = nil,
        tag: String? = nil, type: String = "application/json", _ body: [UInt8] = []
    ) async throws -> HTTPAnswer {
        var headers = [("Authorization", "Bearer \(try await bearer(http))")]
        if method == .post { headers.append(("Content-Type", type)) }
        if let key { headers.append(("Idempotency-Key", "\"\(key)\"")) }
        if let officer { headers.append(("Officer-Id", officer)) }
        if let tag { headers.append(("If-Match", tag)) }
        return try await http.send(Call(method, path, headers: headers, body: body))
    }

    private func bearer(_ http: HTTPClient) async throws -> String {
        if let token = token.withLock({ $0 }) { return token }
        let basic = Base64.text(Array("\(credentials.id):\(credentials.secret)".utf8))
        let answer = APIAnswer(
            try await http.send(
                Call(
                    .post, "/oauth2/token",
                    headers: [
                        ("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", "Basic \(basic)"),
                    ], body: Array("grant_type=client_credentials".utf8), isRepeatable: true)))
        guard let token = answer.json["access_token"]?.stringValue else { throw HTTPFailure.timedOut }
        self.token.withLock { $0 = token }
        return token
    }
}
