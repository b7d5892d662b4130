extension JSONWriter {
    /// Appends a string with its quotes, escaping what RFC 8785 escapes and nothing else.
    @usableFromInline static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        // Bridged strings, the only ones without contiguous bytes, do not exist on Linux.
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { appendEscaped($0, to: &bytes) }
        if done == nil { Array(text.utf8).withUnsafeBufferPointer { appendEscaped($0, to: &bytes) } }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        var plainFrom = 0
        var place = 0
        while true {
            place = plainEnd(text, from: place)
            guard place < text.count else { break }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plainFrom..<place]))
            appendEscape(of: text[place], to: &bytes)
            place += 1
            plainFrom = place
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plainFrom...]))
    }

    /// Where the first byte lies that has to be escaped: a control, a quote or a backslash; eight bytes at a step.
    private static func plainEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs = ones << 7
        func hasZero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }
        let bytes = UnsafeRawBufferPointer(text)
        var place = start
        while place + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            let found =
                (word &- ones * 0x20) & ~word & highs | hasZero(word ^ ones * 0x22) | hasZero(word ^ ones * 0x5C)
            if found != 0 { break }
            place += 8
        }
        // Of the word in which something was found, or of what is left, byte by byte.
        while place < bytes.count {
            let byte = bytes[place]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return place }
            place += 1
        }
        return place
    }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
            let low = byte & 0x0F
            bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        default: bytes.append(byte)
        }
    }

    /// Appends an integer in decimal.
    @usableFromInline static func append(_ number: Int64, to bytes: inout [UInt8]) {
        var rest = number.magnitude
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }
}
