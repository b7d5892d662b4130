import Edge
import JSONText
import Testing

@testable import Web

struct PureTests {
    @Test(arguments: [
        ("a=1&b=hai+ba", ["a": "1", "b": "hai ba"]), ("x=%C4%90%C3%A0", ["x": "Đà"]), ("a=", ["a": ""]), ("", [:]),
    ]) func `forms are read`(_ text: String, _ expected: [String: String]) throws {
        let form = try FormFields(bytes: Array(text.utf8))
        for (name, value) in expected { #expect(form[name] == value) }
    }

    @Test(arguments: ["a=1&a=2", "a=%4", "a=%zz", "a=%C4"]) func `forms that do not read are refused`(_ text: String) {
        #expect(throws: TokenRefusal.self) { try FormFields(bytes: Array(text.utf8)) }
    }

    @Test func `bytes survive hexadecimal, and nothing else reads`() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Hexadecimal.bytes(Hexadecimal.text(bytes)) == bytes)
        for text in ["0", "0g", "AB", "zz", "0 "] { #expect(Hexadecimal.bytes(text) == nil, "\(text)") }
    }

    @Test func `secrets have 256 bits and differ`() {
        let secrets = (0..<100).map { _ in ClientSecret.new() }
        #expect(Set(secrets).count == 100)
        #expect(secrets.allSatisfy { $0.utf8.count == 64 })
        #expect(ClientSecret.isSame([1, 2], [1, 2]))
        #expect(!ClientSecret.isSame([1, 2], [1, 3]))
        #expect(!ClientSecret.isSame([1], [1, 2]))
    }

    @Test(arguments: [
        ("3.1", 3, 1), ("12.0", 12, 0),
    ]) func `task tags read`(_ text: String, _ activation: Int, _ claims: Int) throws {
        let etag = try #require(ETag(opaque: text))
        let tag = try #require(TaskTag(etag))
        #expect(tag.activation == activation)
        #expect(tag.claims == claims)
        #expect(tag.description == text)
    }

    @Test(arguments: ["3", "v3", "0.1", "-1.1", "1.-1", "1.1.1", "99999999999999999999.1", "a.b", "."])
    func `what is no task tag is none`(_ text: String) throws {
        #expect(TaskTag(try #require(ETag(opaque: text))) == nil)
    }

    @Test func `contents are known by their first bytes`() {
        #expect(MediaKind(content: Array("%PDF-1.7".utf8)) == .pdf)
        #expect(MediaKind(content: [0xFF, 0xD8, 0xFF, 0xE0]) == .jpeg)
        #expect(MediaKind(content: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]) == .png)
        for other in ["", "%PD", "<svg>", "MZ"] { #expect(MediaKind(content: Array(other.utf8)) == nil) }
    }

    @Test func `verified tokens are believed for a minute, and bounded`() {
        let cache = TokenCache(countMax: 2)
        let caller = Caller(client: "a", province: 48, agency: nil, roles: [], scopes: [], connector: nil)
        cache.insert([1], caller, expires: 1_000, nowSeconds: 100)
        #expect(cache.caller([1], nowSeconds: 159) == caller)
        #expect(cache.caller([1], nowSeconds: 160) == nil)
        cache.insert([1], caller, expires: 110, nowSeconds: 100)
        #expect(cache.caller([1], nowSeconds: 110) == nil)
        for byte in 1...10 { cache.insert([UInt8(byte)], caller, expires: 1_000, nowSeconds: 200) }
        #expect(cache.count <= 2)
    }

    @Test func `a clock set back does not lengthen a token's life`() {
        let cache = TokenCache()
        let caller = Caller(client: "a", province: 48, agency: nil, roles: [], scopes: [], connector: nil)
        cache.insert([1], caller, expires: 10_000, nowSeconds: 5_000)
        #expect(cache.caller([1], nowSeconds: 100) == nil)
    }

    @Test func `names of ours hold nothing that a database could stumble over`() {
        #expect("birth-proof".isPlainName(maxLength: 100))
        for text in ["", "a b", "a\u{0}", "đ", "a'b", "a\nb", String(repeating: "a", count: 101)] {
            #expect(!text.isPlainName(maxLength: 100), "\(text)")
        }
    }
}
