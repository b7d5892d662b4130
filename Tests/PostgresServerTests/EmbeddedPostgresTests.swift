import Glibc
import Logging
import Postgres
import ServiceLifecycle
import TestSupport
import Testing

@testable import PostgresServer

/// A folder under /tmp for one server, removed with all it holds.
private func withFolder(_ body: (String) async throws -> Void) async throws {
    var template = Array("/tmp/motcua-embedded-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    chmod(folder, 0o755)
    defer { _ = try? ChildProcess.run(["rm", "-rf", folder], log: "/dev/null") }
    try await body(folder)
}

private let quiet: Logger = {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
}()

/// Runs a server for the length of the body, as its service group would.
private func running(
    _ server: EmbeddedPostgres, _ body: (EmbeddedPostgres) async throws -> Void
) async throws {
    let service = Task { try await server.run() }
    do {
        try await server.waitUntilReady(timeout: .seconds(60))
        try await body(server)
    } catch {
        service.cancel()
        _ = await service.result
        throw error
    }
    service.cancel()
    try await service.value
}

private func eventually(_ what: Comment, within limit: Duration = .seconds(30), _ condition: () async throws -> Bool)
    async throws
{
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, what)
        try await Task.sleep(for: .milliseconds(20))
    }
}

private let count = Statement<Void, Int64>(
    name: "count", sql: "SELECT count(*) FROM kept", decode: { try $0.int8() })

private let settings = Statement<Void, [String?]>(
    name: "settings",
    sql: """
        SELECT array_agg(current_setting(n) ORDER BY n) FROM unnest(
        '{data_checksums,fsync,full_page_writes,listen_addresses,server_encoding,synchronous_commit}'::text[]) AS n
        """, decode: { try $0.textArray() })

