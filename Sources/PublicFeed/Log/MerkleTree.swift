/// A tree of some size over perfect subtrees that somebody else keeps: its root and the proofs of RFC 6962.
package struct MerkleTree {
    /// Gives the hash of the perfect subtree of height `height` (2 to that power leaves) at `place` among its like.
    package typealias Source = (_ height: Int, _ place: Int64) throws -> MerkleHash

    /// How many leaves it has.
    package let size: Int64
    private let source: Source

    /// The tree of the first `size` leaves of the source.
    package init(size: Int64, source: @escaping Source) {
        self.size = max(0, size)
        self.source = source
    }

    /// The root: MTH(D[n]).
    package func root() throws -> MerkleHash {
        size == 0 ? .ofEmptyTree : try hash(of: 0..<size)
    }

    /// The hash of leaf `n`; nil when there is no such leaf.
    package func leafHash(_ n: Int64) throws -> MerkleHash? {
        n >= 0 && n < size ? try source(0, n) : nil
    }

    /// The audit path of leaf `n`, from the leaf's sibling up: PATH(n, D[size]) of RFC 6962, 2.1.1.
    /// - Returns: nil when there is no such leaf.
    package func inclusionProof(of n: Int64) throws -> [MerkleHash]? {
        guard n >= 0, n < size else { return nil }
        var path: [MerkleHash] = []
        var range = 0..<size
        while range.count > 1 {
            let middle = range.lowerBound + MerkleTree.split(range.upperBound - range.lowerBound)
            if n < middle {
                path.append(try hash(of: middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                path.append(try hash(of: range.lowerBound..<middle))
                range = middle..<range.upperBound
            }
        }
        return path.reversed()
    }

    /// The proof that the first `old` leaves are this tree's beginning: PROOF(old, D[size]) of RFC 6962, 2.1.2.
    /// - Returns: nil when `old` is larger than the tree; empty for 0 and for the tree itself.
    package func consistencyProof(from old: Int64) throws -> [MerkleHash]? {
        guard old >= 0, old <= size else { return nil }
        guard old > 0, old < size else { return [] }
        var proof: [MerkleHash] = []
        var range = 0..<size
        // While the old tree fills the range from its left border on, its root is known to whoever asks.
        var isKnown = true
        while old != range.upperBound {
            let middle = range.lowerBound + MerkleTree.split(range.upperBound - range.lowerBound)
            if old <= middle {
                proof.append(try hash(of: middle..<range.upperBound))
                range = range.lowerBound..<middle
            } else {
                proof.append(try hash(of: range.lowerBound..<middle))
                range = middle..<range.upperBound
                isKnown = false
            }
        }
        if !isKnown { proof.append(try hash(of: range)) }
        return proof.reversed()
    }

    /// The hash of the leaves in `range`, whose left border is one of a subtree as large as the range.
    private func hash(of range: Range<Int64>) throws -> MerkleHash {
        let count = range.upperBound - range.lowerBound
        if count & (count - 1) == 0 {
            let height = count.trailingZeroBitCount
            return try source(height, range.lowerBound >> Int64(height))
        }
        let middle = range.lowerBound + MerkleTree.split(count)
        return .node(try hash(of: range.lowerBound..<middle), try hash(of: middle..<range.upperBound))
    }

    /// The largest power of two below `count`, which is at least 2.
    private static func split(_ count: Int64) -> Int64 {
        1 << Int64(63 - (count - 1).leadingZeroBitCount)
    }
}

/// Checks proofs that somebody else made; no input traps, whatever it says.
package enum MerkleProof {
    /// The root that a leaf's audit path leads to in a tree of `size` leaves (RFC 9162, 2.1.3.2).
    /// - Returns: nil when there is no such leaf or the path has another length.
    package static func root(leaf: MerkleHash, n: Int64, size: Int64, path: [MerkleHash]) -> MerkleHash? {
        guard n >= 0, n < size else { return nil }
        var place = n
        var last = size - 1
        var hash = leaf
        for sibling in path {
            guard last > 0 else { return nil }
            if place & 1 == 1 || place == last {
                hash = .node(sibling, hash)
                // A right border has no sibling until it is a right child.
                while place & 1 == 0, place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                hash = .node(hash, sibling)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 ? hash : nil
    }

    /// Whether a tree of `oldSize` leaves is the beginning of one of `newSize` (RFC 9162, 2.1.4.2).
    package static func isConsistent(
        oldSize: Int64, oldRoot: MerkleHash, newSize: Int64, newRoot: MerkleHash, proof: [MerkleHash]
    ) -> Bool {
        guard oldSize >= 0, oldSize <= newSize else { return false }
        if oldSize == newSize { return proof.isEmpty && oldRoot == newRoot }
        if oldSize == 0 { return proof.isEmpty && oldRoot == .ofEmptyTree }
        let path = oldSize & (oldSize - 1) == 0 ? [oldRoot] + proof : proof
        guard let first = path.first else { return false }
        var place = oldSize - 1
        var last = newSize - 1
        while place & 1 == 1 {
            place >>= 1
            last >>= 1
        }
        var old = first
        var new = first
        for sibling in path.dropFirst() {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                old = .node(sibling, old)
                new = .node(sibling, new)
                while place & 1 == 0, place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                new = .node(new, sibling)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && old == oldRoot && new == newRoot
    }
}
