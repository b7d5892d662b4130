import Notices
import Postgres
import PublicFeed
import TestSupport
import Testing
import WorkingTime

@Suite struct FeedFollowerTests {
    @Test func `every notice is taken once, province by province`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Some.traffic(100))
            try await world.catchUp(world.follower())
            #expect(try await world.count(FeedWorld.noticeCount) == 100)
            let dump = try await world.dump()
            #expect(dump.contains { $0.hasSuffix("\(Some.code(104).compact) 6 6") })
        }
    }

    @Test func `a new province appears by itself`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            try await world.catchUp(follower)
            try await world.sequence([.init(n: 0, notice: Some.notice(province: 79, 1, 1))])
            try await world.catchUp(follower)
            #expect(try await world.count(FeedWorld.noticeCount) == 1)
        }
    }

    @Test func `R20 notices that come doubled and out of order count once, and the highest is shown`() async throws {
        try await FeedWorld.with { world in
            try await world.allowRepeatedLeaves()
            let order = [1, 3, 3, 2, 1, 4, 2]
            try await world.sequence(
                order.enumerated().map {
                    .init(n: Int64($0.offset), notice: Some.notice(1, $0.element), lookUp: Some.code(1))
                })
            try await world.catchUp(world.follower(batchSize: 2))
            #expect(try await world.dump().contains { $0.hasSuffix(" 4 4") })
            let family = try #require(try await ProgressReader(feed: world.feed).family(of: Some.code(1)))
            #expect(family.dossier.history.map(\.number) == [4, 3, 2, 1])
        }
    }

    @Test(arguments: [[1, 2], [2, 1], [1, 2, 3], [3, 1, 2]])
    func `the look-up code that only the first notice carries is kept, whatever follows in its batch`(
        order: [Int]
    ) async throws {
        try await FeedWorld.with { world in
            try await world.sequence(
                order.enumerated().map {
                    .init(
                        n: Int64($0.offset), notice: Some.notice(1, $0.element),
                        lookUp: $0.element == 1 ? Some.code(1) : nil)
                })
            try await world.catchUp(world.follower(batchSize: 10))
            let family = try #require(try await ProgressReader(feed: world.feed).family(of: Some.code(1)))
            #expect(family.dossier.newest.number == order.max())
        }
    }

    @Test func `R20 a part that overtakes its parent leaves a placeholder that shows nothing`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            let reader = ProgressReader(feed: world.feed, lifetime: .zero)
            let part = Some.notice(3, 1, root: 1, parent: 2)
            try await world.sequence([.init(n: 0, notice: part)])
            try await world.catchUp(follower)
            #expect(try await world.count(FeedWorld.placeholderCount) == 2)
            #expect(try await reader.family(of: Some.code(1)) == nil)
            try await world.sequence([.init(n: 1, notice: Some.notice(1, 1), lookUp: Some.code(1))])
            try await world.catchUp(follower)
            let family = try #require(try await reader.family(of: Some.code(1)))
            #expect(family.parts.map(\.newest.dossier) == [Some.id(3)])
        }
    }

    @Test func `a follower that starts again goes on where the last one stopped`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Some.traffic(100))
            let first = world.follower()
            _ = try await first.round()
            _ = try await first.round()
            #expect(try await world.count(FeedWorld.noticeCount) == 28)
            try await world.catchUp(world.follower())
            // One that slept meanwhile believes in an old cursor.
            try await world.sequence(Some.traffic(40, from: 100))
            try await world.catchUp(first)
            #expect(try await world.count(FeedWorld.noticeCount) == 140)
            #expect(try await world.dump().allSatisfy { !$0.contains("null") })
        }
    }

    @Test func `two followers at once write what one writes`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Some.traffic(400))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { try await world.catchUp(world.follower()) } }
                try await group.waitForAll()
            }
            let together = try await world.dump()
            try await TestDatabase.with(migrated: false) { database in
                try await FeedWorld.migrate(database)
                let feed = database.pool()
                let alone = FeedWorld(
                    sourceDatabase: world.sourceDatabase, feedDatabase: database, source: world.source, feed: feed)
                try await alone.catchUp(alone.follower(batchSize: 500))
                #expect(try await alone.dump() == together)
                await feed.shutdown()
            }
        }
    }

    @Test func `R6 a feed rebuilt from leaf 0 equals the old one`() async throws {
        try await FeedWorld.with { world in
            try await world.allowRepeatedLeaves()
            let family = [
                Some.notice(3, 1, root: 1, parent: 1), Some.notice(1, 1),
                Some.notice(1, 2, legalCode: "H17-260303-0001"),
                Some.notice(1, 2), Some.notice(3, 2, root: 1, parent: 1),
            ]
            try await world.sequence(
                family.enumerated().map {
                    .init(
                        n: Int64($0.offset), notice: $0.element,
                        lookUp: $0.element.parent == nil ? Some.code(1) : nil)
                })
            try await world.catchUp(world.follower(batchSize: 1))
            let old = try await world.dump()
            #expect(old.contains { $0.contains("H17-260303-0001 2 2") })
            try await world.feed.withSession {
                try $0.execute("TRUNCATE feed.cursor, feed.notice, feed.dossier, feed.unread")
            }
            try await world.catchUp(world.follower(batchSize: 500))
            #expect(try await world.dump() == old)
        }
    }

    @Test func `a notice that cannot be read is set aside and read after an upgrade`() async throws {
        try await FeedWorld.with { world in
            let good = Some.notice(1, 2, legalCode: "H17-260303-0007")
            try await world.sequence([
                .init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(1)),
                .init(n: 1, notice: good, lookUp: Some.code(1), body: Array("{\"format\":2}".utf8)),
                .init(n: 2, notice: Some.notice(2, 1), lookUp: Some.code(2)),
                .init(n: 3, notice: Some.notice(3, 1), body: Some.notice(2, 1).encoded()),
            ])
            try await world.catchUp(world.follower())
            #expect(try await world.count(FeedWorld.unreadCount) == 2)
            let reader = ProgressReader(feed: world.feed, lifetime: .zero)
            #expect(try await reader.family(of: Some.code(1))?.dossier.newest.number == 1)
            #expect(try await reader.family(of: Some.code(2)) != nil)
            // The upgrade: the same notice in words that this build understands.
            try await world.feed.withSession {
                _ = try $0.run(
                    Statement<[UInt8], Void>(
                        name: "test_upgrade", sql: "UPDATE feed.notice SET body = $1 WHERE number = 2",
                        encode: { $1.bytea($0) }), good.encoded())
            }
            try await world.catchUp(world.follower())
            #expect(try await world.count(FeedWorld.unreadCount) == 1)
            let code = try #require(LegalCode(typed: "H17-260303-0007"))
            let completion = try await reader.completion(of: code)
            #expect(completion?.status == .processing && completion?.stage == .processing)
            #expect(completion?.caughtUpAt != nil)
            // Whoever computes everything again takes it where it was read, not where it lies.
            #expect(try await StatisticsRecount.check(1, world.feed).map(\.description) == [])
            let outcome = try await LogAudit(feed: world.feed, source: nil, keys: [], folder: nil).run(1)
            #expect(outcome.setAside == [1, 3])
            #expect(outcome.findings.filter { $0.what.hasPrefix("feed.entry") } == [])
        }
    }

    @Test func `a hole in the sequence stops its province and no other`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence([
                .init(n: 0, notice: Some.notice(1, 1)), .init(n: 2, notice: Some.notice(1, 3)),
                .init(n: 0, notice: Some.notice(province: 48, 2, 1)),
            ])
            let follower = world.follower()
            _ = try await follower.round()
            #expect(try await follower.round() == .hole)
            #expect(try await world.count(FeedWorld.noticeCount) == 2)
            try await world.sequence([.init(n: 1, notice: Some.notice(1, 2))])
            try await world.catchUp(follower)
            #expect(try await world.count(FeedWorld.noticeCount) == 4)
        }
    }
}
