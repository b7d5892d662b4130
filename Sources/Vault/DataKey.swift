/// A data key as it is stored beside its dossier: 65 bytes that only the key file can unwrap.
package struct WrappedKey: Hashable, Sendable {
    /// The stored bytes; anything may stand here until ``PersonalVault/unwrap(_:province:dossier:)`` has accepted it.
    package let bytes: [UInt8]

    /// Takes the stored bytes as they are.
    package init(bytes: [UInt8]) { self.bytes = bytes }
}

/// The unwrapped key of one dossier; it lives as long as the work on that dossier and is never stored.
package struct DataKey: Sendable, CustomStringConvertible {
    let key: SecretKey
    /// The same key as it is stored.
    package let wrapped: WrappedKey
    /// The version of the key file under which it is wrapped.
    package let keyVersion: UInt32
    /// The province to which it belongs.
    package let province: String
    /// The dossier to which it belongs.
    package let dossier: String

    /// Seals one section: format 1, key version (4 bytes), nonce (12), ciphertext, tag (16). Province, dossier, section
    /// and key version are authenticated, so that a sealed value cannot be moved to another place.
    /// - Throws: `.cannotSeal`.
    package func seal(_ plaintext: [UInt8], section: String) throws(VaultError) -> [UInt8] {
        try Envelope.seal(
            plaintext, with: key.key, keyVersion: keyVersion,
            associated: Envelope.sectionAssociated(province, dossier, section, version: keyVersion))
    }

    /// Opens one section.
    /// - Throws: `.truncated`, `.unknownFormat`, `.refused` (changed, or of another dossier, section or key).
    package func open(_ sealed: [UInt8], section: String) throws(VaultError) -> [UInt8] {
        let parts = try Envelope(sealed)
        // The version of the seal, not of today: after a rewrap the data key is the same and the value as it was.
        return try parts.open(
            key.key, associated: Envelope.sectionAssociated(province, dossier, section, version: parts.keyVersion))
    }

    /// The dossier; no key.
    package var description: String { "data key of \(province)/\(dossier) (redacted)" }
}
