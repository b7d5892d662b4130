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
    /// R1, R2, R23: dossiers of children of the same birth.
    @Suite struct Siblings {
        private static let name: JSONValue = ["child": ["full-name": "Lê Thị Thứ Hai"]]

        @Test(.database)
        func `R2 a twin's form is the first one's but for what differs, and its reading is on record`() async throws {
            try await EngineWorld.with { world in
                let first = try await world.submit(key: "s1").state.dossier
                let second = try await world.submitTwin(of: first, form: Self.name, key: "s2").state.dossier
                let register = try await world.observer.rows(
                    "SELECT officer || ' ' || purpose || ' ' || dossiers::text || ' ' || sections::text FROM engine.access"
                )
                #expect(register == ["dn-mc1-tiepnhan-01 sibling {\(first.id)} {form}"])
                let whole = try #require(try await world.engine.form(of: first, reader: .test))
                let form = try #require(try await world.engine.form(of: second, reader: .test))
                #expect(form["child"]?["full-name"] == "Lê Thị Thứ Hai")
                #expect(form == whole.patched(with: Self.name))
                #expect(form["requester"] == whole["requester"] && form["requester"] != nil)
                // Nothing of it stands in an event, a message or a notice.
                #expect(try await world.places(of: "Lê Thị Thứ Hai") == [])
                #expect(try await world.places(of: "Mẫu requester.full-name") == [])
            }
        }

        @Test(.database)
        func `R2 where the reading cannot be recorded nothing is copied, and no dossier is made`() async throws {
            try await EngineWorld.with { world in
                let first = try await world.submit(key: "s1").state.dossier
                try await world.observer.execute(
                    "ALTER TABLE engine.access ADD CONSTRAINT test_full CHECK (client <> 'test') NOT VALID")
                await #expect(throws: CommandError.isUnavailable) {
                    try await world.send(world.twin(of: first, form: Self.name, key: "s2"))
                }
                #expect(try await world.observer.number("SELECT count(*) FROM engine.dossier") == 1)
            }
        }

        @Test(.database)
        func
            `R1 both dossiers show each other, each with its own codes, and the public side tells neither of the other`()
            async throws
        {
            try await EngineWorld.with { world in
                let first = try await world.submit(key: "s1")
                let second = try await world.submitTwin(of: first.state.dossier, form: Self.name, key: "s2")
                let third = try await world.submitTwin(of: first.state.dossier, form: Self.name, key: "s3")
                let born = [first, second, third].map(\.state.dossier)
                for one in born { try await world.knows(one, all: born) }
                for one in born { try await world.done(one, "receive", "accept") }
                _ = try await world.eventually("all notices are numbered") {
                    try await world.observer.number("SELECT count(*) FROM engine.notice_queue") == 0 ? true : nil
                }
                var views: [DossierView] = []
                for one in born { views.append(try #require(try await world.engine.dossier(one))) }
                #expect(Set(views.compactMap(\.state.code)).count == 3)
                #expect(Set(views.compactMap(\.lookUp)).count == 3)
                for view in views {
                    let notices = try await world.observer.rows(
                        "SELECT convert_from(body, 'UTF8') FROM engine.notice WHERE root = '\(view.state.dossier.id)'")
                    #expect(notices.count > 2)
                    for other in views where other.state.dossier != view.state.dossier {
                        let secrets = [
                            other.state.dossier.id.description, other.state.code, other.lookUp?.compact,
                            other.lookUp?.description,
                        ].compactMap { $0 }
                        #expect(secrets.count == 4)
                        #expect(!notices.contains { notice in secrets.contains { notice.contains($0) } })
                    }
                }
                #expect(try await world.observer.number("SELECT count(*) FROM engine.stuck") == 0)
            }
        }

        @Test(.database)
        func `R1 a node that dies right after a twin's commit has told the first one all the same`() async throws {
            try await EngineWorld.with { world in
                let first = try await world.submit(key: "s1")
                let second = DossierRef(
                    province: 48, id: DossierID(milliseconds: first.state.dossier.id.milliseconds, random: (1, 2)))
                let submission = Submission(
                    dossier: second, channel: .online, centre: EngineWorld.centre, facts: first.state.facts,
                    sibling: first.state.dossier)
                let pending = Pending(
                    dossier: second, command: .submit(submission), by: .applicant(through: EngineWorld.centre),
                    arrived: world.clock.now, identity: world.identity("submit", "s2"), expectation: nil,
                    consumes: nil,
                    newcomer: Pending.Newcomer(
                        procedure: first.state.procedure, version: first.state.version, lookUp: nil, client: nil,
                        clientReference: nil), sealed: [], dataKey: nil, render: { Caught().catch($0) },
                    answer: { _ in }, deadline: .now + .seconds(60))
                // The transaction, and then nothing: whoever ran it hands no message on.
                let batch = Batch(
                    province: 48, commands: [pending], shelf: world.engine.shelf.snapshot,
                    recordedOverride: world.clock.now)
                let result = try await world.engine.store.commit(province: 48) { try batch.run($0) }
                #expect(result.messages.count == 1)
                try await world.knows(first.state.dossier, all: [first.state.dossier, second])
                try await world.knows(second, all: [first.state.dossier, second])
            }
        }

        @Test(.database)
        func `R1 a twin of another province is told of across the border`() async throws {
            try await EngineWorld.with { world in
                let first = try await world.submit(key: "s1").state.dossier
                let second = try await world.submitTwin(
                    of: first, form: Self.name, key: "s2", centre: "000.00.01.H50"
                ).state.dossier
                #expect(second.province == 44)
                try await world.knows(first, all: [first, second])
                try await world.knows(second, all: [first, second])
                #expect(
                    try await world.engine.form(of: second, reader: .test)?["child"]?["full-name"]
                        == "Lê Thị Thứ Hai")
                // The register of a dossier is kept where the dossier is.
                #expect(
                    try await world.observer.rows("SELECT province || ' ' || purpose FROM engine.access ORDER BY id")
                        == ["48 sibling", "44 form"])
            }
        }

        @Test(.database)
        func `R23 a first dossier that was closed long ago comes back and hears of its twin`() async throws {
            var setup = EngineSetup()
            setup.settings.dayInterval = .milliseconds(100)
            try await EngineWorld.with(setup) { world in
                try await world.loadTwoDesks()
                let first = try await world.submit("two-desks", key: "s1").state.dossier
                try await world.done(first, "receive", "refuse")
                world.clock.advance(seconds: 31 * 86_400)
                _ = try await world.eventually("it has moved away") {
                    try await world.observer.number("SELECT count(*) FROM engine.dossier_closed") == 1 ? true : nil
                }
                let second = try await world.submitTwin(of: first, "two-desks", form: [:], key: "s2").state.dossier
                try await world.knows(first, all: [first, second])
                #expect(try await world.kinds(first).suffix(3) == ["ended", "published", "siblings-added"])
                #expect(try await world.engine.dossier(first)?.state.hasEnded == true)
            }
        }

        @Test(.database)
        func `what a newer version of the form does not ask for any more is not copied into it`() async throws {
            try await EngineWorld.with { world in
                let field = "more: {type: text, max: 20, personal: true, title: {vi: Thêm, en: More}}"
                let old = TwoDesks.file.replacing("form:\n", with: "form:\n  \(field)\n")
                // Its examples lie before it is in force.
                let new = TwoDesks.file.replacing("version: 1", with: "version: 2")
                    .replacing("from: 2024-01-01", with: "from: 2026-03-03").replacing(
                        "2026-03-02T", with: "2026-03-03T")
                for file in [old, new] {
                    let result = try await world.engine.loadFile(
                        Array(file.utf8), name: "procedures/two-desks.yaml", by: "test")
                    guard case .loaded = result else { throw Failure("\(result)") }
                }
                let first = try await world.submit("two-desks", key: "s1")
                #expect(first.state.version == 1)
                #expect(try await world.engine.form(of: first.state.dossier, reader: .test)?["more"] == "Mẫu more")
                try world.clock.set("2026-03-03T08:00")
                let second = try await world.submitTwin(of: first.state.dossier, "two-desks", form: [:], key: "s2")
                #expect(second.state.version == 2)
                #expect(
                    try await world.engine.form(of: second.state.dossier, reader: .test) == ["place": "48001"])
            }
        }

        @Test func `a form is patched as RFC 7396 has it`() throws {
            // Of its appendix A, what can come from a form.
            let cases = [
                (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
                (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
                (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
                (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
                (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
                (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
                ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
                ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
            ]
            for (form, patch, result) in cases {
                let patched = try JSONValue.parse(text: form).patched(with: try JSONValue.parse(text: patch))
                #expect(patched == (try JSONValue.parse(text: result)), "\(form) \(patch)")
            }
        }
    }
}

extension EngineWorld {
    /// A submission of another child of the same birth: what differs in the form, and papers of its own.
    func twin(
        of sibling: DossierRef, _ procedure: String = "birth-residence-insurance", form: JSONValue, key: String,
        centre: String = Self.centre
    ) throws -> SubmitRequest {
        var request = try submission(procedure, key: key, centre: centre)
        request.form = form
        var reader = Reader.test
        reader.purpose = "sibling"
        request.sibling = SiblingSource(dossier: sibling, reader: reader) { _ in true }
        return request
    }

    /// Submits another child of the same birth.
    func submitTwin(
        of sibling: DossierRef, _ procedure: String = "birth-residence-insurance", form: JSONValue, key: String,
        centre: String = Self.centre
    ) async throws -> DossierView {
        let result = Caught()
        _ = try await engine.submit(try twin(of: sibling, procedure, form: form, key: key, centre: centre)) {
            result.catch($0)
        }
        guard case .done(let view)? = result.value else {
            throw Failure("submission: \(String(describing: result.value))")
        }
        return view
    }

    /// Waits until a dossier knows all others of its birth.
    func knows(_ dossier: DossierRef, all born: [DossierRef]) async throws {
        let others = Set(born).subtracting([dossier])
        _ = try await eventually("\(dossier.text) knows its siblings") {
            try await engine.dossier(dossier).map { Set($0.state.siblings) } == others ? true : nil
        }
    }
}
