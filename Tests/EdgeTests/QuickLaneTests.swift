import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import Edge

/// Finished answers of a test: `/quick/…` at once, `/slow/…` when the gate opens, `/gone/…` not after all.
private final class Finished: QuickAnswers {
    let routes = ["/quick", "/slow"]
    let gate = Gate()
    /// Requests that were looked at.
    let seen = Mutex<[QuickRequest]>([])
    private let quota = RateLimiter(
        name: "test", perBlock: Quota(count: 10, seconds: 60), overall: Quota(count: 100, seconds: 1))

    func concerns(_ target: String) -> Bool {
        ["/quick/", "/slow/", "/gone/", "/pass/"].contains { target.hasPrefix($0) }
    }

    func plan(_ request: QuickRequest, on eventLoop: any EventLoop) -> QuickPlan {
        seen.withLock { $0.append(request) }
        if request.target.hasPrefix("/pass/") { return .ordinary }
        let answer = answer(to: request)
        if request.target.hasPrefix("/quick/") { return .answer(answer) }
        let promise = eventLoop.makePromise(of: QuickAnswer?.self)
        let gate = gate
        let isGone = request.target.hasPrefix("/gone/")
        Task {
            await gate.pass()
            promise.succeed(isGone ? nil : answer)
        }
        return .later(promise.futureResult)
    }

    private func answer(to request: QuickRequest) -> QuickAnswer {
        let tag = ETag(version: 1)
        let isUnchanged = request.has(tag)
        let head = QuickHead(
            status: isUnchanged ? .notModified : .ok, headers: [.contentType: "text/plain"], security: .api)
        return QuickAnswer(
            head: head, tag: tag, body: Array((isUnchanged ? "" : "<\(request.target)>").utf8),
            quota: quota.take(request.client?.block, nowMicroseconds: 0),
            route: request.target.hasPrefix("/quick") ? 0 : 1)
    }
}

