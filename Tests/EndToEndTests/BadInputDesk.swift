import Foundation
import Glibc
import JSONText
import Notices
import Postgres
import TestSupport
import Testing

@testable import motcua

/// A real server with one submitted dossier whose first task is held: where bad input is tried.
struct BadInputDesk: Sendable {
    static let firstKey = "first"

    let folder: ServeFolder
    let server: ServeProcess
    let database: Database
    let desk: Speaker
    let otherDesk: Speaker
    let town: Speaker
    let admin: Speaker
    /// The dossier, as the API names it.
    let dossier: String
    let lookUp: String
    /// When the server's process began.
    let birth: String

    /// The one of the suite.
    @TaskLocal static var current: BadInputDesk?

    static func with(_ body: (BadInputDesk) async throws -> Void) async throws {
        try await ServeFolder.with { folder in
            let server = try await ServeProcess.start(folder.path, clock: "2026-03-02T08:30")
            do {
                let desk = try await open(folder, server)
                try await body(desk)
                await desk.database.pool.shutdown()
            } catch {
                await server.kill9()
                throw error
            }
            // The same process that began; it has nothing left to do and ends in order.
            let (_, status) = await server.terminate()
            guard status == 0 else { throw Failure("the server ended with \(status), see its log") }
        }
    }

    private static func open(_ folder: ServeFolder, _ server: ServeProcess) async throws -> BadInputDesk {
        let desk = try Speaker(folder, ServeFolder.desk)
        let made = try JSONValue.parse(
            try await desk.send(server.api, .post, "/v1/dossiers", key: firstKey, FlagshipForm().body.bytes).body)
        guard let id = made["id"]?.stringValue, let code = made["lookUpCode"]?.stringValue else {
            throw Failure("no dossier: \(made)")
        }
        let held = try await desk.send(
            server.api, .post, "/v1/tasks/\(id)/1/claim", key: "claim", officer: Officer.desk, tag: "\"1.0\"")
        guard held.status == 200 else { throw Failure("the task was not held: \(held.status)") }
        let database = try await folder.database()
        // By the table and not by asking for the page: looking for what is not there yet costs tokens of the throttle.
        _ = try await eventually("the public side knows every notice") {
            let missing = try await database.number(
                """
                SELECT (SELECT count(*) FROM engine.notice) - (SELECT count(*) FROM feed.notice)
                    + (SELECT count(*) FROM engine.notice_queue)
                """)
            return missing == 0 ? true : nil
        }
        return BadInputDesk(
            folder: folder, server: server, database: database, desk: desk,
            otherDesk: try Speaker(folder, ServeFolder.otherDesk), town: try Speaker(folder, ServeFolder.town),
            admin: try Speaker(folder, ServeFolder.admin), dossier: id, lookUp: code, birth: server.birth)
    }

    /// The look-up code with its first symbol another.
    var mistyped: String {
        var symbols = Array(lookUp)
        symbols[0] = symbols[0] == "7" ? "8" : "7"
        return String(symbols)
    }

    /// A submission at the desk whose body is these bytes.
    func submit(_ bytes: [UInt8]) async throws -> HTTPAnswer {
        try await desk.send(server.api, .post, "/v1/dossiers", key: "bad-\(UInt32.random(in: 0...UInt32.max))", bytes)
    }

    /// Completes the dossier's first task.
    func complete(
        _ speaker: Speaker, by officer: String = Officer.desk, tag: String?, outcome: String = "accept"
    ) async throws -> HTTPAnswer {
        try await speaker.send(
            server.api, .post, "/v1/tasks/\(dossier)/1/complete", key: "bad-\(UInt32.random(in: 0...UInt32.max))",
            officer: officer, tag: tag, Array(#"{"outcome":"\#(outcome)"}"#.utf8))
    }

    /// The same process still answers, for everybody.
    func stillAnswers(_ place: SourceLocation = #_sourceLocation) async throws {
        #expect(kill(server.pid, 0) == 0, sourceLocation: place)
        #expect(server.birth == birth, "another process", sourceLocation: place)
        #expect(try await server.operations.send(Call(.get, "/livez")).status == 200, sourceLocation: place)
        #expect(
            try await desk.send(server.api, .get, "/v1/dossiers/\(dossier)").status == 200, sourceLocation: place)
        #expect(try await server.pages.send(Call(.get, "/v1/progress/\(lookUp)")).status == 200, sourceLocation: place)
    }
}

/// Gives a suite one ``BadInputDesk``.
struct BadInputTrait: SuiteTrait, TestScoping {
    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await BadInputDesk.with { desk in
            try await BadInputDesk.$current.withValue(desk) { try await function() }
        }
    }
}
