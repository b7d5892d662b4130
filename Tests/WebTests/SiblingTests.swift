import Dossiers
import Foundation
import HTTPTypes
import JSONText
import TestSupport
import Testing

@testable import Web

/// Dossiers of children of the same birth, through the API.
struct SiblingTests {
    private static let name: JSONValue = ["child": ["full-name": "Lê Thị Thứ Hai"]]

    /// A submission with only what differs from a sibling's form.
    private static func twin(
        _ world: WebWorld, of sibling: JSONValue, form: JSONValue = name, procedure: String = "birth-registration",
        reference: String? = nil
    ) throws -> JSONValue {
        var body = try #require(try world.submission(procedure, reference: reference).objectValue)
        body["form"] = form
        body["sibling"] = sibling
        return .object(body)
    }

    private static func send(
        _ world: WebWorld, _ body: JSONValue, as client: String = "desk", officer: String? = WebWorld.officer,
        key: String
    ) async throws -> Answer {
        try await world.send(.post, "/v1/dossiers", as: client, officer: officer, key: key, json: body)
    }

    /// Reads a dossier until it has so many siblings.
    private static func read(_ world: WebWorld, _ id: String, siblings count: Int) async throws -> Answer {
        let deadline = ContinuousClock.now + .seconds(30)
        var answer = try await world.read(id)
        while answer.json["siblings"]?.arrayValue?.count != count, ContinuousClock.now < deadline {
            answer = try await world.read(id)
        }
        return answer
    }

    private static func fits(_ answer: Answer, _ schema: String) -> [String] {
        SchemaValidator(contract: OpenAPIDocument([]).value).problems(answer.json, schema)
    }

    @Test func `twins: the second form has only what differs, and each dossier shows the other`() async throws {
        try await WebWorld.shared { world in
            let first = try await world.submit()
            #expect(first.json["siblings"] == [])
            let form: JSONValue = [
                "child": ["full-name": "Lê Thị Thứ Hai", "birth-proof-number": "GCS-2"],
                "mother": ["ethnicity": "Kinh", "nationality": nil],
            ]
            let second = try await Self.send(world, try Self.twin(world, of: .string(first.id), form: form), key: "b")
            #expect(second.status == 201, "\(second.json)")
            #expect(second.json["siblings"] == [.string(first.id)])
            #expect(Self.fits(second, "Dossier").isEmpty, "\(Self.fits(second, "Dossier"))")
            #expect(try await Self.read(world, first.id, siblings: 1).json["siblings"] == [.string(second.id)])
            #expect(second.json["lookUpCode"] != nil && second.json["lookUpCode"] != first.json["lookUpCode"])

            func read(_ id: String) async throws -> JSONValue {
                try await world.send(.get, "/v1/dossiers/\(id)/form", as: "desk", officer: WebWorld.officer).json
            }
            let (copy, whole) = (try await read(second.id), try await read(first.id))
            #expect(copy["child"]?["full-name"] == "Lê Thị Thứ Hai" && copy["child"]?["birth-proof-number"] == "GCS-2")
            #expect(copy["child"]?["date-of-birth"] == whole["child"]?["date-of-birth"])
            #expect(copy["requester"] == whole["requester"] && copy["requester"] != nil)
            #expect(copy["mother"]?["ethnicity"] == "Kinh")
            #expect(whole["mother"]?["nationality"] != nil && copy["mother"]?["nationality"] == nil)

            let history = try await world.send(.get, "/v1/dossiers/\(first.id)/events", as: "desk").json["items"]
            let added = history?.arrayValue?.first { $0["kind"] == "siblings-added" }
            #expect(added?["details"] == ["siblings": [.string(second.id)]])
            let made = try await world.send(.get, "/v1/dossiers/\(second.id)/events", as: "desk").json["items"]
            #expect(made?.arrayValue?.first?["details"]?["sibling"] == .string(first.id))
            let register = try await world.send(.get, "/v1/dossiers/\(first.id)/accesses", as: "auditor")
            let readings = register.json["items"]?.arrayValue ?? []
            #expect(readings.compactMap { $0["purpose"]?.stringValue } == ["form", "sibling"])
            #expect(readings.last?["officer"]?.stringValue == WebWorld.officer)
        }
    }

