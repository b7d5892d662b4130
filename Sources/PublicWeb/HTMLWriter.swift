import Notices

/// Writes HTML straight into bytes. Markup can only be a literal; whatever is a value goes in escaped.
struct HTMLWriter {
    /// What is written so far, UTF-8.
    private(set) var bytes: [UInt8] = []
    /// The language of the page.
    let language: Language
    /// Whether that is Vietnamese: asked for every other word.
    let isVietnamese: Bool

    init(language: Language, capacity: Int = 12_288) {
        self.language = language
        isVietnamese = language == .vi
        bytes.reserveCapacity(capacity)
    }

    /// Markup of our own.
    mutating func markup(_ literal: StaticString) {
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Markup or a sentence of our own, in the page's language.
    mutating func say(_ vi: StaticString, _ en: StaticString) {
        markup(isVietnamese ? vi : en)
    }

    /// A value, escaped for text and for attributes in double or single quotes.
    ///
    /// Control characters and those that turn the direction of writing are left out: a notice could otherwise show
    /// something else than it says.
    mutating func value(_ text: String) {
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { append($0) }
        if done == nil { Array(text.utf8).withUnsafeBufferPointer { append($0) } }
    }

    /// Text of our own that needs no care: digits, dates.
    mutating func plain(_ write: (inout [UInt8]) -> Void) { write(&bytes) }

    /// In runs: between two bytes that need care all are copied at once.
    private mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(text)
        var plainFrom = 0
        var place = 0
        // Until there it is looked byte by byte.
        var carefulUntil = 0
        while place < text.count {
            if place >= carefulUntil, place + 8 <= text.count {
                if !HTMLWriter.mayNeedCare(raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)) {
                    place += 8
                    continue
                }
                carefulUntil = place + 8
            }
            let byte = text[place]
            guard HTMLWriter.needsCare(byte) else {
                place += 1
                continue
            }
            let next = place + (byte == 0xE2 ? 3 : 1)
            if byte == 0xE2, next <= text.count, !HTMLWriter.turnsDirection(text[place + 1], text[place + 2]) {
                place = next
                continue
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plainFrom..<place]))
            if byte != 0xE2 { escape(byte) }
            place = min(next, text.count)
            plainFrom = place
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plainFrom...]))
    }

    /// Whether one of eight bytes may need care; false only when none does.
    private static func mayNeedCare(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // Of a word in which a byte is zero, that byte's highest bit and perhaps others; else none.
        func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
        let controls = (word &- 0x20 * ones) & ~word
        let marks =
            zeros(word ^ 0x22 * ones) | zeros((word | 0x01 * ones) ^ 0x27 * ones)
            | zeros((word | 0x02 * ones) ^ 0x3E * ones)
        return (controls | marks | zeros(word ^ 0x7F * ones) | zeros(word ^ 0xE2 * ones)) & (0x80 * ones) != 0
    }

    /// Controls but the line feed and the tabulator, the five of markup, and what may begin a turn of direction.
    private static func needsCare(_ byte: UInt8) -> Bool {
        if byte >= 0x40 { return byte == 0x7F || byte == 0xE2 }
        // A bit for each of " & ' < > and the controls.
        return (0xFFFF_F9FF | (1 << 0x22 | 1 << 0x26 | 1 << 0x27 | 1 << 0x3C | 1 << 0x3E) as UInt64) >> UInt64(byte) & 1
            != 0
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "&"): markup("&amp;")
        case UInt8(ascii: "<"): markup("&lt;")
        case UInt8(ascii: ">"): markup("&gt;")
        case UInt8(ascii: "\""): markup("&quot;")
        case UInt8(ascii: "'"): markup("&#39;")
        // Controls are left out.
        default: break
        }
    }

    /// The bytes after E2 of U+202A…U+202E and U+2066…U+2069, and of the line separators U+2028 and U+2029.
    private static func turnsDirection(_ second: UInt8, _ third: UInt8) -> Bool {
        (second == 0x80 && (0xA8...0xAE).contains(third)) || (second == 0x81 && (0xA6...0xA9).contains(third))
    }

    /// A number in decimal.
    mutating func number(_ number: Int) {
        guard (0..<100).contains(number) else { return bytes.append(contentsOf: String(number).utf8) }
        // The drawing of a QR code has hundreds of them.
        if number >= 10 { bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)) }
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }

    /// Many small pieces of a drawing, written without a look at the array for each.
    /// - Parameter byteCount: what they come to at most.
    mutating func drawing(byteCount: Int, _ draw: (inout DrawingPen) -> Void) {
        bytes += [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            var pen = DrawingPen(buffer)
            draw(&pen)
            count = pen.place
        }
    }

    /// A text in the reader's language; one that exists in Vietnamese only says so to screen readers.
    mutating func local(_ text: LocalText) {
        if isVietnamese {
            value(text.vi)
        } else if let english = text.en {
            value(english)
        } else {
            markup("<span lang=\"vi\">")
            value(text.vi)
            markup("</span>")
        }
    }
}

/// Writes a drawing's marks and small numbers into room that was made for them; what does not fit is left out.
struct DrawingPen {
    private let room: UnsafeMutableBufferPointer<UInt8>
    private(set) var place = 0

    init(_ room: UnsafeMutableBufferPointer<UInt8>) { self.room = room }

    mutating func put(_ mark: StaticString) {
        mark.withUTF8Buffer { mark in
            guard place + mark.count <= room.count else { return }
            for byte in mark {
                room.initializeElement(at: place, to: byte)
                place += 1
            }
        }
    }

    /// A number of at most two digits.
    mutating func put(_ number: Int) {
        guard place + 2 <= room.count, (0..<100).contains(number) else { return }
        if number >= 10 {
            room.initializeElement(at: place, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10))
            place += 1
        }
        room.initializeElement(at: place, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
        place += 1
    }

    /// A short mark, of which all eight bytes are written and the first `count` stay.
    mutating func put(_ mark: ShortMark) {
        guard place + 8 <= room.count, let start = room.baseAddress else { return }
        UnsafeMutableRawPointer(start + place).storeBytes(of: mark.bytes.littleEndian, as: UInt64.self)
        place += mark.count
    }
}

/// At most eight bytes of a drawing, the first the lowest.
struct ShortMark: Sendable {
    let bytes: UInt64
    let count: Int

    init(_ text: String) {
        bytes = text.utf8.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        count = min(8, text.utf8.count)
    }

    private init(bytes: UInt64, count: Int) {
        self.bytes = bytes
        self.count = count
    }

    /// Both, one after the other; together at most eight bytes.
    static func + (left: ShortMark, right: ShortMark) -> ShortMark {
        ShortMark(bytes: left.bytes | right.bytes << UInt64(8 * left.count), count: min(8, left.count + right.count))
    }
}
