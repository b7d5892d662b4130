/// How far a log had come and what was its root: what the log signs (C2SP tlog-checkpoint).
package struct Checkpoint: Hashable, Sendable {
    /// The log's name.
    package let origin: String
    /// How many leaves the tree has.
    package let size: Int64
    /// The tree's root.
    package let root: MerkleHash

    /// Joins the parts.
    package init(origin: String, size: Int64, root: MerkleHash) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The text that is signed; we write no extension lines.
    package var text: String { "\(origin)\n\(size)\n\(Base64Text.encode(root.bytes))\n" }

    /// Reads a note's text; extension lines are let through, they are signed with the rest. Nil when it is none.
    package init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last == "", !lines.dropLast().contains(""),
            let size = Int64(lines[1]), size >= 0, String(size) == lines[1], let root = Base64Text.hash(lines[2])
        else { return nil }
        origin = String(lines[0])
        self.size = size
        self.root = root
    }
}

/// A checkpoint with the proof that an older tree is its beginning: what `/log/{province}/consistency/{old}` answers.
///
/// The form is the one in which a log hands a checkpoint to a witness (C2SP tlog-witness, `add-checkpoint`), so the same
/// answer can be sent to one: `old` and the size, the proof's hashes, an empty line, the note.
package struct ConsistencyStatement: Hashable, Sendable {
    /// The size of the older tree.
    package let oldSize: Int64
    /// From the deepest hash up.
    package let proof: [MerkleHash]
    /// The newer checkpoint with its signatures.
    package let note: SignedNote

    /// Joins the parts.
    package init(oldSize: Int64, proof: [MerkleHash], note: SignedNote) {
        self.oldSize = oldSize
        self.proof = proof
        self.note = note
    }

    /// The text.
    package var description: String {
        "old \(oldSize)\n" + proof.map { Base64Text.encode($0.bytes) + "\n" }.joined() + "\n" + note.description
    }

    /// Reads the text; nil when it is none. Nothing is verified.
    package init?(_ text: String) {
        guard text.hasPrefix("old "), let blank = text.firstRange(of: "\n\n") else { return nil }
        let lines = text[..<blank.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let size = Int64(first.dropFirst(4)), size >= 0, lines.count <= 64 else {
            return nil
        }
        let hashes = lines.dropFirst().compactMap { Base64Text.hash($0) }
        guard hashes.count == lines.count - 1, let note = SignedNote(String(text[blank.upperBound...])) else {
            return nil
        }
        self.init(oldSize: size, proof: hashes, note: note)
    }
}
