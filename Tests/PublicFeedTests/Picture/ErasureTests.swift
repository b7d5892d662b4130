import Notices
import Postgres
import TestSupport
import Testing

@testable import PublicFeed

/// What was erased is shown by nobody any more, and the log and the counters stand as they were.
@Suite struct ErasureTests {
    /// A family of a root with two parts, one of them in another province, and a dossier beside it.
    private func publish(_ world: LogWorld) async throws {
        var other = Some.notice(province: 48, 1_003, 1, root: 1_001, parent: 1_001)
        other.sentence = LocalText(vi: "Phần ở tỉnh khác")
        try await world.feedWorld.sequence([
            .init(n: 0, notice: Some.notice(1_001, 1), lookUp: Self.code),
            .init(n: 1, notice: Some.notice(1_002, 1, root: 1_001, parent: 1_001)),
            .init(n: 2, notice: Some.notice(1_001, 2, legalCode: "H17-260303-0007"), lookUp: Self.code),
            .init(n: 3, notice: Some.notice(1_004, 1), lookUp: Self.beside),
            .init(n: 0, notice: other),
        ])
        try await world.feedWorld.catchUp(world.feedWorld.follower())
        try await world.signer().round()
    }

    private static let code = Some.code(77)
    private static let beside = Some.code(78)
    private static let others = "'\(Some.id(1_001))', '\(Some.id(1_002))'"

    /// As the engine erases a dossier with those linked from it in its own province.
    private func erase(_ world: LogWorld) async throws {
        try await world.tamperEngine(
            "UPDATE engine.leaf SET salt = NULL, erased_at = now() WHERE province = 1 AND dossier IN (\(Self.others))")
        try await world.feedWorld.catchUp(world.feedWorld.follower())
    }

    private func pictures(_ world: LogWorld) async throws -> [PicturedRow] {
        try await world.feed.withSession {
            try $0.run(PictureStatements.known, (province: 1, dossiers: [1_001, 1_002, 1_004].map(Some.id)))
        }
    }

    @Test func `an erased dossier's picture holds nothing of it, and its code shows nothing`() async throws {
        try await LogWorld.with { world in
            try await publish(world)
            let reader = ProgressReader(feed: world.feed, lifetime: .zero)
            #expect(try await reader.family(of: Self.code)?.parts.count == 2)
            #expect(try await reader.erased(Self.code) == nil)
            let before = try await pictures(world)
            #expect(before.allSatisfy { $0.usable?.entries.isEmpty == false })

            try await erase(world)
            #expect(try await reader.family(of: Self.code) == nil)
            #expect(try await reader.family(of: Some.code(5)) == nil)
            let erased = try #require(try await reader.erased(Self.code))
            #expect(erased.legalCode == "H17-260303-0007")
            #expect(erased.members.map(\.dossier) == [1_001, 1_002, 1_003].map(Some.id))
            let after = try await pictures(world)
            for row in after.prefix(2) {
                let picture = try #require(row.usable)
                #expect(picture.isErased && picture.entries.isEmpty && picture.taken == row.taken)
                #expect(row.picture == DossierPicture(erasedAfter: row.taken).encoded())
            }
            // Nobody else's is touched, and nobody learns which codes there are not.
            #expect(after.last?.picture == before.last?.picture)
            #expect(try await reader.family(of: Self.beside)?.dossier.history.count == 1)
            #expect(try await reader.erased(Self.beside) == nil)
            #expect(try await reader.erased(Some.code(5)) == nil)
            // The degree of completion by legal code is public for ever.
            let legal = try #require(LegalCode(typed: "H17-260303-0007"))
            #expect(try await reader.completion(of: legal)?.stage == .processing)
        }
    }

    @Test func `what was erased leaves memory at the next look, also where it was committed late`() async throws {
        try await LogWorld.with { world in
            try await publish(world)
            let watch = FeedWatch(
                feed: world.feed, pace: FeedWatch.Pace(trust: .seconds(600)), shelf: PictureShelf(byteCountMax: 1 << 20)
            )
            let reader = ProgressReader(feed: world.feed, watch: watch)
            try await world.tamperEngine(
                "UPDATE engine.leaf SET salt = NULL, erased_at = now() WHERE dossier = '\(Some.id(1_004))'")
            try await world.feedWorld.catchUp(world.feedWorld.follower())
            try await watch.look()
            try await ShelfKeeper(feed: world.feed, watch: watch, logger: TestDatabase.logger).pass()
            #expect(watch.shelf.family(CodeKey(Self.code)) != nil)
            // Began before the other and was committed after it.
            try await world.tamperEngine(
                """
                UPDATE engine.leaf SET salt = NULL, erased_at = now() - interval '20 seconds'
                WHERE province = 1 AND dossier IN (\(Self.others))
                """)
            try await world.feedWorld.catchUp(world.feedWorld.follower())
            try await watch.look()
            #expect(watch.shelf.family(CodeKey(Self.code)) == nil)
            #expect(try await reader.family(of: Self.code) == nil)
        }
    }

