import Postgres
import Synchronization
import TestSupport
import Testing

/// `kill -9` of the real server under load, again and again; and its orderly end.
@Suite(.serialized, .timeLimit(.minutes(6)))
struct CrashTests {
    @Test func `kill -9 under load loses nothing that was acknowledged and does nothing twice`() async throws {
        try await ServeFolder.with { folder in
            let load = try Load(folder)
            let running = Task { await load.run(clients: 8) }
            let began = ContinuousClock.now
            var rounds = 0
            // Each round another day, so that the legal clock never goes back.
            func clock() -> String { "2026-03-\(10 + rounds)T08:00" }
            var server = try await ServeProcess.start(folder.path, clock: clock())
            load.serve(server)
            while rounds < 3 || (rounds < 12 && ContinuousClock.now - began < .seconds(40)) {
                let before = load.answered
                _ = try await eventually("the clients are answered", within: .seconds(60)) {
                    load.answered > before + 5 ? true : nil
                }
                // The moment of the crash is what is random here.
                try await Task.sleep(for: .milliseconds(Int.random(in: 200...2_000)))
                await server.kill9()
                load.serve(nil)
                rounds += 1
                server = try await ServeProcess.start(folder.path, clock: clock())
                load.serve(server)
            }
            load.end()
            await running.value
            try await check(load, folder, server, "kill -9, \(rounds) rounds")
            try await endInOrder(folder, server, rounds: rounds)
        }
    }

