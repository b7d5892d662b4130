import Dossiers
import JSONText
import Notices
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

extension EngineRules {
    /// R19, R23: what is done once a day.
    @Suite struct Days {
        @Test(.database)
        func `R23 an ended dossier moves away after 30 days, is found as before, and comes back for a command`()
            async throws
        {
            var setup = EngineSetup()
            setup.settings.dayInterval = .milliseconds(100)
            try await EngineWorld.with(setup) { world in
                try await world.loadTwoDesks()
                let view = try await world.submit("two-desks", key: "s1")
                let dossier = view.state.dossier
                try await world.done(dossier, "receive", "accept")
                for (step, outcome) in [
                    ("share/left/make", "made"), ("share/right/view", "good"), ("hand-over", "handed"),
                ] { try await world.done(dossier, step, outcome) }
                let ended = try #require(try await world.engine.dossier(dossier))
                #expect(ended.state.hasEnded)
                let open = try await world.submit("two-desks", key: "s2").state.dossier
                try await world.engine.closeDay(EngineWorld.province, now: world.clock.now.adding(seconds: 29 * 86_400))
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier_closed") == 0)

                // A month later the engine does so by itself; what is still open stays.
                world.clock.advance(seconds: 31 * 86_400)
                _ = try await world.eventually("the ended one has moved") {
                    try await world.observer.rows("SELECT id::text FROM engine.dossier_closed") == [
                        dossier.id.description
                    ]
                        ? true : nil
                }
                #expect(
                    try await world.observer.rows("SELECT id::text FROM engine.dossier") == [open.id.description])
                let code = try #require(ended.state.code)
                let lookUp = try #require(ended.lookUp)
                #expect(try await world.engine.dossier(dossier)?.state == ended.state)
                #expect(try await world.engine.dossier(lookUp: lookUp, province: 48)?.state.dossier == dossier)
                #expect(try await world.engine.dossier(code: code, province: 48)?.state.dossier == dossier)
                let filter = DossierFilter(province: 48, agency: EngineWorld.centre, phase: "ended", limit: 10)
                #expect(try await world.engine.dossiers(filter).dossiers.map(\.state.dossier) == [dossier])
                #expect(try await world.engine.form(of: dossier, reader: .test) != nil)

                let late = try await world.perform(
                    dossier, .withdraw(said: JSONObject()), by: .applicant(through: EngineWorld.centre), key: "late")
                guard case .refused(let refusal, let now) = late else { throw Failure("not refused: \(late)") }
                #expect(refusal.code == .ended && now?.state == ended.state)
                // Its family's log is whole, and it moves away again another night.
                #expect(try await world.kinds(dossier).contains("accepted"))
            }
        }

        @Test(.database)
        func `R19 a claim without a notice is in the day's heads leaf`() async throws {
            try await EngineWorld.with { world in
                let dossier = try await world.submit(key: "s1").state.dossier
                let task = try await world.task(dossier, "receive")
                let desk = Actor.officer(id: "dn-mc1-tiepnhan-01", agency: EngineWorld.centre, roles: ["reception"])
                _ = try await world.perform(dossier, .claim(activation: task.activation), by: desk, key: "claim")
                _ = try await world.eventually("the notice has its number") {
                    try await world.observer.number("SELECT count(*) FROM engine.notice_queue") == 0 ? true : nil
                }
                try await world.engine.closeDay(EngineWorld.province, now: world.clock.now.adding(seconds: 86_400))
                let body = "uuid_send(d.id) || d.head"
                #expect(
                    try await world.observer.number(
                        "SELECT count(*) FROM engine.heads h JOIN engine.dossier d ON h.body = \(body)") == 1)
                #expect(
                    try await world.observer.number(
                        "SELECT count(*) FROM engine.leaf l JOIN engine.heads h USING (province, n) WHERE l.dossier IS NULL"
                    ) == 1)
                #expect(
                    try await world.observer.number(
                        "SELECT (SELECT next_n FROM engine.sequencer) - count(*) FROM engine.leaf")
                        == 0)
            }
        }
    }
}
