import Dossiers
import Engine
import Foundation
import HTTPTypes
import JSONText
import Postgres
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Web

/// Answers are compared with the contract's schemas.
private func expectFits(_ answer: Answer, _ schema: String) {
    let problems = SchemaValidator(contract: OpenAPIDocument([]).value).problems(answer.json, schema)
    #expect(problems.isEmpty, "\(problems)")
}

struct AdministrationTests {
    @Test func `what is stuck is listed with its reason, page by page, and is freed by its key`() async throws {
        try await WebWorld.fresh { world in
            let dossier = try #require(DossierRef(text: try await world.submit().id))
            let store = DossierStore(pool: world.pool)
            for (key, tries) in [("late/0", 5), ("m/x/000000001", 1)] {
                for _ in 0..<tries {
                    try await store.noteStuck(
                        province: 48, dossier: dossier.id, key: key, error: "checkViolation 23514", at: world.clock.now,
                        retryAt: world.clock.now.adding(seconds: 3_600))
                }
            }
            let first = try await world.send(.get, "/v1/stuck?limit=1", as: "admin")
            #expect(first.status == 200)
            expectFits(first, "StuckPage")
            let item = try #require(first.json["items"]?.arrayValue?.first)
            #expect(item["dossier"]?.stringValue == dossier.text)
            #expect(item["key"]?.stringValue == "late/0" && item["kind"]?.stringValue == "timer")
            #expect(item["tries"]?.integerValue == 5 && item["nextTry"] == nil)
            #expect(item["error"]?.stringValue == "checkViolation 23514")
            let second = try await world.send(.get, try #require(first.json["next"]?.stringValue), as: "admin")
            expectFits(second, "StuckPage")
            let other = try #require(second.json["items"]?.arrayValue?.first)
            #expect(other["kind"]?.stringValue == "message" && other["nextTry"]?.stringValue != nil)
            #expect(second.json["next"] == nil)

            let place = "/v1/stuck/\(dossier.text)"
            #expect(try await world.send(.delete, "\(place)?key=late/0", as: "admin").status == 204)
            #expect(try await world.send(.delete, "\(place)?key=late/0", as: "admin").status == 404)
            #expect(try await world.send(.delete, place, as: "admin").faults == ["?key required"])
            let left = try await world.send(.get, "/v1/stuck", as: "admin").json["items"]?.arrayValue
            #expect(left?.compactMap { $0["key"]?.stringValue } == ["m/x/000000001"])
            // Another province's is not there.
            let elsewhere = "/v1/stuck/1.\(dossier.id)?key=m/x/000000001"
            #expect(try await world.send(.delete, elsewhere, as: "admin").status == 404)
        }
    }

    @Test func `a client that is shut out stops at once, tokens included, and may be let in again`() async throws {
        try await WebWorld.fresh { world in
            let bearer = ["Authorization": "Bearer \(try await world.token("reader"))"]
            func read() async throws -> Answer { try await world.send(.get, "/v1/dossiers", headers: bearer) }
            #expect(try await read().status == 200)
            func change(_ id: String, _ isDisabled: Bool) async throws -> Answer {
                try await world.send(.put, "/v1/clients/\(id)", as: "admin", json: ["disabled": .bool(isDisabled)])
            }
            let out = try await change("reader", true)
            #expect(out.status == 200 && out.json["disabled"] == true)
            expectFits(out, "Client")
            #expect(try await read().code == "unauthorized")
            #expect(
                try await world.askToken(
                    "grant_type=client_credentials&client_id=reader&client_secret=\(WebWorld.secret)"
                ).status == 401)
            let list = try await world.send(.get, "/v1/clients", as: "admin")
            expectFits(list, "ClientPage")
            let disabled = list.json["items"]?.arrayValue?.filter { $0["disabled"] == true }
            #expect(disabled?.compactMap { $0["id"]?.stringValue } == ["gone", "reader"])
            #expect(!String(decoding: list.bytes, as: UTF8.self).contains("secret"))
            #expect(try await change("reader", false).json["disabled"] == false)
            #expect(try await read().status == 200)
            #expect(try await change("admin", true).code == "own-client")
            #expect(try await change("nobody", true).status == 404)
        }
    }

    @Test func `every reading of personal values is in the dossier's register, for auditors`() async throws {
        try await WebWorld.shared { world in
            let dossier = try await world.submit(key: "register").id
            let place = "/v1/dossiers/\(dossier)"
            for _ in 0..<2 {
                let form = try await world.send(.get, "\(place)/form", as: "desk", officer: WebWorld.officer)
                #expect(form.status == 200)
            }
            let page = try await world.send(.get, "\(place)/accesses?limit=1", as: "auditor")
            expectFits(page, "AccessPage")
            let entry = try #require(page.json["items"]?.arrayValue?.first)
            #expect(entry["client"]?.stringValue == "desk" && entry["officer"]?.stringValue == WebWorld.officer)
            #expect(entry["purpose"]?.stringValue == "form")
            let next = try #require(page.json["next"]?.stringValue)
            let rest = try await world.send(.get, next, as: "auditor").json
            #expect(rest["items"]?.arrayValue?.count == 1 && rest["next"] == nil)
            // An auditor sees no value, and an agency no register.
            #expect(try await world.send(.get, "\(place)/form", as: "auditor").code == "missing-scope")
            #expect(try await world.send(.get, "\(place)/accesses", as: "desk").code == "missing-scope")
            let none = "/v1/dossiers/48.\(UUID().uuidString.lowercased())/accesses"
            #expect(try await world.send(.get, none, as: "auditor").status == 404)
        }
    }

