internal import FoundationEssentials

/// Base 64 (RFC 4648, section 4) as the C2SP formats have it: padded, without line breaks, one spelling a value.
enum Base64Text {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// Nil for whatever ``encode(_:)`` would have written in another way.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let text = String(text)
        guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
        return Array(data)
    }

    /// A hash in base 64.
    static func hash(_ text: some StringProtocol) -> MerkleHash? { decode(text).flatMap { MerkleHash(bytes: $0) } }
}
