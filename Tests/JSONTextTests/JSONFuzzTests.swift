import JSONText
import Testing

/// SplitMix64: the same seed gives the same run, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

@Suite struct JSONFuzzTests {
    static let alphabet: [Unicode.Scalar] = Array("aZ09 /~\"\\\n\t\u{1}\u{7F}éệ€😀\u{FFFF}\u{E000}".unicodeScalars)

    static func text(_ random: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            text.append(alphabet.randomElement(using: &random) ?? "a")
        }
        return String(text)
    }

    static func value(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0...(depth > 5 ? 4 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0...63, using: &random))
        case 3: return .number(["1.5", "-0.25", "2e10", "1E-7"].randomElement(using: &random) ?? "1.5")
        case 4: return .string(text(&random))
        case 5:
            return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                object[text(&random)] = value(&random, depth: depth + 1)
            }
            return .object(object)
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `what is written reads back as the same value`(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        for _ in 0..<300 {
            let value = Self.value(&random, depth: 0)
            #expect(try JSONValue.parse(value.bytes) == value, "seed \(seed)")
            #expect(try JSONValue.parse(value.prettyBytes) == value, "seed \(seed)")
            let canonical = try JSONValue.parse(value.canonicalBytes)
            #expect(canonical == value, "seed \(seed)")
            #expect(canonical.bytes == value.canonicalBytes, "seed \(seed)")
        }
    }

    @Test(arguments: [5, 6, 7, 8] as [UInt64])
    func `the writer without a tree writes the same canonical bytes, in whatever order members come`(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        for _ in 0..<300 {
            let value = Self.value(&random, depth: 0)
            var writer = CanonicalWriter()
            var plain = JSONObject()
            plain["value"] = Self.write(value, into: &writer, &random)
            #expect(writer.bytes == plain["value"]?.canonicalBytes, "seed \(seed)")
        }
    }

    /// Writes a value, its members in a random order; returns what was written: what the writer does not know is `true`.
    private static func write(
        _ value: JSONValue, into writer: inout CanonicalWriter, _ random: inout SeededGenerator
    ) -> JSONValue {
        switch value {
        case .null, .number:
            writer.bool(true)
            return true
        case .bool(let flag): writer.bool(flag)
        case .integer(let number): writer.integer(number)
        case .string(let text): writer.string(text)
        case .array(let elements):
            writer.beginArray()
            let written = elements.map { write($0, into: &writer, &random) }
            writer.endArray()
            return .array(written)
        case .object(let object):
            writer.beginObject()
            var written = JSONObject()
            for member in object.members.shuffled(using: &random) {
                writer.key(member.key)
                written[member.key] = write(member.value, into: &writer, &random)
            }
            writer.endObject()
            return .object(written)
        }
        return value
    }

    @Test func `a member whose value is an empty array or object can be taken back`() {
        var writer = CanonicalWriter()
        writer.object { json in
            for (name, isArray) in [("c", true), ("a", false)] {
                json.key(name)
                isArray ? json.array { _ in } : json.object { _ in }
                json.dropIfEmpty()
            }
            json.member("b", "[]")
            json.dropIfEmpty()
            json.key("d")
            json.array { $0.object { _ in } }
            json.dropIfEmpty()
            json.key("e")
            json.array { _ in }
            json.dropIfEmpty()
        }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"b":"[]","d":[{}]}"#)
    }

    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func `mutated bytes give a value or an error`(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        var errors = 0
        var values = 0
        for _ in 0..<1500 {
            var bytes = Self.value(&random, depth: 0).bytes
            for _ in 0...Int.random(in: 0...3, using: &random) { Self.mutate(&bytes, &random) }
            do {
                let value = try JSONValue.parse(bytes)
                values += 1
                #expect((try? JSONValue.parse(value.bytes)) == value, "seed \(seed)")
            } catch {
                errors += 1
                #expect(error.byteOffset <= bytes.count && error.line >= 1 && error.column >= 1, "seed \(seed)")
            }
        }
        // Both must happen often, or the mutations test nothing.
        #expect(errors > 150 && values > 50)
    }

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let byte = UInt8.random(in: .min ... .max, using: &random)
        let structural = Array("{}[]\",:\\u0de-+.tfn".utf8).randomElement(using: &random) ?? byte
        switch Int.random(in: 0...4, using: &random) {
        case 0: bytes.insert(structural, at: place)
        case 1: bytes.insert(byte, at: place)
        case 2: if place < bytes.count { bytes[place] = structural }
        case 3: if place < bytes.count { bytes.remove(at: place) }
        default: bytes.removeSubrange(place...)
        }
    }
}