    @Test func `proofs and counters stand, and the audit finds nothing`() async throws {
        try await LogWorld.with { world in
            try await publish(world)
            let figures = try await counters(world)
            try await erase(world)
            #expect(try await world.findings() == [])
            #expect(try await counters(world) == figures)
            #expect(try await StatisticsRecount.check(1, world.feed).isEmpty)
            // A picture that was brought back by SQL is found.
            try await world.tamper(
                """
                UPDATE feed.dossier SET picture = (SELECT picture FROM feed.dossier WHERE dossier = '\(Some.id(1_004))')
                WHERE dossier = '\(Some.id(1_001))'
                """)
            #expect(try await world.findings().map(\.what) == ["feed.dossier: picture is not what the notices say"])
        }
    }

    @Test func `it stays erased when another notice comes, without pictures, and made again from leaf 0`() async throws
    {
        try await LogWorld.with { world in
            try await publish(world)
            try await erase(world)
            func isGone() async throws -> Bool {
                let reader = ProgressReader(feed: world.feed, lifetime: .zero)
                let isUnseen = try await reader.family(of: Self.code) == nil
                let isErased = try await reader.erased(Self.code) != nil
                return isUnseen && isErased
            }
            // One that was under way when the dossier was erased: it has a salt of its own. One that got its leaf since has none.
            try await world.feedWorld.sequence([
                .init(n: 4, notice: Some.notice(1_001, 3)), .init(n: 5, notice: Some.notice(1_001, 4)),
            ])
            try await world.tamperEngine(
                "UPDATE engine.leaf SET salt = NULL, erased_at = now() WHERE province = 1 AND n = 5")
            try await world.feedWorld.catchUp(world.feedWorld.follower())
            #expect(try await isGone())
            #expect(try await world.findings() == [])
            let reader = ProgressReader(feed: world.feed, lifetime: .zero)
            _ = try await reader.family(of: Self.code)
            let erased = try #require(try await reader.erased(Self.code))
            try await world.signer().round()
            let receipt = try await world.reader().receipt(of: erased).json
            #expect(!String(decoding: receipt, as: UTF8.self).contains("Tin số"))
            #expect(try ReceiptCheck(receipt, keys: []).lines.allSatisfy { $0.verdict == .erased })
            let dump = try await world.feedWorld.dump()
            try await world.tamper("UPDATE feed.dossier SET picture = NULL")
            #expect(try await isGone())
            try await world.tamper("UPDATE feed.cursor SET picture_format = 0")
            try await world.feedWorld.catchUp(world.feedWorld.follower())
            #expect(try await world.feedWorld.dump() == dump)
            for size: Int32 in [1, 500] {
                try await world.tamper(
                    "TRUNCATE feed.cursor, feed.notice, feed.dossier, feed.unread, feed.log_tree, feed.log_tile")
                try await world.feedWorld.catchUp(world.feedWorld.follower(batchSize: size))
                #expect(try await world.feedWorld.dump() == dump, "\(size)")
                #expect(try await isGone())
            }
        }
    }

    @Test func `what is in memory is forgotten at the next look, and nobody else's`() async throws {
        try await LogWorld.with { world in
            try await publish(world)
            let shelf = PictureShelf(byteCountMax: 1 << 20)
            let watch = FeedWatch(feed: world.feed, pace: FeedWatch.Pace(trust: .seconds(600)), shelf: shelf)
            let reader = ProgressReader(feed: world.feed, watch: watch)
            try await watch.look()
            let family = try #require(try await reader.family(of: Self.code))
            let beside = try #require(try await reader.family(of: Self.beside))
            #expect(shelf.size.count == 2)
            try await erase(world)
            try await watch.look()
            #expect(!reader.stands(try #require(family.source)))
            #expect(reader.stands(try #require(beside.source)) && shelf.size.count == 1)
            #expect(try await reader.family(of: Self.code) == nil)
            // Another one after the first, and by the engine's clock before it.
            try await world.tamperEngine(
                """
                UPDATE engine.leaf SET salt = NULL, erased_at = now() - interval '5 seconds'
                WHERE dossier = '\(Some.id(1_004))'
                """)
            try await world.feedWorld.catchUp(world.feedWorld.follower())
            try await watch.look()
            #expect(shelf.size.count == 0)
            #expect(try await reader.family(of: Self.beside) == nil)
        }
    }

    private func counters(_ world: LogWorld) async throws -> [String] {
        try await world.feed.withSession {
            try $0.run(
                Statement<Void, String>(
                    name: "test_erasure_counters",
                    sql: "SELECT s::text FROM feed.statistic s ORDER BY 1", decode: { try $0.text() }))
        }
    }
}
