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
    /// R2, R3: what people typed.
    @Suite struct Personal {
        private static let mark = "Zqx7"
        private static let phone = "0987654321"
        private static let number = "048199123456"

        /// Every personal field of the flagship filled with something that can be found again.
        private static func marked(_ procedure: Procedure) -> [String: JSONValue] {
            var changes: [String: JSONValue] = [:]
            for field in procedure.form where field.personal {
                switch field.type {
                case .text: changes[field.name] = .string("\(mark) \(field.name)")
                case .address: changes[field.name] = ["line": .string("\(mark) 12 Bạch Đằng"), "commune": "48001"]
                case .phone: changes[field.name] = .string(phone)
                case .nationalID: changes[field.name] = .string(number)
                default: continue
                }
            }
            return changes
        }

        @Test(.database)
        func `R2 no personal text reaches a row outside the sealed store, nor the log`() async throws {
            let keeper = LogKeeper()
            var setup = EngineSetup()
            setup.logger = keeper.logger
            try await EngineWorld.with(setup) { world in
                let flagship = try #require(
                    world.engine.catalogue.procedure(named: "birth-residence-insurance", on: world.clock.now.date))
                let changes = Self.marked(flagship)
                #expect(changes.count > 20)
                let dossier = try await world.submit(form: changes).state.dossier
                let receive = try await world.task(dossier, "receive")
                let desk = Actor.officer(id: "dn-mc1-tiepnhan-01", agency: EngineWorld.centre, roles: ["reception"])
                _ = try await world.perform(
                    dossier,
                    .complete(
                        activation: receive.activation, outcome: "supplement",
                        said: ["missing": ["birth-proof"], "note": .string("\(Self.mark) call \(Self.phone)")]),
                    by: desk, key: "supplement")
                let wait = try await world.task(dossier, "receive.supplement")
                _ = try await world.perform(
                    dossier,
                    .answer(activation: wait.activation, said: ["message": .string("\(Self.mark) here it is")]),
                    by: .applicant(through: EngineWorld.centre), key: "answer")
                try await world.addDocument(to: dossier, "\(Self.mark) \(Self.number)")
                try await world.done(dossier, "receive", "accept")
                try await world.born(dossier)
                let residence = try await world.child(dossier, "share/residence")
                try await world.done(residence, "register", "refuse")
                let refuse = try await world.task(residence, "refuse")
                _ = try await world.perform(
                    residence,
                    .complete(
                        activation: refuse.activation, outcome: "sign",
                        said: [
                            "reason": ["code": "not-eligible", "note": .string("\(Self.mark) house is full")],
                            "note": .string("\(Self.mark) see \(Self.number)"),
                        ]),
                    by: .officer(
                        id: "dn-haichau-truongcongan-01", agency: refuse.agency, roles: ["police-head"]), key: "refuse")
                #expect(try await world.engine.dossier(residence)?.state.hasEnded == true)
                try await world.done(try await world.child(dossier, "share/insurance"), "issue", "issue")
                try await world.done(dossier, "return-result", "handed-over")
                // A refused command, and one that the database refuses: neither may quote what was typed.
                _ = try await world.perform(
                    dossier, .withdraw(said: ["note": .string("\(Self.mark) too late")]),
                    by: .applicant(through: EngineWorld.centre), key: "withdraw")
                try await world.observer.execute(
                    "ALTER TABLE engine.dossier ADD CONSTRAINT test_full CHECK (client_reference <> 'full')")
                await #expect(throws: CommandError.failed) {
                    try await world.send(world.submission(form: changes, key: "full", reference: "full"))
                }
                for text in [Self.mark, Self.phone, Self.number, "bí mật"] {
                    let places = try await world.places(of: text)
                    #expect(places == [], "\(text)")
                    #expect(keeper.lines.filter { $0.contains(text) } == [])
                }
                // The search finds what is there, in texts and in bytes; and the log was kept.
                let found = try await world.places(of: EngineWorld.centre)
                #expect(found.contains("dossier.centre") && found.contains("dossier.state"))
                #expect(keeper.lines.contains { $0.contains("failed alone") })
                let form = try await world.engine.form(of: dossier, reader: .test)
                #expect(
                    form?.objectValue?["child"]?.objectValue?["full-name"] == .string("\(Self.mark) child.full-name"))
            }
        }

        @Test(.database)
        func `R2 a reading is recorded before the text leaves, or nothing leaves`() async throws {
            try await EngineWorld.with { world in
                let dossier = try await world.submit().state.dossier
                let document = try await world.addDocument(to: dossier, "content")
                #expect(try await world.engine.form(of: dossier, reader: .test) != nil)
                #expect(
                    try await world.engine.document(dossier, id: document, reader: .test)?.content
                        == Array("content".utf8))
                let recorded = try await world.observer.rows(
                    "SELECT client || ' ' || officer || ' ' || dossiers::text || ' ' || sections::text FROM engine.access ORDER BY id"
                )
                let reader = "test dn-mc1-tiepnhan-01 {\(dossier.id)}"
                #expect(recorded == ["\(reader) {form}", "\(reader) {document/1}"])
                try await world.observer.execute(
                    "ALTER TABLE engine.access ADD CONSTRAINT test_full CHECK (client <> 'test') NOT VALID")
                await #expect(throws: (any Error).self) { try await world.engine.form(of: dossier, reader: .test) }
                await #expect(throws: (any Error).self) {
                    try await world.engine.document(dossier, id: document, reader: .test)
                }
                #expect(!(try await world.kinds(dossier)).contains { $0.contains("read") })
            }
        }

        @Test(.database)
        func `R3 conditions read declared facts, and a file whose condition names a personal field is refused`()
            async throws
        {
            try await EngineWorld.with { world in
                let bad = try Workflows.procedure(
                    "birth-residence-insurance",
                    [("version: 1", "version: 2"), ("when: facts.verification", "when: 'form.child.sex == \"male\"'")])
                let result = try await world.engine.loadFile(bad, name: "procedures/bad.yaml", by: "test")
                guard case .refused(let findings) = result else { throw Failure("\(result)") }
                #expect(findings.map(\.rule).contains(.v22))
                let dossier = try await world.submit().state.dossier
                let view = try #require(try await world.engine.dossier(dossier))
                let personal = Set(view.procedure.form.filter(\.personal).map { "form.\($0.name)" })
                let first = try await world.engine.events(of: dossier, after: 0, limit: 1).first
                guard case .submitted(let submitted)? = first?.body else { throw Failure("no first event") }
                #expect(submitted.facts["form.residence.commune"] == .text("48001"))
                #expect(submitted.facts.keys.filter { personal.contains($0) } == [])
                #expect(view.state.facts == submitted.facts)
            }
        }
    }
}

