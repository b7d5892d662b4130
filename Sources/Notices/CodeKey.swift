/// A look-up code as a number: twelve digits of base 30. Takes eight bytes where memory counts, and is quickly compared.
package struct CodeKey: Hashable, Sendable {
    /// The number; the code's first symbol weighs most.
    package let number: UInt64

    /// The key of a code.
    package init(_ code: LookUpCode) {
        number = code.compact.utf8.reduce(0) { $0 &* 30 &+ UInt64(LookUpCode.values[Int($1)]) }
    }

    /// Reads twelve symbols as they are stored; nil for anything else. The check character is not looked at.
    package init?(compact text: String) {
        var number: UInt64 = 0
        var count = 0
        for byte in text.utf8 {
            let value = LookUpCode.values[Int(byte)]
            guard value < 30, count < 12 else { return nil }
            number = number &* 30 &+ UInt64(value)
            count += 1
        }
        guard count == 12 else { return nil }
        self.number = number
    }

    /// Reads XXXX-XXXX-XXXX; nil for anything else. The check character is not looked at.
    package init?(printed text: Substring.UTF8View) {
        var number: UInt64 = 0
        var place = 0
        for byte in text {
            if place == 4 || place == 9 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                let value = LookUpCode.values[Int(byte)]
                guard value < 30 else { return nil }
                number = number &* 30 &+ UInt64(value)
            }
            place += 1
        }
        guard place == 14 else { return nil }
        self.number = number
    }
}

extension LookUpCode {
    /// The code of a key; nil when the check character is wrong.
    package init?(_ key: CodeKey) {
        var rest = key.number
        let symbols = [UInt8](unsafeUninitializedCapacity: Self.randomCount + 1) { symbols, count in
            count = Self.randomCount + 1
            for place in (0..<count).reversed() {
                symbols.initializeElement(at: place, to: Self.alphabet[Int(rest % 30)])
                rest /= 30
            }
        }
        guard rest == 0, let code = LookUpCode(symbols: symbols) else { return nil }
        self = code
    }
}
