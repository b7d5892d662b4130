import Edge
import HTTPTypes
import Hummingbird
import JSONText
import Testing
import WorkingTime

@testable import Web

/// Each wrong input gets its own clear answer, and nothing is half-written.
struct BadInputTests {
    private static func count(_ world: WebWorld) async throws -> Int {
        try await world.send(.get, "/v1/dossiers", as: "desk").json["items"]?.arrayValue?.count ?? -1
    }

    @Test func `bodies that are no JSON`() async throws {
        try await WebWorld.fresh { world in
            let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
            let cases: [(String, [UInt8], Int, String)] = [
                ("broken off", Array(#"{"procedure": "#.utf8), 400, " json-unexpected-end"),
                ("empty", [], 400, " json-empty"), ("no object", Array("[]".utf8), 422, " wrong-type"),
                (
                    "invalid UTF-8", Array(#"{"a":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8), 400,
                    " json-invalid-utf-8"
                ),
                ("NUL", Array(#"{"a":"\u0000"}"#.utf8), 400, " json-nul"),
                ("lone surrogate", Array(#"{"a":"\ud800"}"#.utf8), 400, " json-lone-surrogate"),
                ("10,000 deep", Array(deep.utf8), 400, " json-too-deep"),
                ("10,000 deep inside", Array(#"{"form":\#(deep)}"#.utf8), 400, " json-too-deep"),
                ("twice the same key", Array(#"{"form":{},"form":{}}"#.utf8), 400, " json-duplicate-key"),
                ("a number out of range", Array(#"{"form":{"x":1e999999}}"#.utf8), 400, " json-number-out-of-range"),
            ]
            for (name, body, status, fault) in cases {
                let answer = try await world.send(.post, "/v1/dossiers", as: "desk", key: "k", body: body)
                #expect(answer.status == status, "\(name): \(answer.json)")
                #expect(answer.faults == [fault], "\(name)")
            }
            #expect(
                try await world.send(
                    .post, "/v1/dossiers", as: "desk", key: "k", body: [0x7b, 0x7d], type: "text/plain"
                ).status == 415)
            #expect(try await Self.count(world) == 0)
        }
    }

    @Test func `a body of 100 MB is refused before it is read, declared or not`() async throws {
        try await WebWorld.shared { world in
            var headers: HTTPFields = [.contentType: "application/json", .idempotencyKey: "k"]
            headers[.authorization] = "Bearer \(try await world.token("desk"))"
            let sent = Mutexed(0)
            let chunks = AsyncStream<ByteBuffer> {
                guard sent.value < 100 else { return nil }
                sent.set(sent.value + 1)
                return ByteBuffer(repeating: 0x20, count: 1 << 20)
            }
            let streamed = try await world.send(.post, "/v1/dossiers", headers, RequestBody(asyncSequence: chunks))
            #expect(streamed.status == 413)
            #expect(streamed.headers[.connection] == "close")
            #expect(sent.value < 5)
            headers[.contentLength] = "104857600"
            let declared = try await world.send(.post, "/v1/dossiers", headers, RequestBody(buffer: ByteBuffer()))
            #expect(declared.status == 413)
            headers[.contentType] = "application/pdf"
            let made = try await world.submit()
            let document = try await world.send(
                .post, "/v1/dossiers/\(made.id)/documents?name=birth-proof&kind=witness", headers,
                RequestBody(buffer: ByteBuffer()))
            #expect(document.status == 413)
        }
    }

    @Test func `what is wrong with a submission and with its form comes in one answer`() async throws {
        try await WebWorld.shared { world in
            let answer = try await world.send(
                .post, "/v1/dossiers", as: "desk", key: "k",
                json: ["procedure": "birth-residence-insurance", "channel": "fax", "form": ["nothing": 1]])
            #expect(answer.status == 422)
            #expect(answer.faults.contains("/channel not-a-choice"))
            #expect(answer.faults.contains { $0.hasPrefix("/form/nothing ") })
            #expect(answer.faults.filter { $0.hasPrefix("/form/") && $0.hasSuffix(" required") }.count > 5)
        }
    }

    @Test func `members that are unknown, of the wrong type or missing come in one answer`() async throws {
        try await WebWorld.shared { world in
            let answer = try await world.send(
                .post, "/v1/dossiers", as: "desk", key: "k",
                json: ["procedur": "x", "channel": "fax", "form": [], "documents": ["birth-proof": 7]])
            #expect(answer.status == 422)
            #expect(answer.code == "invalid-fields")
            #expect(
                Set(answer.faults) == [
                    "/procedure required", "/channel not-a-choice", "/form wrong-type", "/documents invalid",
                    "/procedur unknown-key",
                ])
            #expect(
                answer.json["errors"]?.arrayValue?.contains {
                    $0["detail"]?.stringValue?.contains("“procedure”") == true
                } == true)
        }
    }

    @Test func `fields of the form that break their types or are missing come in one answer`() async throws {
        try await WebWorld.fresh { world in
            let wrong = try world.submission(
                "birth-registration", ["requester.national-id": "12", "child.date-of-birth": "2026-02-30"])
            var body = try #require(wrong.objectValue)
            var form = try #require(body["form"]?.objectValue)
            form["registration"] = nil
            form["surprise"] = true
            body["form"] = .object(form)
            let answer = try await world.send(.post, "/v1/dossiers", as: "desk", key: "k", json: .object(body))
            #expect(answer.status == 422)
            let pointers = Set(answer.faults.map { String($0.split(separator: " ").first ?? "") })
            for pointer in [
                "/form/requester/national-id", "/form/child/date-of-birth", "/form/registration/commune",
                "/form/surprise",
            ] {
                #expect(
                    pointers.contains { $0 == pointer || pointer.hasPrefix($0 + "/") }, "\(pointer): \(answer.faults)")
            }
            #expect(try await Self.count(world) == 0)
        }
    }

    @Test func `procedures that are unknown, not in force or only linked`() async throws {
        try await WebWorld.fresh { world in
            var body = try #require(try world.submission().objectValue)
            body["procedure"] = "passport"
            let unknown = try await world.send(.post, "/v1/dossiers", as: "desk", key: "a", json: .object(body))
            #expect(unknown.status == 422)
            #expect(unknown.code == "unknown-procedure")
            #expect(unknown.faults == ["/procedure unknown-procedure"])
            body["procedure"] = "birth-residence-insurance"
            world.clock.set(try #require(.init(iso8601: "2020-03-02T08:30")))
            let early = try await world.send(.post, "/v1/dossiers", as: "desk", key: "b", json: .object(body))
            #expect(early.status == 422)
            #expect(early.code == "not-in-force")
        }
    }

    @Test func `agencies that are no centre cannot submit`() async throws {
        try await WebWorld.shared { world in
            let answer = try await world.send(.post, "/v1/dossiers", as: "town", key: "a", json: try world.submission())
            #expect(answer.status == 403)
            #expect(answer.code == "not-a-centre")
        }
    }

    @Test func `keys that are missing or do not read`() async throws {
        try await WebWorld.fresh { world in
            let body = try world.submission()
            #expect(
                try await world.send(.post, "/v1/dossiers", as: "desk", json: body).code == "idempotency-key-required")
            for key in ["a b", "\"", String(repeating: "k", count: 256), "a,b"] {
                let answer = try await world.send(.post, "/v1/dossiers", as: "desk", key: key, json: body)
                #expect(answer.code == "invalid-idempotency-key", "\(key)")
            }
            #expect(try await Self.count(world) == 0)
        }
    }

    @Test func `outcomes, tasks and officers that do not fit`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let unknown = try await world.complete(made, "approve", key: "a")
            #expect(unknown.status == 422)
            #expect(unknown.code == "no-such-outcome")
            #expect(unknown.faults == ["/outcome no-such-outcome"])
            #expect(unknown.json["allowedActions"]?.arrayValue?.isEmpty == false)
            let unsaid = try await world.complete(made, "refuse", key: "b")
            #expect(unsaid.faults == ["/said/reason bad-data"])
            let wrongReason = try await world.complete(made, "refuse", said: ["reason": ["code": "rain"]], key: "c")
            #expect(wrongReason.status == 422)
            let wrongType = try await world.complete(made, "refuse", said: ["reason": 7], key: "d")
            #expect(wrongType.faults == ["/said/reason wrong-type"])
            let nobody = try await world.complete(made, officer: "nobody", "accept", key: "e")
            #expect(nobody.code == "unknown-officer")
            let noRole = try await world.complete(made, officer: "dn-mc1-truong-02", "accept", key: "f")
            #expect(noRole.status == 403)
            #expect(noRole.code == "no-role")
            let over = try await world.send(
                .post, "/v1/tasks/\(made.id)/99/claim", as: "desk", officer: WebWorld.officer, key: "g",
                ifMatch: "\"99.0\"")
            #expect([409, 412].contains(over.status), "\(over.json)")
        }
    }

    @Test func `a task that another officer holds`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let held = try await world.send(
                .post, "/v1/tasks/\(made.id)/1/claim", as: "desk", officer: "dn-mc1-tiepnhan-02", key: "a",
                ifMatch: made.tag)
            #expect(held.status == 200)
            let answer = try await world.complete(held, "accept", key: "b")
            #expect(answer.status == 409)
            #expect(answer.code == "held-by-other")
            #expect(answer.json["allowedActions"]?.arrayValue?.isEmpty == false)
            let old = try await world.complete(made, officer: "dn-mc1-tiepnhan-02", "accept", key: "c")
            #expect(old.status == 412)
        }
    }

    @Test func `queries that do not fit`() async throws {
        try await WebWorld.shared { world in
            let cases: [(String, [String])] = [
                ("limit=0", ["?limit out-of-range"]), ("limit=x", ["?limit out-of-range"]),
                ("limit=99999999999999999999", ["?limit out-of-range"]), ("status=11", ["?status out-of-range"]),
                ("phase=over", ["?phase not-a-choice"]), ("procedur=x", ["?procedur unknown-parameter"]),
                ("procedure=a%00b", ["?procedure invalid"]), ("procedure=%27%3B--", ["?procedure invalid"]),
                ("centre=1", ["?centre wrong-type"]), ("limit=1&limit=2", ["?limit repeated"]),
                ("updated-since=-1", ["?updated-since out-of-range"]),
                ("updated-since=9223372036854775807", ["?updated-since out-of-range"]),
                ("look-up=ABC", ["?look-up invalid"]), ("look-up=", ["?look-up empty"]),
                ("procedure=&centre=", ["?centre empty", "?procedure empty"]), ("limit", ["?limit empty"]),
                ("status=0&phase=x", ["?status out-of-range", "?phase not-a-choice"]),
            ]
            for (query, faults) in cases {
                let answer = try await world.send(.get, "/v1/dossiers?\(query)", as: "desk")
                #expect(answer.status == 400, "\(query)")
                #expect(answer.faults == faults, "\(query)")
            }
        }
    }

    @Test func `a look-up code with one wrong symbol is told apart from one that nothing has`() async throws {
        try await WebWorld.shared { world in
            let made = try await world.submit()
            let code = try #require(made.json["lookUpCode"]?.stringValue)
            let found = try await world.send(.get, "/v1/dossiers?look-up=\(code)", as: "desk")
            #expect(found.json["items"]?.arrayValue?.first?["id"]?.stringValue == made.id)
            #expect(try await world.send(.get, "/v1/dossiers?look-up=\(code)", as: "other-desk").json["items"] == [])
            for place in [0, 5, 13] {
                var symbols = Array(code)
                symbols[place] = symbols[place] == "7" ? "8" : "7"
                let answer = try await world.send(.get, "/v1/dossiers?look-up=\(String(symbols))", as: "desk")
                #expect(answer.status == 400)
                #expect(answer.faults == ["?look-up wrong-symbol"], "\(String(symbols))")
            }
        }
    }

    @Test func `paths of nothing are 404`() async throws {
        let id = "019ca0c5-4c00-7abc-8def-0123456789ab"
        try await WebWorld.shared { world in
            for path in [
                "/v1/dossiers/48", "/v1/dossiers/48.", "/v1/dossiers/-1.\(id)", "/v1/dossiers/99999.\(id)",
                "/v1/dossiers/48.\(id)%00", "/v1/dossiers/48.\(id)", "/v1/tasks/48.\(id)/1", "/v1/tasks/48.\(id)/x",
                "/v1/procedures/birth-registration/99999999999999999999", "/v1/procedures/birth-registration/-1",
                "/v1/procedures/%00/1", "/v1/nothing",
            ] {
                let answer = try await world.send(.get, path, as: "desk")
                #expect(answer.status == 404, "\(path)")
                #expect(answer.code == "not-found")
            }
        }
    }
}
