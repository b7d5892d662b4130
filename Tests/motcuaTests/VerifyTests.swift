import ArgumentParser
import Foundation
import Notices
import Testing
import WorkingTime

@testable import PublicFeed
@testable import motcua

/// The files that a citizen or a monitor keeps, of a small log made here.
struct KeptFiles {
    let folder: String
    let key: NoteKey
    private let signer: NoteSigner
    private var frontier = MerkleFrontier()
    private var tiles: [LogTile: [UInt8]] = [:]

    init(_ folder: String) throws {
        self.folder = folder
        let keys = try #require(LogKeys(name: "mot-cua.example.vn", secret: Array(1...32)))
        signer = try #require(keys.signer(48))
        key = signer.key
    }

    static func with(_ body: (inout KeptFiles) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "motcua-verify-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // What cannot be removed is the system's to remove.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var files = try KeptFiles(folder)
        try await body(&files)
    }

    mutating func append(_ leaves: [MerkleHash]) {
        for row in LogWriter.tiles(of: leaves, behind: &frontier) { tiles[row.tile, default: []] += row.hashes }
    }

    private var tree: MerkleTree {
        MerkleTree(size: frontier.size, tiles: { [tiles] in tiles[$0].map(TileBytes.init) })
    }

    var note: SignedNote {
        get throws {
            let text = Checkpoint(origin: key.name, size: frontier.size, root: frontier.root).text
            return SignedNote(text: text, signatures: [try signer.sign(text)])
        }
    }

    func consistency(from old: Int64) throws -> String {
        let proof = try #require(try tree.consistencyProof(from: old))
        return ConsistencyStatement(oldSize: old, proof: proof, note: try note).description
    }

    func receipt(_ n: Int64, body: String, _ opening: LeafOpening) throws -> [UInt8] {
        let proven = LogReceipt.Proven(
            hash: try #require(try tree.leafHash(n)), path: try #require(try tree.inclusionProof(of: n)))
        let leaf = LogReceipt.Leaf(
            n: n, dossier: "d", number: 1, content: .init(body: Array(body.utf8), opening: opening), proven: proven)
        let log = LogReceipt.Log(province: 48, key: key, note: try note, leaves: [leaf])
        return LogReceipt(logs: [log], isComplete: true).json
    }

    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        return "\(folder)/\(name)"
    }
}

@Suite struct VerifyTests {
    private func run(_ arguments: [String]) async throws {
        let verify = try Verify.parse(arguments)
        try await verify.run()
    }

