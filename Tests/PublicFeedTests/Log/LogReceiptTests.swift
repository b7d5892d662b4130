import JSONText
import Notices
import Postgres
import TestSupport
import Testing

@testable import PublicFeed

@Suite struct LogReceiptTests {
    private func receipt(_ world: LogWorld, _ code: LookUpCode) async throws -> [UInt8] {
        let reader = ProgressReader(feed: world.feed, lifetime: .zero)
        if let family = try await reader.family(of: code) { return try await world.reader().receipt(of: family).json }
        let erased = try #require(try await reader.erased(code))
        return try await world.reader().receipt(of: erased).json
    }

    /// The receipt's text with something in it changed.
    private func changed(_ receipt: [UInt8], _ old: String, _ new: String) throws -> [UInt8] {
        let text = String(decoding: receipt, as: UTF8.self)
        #expect(text.contains(old))
        return Array(text.replacing(old, with: new).utf8)
    }

    @Test func `a receipt is checked without asking anybody, and shows no look-up code`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<300)
            let bytes = try await receipt(world, LogWorld.code(77))
            let key = try #require(world.keys.key(1))
            let check = try ReceiptCheck(bytes, keys: [key])
            #expect(check.isGood && check.isComplete && check.checkpoints.map(\.size) == [300])
            #expect(
                check.lines == [
                    .init(origin: "test.example/log/1", n: 77, dossier: Some.id(1_077), number: 1, verdict: .proven)
                ])
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains(LogWorld.code(77).compact) && !text.contains(LogWorld.code(77).description))
            let stranger = try #require(LogKeys(name: "test.example", secret: Array(repeating: 1, count: 32))?.key(1))
            #expect(throws: ReceiptCheck.Unreadable.self) { try ReceiptCheck(bytes, keys: [stranger]) }
        }
    }

    @Test func `whatever is changed in a receipt is told`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<300)
            let bytes = try await receipt(world, LogWorld.code(77))
            func verdict(_ old: String, _ new: String) throws -> ReceiptCheck.Verdict? {
                try ReceiptCheck(try changed(bytes, old, new), keys: []).lines.first?.verdict
            }
            #expect(try verdict("Tin số 1", "Tin số 2") == .doctored)
            #expect(try verdict("\"n\":77", "\"n\":78") == .notInTree)
            #expect(try verdict("\"number\":1,\"body\"", "\"number\":2,\"body\"") == .doctored)
            let json = try JSONValue.parse(bytes)
            let leaf = try #require(json["logs"]?.arrayValue?.first?["leaves"]?.arrayValue?.first)
            let salt = try #require(leaf["salt"]?.stringValue)
            let other = (salt.first == "A" ? "B" : "A") + salt.dropFirst()
            #expect(try verdict(salt, other) == .doctored)
            let hash = try #require(leaf["proof"]?.arrayValue?.first?.stringValue)
            #expect(try verdict(hash, Base64Text.encode(MerkleHash.leaf([]).bytes)) == .notInTree)
            #expect(throws: ReceiptCheck.Unreadable.self) {
                try ReceiptCheck(try changed(bytes, "\\n300\\n", "\\n301\\n"), keys: [])
            }
        }
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"format\":\"motcua-receipt/1\"}", "{\"format\":\"motcua-receipt/1\",\"logs\":[{}]}",
        "{\"format\":\"motcua-receipt/2\",\"logs\":[]}", "{\"format\":\"motcua-receipt/1\",\"logs\":7}",
    ])
    func `what is no receipt is refused`(text: String) {
        #expect(throws: ReceiptCheck.Unreadable.self) { try ReceiptCheck(Array(text.utf8), keys: []) }
    }

    @Test func `a leaf that no checkpoint covers yet is pending`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<10)
            try await world.publish(10..<12, signed: false)
            let check = try ReceiptCheck(try await receipt(world, LogWorld.code(11)), keys: [])
            #expect(check.lines.map(\.verdict) == [.pending] && check.isGood)
        }
    }

    @Test func `an erased salt keeps every proof, and the receipt says that the content is gone`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<40)
            let before = try await receipt(world, LogWorld.code(7))
            try await world.tamperEngine(
                "UPDATE engine.leaf SET salt = NULL, erased_at = now() WHERE dossier = '\(Some.id(1_007))'")
            try await world.publish(40..<50)
            let after = try await receipt(world, LogWorld.code(7))
            let check = try ReceiptCheck(after, keys: [])
            #expect(check.lines.map(\.verdict) == [.erased] && check.isGood)
            let text = String(decoding: after, as: UTF8.self)
            #expect(text.contains("không thể hiện lại") && !text.contains("Tin số") && !text.contains("\"salt\""))
            // What was kept before, and everybody else's proofs, are as good as they were.
            #expect(try ReceiptCheck(before, keys: []).lines.map(\.verdict) == [.proven])
            #expect(
                try ReceiptCheck(try await receipt(world, LogWorld.code(8)), keys: []).lines.map(\.verdict) == [.proven]
            )
            #expect(try await world.findings() == [])
            let audit = LogAudit(feed: world.feed, source: nil, keys: [], folder: world.folder)
            #expect(try await audit.run(1).erasedCount == 1)
            // Made again from leaf 0 it stays erased.
            try await world.tamper("UPDATE feed.cursor SET next_n = 0; DELETE FROM feed.notice")
            try await world.publish(50..<51)
            #expect(try await audit.run(1).erasedCount == 1)
        }
    }

    @Test func `cosignatures of known witnesses are kept and served, of others refused`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<5)
            let witness = try #require(
                NoteSigner(name: "witness.example/w1", kind: .cosignature, secret: Array(repeating: 5, count: 32)))
            let stranger = try #require(
                NoteSigner(name: "witness.example/w2", kind: .cosignature, secret: Array(repeating: 6, count: 32)))
            let reader = world.reader(witnesses: [witness.key])
            let text = try #require(try await reader.checkpoint(1)).checkpoint.text
            let good = try witness.sign(text, atSeconds: 1_772_000_000).line
            let untrue = try witness.sign(text + "x", atSeconds: 1_772_000_000).line
            let unknown = try stranger.sign(text, atSeconds: 1_772_000_000).line
            #expect(try await reader.cosign(1, size: 5, lines: unknown + untrue + "nonsense\n") == .unknownWitness)
            #expect(try await reader.cosign(1, size: 4, lines: good) == .unknownCheckpoint)
            #expect(try await reader.cosignedCheckpoint(1) == nil)
            #expect(try await reader.cosign(1, size: 5, lines: unknown + good) == .kept(1))
            #expect(try await reader.cosign(1, size: 5, lines: good) == .kept(1))
            let served = try #require(try await reader.checkpoint(1)).note
            #expect(served.signatures.count == 2 && served.isSigned(by: witness.key))
            // A newer checkpoint is not cosigned; the older one still is.
            try await world.publish(5..<9)
            #expect(try await reader.checkpoint(1)?.note.signatures.count == 1)
            let cosigned = try #require(try await reader.cosignedCheckpoint(1))
            #expect(cosigned.checkpoint.size == 5 && cosigned.note.isSigned(by: witness.key))
        }
    }
}
