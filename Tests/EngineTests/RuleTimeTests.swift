import Dossiers
import JSONText
import Notices
import Procedures
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

extension EngineRules {
    /// R7, R18: times.
    @Suite struct Times {
        /// A dossier that waits for papers until the end of 11 March 2026.
        private func waiting(_ world: EngineWorld) async throws -> (DossierRef, Instant) {
            let dossier = try await world.submit().state.dossier
            try await world.done(dossier, "receive", "supplement")
            let view = try #require(try await world.engine.dossier(dossier))
            return (dossier, try #require(view.state.running.first?.answerBy))
        }

        @Test(.database)
        func `R7 silence falls ten minutes after the due at the earliest`() async throws {
            try await EngineWorld.with { world in
                let (dossier, due) = try await waiting(world)
                world.clock.set(due.adding(seconds: 599))
                try await world.sweep()
                #expect(try await world.task(dossier, "receive.supplement").kind == .applicant)
                world.clock.set(due.adding(seconds: 600))
                #expect(try await world.task(dossier, "sign-refusal").kind == .person)
            }
        }

        @Test(.database)
        func `R7 an answer that arrived by the due is in time, even when its batch begins with the timer`() async throws
        {
            try await EngineWorld.stopped { world in
                let (dossier, due) = try await world.running { try await waiting(world) }
                world.clock.set(due.adding(seconds: 3_600))
                let view = try #require(try await world.engine.dossier(dossier))
                let wait = try #require(view.work.tasks.first)
                let timer = try #require(view.work.timers.first { $0.key.kind == .silence })
                // Both before the same batch: the timer came first, the answer was declared in time by its channel.
                let batch = Batch(
                    province: dossier.province,
                    commands: [
                        .command(dossier, .timer(timer.key, due: timer.due), by: .engine, arrived: world.clock.now),
                        .command(
                            dossier, .answer(activation: wait.activation, said: [:]),
                            by: .applicant(through: EngineWorld.centre), arrived: due),
                    ], shelf: world.engine.shelf.snapshot, recordedOverride: world.clock.now)
                _ = try await world.engine.store.commit(province: dossier.province) { try batch.run($0) }
                let answered = try #require(try await world.engine.dossier(dossier))
                #expect(answered.work.tasks.map(\.step) == ["receive"])
                let last = try #require(try await world.engine.events(of: dossier, after: 0, limit: 1_000).last)
                #expect(last.moment.arrived == due)
                #expect(last.moment.recorded == world.clock.now)
            }
        }

        @Test(.database)
        func `R7 after the database was away nothing worsens for ten minutes, though all else goes on`() async throws {
            let keeper = LogKeeper()
            var setup = EngineSetup()
            setup.logger = keeper.logger
            try await EngineWorld.with(setup) { world in
                let (dossier, due) = try await waiting(world)
                world.clock.set(due.adding(seconds: -1))
                try await world.sweep()
                try await world.observer.execute("ALTER TABLE engine.agenda RENAME TO agenda_away")
                _ = try await world.eventually("the agenda is away") {
                    keeper.lines.contains { $0.contains("the agenda cannot be read") } ? true : nil
                }
                world.clock.set(due.adding(seconds: 7_200))
                try await world.observer.execute("ALTER TABLE engine.agenda_away RENAME TO agenda")
                try await world.sweep()
                #expect(try await world.task(dossier, "receive.supplement").kind == .applicant)
                world.clock.advance(seconds: 599)
                try await world.sweep()
                #expect(try await world.task(dossier, "receive.supplement").kind == .applicant)
                world.clock.advance(seconds: 1)
                #expect(try await world.task(dossier, "sign-refusal").kind == .person)
            }
        }

        @Test(.database)
        func `R7 a node whose own clock is ahead takes nothing that is not due by the primary's`() async throws {
            try await EngineWorld.stopped { world in
                let dossier = try await world.running { try await world.submit().state.dossier }
                let wrong = try await world.observer.rows(
                    "SELECT to_char(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' + interval '20 days', 'YYYY-MM-DD\"T\"HH24:MI')"
                )
                try world.clock.set(try #require(wrong.first))
                try await world.observer.execute(
                    """
                    INSERT INTO engine.agenda (province, dossier, key, due_at)
                    VALUES (48, '\(dossier.id)', 'down/999', now() + interval '1 day')
                    """)
                var setup = EngineSetup()
                setup.isTraining = false
                try await world.withTwin(setup) { node in
                    try await node.sweep()
                    let left = "SELECT count(*) FROM engine.agenda WHERE key = 'down/999'"
                    #expect(try await node.observer.number(left) == 1)
                    try await node.observer.execute("UPDATE engine.agenda SET due_at = now() WHERE key = 'down/999'")
                    try await node.sweep()
                    #expect(try await node.observer.number(left) == 0)
                }
            }
        }

        @Test(.database)
        func `R7 order comes from the sequence and recorded never goes back, whatever the clock does`() async throws {
            try await EngineWorld.with(at: "2026-03-02T09:00") { world in
                let dossier = try await world.submit().state.dossier
                try world.clock.set("2026-03-02T08:30")
                try await world.done(dossier, "receive", "accept")
                let events = try await world.engine.events(of: dossier, after: 0, limit: 1_000)
                #expect(events.map(\.sequence) == (1...Int64(events.count)).map { $0 })
                let first = try #require(Instant(iso8601: "2026-03-02T09:00"))
                #expect(Set(events.map(\.moment.recorded)) == [first])
                // Law follows what arrived: the acceptance counts from its own time.
                #expect(events.last?.moment.arrived == Instant(iso8601: "2026-03-02T08:30"))
            }
        }

        @Test(.database)
        func `R18 a part that waits for papers pauses the whole, which is promised anew and keeps its first promise`()
            async throws
        {
            try await EngineWorld.with(at: "2026-08-24T07:40") { world in
                let dossier = try await world.submit().state.dossier
                try world.clock.set("2026-08-24T08:00")
                try await world.done(dossier, "receive", "accept")
                let birth = try await world.child(dossier, "birth")
                let first = try #require(Instant(iso8601: "2026-08-27T17:00"))
                #expect(try await world.engine.dossier(dossier)?.state.clock.promised == first)
                try world.clock.set("2026-08-26T14:00")
                try await world.done(birth, "check", "supplement")
                _ = try await world.eventually("the whole is paused") {
                    try await world.engine.dossier(dossier)?.state.clock.open.isEmpty == false ? true : nil
                }
                #expect(try await timers(world, dossier) == [])
                try world.clock.set("2026-08-28T15:05")
                try await world.sweep()
                try await world.done(birth, "check.supplement", "answered")
                let promised = try await world.eventually("the whole is promised anew") {
                    let clock = try await world.engine.dossier(dossier)?.state.clock
                    return clock?.promiseCause == .restart ? clock : nil
                }
                #expect(promised.promised == Instant(iso8601: "2026-09-08T17:00"))
                #expect(promised.firstPromised == first)
                #expect(promised.epoch == 1)
                #expect(!promised.late)
                #expect(try await timers(world, dossier).contains("late/0"))
            }
        }

        private func timers(_ world: EngineWorld, _ dossier: DossierRef) async throws -> [String] {
            try await world.observer.rows(
                "SELECT key::text FROM engine.agenda WHERE dossier = '\(dossier.id)' AND payload IS NULL ORDER BY key")
        }
    }
}

extension EngineWorld {
    /// Waits until the agenda was looked at by the clock as it is now, and what was found is done.
    ///
    /// Twice a timer of nobody, which worsens nothing, is consumed: the look that found the second began after the first.
    func sweep() async throws {
        let owner = try #require(
            try await observer.rows("SELECT id::text FROM engine.dossier ORDER BY id LIMIT 1").first)
        for _ in 0..<2 {
            let key = "down/\(Int.random(in: 1_000_000...2_000_000_000))"
            try await observer.execute(
                """
                INSERT INTO engine.agenda (province, dossier, key, due_at)
                VALUES (\(EngineWorld.province), '\(owner)', '\(key)', '2026-01-01T00:00+07')
                """)
            _ = try await eventually("\(key) is consumed") {
                try await observer.number("SELECT count(*) FROM engine.agenda WHERE key = '\(key)'") == 0 ? true : nil
            }
        }
    }
}