    @Test func `a receipt is good with the log's key, and not with a word changed or another key`() async throws {
        try await KeptFiles.with { files in
            let opening = try #require(
                LeafOpening(salt: Array(repeating: 1, count: 16), head: Array(repeating: 2, count: 32)))
            let body = "{\"dossier\":\"d\",\"number\":1,\"sentence\":\"Đã tiếp nhận.\"}"
            files.append((0..<5).map { .leaf([$0]) } + [opening.leafHash(of: Array(body.utf8))])
            let text = String(decoding: try files.receipt(5, body: body, opening), as: UTF8.self)
            let good = try files.write("good.json", text)
            let bad = try files.write("bad.json", text.replacing("Đã tiếp nhận.", with: "Chưa tiếp nhận."))
            let key = files.key.description
            try await run([good, "--key", key])
            try await run([good, "--format", "json"])
            await #expect(throws: ExitCode(1)) { try await run([bad, "--key", key]) }
            let other = try #require(LogKeys(name: "mot-cua.example.vn", secret: Array(2...33))?.key(48))
            let refused = await #expect(throws: CommandFailure.self) {
                try await run([good, "--key", other.description])
            }
            #expect(refused?.code == 1)
        }
    }

    @Test func `a log that was only added to is told from one that was rewritten`() async throws {
        try await KeptFiles.with { files in
            files.append((0..<200).map { .leaf([$0]) })
            let old = try files.write("old", try files.note.description)
            files.append((0..<100).map { .leaf([1, $0]) })
            let new = try files.write("new", try files.consistency(from: 200))
            let plain = try files.write("plain", try files.note.description)
            var rewritten = try KeptFiles(files.folder)
            rewritten.append((0..<300).map { .leaf([2, UInt8($0 & 0xFF)]) })
            let forked = try rewritten.write("forked", try rewritten.consistency(from: 200))
            let key = ["--key", files.key.description]
            try await run(["--checkpoint", old, "--checkpoint", new] + key)
            try await run(["--checkpoint", plain, "--checkpoint", plain])
            await #expect(throws: ExitCode(1)) { try await run(["--checkpoint", old, "--checkpoint", forked] + key) }
            let unproven = await #expect(throws: CommandFailure.self) {
                try await run(["--checkpoint", old, "--checkpoint", plain] + key)
            }
            #expect(unproven?.code == 2 && unproven?.description.contains("/consistency/200") == true)
            await #expect(throws: CommandFailure.self) { try await run(["--checkpoint", new, "--checkpoint", old]) }
        }
    }

    @Test func `an audit says of what is no finding what it is and what to do, in both languages`() {
        func notes(
            erased: Int = 0, unexplained: [Int64] = [], setAside: [Int64] = [],
            figures: LogAudit.Figures = .init(), heads: LogAudit.Heads? = nil
        ) -> [String] {
            let outcome = LogAudit.Outcome(
                size: 20, signed: nil, erasedCount: erased, unexplained: unexplained, setAside: setAside,
                figures: figures, heads: heads, findings: [])
            return Verify.words(outcome, of: 48).notes
        }
        #expect(notes() == [] && notes(heads: .init(count: 0, isChecked: false)) == [])
        let alone = notes(unexplained: [4, 7, 8, 9])
        #expect(alone.count == 2)
        #expect(alone.allSatisfy { $0.hasPrefix("4 ") && $0.contains("(4, 7–9)") && $0.contains("--source") })
        #expect(alone.first?.contains("mỗi ngày nhiều nhất một") == true)
        let checked = notes(heads: .init(count: 3, isChecked: true))
        #expect(checked.map { $0.hasPrefix("3 ") } == [true, true])
        #expect(checked.first?.contains("không cần làm gì") == true && checked.last?.contains("nothing to do") == true)
        #expect(notes(heads: .init(count: 3, isChecked: false)).allSatisfy { $0.contains("--source") })
        #expect(notes(erased: 2, unexplained: [1]).count == 4)
        #expect(notes(setAside: [3]).map { $0.contains("(3)") } == [true, true])
    }

    @Test func `each row that is wrong is told with its place, in lines that fit, and what to do first`() {
        let findings = [
            LogAudit.Finding(
                province: 48, n: 7, dossier: "01990000-0000-7000-8000-000000000007", number: 1,
                what: "feed.notice: body, salt, head or leaf number was changed"),
            LogAudit.Finding(
                province: 48, n: nil, dossier: nil, number: nil, what: "feed.statistic_told 2026-03-01: x"),
        ]
        let lines = Verify.words(findings, width: 80)
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines[0].hasPrefix("✗ Tỉnh / province 48, mục / leaf 7, hồ sơ / dossier"))
        #expect(lines.contains("  feed.notice: body, salt, head or leaf number was changed"))
        #expect(lines.contains("✗ Tỉnh / province 48") && lines.contains { $0.contains("docs/log.md") })
        #expect(Verify.words([], width: 80) == [])
    }

    @Test func `an audit says which figures it could not compute again, and why`() throws {
        var figures = LogAudit.Figures()
        #expect(Verify.words(figures) == [])
        figures.otherRules = 1
        figures.rulesChangedOn = CivilDate("2026-03-05")
        figures.lateMonths = [try #require(CivilDate("2026-11-01"))]
        figures.foreignMonths = [try #require(CivilDate("2025-12-01")), try #require(CivilDate("2026-01-01"))]
        let notes = Verify.words(figures)
        #expect(notes.count == 8)
        for part in ["quy tắc 1", "rules 1", "5/3/2026", "11/2026", "12/2025, 1/2026"] {
            #expect(notes.contains { $0.contains(part) }, "\(part)")
        }
    }

    @Test(arguments: [
        [], ["--checkpoint", "a"], ["r.json", "--key", "nonsense"], ["--database", "x", "--data", "y"],
    ])
    func `a command line that asks for nothing that can be done is refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try Verify.parse(arguments) }
    }
}
