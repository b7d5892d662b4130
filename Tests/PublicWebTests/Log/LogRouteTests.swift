import Edge
import HTTPTypes
import Notices
import PublicFeed
import PublicSamples
import Testing

@testable import PublicWeb

@Suite struct LogRouteTests {
    @Test func `a checkpoint is a signed note that the published key verifies, and soon stale`() async throws {
        try await LogSite.with { site in
            #expect(try await site.call("/log/48/checkpoint").status == .notFound)
            #expect(try await site.call("/log/48/key").status == .notFound)
            try await site.publish(Samples.notice(1), from: 0, others: 299)
            let answer = try await site.call("/log/48/checkpoint")
            #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
            #expect(answer.headers[.cacheControl] == "public, max-age=2")
            #expect(answer.headers[.accessControlAllowOrigin] == "*")
            let key = try await site.call("/log/48/key")
            let verifier = try #require(NoteKey(key.text.dropLast()))
            let note = try #require(SignedNote(answer.text))
            #expect(note.isSigned(by: verifier))
            let checkpoint = try #require(Checkpoint(text: note.text))
            #expect(checkpoint.origin == "mot-cua.example.vn/log/48" && checkpoint.size == 300)
            let tag = try #require(answer.headers[.eTag])
            #expect(
                try await site.call("/log/48/checkpoint", headers: [.ifNoneMatch: tag]).status == .notModified)
            for path in ["/log/79/checkpoint", "/log/048/checkpoint", "/log/x/checkpoint", "/log/99999/key"] {
                let answer = try await site.call(path)
                #expect(answer.status == .notFound, "\(path)")
                #expect(answer.headers[.contentType]?.hasPrefix("application/problem+json") == true)
            }
        }
    }

    @Test func `tiles are immutable, partial ones of every width too, and nothing beyond the checkpoint is`()
        async throws
    {
        try await LogSite.with { site in
            try await site.publish(Samples.notice(1), from: 0, others: 299)
            for (path, count) in [
                ("0/000", 256), ("0/001.p/44", 44), ("0/001.p/3", 3), ("1/000.p/1", 1), ("0/000.p/7", 7),
            ] {
                let tile = try await site.call("/log/48/tile/\(path)")
                #expect(tile.status == .ok && tile.bytes.count == count * 32, "\(path)")
                #expect(tile.headers[.contentType] == "application/octet-stream")
                #expect(tile.headers[.cacheControl] == CacheControl.immutable.value)
            }
            for path in [
                "0/001", "0/001.p/45", "1/000", "2/000.p/1", "0/x001/000", "0/1", "0/000.p/256", "x", "0/002.p/1",
            ] {
                #expect(try await site.call("/log/48/tile/\(path)").status == .notFound, "\(path)")
            }
            let entries = try await site.call("/log/48/tile/entries/000")
            #expect(entries.status == .notFound && entries.text.contains("entries-private"))
            // Taken, but not signed yet: a monitor must not see it, for it could still be taken back.
            try await site.publish(Samples.notice(2), from: 300, signed: false)
            #expect(try await site.call("/log/48/tile/0/001.p/45").status == .notFound)
            try await site.signer.round()
            #expect(try await site.call("/log/48/tile/0/001.p/45").status == .ok)
        }
    }

    @Test func `the page says how the newest notice stands, and the proof is checked offline`() async throws {
        try await LogSite.with { site in
            try await site.publish(Samples.notice(1), from: 0, others: 1_299)
            try await site.publish(Samples.notice(2), from: 1_300, others: 33, signed: false)
            let path = "/ho-so/\(Samples.code)"
            let pending = try await site.call(path)
            #expect(pending.text.contains("đang chờ ghi vào sổ công khai"))
            try await site.signer.round()
            let page = try await site.call(path)
            #expect(page.text.contains("Đã ghi vào sổ công khai số 48 (mục 1.301 / 1.334)."))
            #expect(page.text.contains("href=\"/v1/progress/\(Samples.code)/proof\""))
            let english = try await site.call(path + "?lang=en")
            #expect(english.text.contains("Recorded in public log 48 (entry 1,301 / 1,334)."))
            let json = try await site.call("/v1/progress/\(Samples.code)")
            #expect(json.text.contains("\"log\":{\"province\":48,\"leaf\":1300,\"size\":1334,"))
            // That the log grows is no reason to send the page again.
            let tag = try #require(page.headers[.eTag])
            try await site.publish(
                Samples.notice(1) { ($0.dossier, $0.root) = (Self.other, Self.other) }, from: 1_334, code: nil)
            #expect(try await site.call(path, headers: [.ifNoneMatch: tag]).status == .notModified)

            let proof = try await site.call("/v1/progress/\(Samples.code)/proof")
            #expect(proof.status == .ok && proof.headers[.cacheControl] == "private, no-cache")
            let key = try #require(site.reader.key(48))
            let check = try ReceiptCheck(proof.bytes, keys: [key])
            #expect(check.lines.map(\.n) == [0, 1_300] && check.lines.allSatisfy { $0.verdict == .proven })
            #expect(!proof.text.contains(Samples.code.compact) && !proof.text.contains(Samples.code.description))
        }
    }

    private static let other = "0193e3a0-0000-7000-8000-00000000ffff"

    @Test func `of a dossier that was erased its code shows that alone, and its proof still holds`() async throws {
        try await LogSite.with { site in
            try await site.publish(Samples.notice(1), from: 0, others: 9)
            try await site.publish(Samples.notice(2), from: 10)
            let (path, api) = ("/ho-so/\(Samples.code)", "/v1/progress/\(Samples.code)")
            let said = ["Tư pháp", "10/03/2026", "Đăng ký khai sinh", "2026-03-10", "civil"]
            for page in [path, path + "/giay-tiep-nhan", api] {
                let before = try await site.call(page)
                #expect(before.status == .ok && said.contains { before.text.contains($0) }, "\(page)")
            }
            let proof = try await site.call(api + "/proof")
            try await site.erase(Samples.root)
            for page in [path, path + "/giay-tiep-nhan", path + "?lang=en", api] {
                let after = try await site.call(page)
                #expect(after.status == .gone, "\(page)")
                #expect(!said.contains { after.text.contains($0) }, "\(page)")
            }
            let page = try await site.call(path)
            #expect(page.text.contains("<h1>Dữ liệu của hồ sơ này đã được xóa</h1>"))
            #expect(page.text.contains("href=\"/ho-so/000.00.41.H17-260303-0042?lang=vi\""))
            #expect(page.text.contains("href=\"\(api)/proof\""))
            #expect(page.headers[.cacheControl] == "no-store")
            let problem = try await site.call(api)
            #expect(problem.headers[.contentType]?.hasPrefix("application/problem+json") == true)
            #expect(problem.text.contains("\"code\":\"dossier-erased\""))
            // The degree of completion is everybody's to know, and the entries stand in the log.
            #expect(try await site.call("/ho-so/000.00.41.H17-260303-0042").status == .ok)
            let receipt = try await site.call(api + "/proof")
            let check = try ReceiptCheck(receipt.bytes, keys: [try #require(site.reader.key(48))])
            #expect(check.lines.map(\.n) == [0, 10] && check.lines.allSatisfy { $0.verdict == .erased })
            #expect(!said.contains { receipt.text.contains($0) })
            #expect(try ReceiptCheck(proof.bytes, keys: []).lines.allSatisfy { $0.verdict == .proven })
        }
    }

    @Test func `the proof of a code that nobody has is refused as its page is`() async throws {
        try await LogSite.with { site in
            try await site.publish(Samples.notice(1), from: 0)
            let unknown = try await site.call("/v1/progress/\(LookUpCode(values: [9, 9, 9]))/proof")
            let wrong = try await site.call("/v1/progress/abc/proof")
            // The legal code can be guessed: it opens no content.
            let legal = try await site.call("/v1/progress/000.00.41.H17-260303-0042/proof")
            for answer in [unknown, wrong, legal] {
                #expect(answer.status == .notFound && answer.bytes.count == unknown.bytes.count)
                // What is left of the quota counts down with each, whatever was asked.
                #expect(
                    answer.stableHeaders.filter { $0.name != .named("RateLimit") }
                        == unknown.stableHeaders.filter { $0.name != .named("RateLimit") })
            }
            #expect(try await site.call("/v1/progress/74MC-P2XQ-93HR/proof").status == .unprocessableContent)
        }
    }

    @Test func `two checkpoints are shown consistent by what a monitor can fetch`() async throws {
        try await LogSite.with { site in
            try await site.publish(Samples.notice(1), from: 0, others: 99)
            let old = try #require(SignedNote(try await site.call("/log/48/checkpoint").text))
            let before = try #require(Checkpoint(text: old.text))
            try await site.publish(Samples.notice(2), from: 100, others: 400)
            let statement = try #require(
                ConsistencyStatement(try await site.call("/log/48/consistency/100").text))
            let after = try #require(Checkpoint(text: statement.note.text))
            #expect(
                MerkleProof.isConsistent(
                    oldSize: 100, oldRoot: before.root, newSize: after.size, newRoot: after.root,
                    proof: statement.proof))
            for path in ["502", "-1", "x", "0100"] {
                #expect(try await site.call("/log/48/consistency/\(path)").status == .notFound)
            }
        }
    }

    @Test func `a witness adds its signature, a stranger does not`() async throws {
        try await LogSite.with { site in
            try await site.publish(Samples.notice(1), from: 0, others: 9)
            let witness = try #require(LogSite.witness)
            let note = try #require(SignedNote(try await site.call("/log/48/checkpoint").text))
            let line = try witness.sign(note.text, atSeconds: 1_772_000_000).line
            let path = "/log/48/checkpoint/10/cosignatures"
            #expect(try await site.call(path, method: .post, body: "nonsense").status == .forbidden)
            #expect(try await site.call("/log/48/checkpoint/cosigned").status == .notFound)
            #expect(try await site.call(path, method: .post, body: line).status == .ok)
            let signed = try #require(SignedNote(try await site.call("/log/48/checkpoint/cosigned").text))
            #expect(signed.isSigned(by: witness.key))
            #expect(
                try await site.call("/log/48/checkpoint/11/cosignatures", method: .post, body: line).status == .notFound
            )
        }
    }

    @Test func `the log is explained in both languages, without a script`() async throws {
        try await LogSite.with { site in
            let page = try await site.call("/so-cong-khai")
            #expect(page.status == .ok && page.text.contains("<h1>Sổ công khai</h1>"))
            #expect(!page.text.contains("<script") && page.bytes.count < 30_000)
            #expect(try await site.call("/so-cong-khai?lang=en").text.contains("<h1>The public log</h1>"))
        }
    }
}
