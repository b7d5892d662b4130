import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// SplitMix64: the same seed gives the same run, so that a failure can be run again.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Up to `count` pieces out of those that the parsers treat specially.
    mutating func text(_ count: Int) -> String {
        let pieces = [
            "/", "?", "&", "=", "%", "%2", "%2F", "%FF", "%00", "#", "..", "hello", "lang", "en", "vi", ":", "@", "[",
            "]",
            "é", "😀", "\u{FFFD}", "*", "q=", ";", ",", "\"", "\\", "W/", "v7", "0.", "9", "99999999999999999999", "-",
            " ",
            "\t", "::", "10.0.0.1", "http://", "+", "\u{1}", "\u{7F}", "a", "",
        ]
        return (0..<Int.random(in: 0...count, using: &self)).map { _ in pieces.randomElement(using: &self) ?? "" }
            .joined()
    }
}

@Suite(.timeLimit(.minutes(1))) struct EdgeFuzzTests {
    @Test(arguments: [21, 22] as [UInt64])
    func `any path and header is answered`(seed: UInt64) async throws {
        var random = SeededGenerator(state: seed)
        let face = BareFace(proxies: try #require(TrustedProxies(["10.0.0.0/8"])))
        let peer = RemoteAddress("10.0.0.1")
        let methods: [HTTPRequest.Method] = [.get, .post, .head, .delete]
        let names = try [
            "Accept", "Accept-Language", "If-Match", "If-None-Match", "Idempotency-Key", "X-Forwarded-For",
            "Content-Type", "Content-Length", "Cookie",
        ].map { try #require(HTTPField.Name($0)) }
        var statuses: Set<Int> = []
        for _ in 0..<1500 {
            var headers: HTTPFields = [:]
            for name in names where Bool.random(using: &random) { headers[name] = random.text(6) }
            let answer = try await face.call(
                methods.randomElement(using: &random) ?? .get, "/" + random.text(6), headers: headers,
                body: Array(random.text(4).utf8), peer: peer)
            statuses.insert(answer.status)
            let asked = request(headers, path: "/" + random.text(4))
            _ = try? asked.ifMatch()
            _ = try? asked.idempotencyKey()
            _ = try? asked.preferredType(of: ["application/json", "text/html"])
            _ = asked.has(ETag(version: 7))
        }
        #expect(!statuses.contains(500), "seed \(seed): \(statuses)")
        #expect(statuses.contains(404))
    }

    @Test func `any bytes on the wire leave the server standing`() async throws {
        var limits = ConnectionLimits()
        limits.idleTimeout = .milliseconds(500)
        limits.bodyDeadline = .milliseconds(500)
        limits.lingerTime = .milliseconds(100)
        try await withServer(limits: limits) { port, _ in
            var random = SeededGenerator(state: 31)
            for _ in 0..<25 {
                var wires: [Wire] = []
                for _ in 0..<8 {
                    let wire = try await Wire.open(port)
                    await wire.send(Self.mutated(&random))
                    wires.append(wire)
                }
                for (place, wire) in wires.enumerated() {
                    // Half go away in the middle, half wait for whatever comes.
                    if place.isMultiple(of: 2) { await wire.close() } else { _ = await wire.readToEnd() }
                }
            }
            let wire = try await Wire.open(port)
            await wire.send("GET /hello/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(String(decoding: await wire.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 200 OK"))
        }
    }

    private static func mutated(_ random: inout SeededGenerator) -> String {
        let whole =
            "POST /hello/\(random.text(3)) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(["2", "5", "-1", "99999999999999999999", "0"].randomElement(using: &random) ?? "2")\r\n"
            + "X-Forwarded-For: \(random.text(3))\r\n"
            + (Bool.random(using: &random) ? "Transfer-Encoding: chunked\r\n" : "") + "\r\n{}\r\n"
            + "GET /\(random.text(3)) HTTP/1.1\r\nHost: x\r\n\r\n"
        var text = Array(whole.unicodeScalars)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let place = Int.random(in: 0..<text.count, using: &random)
            text[place] = Unicode.Scalar(UInt8.random(in: 0...0x7F, using: &random))
        }
        return String(String.UnicodeScalarView(text))
    }
}
