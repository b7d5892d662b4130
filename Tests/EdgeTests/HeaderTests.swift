import Edge
import HTTPTypes
import Hummingbird
import JSONText
import NIOCore
import Testing

func request(_ headers: HTTPFields, path: String = "/") -> Request {
    Request(
        head: HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path, headerFields: headers),
        body: RequestBody(buffer: ByteBuffer()))
}

@Suite struct HeaderTests {
    @Test(arguments: [0, 1, 0xAA73_95B0_994F_A460, UInt64.max])
    func `a tag of a hash is its sixteen digits`(hash: UInt64) {
        let digits = String(hash, radix: 16)
        let tag = ETag(hash: hash)
        #expect(tag.opaque == String(repeating: "0", count: 16 - digits.count) + digits)
        #expect(tag == ETag(opaque: tag.opaque) && tag.description == "\"\(tag.opaque)\"")
    }

    @Test(
        arguments: [
            ("", .vi), ("en", .en), ("EN-us", .en), ("vi,en", .vi), ("en,vi", .vi), ("en;q=0.9,vi;q=0.8", .en),
            ("fr, en;q=0.1", .en), ("fr", .vi), ("*", .vi), ("vi;q=0, *", .en), ("en;q=x", .vi), ("en;q=0", .vi),
            ("en;q=0.001", .en), (String(repeating: "fr,", count: 40) + "en", .vi), (";;;,,,q=", .vi),
        ] as [(String, EdgeLanguage)])
    func `the language is the better liked of two`(header: String, language: EdgeLanguage) {
        #expect(EdgeLanguage(acceptLanguage: header) == language)
    }

    @Test(
        arguments: [
            ("\"8e03978e-40d5\"", "8e03978e-40d5"), ("8e03978e-40d5", "8e03978e-40d5"), (#""a\"b\\c d""#, "a\"b\\c d"),
            ("  k ", "k"), ("", nil), ("\"\"", nil), ("\"open", nil), ("\"a\"b", nil), ("a b", nil), ("a,b", nil),
            ("\"a\\x\"", nil), ("khoá", nil), ("\"khoá\"", nil),
            (String(repeating: "k", count: 255), String(repeating: "k", count: 255)),
            (String(repeating: "k", count: 256), nil), (String(repeating: "k", count: 600), nil),
        ] as [(String, String?)])
    func `an idempotency key is a structured string or a token`(header: String, key: String?) {
        #expect(IdempotencyKey(header: header)?.value == key)
    }

    @Test func `a command without its key is 400`() {
        let missing = #expect(throws: Problem.self) { try request([:]).idempotencyKey() }
        #expect(missing?.code == "idempotency-key-required" && missing?.status == .badRequest)
        var twice: HTTPFields = [:]
        twice.append(HTTPField(name: .idempotencyKey, value: "a"))
        twice.append(HTTPField(name: .idempotencyKey, value: "b"))
        #expect(
            #expect(throws: Problem.self) { try request(twice).idempotencyKey() }?.code == "invalid-idempotency-key")
    }

    @Test(
        arguments: [
            (nil, 428), ("\"v7\"", nil), ("*", nil), ("\"v6\", \"v7\"", nil), ("\"v6\"", 412), ("W/\"v7\"", 412),
            ("v7", 400), ("\"v7", 400), ("\"v7\",", 400), ("", 400),
        ] as [(String?, Int?)])
    func `If-Match must name the version`(header: String?, status: Int?) {
        var headers: HTTPFields = [:]
        headers[.ifMatch] = header
        var found: Int?
        do { try request(headers).requireMatch(ETag(version: 7)) } catch { found = error.status.code }
        #expect(found == status)
    }

    @Test(arguments: [("\"v7\"", true), ("W/\"v7\"", true), ("\"v8\"", false), ("*", true), ("junk", false)])
    func `If-None-Match spares the body`(header: String, spares: Bool) async {
        let response = await Response.json(
            for: request([.ifNoneMatch: header]), tag: ETag(version: 7), cache: .revalidate
        ) { Array("{}".utf8) }
        #expect(response.status == (spares ? .notModified : .ok))
        #expect(response.headers[.eTag] == "\"v7\"")
        #expect(response.body.contentLength == (spares ? 0 : 2))
    }

    @Test func `a tag gives back its version and no other text does`() {
        #expect(ETag(version: -3).version == -3)
        #expect(ETag(opaque: "v07")?.version == nil)
        #expect(ETag(opaque: "x7")?.version == nil)
        #expect(ETag(opaque: "a b") == nil)
        #expect(ETag(opaque: "") == nil)
    }

    @Test(
        arguments: [
            (nil, "application/json"), ("text/html", "text/html"), ("*/*", "application/json"),
            ("text/*;q=0.5, application/json;q=0.4", "text/html"), ("text/html;q=0, */*", "application/json"),
            ("image/png", nil), ("", nil),
        ] as [(String?, String?)])
    func `the best liked format is chosen`(accept: String?, type: String?) {
        var headers: HTTPFields = [:]
        headers[.accept] = accept
        #expect((try? request(headers).preferredType(of: ["application/json", "text/html"])) == type)
    }

    @Test(
        arguments: [
            ("203.0.113.9", "203.0.113.9", 3), ("::ffff:203.0.113.9", "203.0.113.9", 3),
            ("2001:db8:1:2ff::1", "2001:db8:1:2ff:0:0:0:1", 7),
        ])
    func `an address belongs to its block`(text: String, written: String, prefix: Int) throws {
        let address = try #require(RemoteAddress(text))
        #expect(address.description == written)
        var sibling = address.bytes
        sibling[sibling.count - 1] ^= 0xFF
        let neighbour = try #require(
            RemoteAddress(sibling.count == 4 ? sibling.map(String.init).joined(separator: ".") : "2001:db8:1:200::9"))
        #expect(address.block == neighbour.block)
        #expect(address.block != RemoteAddress("203.0.114.9")?.block)
        #expect(RemoteAddress("2001:db8:1:300::1")?.block != address.block)
    }

    @Test(arguments: ["", "1.2.3", "1.2.3.4:80", "[::1]", "localhost", "::1%lo", String(repeating: "1", count: 100)])
    func `what is no address is none`(text: String) {
        #expect(RemoteAddress(text) == nil)
    }

    @Test(
        arguments: [
            ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"), ("10.0.0.1", ["198.51.100.7, 10.9.9.9"], "198.51.100.7"),
            ("10.0.0.1", ["6.6.6.6, 198.51.100.7"], "198.51.100.7"), ("198.51.100.9", ["6.6.6.6"], "198.51.100.9"),
            ("10.0.0.1", ["6.6.6.6, junk"], "10.0.0.1"), ("10.0.0.1", [], "10.0.0.1"),
            ("10.0.0.1", ["6.6.6.6", "198.51.100.7"], "198.51.100.7"), ("2001:db8::5", ["9.9.9.9"], "9.9.9.9"),
        ] as [(String, [String], String)])
    func `only listed proxies are believed`(peer: String, hops: [String], client: String) throws {
        let proxies = try #require(TrustedProxies(["10.0.0.0/8", "2001:db8::/33"]))
        #expect(proxies.client(peer: try #require(RemoteAddress(peer)), forwardedFor: hops).description == client)
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "proxy", "10.0.0.0/8/8"])
    func `a proxy list that does not read is none`(text: String) {
        #expect(TrustedProxies([text]) == nil)
    }
}
