internal import JSONText

extension LogReceipt {
    /// What a receipt's file says it is; a reader of another number must not guess.
    package static let format = "motcua-receipt/1"

    /// The receipt as a file: all that is needed to check it without us. It does not hold the look-up code.
    package var json: [UInt8] {
        JSONWriter.bytes { json in
            json.member("format", LogReceipt.format)
            json.member("isComplete", isComplete)
            json.array("logs") { json in
                for log in logs { json.object { json in Self.write(log, &json) } }
            }
        }
    }

    private static func write(_ log: Log, _ json: inout JSONWriter) {
        json.member("province", Int(log.province))
        json.member("key", log.key.description)
        json.member("checkpoint", ifPresent: log.note?.description)
        json.array("leaves") { json in
            for leaf in log.leaves { json.object { json in write(leaf, &json) } }
        }
    }

    private static func write(_ leaf: Leaf, _ json: inout JSONWriter) {
        json.member("n", leaf.n)
        json.member("dossier", leaf.dossier)
        json.member("number", Int(leaf.number))
        if let content = leaf.content {
            // The exact bytes as text, so that people can read them too; what is no text goes as base 64.
            if let text = String(validating: content.body, as: UTF8.self) {
                json.member("body", text)
            } else {
                json.member("bodyBase64", Base64Text.encode(content.body))
            }
            json.member("salt", Base64Text.encode(content.opening.salt))
            json.member("head", Base64Text.encode(content.opening.head))
        } else {
            json.object("erased") { json in
                json.member("vi", "Nội dung của mục này đã được xóa và không thể hiện lại; bằng chứng vẫn còn giá trị.")
                json.member("en", "What this entry said was erased and can no longer be shown; its proof still holds.")
            }
        }
        guard let proven = leaf.proven else {
            json.member("isPending", true)
            return
        }
        json.member("leafHash", Base64Text.encode(proven.hash.bytes))
        json.array("proof") { json in
            for hash in proven.path { json.string(Base64Text.encode(hash.bytes)) }
        }
    }
}

