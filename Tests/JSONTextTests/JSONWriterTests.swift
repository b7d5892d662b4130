import JSONText
import Testing

@Suite struct JSONWriterTests {
    @Test func `the writer places commas and escapes`() {
        let bytes = JSONWriter.bytes { json in
            json.member("text", "a\"\\\n\u{1}\u{1F}é😀/")
            json.member("least", Int64.min)
            json.member("none", ifPresent: nil as String?)
            json.array("list") { json in
                json.integer(1)
                json.bool(true)
                json.null()
                json.object { _ in }
                json.array { json in json.raw(Array("{\"raw\":0}".utf8)) }
            }
            json.object("inner") { json in json.member("value", ["k": [1, "x"]]) }
        }
        let expected =
            #"{"text":"a\"\\\n\u0001\u001fé😀/","least":-9223372036854775808,"#
            + #""list":[1,true,null,{},[{"raw":0}]],"inner":{"value":{"k":[1,"x"]}}}"#
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    // RFC 8785, 3.2.3: the order of UTF-16 code units, in which a surrogate pair stands before U+FB33.
    @Test func `canonical keys stand in the order of their UTF-16 code units`() {
        let value: JSONValue = [
            "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1F600}": 5, "\u{80}": 6, "\u{f6}": 7,
            "": [["b": 1, "a": 2]],
        ]
        let expected =
            "{\"\":[{\"a\":2,\"b\":1}],\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1F600}\":5,\"\u{fb33}\":3}"
        #expect(String(decoding: value.canonicalBytes, as: UTF8.self) == expected)
    }

    @Test func `pretty text has a member a line`() {
        let value: JSONValue = ["a": [1, [:], []], "b": ["c": nil]]
        let expected = """
            {
              "a": [
                1,
                {},
                []
              ],
              "b": {
                "c": null
              }
            }

            """
        #expect(String(decoding: value.prettyBytes, as: UTF8.self) == expected)
    }

    @Test func `a value of any depth is written`() {
        var value: JSONValue = 1
        for _ in 0..<2000 { value = [value] }
        #expect(value.bytes.count == 4001)
    }

    @Test func `an object keeps order, replaces in place and forgets`() {
        var object = JSONObject()
        for number in 0..<20 { object["k\(number)"] = .integer(Int64(number)) }
        object["k3"] = "new"
        object["k5"] = nil
        #expect(object.count == 19)
        #expect(object["k3"] == "new")
        #expect(object["k5"] == nil)
        #expect(object["k19"] == 19)
        #expect(object.keys.prefix(6) == ["k0", "k1", "k2", "k3", "k4", "k6"])
        let other = JSONObject(object.members.reversed().map { ($0.key, $0.value) })
        #expect(object == other)
        #expect(object.hashValue == other.hashValue)
    }

    @Test func `what has to be escaped is found wherever it lies, between whatever bytes`() {
        let fillings = ["a", "é", "Ạ", "\u{7F}", "\u{1F}", "~", " ", "\u{10FFFF}"]
        for special in ["\"", "\\", "\n", "\u{0}", "\u{1F}"] {
            for filling in fillings {
                for before in 0..<20 {
                    for after in [0, 1, 7, 8, 9, 17] {
                        let text =
                            String(repeating: filling, count: before) + special
                            + String(repeating: filling, count: after)
                        var writer = JSONWriter()
                        writer.string(text)
                        #expect(writer.bytes == Self.quoted(text), "\(text.debugDescription)")
                    }
                }
            }
        }
    }

    /// RFC 8785, 3.2.2.2, symbol by symbol.
    private static func quoted(_ text: String) -> [UInt8] {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            case "\u{8}": quoted += "\\b"
            case "\u{C}": quoted += "\\f"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return Array((quoted + "\"").utf8)
    }
}
