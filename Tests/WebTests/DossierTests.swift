import HTTPTypes
import JSONText
import Testing
import WorkingTime

@testable import Web

struct DossierTests {
    private static func fits(_ answer: Answer, _ schema: String) -> [String] {
        SchemaValidator(contract: OpenAPIDocument([]).value).problems(answer.json, schema)
    }

    @Test func `a dossier is submitted, accepted, checked by the town and read by both`() async throws {
        try await WebWorld.fresh { world in
            let made = try await world.submit()
            #expect(Self.fits(made, "Dossier").isEmpty, "\(Self.fits(made, "Dossier"))")
            #expect(made.headers[.location] == "/v1/dossiers/\(made.id)")
            #expect(made.etag == "\"v\(made.json["sequence"]?.integerValue ?? 0)\"")
            #expect(made.json["status"]?["code"] == 1)
            #expect(made.json["lookUpCode"]?.stringValue?.utf8.count == 14)
            let actions = made.json["allowedActions"]?.arrayValue ?? []
            let supplement = try #require(actions.first { $0["outcome"] == "supplement" })
            #expect(supplement["label"]?["vi"] == "Yêu cầu bổ sung")
            #expect(supplement["needs"]?.arrayValue?.first?["choices"]?.arrayValue?.isEmpty == false)

            let accepted = try await world.complete(made, "accept", key: "c-1")
            #expect(accepted.status == 200, "\(accepted.json)")
            #expect(accepted.json["code"] == "000.00.01.H17-260302-0001")
            #expect(accepted.json["promised"] != nil)
            #expect(accepted.json["clock"]?["state"] == "running")

            let town = try await world.read(made.id, as: "town")
            #expect(town.status == 200)
            #expect(town.json["lookUpCode"] == nil)
            let checked = try await world.complete(
                town, as: "town", officer: "dn-haichau-hotich-01", "ok", key: "t-1")
            #expect(checked.status == 200, "\(checked.json)")
            #expect(checked.json["tasks"]?.arrayValue?.first?["kind"] == "call")

            let history = try await world.send(.get, "/v1/dossiers/\(made.id)/events", as: "desk")
            #expect(Self.fits(history, "EventPage").isEmpty, "\(Self.fits(history, "EventPage"))")
            #expect(history.json["items"]?.arrayValue?.first?["kind"] == "submitted")
            #expect(!String(decoding: history.bytes, as: UTF8.self).contains("Nguyễn"))
        }
    }

