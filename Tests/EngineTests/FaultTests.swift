import Dossiers
import JSONText
import Logging
import Notices
import Postgres
import Procedures
import ServiceLifecycle
import Store
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import Engine

extension EngineFaults {
    /// R14, outages, overload and the end of the process.
    @Suite struct Faults {
        private static var quiet: EngineSetup {
            var setup = EngineSetup()
            setup.logger.logLevel = .critical
            return setup
        }

        @Test(.database, arguments: [CommitProxy.Fault.answerLost, .requestLost])
        func `R14 a COMMIT whose outcome is unknown is asked again with the same key, and has one effect`(
            _ fault: CommitProxy.Fault
        ) async throws {
            let proxy = try CommitProxy(before: EphemeralServer.shared.get(), marker: "answer_insert/")
            defer { proxy.stop() }
            var setup = Self.quiet
            setup.change = { $0.connectionString += " host=\(proxy.folder)" }
            try await EngineWorld.with(setup) { world in
                proxy.arm(fault)
                let request = try world.submission(key: "s1")
                let answer = try await world.send(request)
                #expect(proxy.count == 1)
                #expect(String(decoding: answer.body, as: UTF8.self).hasPrefix("done"))
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 1)
                #expect(try await world.send(request) == answer)
                // Whoever committed did not learn it, so nobody handed the message on: the agenda does.
                let id = try #require(try await world.observer.rows("SELECT id::text FROM engine.dossier").first)
                let dossier = DossierRef(province: EngineWorld.province, id: try #require(DossierID(id)))
                proxy.arm(fault)
                try await world.done(dossier, "receive", "accept")
                #expect(proxy.count == 2)
                try await world.born(dossier)
                #expect(try await world.kinds(dossier).filter { $0 == "accepted" }.count == 1)
                #expect(try await world.observer.number("SELECT last FROM engine.counter") == 1)
            }
        }

