import Engine
import HTTPTypes
import JSONText
import Procedures
import Testing

@testable import Web

struct RefusalTests {
    @Test func `a refusal shows what can be done instead, with the labels of the dossier's procedure`() async throws {
        try await WebWorld.shared { world in
            let dossier = try await world.submit(key: "labels")
            let activation = dossier.tag.dropFirst().prefix { $0 != "." }
            let refused = try await world.send(
                .post, "/v1/tasks/\(dossier.id)/\(activation)/release", as: "desk", officer: WebWorld.officer,
                key: "labels-release", ifMatch: dossier.tag)
            #expect(refused.status == 409 && refused.code == "not-held")
            let shown = try await world.read(dossier.id).json["allowedActions"]
            #expect(refused.json["allowedActions"] == shown)
            let refuse = shown?.arrayValue?.first { $0["outcome"]?.stringValue == "refuse" }
            #expect(refuse?["label"]?["vi"]?.stringValue == "Từ chối tiếp nhận")
            // A stale tag gets them too.
            let stale = try await world.send(
                .post, "/v1/tasks/\(dossier.id)/\(activation)/claim", as: "desk", officer: WebWorld.officer,
                key: "labels-claim", ifMatch: "\"\(activation).7\"")
            #expect(stale.status == 412 && stale.json["allowedActions"] == shown)
        }
    }

    @Test func `an agency whose step is over sees how the dossier went on, and no personal value`() async throws {
        try await WebWorld.shared { world in
            let submitted = try await world.submit(key: "over")
            let accepted = try await world.complete(submitted, "accept", key: "over-accept")
            #expect(accepted.status == 200)
            let place = "/v1/dossiers/\(accepted.id)"
            let clerk = "dn-haichau-hotich-01"
            #expect(try await world.send(.get, "\(place)/form", as: "town", officer: clerk).status == 200)
            let checked = try await world.complete(accepted, as: "town", officer: clerk, "ok", key: "over-ok")
            let call = try #require(checked.json["tasks"]?.arrayValue?.first?["activation"]?.integerValue)
            let answered = try await world.send(
                .post, "/v1/calls/\(accepted.id)/\(call)/complete", as: "registry", key: "over-number",
                json: [
                    "outcome": "number",
                    "said": ["personal-number": "048326000123", "register-number": "12/2026"],
                ])
            #expect(answered.status == 200, "\(String(decoding: answered.bytes, as: UTF8.self))")
            let chairman = try #require(
                world.engine.catalogue.directory.officers.values.first {
                    $0.agency == WebWorld.civilStatus && $0.roles.contains("chairman")
                })
            let signed = try await world.complete(
                try await world.read(accepted.id, as: "town"), as: "town", officer: chairman.id, "sign",
                key: "over-sign")
            #expect(signed.json["phase"]?.stringValue == "ended", "\(String(decoding: signed.bytes, as: UTF8.self))")

            #expect(try await world.read(accepted.id, as: "town").status == 200)
            #expect(try await world.send(.get, "\(place)/events", as: "town").status == 200)
            for closed in ["form", "documents"] {
                let answer = try await world.send(.get, "\(place)/\(closed)", as: "town", officer: clerk)
                #expect(answer.status == 404, "\(closed)")
            }
            let code = try #require(signed.json["code"]?.stringValue)
            for query in ["limit=200", "code=\(code)"] {
                let list = try await world.send(.get, "/v1/dossiers?\(query)", as: "town").json["items"]?.arrayValue
                #expect(list?.contains { $0["id"]?.stringValue == accepted.id } == true, "\(query)")
            }
            #expect(try await world.read(accepted.id, as: "other-desk").status == 404)
        }
    }
}
