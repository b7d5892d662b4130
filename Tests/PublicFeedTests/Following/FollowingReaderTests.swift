import Notices
import Postgres
import Testing
import WorkingTime

@testable import PublicFeed

@Suite struct FollowingReaderTests {
    /// Walks from the newest entries to the oldest, as RFC 5005 says, and calls `between` before each further page.
    private func walk(
        _ reader: FollowingReader, _ channel: FeedChannel, between: () async throws -> Void = {}
    ) async throws -> [Int64] {
        var document = try #require(try await reader.document(channel))
        var found = document.entries.map(\.n)
        while let older = document.older {
            try await between()
            document = try #require(try await reader.document(channel, page: older))
            #expect(document.isFinal && document.entries.count == 50)
            found += document.entries.map(\.n)
        }
        return found
    }

    @Test func `walking back from the newest entries meets each entry once`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Told.accepted(230))
            try await world.catchUp(world.follower(batchSize: 33))
            let reader = FollowingReader(feed: world.feed, lifetime: .zero)
            #expect(try await walk(reader, Told.province) == (0..<230).reversed().map(Int64.init))
            let agency = FeedChannel(province: 1, kind: .agency("H18"))
            #expect(try await walk(reader, agency) == stride(from: 229, to: 0, by: -2).map(Int64.init))
            let procedure = FeedChannel(province: 1, kind: .procedure("birth"))
            #expect(try await walk(reader, procedure).count == 230)
            #expect(try await reader.document(FeedChannel(province: 1, kind: .agency("H99"))) == nil)
            #expect(try await reader.document(FeedChannel(province: 2, kind: .province)) == nil)
        }
    }

    @Test func `a stream that grows while somebody walks through it loses and repeats nothing`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Told.accepted(230))
            let follower = world.follower(batchSize: 50)
            try await world.catchUp(follower)
            let reader = FollowingReader(feed: world.feed, lifetime: .zero)
            var length = 230
            let found = try await walk(reader, Told.province) {
                try await world.sequence(Told.accepted(37, from: length))
                try await world.catchUp(follower)
                length += 37
            }
            #expect(length > 300 && found == (0..<230).reversed().map(Int64.init))
        }
    }

    @Test func `a final page never changes; one that is not full, or not followed by a full one, is not final`()
        async throws
    {
        try await FeedWorld.with { world in
            let follower = world.follower(batchSize: 500)
            let reader = FollowingReader(feed: world.feed, lifetime: .zero)
            try await world.sequence(Told.accepted(99))
            try await world.catchUp(follower)
            let early = try #require(try await reader.document(Told.province, page: 0))
            #expect(!early.isFinal && early.newer == nil)
            #expect(try await reader.document(Told.province, page: 1) == nil)
            #expect(try #require(try await reader.document(Told.province)).entries.count == 99)
            try await world.sequence(Told.accepted(1, from: 99))
            try await world.catchUp(follower)
            let final = try #require(try await reader.document(Told.province, page: 0))
            #expect(final.isFinal && final.newer == 1 && final.older == nil && final.entries == early.entries)
            let current = try #require(try await reader.document(Told.province))
            #expect(current.entries.count == 50 && current.older == 0)
            for page in [-1, 2, Int64.max, Int64.min] {
                #expect(try await reader.document(Told.province, page: page) == nil)
            }
        }
    }

    @Test func `notices that come twice, late, out of order or unreadable leave the streams as they should be`()
        async throws
    {
        try await FeedWorld.with { world in
            try await world.allowRepeatedLeaves()
            let order: [(Int, PublicStage)] = [
                (1, .accepted), (3, .decided), (1, .accepted), (2, .processing), (3, .decided), (4, .returned),
            ]
            try await world.sequence(
                order.enumerated().map {
                    .init(n: Int64($0.offset), notice: Told.notice(1, $0.element.0, $0.element.1), lookUp: Some.code(1))
                })
            try await world.sequence([.init(n: 6, notice: Told.notice(2, 1), body: Array("{\"format\":9}".utf8))])
            try await world.catchUp(world.follower(batchSize: 2))
            let reader = FollowingReader(feed: world.feed, lifetime: .zero)
            let document = try #require(try await reader.document(Told.province))
            #expect(document.entries.map(\.stage) == [.returned, .decided, .accepted])
            #expect(document.standing.count == 3)
        }
    }

    @Test(arguments: [1, 7, 500])
    func `streams rebuilt from leaf 0 equal the old ones, whatever the batches`(batchSize: Int32) async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Told.accepted(120))
            try await world.catchUp(world.follower(batchSize: 40))
            let old = try await dump(world)
            try await world.feed.withSession {
                try $0.execute(
                    """
                    TRUNCATE feed.cursor, feed.notice, feed.dossier, feed.unread, feed.completion, feed.entry, feed.channel,
                    feed.channel_page
                    """)
            }
            try await world.catchUp(world.follower(batchSize: batchSize))
            #expect(try await dump(world) == old && !old.isEmpty)
        }
    }

    @Test func `a known document is served while the database is away`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Told.accepted(3))
            try await world.catchUp(world.follower())
            let reader = FollowingReader(feed: world.feed, lifetime: .zero)
            #expect(try await reader.document(Told.province)?.entries.count == 3)
            #expect(
                try await reader.channels(province: 1)?.map(\.channel.kind) == [
                    .province, .agency("H17"), .agency("H18"), .procedure("birth"),
                ])
            #expect(try await reader.provinces() == [1])
            await world.feed.shutdown()
            #expect(try await reader.document(Told.province)?.entries.count == 3)
            await #expect(throws: PostgresError.self) { try await reader.document(Told.province, page: 0) }
        }
    }

    private func dump(_ world: FeedWorld) async throws -> [String] {
        try await world.feed.withSession { session in
            try session.run(FollowingReaderTests.entries) + session.run(FollowingReaderTests.channels)
                + session.run(FollowingReaderTests.pages)
        }
    }

    private static let entries = Statement<Void, String>(
        name: "test_entries", sql: "SELECT e::text FROM feed.entry e ORDER BY province, n", decode: { try $0.text() })
    private static let channels = Statement<Void, String>(
        name: "test_channels", sql: "SELECT c::text FROM feed.channel c ORDER BY province, kind, key",
        decode: { try $0.text() })
    private static let pages = Statement<Void, String>(
        name: "test_pages", sql: "SELECT p::text FROM feed.channel_page p ORDER BY province, kind, key, page",
        decode: { try $0.text() })
}
