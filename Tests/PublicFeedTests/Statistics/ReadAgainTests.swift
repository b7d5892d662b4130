import Notices
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

/// Notices that could not be read when they came count from when they are.
@Suite struct ReadAgainTests {
    @Test(arguments: [false, true])
    func `R21 notices set aside that are read one after the other at the same leaf count as their leaves lie`(
        hasLostTree: Bool
    ) async throws {
        try await FeedWorld.with { world in
            let unreadable = Array("{\"format\":2}".utf8)
            let start = Histories.day("2026-02-03")
            let life = [
                Histories.notice(1, 1, at: start, .submitted, submitted: start),
                Histories.notice(
                    1, 2, at: start.adding(seconds: 86_400), .processing, submitted: start,
                    accepted: start.adding(seconds: 86_400)),
                Histories.notice(
                    1, 3, at: start.adding(seconds: 172_800), .needsDocuments, submitted: start,
                    accepted: start.adding(seconds: 86_400)),
            ]
            let other = Histories.day("2026-08-03")
            try await world.sequence([
                .init(n: 0, notice: life[0]), .init(n: 1, notice: life[1], body: unreadable),
                .init(n: 2, notice: life[2], body: unreadable),
                .init(n: 3, notice: Histories.notice(2, 1, at: other, .submitted, submitted: other)),
            ])
            try await world.catchUp(world.follower())
            // One upgrade reads the later one, the next the earlier; nothing came between them.
            for notice in [life[2], life[1]] {
                try await world.feed.withSession { session in
                    _ = try session.run(Self.makeReadable, notice)
                    if hasLostTree {
                        try session.execute("UPDATE feed.cursor SET next_n = 0; TRUNCATE feed.log_tree, feed.log_tile")
                    }
                }
                try await world.catchUp(world.follower())
                #expect(try await StatisticsRecount.check(48, world.feed).map(\.description) == [])
            }
            #expect(try await world.count(FeedWorld.unreadCount) == 0)
        }
    }

    private static let makeReadable = Statement<Notice, Void>(
        name: "test_make_readable",
        sql: "UPDATE feed.notice SET body = $1 WHERE dossier = $2::text::uuid AND number = $3",
        encode: {
            $1.bytea($0.encoded())
            $1.text($0.dossier)
            $1.int4(Int32($0.number))
        })
}
