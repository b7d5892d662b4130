import Edge
import Hummingbird
import JSONText
import Logging
import NIOCore
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(1)), .serialized) struct LiveServerTests {
    private func limits(_ change: (inout ConnectionLimits) -> Void) -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.lingerTime = .milliseconds(500)
        change(&limits)
        return limits
    }

    private func post(_ path: String, _ headers: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\(headers)\r\n"
    }

    @Test func `a body that stops coming is cut by the deadline`() async throws {
        let limits = limits {
            $0.bodyDeadline = .milliseconds(300)
            $0.bodyGrace = .seconds(10)
        }
        try await withServer(limits: limits) { port, _ in
            let wire = try await Wire.open(port)
            await wire.send(post("/hello/a?lang=en", "Content-Length: 100\r\n") + "{\"text\"")
            let start = ContinuousClock.now
            let answer = String(decoding: await wire.readToEnd(), as: UTF8.self)
            #expect(start.duration(to: .now) < .seconds(15))
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(answer.contains("\"code\":\"request-timeout\""))
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test func `a body slower than the minimum rate is cut before the deadline`() async throws {
        let limits = limits { $0.bodyGrace = .milliseconds(200) }
        try await withServer(limits: limits) { port, _ in
            let wire = try await Wire.open(port)
            await wire.send(post("/hello/a", "Content-Length: 100000\r\n") + "{")
            let start = ContinuousClock.now
            let answer = String(decoding: await wire.readToEnd(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(start.duration(to: .now) < .seconds(15))
        }
    }

    @Test func `a declared body of 100 MB is refused before it is sent`() async throws {
        try await withServer(limits: limits { _ in }) { port, _ in
            let wire = try await Wire.open(port)
            await wire.send(post("/hello/a", "Content-Length: 104857600\r\n"))
            let start = ContinuousClock.now
            let answer = await wire.read(until: "content-too-large")
            #expect(start.duration(to: .now) < .seconds(15))
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.lowercased().contains("connection: close"))
            try await wire.closed()
        }
    }

    @Test func `a body that grows beyond the limit is refused while it is sent`() async throws {
        try await withServer(limits: limits { _ in }) { port, _ in
            let wire = try await Wire.open(port)
            await wire.send(post("/hello/a", "Transfer-Encoding: chunked\r\n"))
            let chunk = "10000\r\n" + String(repeating: " ", count: 65536) + "\r\n"
            let sender = Task {
                var sent = 0
                while sent < 100 << 20, await wire.send(chunk) { sent += 65536 }
                return sent
            }
            let answer = await wire.read(until: "content-too-large")
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            try await wire.closed()
            #expect(await sender.value < 100 << 20)
        }
    }

    @Test func `a depth bomb is 400 and the connection lives on`() async throws {
        try await withServer { port, _ in
            let wire = try await Wire.open(port)
            await wire.send(post("/hello/a", "Content-Length: 10000\r\n") + String(repeating: "[", count: 10_000))
            #expect(await wire.read(until: "json-too-deep").hasPrefix("HTTP/1.1 400 "))
            await wire.send("GET /hello/b HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(await wire.read(until: "{\"hello\":\"b\"}").contains("HTTP/1.1 200 OK"))
            await wire.close()
        }
    }

    @Test func `an answer to HEAD has no body, whatever it says`() async throws {
        try await withServer { port, _ in
            let wire = try await Wire.open(port)
            for path in ["/hello/a", "/nowhere"] { await wire.send("HEAD \(path) HTTP/1.1\r\nHost: x\r\n\r\n") }
            await wire.send("GET /hello/b HTTP/1.1\r\nHost: x\r\n\r\n")
            let answers = await wire.read(until: "{\"hello\":\"b\"}")
            #expect(answers.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) } == ["200", "404", "200"])
            #expect(!answers.contains("\"code\"") && !answers.contains("\"a\""))
            await wire.close()
        }
    }

    @Test func `what is not HTTP is 400 and closed`() async throws {
        try await withServer(limits: limits { _ in }) { port, _ in
            for garbage in ["\u{0}\u{1}\u{2}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\r\nfoo bar\r\n\r\n"] {
                let wire = try await Wire.open(port)
                await wire.send(garbage)
                #expect(String(decoding: await wire.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
            }
        }
    }

    @Test func `a request names one host, unless it is of HTTP/1.0`() async throws {
        try await withServer { port, _ in
            for (line, hosts, status) in [
                ("GET /hello/a HTTP/1.1", "", "400"), ("GET /nowhere HTTP/1.1", "", "400"),
                ("GET /hello/a HTTP/1.1", "Host: x\r\nhOsT: y\r\n", "400"),
                ("GET /hello/a HTTP/1.1", "Host: x\r\nHost: x\r\n", "400"),
                ("GET /hello/a HTTP/1.0", "Host: x\r\nHost: y\r\n", "400"),
                ("GET http://x/hello/a HTTP/1.1", "", "400"), ("GET /hello/a HTTP/1.1", "Host:\r\n", "200"),
                ("GET /hello/a HTTP/1.1", "Host: x\r\n", "200"), ("GET /hello/a HTTP/1.0", "", "200"),
                ("GET /hello/a HTTP/1.0", "Host: x\r\n", "200"),
            ] {
                let wire = try await Wire.open(port)
                await wire.send("\(line)\r\n\(hosts)\(status == "200" ? "Connection: close\r\n" : "")\r\n")
                let answer = String(decoding: await wire.readToEnd(), as: UTF8.self)
                #expect(answer.split(separator: " ").dropFirst().first == "\(status)", "\(line) \(hosts) \(answer)")
                #expect(answer.contains("RFC 9112") == (status == "400"))
            }
        }
    }

    @Test func `broken percent escapes and paths are answered`() async throws {
        try await withServer { port, _ in
            for path in [
                "/%", "/hello/%ff", "/hello/%00", "//", "/?%&=&lang=%zz&&", "/hello/a?lang", "*", "http://x/hello/a",
            ] {
                let wire = try await Wire.open(port)
                await wire.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                #expect(String(decoding: await wire.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 "), "\(path)")
            }
        }
    }

    @Test func `a caller that says nothing is closed`() async throws {
        try await withServer(limits: limits { $0.idleTimeout = .milliseconds(200) }) { port, _ in
            let silent = try await Wire.open(port)
            let half = try await Wire.open(port)
            await half.send("GET /hello/a HTT")
            try await silent.closed()
            try await half.closed()
        }
    }

    @Test func `a large answer arrives whole`() async throws {
        try await withServer(limits: limits { _ in }) { port, _ in
            let wire = try await Wire.open(port)
            await wire.send("GET /large/4000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let bytes = await wire.readToEnd()
            #expect(bytes.count > 4_000_000)
            #expect(bytes.suffix(4_000_000).allSatisfy { $0 == UInt8(ascii: "x") })
        }
    }

    @Test func `a caller that does not read is closed at the write deadline`() async throws {
        try await withServer(limits: limits { $0.writeDeadline = .milliseconds(300) }) { port, _ in
            let wire = try await Wire.open(port, reads: false)
            await wire.send("GET /large/50000000 HTTP/1.1\r\nHost: x\r\n\r\n")
            // Not reading, the test sees the end only in that sending fails.
            let start = ContinuousClock.now
            while await wire.send("x"), start.duration(to: .now) < .seconds(20) { await Task.yield() }
            #expect(start.duration(to: .now) < .seconds(20))
            await wire.close()
        }
    }

    @Test func `one block of addresses has its share of connections`() async throws {
        try await withServer(limits: limits { $0.connectionCountPerBlockMax = 2 }) { port, _ in
            let get = "GET /hello/a HTTP/1.1\r\nHost: x\r\n\r\n"
            let wires = [try await Wire.open(port), try await Wire.open(port)]
            for wire in wires {
                await wire.send(get)
                #expect(await wire.read(until: "hello\":").contains("200 OK"))
            }
            let third = try await Wire.open(port)
            await third.send(get)
            #expect(await third.readToEnd().isEmpty)
            for wire in wires { await wire.close() }
        }
    }

    @Test func `a stop finishes the request in flight and takes no more`() async throws {
        let entered = Gate()
        let leave = Gate()
        let router = testRouter()
        router.get("slow") { _, _ in
            entered.open()
            await leave.pass()
            return Response.json(Array("\"\(String(repeating: "x", count: 300_000))done\"".utf8))
        }
        try await withServer(router, limits: limits { _ in }) { port, group in
            let wire = try await Wire.open(port)
            let idle = try await Wire.open(port)
            await wire.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            await entered.pass()
            await group.triggerGracefulShutdown()
            try await idle.closed()
            let late = try? await Wire.open(port)
            #expect(late == nil)
            leave.open()
            let answer = String(decoding: await wire.readToEnd(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
            #expect(answer.hasSuffix("done\""))
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test func `a stop does not wait for ever`() async throws {
        let entered = Gate()
        let router = testRouter()
        router.get("stuck") { _, _ in
            entered.open()
            try await Task.sleep(for: .seconds(600))
            return Response(status: .ok)
        }
        let limits = limits { $0.stopDeadline = .milliseconds(300) }
        let start = ContinuousClock.now
        do {
            try await withServer(router, limits: limits) { port, _ in
                let wire = try await Wire.open(port)
                await wire.send("GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n")
                await entered.pass()
            }
        } catch is CancellationError {}
        #expect(start.duration(to: .now) < .seconds(10))
    }

    @Test func `the operations listener says alive, ready or why not, and the numbers`() async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let stuck = Gate()
        let server = OperationsServer(
            port: 0,
            checks: [
                ReadinessCheck(name: "database") { .ready },
                ReadinessCheck(name: "stuck") {
                    await stuck.pass()
                    return .ready
                },
            ], registry: PrometheusRegistry(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onRunning: { port.yield($0) })
        try await run(server, ports) { port, _ in
            func get(_ path: String) async throws -> String {
                let wire = try await Wire.open(port)
                await wire.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return String(decoding: await wire.readToEnd(), as: UTF8.self)
            }
            #expect(try await get("/livez").hasPrefix("HTTP/1.1 200 "))
            let unready = try await get("/readyz")
            #expect(unready.hasPrefix("HTTP/1.1 503 "))
            #expect(
                unready.contains(
                    #""database":{"ready":true},"stuck":{"ready":false,"reason":"no answer in 2.0 seconds"}"#))
            stuck.open()
            var ready = ""
            let start = ContinuousClock.now
            // The late answer of the first probe must arrive before a second one is asked.
            repeat {
                ready = try await get("/readyz")
            } while !ready.hasPrefix("HTTP/1.1 200 ") && start.duration(to: .now) < .seconds(10)
            #expect(ready.contains(#"{"status":"ready","checks":{"database":{"ready":true},"stuck":{"ready":true}}}"#))
            #expect(
                try await get("/metrics").contains(
                    "http_requests_total{face=\"operations\",method=\"GET\",route=\"/livez\",status=\"2xx\"} 1"))
        }
    }
}