    @Test func `nobody else may know that a dossier is there`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let path = "/v1/dossiers/\(made.id)"
            for client in ["other-desk", "town"] {
                for route in ["", "/events", "/documents"] {
                    #expect(try await world.send(.get, path + route, as: client).status == 404, "\(client) \(route)")
                }
                let claim = try await world.send(
                    .post, "/v1/tasks/\(made.id)/1/claim", as: client,
                    officer: client == "town" ? "dn-haichau-hotich-01" : "dn-mc2-tiepnhan-01", key: "x-\(client)",
                    ifMatch: made.tag)
                #expect(claim.status == 404, "\(claim.json)")
                #expect(claim.json["allowedActions"] == nil)
                let stale = try await world.send(
                    .post, "/v1/tasks/\(made.id)/1/claim", as: client,
                    officer: client == "town" ? "dn-haichau-hotich-01" : "dn-mc2-tiepnhan-01", key: "y-\(client)",
                    ifMatch: "\"1.7\"")
                #expect(stale.status == 404, "\(stale.json)")
                let withdrawal = try await world.send(
                    .post, path + "/withdrawal", as: client, key: "w-\(client)", ifMatch: made.etag)
                #expect(withdrawal.status == 404)
            }
            let form = try await world.send(.get, path + "/form", as: "registry")
            #expect(form.status == 404)
        }
    }

    @Test func `a form is read by a named officer only, and the reading is recorded`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let path = "/v1/dossiers/\(made.id)/form"
            #expect(try await world.send(.get, path, as: "desk").code == "officer-required")
            #expect(
                try await world.send(.get, path, as: "desk", officer: "dn-haichau-hotich-01").code == "unknown-officer")
            #expect(try await world.send(.get, path, as: "reader", officer: WebWorld.officer).code == "missing-scope")
            let form = try await world.send(.get, path, as: "desk", officer: WebWorld.officer)
            #expect(form.status == 200)
            #expect(form.headers[.cacheControl] == "no-store")
            #expect(String(decoding: form.bytes, as: UTF8.self).contains("Nguyễn Thị Mẫu"))
        }
    }

    @Test func `tags: 304 for what the caller has, 428 without, 412 with the tag of now`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let again = try await world.send(
                .get, "/v1/dossiers/\(made.id)", as: "desk", headers: ["If-None-Match": made.etag])
            #expect(again.status == 304)
            #expect(again.bytes.isEmpty)
            let path = "/v1/tasks/\(made.id)/1/claim"
            let officer = WebWorld.officer
            #expect(try await world.send(.post, path, as: "desk", officer: officer, key: "a").status == 428)
            for tag in ["*", "\"v1\"", "\"1.0\", \"1.1\"", "1.0"] {
                let answer = try await world.send(.post, path, as: "desk", officer: officer, key: "b", ifMatch: tag)
                #expect(answer.code == "invalid-if-match", "\(tag)")
            }
            let stale = try await world.send(.post, path, as: "desk", officer: officer, key: "c", ifMatch: "\"1.9\"")
            #expect(stale.status == 412)
            #expect(stale.json["tasks"]?.arrayValue?.first?["tag"] == "\"1.0\"")
            #expect(stale.json["etag"]?.stringValue == made.etag)
            #expect(Self.fits(stale, "Problem").isEmpty, "\(Self.fits(stale, "Problem"))")
            let done = try await world.send(.post, path, as: "desk", officer: officer, key: "d", ifMatch: "\"1.0\"")
            #expect(done.status == 200)
            #expect(done.tag == "\"1.1\"")
        }
    }

    @Test func `a key has one effect and one answer, byte for byte`() async throws {
        try await WebWorld.fresh { world in
            let body = try world.submission()
            let first = try await world.send(.post, "/v1/dossiers", as: "desk", key: "one", json: body)
            let again = try await world.send(.post, "/v1/dossiers", as: "desk", key: "one", json: body)
            #expect(first.status == 201)
            #expect(again.status == 201)
            #expect(again.bytes == first.bytes)
            #expect(again.headers[.location] == first.headers[.location])
            #expect(again.etag == first.etag)
            let other = try await world.send(
                .post, "/v1/dossiers", as: "desk", key: "one", json: try world.submission(reference: "r"))
            #expect(other.status == 422)
            #expect(other.code == "idempotency-key-reused")
            let page = try await world.send(.get, "/v1/dossiers", as: "desk")
            #expect(page.json["items"]?.arrayValue?.count == 1)
            // A refusal that the dossier decided is an answer like any other.
            let refused = try await world.complete(first, "no-such", key: "two")
            let refusedAgain = try await world.complete(first, "no-such", key: "two")
            #expect(refused.status == 422)
            #expect(refused.bytes == refusedAgain.bytes)
        }
    }

    @Test func `the same key at the same time has one effect`() async throws {
        try await WebWorld.fresh { world in
            let body = try world.submission()
            _ = try await world.token("desk")
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await world.send(.post, "/v1/dossiers", as: "desk", key: "twin", json: body) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.contains { $0.status == 201 })
            #expect(answers.allSatisfy { [201, 409].contains($0.status) })
            #expect(answers.filter { $0.status == 409 }.allSatisfy { $0.code == "request-in-progress" })
            let page = try await world.send(.get, "/v1/dossiers", as: "desk")
            #expect(page.json["items"]?.arrayValue?.count == 1)
        }
    }

    @Test func `a client's own reference is taken once`() async throws {
        try await WebWorld.shared { world in
            let first = try await world.submit(key: "r-1", reference: "MC-1")
            let second = try await world.send(
                .post, "/v1/dossiers", as: "desk", key: "r-2", json: try world.submission(reference: "MC-1"))
            #expect(second.status == 409)
            #expect(second.code == "reference-taken")
            #expect(second.json["dossier"]?.stringValue == first.id)
            #expect(Self.fits(second, "Problem").isEmpty)
        }
    }

    @Test func `lists page by a cursor that is good for its list and client alone`() async throws {
        try await WebWorld.fresh { world in
            var ids: Set<String> = []
            for number in 0..<3 { ids.insert(try await world.submit(key: "p-\(number)").id) }
            var next: String? = "/v1/dossiers?limit=1&procedure=birth-registration&centre=true"
            var seen: [String] = []
            while let path = next, seen.count < 10 {
                let page = try await world.send(.get, path, as: "desk")
                #expect(page.status == 200, "\(page.json)")
                #expect(Self.fits(page, "DossierPage").isEmpty, "\(Self.fits(page, "DossierPage"))")
                seen += (page.json["items"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
                next = page.json["next"]?.stringValue
            }
            #expect(seen.count == 3)
            #expect(Set(seen) == ids)
            let first = try await world.send(.get, "/v1/dossiers?limit=1", as: "desk")
            let cursor = try #require(first.json["next"]?.stringValue?.split(separator: "cursor=").last)
            for (client, path) in [
                ("other-desk", "/v1/dossiers?cursor=\(cursor)"), ("desk", "/v1/tasks?cursor=\(cursor)"),
                ("desk", "/v1/dossiers?cursor=\(cursor)00"), ("desk", "/v1/dossiers?cursor=xyz"),
            ] {
                let answer = try await world.send(.get, path, as: client)
                #expect(answer.status == 400, "\(path)")
                #expect(answer.faults == ["?cursor invalid"])
            }
        }
    }

    @Test func `the worklist shows the roles' tasks, and those of the officer`() async throws {
        try await WebWorld.fresh { world in
            let made = try await world.submit()
            let list = try await world.send(.get, "/v1/tasks", as: "desk", officer: WebWorld.officer)
            #expect(Self.fits(list, "TaskPage").isEmpty, "\(Self.fits(list, "TaskPage"))")
            #expect(list.json["items"]?.arrayValue?.count == 1)
            let mine = { try await world.send(.get, "/v1/tasks?mine=true", as: "desk", officer: WebWorld.officer) }
            #expect(try await mine().json["items"]?.arrayValue?.isEmpty == true)
            #expect(try await world.send(.get, "/v1/tasks?mine=true", as: "desk").faults == ["?mine officer-required"])
            _ = try await world.send(
                .post, "/v1/tasks/\(made.id)/1/claim", as: "desk", officer: WebWorld.officer, key: "m",
                ifMatch: made.tag)
            #expect(try await mine().json["items"]?.arrayValue?.count == 1)
            let other = try await world.send(.get, "/v1/tasks?role=civil-status", as: "desk")
            #expect(other.json["items"]?.arrayValue?.isEmpty == true)
            let task = try await world.send(.get, "/v1/tasks/\(made.id)/1", as: "desk")
            #expect(task.etag == "\"1.1\"")
            #expect(Self.fits(task, "Task").isEmpty, "\(Self.fits(task, "Task"))")
            #expect(task.json["allowedActions"]?.arrayValue?.contains { $0["action"] == "release" } == true)
        }
    }

    @Test func `a withdrawal before acceptance ends the dossier, and the next command learns it`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let path = "/v1/dossiers/\(made.id)/withdrawal"
            #expect(try await world.send(.post, path, as: "desk", key: "w0").status == 428)
            let done = try await world.send(.post, path, as: "desk", key: "w1", ifMatch: made.etag)
            #expect(done.status == 200, "\(done.json)")
            #expect(done.json["end"]?["name"] == "withdrawn")
            let late = try await world.send(.post, path, as: "desk", key: "w2", ifMatch: done.etag)
            #expect(late.status == 409)
            #expect(late.code == "ended")
            #expect(late.json["allowedActions"] == [])
            let stale = try await world.send(.post, path, as: "desk", key: "w3", ifMatch: made.etag)
            #expect(stale.status == 412)
        }
    }

    @Test func `what was asked for is handed in through the desk`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let asked = try await world.complete(
                made, "supplement", said: ["missing": ["birth-proof"], "note": "Cần bản gốc giấy chứng sinh."], key: "s"
            )
            #expect(asked.status == 200, "\(asked.json)")
            #expect(asked.json["clock"]?["state"] == "reception-held")
            #expect(asked.json["missing"] == ["birth-proof"])
            #expect(!String(decoding: asked.bytes, as: UTF8.self).contains("Cần bản gốc"))
            let handedIn = try await world.send(
                .post, "/v1/dossiers/\(made.id)/supplements", as: "desk", key: "h", ifMatch: asked.tag)
            #expect(handedIn.status == 200, "\(handedIn.json)")
            #expect(handedIn.json["tasks"]?.arrayValue?.first?["step"] == "receive")
            let history = try await world.send(.get, "/v1/dossiers/\(made.id)/events", as: "desk")
            let said = history.json["items"]?.arrayValue?.first { $0["kind"] == "completed" }?["details"]?["said"]
            let section = try #require(said?["note"]?["section"]?.stringValue)
            let note = try await world.send(
                .get, "/v1/dossiers/\(made.id)/notes?section=\(section)", as: "desk", officer: WebWorld.officer)
            #expect(note.json["text"] == "Cần bản gốc giấy chứng sinh.")
            let form = try await world.send(
                .get, "/v1/dossiers/\(made.id)/notes?section=form", as: "desk", officer: WebWorld.officer)
            #expect(form.status == 404)
        }
    }

    @Test func `a connector leases its calls, reads their forms and answers`() async throws {
        try await WebWorld.fresh { world in
            let made = try await world.submit()
            _ = try await world.complete(made, "accept", key: "c")
            let town = try await world.read(made.id, as: "town")
            _ = try await world.complete(town, as: "town", officer: "dn-haichau-hotich-01", "ok", key: "t")
            let lease = try await world.send(
                .post, "/v1/calls/lease", as: "registry", json: ["limit": 5, "seconds": 60])
            #expect(Self.fits(lease, "TaskPage").isEmpty, "\(Self.fits(lease, "TaskPage"))")
            let call = try #require(lease.json["items"]?.arrayValue?.first)
            #expect(call["operation"] == "register")
            let again = try await world.send(.post, "/v1/calls/lease", as: "registry", json: [:])
            #expect(again.json["items"]?.arrayValue?.isEmpty == true)
            let form = try await world.send(.get, "/v1/dossiers/\(made.id)/form", as: "registry")
            #expect(form.status == 200)
            let path = "/v1/calls/\(made.id)/\(call["activation"]?.integerValue ?? 0)/complete"
            let body: JSONValue = [
                "outcome": "number", "said": ["personal-number": "048326000123", "register-number": "12"],
            ]
            let done = try await world.send(.post, path, as: "registry", key: "n", json: body)
            #expect(done.status == 200, "\(done.json)")
            #expect(Self.fits(done, "CallAnswer").isEmpty, "\(Self.fits(done, "CallAnswer"))")
            let late = try await world.send(.post, path, as: "registry", key: "n2", json: body)
            #expect(late.status == 200)
            #expect(try await world.send(.get, "/v1/dossiers/\(made.id)/form", as: "registry").status == 404)
        }
    }

    @Test func `problems speak the caller's language`() async throws {
        try await WebWorld.shared { world in
            let vi = try await world.send(.get, "/v1/dossiers/48.x", as: "desk")
            let en = try await world.send(.get, "/v1/dossiers/48.x", as: "desk", headers: ["Accept-Language": "en"])
            #expect(vi.json["title"] == "Không tìm thấy")
            #expect(en.json["title"] == "Not found")
            #expect(vi.json["instance"]?.stringValue == vi.headers[try #require(HTTPField.Name("X-Request-Id"))])
            #expect(vi.headers[.contentType] == "application/problem+json; charset=utf-8")
        }
    }

    @Test func `changes are followed by the sequencer's numbers`() async throws {
        try await WebWorld.fresh { world in
            let made = try await world.submit()
            let deadline = ContinuousClock.now + .seconds(30)
            var page = try await world.send(.get, "/v1/dossiers?updated-since=0", as: "desk")
            while page.json["items"] == [], ContinuousClock.now < deadline {
                page = try await world.send(.get, "/v1/dossiers?updated-since=0", as: "desk")
            }
            #expect(page.json["items"]?.arrayValue?.first?["id"]?.stringValue == made.id, "\(page.json)")
            #expect(Self.fits(page, "DossierPage").isEmpty, "\(Self.fits(page, "DossierPage"))")
            let upTo = try #require(page.json["updatedSince"]?.integerValue)
            let later = try await world.send(.get, "/v1/dossiers?updated-since=\(upTo)", as: "desk")
            #expect(later.json["items"] == [])
            #expect(later.json["updatedSince"]?.integerValue == upTo)
        }
    }

    @Test func `a task is handed on, and a new date needs its reason and an apology in time`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let reassign = { (officer: JSONValue, key: String) in
                try await world.send(
                    .post, "/v1/tasks/\(made.id)/1/reassign", as: "desk", officer: "dn-mc1-truong-01", key: key,
                    ifMatch: made.tag, json: ["officer": officer])
            }
            #expect(try await reassign("dn-haichau-hotich-01", "a").faults == ["/officer bad-data"])
            let handed = try await reassign("dn-mc1-tiepnhan-02", "b")
            #expect(handed.json["tasks"]?.arrayValue?.first?["officer"] == "dn-mc1-tiepnhan-02")
            let path = "/v1/dossiers/\(made.id)/reappointment"
            let body: JSONValue = ["date": "2026-03-09T17:00:00+07:00", "said": ["reason": ["code": "overload"]]]
            let early = try await world.send(
                .post, path, as: "desk", officer: "dn-mc1-truong-01", key: "c", ifMatch: handed.etag, json: body)
            #expect(early.status == 422)
            #expect(early.code == "bad-date")
            let noDate = try await world.send(
                .post, path, as: "desk", officer: "dn-mc1-truong-01", key: "d", ifMatch: handed.etag,
                json: ["date": "soon"])
            #expect(noDate.faults == ["/date invalid"])
        }
    }
}
