import JSONText

/// SplitMix64: the same seed gives the same run, so that a failure can be run again.
struct Randomness: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Whether it is so, one time in `count`.
    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<max(count, 1), using: &self) == 0 }

    /// One of these; there must be one.
    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &self)] }

    /// Words that parsers of names, numbers, dates, codes and tags treat specially.
    mutating func word() -> String {
        let words = [
            "", "0", "1", "-1", "00", "1.0", "1e9", "2147483647", "2147483648", "9007199254740992",
            "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "NaN", "true",
            "null", "\"1.0\"", "\"v1\"", "W/\"v1\"", "*", "\"1.0\", \"2.0\"", "\"99999999999999999999.1\"", "48.",
            "48.00000000-0000-0000-0000-000000000000", "0.00000000-0000-0000-0000-000000000000",
            "65536.019ca0c5-4c00-7abc-8def-0123456789ab", "2026-02-30", "9999-12-31", "0000-01-01",
            "2026-03-09T17:00:00+07:00", "9999-12-31T24:00:00-14:00", "0001-01-01T00:00:00+14:00",
            "2026-03-09T25:61", "7K4M-Q2XP-93HT", "2222-2222-2222", "IIII-OOOO-1111", "000.00.01.H17", "H17", "../..",
            "a/b", "a b", "é", "e\u{301}", "\u{202E}", "😀", "\u{FEFF}", "'; DROP TABLE engine.dossier; --", "%s%n",
            "\u{1}", String(repeating: "x", count: 300), String(repeating: "9", count: 400),
        ]
        return pick(words)
    }

    /// A value that no form and no body expects.
    mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth < 3 ? 10 : 8), using: &self) {
        case 0: .null
        case 1: .bool(Bool.random(using: &self))
        case 2: .integer(pick([0, -1, 1, 9999, .max, .min, 1 << 53]))
        case 3: .number(pick(["1e300", "-0.0", "1.5", "1e-300", "123456789012345678901234567890"]))
        case 4...7: .string(word())
        case 8: .array((0..<Int.random(in: 0...4, using: &self)).map { _ in value(depth: depth + 1) })
        default:
            .object(
                JSONObject((0..<Int.random(in: 0...4, using: &self)).map { _ in (word(), value(depth: depth + 1)) }))
        }
    }

    /// The value with one thing in it changed, taken out or added.
    mutating func changed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(var object) where !object.members.isEmpty && !oneIn(5):
            let member = pick(object.members)
            switch Int.random(in: 0..<6, using: &self) {
            case 0: object[member.key] = nil
            case 1: object[word()] = self.value()
            default: object[member.key] = changed(member.value)
            }
            return .object(object)
        case .array(var items) where !items.isEmpty && !oneIn(5):
            let place = Int.random(in: 0..<items.count, using: &self)
            if oneIn(3) { items.append(self.value()) } else { items[place] = changed(items[place]) }
            return .array(items)
        default: return self.value()
        }
    }

    /// The bytes with a few of them changed, cut off or doubled.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<4, using: &self) {
            case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &self)
            case 1: bytes.removeSubrange(place...)
            case 2: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
            default: bytes[place] = pick([0, 0x22, 0x5B, 0x7B, 0x5C, 0xFF, 0xED])
            }
        }
        return bytes
    }
}
