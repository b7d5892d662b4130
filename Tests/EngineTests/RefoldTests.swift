import Dossiers
import Foundation
import JSONText
import Logging
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

extension EngineRules {
    /// R5: dossiers that an older build wrote.
    @Suite struct Refolds {
        @Test(.database)
        func `R5 a dossier of an older fold is folded again from its log, and its next command is done`() async throws {
            var setup = EngineSetup()
            setup.settings.lanesPerProvince = 1
            try await EngineWorld.with(setup) { world in
                let dossier = try await world.submit(key: "s1").state.dossier
                let other = try await world.submit(key: "s2").state.dossier
                let fresh = try await world.submit(key: "s3").state.dossier
                try await world.born(try await world.accepted(key: "s4"))
                let all = [dossier, other, fresh]
                var before: [DossierRef: State] = [:]
                for one in all { before[one] = try await world.engine.dossier(one)?.state }
                try await world.age([dossier, other])
                // What the older build kept open is not what this one keeps open.
                try await world.observer.execute(
                    """
                    DELETE FROM engine.task WHERE dossier = '\(dossier.id)';
                    UPDATE engine.task SET activation = 77 WHERE dossier = '\(other.id)';
                    UPDATE engine.agenda SET due_at = '2030-01-01' WHERE dossier = '\(other.id)';
                    INSERT INTO engine.agenda (province, dossier, key, due_at)
                    VALUES (48, '\(other.id)', 'remind/9', '2030-01-01');
                    """)
                // In one batch with a dossier of this fold.
                var claims: [PerformRequest] = []
                for one in all { claims.append(try await world.claim(one)) }
                let results = try await world.inOneBatch(
                    claims.map { claim in { try await world.engine.perform(claim) { Caught().catch($0) } } })
                let answers = try results.map { String(decoding: try $0.get().body, as: UTF8.self) }
                #expect(answers.allSatisfy { $0.hasPrefix("done") }, "\(answers)")
                for one in all {
                    #expect(try await world.engine.dossier(one)?.state.sequence == (before[one]?.sequence ?? 0) + 1)
                    try await world.expectFolded(one)
                }
                try await world.done(other, "receive", "accept")
                try await world.born(other)
                try await world.expectFolded(other)
            }
        }

        @Test(.database)
        func `R5 a dossier of an older fold is read as its log has it, and stays as it is`() async throws {
            try await EngineWorld.with { world in
                let dossier = try await world.accepted(key: "s1")
                let birth = try await world.child(dossier, "birth")
                let other = try await world.accepted(key: "s2")
                _ = try await world.eventually("no message is under way") {
                    try await world.observer.number(
                        "SELECT count(*) FROM engine.agenda WHERE payload IS NOT NULL") == 0 ? true : nil
                }
                let before = try #require(try await world.engine.dossier(dossier))
                let code = try #require(before.state.code)
                let lookUp = try #require(before.lookUp)
                try await world.age([dossier, birth])
                #expect(try await world.engine.dossier(dossier)?.state == before.state)
                #expect(try await world.engine.dossier(dossier)?.work == before.work)
                #expect(try await world.engine.dossier(code: code, province: 48)?.state == before.state)
                #expect(try await world.engine.dossier(lookUp: lookUp, province: 48)?.state == before.state)
                #expect(try await world.engine.dossier(birth)?.state.agency == "000.01.01.H17")
                let page = try await world.engine.dossiers(
                    DossierFilter(province: 48, agency: EngineWorld.centre, isCentre: true, limit: 10))
                // The centre's list has the linked ones too.
                #expect(Set(page.dossiers.map(\.state.dossier)).isSuperset(of: [dossier, birth, other]))
                #expect(
                    try await world.observer.number("SELECT count(*) FROM engine.dossier WHERE fold < \(State.fold)")
                        == 2)
            }
        }

        @Test(
            .database,
            arguments: [
                "UPDATE engine.event SET body = body || ' ' WHERE sequence = 2",
                "DELETE FROM engine.event WHERE sequence = (SELECT max(sequence) FROM engine.event)",
            ])
        func `R5 a log that is not the one of its dossier's head is not folded`(_ damage: String) async throws {
            var setup = EngineSetup()
            setup.logger.logLevel = .critical
            try await EngineWorld.with(setup) { world in
                let dossier = try await world.submit().state.dossier
                let claim = try await world.claim(dossier)
                try await world.age([dossier])
                try await world.observer.execute(damage)
                await #expect(throws: CommandError.isUnavailable) { try await world.engine.dossier(dossier) }
                await #expect(throws: CommandError.isUnavailable) {
                    _ = try await world.engine.perform(claim) { Caught().catch($0) }
                }
                #expect(try await world.observer.number("SELECT fold FROM engine.dossier") == State.fold - 1)
            }
        }
    }
}

extension EngineWorld {
    /// Sets rows back to an older fold, with a state that this build cannot read.
    fileprivate func age(_ dossiers: [DossierRef]) async throws {
        let ids = dossiers.map { "'\($0.id)'" }.joined(separator: ", ")
        try await observer.execute(
            "UPDATE engine.dossier SET fold = \(State.fold - 1), state = 'of another time' WHERE id IN (\(ids))")
    }

    /// A claim of the open task at the desk.
    fileprivate func claim(_ dossier: DossierRef) async throws -> PerformRequest {
        let task = try await self.task(dossier, "receive")
        return PerformRequest(
            identity: identity("perform", "claim \(dossier.id)"), target: dossier,
            by: .officer(id: "dn-mc1-tiepnhan-01", agency: Self.centre, roles: ["reception"]),
            act: .claim(activation: task.activation), expectation: nil, arrived: clock.now)
    }

    /// That a dossier's row holds the fold of its log, of this build's number, and that its open rows are what that keeps
    /// open: once nothing comes to it any more.
    fileprivate func expectFolded(_ dossier: DossierRef) async throws {
        _ = try await eventually("the row of \(dossier.text) is the fold of its log, with its open rows") {
            let events = try await engine.events(of: dossier, after: 0, limit: 1_000)
            let folded = try #require(events.reduce(nil as State?) { evolve($0, $1) })
            let row = try await observer.rows(
                "SELECT fold || ' ' || encode(state, 'hex') FROM engine.dossier WHERE id = '\(dossier.id)'")
            let hex = folded.encoded().map { String($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let world = try #require(engine.shelf.snapshot.world(folded.procedure, folded.version))
            let open = openWork(folded, in: world)
            let tasks = try await observer.rows(
                "SELECT activation || ' ' || step FROM engine.task WHERE dossier = '\(dossier.id)' ORDER BY activation")
            let timers = try await observer.rows(
                """
                SELECT key || ' ' || (extract(epoch FROM due_at) * 1000000)::bigint FROM engine.agenda
                WHERE dossier = '\(dossier.id)' AND payload IS NULL
                """)
            let isFolded =
                row == ["\(State.fold) \(hex)"] && tasks == open.tasks.map { "\($0.activation) \($0.step)" }
                && timers.sorted() == open.timers.map { "\($0.key.text) \($0.due.microseconds)" }.sorted()
            return isFolded ? true : nil
        }
    }
}
