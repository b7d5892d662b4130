import Dossiers
import JSONText
import Logging
import Notices
import Procedures
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

extension EngineRules {
    /// R10, R12, R15, R22 and group commit: what a batch does with its commands.
    @Suite struct Batches {
        /// One lane a province, so that a test knows what is in a batch.
        private static var oneLane: EngineSetup {
            var setup = EngineSetup()
            setup.settings.lanesPerProvince = 1
            setup.settings.patience = .seconds(60)
            setup.logger.logLevel = .critical
            return setup
        }

        @Test(.database)
        func `R10 a command on a held dossier waits its turn and is done, and others go on`() async throws {
            var setup = EngineSetup()
            // Two dossiers are almost surely in two of 64 lanes.
            setup.settings.lanesPerProvince = 64
            try await EngineWorld.with(setup) { world in
                let held = try await world.submit(key: "s1").state.dossier
                var free = held
                for number in 2...20 where free.id.low % 64 == held.id.low % 64 {
                    free = try await world.submit(key: "s\(number)").state.dossier
                }
                #expect(free.id.low % 64 != held.id.low % 64)
                let late = try await world.observer.holding(
                    "SELECT FROM engine.dossier WHERE id = '\(held.id)' FOR UPDATE"
                ) { [free] in
                    let late = Task { try await world.done(held, "receive", "accept") }
                    // After three misses it waits for the lock itself, instead of asking again and again.
                    try await world.observer.waitForBlocked(1)
                    try await world.done(free, "receive", "accept")
                    #expect(try await world.kinds(held).contains("accepted") == false)
                    return late
                }
                #expect(try await late.value.state.code != nil)
                #expect(try await world.kinds(held).filter { $0 == "accepted" }.count == 1)
            }
        }