@Suite(.serialized, .timeLimit(.minutes(3)))
struct EmbeddedPostgresTests {
    @Test func `it starts durable, survives a kill of the postmaster, and keeps its data over a stop`() async throws {
        try await withFolder { folder in
            let server = try EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)
            try await running(server) { server in
                let pool = ConnectionPool(.init(server.connectionString), size: 2, logger: quiet)
                let found = try await pool.withSession { try $0.run(settings) }
                #expect(found == [["on", "on", "on", "", "UTF8", "on"]])
                try await pool.withSession { try $0.execute("CREATE TABLE kept AS SELECT 1 AS id") }
                let first = try #require(server.processID)
                #expect(kill(first, SIGKILL) == 0)
                try await eventually("another postmaster answers") {
                    guard let pid = server.processID, pid != first else { return false }
                    do { return try await pool.withSession { try $0.run(count) } == [1] } catch { return false }
                }
                await pool.shutdown()
            }
            #expect(server.processID == nil)
            let again = try EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)
            try await running(again) { server in
                let pool = ConnectionPool(.init(server.connectionString), size: 1, logger: quiet)
                let rows = try await pool.withSession { try $0.run(count) }
                #expect(rows == [1])
                await pool.shutdown()
            }
        }
    }

    @Test func `one that served before is started again until it can serve, however long that takes`() async throws {
        try await withFolder { folder in
            let server = try EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)
            try await running(server) { server in
                let pool = ConnectionPool(.init(server.connectionString), size: 1, logger: quiet)
                try await pool.withSession { try $0.execute("CREATE TABLE kept AS SELECT 1 AS id") }
                let (control, away) = ("\(folder)/pg/data/global/pg_control", "\(folder)/pg/data/global/away")
                #expect(rename(control, away) == 0)
                #expect(kill(try #require(server.processID), SIGKILL) == 0)
                // Each start writes this file anew, a few lines at a time; starts are 200 ms apart at least.
                var starts: [Int] = []
                try await eventually("it was tried seven times", within: .seconds(60)) {
                    var about = stat()
                    guard stat("\(folder)/pg/start.log", &about) == 0, about.st_size > 0 else { return false }
                    let written = about.st_mtim.tv_sec * 1_000 + about.st_mtim.tv_nsec / 1_000_000
                    if written - (starts.last ?? 0) > 150 { starts.append(written) }
                    return starts.count >= 7
                }
                #expect(rename(away, control) == 0)
                try await eventually("it serves again") {
                    do { return try await pool.withSession { try $0.run(count) } == [1] } catch { return false }
                }
                await pool.shutdown()
            }
        }
    }

    @Test func `a busy backend that outlives its postmaster is ended`() async throws {
        try await withFolder { folder in
            let server = try EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)
            try await running(server) { server in
                var configuration = PostgresConfiguration(server.connectionString)
                configuration.statementTimeout = .zero
                let pool = ConnectionPool(configuration, size: 2, logger: quiet)
                let busy = Task {
                    try await pool.withSession(timeout: .seconds(60)) {
                        try $0.execute("DO $$ BEGIN LOOP END LOOP; END $$")
                    }
                }
                let active = Statement<Void, Int64>(
                    name: "active", sql: "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO%'",
                    decode: { try $0.int8() })
                try await eventually("it is busy") { try await pool.withSession { try $0.run(active) } == [1] }
                let first = try #require(server.processID)
                kill(first, SIGKILL)
                await #expect(throws: PostgresError.self) { try await busy.value }
                try await eventually("another postmaster answers", within: .seconds(60)) {
                    do { return try await pool.withSession { try $0.run(active) } == [0] } catch { return false }
                }
                #expect(server.processID != first)
                await pool.shutdown()
            }
        }
    }

    @Test func `R25 the lock on the data folder is one engine's, until it is gone`() async throws {
        try await withFolder { folder in
            let server = try ServerFolder("\(folder)/pg")
            let mine = try #require(try server.lock())
            #expect(try ServerFolder("\(folder)/pg").lock() == nil)
            close(mine)
            close(try #require(try server.lock()))
        }
    }

    @Test func `R25 a second engine on the folder uses the first one's server and takes over`() async throws {
        try await withFolder { folder in
            let first = try EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)
            let owner = Task { try await first.run() }
            try await first.waitUntilReady()
            let pid = first.processID
            let second = try EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)
            try await running(second) { second in
                #expect(second.processID == pid)
                owner.cancel()
                try await owner.value
                try await eventually("the second starts its own") {
                    guard let next = second.processID else { return false }
                    return next != pid
                }
                try await second.waitUntilReady()
            }
        }
    }

    @Test func `R25 a server that its owner left behind is adopted by its socket, and stops with us`() async throws {
        try await withFolder { folder in
            let server = try EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)
            try await running(server) { _ in }
            // Started by hand, without PDEATHSIG: nobody owns it.
            let programs = try EphemeralServer.binaries()
            let orphan = try ChildProcess.start(
                ["setpriv"] + ChildProcess.stepDown + ["--"] + [
                    "\(programs)/postgres", "-D", "\(folder)/pg/data", "-k", "\(folder)/pg/socket", "-c",
                    "listen_addresses=",
                ], log: "\(folder)/orphan.log")
            try await eventually("the orphan runs") { server.processID == orphan }
            try await running(EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)) { server in
                #expect(server.processID == orphan)
            }
            try await eventually("it stops with us") { server.processID == nil }
            ChildProcess.wait(orphan)
        }
    }

    @Test func `a recycled pid in postmaster.pid does not keep it from starting`() async throws {
        try await withFolder { folder in
            let server = try EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)
            try await running(server) { _ in }
            let other = try ChildProcess.start(
                ["setpriv"] + ChildProcess.stepDown + ["--", "sleep", "600"], log: "/dev/null")
            defer {
                kill(other, SIGKILL)
                ChildProcess.wait(other)
            }
            let file = try #require(fopen("\(folder)/pg/data/postmaster.pid", "w"))
            fputs("\(other)\n\(folder)/pg/data\n1\n5432\n\(folder)/pg/socket\n\n", file)
            fclose(file)
            try await running(EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)) { server in
                #expect(server.processID != other)
                #expect(kill(other, 0) == 0)
            }
        }
    }

    @Test func `the group's graceful shutdown stops it`() async throws {
        try await withFolder { folder in
            let server = try EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)
            let group = ServiceGroup(services: [server], logger: quiet)
            let run = Task { try await group.run() }
            try await server.waitUntilReady()
            await group.triggerGracefulShutdown()
            try await run.value
            #expect(server.processID == nil)
        }
    }

    @Test func `R25 it stops when its owner is killed`() async throws {
        let folder = "/tmp/motcua-owner-test"
        _ = try ChildProcess.run(["rm", "-rf", folder], log: "/dev/null")
        defer { _ = try? ChildProcess.run(["rm", "-rf", folder], log: "/dev/null") }
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let server = try EmbeddedPostgres(folder: "/tmp/motcua-owner-test", logger: Logger(label: "test"))
            let service = Task { try await server.run() }
            try await server.waitUntilReady()
            kill(getpid(), SIGKILL)
            try await service.value
        }
        let processes = ServerProcesses(data: "\(folder)/data")
        try #require(processes.recorded() != nil || access("\(folder)/data/PG_VERSION", F_OK) == 0)
        try await eventually("every process is gone", within: .seconds(10)) { processes.all().isEmpty }
    }

    @Test func `what is missing is said in one line with the command to run`() throws {
        func line(_ major: Int?, places: [String]) -> String {
            do {
                _ = try ServerPrograms.find(major: major, data: "/d", places: places)
                return ""
            } catch { return "\(error)" }
        }
        #expect(line(nil, places: ["/nowhere/%/bin"]).hasSuffix("run: apt-get install postgresql"))
        #expect(line(16, places: ["/nowhere/%/bin"]).hasSuffix("run: apt-get install postgresql-16"))
        #expect(line(13, places: ["/nowhere/%/bin"]).contains("pg_upgrade"))
        for text in [line(nil, places: ["/nowhere/%/bin"]), line(13, places: [])] {
            #expect(!text.contains("\n"))
        }
    }

    @Test func `R25 a data folder of another major version is a one-line error from run`() async throws {
        try await withFolder { folder in
            let server = try EmbeddedPostgres(folder: "\(folder)/pg", logger: quiet)
            try #require(mkdir("\(folder)/pg/data", 0o700) == 0)
            let file = try #require(fopen("\(folder)/pg/data/PG_VERSION", "w"))
            fputs("14\n", file)
            fclose(file)
            let error = await #expect(throws: EmbeddedPostgresError.self) { try await server.run() }
            #expect(error?.description.contains("pg_upgrade") == true)
            await #expect(throws: EmbeddedPostgresError.self) { try await server.waitUntilReady() }
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func `as root the folder must be open to the user postgres`() async throws {
        try await withFolder { folder in
            try #require(mkdir("\(folder)/closed", 0o700) == 0)
            let error = #expect(throws: EmbeddedPostgresError.self) {
                try EmbeddedPostgres(folder: "\(folder)/closed/pg", logger: quiet)
            }
            #expect(error?.description.contains("/var/lib/motcua") == true)
        }
    }
}