extension EngineWorld {
    /// Hands in a paper with this content; gives its identity.
    @discardableResult
    func addDocument(to dossier: DossierRef, _ content: String) async throws -> String {
        let answer = try await engine.addDocument(
            to: dossier,
            NewDocument(
                name: "birth-proof", kind: "witness", contentType: "application/pdf", content: Array(content.utf8)),
            identity: identity("document", "d\(content.utf8.count)"), reader: .test, arrived: clock.now
        ) { StoredAnswer(fingerprint: [], status: 201, contentType: "text/plain", body: Array($0.id.utf8)) }
        return String(decoding: answer.body, as: UTF8.self)
    }

    /// The columns of the engine's schema in which a text stands, in letters or in bytes.
    func places(of text: String) async throws -> [String] {
        let columns = try await observer.rows(
            """
            SELECT c.relname || ' ' || a.attname || ' ' || t.typname
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
            WHERE c.relnamespace = 'engine'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
                AND c.relname NOT IN ('procedure_version', 'workflow_file') ORDER BY 1
            """)
        var found: [String] = []
        for column in columns {
            let parts = column.split(separator: " ").map(String.init)
            let contains =
                parts[2] == "bytea"
                ? "position(convert_to('\(text)', 'UTF8') IN \"\(parts[1])\") > 0"
                : "position('\(text)' IN \"\(parts[1])\"::text) > 0"
            if try await observer.number("SELECT count(*) FROM engine.\(parts[0]) WHERE \(contains)") > 0 {
                found.append("\(parts[0]).\(parts[1])")
            }
        }
        return found
    }
}