    @Test func `personal values are erased once the dossier has ended; events and the register stay`() async throws {
        try await WebWorld.shared { world in
            let submitted = try await world.submit(key: "erase")
            let place = "/v1/dossiers/\(submitted.id)"
            let early = try await world.send(.delete, "\(place)/personal?reason=retention", as: "admin")
            #expect(early.status == 409 && early.code == "not-ended")
            #expect(early.json["dossiers"] == [.string(submitted.id)])
            expectFits(early, "Problem")
            let ended = try await world.complete(
                submitted, "refuse", said: ["reason": ["code": "not-eligible", "note": "Không đúng nơi."]],
                key: "erase-refuse")
            #expect(ended.json["phase"]?.stringValue == "ended", "\(String(decoding: ended.bytes, as: UTF8.self))")
            func form() async throws -> Int {
                try await world.send(.get, "\(place)/form", as: "desk", officer: WebWorld.officer).status
            }
            #expect(try await form() == 200)
            let bad = try await world.send(.delete, "\(place)/personal", as: "admin")
            #expect(bad.faults == ["?reason required"])
            #expect(try await world.send(.delete, "\(place)/personal?reason=order", as: "desk").status == 403)
            let gone = try await world.send(.delete, "\(place)/personal?reason=request", as: "admin")
            #expect(gone.status == 200 && gone.json["erased"] == [.string(submitted.id)])
            expectFits(gone, "Erasure")
            #expect(try await form() == 410)
            let again = try await world.send(.delete, "\(place)/personal?reason=request", as: "admin")
            #expect(again.json["erased"] == [])
            let events = try await world.send(.get, "\(place)/events", as: "desk")
            #expect((events.json["items"]?.arrayValue?.count ?? 0) >= 2)
            let register = try await world.send(.get, "\(place)/accesses", as: "auditor").json["items"]?.arrayValue
            #expect(
                register?.compactMap { $0["purpose"]?.stringValue } == ["erase/request", "erase/request", "form"])
            #expect(register?.first?["client"]?.stringValue == "admin")
        }
    }

    @Test func `what was erased is gone for its own desk, which hears since when and why`() async throws {
        try await WebWorld.shared { world in
            let submitted = try await world.submit(key: "gone")
            let place = "/v1/dossiers/\(submitted.id)"
            func upload(_ key: String, _ content: String = "%PDF-1.7") async throws -> Answer {
                try await world.send(
                    .post, "\(place)/documents?name=birth-proof&kind=witness", as: "desk", officer: WebWorld.officer,
                    key: key, body: Array(content.utf8), type: "application/pdf")
            }
            func refuse(_ key: String) async throws -> Answer {
                try await world.complete(
                    submitted, "refuse", said: ["reason": ["code": "not-eligible", "note": "Không đúng nơi."]],
                    key: key)
            }
            let uploaded = try await upload("gone-document")
            let document = try #require(uploaded.json["href"]?.stringValue)
            let ended = try await refuse("gone-refuse")
            #expect(ended.json["phase"]?.stringValue == "ended")
            let events = try await world.send(.get, "\(place)/events", as: "desk")
            let text = String(decoding: events.bytes, as: UTF8.self)
            let section = try #require(text.firstMatch(of: #/said\/[^"]+/#).map { String($0.output) })
            let personal = ["\(place)/form", "\(place)/notes?section=\(section)", document]
            func read(_ path: String, as client: String = "desk") async throws -> Answer {
                try await world.send(.get, path, as: client, officer: WebWorld.officer)
            }
            for path in personal { #expect(try await read(path).status == 200, "\(path)") }
            let erased = try await world.send(.delete, "\(place)/personal?reason=order", as: "admin")
            #expect(erased.status == 200)
            // A second erasure finds nothing left, and does not move the first.
            _ = try await world.send(.delete, "\(place)/personal?reason=request", as: "admin")
            for path in personal {
                let answer = try await read(path)
                #expect(answer.status == 410 && answer.code == "erased", "\(path) \(answer.json)")
                #expect(answer.json["reason"]?.stringValue == "order")
                #expect(answer.json["erasedAt"]?.stringValue == "2026-03-02T08:30:00+07:00", "\(answer.json)")
                #expect(answer.json["detail"]?.stringValue?.contains("08:30 ngày 02/03/2026") == true)
                expectFits(answer, "Problem")
            }
            #expect(try await upload("gone-late").code == "erased")
            // R13: what came before, and holds nothing personal, has its first answer for as long as keys are kept.
            let again = try await upload("gone-document")
            #expect(again.status == 201 && again.bytes == uploaded.bytes)
            #expect(try await upload("gone-document", "%PDF-1.4").code == "idempotency-key-reused")
            let repeated = try await refuse("gone-refuse")
            #expect(repeated.status == ended.status && repeated.bytes == ended.bytes)
            // What never was there is still not there, and strangers learn nothing of it.
            #expect(try await read("\(place)/documents/99").status == 404)
            let other = try await world.send(
                .get, "\(place)/form", as: "other-desk", officer: "dn-mc2-tiepnhan-01")
            #expect(other.status == 404)
            #expect(try await world.send(.get, "\(place)/events", as: "desk").bytes == events.bytes)
        }
    }
}
