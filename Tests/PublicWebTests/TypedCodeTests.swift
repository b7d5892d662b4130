import Notices
import PublicFeed
import PublicSamples
import Testing

@testable import PublicWeb

@Suite struct TypedCodeTests {
    @Test(arguments: [
        "74MC-P2XQ-93HQ", "74mcp2xq93hq", " 74mc p2xq 93hq ", "74MC–P2XQ–93HQ", "74mc\u{00A0}p2xq\u{202F}93hq",
        "74mc.p2xq.93hq",
    ])
    func `a look-up code is known however it is typed`(typed: String) {
        #expect(TypedCode(typed) == .lookUp(Samples.code))
    }

    @Test(arguments: ["74MC-P2XQ-93HR", "74MC-P2XQ-93QH", "47MC-P2XQ-93HQ", "74MC-P2XQ-93HO", "74mc p2xq 931q"])
    func `a slip of one symbol is told apart from an unknown code`(typed: String) {
        #expect(TypedCode(typed) == .slip)
    }

    @Test func `a legal code is one`() throws {
        let code = try #require(LegalCode(typed: "000.00.41.H17-260303-0042"))
        #expect(TypedCode("000.00.41.h17-260303-0042") == .legal(code))
        #expect(TypedCode("000.00.41.H17 – 260303 – 0042") == .legal(code))
    }

    @Test(arguments: [
        "x", "74MC-P2XQ", "74MC-P2XQ-93HQQ", "74MC-P2XQ-93H!", "' OR 1=1 --", "<script>",
        String(repeating: "7", count: 500),
    ])
    func `anything else is unknown`(typed: String) {
        #expect(TypedCode(typed) == .unknown)
    }

    @Test(arguments: ["", "   ", "\u{00A0}"])
    func `nothing is nothing`(typed: String) {
        #expect(TypedCode(typed) == .empty)
    }
}

@Suite struct TypedTextTests {
    @Test(arguments: [
        ("74MC+P2XQ", "74MC P2XQ"), ("a%20b%2Dc", "a b-c"), ("%E1%BA%BF", "ế"), ("100%", "100%"), ("%4", "%4"),
        ("%zz", "%zz"),
        ("%FF", "\u{FFFD}"), ("", ""),
    ])
    func `the encoding of forms is undone, whatever was typed`(typed: String, plain: String) {
        #expect(TypedText.decode(typed) == plain)
    }
}
