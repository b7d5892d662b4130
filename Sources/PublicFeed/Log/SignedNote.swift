internal import Crypto
internal import FoundationEssentials

/// A text with signature lines below it (C2SP signed-note).
package struct SignedNote: Hashable, Sendable {
    /// One signature line.
    package struct Signature: Hashable, Sendable {
        /// Who signed, as the key is named.
        package let name: String
        /// The first four bytes of the key's hash.
        package let keyID: UInt32
        /// What follows the key's id: for Ed25519 64 bytes, for a cosignature eight bytes of time before them.
        package let bytes: [UInt8]

        /// The line, with its line feed.
        package var line: String {
            let id = withUnsafeBytes(of: keyID.bigEndian) { Array($0) }
            return "\u{2014} \(name) \(Base64Text.encode(id + bytes))\n"
        }

        init(name: String, keyID: UInt32, bytes: [UInt8]) {
            self.name = name
            self.keyID = keyID
            self.bytes = bytes
        }

        /// Reads one line, without its line feed; nil for anything else.
        package init?(line: some StringProtocol) {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "\u{2014}", NoteKey.isName(parts[1]),
                let bytes = Base64Text.decode(parts[2]), bytes.count > 4
            else { return nil }
            name = String(parts[1])
            keyID = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
            self.bytes = Array(bytes.dropFirst(4))
        }
    }

    /// More than anybody needs; the format asks readers to take at least 16.
    package static let signatureCountMax = 64
    /// The longest note that is read, in bytes.
    package static let byteCountMax = 65_536

    /// The text that is signed, with its last line feed.
    package let text: String
    /// The signatures, in their order.
    package var signatures: [Signature]

    /// Joins both.
    package init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note; nil when it is none. Nothing is verified.
    package init?(_ note: String) {
        guard note.utf8.count <= SignedNote.byteCountMax, note.utf8.last == 0x0A,
            note.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" })
        else { return nil }
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard let blank = lines.lastIndex(of: ""), blank > lines.startIndex else { return nil }
        let signed = lines[(blank + 1)...]
        guard (1...SignedNote.signatureCountMax).contains(signed.count) else { return nil }
        signatures = signed.compactMap { Signature(line: $0) }
        guard signatures.count == signed.count else { return nil }
        text = lines[..<blank].joined(separator: "\n") + "\n"
    }

    /// The whole note.
    package var description: String { text + "\n" + signatures.map(\.line).joined() }

    /// Whether the key signed it: at least one signature is the key's, and every one that claims to be is true.
    package func isSigned(by key: NoteKey) -> Bool {
        let claims = signatures.filter { $0.name == key.name && $0.keyID == key.id }
        return !claims.isEmpty && claims.allSatisfy { key.isTrue($0, under: text) }
    }
}

/// A key that verifies signatures of notes.
package struct NoteKey: Hashable, Sendable, CustomStringConvertible {
    /// What its signatures say.
    package enum Kind: UInt8, Hashable, Sendable {
        /// Ed25519 over the note's text (C2SP signed-note): the log itself.
        case ed25519 = 1
        /// Ed25519 over time and text (C2SP tlog-cosignature, v1): a witness.
        case cosignature = 4
    }

    /// The key's name: for a log, its origin.
    package let name: String
    /// What its signatures say.
    package let kind: Kind
    /// The 32 bytes of the public key.
    package let publicKey: [UInt8]

    /// A key; nil when the name has a space or a plus sign, or the key is no Ed25519 public key.
    package init?(name: String, kind: Kind, publicKey: [UInt8]) {
        guard NoteKey.isName(name), (try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)) != nil else {
            return nil
        }
        self.name = name
        self.kind = kind
        self.publicKey = publicKey
    }

    /// Reads a verifier key, `name+id+key`; nil when it is none of a kind we know, or its id is not the key's own.
    package init?(_ text: some StringProtocol) {
        // The key's base 64 may hold a plus sign, the name may not.
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64Text.decode(parts[2]), let first = bytes.first,
            let kind = Kind(rawValue: first)
        else { return nil }
        self.init(name: String(parts[0]), kind: kind, publicKey: Array(bytes.dropFirst()))
        guard idText == parts[1] else { return nil }
    }

    /// The first four bytes of SHA-256(name ‖ 0A ‖ kind ‖ key).
    package var id: UInt32 {
        let hash = MerkleHash.plain(Array(name.utf8) + [0x0A, kind.rawValue] + publicKey)
        return hash.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private var idText: String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }

    /// The verifier key as it is published.
    package var description: String {
        "\(name)+\(idText)+\(Base64Text.encode([kind.rawValue] + publicKey))"
    }

    /// Not empty, without spaces and plus signs.
    static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.utf8.count <= 255
            && !name.unicodeScalars.contains { $0 == "+" || $0.value < 0x20 || $0.properties.isWhitespace }
    }

    /// Whether a signature of this key is true.
    func isTrue(_ signature: SignedNote.Signature, under text: String) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        switch kind {
        case .ed25519:
            return signature.bytes.count == 64
                && key.isValidSignature(signature.bytes, for: Array(text.utf8))
        case .cosignature:
            guard signature.bytes.count == 72, let time = signature.cosignedAt else { return false }
            return key.isValidSignature(
                signature.bytes.dropFirst(8), for: NoteKey.cosignedMessage(text, at: time))
        }
    }

    /// What a witness signs.
    static func cosignedMessage(_ text: String, at time: Int64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }
}

extension SignedNote.Signature {
    /// The time of a cosignature in seconds since 1970; nil when there can be none.
    package var cosignedAt: Int64? {
        guard bytes.count > 8 else { return nil }
        return Int64(exactly: bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

/// A key that signs notes; the private half never leaves it.
package struct NoteSigner: Sendable, CustomStringConvertible, CustomReflectable {
    /// The public half.
    package let key: NoteKey
    private let privateKey: Curve25519.Signing.PrivateKey

    /// A signer of that name from 32 secret bytes; nil when the name cannot be one.
    package init?(name: String, kind: NoteKey.Kind = .ed25519, secret: [UInt8]) {
        guard let privateKey = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret),
            let key = NoteKey(name: name, kind: kind, publicKey: Array(privateKey.publicKey.rawRepresentation))
        else { return nil }
        self.privateKey = privateKey
        self.key = key
    }

    /// The signature of a text.
    /// - Parameter seconds: since 1970; only a cosignature says it.
    /// - Throws: what the cryptographic library throws.
    package func sign(_ text: String, atSeconds seconds: Int64 = 0) throws -> SignedNote.Signature {
        switch key.kind {
        case .ed25519:
            let bytes = Array(try privateKey.signature(for: Array(text.utf8)))
            return SignedNote.Signature(name: key.name, keyID: key.id, bytes: bytes)
        case .cosignature:
            let time = withUnsafeBytes(of: UInt64(max(0, seconds)).bigEndian) { Array($0) }
            let bytes = Array(try privateKey.signature(for: NoteKey.cosignedMessage(text, at: max(0, seconds))))
            return SignedNote.Signature(name: key.name, keyID: key.id, bytes: time + bytes)
        }
    }

    /// The public half.
    package var description: String { key.description }
    /// No children: keys are not for dumps.
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
