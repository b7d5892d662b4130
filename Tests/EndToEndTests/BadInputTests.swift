import JSONText
import Postgres
import TestSupport
import Testing

@testable import motcua

/// Every wrong input has its own clear answer, leaves nothing half-written, and meets the same process as the one before.
@Suite(.serialized, BadInputTrait(), .timeLimit(.minutes(4)))
struct BadInputTests {
    @Test(arguments: BadInput.all) func `bad input is answered clearly and changes nothing`(_ input: BadInput)
        async throws
    {
        let desk = try #require(BadInputDesk.current)
        let before = try await desk.database.rowCounts()
        let answer = try await input.send(desk)
        let text = String(decoding: answer.body.prefix(2_000), as: UTF8.self)
        #expect(answer.status == input.status, "\(text)")
        #expect(answer.header("Content-Type")?.hasPrefix("application/problem+json") == true)
        let problem = try JSONValue.parse(answer.body)
        let type = problem["type"]?.stringValue ?? ""
        #expect(type.split(whereSeparator: { $0 == "/" || $0 == ":" || $0 == "#" }).last.map(String.init) == input.code)
        #expect(problem["title"]?.stringValue?.isEmpty == false)
        // No SQL, no types of ours, no places of the machine.
        for leak in ["SELECT", "INSERT", "engine.", "Swift", "/work", "/tmp", "PostgresError"] {
            #expect(!text.contains(leak), "\(text)")
        }
        #expect(try await desk.database.rowCounts() == before)
        try await desk.stillAnswers()
    }

    @Test func `a database that goes away in mid-request is told from one that refuses, and comes back`() async throws {
        let desk = try #require(BadInputDesk.current)
        let before = try await desk.database.rowCounts()
        let maintenance = try await desk.folder.database(named: "postgres")
        let body = FlagshipForm().body.bytes
        try await desk.database.holding("LOCK TABLE engine.answer IN ACCESS EXCLUSIVE MODE") {
            async let asked = desk.desk.send(desk.server.api, .post, "/v1/dossiers", key: "away", body)
            _ = try await eventually("the request stands in the database") {
                try await maintenance.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") > 0
                    ? true : nil
            }
            try await maintenance.execute("ALTER DATABASE motcua ALLOW_CONNECTIONS false")
            try await maintenance.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = 'motcua' AND usename IN ('motcua_engine', 'motcua_feed')
                """)
            let answer = try await asked
            #expect(answer.status == 503)
            #expect(answer.header("Retry-After") != nil)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("unavailable"))
            // The same process says that it lives, and that it is not ready.
            #expect(try await desk.server.operations.send(Call(.get, "/livez")).status == 200)
            #expect(try await desk.server.operations.send(Call(.get, "/readyz")).status == 503)
        }
        try await maintenance.execute("ALTER DATABASE motcua ALLOW_CONNECTIONS true")
        await maintenance.pool.shutdown()
        let answer = try await eventually("the database is back", within: .seconds(60)) {
            let answer = try await desk.desk.send(desk.server.api, .post, "/v1/dossiers", key: "away", body)
            return answer.status == 503 || answer.status == 409 ? nil : answer
        }
        #expect(answer.status == 201)
        let again = try await desk.desk.send(desk.server.api, .post, "/v1/dossiers", key: "away", body)
        #expect(again.body == answer.body)
        #expect(try await desk.database.rowCounts()["dossier"] == (before["dossier"] ?? 0) + 1)
        _ = try await eventually("the page shows what came before and after", within: .seconds(60)) {
            let code = try JSONValue.parse(answer.body)["lookUpCode"]?.stringValue ?? ""
            return try await desk.server.pages.send(Call(.get, "/v1/progress/\(code)")).status == 200 ? true : nil
        }
        try await desk.stillAnswers()
    }
}
