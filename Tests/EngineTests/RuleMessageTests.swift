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
    /// R1, R8, R9, R16, R17: dossiers and the messages between them.
    @Suite struct Messages {
        @Test(.database)
        func `R1 a message in flight survives a node that dies right after its commit`() async throws {
            try await EngineWorld.with { world in
                let dossier = try await world.submit().state.dossier
                let view = try #require(try await world.engine.dossier(dossier))
                let task = try #require(view.work.tasks.first)
                let node = try #require(view.procedure.nodes.first { $0.name == task.step })
                // The transaction of the acceptance, and then nothing: whoever ran it hands no message on.
                let batch = Batch(
                    province: dossier.province,
                    commands: [
                        Pending.command(
                            dossier, .complete(activation: task.activation, outcome: "accept", said: [:]),
                            by: world.officer(for: task, node, view), arrived: world.clock.now)
                    ], shelf: world.engine.shelf.snapshot, recordedOverride: world.clock.now)
                let result = try await world.engine.store.commit(province: dossier.province) { try batch.run($0) }
                #expect(result.messages.count == 1)
                let birth = try await world.child(dossier, "birth")
                #expect(try await world.engine.form(of: birth, reader: .test) != nil)
                _ = try await world.eventually("the message is consumed") {
                    try await world.observer.number("SELECT count(*) FROM engine.agenda WHERE payload IS NOT NULL") == 0
                        ? true : nil
                }
                #expect(try await world.kinds(birth).first == "submitted")
            }
        }

        @Test(.database)
        func `R1 a linked dossier of another province is begun, heard and ended`() async throws {
            try await EngineWorld.with { world in
                let dossier = try await world.accepted(form: ["residence.commune": "45001"])
                try await world.born(dossier)
                let residence = try await world.child(dossier, "share/residence")
                let insurance = try await world.child(dossier, "share/insurance")
                #expect(residence.province == 44)
                #expect(insurance.province == 44)
                #expect(try await world.engine.form(of: residence, reader: .test) != nil)
                try await world.done(residence, "register", "done")
                try await world.done(insurance, "issue", "issue")
                try await world.done(dossier, "return-result", "handed-over")
                let ended = try #require(try await world.engine.dossier(dossier))
                #expect(ended.state.parts.map(\.outcome) == ["issued", "issued", "issued"])
                _ = try await world.eventually("nothing is on its way") {
                    try await world.observer.number(
                        "SELECT (SELECT count(*) FROM engine.outgoing) + (SELECT count(*) FROM engine.agenda)") == 0
                        ? true : nil
                }
            }
        }

        @Test(.database)
        func `R1 every message delivered again has no effect again`() async throws {
            try await EngineWorld.with { world in
                try await world.observer.execute(
                    """
                    CREATE TABLE test_sent AS SELECT * FROM engine.agenda;
                    CREATE FUNCTION test_keep() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN INSERT INTO public.test_sent SELECT NEW.*; RETURN NEW; END';
                    CREATE TRIGGER test_keep AFTER INSERT ON engine.agenda FOR EACH ROW
                    WHEN (NEW.payload IS NOT NULL) EXECUTE FUNCTION test_keep();
                    """)
                let dossier = try await world.accepted(form: ["residence.commune": "45001"])
                let birth = try await world.born(dossier)
                let residence = try await world.child(dossier, "share/residence")
                try await world.done(residence, "register", "done")
                _ = try await world.eventually("the parent heard of the residence") {
                    try await world.engine.dossier(dossier)?.state.parts.contains { $0.name == "residence" } == true
                        ? true : nil
                }
                let before = try await family(world)
                let form = try await world.engine.form(of: birth, reader: .test)
                try await world.observer.execute("ALTER TABLE engine.agenda DISABLE TRIGGER test_keep")
                #expect(try await world.observer.number("SELECT count(*) FROM test_sent") >= 5)
                try await world.observer.execute("INSERT INTO engine.agenda SELECT * FROM test_sent")
                _ = try await world.eventually("every message is consumed again") {
                    try await world.observer.number("SELECT count(*) FROM engine.agenda WHERE payload IS NOT NULL") == 0
                        ? true : nil
                }
                #expect(try await family(world) == before)
                #expect(try await world.engine.form(of: birth, reader: .test) == form)
                #expect(try await world.observer.number("SELECT count(*) FROM engine.stuck") == 0)
            }
        }

        /// Every event of every dossier but the record that a result came late, and every notice.
        private func family(_ world: EngineWorld) async throws -> [String] {
            try await world.observer.rows(
                "SELECT dossier || ' ' || sequence || ' ' || kind FROM engine.event WHERE kind <> 'late-result' ORDER BY 1"
            )
                + world.observer.rows("SELECT dossier || ' ' || number FROM engine.notice ORDER BY 1")
        }

        @Test(.database)
        func `R8 a dead activation gets a person the allowed actions, and a machine nothing`() async throws {
            try await EngineWorld.with { world in
                let dossier = try await world.submit().state.dossier
                let dead = try await world.task(dossier, "receive").activation
                try await world.done(dossier, "receive", "accept")
                let desk = Actor.officer(id: "dn-mc1-tiepnhan-01", agency: EngineWorld.centre, roles: ["reception"])
                let again = try await world.perform(
                    dossier, .complete(activation: dead, outcome: "accept", said: JSONObject()), by: desk, key: "again")
                guard case .refused(let refusal, let view) = again else { throw Failure("not refused: \(again)") }
                #expect(refusal.code == .notOpen)
                #expect(view?.allowed.map(\.action).contains("withdraw") == true)
                // Until then the part that the acceptance began has said how it stands.
                _ = try await world.child(dossier, "birth")
                _ = try await world.eventually("every message is consumed") {
                    try await world.observer.number("SELECT count(*) FROM engine.agenda WHERE payload IS NOT NULL") == 0
                        ? true : nil
                }
                let before = try await world.kinds(dossier)
                try await world.observer.execute(
                    """
                    INSERT INTO engine.agenda (province, dossier, key, due_at)
                    VALUES (48, '\(dossier.id)', 'silence/\(dead)', '2026-03-01T00:00+07')
                    """)
                world.clock.advance(seconds: 601)
                _ = try await world.eventually("the dead timer is consumed") {
                    try await world.observer.number("SELECT count(*) FROM engine.agenda WHERE key = 'silence/\(dead)'")
                        == 0 ? true : nil
                }
                let after = try await world.kinds(dossier)
                #expect(after == before)
            }
        }

        @Test(.database)
        func `R9 two provinces side by side never share a transaction`() async throws {
            try await EngineWorld.with { world in
                try await withThrowingTaskGroup { group in
                    for number in 0..<6 {
                        let isHere = number % 2 == 0
                        group.addTask {
                            // Each lives in the other province: every message crosses the border.
                            let commune: JSONValue = isHere ? "45001" : "48001"
                            let dossier = try await world.accepted(
                                form: ["registration.commune": commune], key: "s\(number)",
                                centre: isHere ? EngineWorld.centre : "000.00.01.H50")
                            try await world.born(dossier)
                            _ = try await world.child(dossier, "share/residence")
                        }
                    }
                    try await group.waitForAll()
                }
                let tables = try await world.observer.rows(
                    """
                    SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                    WHERE c.relnamespace = 'engine'::regnamespace AND c.relkind = 'r' AND a.attname = 'province'
                        AND c.relname <> 'client' ORDER BY 1
                    """)
                #expect(tables.count > 15)
                var provinces: [String: Set<String>] = [:]
                for table in tables {
                    let rows = try await world.observer.rows(
                        "SELECT DISTINCT xmin::text || ' ' || province FROM engine.\(table)")
                    for row in rows {
                        let parts = row.split(separator: " ").map(String.init)
                        provinces[parts[0], default: []].insert(parts[1])
                    }
                }
                #expect(Set(provinces.values.flatMap { $0 }) == ["44", "48"])
                #expect(provinces.filter { $0.value.count > 1 } == [:])
            }
        }

        @Test(.database)
        func `R16 the terminal event waits until every live link has answered`() async throws {
            try await EngineWorld.with { world in
                let dossier = try await world.accepted(form: ["residence.commune": "45001"])
                try await world.born(dossier)
                let residence = try await world.child(dossier, "share/residence")
                let insurance = try await world.child(dossier, "share/insurance")
                _ = try await world.perform(
                    dossier, .withdraw(said: JSONObject()), by: .applicant(through: EngineWorld.centre), key: "w")
                try await world.observer.holding(
                    "SELECT FROM engine.dossier WHERE id = '\(residence.id)' FOR UPDATE"
                ) {
                    let asked = try #require(try await world.engine.dossier(dossier))
                    let confirm = try #require(asked.work.tasks.first { $0.activation == asked.state.withdrawal })
                    try await world.done(dossier, confirm.step, "confirm")
                    _ = try await world.eventually("the other part is stopped") {
                        try await world.engine.dossier(insurance)?.state.hasEnded == true ? true : nil
                    }
                    _ = try await world.eventually("one part has answered") {
                        try await world.engine.dossier(dossier)?.state.running.filter { $0.link != nil }.count == 1
                            ? true : nil
                    }
                    let stopping = try #require(try await world.engine.dossier(dossier))
                    #expect(stopping.state.phase == .stopping)
                    #expect(stopping.work.tasks == [])
                }
                let ended = try await world.eventually("both parts have answered") {
                    let view = try await world.engine.dossier(dossier)
                    return view?.state.hasEnded == true ? view : nil
                }
                guard case .ended(let end, _, _) = ended.state.phase else { throw Failure("not ended") }
                #expect(end == "partly-withdrawn")
                #expect(try await world.kinds(dossier).last { $0 != "published" } == "ended")
                #expect(try await world.engine.dossier(residence)?.state.hasEnded == true)
            }
        }

        @Test(.database)
        func `R17 a link is pinned to the version in force at the parent's receipt`() async throws {
            try await EngineWorld.with { world in
                let first = try await world.accepted(key: "s1")
                let later = try Workflows.procedure(
                    "permanent-residence",
                    [
                        ("version: 2", "version: 3"),
                        ("effective: {from: 2021-07-01}", "effective: {from: 2026-03-03}"),
                        // Its examples lie before it is in force.
                        ("2026-03-02T08:00", "2026-03-03T08:00"), ("2026-03-02T09:00", "2026-03-03T09:00"),
                        ("2026-03-11T17:00", "2026-03-12T17:00"), ("2026-03-02T08:00", "2026-03-03T08:00"),
                        ("2026-03-02T09:00", "2026-03-03T09:00"), ("2026-03-02T10:00", "2026-03-03T10:00"),
                    ])
                let loaded = try await world.engine.loadFile(later, name: "procedures/later.yaml", by: "test")
                guard case .loaded = loaded else { throw Failure("\(loaded)") }
                try world.clock.set("2026-03-03T08:00")
                let second = try await world.accepted(key: "s2")
                for (dossier, version) in [(first, 2), (second, 3)] {
                    try await world.born(dossier)
                    let residence = try await world.child(dossier, "share/residence")
                    let view = try #require(try await world.engine.dossier(residence))
                    #expect(view.state.version == version)
                    #expect(view.state.contentHash == view.procedure.contentHash)
                    let parent = try #require(view.state.parent)
                    #expect(parent.dossier == dossier)
                    let derived = DossierID(
                        linkedBy: dossier.id, activation: parent.activation, milliseconds: residence.id.milliseconds)
                    #expect(residence.id == derived)
                }
            }
        }
    }
}