        @Test(.database)
        func `R12 one poison among 200 fails alone`() async throws {
            try await EngineWorld.with(Self.oneLane) { world in
                try await world.observer.execute(
                    "ALTER TABLE engine.dossier ADD CONSTRAINT test_poison CHECK (client_reference <> 'r117')")
                try await world.loadTwoDesks()
                let requests = try (0..<200).map {
                    try world.submission("two-desks", key: "k\($0)", reference: "r\($0)")
                }
                let answers = try await world.inOneBatch(
                    requests.map { request in { try await world.send(request) } })
                #expect(answers.indices.filter { (try? answers[$0].get()) == nil } == [117])
                #expect(throws: CommandError.failed) { try answers[117].get() }
                // The dossier that held the lane is there too.
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 200)
                for table in ["event", "sealed", "task", "answer"] {
                    let column = table == "answer" ? "key" : "dossier"
                    #expect(
                        try await world.observer.number("SELECT count(DISTINCT \(column)) FROM engine.\(table)") == 200)
                }
            }
        }

        @Test(.database)
        func `R12 a message that cannot be carried out is stuck after five tries until a person frees it`() async throws
        {
            try await EngineWorld.with(Self.oneLane) { world in
                try await world.observer.execute(
                    "ALTER TABLE engine.dossier ADD CONSTRAINT test_poison CHECK (parent IS NULL)")
                let dossier = try await world.accepted()
                for count in 1...5 {
                    _ = try await world.eventually("try \(count)") {
                        try await world.observer.rows("SELECT tries::text FROM engine.stuck") == ["\(count)"]
                            ? true : nil
                    }
                    // Not before its time.
                    try await world.sweep()
                    let still = try await world.observer.rows("SELECT tries::text FROM engine.stuck")
                    #expect(still == ["\(count)"])
                    world.clock.advance(seconds: 61)
                }
                try await world.sweep()
                let last = try await world.observer.rows("SELECT tries::text FROM engine.stuck")
                #expect(last == ["5"])
                let stuck = try #require(
                    try await world.engine.store.stuck(limit: 10, province: EngineWorld.province).first)
                #expect(stuck.error.contains("test_poison"))
                try await world.observer.execute("ALTER TABLE engine.dossier DROP CONSTRAINT test_poison")
                #expect(
                    try await world.engine.store.freeStuck(
                        dossier: stuck.dossier, key: stuck.key, province: EngineWorld.province))
                #expect(try await world.child(dossier, "birth").id == stuck.dossier)
                #expect(try await world.observer.number("SELECT count(*) FROM engine.stuck") == 0)
            }
        }

        @Test(.database)
        func `R15 two tasks of one dossier are done side by side by their own tags`() async throws {
            try await EngineWorld.with { world in
                let dossier = try await world.twoDesks(key: "s1")
                let before = try #require(try await world.engine.dossier(dossier))
                let left = try await world.task(dossier, "share/left/make")
                let right = try await world.task(dossier, "share/right/view")
                async let made = world.act(
                    dossier, left, "made", expecting: .claims(activation: left.activation, count: 0))
                async let good = world.act(
                    dossier, right, "good", expecting: .claims(activation: right.activation, count: 0))
                for result in try await [made, good] {
                    guard case .done = result else { throw Failure("not done: \(result)") }
                }
                #expect(try await world.kinds(dossier).filter { $0 == "branch-ended" }.count == 2)
                let after = try #require(try await world.engine.dossier(dossier))
                #expect(after.work.tasks.map(\.step) == ["hand-over"])
                // The dossier's own tag serves commands on the whole: it has moved.
                let hand = try await world.task(dossier, "hand-over")
                let old = try await world.act(
                    dossier, hand, "handed", expecting: .sequence(before.state.sequence), key: "old")
                guard case .stale(let now) = old else { throw Failure("not stale: \(old)") }
                #expect(now.state.sequence == after.state.sequence)
                // A claim moves the task's tag.
                let desk = Actor.officer(id: "dn-mc1-tiepnhan-01", agency: EngineWorld.centre, roles: ["reception"])
                _ = try await world.perform(dossier, .claim(activation: hand.activation), by: desk, key: "claim")
                let unclaimed = try await world.act(
                    dossier, hand, "handed", expecting: .claims(activation: hand.activation, count: 0), key: "late")
                guard case .stale = unclaimed else { throw Failure("not stale: \(unclaimed)") }
            }
        }

        @Test(.database)
        func `R15 one batch and three give the same log`() async throws {
            try await EngineWorld.with(Self.oneLane) { world in
                let three = try await world.twoDesks(key: "three")
                let one = try await world.twoDesks(key: "one")
                let steps = [("share/left/make", "made"), ("share/right/view", "bad"), ("hand-over", "handed")]
                for (step, outcome) in steps { try await world.done(three, step, outcome) }
                // The activations of the second dossier are those of the first; the last task is not open yet.
                let tasks = try await world.engine.events(of: three, after: 0, limit: 1_000).compactMap {
                    event -> (step: String, activation: Int)? in
                    if case .opened(let opened) = event.body { (opened.name, opened.activation) } else { nil }
                }
                let events = try await world.observer.number(
                    "SELECT max(sequence) FROM engine.event WHERE dossier = '\(one.id)'")
                let requests = try steps.map { step, outcome in
                    let activation = try #require(tasks.first { $0.step == step }?.activation)
                    return PerformRequest(
                        identity: world.identity("perform", "one \(step)"), target: one, by: world.performer(of: step),
                        act: .complete(activation: activation, outcome: outcome, said: JSONObject()),
                        arrived: world.clock.now)
                }
                let answers = try await world.inOneBatch(
                    requests.map { request in { try await world.engine.perform(request) { Caught().catch($0) } } })
                for answer in answers {
                    #expect(String(decoding: try answer.get().body, as: UTF8.self).hasPrefix("done"))
                }
                let transactions = try await world.observer.number(
                    "SELECT count(DISTINCT xmin::text) FROM engine.event WHERE dossier = '\(one.id)' AND sequence > \(events)"
                )
                #expect(transactions == 1)
                #expect(try await log(world, one) == log(world, three))
                #expect(try await world.engine.dossier(one)?.state.hasEnded == true)
            }
        }

        /// The stored bytes of a dossier's events, with its own identity taken out.
        private func log(_ world: EngineWorld, _ dossier: DossierRef) async throws -> [String] {
            try await world.observer.rows(
                """
                SELECT replace(replace(convert_from(e.body, 'UTF8'), e.dossier::text, '-'), d.code, '-')
                FROM engine.event e JOIN engine.dossier d ON d.province = e.province AND d.id = e.dossier
                WHERE e.dossier = '\(dossier.id)' ORDER BY e.sequence
                """)
        }

        @Test(.database)
        func `R22 legal codes are dense and unique under 64 acceptances at once, with rollbacks in between`()
            async throws
        {
            var setup = EngineSetup()
            setup.logger.logLevel = .critical
            setup.settings.patience = .seconds(60)
            try await EngineWorld.with(setup) { [setup] world in
                try await world.loadTwoDesks()
                var dossiers: [DossierRef] = []
                for number in 0..<64 {
                    dossiers.append(try await world.submit("two-desks", key: "s\(number)").state.dossier)
                }
                // A sequence counts through rollbacks: one reservation in seven fails, whatever batch it is in.
                try await world.observer.execute(
                    """
                    CREATE SEQUENCE test_tries;
                    CREATE FUNCTION test_fail() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN IF nextval(''public.test_tries'') % 7 = 0 THEN RAISE EXCEPTION ''no''; END IF; RETURN NEW; END';
                    CREATE TRIGGER test_fail BEFORE INSERT ON engine.dossier_code FOR EACH ROW EXECUTE FUNCTION test_fail();
                    """)
                let codes = try await world.withTwin(setup) { [dossiers] twin in
                    try await withThrowingTaskGroup(of: String?.self) { group in
                        for (number, dossier) in dossiers.enumerated() {
                            let here = number % 2 == 0 ? world : twin
                            group.addTask { try await Self.accept(dossier, here) }
                        }
                        return try await group.reduce(into: []) { $0.append($1) }
                    }
                }
                let expected = (1...64).map { number in
                    "000.00.01.H17-260302-00" + (number < 10 ? "0" : "") + String(number)
                }
                #expect(codes.compactMap { $0 }.sorted() == expected)
                #expect(
                    try await world.observer.rows("SELECT code::text FROM engine.dossier_code ORDER BY 1") == expected)
                #expect(try await world.observer.number("SELECT last FROM engine.counter") == 64)
                #expect(try await world.observer.number("SELECT last_value FROM test_tries") > 64)
            }
        }

        /// Accepts a dossier, with the same key until it is done; gives its code.
        private static func accept(_ dossier: DossierRef, _ world: EngineWorld) async throws -> String? {
            for _ in 0..<50 {
                do {
                    guard case .done(let view) = try await world.complete(dossier, "receive", "accept") else {
                        continue
                    }
                    return view.state.code
                } catch CommandError.failed { continue }
            }
            throw Failure("never accepted")
        }
    }
}
