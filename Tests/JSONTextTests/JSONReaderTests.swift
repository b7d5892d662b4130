import JSONText
import Testing

@Suite struct JSONReaderTests {
    @Test(
        arguments: [
            ("null", JSONValue.null), ("true", true), (" false\n", false), ("0", 0), ("-0", 0), ("12", 12),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("1.0", .number("1.0")), ("-0.5e+3", .number("-0.5e+3")), ("1E308", .number("1E308")),
            ("10e-1", .number("10e-1")), (#""""#, ""), (#""a""#, "a"),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u1ec7""#, "Aéệ"), (#""\ud83d\uDE00""#, "😀"), (#""Bộ phận Một cửa""#, "Bộ phận Một cửa"),
            ("\"\u{7F}\u{10FFFF}\"", "\u{7F}\u{10FFFF}"), ("[]", []), ("[ ]", []), ("{}", [:]), ("{ }", [:]),
            ("[1,[2,[3]], {\"a\" : null}]", [1, [2, [3]], ["a": nil]]),
            ("\t{\r\n\"b\":1 , \"a\":{\"c\":[true]}}", ["b": 1, "a": ["c": [true]]]), (#"{"":0}"#, ["": 0]),
        ] as [(String, JSONValue)])
    func `a document of RFC 8259 gives its value`(text: String, value: JSONValue) throws {
        #expect(try JSONValue.parse(text: text) == value)
    }

    @Test(
        arguments: [
            ("", JSONError.Code.empty), ("  \n", .empty), ("\u{FEFF}1", .unexpectedCharacter),
            ("[", .unexpectedEnd), ("[1", .unexpectedEnd), ("[1,", .unexpectedEnd), ("{\"a\"", .unexpectedEnd),
            ("{\"a\":", .unexpectedEnd), ("\"abc", .unexpectedEnd), ("\"\\", .unexpectedEnd),
            ("\"\\u12", .unexpectedEnd),
            ("-", .unexpectedEnd), ("1.", .unexpectedEnd), ("1e", .unexpectedEnd), ("1e+", .unexpectedEnd),
            ("tru", .unexpectedEnd), ("nul", .unexpectedEnd),
            ("[1,]", .unexpectedCharacter), ("[,1]", .unexpectedCharacter), ("[1 2]", .unexpectedCharacter),
            ("{,}", .unexpectedCharacter), ("{\"a\":1,}", .unexpectedCharacter), ("{a:1}", .unexpectedCharacter),
            ("{'a':1}", .unexpectedCharacter), ("{\"a\" 1}", .unexpectedCharacter), ("{1:1}", .unexpectedCharacter),
            ("True", .unexpectedCharacter), ("NaN", .unexpectedCharacter), ("Infinity", .unexpectedCharacter),
            ("+1", .unexpectedCharacter), (".5", .unexpectedCharacter), ("// c\n1", .unexpectedCharacter),
            ("1 2", .trailingText), ("{}]", .trailingText), ("nullx", .trailingText), ("0x10", .trailingText),
            ("01", .invalidNumber), ("-01", .invalidNumber), ("1.a", .invalidNumber), ("1.e3", .invalidNumber),
            ("-a", .invalidNumber), ("1e-", .unexpectedEnd), ("[1.]", .invalidNumber),
            ("9223372036854775808", .numberOutOfRange), ("-9223372036854775809", .numberOutOfRange),
            ("123456789012345678901234567890", .numberOutOfRange), ("1e309", .numberOutOfRange),
            ("1e1000000", .numberOutOfRange), ("1e-99999999999999999999", .numberOutOfRange),
            ("0.00000000000000000000000000000000000000001", .numberOutOfRange),
            (#""\u0000""#, .nul), (#""\ud800""#, .loneSurrogate), (#""\udc00""#, .loneSurrogate),
            (#""\ud800\ud800""#, .loneSurrogate), (#""\ud800x""#, .loneSurrogate), (#""\x41""#, .invalidEscape),
            (#""\u00g0""#, .invalidEscape), ("\"a\nb\"", .controlCharacter), ("\"\u{0}\"", .nul),
            (#"{"a":1,"a":2}"#, .duplicateKey), (#"{"a":1,"\u0061":2}"#, .duplicateKey),
        ] as [(String, JSONError.Code)])
    func `a text outside the rules is refused with its code`(text: String, code: JSONError.Code) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text: text) }
        #expect(error?.code == code)
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE1, 0xBB, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0x80, 0x22],
        ] as [[UInt8]])
    func `bytes that are no UTF-8 are refused`(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(bytes) }
        #expect(error?.code == .invalidUTF8)
    }

    @Test func `an error names line, column in scalars and byte`() {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text: "{\n  \"họ\": ?}") }
        #expect(error?.line == 2)
        #expect(error?.column == 9)
        #expect(error?.byteOffset == 12)
        #expect(error?.message.vi == "Ký tự không đúng chỗ (dòng 2, cột 9).")
        #expect(error?.message.en == "A character that cannot stand here (line 2, column 9).")
    }

    @Test func `64 levels are read and 65 are not`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue.parse(text: nested(64))
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text: nested(65)) }
        #expect(error?.code == .tooDeep)
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
    func `a depth bomb is answered`(opening: String) {
        let bomb = String(repeating: opening, count: 100_000)
        var limits = JSONLimits(depthMax: .max)
        #expect(limits.depthMax == JSONLimits.depthCeiling)
        #expect(throws: JSONError.self) { try JSONValue.parse(text: bomb, limits: limits) }
        limits.depthMax = 10_000
        #expect(throws: JSONError.self) { try JSONValue.parse(text: bomb, limits: limits) }
    }

    @Test func `each limit refuses one more than it allows`() throws {
        func code(_ text: String, _ limits: JSONLimits) -> JSONError.Code? {
            do { _ = try JSONValue.parse(text: text, limits: limits) } catch { return error.code }
            return nil
        }
        #expect(code("[1,2]", JSONLimits(byteCountMax: 5)) == nil)
        #expect(code("[1,2]", JSONLimits(byteCountMax: 4)) == .tooLarge)
        #expect(code("[1,2]", JSONLimits(valueCountMax: 3)) == nil)
        #expect(code("[1,2]", JSONLimits(valueCountMax: 2)) == .tooManyValues)
        #expect(code("{\"\(String(repeating: "k", count: 255))\":1}", .request) == nil)
        #expect(code("{\"\(String(repeating: "k", count: 256))\":1}", .request) == .keyTooLong)
    }

    @Test func `a megabyte of many members is read whole`() throws {
        var members: [String] = []
        for number in 0..<40_000 { members.append("\"khoá\(number)\":[\(number),\"ệ\"]") }
        let value = try JSONValue.parse(
            text: "{\(members.joined(separator: ","))}", limits: JSONLimits(byteCountMax: 4 << 20))
        #expect(value.objectValue?.count == 40_000)
        #expect(value["khoá39999"] == [39_999, "ệ"])
    }
}
