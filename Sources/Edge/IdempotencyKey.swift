import HTTPTypes
package import Hummingbird

/// The caller's name for one command (draft-ietf-httpapi-idempotency-key-header-07).
package struct IdempotencyKey: Hashable, Sendable, CustomStringConvertible {
    /// 1…255 printable ASCII characters, without the quotes and escapes of the header.
    package let value: String

    /// The key as given.
    package var description: String { value }

    /// The longest key.
    package static let lengthMax = 255

    /// The key of a header's value: a structured string (`"8e03…"`) or, as most callers send it, the bare token.
    /// - Returns: nil if it is neither, empty or too long.
    package init?(header: some StringProtocol) {
        // Twice as long at most, every character escaped, and the quotes.
        guard header.utf8.count <= 2 * Self.lengthMax + 2 else { return nil }
        var bytes = Array(header.utf8)[...]
        while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        let isQuoted = bytes.first == UInt8(ascii: "\"")
        guard let key = isQuoted ? Self.unquoted(bytes) : Self.token(bytes), (1...Self.lengthMax).contains(key.count)
        else { return nil }
        value = String(decoding: key, as: UTF8.self)
    }

    /// A bare key has no spaces, quotes, commas or semicolons, so that it cannot be mistaken for a list or parameters.
    private static func token(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let excluded: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\\")]
        return bytes.allSatisfy { (0x21...0x7E).contains($0) && !excluded.contains($0) } ? Array(bytes) : nil
    }

    /// An sf-string (RFC 9651, 4.2.5), nothing after its closing quote.
    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var key: [UInt8] = []
        var rest = bytes.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return rest.isEmpty ? key : nil
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst(), escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\")
                else { return nil }
                key.append(escaped)
            case 0x20...0x7E: key.append(byte)
            default: return nil
            }
        }
        return nil
    }
}

extension Request {
    /// The key that every command must carry.
    /// - Throws: ``Problem`` 400 if it is missing, given twice, or does not read.
    package func idempotencyKey() throws(Problem) -> IdempotencyKey {
        let values = headers[values: .idempotencyKey]
        guard let header = values.first else {
            throw .badRequest(
                "idempotency-key-required", vi: "Thiếu tiêu đề Idempotency-Key.",
                en: "The header Idempotency-Key is required.")
        }
        guard values.count == 1, let key = IdempotencyKey(header: header) else {
            throw .badRequest(
                "invalid-idempotency-key", vi: "Idempotency-Key phải có 1–255 ký tự ASCII in được, gửi một lần.",
                en: "Idempotency-Key must be given once, with 1–255 printable ASCII characters.")
        }
        return key
    }
}