@Suite(.timeLimit(.minutes(1)), .serialized) struct QuickLaneTests {
    private func withQuickServer(
        limits: ConnectionLimits = ConnectionLimits(), registry: PrometheusRegistry = PrometheusRegistry(),
        _ body: @Sendable @escaping (Int, Finished, ServiceGroup) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let finished = Finished()
        let router = testRouter()
        for path in ["quick/{name}", "gone/{name}", "pass/{name}", "slow/{name}"] {
            router.get(RouterPath(path)) { request, _ in Response.json(Array("[\(request.uri.path)]".utf8)) }
        }
        var face = EdgeFace<EdgeContext>(
            name: "test", securityHeaders: .api, trustedProxies: TrustedProxies(["127.0.0.1"]) ?? .none)
        face.quick = finished
        let server = EdgeServer(
            router: router, face: face, port: 0, limits: limits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: registry,
            onRunning: { port.yield($0) })
        try await run(server, ports) { port, group in try await body(port, finished, group) }
    }

    private func get(_ path: String, _ headers: String = "", method: String = "GET") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(headers)\r\n"
    }

    @Test func `a finished answer has every header that others have`() async throws {
        let registry = PrometheusRegistry()
        try await withQuickServer(registry: registry) { port, _, _ in
            let wire = try await Wire.open(port)
            await wire.send(get("/quick/a"))
            let quick = await wire.read(until: "</quick/a>")
            await wire.send(get("/pass/b"))
            let both = await wire.read(until: "[/pass/b]")
            func names(_ answer: Substring) -> Set<String> {
                Set(
                    answer.split(separator: "\r\n").compactMap {
                        $0.split(separator: ":").first?.lowercased()
                    })
            }
            let parts = both.split(separator: "HTTP/1.1 200 OK\r\n")
            try #require(parts.count == 2)
            let heads = parts.map { $0.prefix(upTo: $0.firstRange(of: "\r\n\r\n")?.lowerBound ?? $0.endIndex) }
            let quickNames = names(heads[0])
            #expect(quickNames == names(heads[1]).union(["etag", "ratelimit", "ratelimit-policy"]))
            #expect(
                quick.contains("\r\nContent-Length: 10\r\n") && quick.contains("\r\nRateLimit: \"test\";r=9;t=6\r\n"))
            #expect(quick.contains("\r\nRateLimit-Policy: \"test\";q=10;w=60\r\n"))
            let trace = quick.split(separator: "X-Request-Id: ").last?.prefix { !$0.isNewline } ?? ""
            #expect(trace.count == 32 && trace.allSatisfy(\.isHexDigit))
            let metrics = String(decoding: registry.render(), as: UTF8.self)
            #expect(
                metrics.contains(#"http_requests_total{face="test",method="GET",route="/quick",status="2xx"} 1"#))
            await wire.close()
        }
    }

    @Test func `what names no host, or two, goes the ordinary way, which refuses it`() async throws {
        try await withQuickServer { port, finished, _ in
            for hosts in ["", "Host: x\r\nHost: x\r\n"] {
                let wire = try await Wire.open(port)
                await wire.send("GET /quick/a HTTP/1.1\r\n\(hosts)\r\n")
                let answer = String(decoding: await wire.readToEnd(), as: UTF8.self)
                #expect(answer.hasPrefix("HTTP/1.1 400 ") && !answer.contains("<"))
            }
            #expect(finished.seen.withLock { $0.isEmpty })
        }
    }

    @Test func `answers leave in the order of their requests, whichever way they come`() async throws {
        try await withQuickServer { port, finished, _ in
            let wire = try await Wire.open(port)
            // What comes behind an ordinary request that is not answered yet goes the ordinary way, too.
            let paths = ["/quick/1", "/slow/2", "/quick/3", "/slow/4", "/gone/5", "/quick/6", "/hello/7", "/slow/8"]
            await wire.send(paths.map { get($0) }.joined())
            _ = await wire.read(until: "</quick/1>")
            finished.gate.open()
            let all = await wire.read(until: "[/slow/8]")
            let bodies = all.split(separator: "\r\n").filter { "<[{".contains($0.first ?? " ") }.map {
                String($0.prefix { $0 != "H" })
            }
            #expect(
                bodies == [
                    "</quick/1>", "</slow/2>", "</quick/3>", "</slow/4>", "[/gone/5]", "[/quick/6]",
                    "{\"hello\":\"7\"}", "[/slow/8]",
                ])
            await wire.close()
        }
    }

    @Test func `a caller who has the answer gets 304 without a body`() async throws {
        try await withQuickServer { port, _, _ in
            let wire = try await Wire.open(port)
            for tag in ["\"v1\"", "\"v0\", W/\"v1\"", "*"] {
                await wire.send(get("/quick/a", "if-none-match: \(tag)\r\n"))
            }
            await wire.send(get("/quick/b", "If-None-Match: \"v2\"\r\n"))
            let answers = await wire.read(until: "</quick/b>").split(separator: "HTTP/1.1 ")
            #expect(answers.map { String($0.prefix(3)) } == ["304", "304", "304", "200"])
            #expect(answers.prefix(3).allSatisfy { $0.hasSuffix("\r\n\r\n") && !$0.contains("Content-Length") })
            await wire.close()
        }
    }

    @Test(arguments: [
        ("/quick/a", "", "HEAD"), ("/quick/a", "Content-Length: 0\r\n", "GET"),
        ("/quick/a", "Connection: close\r\n", "GET"),
        ("/quick/a", "Expect: 100-continue\r\n", "GET"), ("/quick/a", "Transfer-Encoding: chunked\r\n", "GET"),
        ("/quick/a", "If-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n", "GET"),
    ])
    func `what is out of the ordinary goes the ordinary way`(path: String, headers: String, method: String) async throws
    {
        try await withQuickServer { port, _, _ in
            let wire = try await Wire.open(port)
            let body = headers.hasPrefix("Transfer") ? "3\r\nabc\r\n0\r\n\r\n" : ""
            await wire.send(get(path, headers, method: method) + body)
            await wire.send(get("/hello/end"))
            let answers = await wire.read(until: headers.hasPrefix("Connection") ? "[/quick/a]" : "\"end\"")
            #expect(answers.contains("HTTP/1.1 200 OK") && !answers.contains("<"))
            #expect(method == "HEAD" || answers.contains("[/quick/a]"))
            await wire.close()
        }
    }

    @Test func `the caller is whom the proxy names`() async throws {
        try await withQuickServer { port, finished, _ in
            let wire = try await Wire.open(port)
            await wire.send(get("/quick/a"))
            await wire.send(get("/quick/b", "X-Forwarded-For: 198.51.100.7\r\nAccept-Language: en\r\n"))
            _ = await wire.read(until: "</quick/b>")
            let seen = finished.seen.withLock { $0 }
            #expect(seen.map { $0.client?.description } == ["127.0.0.1", "198.51.100.7"])
            #expect(seen.map(\.acceptLanguage) == [nil, "en"])
            await wire.close()
        }
    }

    @Test func `a stop waits for the answer that is on its way, which says that it is the last`() async throws {
        try await withQuickServer { port, finished, group in
            let wire = try await Wire.open(port)
            await wire.send(get("/slow/a"))
            while finished.seen.withLock({ $0.isEmpty }) { await Task.yield() }
            await group.triggerGracefulShutdown()
            // The stop has come through when no new connection is taken in any more.
            while let other = try? await Wire.open(port) {
                await other.close()
                await Task.yield()
            }
            finished.gate.open()
            let answer = String(decoding: await wire.readToEnd(), as: UTF8.self)
            #expect(answer.hasSuffix("</slow/a>"))
        }
    }

    @Test func `a caller who leaves before the answer leaves nothing behind`() async throws {
        try await withQuickServer { port, finished, _ in
            let wire = try await Wire.open(port)
            await wire.send(get("/slow/a"))
            while finished.seen.withLock({ $0.isEmpty }) { await Task.yield() }
            await wire.close()
            finished.gate.open()
            let next = try await Wire.open(port)
            await next.send(get("/slow/b"))
            #expect(await next.read(until: "</slow/b>").hasPrefix("HTTP/1.1 200 OK"))
            await next.close()
        }
    }

    @Test func `a connection that gets finished answers is not idle`() {
        var limits = ConnectionLimits()
        limits.idleTimeout = .seconds(30)
        var watch = ConnectionWatch(limits: limits, now: .zero)
        watch.answeredQuickly(now: .seconds(29))
        #expect(watch.tick(now: .seconds(58)) == .none)
        #expect(watch.tick(now: .seconds(59)) == .close)
    }

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_772_323_200, "Sun, 01 Mar 2026 00:00:00 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
    ])
    func `the date is written as HTTP has it`(second: Int64, text: String) {
        #expect(String(decoding: HTTPDate.line(second: second), as: UTF8.self) == "Date: \(text)\r\n")
        #expect(String(decoding: HTTPDate().line(second * 1_000_000 + 999_999), as: UTF8.self) == "Date: \(text)\r\n")
    }

    @Test func `trace ids differ`() {
        let ids = Set((0..<10_000).map { _ in TraceID.random() })
        #expect(ids.count == 10_000 && ids.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }
}
