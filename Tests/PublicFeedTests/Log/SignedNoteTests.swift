import Testing

@testable import PublicFeed

@Suite struct SignedNoteTests {
    /// The example of C2SP's signed-note specification.
    private static let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    private static let note = """
        This is an example message.

        \u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

        """

    @Test func `the specification's example is verified by its key, and nothing else is`() throws {
        let key = try #require(NoteKey(Self.key))
        #expect(key.name == "example.com/foo" && key.id == 0x530d_903a && key.description == Self.key)
        let note = try #require(SignedNote(Self.note))
        #expect(note.text == "This is an example message.\n" && note.description == Self.note)
        #expect(note.isSigned(by: key))
        #expect(!SignedNote(text: "This is another message.\n", signatures: note.signatures).isSigned(by: key))
        #expect(NoteKey(Self.key.replacing("530d903a", with: "530d903b")) == nil)
        #expect(NoteKey(Self.key.replacing("example.com/foo", with: "example.com/bar")) == nil)
    }

    @Test func `what this log signs is verified by its published key, also beside signatures of others`() throws {
        let keys = try #require(LogKeys(name: "mot-cua.example.vn", secret: Array(1...32)))
        let signer = try #require(keys.signer(48))
        let key = try #require(NoteKey(signer.key.description))
        #expect(key.name == "mot-cua.example.vn/log/48")
        let checkpoint = Checkpoint(origin: key.name, size: 12, root: .leaf([1]))
        var note = SignedNote(text: checkpoint.text, signatures: [try signer.sign(checkpoint.text)])
        let witness = try #require(
            NoteSigner(name: "witness.example/w1", kind: .cosignature, secret: Array(repeating: 5, count: 32)))
        let cosignature = try witness.sign(checkpoint.text, atSeconds: 1_772_000_000)
        note.signatures.append(cosignature)
        let read = try #require(SignedNote(note.description))
        #expect(read == note && read.isSigned(by: key) && read.isSigned(by: witness.key))
        #expect(cosignature.cosignedAt == 1_772_000_000)
        #expect(NoteKey(witness.key.description) == witness.key)
        #expect(Checkpoint(text: read.text) == checkpoint)
        let other = try #require(keys.signer(79))
        #expect(!read.isSigned(by: other.key) && other.key.publicKey != key.publicKey)
        // A time that was not signed makes the cosignature false, and with it the note.
        var late = cosignature.bytes
        late[7] ^= 1
        note.signatures[1] = SignedNote.Signature(name: cosignature.name, keyID: cosignature.keyID, bytes: late)
        #expect(!note.isSigned(by: witness.key) && note.isSigned(by: key))
    }

    @Test(arguments: [
        "", "\n", "text\n", "text\n\n", "text\n\nnot a signature\n", "text\n\n\u{2014} a b\n",
        "\n\u{2014} a AAAAAAA=\n",
        "text\u{1}\n\n\u{2014} a AAAAAAA=\n", "text\n\n\u{2014} a AAAAAAA=", "text\n\n\u{2014} a+b AAAAAAA=\n",
        "text\n\n- a AAAAAAA=\n", "text\n\n\u{2014} a AAAA\n",
    ])
    func `what is no note is refused`(text: String) {
        #expect(SignedNote(text) == nil)
    }

    @Test(arguments: [
        "", "a\n1\n", "a\n01\n\(root)\n", "a\n-1\n\(root)\n", "a\n1\n\(root)", "a\n1\n\(root)\n\n", "\n1\n\(root)\n",
        "a\n1\nAAAA\n", "a\n99999999999999999999\n\(root)\n", "a\n+1\n\(root)\n",
    ])
    func `what is no checkpoint is refused`(text: String) {
        #expect(Checkpoint(text: text) == nil)
    }

    private static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

    @Test func `a checkpoint of C2SP's specification is read, its extension lines let through`() throws {
        let text = "example.com/behind-the-sofa\n20852163\n\(Self.root)\n"
        let checkpoint = try #require(Checkpoint(text: text))
        #expect(checkpoint.size == 20_852_163 && checkpoint.text == text)
        #expect(Checkpoint(text: text + "extension\n") == checkpoint)
    }

    @Test func `a consistency statement reads as it is written`() throws {
        let note = try #require(SignedNote(Self.note))
        let statement = ConsistencyStatement(oldSize: 3, proof: [.leaf([1]), .leaf([2])], note: note)
        #expect(ConsistencyStatement(statement.description) == statement)
        let empty = ConsistencyStatement(oldSize: 0, proof: [], note: note)
        #expect(ConsistencyStatement(empty.description) == empty)
        #expect(ConsistencyStatement("old x\n\n" + note.description) == nil)
        #expect(ConsistencyStatement("old 1\nnothing\n\n" + note.description) == nil)
    }
}
