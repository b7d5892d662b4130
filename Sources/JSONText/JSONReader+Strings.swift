extension JSONReader {
    /// Reads a string, the cursor on its opening quote.
    mutating func string() throws(JSONError) -> String {
        let start = at + 1
        // A local cursor stays in a register; the member would be stored at every byte.
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            end += 1
        }
        at = end
        guard end < bytes.count else { throw fail(.unexpectedEnd) }
        switch bytes[end] {
        case UInt8(ascii: "\""):
            at += 1
            return try decoded(bytes, start..<end, from: start)
        case UInt8(ascii: "\\"): return try escapedString(from: start)
        default: throw fail(bytes[end] == 0 ? .nul : .controlCharacter)
        }
    }

    /// Goes on with a string at its first backslash; what stands before it is plain.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<at])
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\""):
                let string = try decoded(text, 0..<text.count, from: start)
                at += 1
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw fail(byte == 0 ? .nul : .controlCharacter)
            default:
                text.append(byte)
                at += 1
            }
        }
        throw fail(.unexpectedEnd)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let start = at
        at += 1
        guard at < bytes.count else { throw fail(.unexpectedEnd) }
        let letter = bytes[at]
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(from: start, into: &text)
        default: throw fail(.invalidEscape, at: start)
        }
    }

    private mutating func unicodeEscape(from start: Int, into text: inout [UInt8]) throws(JSONError) {
        var code = try fourHexDigits(from: start)
        if code == 0 { throw fail(.nul, at: start) }
        if (0xDC00...0xDFFF).contains(code) { throw fail(.loneSurrogate, at: start) }
        if (0xD800...0xDBFF).contains(code) {
            guard current == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") else {
                throw fail(.loneSurrogate, at: start)
            }
            at += 2
            let low = try fourHexDigits(from: at - 2)
            guard (0xDC00...0xDFFF).contains(low) else { throw fail(.loneSurrogate, at: start) }
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fail(.invalidEscape, at: start) }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private mutating func fourHexDigits(from start: Int) throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard at < bytes.count else { throw fail(.unexpectedEnd) }
            let digit: UInt8
            switch bytes[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[at] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[at] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[at] - UInt8(ascii: "A") + 10
            default: throw fail(.invalidEscape, at: start)
            }
            code = code << 4 | UInt32(digit)
            at += 1
        }
        return code
    }

    /// The text of these bytes of `text`, which stand in the document from `start` on.
    private func decoded(_ text: [UInt8], _ range: Range<Int>, from start: Int) throws(JSONError) -> String {
        do {
            return String(copying: try UTF8Span(validating: text.span.extracting(range)))
        } catch {
            // Escapes before the bad byte may have moved it; then the place is that of the string's beginning.
            let isPlain = range.lowerBound == start
            throw fail(.invalidUTF8, at: isPlain ? start + error.byteOffsets.lowerBound : start)
        }
    }
}
