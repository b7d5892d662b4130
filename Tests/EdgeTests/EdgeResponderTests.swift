import Edge
import HTTPTypes
import Hummingbird
import JSONText
import Synchronization
import Testing

@Suite struct EdgeResponderTests {
    @Test(
        arguments: [
            ("/nowhere", [:], "Không tìm thấy", "vi"),
            ("/nowhere", [.acceptLanguage: "en-GB,vi;q=0.5"], "Not found", "en"),
            ("/nowhere?lang=en", [:], "Not found", "en"),
            ("/nowhere?lang=vi", [.acceptLanguage: "en"], "Không tìm thấy", "vi"),
            ("/nowhere?lang=fr", [.acceptLanguage: "fr"], "Không tìm thấy", "vi"),
        ] as [(String, HTTPFields, String, String)])
    func `an unknown route is a problem in the caller's language`(
        path: String, headers: HTTPFields, title: String, language: String
    ) async throws {
        let answer = try await BareFace().call(.get, path, headers: headers)
        #expect(answer.status == 404)
        #expect(answer.headers[.contentType] == "application/problem+json; charset=utf-8")
        #expect(answer.headers[.contentLanguage] == language)
        #expect(
            try answer.json == [
                "type": "https://motcua.vn/problems/not-found", "title": .string(title), "status": 404,
                "code": "not-found", "instance": "0123456789abcdef0123456789abcdef",
            ])
    }

    @Test func `every answer has the security headers and its trace id`() async throws {
        for path in ["/hello/a", "/nowhere", "/secret"] {
            let answer = try await BareFace().call(.get, path)
            #expect(
                answer.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'; frame-ancestors 'none'") == true)
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(answer.headers[.requestID] == "0123456789abcdef0123456789abcdef")
        }
    }

    @Test func `a known path with another method is 405 and says which`() async throws {
        let answer = try await BareFace().call(.delete, "/hello/a")
        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == "GET, HEAD, POST")
        #expect(try answer.json["code"] == "method-not-allowed")
    }

    @Test func `an unforeseen error tells the caller nothing and the log its type`() async throws {
        let face = BareFace()
        let answer = try await face.call(.get, "/secret")
        #expect(answer.status == 500)
        #expect(!answer.text.contains("SELECT") && !answer.text.contains("SecretError"))
        let lines = face.log.lines.withLock { $0 }
        #expect(lines.count == 1)
        #expect(lines.first?.contains("SecretError") == true && lines.first?.contains("SELECT") == false)
        #expect(lines.first?.contains("0123456789abcdef0123456789abcdef") == true)
    }

    @Test func `a bare error of the router becomes a problem without its words`() async throws {
        let answer = try await BareFace().call(.get, "/bare")
        #expect(answer.status == 403)
        #expect(!answer.text.contains("inner words"))
        #expect(try answer.json["code"] == "forbidden")
    }

    @Test func `a face may show problems its own way and keeps the protocol's headers`() async throws {
        let face = BareFace(renderProblem: { problem, _, _ in
            problem.status == .notFound ? nil : Response(status: problem.status, headers: [.contentType: "text/html"])
        })
        let answer = try await face.call(.delete, "/hello/a")
        #expect(answer.headers[.contentType] == "text/html")
        #expect(answer.headers[.allow] == "GET, HEAD, POST")
        #expect(try await face.call(.get, "/page").headers[.contentType] == "text/html")
        #expect(
            try await face.call(.get, "/nowhere").headers[.contentType] == "application/problem+json; charset=utf-8")
    }

    @Test func `a body's faults are 422 with pointers`() async throws {
        let answer = try await BareFace().call(
            .post, "/hello/a?lang=en", headers: [.contentType: "application/json"], body: Array(#"{"txt":"x"}"#.utf8))
        #expect(answer.status == 422)
        #expect(
            try answer.json["errors"] == [
                ["pointer": "/text", "code": "required", "detail": "This is required."],
                ["pointer": "/txt", "code": "unknown-key", "detail": "No such field; did you mean “text”?"],
            ])
    }

    @Test(
        arguments: [
            (String(repeating: "[", count: 10_000), "json-too-deep"), ("{\"text\":\"\\u0000\"}", "json-nul"),
            ("{", "json-unexpected-end"), ("", "json-empty"),
        ])
    func `a body that is no JSON is 400`(body: String, code: String) async throws {
        let answer = try await BareFace().call(
            .post, "/hello/a", headers: [.contentType: "application/json; charset=UTF-8"], body: Array(body.utf8))
        #expect(answer.status == 400)
        #expect(try answer.json["errors"]?.arrayValue?.first?["code"] == .string(code))
    }

    @Test(arguments: [nil, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"])
    func `a body of another type is 415`(type: String?) async throws {
        var headers: HTTPFields = [:]
        headers[.contentType] = type
        let answer = try await BareFace().call(.post, "/hello/a", headers: headers, body: Array("{}".utf8))
        #expect(answer.status == 415)
    }

    @Test(
        arguments: [(1000, nil, 200), (1001, nil, 413), (10, "10", 200), (10, "11", 400), (0, "104857600", 413)]
            as [(Int, String?, Int)])
    func `a body is read up to the route's limit, and whole`(count: Int, declared: String?, status: Int) async throws {
        var headers: HTTPFields = [:]
        headers[.contentLength] = declared
        let answer = try await BareFace().call(
            .post, "/bytes", headers: headers, body: Array(repeating: 65, count: count))
        #expect(answer.status == status)
        #expect((answer.headers[.connection] == "close") == (status != 200))
    }

    @Test func `requests count under their route, never under their path`() async throws {
        let face = BareFace()
        for path in ["/hello/7K2M-9QRT-4XZ8", "/hello/b", "/7K2M-9QRT-4XZ8"] { _ = try await face.call(.get, path) }
        _ = try await face.call(try #require(HTTPRequest.Method("BREW")), "/hello/a")
        let text = String(decoding: face.registry.render(), as: UTF8.self)
        #expect(
            text.contains(
                "http_requests_total{face=\"test\",method=\"GET\",route=\"/hello/{name}\",status=\"2xx\"} 2\n"))
        #expect(
            text.contains("http_requests_total{face=\"test\",method=\"GET\",route=\"NotFound\",status=\"4xx\"} 1\n"))
        #expect(
            text.contains("http_requests_total{face=\"test\",method=\"other\",route=\"NotFound\",status=\"4xx\"} 1\n"))
        #expect(text.contains("http_request_duration_seconds_count{face=\"test\""))
        #expect(!text.contains("7K2M"))
    }

    @Test func `the arrival and the caller are stamped once`() async throws {
        let face = BareFace(proxies: try #require(TrustedProxies(["10.0.0.0/8"])))
        let answer = try await face.call(
            .get, "/stamp", headers: [try #require(HTTPField.Name("X-Forwarded-For")): "198.51.100.7, 10.1.1.1"],
            peer: RemoteAddress("10.0.0.1"))
        #expect(try answer.json == ["arrived": 1_777_000_000_000_000, "client": "198.51.100.7"])
    }
}
