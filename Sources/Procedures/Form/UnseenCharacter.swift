/// A character that leaves no mark where it stands: two names that look the same would be two, and a search would find
/// neither. Pure.
struct UnseenCharacter: Hashable, Sendable {
    /// Its number, as reports write it: `U+200B`.
    let name: String
    /// Which character of the text it is, counted from 1.
    let place: Int

    /// The first one of a text; nil when there is none.
    ///
    /// Joiners and variation selectors shape the letters of some scripts and many symbols: behind one of these they stay.
    /// No Latin letter takes one.
    static func first(in text: String) -> UnseenCharacter? {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        var base: UInt32 = 0
        var shaping = 0
        for (place, scalar) in text.unicodeScalars.enumerated() {
            guard isUnseen(scalar) else {
                base = scalar.value
                shaping = 0
                continue
            }
            shaping += 1
            // A selector and a joiner may stand together.
            if isShaping(scalar), base >= firstShaped, shaping <= 2 { continue }
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
            return UnseenCharacter(name: "U+" + zeros + digits, place: place + 1)
        }
        return nil
    }

    /// The scripts from Arabic on, and the symbols.
    private static let firstShaped: UInt32 = 0x0600

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .format, .lineSeparator, .paragraphSeparator: return true
        default: return properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint
        }
    }

    private static func isShaping(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x200C || scalar.value == 0x200D || scalar.properties.isVariationSelector
    }
}
