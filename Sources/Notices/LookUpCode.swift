/// The secret code by which a citizen follows a dossier: 11 random symbols and a check character, XXXX-XXXX-XXXX.
///
/// The alphabet has no 0, 1, I, L, O or U, so that a code survives being read aloud and copied by hand; the check
/// character is ISO 7064's hybrid system MOD 31,30 over that alphabet, which finds every single wrong symbol.
package struct LookUpCode: Hashable, Sendable, CustomStringConvertible {
    /// The 30 symbols, in the order of their values.
    package static let alphabet: [UInt8] = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    /// The value of each byte as a symbol; 255 for what is none.
    package static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, symbol) in alphabet.enumerated() { values[Int(symbol)] = UInt8(value) }
        return values
    }()
    /// Random symbols in a code, before the check character.
    package static let randomCount = 11

    /// The twelve symbols without hyphens: as stored and compared.
    package let compact: String

    /// Why a typed code is not one.
    package enum Flaw: Error, Hashable, Sendable {
        /// Not twelve letters and digits.
        case shape
        /// Twelve letters and digits, of which at least one is wrong: O, I, L, U, 0 and 1 always are.
        case check
    }

    /// Makes the code of eleven symbol values; values out of 0…29 are taken modulo 30.
    package init(values: [UInt8]) {
        var symbols: [UInt8] = []
        for index in 0..<Self.randomCount {
            let value = index < values.count ? Int(values[index]) % 30 : 0
            symbols.append(Self.alphabet[value])
        }
        symbols.append(Self.alphabet[Self.checkValue(symbols)])
        compact = String(decoding: symbols, as: UTF8.self)
    }

    /// Draws a code from a source of randomness.
    package static func random(using source: inout some RandomNumberGenerator) -> LookUpCode {
        LookUpCode(values: (0..<randomCount).map { _ in UInt8.random(in: 0..<30, using: &source) })
    }

    /// Reads a code as people type it: lower case, spaces, hyphens and dots are forgiven.
    package init(typed text: String) throws(Flaw) {
        var symbols: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "\t"): continue
            case UInt8(ascii: "a")...UInt8(ascii: "z"): symbols.append(byte - 32)
            default: symbols.append(byte)
            }
            if symbols.count > Self.randomCount + 1 { throw .shape }
        }
        guard symbols.count == Self.randomCount + 1, symbols.allSatisfy(Self.isLetterOrDigit) else { throw .shape }
        guard symbols.allSatisfy({ Self.values[Int($0)] < 30 }), let code = LookUpCode(symbols: symbols) else {
            throw .check
        }
        self = code
    }

    /// Of twelve symbols of the alphabet; nil when the last is not the others' check character.
    init?(symbols: [UInt8]) {
        guard let last = symbols.last, last == Self.alphabet[Self.checkValue(symbols.dropLast())] else { return nil }
        compact = String(decoding: symbols, as: UTF8.self)
    }

    /// The code as printed: three groups of four.
    package var description: String {
        String(unsafeUninitializedCapacity: 14) { bytes in
            var place = 0
            for (index, symbol) in compact.utf8.enumerated() where place < 14 {
                if index == 4 || index == 8 {
                    bytes[place] = UInt8(ascii: "-")
                    place += 1
                }
                bytes[place] = symbol
                place += 1
            }
            return place
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// ISO 7064 hybrid system with M = 30: the value of the check character of `symbols`.
    private static func checkValue(_ symbols: some Sequence<UInt8>) -> Int {
        var product = 30
        for symbol in symbols {
            let value = Int(values[Int(symbol)])
            var sum = (product + value) % 30
            if sum == 0 { sum = 30 }
            product = (sum * 2) % 31
        }
        return (31 - product) % 30
    }
}
