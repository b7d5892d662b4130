/// The printed number of a dossier, such as `000.12.34.H17-251203-2035` (TT 01/2018 art. 19): agency, day, counter.
///
/// It can be guessed by counting, so it opens nothing but the degree of completion (TT 01/2018 art. 16.2.d).
package struct LegalCode: Hashable, Sendable {
    /// As printed: upper case, without spaces.
    package let text: String

    /// Reads a code as people type it: lower case and spaces are forgiven; nil for anything else.
    package init?(typed: String) {
        var symbols: [UInt8] = []
        for byte in typed.utf8 {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): continue
            case UInt8(ascii: "a")...UInt8(ascii: "z"): symbols.append(byte - 32)
            default: symbols.append(byte)
            }
            if symbols.count > 64 { return nil }
        }
        let parts = symbols.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, (1...40).contains(parts[0].count), parts[0].allSatisfy(LegalCode.isAgencySymbol),
            parts[1].count == 6, parts[1].allSatisfy(LegalCode.isDigit),
            (4...9).contains(parts[2].count), parts[2].allSatisfy(LegalCode.isDigit)
        else { return nil }
        text = String(decoding: symbols, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isAgencySymbol(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: ".")
    }
}
