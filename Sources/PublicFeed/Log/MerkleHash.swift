internal import Crypto

/// A SHA-256 hash of a Merkle tree, by the rules of RFC 6962, section 2.1 (unchanged in RFC 9162).
package struct MerkleHash: Hashable, Sendable {
    /// How long a hash is.
    package static let byteCount = 32

    /// The 32 bytes.
    package let bytes: [UInt8]

    /// The hash of these bytes' value; nil unless there are 32.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == MerkleHash.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    private init(_ digest: SHA256.Digest) { bytes = Array(digest) }

    /// The root of a tree without leaves: the hash of nothing.
    package static let ofEmptyTree = MerkleHash(SHA256.hash(data: [UInt8]()))

    /// The hash of an entry as a leaf: SHA-256(00 ‖ entry).
    package static func leaf(_ entry: [UInt8]) -> MerkleHash {
        var state = SHA256()
        state.update(data: [0])
        state.update(data: entry)
        return MerkleHash(state.finalize())
    }

    /// The hash of two neighbours: SHA-256(01 ‖ left ‖ right).
    package static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var state = SHA256()
        state.update(data: [1])
        state.update(data: left.bytes)
        state.update(data: right.bytes)
        return MerkleHash(state.finalize())
    }

    /// The plain hash of bytes: SHA-256(bytes).
    static func plain(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}

/// What the log commits to for one notice.
///
/// The engine gives a leaf the hash `sha256(00 ‖ salt ‖ sha256(body) ‖ head)`. That is the RFC 6962 leaf hash of an
/// entry of 80 bytes: the salt (16), the SHA-256 of the notice's exact bytes (32), and the head of the dossier's event
/// chain when the notice was made (32). Without the salt nobody can guess a leaf back to its notice; with it, whoever
/// holds the dossier's receipt computes the leaf again.
package struct LeafOpening: Hashable, Sendable {
    /// Sixteen random bytes.
    package let salt: [UInt8]
    /// The dossier's chain head, 32 bytes.
    package let head: [UInt8]

    /// An opening; nil unless the lengths are right.
    package init?(salt: [UInt8]?, head: [UInt8]?) {
        guard let salt, let head, salt.count == 16, head.count == 32 else { return nil }
        self.salt = salt
        self.head = head
    }

    /// The leaf's hash for a notice's bytes.
    package func leafHash(of body: [UInt8]) -> MerkleHash {
        .leaf(salt + MerkleHash.plain(body) + head)
    }
}
