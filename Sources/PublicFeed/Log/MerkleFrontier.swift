/// The right edge of a growing tree: enough to add leaves and to tell the root, in 32 bytes a level.
///
/// A tree of n leaves falls into perfect subtrees, one for each bit that is set in n; their hashes are the peaks.
package struct MerkleFrontier: Hashable, Sendable {
    /// How many leaves there are.
    package private(set) var size: Int64
    /// The perfect subtrees' hashes, the largest first.
    package private(set) var peaks: [MerkleHash]

    /// A tree without leaves.
    package init() {
        size = 0
        peaks = []
    }

    /// The edge of a tree of `size` leaves from its peaks' bytes, the largest first; nil when they do not fit the size.
    package init?(size: Int64, peakBytes: [UInt8]) {
        guard size >= 0, peakBytes.count == size.nonzeroBitCount * MerkleHash.byteCount else { return nil }
        self.size = size
        peaks = stride(from: 0, to: peakBytes.count, by: MerkleHash.byteCount).compactMap {
            MerkleHash(bytes: peakBytes[$0..<$0 + MerkleHash.byteCount])
        }
    }

    /// The peaks' bytes, the largest first.
    package var peakBytes: [UInt8] { peaks.flatMap(\.bytes) }

    /// The root of the tree.
    package var root: MerkleHash {
        guard var root = peaks.last else { return .ofEmptyTree }
        for peak in peaks.dropLast().reversed() { root = .node(peak, root) }
        return root
    }

    /// Adds a leaf.
    /// - Parameter finished: called for each perfect subtree that the leaf completes, with its height (0: the leaf
    ///   itself), its place among those of that height, and its hash. One call a leaf and, on average, one more.
    package mutating func append(
        _ leaf: MerkleHash, finished: (_ height: Int, _ place: Int64, _ hash: MerkleHash) -> Void = { _, _, _ in }
    ) {
        var hash = leaf
        var place = size
        var height = 0
        finished(height, place, hash)
        // An odd place is a right child: its left neighbour is the last peak.
        while place & 1 == 1, let left = peaks.popLast() {
            hash = .node(left, hash)
            place >>= 1
            height += 1
            finished(height, place, hash)
        }
        peaks.append(hash)
        size += 1
    }
}
