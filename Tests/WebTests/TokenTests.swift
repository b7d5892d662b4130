import Edge
import HTTPTypes
import JSONText
import Testing
import WorkingTime

@testable import Web

struct TokenTests {
    private static let good = "grant_type=client_credentials&client_id=desk&client_secret=\(WebWorld.secret)"

    @Test func `a client gets a token by its form, or by Basic`() async throws {
        try await WebWorld.shared { world in
            let answer = try await world.askToken(Self.good + "&scope=read+submit")
            #expect(answer.status == 200)
            #expect(answer.json["scope"] == "read submit")
            #expect(answer.json["expires_in"] == 600)
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers.contains { $0.name.canonicalName == "ratelimit" })
            let basic = Basic.header("desk", WebWorld.secret)
            let other = try await world.askToken("grant_type=client_credentials", headers: ["Authorization": basic])
            #expect(other.status == 200)
            #expect(SchemaValidator(contract: OpenAPIDocument([]).value).problems(other.json, "Token").isEmpty)
        }
    }

    @Test func `what is no proper request for a token is told so in OAuth's words`() async throws {
        try await WebWorld.fresh { world in
            let wrong = String(repeating: "00", count: 32)
            let cases: [(String, Int, String)] = [
                ("grant_type=password", 400, "unsupported_grant_type"), ("", 400, "unsupported_grant_type"),
                ("grant_type=client_credentials", 401, "invalid_client"),
                ("grant_type=client_credentials&client_id=desk&client_secret=\(wrong)", 401, "invalid_client"),
                ("grant_type=client_credentials&client_id=nobody&client_secret=\(wrong)", 401, "invalid_client"),
                ("grant_type=client_credentials&client_id=a%00b&client_secret=x", 401, "invalid_client"),
                (
                    "grant_type=client_credentials&client_id=gone&client_secret=\(WebWorld.secret)", 401,
                    "invalid_client"
                ),
                (Self.good + "&scope=admin", 400, "invalid_scope"), (Self.good + "&scope=all", 400, "invalid_scope"),
                (Self.good + "&client_id=desk", 400, "invalid_request"), ("grant_type=%zz", 400, "invalid_request"),
            ]
            for (form, status, code) in cases {
                let answer = try await world.askToken(form)
                #expect(answer.status == status, "\(form)")
                #expect(answer.json["error"]?.stringValue == code, "\(form)")
            }
            let json = try await world.send(.post, "/oauth2/token", body: Array("{}".utf8))
            #expect(json.json["error"] == "invalid_request")
        }
    }

    @Test func `too many requests for tokens are told when to come again`() async throws {
        let tight = RateLimiter(
            name: "token", perBlock: Quota(count: 2, seconds: 60), overall: Quota(count: 100, seconds: 60))
        try await WebWorld.fresh(limiter: tight) { world in
            #expect(try await world.askToken(Self.good).status == 200)
            #expect(try await world.askToken(Self.good).status == 200)
            let third = try await world.askToken(Self.good)
            #expect(third.status == 429)
            #expect(third.code == "too-many-requests")
            #expect(third.headers[.retryAfter] == "30")
        }
    }

    @Test func `without a valid token nothing is answered`() async throws {
        try await WebWorld.shared { world in
            let good = try await world.token("desk")
            let parts = good.split(separator: ".").map(String.init)
            let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
            let flipped = parts[2].replacing(
                parts[2].prefix(1), with: parts[2].hasPrefix("A") ? "B" : "A", maxReplacements: 1)
            let bad = [
                "", "Bearer", "Bearer x", "Basic abc", "Bearer \(parts[0]).\(parts[1])",
                "Bearer \(unsigned).\(parts[1]).", "Bearer \(unsigned).\(parts[1]).\(parts[2])",
                "Bearer \(parts[0]).\(parts[1]).\(flipped)", "Bearer " + String(repeating: "a", count: 10_000),
            ]
            for header in bad {
                let answer = try await world.send(
                    .get, "/v1/dossiers", headers: header.isEmpty ? [:] : ["Authorization": header])
                #expect(answer.status == 401, "\(header.prefix(40))")
                #expect(answer.code == "unauthorized")
                #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            }
            #expect(
                try await world.send(.get, "/v1/dossiers", headers: ["Authorization": "Bearer \(good)"]).status == 200)
        }
    }

    @Test func `a token ends after ten minutes of the machine's clock, not of the training clock`() async throws {
        try await WebWorld.fresh { world in
            _ = try await world.token("desk")
            world.clock.set(world.clock.now.adding(seconds: 86_400))
            #expect(try await world.send(.get, "/v1/dossiers", as: "desk").status == 200)
            world.seconds.set(world.seconds.value + 599)
            #expect(try await world.send(.get, "/v1/dossiers", as: "desk").status == 200)
            world.seconds.set(world.seconds.value + 1)
            #expect(try await world.send(.get, "/v1/dossiers", as: "desk").status == 401)
        }
    }

    @Test func `a client may do what its scopes say and nothing more`() async throws {
        try await WebWorld.shared { world in
            let cases: [(HTTPRequest.Method, String, String)] = [
                (.post, "/v1/dossiers", "reader"), (.post, "/v1/procedures", "desk"),
                (.post, "/v1/calls/lease", "desk"),
                (.get, "/v1/dossiers", "admin"), (.get, "/v1/tasks", "registry"),
            ]
            for (method, path, client) in cases {
                let answer = try await world.send(method, path, as: client, key: "k", json: [:])
                #expect(answer.status == 403, "\(method) \(path)")
                #expect(answer.code == "missing-scope")
            }
        }
    }
}

enum Basic {
    /// `Basic …` of an id and a secret.
    static func header(_ id: String, _ secret: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array("\(id):\(secret)".utf8)
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { text.append(alphabet[value >> (18 - 6 * place) & 63]) }
            text += String(repeating: "=", count: 3 - group.count)
        }
        return "Basic \(text)"
    }
}
