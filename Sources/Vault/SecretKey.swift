internal import Crypto
internal import FoundationEssentials

/// Key material that can be used but not printed: descriptions, dumps and mirrors show nothing of it.
package struct SecretKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    static let byteCount = 32

    let key: SymmetricKey

    init(_ key: SymmetricKey) { self.key = key }

    /// A new random key of 256 bits.
    init() { key = SymmetricKey(size: .bits256) }

    /// The 32 bytes, for a library that asks for them (token signing). Do not store or log them.
    package var bytes: [UInt8] { key.withUnsafeBytes { Array($0) } }

    /// `key (redacted)`.
    package var description: String { "key (redacted)" }
    /// `key (redacted)`.
    package var debugDescription: String { description }
    /// No children: `dump` and string interpolation of what holds a key must not reach its bytes.
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

/// HMAC-SHA256 begun under a key: every request takes two, and to begin costs as much as to hash a short text.
struct BegunHash: Sendable, CustomReflectable {
    private let begun: HMAC<SHA256>

    init(_ key: SecretKey) { begun = HMAC<SHA256>(key: key.key) }

    /// The 32 bytes for a text.
    func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = begun
        hash.update(data: bytes)
        return Array(hash.finalize())
    }

    /// No children: what is begun would do in the key's place.
    var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

/// What a key derived from the key file is used for; each purpose has a key of its own.
package enum KeyPurpose: String, Hashable, Sendable, CaseIterable {
    /// Fingerprints of requests under an idempotency key (engine.md, R13).
    case requestFingerprint = "request-fingerprint"
    /// Addresses of stored documents.
    case documentAddress = "document-address"
    /// Signatures of access tokens.
    case tokenSigning = "token-signing"
    /// The short identity by which a database recognises its key file.
    case identity
}