/// What came of checking a receipt's file.
package struct ReceiptCheck: Sendable {
    /// How one leaf stands.
    package enum Verdict: Hashable, Sendable {
        /// It is in the signed tree, and what the receipt shows is what it commits to.
        case proven
        /// It is in the signed tree; what it said was erased.
        case erased
        /// No checkpoint covers it yet.
        case pending
        /// What the receipt shows is not what the leaf commits to.
        case doctored
        /// Its proof does not lead to the signed root.
        case notInTree
    }

    /// One leaf of the receipt.
    package struct Line: Hashable, Sendable {
        /// The log's name.
        package let origin: String
        /// Its number in the log.
        package let n: Int64
        /// The dossier.
        package let dossier: String
        /// The notice's number within the dossier.
        package let number: Int64
        /// How it stands.
        package let verdict: Verdict
    }

    /// Every leaf, in the receipt's order.
    package let lines: [Line]
    /// Each log's checkpoint, verified.
    package let checkpoints: [Checkpoint]
    /// The keys that the receipt itself names; whoever trusts them trusts the receipt.
    package let ownKeys: [NoteKey]
    /// Whether the receipt holds all leaves of its dossiers.
    package let isComplete: Bool

    /// Whether nothing is wrong.
    package var isGood: Bool { !lines.contains { $0.verdict == .doctored || $0.verdict == .notInTree } }

    /// Why a receipt cannot be checked at all; one sentence in English.
    package struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
        /// The sentence.
        package let description: String
    }

    /// Checks a receipt without asking anybody.
    /// - Parameter keys: the keys that are trusted; empty takes those that the receipt names.
    /// - Throws: ``Unreadable`` when it is no receipt, or its checkpoint is not signed by a trusted key.
    package init(_ bytes: [UInt8], keys: [NoteKey]) throws(Unreadable) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue.parse(bytes, limits: JSONLimits(byteCountMax: 64 << 20, valueCountMax: 2_000_000))
        } catch {
            throw Unreadable(description: "it is no JSON: \(error.message.en)")
        }
        guard json["format"]?.stringValue == LogReceipt.format, let logs = json["logs"]?.arrayValue else {
            throw Unreadable(description: "it is no receipt of the format \(LogReceipt.format)")
        }
        var lines: [Line] = []
        var checkpoints: [Checkpoint] = []
        var ownKeys: [NoteKey] = []
        for log in logs {
            guard let key = log["key"]?.stringValue.flatMap({ NoteKey($0) }), key.kind == .ed25519,
                let leaves = log["leaves"]?.arrayValue
            else { throw Unreadable(description: "a log of the receipt has no key or no leaves") }
            ownKeys.append(key)
            var checkpoint: Checkpoint?
            if let note = log["checkpoint"]?.stringValue {
                checkpoint = try Self.verified(note, by: keys.isEmpty ? [key] : keys)
            }
            if let checkpoint { checkpoints.append(checkpoint) }
            for leaf in leaves { lines.append(try Self.check(leaf, under: checkpoint, of: key.name)) }
        }
        self.lines = lines
        self.checkpoints = checkpoints
        self.ownKeys = ownKeys
        isComplete = json["isComplete"]?.boolValue ?? false
    }

    /// The checkpoint of a note that one of the keys has signed.
    /// - Throws: ``Unreadable`` for any other.
    package static func verified(_ text: String, by keys: [NoteKey]) throws(Unreadable) -> Checkpoint {
        guard let note = SignedNote(text), let checkpoint = Checkpoint(text: note.text) else {
            throw Unreadable(description: "its checkpoint does not read")
        }
        guard keys.contains(where: { $0.name == checkpoint.origin && note.isSigned(by: $0) }) else {
            throw Unreadable(
                description: "the checkpoint of \(checkpoint.origin) is not signed by the key: it is not from this log")
        }
        return checkpoint
    }

    /// The checkpoint of a note, its signatures unread.
    /// - Throws: ``Unreadable`` when it is none.
    package static func unverified(_ note: SignedNote) throws(Unreadable) -> Checkpoint {
        guard let checkpoint = Checkpoint(text: note.text) else {
            throw Unreadable(description: "its checkpoint does not read")
        }
        return checkpoint
    }

    private static func check(
        _ json: JSONValue, under checkpoint: Checkpoint?, of origin: String
    ) throws(Unreadable) -> Line {
        guard let n = json["n"]?.integerValue, let dossier = json["dossier"]?.stringValue,
            let number = json["number"]?.integerValue
        else { throw Unreadable(description: "a leaf has no number, dossier or place") }
        func line(_ verdict: Verdict) -> Line {
            Line(origin: origin, n: n, dossier: dossier, number: number, verdict: verdict)
        }
        let body =
            json["body"]?.stringValue.map { Array($0.utf8) }
            ?? json["bodyBase64"]?.stringValue.flatMap { Base64Text.decode($0) }
        let salt = json["salt"]?.stringValue.flatMap { Base64Text.decode($0) }
        let head = json["head"]?.stringValue.flatMap { Base64Text.decode($0) }
        let computed = body.flatMap { body in LeafOpening(salt: salt, head: head).map { $0.leafHash(of: body) } }
        let isErased = json["erased"] != nil
        if isErased ? (body ?? salt ?? head) != nil : computed == nil { return line(.doctored) }
        if let body, !names(body, dossier, number) { return line(.doctored) }
        guard json["isPending"]?.boolValue != true else { return line(.pending) }
        guard let hash = json["leafHash"]?.stringValue.flatMap({ Base64Text.hash($0) }),
            let texts = json["proof"]?.arrayValue, let checkpoint
        else { return line(.notInTree) }
        let path = texts.compactMap { $0.stringValue.flatMap { Base64Text.hash($0) } }
        if let computed, computed != hash { return line(.doctored) }
        guard path.count == texts.count,
            MerkleProof.root(leaf: hash, n: n, size: checkpoint.size, path: path) == checkpoint.root
        else { return line(.notInTree) }
        return line(isErased ? .erased : .proven)
    }

    /// Whether the notice says that it is that dossier's of that number; one of an unknown format does not.
    private static func names(_ body: [UInt8], _ dossier: String, _ number: Int64) -> Bool {
        guard let json = try? JSONValue.parse(body, limits: JSONLimits(byteCountMax: 1 << 24)) else { return false }
        return json["dossier"]?.stringValue == dossier && json["number"]?.integerValue == number
    }
}