    @Test func `a third child is a sibling of both, whichever of them it is submitted with`() async throws {
        try await WebWorld.shared { world in
            let first = try await world.submit()
            let second = try await Self.send(world, try Self.twin(world, of: .string(first.id)), key: "b")
            let third = try await Self.send(world, try Self.twin(world, of: .string(second.id)), key: "c")
            let born = [first, second, third].map(\.id)
            for id in born {
                let others = born.filter { $0 != id }.sorted()
                let seen = try await Self.read(world, id, siblings: 2).json["siblings"]?.arrayValue
                #expect(seen?.compactMap(\.stringValue).sorted() == others)
            }
        }
    }

    @Test func `a sibling that cannot be copied from has its own clear problem, and nothing is made`() async throws {
        try await WebWorld.fresh { world in
            try await world.add("counter", agency: WebWorld.centre, roles: ["reception"], [.submit, .read])
            let first = try await world.submit()
            let whole = try await world.send(
                .post, "/v1/dossiers", as: "desk", key: "w", json: try world.submission("birth-residence-insurance"))
            #expect(whole.status == 201, "\(whole.json)")
            let accepted = try await world.complete(whole, "accept", key: "wa")
            let part = try #require(accepted.json["links"]?.arrayValue?.first?["dossier"]?.stringValue)
            // The part begins a moment after the answer.
            #expect(try await Self.read(world, part, siblings: 0).status == 200)
            let nobody = "48.\(UUID().uuidString.lowercased())"
            let cases: [(JSONValue, String)] = [
                ("x", "/sibling invalid"), ("48.", "/sibling invalid"),
                (.string("0.\(nobody.dropFirst(3))"), "/sibling invalid"),
                (7, "/sibling wrong-type"), (["id": .string(first.id)], "/sibling wrong-type"),
                (.string(nobody), "/sibling unknown-dossier"),
                (.string("1.\(first.id.dropFirst(3))"), "/sibling unknown-dossier"),
                (.string(whole.id), "/sibling other-procedure"), (.string(part), "/sibling linked-part"),
            ]
            func count() async throws -> Int? {
                try await world.send(.get, "/v1/dossiers", as: "desk").json["items"]?.arrayValue?.count
            }
            // The two, and the part of the second.
            #expect(try await count() == 3)
            for (number, (sibling, fault)) in cases.enumerated() {
                let answer = try await Self.send(world, try Self.twin(world, of: sibling), key: "c\(number)")
                #expect(answer.status == 422 && answer.faults == [fault], "\(sibling): \(answer.json)")
                #expect(Self.fits(answer, "Problem").isEmpty, "\(sibling)")
            }
            // Another agency's dossier looks like none.
            let body = try Self.twin(world, of: .string(first.id))
            let stranger = try await Self.send(world, body, as: "other-desk", officer: "dn-mc2-tiepnhan-01", key: "s")
            #expect(stranger.status == 422 && stranger.faults == ["/sibling unknown-dossier"], "\(stranger.json)")
            // To copy is to read: by a named officer of the agency, through a client that may.
            #expect(try await Self.send(world, body, officer: nil, key: "n").code == "officer-required")
            #expect(
                try await Self.send(world, body, officer: "dn-haichau-hotich-01", key: "o").code == "unknown-officer")
            #expect(try await Self.send(world, body, as: "counter", key: "p").code == "missing-scope")
            #expect(try await count() == 3)
            let register = try await world.send(.get, "/v1/dossiers/\(first.id)/accesses", as: "auditor")
            #expect(register.json["items"] == [])
        }
    }

    @Test func `the whole form is checked as always, and a reference is the sender's once`() async throws {
        try await WebWorld.shared { world in
            let first = try await world.submit(key: "f", reference: "TW-1")
            let cases: [(JSONValue, [String])] = [
                (["child": ["full-name": nil]], ["/form/child/full-name required"]),
                (["child": 5], ["/form/child wrong-type"]), (["chld": [:]], ["/form/chld unknown-field"]),
                // What the first form has is not asked for in this case, until it is taken out.
                (
                    ["birth-case": "abandoned"],
                    ["/form/child/birth-proof-number not-asked", "/form/mother/full-name not-asked"]
                ),
            ]
            for (number, (form, faults)) in cases.enumerated() {
                let body = try Self.twin(world, of: .string(first.id), form: form)
                let answer = try await Self.send(world, body, key: "c\(number)")
                #expect(answer.faults == faults, "\(form): \(answer.json)")
            }
            let taken = try await Self.send(
                world, try Self.twin(world, of: .string(first.id), reference: "TW-1"), key: "r")
            #expect(taken.status == 409 && taken.code == "reference-taken")
            #expect(taken.json["dossier"]?.stringValue == first.id)
            var plain = try #require(try world.submission().objectValue)
            plain["sibling"] = .null
            let alone = try await world.send(.post, "/v1/dossiers", as: "desk", key: "a", json: .object(plain))
            #expect(alone.status == 201 && alone.json["siblings"] == [])
            #expect(try await world.read(first.id).json["siblings"] == [])
        }
    }

    @Test func `what was erased cannot be copied, and a submission sent again has its first answer all the same`()
        async throws
    {
        try await WebWorld.shared { world in
            let first = try await world.submit()
            let body = try Self.twin(world, of: .string(first.id))
            let second = try await Self.send(world, body, key: "b")
            #expect(second.status == 201, "\(second.json)")
            let known = try await Self.read(world, first.id, siblings: 1)
            let path = "/v1/dossiers/\(first.id)"
            let end = try await world.send(.post, "\(path)/withdrawal", as: "desk", key: "w", ifMatch: known.etag)
            #expect(end.json["phase"] == "ended", "\(end.json)")
            #expect(
                try await world.send(.delete, "\(path)/personal?reason=request", as: "admin").json["erased"]
                    == [.string(first.id)])
            let again = try await Self.send(world, body, key: "b")
            #expect(again.status == 201 && again.bytes == second.bytes)
            let other = try await Self.send(
                world, try Self.twin(world, of: .string(first.id), form: ["child": ["full-name": "Lê Ba"]]), key: "b")
            #expect(other.code == "idempotency-key-reused")
            let late = try await Self.send(world, body, key: "c")
            #expect(late.status == 422 && late.faults == ["/sibling erased"], "\(late.json)")
            let register = try await world.send(.get, "\(path)/accesses", as: "auditor").json["items"]?.arrayValue
            #expect(register?.compactMap { $0["purpose"]?.stringValue } == ["erase/request", "sibling"])
            // The second keeps what was copied.
            let form = try await world.send(
                .get, "/v1/dossiers/\(second.id)/form", as: "desk", officer: WebWorld.officer)
            #expect(form.status == 200)
        }
    }

    @Test func `nobody has more than nine siblings`() async throws {
        try await WebWorld.shared { world in
            let first = try await world.submit()
            for number in 1...9 {
                let next = try await Self.send(world, try Self.twin(world, of: .string(first.id)), key: "t\(number)")
                #expect(next.status == 201, "\(next.json)")
                _ = try await Self.read(world, first.id, siblings: number)
            }
            let answer = try await Self.send(world, try Self.twin(world, of: .string(first.id)), key: "t10")
            #expect(answer.faults == ["/sibling too-many-siblings"], "\(answer.json)")
        }
    }
}
