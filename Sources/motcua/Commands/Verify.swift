import ArgumentParser
import JSONText
import PublicFeed

/// `motcua verify`: whether what was published is what was signed.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks receipts, checkpoints and whole databases against the public log.",
        discussion: """
            A receipt is the file that the page of a dossier offers (/v1/progress/CODE/proof): it is checked without asking \
            anybody. Give the log's key (/log/PROVINCE/key), else the one that the receipt names is taken, which proves only \
            that the receipt agrees with itself.

            Two checkpoints, the older first: the newer as /log/PROVINCE/consistency/SIZE gives it, where SIZE is the older \
            one's second line, so that the proof is in it. A plain checkpoint will do where both have the same size.

            A database: every leaf, notice and dossier that is published is computed again and compared with what was \
            signed; each row that differs is named. --data audits an installation with PostgreSQL of its own, running or not.

            Exit code 0: all is as it was signed. 1: something is not. 2: it could not be checked.

            Examples:
              motcua verify bang-chung-so-cong-khai.json \\
                --key "mot-cua.example.vn/log/48+5d1f…+AQ…"
              motcua verify --checkpoint old.txt --checkpoint new.txt \\
                --key "mot-cua.example.vn/log/48+5d1f…+AQ…"
              motcua verify --database "host=db dbname=motcua user=motcua_feed" \\
                --log-folder /var/lib/motcua/transparency
              motcua verify --data /var/lib/motcua
            """)

    @Argument(help: "A receipt's file.")
    var receipt: String?

    @Option(name: .customLong("checkpoint"), help: "A file with a checkpoint; twice, the older first.")
    var checkpoints: [String] = []

    @Option(
        name: .customLong("key"),
        help: ArgumentHelp("A log's verifier key that is trusted. May be repeated.", valueName: "vkey"))
    var keys: [String] = []

    @Option(help: ArgumentHelp("The feed's database, to be audited.", valueName: "url"))
    var database: String?

    @Option(
        help: ArgumentHelp(
            """
            The engine's database, as motcua_feed, or as the schema's owner, who sees all that leaves commit to. \
            Default: the feed's, where the engine is in it.
            """, valueName: "url"))
    var source: String?

    @Option(help: ArgumentHelp("An installation with its own PostgreSQL, to be audited.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("The folder of the log's key and last checkpoints.", valueName: "folder"))
    var logFolder: String?

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        guard checkpoints.isEmpty || checkpoints.count == 2 else {
            throw ValidationError("--checkpoint is given twice: the older, then the newer.")
        }
        guard database == nil || data == nil else { throw ValidationError("--database or --data, not both.") }
        guard receipt != nil || !checkpoints.isEmpty || database != nil || data != nil else {
            throw ValidationError("Nothing to verify: give a receipt, two checkpoints, --database or --data.")
        }
        _ = try trusted()
    }

    /// The keys that are trusted.
    func trusted() throws -> [NoteKey] {
        try keys.map { text in
            guard let key = NoteKey(text), key.kind == .ed25519 else {
                throw ValidationError("“\(text)” is no verifier key of a log (name+id+key).")
            }
            return key
        }
    }

    func run() async throws {
        let trusted = try trusted()
        var isGood = true
        if let receipt { isGood = try checkReceipt(receipt, trusted) && isGood }
        if checkpoints.count == 2 { isGood = try checkConsistency(checkpoints[0], checkpoints[1], trusted) && isGood }
        if database != nil || data != nil { isGood = try await auditDatabase(trusted) && isGood }
        if !isGood { throw ExitCode(CommandFailure.Kind.no.rawValue) }
    }
}

