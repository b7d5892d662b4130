import Foundation
import Notices
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

/// The feed is a cache of the engine's leaves: made again it publishes the same.
@Suite struct RebuiltFeedTests {
    /// The statement that docs/log.md gives an administrator.
    private static func documented() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/log.md"), encoding: .utf8)
        let begin = try #require(text.range(of: "    TRUNCATE feed.cursor"))
        let rest = text[begin.lowerBound...]
        return String(rest[..<(try #require(rest.firstIndex(of: ";")))])
    }

    @Test func `a feed that is made again from leaf 0, as docs log.md says, publishes the same`() async throws {
        try await LogWorld.with { world in
            let notices = Histories.mixed(40, seed: 51)
                .sorted { ($0.at, $0.dossier, $0.number) < ($1.at, $1.dossier, $1.number) }
            try await world.feedWorld.sequence(Histories.sequenced(notices))
            try await world.feedWorld.catchUp(world.feedWorld.follower(batchSize: 31))
            try await world.signer().round()
            let before = try await Self.published(world)
            let kinds = Set(before.compactMap { $0.split(separator: " ").first })
            #expect(kinds.count == 12)
            try await world.tamper(try Self.documented())
            // A tree that was signed and is not there yet is refused, until it is.
            let signer = world.signer()
            try await signer.round()
            #expect(signer.refused[48] != nil)
            try await world.feedWorld.catchUp(world.feedWorld.follower(batchSize: 500))
            try await signer.round()
            #expect(signer.refused[48] == nil)
            let after = try await Self.published(world)
            #expect(Set(after).symmetricDifference(before).sorted() == [])
            let audit = LogAudit(feed: world.feed, source: world.feedWorld.source, keys: [], folder: world.folder)
            #expect(try await audit.run(48).findings == [])
        }
    }

    /// Every row that anybody is shown something of, one line each, with its months published.
    private static func published(_ world: LogWorld) async throws -> [String] {
        let now = Histories.day("2026-12-20")
        let publisher = StatisticsPublisher(feed: world.feed, logger: TestDatabase.logger) { now.microseconds }
        for _ in 1...100 where try await publisher.round() { break }
        return try await world.feed.withSession { try $0.run(rows) }
    }

    private static let rows = Statement<Void, String>(
        name: "test_rebuilt_rows",
        sql: """
            SELECT 'notice ' || t::text FROM feed.notice t
            UNION ALL
            SELECT concat_ws(' ', 'dossier', dossier, root, parent, look_up, legal_code, picture) FROM feed.dossier
            UNION ALL SELECT 'entry ' || t::text FROM feed.entry t
            UNION ALL SELECT 'channel ' || t::text FROM feed.channel t
            UNION ALL SELECT 'page ' || t::text FROM feed.channel_page t
            UNION ALL SELECT 'tile ' || t::text FROM feed.log_tile t
            UNION ALL
            SELECT 'counter ' || t::text FROM feed.statistic t
            WHERE (received_counter, received_online, received_post, finished_early, finished_on_time, finished_late,
                finished_undated, finished_other, declined, pending, running, late, waiting, waiting_late)
                <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            UNION ALL SELECT 'duration ' || t::text FROM feed.statistic_duration t WHERE count <> 0
            UNION ALL SELECT 'step ' || t::text FROM feed.statistic_step t WHERE count <> 0
            UNION ALL SELECT 'name ' || t::text FROM feed.statistic_name t
            UNION ALL SELECT 'told ' || t::text FROM feed.statistic_told t
            UNION ALL
            SELECT concat_ws(' ', 'month', month, through, is_settled, identity, fields) FROM feed.statistic_month
            ORDER BY 1
            """, decode: { try $0.text() })
}
