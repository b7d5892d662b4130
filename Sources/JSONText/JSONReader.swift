extension JSONValue {
    /// Reads one JSON document (RFC 8259) of UTF-8 bytes, and nothing that two readers could understand differently.
    ///
    /// Refused beyond the RFC: NUL, lone surrogates, repeated keys, integers beyond 64 bits, a byte order mark, and
    /// whatever exceeds `limits`. Takes time linear in the text; no input traps.
    package static func parse(_ bytes: [UInt8], limits: JSONLimits = .request) throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.byteCountMax else {
            throw JSONError(.tooLarge, at: limits.byteCountMax, in: bytes)
        }
        var reader = JSONReader(bytes: bytes, limits: limits)
        return try reader.document()
    }

    /// Reads one JSON document from any run of bytes; copies them once.
    package static func parse(
        _ bytes: some Collection<UInt8>, limits: JSONLimits = .request
    ) throws(JSONError) -> JSONValue {
        // One byte over the limit is enough to refuse; the rest is never copied.
        try parse(Array(bytes.prefix(limits.byteCountMax &+ 1)), limits: limits)
    }

    /// Reads one JSON document from a text.
    package static func parse(text: String, limits: JSONLimits = .request) throws(JSONError) -> JSONValue {
        try parse(text.utf8, limits: limits)
    }
}

/// The position in one document while it is read; strings and numbers are in files of their own.
struct JSONReader {
    let bytes: [UInt8]
    let limits: JSONLimits
    var at = 0
    private var valueCount = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> JSONValue {
        skipWhitespace()
        guard at < bytes.count else { throw fail(.empty, at: 0) }
        let value = try value(depth: 0)
        skipWhitespace()
        guard at == bytes.count else { throw fail(.trailingText) }
        return value
    }

    /// The byte at the cursor; 0, which is legal nowhere, past the end.
    @inline(__always)
    var current: UInt8 { at < bytes.count ? bytes[at] : 0 }

    func fail(_ code: JSONError.Code, at offset: Int? = nil) -> JSONError {
        JSONError(code, at: offset ?? at, in: bytes)
    }

    /// The error for a byte that does not fit: the end is not a character.
    func failHere() -> JSONError { fail(at < bytes.count ? .unexpectedCharacter : .unexpectedEnd) }

    @inline(__always)
    mutating func skipWhitespace() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at += 1
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        valueCount += 1
        if valueCount > limits.valueCountMax { throw fail(.tooManyValues) }
        switch current {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw failHere()
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for place in 0..<text.utf8CodeUnitCount {
            guard current == text.utf8Start[place] else { throw failHere() }
            at += 1
        }
        return value
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= limits.depthMax else { throw fail(.tooDeep) }
        at += 1
        var elements: [JSONValue] = []
        skipWhitespace()
        if current == UInt8(ascii: "]") {
            at += 1
            return .array(elements)
        }
        while true {
            skipWhitespace()
            elements.append(try value(depth: depth))
            skipWhitespace()
            switch current {
            case UInt8(ascii: ","): at += 1
            case UInt8(ascii: "]"):
                at += 1
                return .array(elements)
            default: throw failHere()
            }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= limits.depthMax else { throw fail(.tooDeep) }
        at += 1
        var object = JSONObject()
        skipWhitespace()
        if current == UInt8(ascii: "}") {
            at += 1
            return .object(object)
        }
        while true {
            skipWhitespace()
            guard current == UInt8(ascii: "\"") else { throw failHere() }
            let keyOffset = at
            let key = try string()
            guard key.utf8.count <= limits.keyByteCountMax else { throw fail(.keyTooLong, at: keyOffset) }
            skipWhitespace()
            guard current == UInt8(ascii: ":") else { throw failHere() }
            at += 1
            skipWhitespace()
            guard object.insert(key, try value(depth: depth)) else { throw fail(.duplicateKey, at: keyOffset) }
            skipWhitespace()
            switch current {
            case UInt8(ascii: ","): at += 1
            case UInt8(ascii: "}"):
                at += 1
                return .object(object)
            default: throw failHere()
            }
        }
    }
}
