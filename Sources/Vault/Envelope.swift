internal import Crypto
internal import FoundationEssentials

/// The bytes of a sealed value: format (1), key version (4, big-endian), nonce (12), ciphertext, tag (16).
struct Envelope {
    private static let format: UInt8 = 1
    private static let headerByteCount = 1 + 4 + 12
    private static let tagByteCount = 16

    let keyVersion: UInt32
    private let nonce: ArraySlice<UInt8>
    private let ciphertext: ArraySlice<UInt8>
    private let tag: ArraySlice<UInt8>

    /// Takes a sealed value apart; says nothing yet about whether it is genuine.
    init(_ bytes: [UInt8]) throws(VaultError) {
        guard let first = bytes.first else { throw VaultError(.truncated, "the sealed value is empty") }
        guard first == Envelope.format else {
            throw VaultError(.unknownFormat, "the sealed value has format \(first), which this build does not know")
        }
        guard bytes.count >= Envelope.headerByteCount + Envelope.tagByteCount else {
            throw VaultError(.truncated, "the sealed value is cut short (\(bytes.count) bytes)")
        }
        keyVersion = bytes[1..<5].reduce(0) { $0 << 8 | UInt32($1) }
        nonce = bytes[5..<Envelope.headerByteCount]
        ciphertext = bytes[Envelope.headerByteCount..<(bytes.count - Envelope.tagByteCount)]
        tag = bytes.suffix(Envelope.tagByteCount)
    }

    /// Decrypts and authenticates.
    func open(_ key: SymmetricKey, associated: [UInt8]) throws(VaultError) -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(nonce: AES.GCM.Nonce(data: nonce), ciphertext: ciphertext, tag: tag)
            return Array(try AES.GCM.open(box, using: key, authenticating: associated))
        } catch {
            throw VaultError(.refused, "the sealed value was changed or belongs to another dossier, section or key")
        }
    }

    /// Encrypts under a new random nonce.
    static func seal(
        _ plaintext: [UInt8], with key: SymmetricKey, keyVersion: UInt32, associated: [UInt8]
    ) throws(VaultError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(plaintext, using: key, authenticating: associated)
            var bytes: [UInt8] = [format]
            bytes.reserveCapacity(headerByteCount + plaintext.count + tagByteCount)
            bytes += bigEndian(keyVersion)
            bytes += box.nonce
            bytes += box.ciphertext
            bytes += box.tag
            return bytes
        } catch {
            throw VaultError(.cannotSeal, "the cryptographic library failed to seal a value")
        }
    }

    /// What a wrapped data key is bound to.
    static func wrapAssociated(_ province: String, _ dossier: String, version: UInt32) -> [UInt8] {
        associated("motcua/1/data-key", [province, dossier], version)
    }

    /// What a sealed section is bound to.
    static func sectionAssociated(
        _ province: String, _ dossier: String, _ section: String, version: UInt32
    ) -> [UInt8] {
        associated("motcua/1/section", [province, dossier, section], version)
    }

    /// Bytes with their length before them, so that "ab" + "c" and "a" + "bc" differ.
    static func field(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt32(clamping: bytes.count)) + bytes }

    private static func associated(_ label: String, _ fields: [String], _ version: UInt32) -> [UInt8] {
        var bytes = field(Array(label.utf8)) + bigEndian(version)
        for text in fields { bytes += field(Array(text.utf8)) }
        return bytes
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
