internal import Crypto
internal import FoundationEssentials

/// Seals and opens personal values and makes the keyed hashes that stand for them elsewhere.
///
/// Each dossier has a data key of its own, stored beside it wrapped under a version of the key file; to erase a
/// dossier's values it is enough to delete that row (backups keep it until they expire). AES-256-GCM throughout.
package struct PersonalVault: Sendable, CustomStringConvertible {
    private let ring: KeyRing
    private let fingerprints: BegunHash
    private let addressKey: SecretKey

    /// Makes a vault of the keys of one installation; new data keys are wrapped under the newest version until ``use(_:)``
    /// says another.
    /// - Parameter path: where the keys were read from, to be read again when a version is missing; nil never reads again.
    package init(keys: KeyFile, path: String? = nil) {
        ring = KeyRing(keys, path: path)
        fingerprints = BegunHash(keys.derivedKey(.requestFingerprint))
        addressKey = keys.derivedKey(.documentAddress)
    }

    /// Names the installation's keys and tells nothing of them.
    package var identity: String { ring.keys.identity }

    /// The version under which new data keys are wrapped.
    package var versionInUse: UInt32 { ring.inUse }

    /// Wraps new data keys under a version of the key file from now on; the file is read again if it is not known yet.
    /// - Throws: `.unknownKeyVersion` when the file does not hold it; as `KeyFile.open` when the file cannot be read.
    package func use(_ version: UInt32) throws(VaultError) { try ring.use(version) }

    /// Makes a new data key for a dossier, wrapped under the version in use.
    /// - Throws: `.cannotSeal`.
    package func newDataKey(province: String, dossier: String) throws(VaultError) -> DataKey {
        try wrap(SecretKey(), province: province, dossier: dossier)
    }

    /// Unwraps a stored data key; one unwrap serves any number of seals and opens of that dossier.
    /// - Throws: `.truncated`, `.unknownFormat`, `.unknownKeyVersion`, `.refused` (another province or dossier, or
    /// changed).
    package func unwrap(_ wrapped: WrappedKey, province: String, dossier: String) throws(VaultError) -> DataKey {
        let parts = try Envelope(wrapped.bytes)
        let wrapping = try ring.wrappingKey(parts.keyVersion)
        let plain = try parts.open(
            wrapping.key, associated: Envelope.wrapAssociated(province, dossier, version: parts.keyVersion))
        guard plain.count == SecretKey.byteCount else {
            throw VaultError(.refused, "the wrapped key is not a data key")
        }
        return DataKey(
            key: SecretKey(SymmetricKey(data: plain)), wrapped: wrapped, keyVersion: parts.keyVersion,
            province: province, dossier: dossier)
    }

    /// The same data key wrapped under the version in use, after a rotation; nil when it already is.
    /// - Throws: as ``unwrap(_:province:dossier:)``, and `.cannotSeal`.
    package func rewrapped(
        _ wrapped: WrappedKey, province: String, dossier: String
    ) throws(VaultError) -> WrappedKey? {
        let key = try unwrap(wrapped, province: province, dossier: dossier)
        guard key.keyVersion != ring.inUse else { return nil }
        return try wrap(key.key, province: province, dossier: dossier).wrapped
    }

    /// Seals one section of a dossier's values; unwraps first, so prefer ``DataKey/seal(_:section:)`` for several.
    /// - Throws: as ``unwrap(_:province:dossier:)``, and `.cannotSeal`.
    package func seal(
        _ plaintext: [UInt8], with wrapped: WrappedKey, province: String, dossier: String, section: String
    ) throws(VaultError) -> [UInt8] {
        try unwrap(wrapped, province: province, dossier: dossier).seal(plaintext, section: section)
    }

    /// Opens one section of a dossier's values.
    /// - Throws: as ``unwrap(_:province:dossier:)``; `.refused` also when it is another section's.
    package func open(
        _ sealed: [UInt8], with wrapped: WrappedKey, province: String, dossier: String, section: String
    ) throws(VaultError) -> [UInt8] {
        try unwrap(wrapped, province: province, dossier: dossier).open(sealed, section: section)
    }

    /// 32 bytes that stand for a request without revealing it: HMAC-SHA256 under a key of its own. Not a bare hash,
    /// because a number of 12 digits can be guessed.
    package func fingerprint(_ bytes: [UInt8]) -> [UInt8] {
        fingerprints.hash(bytes)
    }

    /// 32 bytes under which a document of a province is stored: the same content has the same address within a province
    /// and another in the next, and cannot be looked for without the key.
    package func documentAddress(province: String, content: [UInt8]) -> [UInt8] {
        var hash = HMAC<SHA256>(key: addressKey.key)
        hash.update(data: Envelope.field(Array(province.utf8)))
        hash.update(data: content)
        return Array(hash.finalize())
    }

    /// 32 bytes that commit an event to a value which the event does not hold: HMAC-SHA256 under the salt. Whoever is
    /// given value and salt can check it without any key; once the salt is erased it says nothing.
    /// - Parameter salt: 16 bytes or more, random, kept only with the sealed value; ``newSalt()`` makes one.
    /// - Throws: `.weakSalt`.
    package static func commitment(salt: [UInt8], _ bytes: [UInt8]) throws(VaultError) -> [UInt8] {
        guard salt.count >= 16 else {
            throw VaultError(.weakSalt, "a salt of \(salt.count) bytes is too short; use 16 or more")
        }
        return Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: salt)))
    }

    /// 32 random bytes for ``commitment(salt:_:)``.
    package static func newSalt() -> [UInt8] { SecretKey().bytes }

    /// The key file's identity; no key.
    package var description: String { "vault of \(ring.keys)" }

    private func wrap(_ key: SecretKey, province: String, dossier: String) throws(VaultError) -> DataKey {
        let version = ring.inUse
        let wrapping = try ring.wrappingKey(version)
        let bytes = try Envelope.seal(
            key.bytes, with: wrapping.key, keyVersion: version,
            associated: Envelope.wrapAssociated(province, dossier, version: version))
        return DataKey(
            key: key, wrapped: WrappedKey(bytes: bytes), keyVersion: version, province: province, dossier: dossier)
    }
}
