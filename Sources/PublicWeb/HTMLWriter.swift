import Notices

/// Writes HTML straight into bytes. Markup can only be a literal; whatever is a value goes in escaped.
struct HTMLWriter {
    /// What is written so far, UTF-8.
    private(set) var bytes: [UInt8] = []
    /// The language of the page.
    let language: Language

    init(language: Language, capacity: Int = 12_288) {
        self.language = language
        bytes.reserveCapacity(capacity)
    }

    /// Markup of our own.
    mutating func markup(_ literal: StaticString) {
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Markup or a sentence of our own, in the page's language.
    mutating func say(_ vi: StaticString, _ en: StaticString) {
        markup(language == .vi ? vi : en)
    }

    /// A value, escaped for text and for attributes in double or single quotes.
    ///
    /// Control characters and those that turn the direction of writing are left out: a notice could otherwise show
    /// something else than it says.
    mutating func value(_ text: String) {
        var held: [UInt8] = []
        for byte in text.utf8 {
            if !held.isEmpty || byte == 0xE2 {
                held.append(byte)
                guard held.count == 3 else { continue }
                if !HTMLWriter.turnsDirection(held) { bytes.append(contentsOf: held) }
                held.removeAll(keepingCapacity: true)
                continue
            }
            escape(byte)
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): markup("&amp;")
        case UInt8(ascii: "<"): markup("&lt;")
        case UInt8(ascii: ">"): markup("&gt;")
        case UInt8(ascii: "\""): markup("&quot;")
        case UInt8(ascii: "'"): markup("&#39;")
        case UInt8(ascii: "\n"), UInt8(ascii: "\t"): bytes.append(byte)
        case 0..<0x20, 0x7F: break
        default: bytes.append(byte)
        }
    }

    /// U+202A…U+202E and U+2066…U+2069, and the line separators U+2028 and U+2029.
    private static func turnsDirection(_ three: [UInt8]) -> Bool {
        (three[1] == 0x80 && (0xA8...0xAE).contains(three[2])) || (three[1] == 0x81 && (0xA6...0xA9).contains(three[2]))
    }

    /// A number in decimal.
    mutating func number(_ number: Int) { bytes.append(contentsOf: String(number).utf8) }

    /// A text in the reader's language; one that exists in Vietnamese only says so to screen readers.
    mutating func local(_ text: LocalText) {
        if language == .en, text.en == nil {
            markup("<span lang=\"vi\">")
            value(text.vi)
            markup("</span>")
        } else {
            value(text.text(in: language))
        }
    }
}
