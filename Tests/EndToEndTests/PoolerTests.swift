import Postgres
import TestSupport
import Testing

@testable import motcua

/// R24: PgBouncer in transaction mode between the server and PostgreSQL.
@Suite(
    .serialized, .timeLimit(.minutes(4)),
    .enabled(if: Pooler.isInstalled, "PgBouncer is not installed: scripts/install-readers.sh"))
struct PoolerTests {
    @Test func `R24 the flagship's start runs through PgBouncer, of many connections few reach PostgreSQL`()
        async throws
    {
        try await ServeFolder.withDatabase { folder, installation in
            let owner = try #require(installation.addresses.owner)
            let pooler = try await Pooler.start(before: owner, in: folder.path)
            let server = try await ServeProcess.start(
                folder.path, clock: "2026-03-02T08:00", pooler.arguments(past: owner))
            let load = try Load(folder)
            load.serve(server)
            let running = Task { await load.run(clients: 8) }
            let database = try await folder.database()
            _ = try await eventually("births are registered", within: .seconds(90)) {
                try await database.number("SELECT count(*) FROM engine.dossier WHERE phase = 2") >= 5 ? true : nil
            }
            let open = try await database.rows(
                """
                SELECT usename || ' ' || count(*) FROM pg_stat_activity WHERE usename LIKE 'motcua\\_%'
                GROUP BY usename ORDER BY usename
                """)
            #expect(open == ["motcua_engine \(Pooler.width)", "motcua_feed \(Pooler.width)"])
            load.end()
            await running.value
            let evidence = try await Evidence.gathered(from: database)
            let faults = Checker.faults(load.calls, evidence)
            #expect(faults.isEmpty, "\(faults.prefix(20).joined(separator: "\n"))")
            #expect(load.calls.filter { $0.answer != nil && !$0.isDone }.isEmpty)
            await database.pool.shutdown()
            #expect(await server.terminate().status == 0)
            await pooler.stop()
        }
    }

    @Test(arguments: ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"])
    func `R24 a role without a time-out is refused at the start, in one line`(_ setting: String) async throws {
        try await ServeFolder.withDatabase { folder, installation in
            let owner = try #require(installation.addresses.owner)
            let database = try await folder.database()
            try await database.execute("ALTER ROLE motcua_engine RESET \(setting)")
            let pooler = try await Pooler.start(before: owner, in: folder.path)
            let (status, said) = try await ServeProcess.refused(folder.path, pooler.arguments())
            #expect(status == 2)
            let line = said.split(separator: "\n").filter { $0.hasPrefix("motcua: ") }
            #expect(line.count == 1)
            #expect(line.first?.contains("\(setting) is not set: run ALTER ROLE") == true, "\(said)")
            await database.pool.shutdown()
            await pooler.stop()
        }
    }
}