    @Test func `kill -9 of PostgreSQL under load loses nothing acknowledged, and the server rides it out`() async throws
    {
        try await ServeFolder.with { folder in
            let load = try Load(folder)
            let server = try await ServeProcess.start(folder.path, clock: "2026-03-10T08:00")
            let birth = server.birth
            load.serve(server)
            let running = Task { await load.run(clients: 8) }
            for round in 1...4 {
                try await goesOn(load, "round \(round)")
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...700)))
                #expect(try folder.killPostgres() > 5, "the server itself, its helpers, our connections")
            }
            try await goesOn(load, "the last one")
            load.end()
            await running.value
            #expect(server.isStill(birth))
            try await check(load, folder, server, "kill -9 of PostgreSQL, 4 rounds")
            #expect(await server.terminate().status == 0)
        }
    }

    @Test func `of two engines one stands still, wakes up, and does nothing that the other did`() async throws {
        try await ServeFolder.with { folder in
            let load = try Load(folder)
            let clock = "2026-03-10T08:00"
            let sleeper = try await ServeProcess.start(folder.path, clock: clock, patience: .seconds(3))
            let other = try await ServeProcess.start(folder.path, clock: clock, patience: .seconds(3))
            let database = try await folder.database()
            load.serve(sleeper)
            let running = Task { await load.run(clients: 8) }
            for round in 1...3 {
                try await goesOn(load, "round \(round)")
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...700)))
                sleeper.standStill()
                load.serve(other)
                try await goesOn(load, "beside the sleeper, round \(round)")
                try await lockless(database)
                sleeper.goOn()
                load.serve(round == 2 ? sleeper : other)
                try await goesOn(load, "after round \(round)")
                load.serve(sleeper)
            }
            await database.pool.shutdown()
            // It began PostgreSQL: with it that goes too, and the other begins it again.
            await sleeper.kill9()
            load.serve(other)
            try await goesOn(load, "the other alone")
            load.end()
            await running.value
            try await check(load, folder, other, "SIGSTOP and SIGCONT of one of two, 3 rounds")
            #expect(await other.terminate().status == 0)
        }
    }

    /// Waits until no transaction stands open that began before now: what the sleeper held was taken from it, wherever in
    /// its work it was stopped.
    private func lockless(_ database: Database) async throws {
        let now = try await database.rows("SELECT clock_timestamp()::text").first ?? ""
        _ = try await eventually("nothing is held by the sleeper", within: .seconds(30)) {
            let held = try await database.number(
                "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'motcua%' AND xact_start <= '\(now)'")
            return held == 0 ? true : nil
        }
    }

    private func goesOn(_ load: Load, _ when: String) async throws {
        let before = load.answered
        _ = try await eventually("commands are answered: \(when)", within: .seconds(60)) {
            load.answered > before + 10 ? true : nil
        }
    }

    private func check(_ load: Load, _ folder: ServeFolder, _ server: ServeProcess, _ what: String) async throws {
        #expect(load.stuck.isEmpty, "\(load.stuck.prefix(5).joined(separator: "\n"))")
        let database = try await folder.database()
        let evidence = try await Evidence.gathered(from: database)
        let calls = load.calls
        let (done, unknown) = (calls.filter(\.isDone), calls.filter { $0.answer == nil })
        print("\(what): \(calls.count) commands, \(done.count) acknowledged, \(unknown.count) unknown")
        let faults = Checker.faults(calls, evidence)
        #expect(faults.isEmpty, "\(faults.prefix(20).joined(separator: "\n"))")
        #expect(done.count > 30)
        let refused = calls.filter { $0.answer != nil && !$0.isDone }
        #expect(refused.isEmpty, "\(refused.prefix(5))")
        let again = try await load.replayFaults(Array(done.shuffled().prefix(200)), server)
        #expect(again.isEmpty, "\(again.prefix(5))")
        #expect(try await database.number("SELECT count(*) FROM engine.answer") == evidence.answers.count)
        await database.pool.shutdown()
        try control(calls, evidence)
    }

    /// The control: the checker that found nothing finds every lie that is planted in what it looked at.
    private func control(_ calls: [LoadCall], _ evidence: Evidence) throws {
        // A few dossiers that came far are enough to lie about.
        let far = calls.filter { $0.isDone && $0.sent.path.hasSuffix("/complete") }.compactMap(\.dossier)
        let births = Dictionary(grouping: far, by: \.self).sorted { $1.value.count < $0.value.count }.prefix(3)
        let roots = calls.filter { $0.isDone && $0.sent.path == "/v1/dossiers" }.compactMap(\.dossier).prefix(3)
        let dossiers = Set(births.map(\.key)).union(roots)
        let truth = evidence.limited(to: dossiers)
        let about = calls.filter { $0.dossier.map(dossiers.contains) ?? false }
        try #require(Checker.faults(about, truth).isEmpty)
        for mutant in Mutant.all {
            var (lie, told) = (truth, about)
            #expect(mutant.plant(&lie, &told), "“\(mutant.name)” found nothing to change")
            #expect(!Checker.faults(told, lie).isEmpty, "“\(mutant.name)” was not caught")
        }
    }

    /// SIGTERM: what was taken is finished and answered, what was not answered was not done.
    private func endInOrder(_ folder: ServeFolder, _ server: ServeProcess, rounds: Int) async throws {
        let load = try Load(folder, prefix: "t")
        load.serve(server)
        let running = Task { await load.run(clients: 8) }
        _ = try await eventually("the clients are answered", within: .seconds(60)) { load.answered > 20 ? true : nil }
        let (took, status) = await server.terminate()
        load.serve(nil)
        load.end()
        print("SIGTERM: \(load.answered) answered, ended in \(took) with status \(status)")
        #expect(took < .seconds(10))
        #expect(status == 0)
        running.cancel()
        await running.value
        let next = try await ServeProcess.start(folder.path, clock: "2026-03-30T08:00")
        let database = try await folder.database()
        let evidence = try await Evidence.gathered(from: database)
        let faults = Checker.faults(load.calls, evidence)
        #expect(faults.isEmpty, "\(faults.prefix(20).joined(separator: "\n"))")
        for call in load.calls where call.answer == nil {
            #expect(evidence.answers[call.key] == nil, "\(call.key) was done, and nobody was told")
        }
        await database.pool.shutdown()
        _ = await next.terminate()
    }
}
