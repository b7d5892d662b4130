extension JSONReader {
    /// Reads a number, the cursor on its sign or first digit.
    mutating func number() throws(JSONError) -> JSONValue {
        let start = at
        let negative = current == UInt8(ascii: "-")
        if negative { at += 1 }
        guard isDigit else { throw fail(at < bytes.count ? .invalidNumber : .unexpectedEnd) }
        let firstDigit = at
        // Counting downwards reaches Int64.min, which counting upwards cannot.
        var value: Int64 = 0
        var overflow = false
        while isDigit {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooLow) = product.subtractingReportingOverflow(Int64(bytes[at] - UInt8(ascii: "0")))
            value = sum
            overflow = overflow || tooLarge || tooLow
            at += 1
        }
        if at - firstDigit > 1, bytes[firstDigit] == UInt8(ascii: "0") { throw fail(.invalidNumber, at: start) }
        switch current {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return try fraction(from: start)
        default: break
        }
        if !negative {
            let (positive, tooHigh) = Int64(0).subtractingReportingOverflow(value)
            value = positive
            overflow = overflow || tooHigh
        }
        if overflow { throw fail(.numberOutOfRange, at: start) }
        return .integer(value)
    }

    private mutating func fraction(from start: Int) throws(JSONError) -> JSONValue {
        if current == UInt8(ascii: ".") {
            at += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            at += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { at += 1 }
            var exponent = 0
            let firstDigit = at
            try digits()
            for byte in bytes[firstDigit..<at] where exponent <= JSONLimits.exponentMax {
                exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
            }
            if exponent > JSONLimits.exponentMax { throw fail(.numberOutOfRange, at: start) }
        }
        if at - start > JSONLimits.numberByteCountMax { throw fail(.numberOutOfRange, at: start) }
        return .number(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func digits() throws(JSONError) {
        guard isDigit else { throw fail(at < bytes.count ? .invalidNumber : .unexpectedEnd) }
        while isDigit { at += 1 }
    }

    @inline(__always)
    private var isDigit: Bool {
        at < bytes.count && bytes[at] &- UInt8(ascii: "0") <= 9
    }
}