        @Test(.database)
        func `F8 who waits for a database that fell silent is told to ask again, and the key tells what was done`()
            async throws
        {
            let proxy = try CommitProxy(before: EphemeralServer.shared.get())
            defer { proxy.stop() }
            var setup = Self.quiet
            setup.settings.patience = .seconds(300)
            setup.settings.databasePatience = .seconds(1)
            setup.settings.knockTimeout = .milliseconds(300)
            setup.settings.knockInterval = .milliseconds(50)
            setup.change = { $0.connectionString += " host=\(proxy.folder)" }
            try await EngineWorld.with(setup) { world in
                _ = try await world.submit(key: "s0")
                proxy.setMute(true)
                let requests = try (1...8).map { try world.submission(key: "s\($0)") }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for request in requests {
                        group.addTask {
                            await #expect(throws: CommandError.isUnavailable) { try await world.send(request) }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(world.engine.standing.isAway)
                await #expect(throws: CommandError.isUnavailable) { try await world.send(requests[0]) }
                proxy.setMute(false)
                for request in requests {
                    let answer = try await Self.insist(world, request)
                    #expect(String(decoding: answer.body, as: UTF8.self).hasPrefix("done"))
                }
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 9)
            }
        }

        @Test func `a caller hears one answer, from whoever is first; a database that is away takes no callers`() async
        {
            let standing = DatabaseStanding(patience: .seconds(3))
            let began = ContinuousClock.now
            func asked(_ body: (WaitingCaller) -> Void) async -> PendingOutcome {
                await withCheckedContinuation { body(WaitingCaller($0)) }
            }
            let told = await asked { caller in
                #expect(standing.enter(caller) != nil)
                #expect(!standing.silent(at: began + .seconds(2)) && !standing.isAway)
                #expect(standing.silent(at: began + .seconds(4)) && standing.isAway)
                caller.answer(.failed)
            }
            guard case .unavailable = told else { return #expect(Bool(false), "\(told)") }
            let late = await asked { caller in
                #expect(standing.enter(caller) == nil)
                caller.answer(.unavailable)
            }
            guard case .unavailable = late else { return #expect(Bool(false), "\(late)") }
            #expect(!standing.silent(at: began + .seconds(5)), "it is no news")
            #expect(standing.heard(at: began + .seconds(6)) && !standing.isAway)
            let served = await asked { caller in
                let ticket = standing.enter(caller)
                caller.answer(.failed)
                ticket.map(standing.leave)
                #expect(standing.silent(at: began + .seconds(10)))
            }
            guard case .failed = served else { return #expect(Bool(false), "\(served)") }
        }

        @Test(.database)
        func `a database that goes away in mid-load and comes back loses nothing acknowledged and doubles nothing`()
            async throws
        {
            try await EngineWorld.with(Self.quiet) { world in
                let tally = Tally()
                try await withThrowingTaskGroup { group in
                    for worker in 0..<8 {
                        group.addTask {
                            for number in 0... {
                                let key = "k\(worker)/\(number)"
                                let answer = try await Self.insist(world, try world.submission(key: key))
                                tally.answers.withLock { $0[key] = answer.body }
                                if tally.flag.load(ordering: .acquiring) { break }
                            }
                        }
                    }
                    group.addTask {
                        defer { tally.flag.store(true, ordering: .releasing) }
                        for outage in 1...8 {
                            let before = tally.answers.withLock { $0.count }
                            let cut = try await world.observer.number(
                                """
                                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                                WHERE datname = current_database() AND pid <> pg_backend_pid()
                                """)
                            #expect(cut > 0)
                            _ = try await world.eventually("work goes on after outage \(outage)") {
                                tally.answers.withLock { $0.count } > before + 8 ? true : nil
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let acknowledged = tally.answers.withLock { $0 }
                let count = acknowledged.count
                #expect(count >= 64)
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == count)
                #expect(try await world.observer.number("SELECT count(DISTINCT dossier) FROM engine.event") == count)
                let stored = Set(try await world.observer.rows("SELECT convert_from(body, 'UTF8') FROM engine.answer"))
                #expect(stored == Set(acknowledged.values.map { String(decoding: $0, as: UTF8.self) }))
                let ids = Set(try await world.observer.rows("SELECT '48.' || id FROM engine.dossier"))
                for answer in acknowledged.values {
                    let words = String(decoding: answer, as: UTF8.self).split(separator: " ").map(String.init)
                    #expect(words.count == 4 && ids.contains(words[2]))
                }
            }
        }

        @Test(.database)
        func `an engine that starts while the database is away goes on when it is back`() async throws {
            try await EngineWorld.stopped(Self.quiet) { world in
                try await world.observer.execute("ALTER SCHEMA engine RENAME TO away")
                try await world.running {
                    await #expect(throws: CommandError.isUnavailable) { try await world.engine.refreshCatalogue() }
                    let sent = Task { try await Self.insist(world, world.submission(key: "s1"), schemaIsAway: true) }
                    try await world.observer.execute("ALTER SCHEMA away RENAME TO engine")
                    #expect(String(decoding: try await sent.value.body, as: UTF8.self).hasPrefix("done"))
                }
            }
        }

        /// Sends with the same key until there is an answer.
        /// - Parameter schemaIsAway: a missing table is no lost connection, so that a try may fail too.
        private static func insist(
            _ world: EngineWorld, _ request: SubmitRequest, schemaIsAway: Bool = false
        ) async throws -> StoredAnswer {
            let deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline {
                do { return try await world.send(request) } catch CommandError.unavailable {
                    continue
                } catch CommandError.failed where schemaIsAway { continue }
            }
            throw Failure("never answered")
        }

        @Test(.database)
        func `a server that takes fewer connections than the pool would open is worked with all the same`()
            async throws
        {
            var setup = Self.quiet
            setup.change = { configuration in
                configuration.connectionString = configuration.connectionString.replacing(
                    "user=postgres", with: "user=motcua_engine")
            }
            try await EngineWorld.with(setup) { world in
                // The limit does not hold for the observer, who is a superuser.
                try await world.observer.execute(
                    """
                    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 2', current_database()); END $$;
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND usename = 'motcua_engine'
                    """)
                let answers = try await withThrowingTaskGroup(of: StoredAnswer.self) { group in
                    for number in 0..<48 {
                        let request = try world.submission(key: "k\(number)")
                        group.addTask { try await Self.insist(world, request) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.allSatisfy { String(decoding: $0.body, as: UTF8.self).hasPrefix("done") })
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 48)
                #expect(
                    try await world.observer.number(
                        """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND usename = 'motcua_engine'
                        """) <= 2)
            }
        }

        @Test(.database)
        func `a full queue says come again at once, and does what it took`() async throws {
            var setup = Self.quiet
            setup.settings.queueLimit = 10
            setup.settings.lanesPerProvince = 1
            try await EngineWorld.with(setup) { world in
                let plug = try world.submission(key: "plug")
                let requests = try (0..<40).map { try world.submission(key: "k\($0)") }
                let sent = try await world.observer.holding("LOCK TABLE engine.answer IN ACCESS EXCLUSIVE MODE") {
                    let plugged = Task { try await world.send(plug) }
                    try await world.observer.waitForBlocked(1)
                    let refused = Tally()
                    let sent = requests.map { request in
                        Task {
                            do { return try await world.send(request) } catch {
                                refused.count.add(1, ordering: .relaxed)
                                throw error
                            }
                        }
                    }
                    // While the database still stands: the refused do not wait for it.
                    _ = try await world.eventually("30 are refused") {
                        refused.count.load(ordering: .relaxed) == 30 ? true : nil
                    }
                    #expect(world.engine.queue.count == 10)
                    return sent + [plugged]
                }
                var done = 0
                for task in sent {
                    switch await task.result {
                    case .success: done += 1
                    case .failure(let error): #expect(error as? CommandError == .isUnavailable)
                    }
                }
                #expect(done == 11)
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 11)
            }
        }

        @Test(.database)
        func `a graceful stop finishes what was taken and takes nothing more`() async throws {
            var setup = Self.quiet
            setup.settings.lanesPerProvince = 1
            try await EngineWorld.stopped(setup) { world in
                let group = ServiceGroup(services: [world.engine], logger: TestDatabase.logger)
                let running = Task { try await group.run() }
                let requests = try (0..<31).map { try world.submission(key: "k\($0)") }
                let sent = try await world.observer.holding("LOCK TABLE engine.answer IN ACCESS EXCLUSIVE MODE") {
                    let first = Task { try await world.send(requests[0]) }
                    try await world.observer.waitForBlocked(1)
                    let sent = [first] + requests[1...].map { request in Task { try await world.send(request) } }
                    _ = try await world.eventually("30 wait behind the first") {
                        world.engine.queue.count == 30 ? true : nil
                    }
                    await group.triggerGracefulShutdown()
                    _ = try await world.eventually("nothing more is taken") {
                        // A machine's command of nobody: what an open queue takes of these has no effect.
                        world.engine.queue.offer(
                            .command(
                                DossierRef(province: 48, id: DossierID(high: 1, low: 1)),
                                .timer(TimerKey(activation: 1, kind: .down), due: world.clock.now), by: .engine,
                                arrived: world.clock.now)) ? nil : true
                    }
                    await #expect(throws: CommandError.isUnavailable) {
                        try await world.send(world.submission(key: "late"))
                    }
                    return sent
                }
                for task in sent {
                    #expect(String(decoding: try await task.value.body, as: UTF8.self).hasPrefix("done"))
                }
                try await running.value
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 31)
            }
        }

        @Test(.database)
        func `100 commands at the same time share a few transactions`() async throws {
            var setup = Self.quiet
            setup.settings.lanesPerProvince = 1
            setup.settings.patience = .seconds(60)
            try await EngineWorld.with(setup) { world in
                try await world.loadTwoDesks()
                var dossiers: [DossierRef] = []
                for number in 0..<100 {
                    dossiers.append(try await world.submit("two-desks", key: "s\(number)").state.dossier)
                }
                let desk = world.performer(of: "receive")
                var requests: [PerformRequest] = []
                for dossier in dossiers {
                    let task = try await world.task(dossier, "receive")
                    requests.append(
                        PerformRequest(
                            identity: world.identity("perform", "\(dossier.id)"), target: dossier, by: desk,
                            act: .complete(activation: task.activation, outcome: "accept", said: JSONObject()),
                            arrived: world.clock.now))
                }
                let answers = try await world.inOneBatch(
                    requests.map { request in { try await world.engine.perform(request) { Caught().catch($0) } } })
                #expect(answers.allSatisfy { (try? $0.get()) != nil })
                let transactions = try await world.observer.number(
                    "SELECT count(DISTINCT xmin::text) FROM engine.event WHERE kind = 'accepted'")
                #expect(
                    try await world.observer.number("SELECT count(*) FROM engine.event WHERE kind = 'accepted'") == 100)
                #expect(transactions == 1)
            }
        }
    }
}
