import Testing

@testable import PublicFeed

/// Where a receiver may be, and where not.
struct AddressTests {
    @Test(arguments: [
        ("8.8.8.8", InternetAddress.Place.public), ("203.162.0.1", .public), ("2001:4860:4860::8888", .public),
        ("127.0.0.1", .loopback), ("127.255.255.254", .loopback), ("::1", .loopback),
        ("10.0.0.1", .inside), ("172.16.0.1", .inside), ("172.31.255.255", .inside), ("192.168.1.1", .inside),
        ("fc00::1", .inside), ("fd12:3456::1", .inside),
        ("172.15.255.255", .public), ("172.32.0.1", .public), ("11.0.0.1", .public), ("9.255.255.255", .public),
        ("0.0.0.0", .never), ("0.1.2.3", .never), ("100.64.0.1", .never), ("100.127.255.255", .never),
        ("100.63.255.255", .public), ("100.128.0.0", .public),
        ("169.254.169.254", .never), ("192.0.0.8", .never), ("192.0.2.1", .never), ("192.88.99.1", .never),
        ("198.18.0.1", .never), ("198.19.255.255", .never), ("198.20.0.1", .public), ("198.51.100.7", .never),
        ("203.0.113.9", .never), ("224.0.0.1", .never), ("239.255.255.255", .never), ("240.0.0.1", .never),
        ("255.255.255.255", .never),
        ("::", .never), ("::ffff:8.8.8.8", .never), ("::ffff:127.0.0.1", .never), ("::ffff:10.0.0.1", .never),
        ("::127.0.0.1", .never), ("64:ff9b::a00:1", .never), ("64:ff9b::808:808", .never),
        ("64:ff9b:1::7f00:1", .never), ("fe80::1", .never), ("fec0::1", .never), ("ff02::1", .never),
        ("100::1", .never), ("2001::1", .never), ("2001:10::1", .never), ("2001:1ff::1", .never),
        ("2001:200::1", .public), ("2001:db8::1", .never), ("2002:7f00:1::1", .never), ("2003::1", .public),
        ("3fff::1", .never), ("3fff:1000::1", .public), ("4000::1", .never), ("5f00::1", .never),
    ])
    func `an address is known for what it is`(text: String, place: InternetAddress.Place) throws {
        let address = try #require(InternetAddress(text))
        #expect(address.place == place)
        #expect(InternetAddress(address.description) == address)
        #expect(Reach.internet.permits(address) == (place == .public))
        #expect(Reach.loopback.permits(address) == (place == .loopback))
        #expect(Reach.inside.permits(address) == (place != .never))
    }

    @Test(arguments: ["", "example.vn", "127.1", "1.2.3", "0x7f.0.0.1", "1.2.3.4.5", "::g", "[::1]", "1.2.3.4 "])
    func `what is no address is none`(text: String) {
        #expect(InternetAddress(text) == nil)
    }

    @Test(arguments: [
        "http://example.vn/", "ftp://example.vn/", "file:///etc/passwd", "gopher://example.vn/", "example.vn",
        "https://", "https://user@example.vn/", "https://user:word@example.vn/",
        "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
        "https://10.1.2.3/", "https://100.64.1.1/", "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1%25eth0]/", "https://[fd00::1]/", "https://224.0.0.1/", "https://0.0.0.0/",
        "https://example.vn:0/", "https://example.vn:65536/", "https://exa mple.vn/", "https://exämple.vn/",
        "https://example.vn/\r\nX: y", "-o/etc/passwd",
    ])
    func `an address that may not be called is refused before anything is sent`(text: String) {
        #expect(throws: EndpointAddress.Flaw.self) { try EndpointAddress(text, reach: .internet) }
    }

    @Test func `an address is kept as libcurl reads it`() throws {
        let address = try EndpointAddress("https://Example.VN/hook?a=b#part", reach: .internet)
        #expect(address.text.hasSuffix("/hook?a=b"))
        #expect(address.port == 443)
        #expect(address.literal == nil)
        #expect(try EndpointAddress("https://[2001:4860:4860::8888]:8443/", reach: .internet).port == 8443)
        #expect(try EndpointAddress("http://127.0.0.1:9000/x", reach: .loopback).port == 9000)
        #expect(try EndpointAddress("http://10.0.0.7/x", reach: .inside).literal == InternetAddress("10.0.0.7"))
        #expect(throws: EndpointAddress.Flaw.self) { try EndpointAddress("http://10.0.0.7/x", reach: .loopback) }
        #expect(throws: EndpointAddress.Flaw.self) { try EndpointAddress("http://169.254.169.254/", reach: .inside) }
    }
}
