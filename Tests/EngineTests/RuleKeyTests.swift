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
    /// R13: the same key.
    @Suite struct Keys {
        @Test(.database)
        func `R13 the same key twice has one effect, and the second answer is the first byte for byte`() async throws {
            try await EngineWorld.with { world in
                let request = try world.submission(key: "s1")
                let first = try await world.send(request)
                let second = try await world.send(request)
                #expect(second == first)
                #expect(String(decoding: first.body, as: UTF8.self).hasPrefix("done"))
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 1)
                // The same key of another client, or for another operation, is another key.
                var other = request
                other.identity.key.client = "another"
                #expect(try await world.send(other) != first)
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 2)
            }
        }

        @Test(.database)
        func `R13 the same key with another request is refused and changes nothing`() async throws {
            try await EngineWorld.with { world in
                var request = try world.submission(key: "s1")
                let first = try await world.send(request)
                request.identity.fingerprint = world.engine.fingerprint(Array("another body".utf8))
                await #expect(throws: CommandError.keyReused) { try await world.send(request) }
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 1)
                request.identity = world.identity("submit", "s1")
                #expect(try await world.send(request) == first)
            }
        }

        @Test(.database)
        func `R13 twins on two nodes at the same moment have one effect and one answer`() async throws {
            var setup = EngineSetup()
            setup.logger.logLevel = .critical
            try await EngineWorld.with(setup) { [setup] world in
                try await world.withTwin(setup) { twin in
                    // Half of them carry the sender's own reference too, which is as unique as the key.
                    let requests = try (0..<16).map {
                        try world.submission(key: "k\($0)", reference: $0 % 2 == 0 ? "r\($0)" : nil)
                    }
                    // Both nodes look for the keys behind this lock, at the same time, and find none.
                    let sent = try await world.observer.holding("LOCK TABLE engine.answer IN ACCESS EXCLUSIVE MODE") {
                        let sent = requests.map { request in
                            [world, twin].map { node in Task { try await node.send(request) } }
                        }
                        try await world.observer.waitForBlocked(4)
                        return sent
                    }
                    for pair in sent {
                        let first = try await pair[0].value
                        #expect(try await pair[1].value == first)
                        #expect(String(decoding: first.body, as: UTF8.self).hasPrefix("done"))
                    }
                    #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 16)
                    #expect(try await world.observer.number("SELECT count(*) FROM engine.answer") == 16)
                    #expect(try await world.observer.number("SELECT count(*) FROM engine.data_key") == 16)
                }
            }
        }

        @Test(.database)
        func `R13 a sender's reference that comes twice at the same moment makes one dossier`() async throws {
            var setup = EngineSetup()
            setup.logger.logLevel = .critical
            setup.settings.lanesPerProvince = 4
            try await EngineWorld.with(setup) { world in
                let requests = try (0..<16).map { try world.submission(key: "k\($0)", reference: "same") }
                let sent = try await world.observer.holding("LOCK TABLE engine.answer IN ACCESS EXCLUSIVE MODE") {
                    let sent = requests.map { request in Task { try await world.send(request) } }
                    try await world.observer.waitForBlocked(2)
                    return sent
                }
                var answers: [String] = []
                for task in sent { answers.append(String(decoding: try await task.value.body, as: UTF8.self)) }
                let dossier = try #require(try await world.observer.rows("SELECT id::text FROM engine.dossier").first)
                #expect(answers.filter { $0.hasPrefix("done") }.count == 1)
                #expect(answers.filter { $0 == "taken 48.\(dossier)" }.count == 15)
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 1)
            }
        }

        @Test(.database)
        func `R13 two nodes that hear the same message begin one linked dossier`() async throws {
            let keeper = LogKeeper()
            var setup = EngineSetup()
            setup.logger = keeper.logger
            try await EngineWorld.with(setup) { [setup] world in
                try await world.withTwin(setup) { _ in
                    var births: [DossierRef] = []
                    for number in 0..<8 {
                        let dossier = try await world.accepted(key: "s\(number)")
                        births.append(try await world.child(dossier, "birth"))
                    }
                    _ = try await world.eventually("every message is consumed") {
                        try await world.observer.number("SELECT count(*) FROM engine.agenda WHERE payload IS NOT NULL")
                            == 0 ? true : nil
                    }
                    for birth in births { #expect(try await world.engine.form(of: birth, reader: .test) != nil) }
                    #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 16)
                    #expect(keeper.lines.filter { $0.contains("failed alone") } == [])
                }
            }
        }

        @Test(.database)
        func `R13 what was decided and refused is stored, what the edge refuses is not`() async throws {
            try await EngineWorld.with { world in
                let dossier = try await world.submit(key: "s1").state.dossier
                let task = try await world.task(dossier, "receive")
                let stranger = Actor.officer(
                    id: "dn-haichau-hotich-01", agency: "000.01.01.H17", roles: ["civil-status"])
                let claim = PerformRequest(
                    identity: world.identity("perform", "c1"), target: dossier, by: stranger,
                    act: .claim(activation: task.activation), arrived: world.clock.now)
                let first = try await world.engine.perform(claim) { Caught().catch($0) }
                #expect(String(decoding: first.body, as: UTF8.self) == "refused other-agency")
                var later = claim
                later.by = .officer(id: "dn-mc1-tiepnhan-01", agency: EngineWorld.centre, roles: ["reception"])
                #expect(try await world.engine.perform(later) { Caught().catch($0) } == first)
                #expect(try await !world.kinds(dossier).contains("claimed"))
                var bad = try world.submission(key: "s2")
                let good = bad.form
                bad.form = JSONValue.object(JSONObject())
                await #expect(throws: CommandError.invalid([])) { try await world.send(bad) }
                bad.form = good
                #expect(try await String(decoding: world.send(bad).body, as: UTF8.self).hasPrefix("done"))
            }
        }
    }
}