extension Verify {
    /// Checks a receipt and prints each of its leaves.
    private func checkReceipt(_ path: String, _ trusted: [NoteKey]) throws -> Bool {
        let bytes = try LocalFiles.bytes(path)
        let check: ReceiptCheck
        do throws(ReceiptCheck.Unreadable) {
            check = try ReceiptCheck(bytes, keys: trusted)
        } catch {
            throw CommandFailure(.no, "\(path): \(error)")
        }
        var table = Table([
            .init("log", "Sổ / Log"), .init("n", "Mục / Leaf", isNumber: true), .init("dossier", "Hồ sơ / Dossier"),
            .init("number", "Số / Number", isNumber: true), .init("verdict", "Kết quả / Verdict"),
        ])
        for line in check.lines {
            table.add([line.origin, "\(line.n)", line.dossier, "\(line.number)", Verify.words(line.verdict)])
        }
        table.show(format)
        guard format == .text else { return check.isGood }
        let terminal = Terminal.standard
        for checkpoint in check.checkpoints {
            terminal.line("Bản ký / checkpoint: \(checkpoint.origin), \(checkpoint.size) mục / leaves")
        }
        if trusted.isEmpty {
            terminal.line("Khóa lấy từ chính biên nhận; hãy so với khóa đã công bố:")
            terminal.line("The key is the receipt's own; compare it with the published one:")
            for key in check.ownKeys { terminal.line("  \(key)") }
        }
        if !check.isComplete { terminal.line("The receipt does not hold all leaves of its dossiers.") }
        return check.isGood
    }

    /// A verdict in both languages.
    static func words(_ verdict: ReceiptCheck.Verdict) -> String {
        switch verdict {
        case .proven: "đúng / proven"
        case .erased: "đã ghi, nội dung đã xóa / proven, content erased"
        case .pending: "chưa ký / not signed yet"
        case .doctored: "NỘI DUNG BỊ SỬA / CONTENT CHANGED"
        case .notInTree: "KHÔNG CÓ TRONG SỔ / NOT IN THE LOG"
        }
    }

    /// Checks that the newer checkpoint's tree begins with the older one's.
    private func checkConsistency(_ older: String, _ newer: String, _ trusted: [NoteKey]) throws -> Bool {
        let old = try statement(older)
        let new = try statement(newer)
        let before: Checkpoint
        let after: Checkpoint
        do throws(ReceiptCheck.Unreadable) {
            let keys = trusted.isEmpty ? nil : trusted
            before = try Verify.checkpoint(old.note, keys, older)
            after = try Verify.checkpoint(new.note, keys, newer)
        } catch {
            throw CommandFailure(.no, "\(error)")
        }
        guard before.origin == after.origin else {
            throw CommandFailure(.no, "the checkpoints are of two logs: \(before.origin) and \(after.origin)")
        }
        guard before.size <= after.size else {
            throw CommandFailure(.no, "\(older) is the newer one, of \(before.size) leaves: give the older first")
        }
        guard before.size == after.size || new.oldSize == before.size else {
            throw CommandFailure(
                .notNow,
                "\(newer) has no proof from \(before.size) leaves: get it from /log/PROVINCE/consistency/\(before.size)"
            )
        }
        let isConsistent = MerkleProof.isConsistent(
            oldSize: before.size, oldRoot: before.root, newSize: after.size, newRoot: after.root,
            proof: before.size == after.size ? [] : new.proof)
        if format == .json {
            let answer: JSONValue = [
                "log": .string(before.origin), "oldSize": .integer(before.size), "newSize": .integer(after.size),
                "isConsistent": .bool(isConsistent), "isSignatureChecked": .bool(!trusted.isEmpty),
            ]
            Terminal.standard.write(String(decoding: answer.prettyBytes, as: UTF8.self))
            return isConsistent
        }
        if trusted.isEmpty {
            Terminal.standard.line("No --key was given: the signatures were not checked.")
        }
        Terminal.standard.line(
            isConsistent
                ? "Sổ chỉ được ghi thêm / the log was only added to: \(before.size) → \(after.size)"
                : "SỔ ĐÃ BỊ VIẾT LẠI / THE LOG WAS REWRITTEN: \(before.size) → \(after.size)")
        return isConsistent
    }

    private func statement(_ path: String) throws -> ConsistencyStatement {
        let text = String(decoding: try LocalFiles.bytes(path, byteCountMax: 1 << 20), as: UTF8.self)
        if let statement = ConsistencyStatement(text) { return statement }
        guard let note = SignedNote(text) else {
            throw CommandFailure(.no, "\(path) is neither a checkpoint nor a consistency proof with one")
        }
        return ConsistencyStatement(oldSize: -1, proof: [], note: note)
    }

    /// The checkpoint of a note; signed by a trusted key, unless none was given.
    private static func checkpoint(
        _ note: SignedNote, _ keys: [NoteKey]?, _ path: String
    ) throws(ReceiptCheck.Unreadable) -> Checkpoint {
        if let keys { return try ReceiptCheck.verified(note.description, by: keys) }
        return try ReceiptCheck.unverified(note)
    }
}
