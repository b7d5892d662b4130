package import Engine

/// Secrets of clients: 256 random bits, of which only a keyed hash is stored.
package enum ClientSecret {
    /// A new secret: 64 hexadecimal digits.
    package static func new() -> String {
        var source = SystemRandomNumberGenerator()
        return Hexadecimal.text((0..<32).map { _ in UInt8.random(in: 0...255, using: &source) })
    }

    /// What is stored of a secret, and compared with it. A slow hash would add nothing: nobody guesses 256 bits.
    package static func hash(_ secret: String, with engine: DossierEngine) -> [UInt8] {
        engine.fingerprint(Array("client-secret:".utf8) + Array(secret.utf8))
    }

    /// Whether two hashes are the same, in a time that does not tell where they differ.
    static func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (a, b) in zip(left, right) { difference |= a ^ b }
        return difference == 0
    }
}

/// Bytes as hexadecimal digits and back.
enum Hexadecimal {
    /// Two lower-case digits a byte.
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of lower-case digits; nil for anything else.
    static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for byte in text.utf8 {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - 48
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = byte - 87
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }
}
