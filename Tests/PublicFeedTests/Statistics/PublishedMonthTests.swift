import Logging
import Notices
import Postgres
import PublicSamples
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

/// What is kept of each month is what computing it anew would tell.
@Suite struct PublishedMonthTests {
    private static let today = Histories.day("2026-08-20")

    private static func publisher(_ world: FeedWorld) -> StatisticsPublisher {
        StatisticsPublisher(feed: world.feed, logger: TestDatabase.logger) { today.microseconds }
    }

    /// Rounds until nothing is left to publish.
    @discardableResult
    private static func publish(_ world: FeedWorld, _ publisher: StatisticsPublisher? = nil) async throws -> Int {
        let publisher = publisher ?? Self.publisher(world)
        for count in 1...100 {
            if try await publisher.round() { return count }
        }
        throw Failure("the publisher never came to rest")
    }

    private static func month(_ number: Int) -> StatisticQuery {
        let first = CivilDate(daysSinceEpoch: Contribution.month(of: day("2026-01-01") + 31 * (number - 1)))
        let last = StatisticSpan.nextMonth(after: first.daysSinceEpoch) - 1
        return StatisticQuery(
            province: 48, shape: .province, from: first,
            through: CivilDate(daysSinceEpoch: min(last, today.date.daysSinceEpoch)))
    }

    private static func day(_ text: String) -> Int { Histories.day(text).date.daysSinceEpoch }

    /// Histories in the order in which they happened, as most of them come.
    private static func ordered(_ dossiers: Int, seed: UInt64) -> [Notice] {
        Histories.mixed(dossiers, seed: seed).sorted { ($0.at, $0.dossier, $0.number) < ($1.at, $1.dossier, $1.number) }
    }

    /// Some of them doubled, some before others that happened earlier, and every twelfth at the very end.
    private static func disturbed(_ notices: [Notice], seed: UInt64) -> [Notice] {
        var source = SeededSource(seed: seed)
        let late = notices.enumerated().filter { $0.offset % 12 == 5 }.map(\.element)
        let rest = notices.enumerated().filter { $0.offset % 12 != 5 }.map(\.element)
        let windows = stride(from: 0, to: rest.count, by: 15).flatMap { start in
            let window = rest[start..<min(start + 15, rest.count)]
            return (window + window.prefix(4)).shuffled(using: &source)
        }
        return windows + late
    }

    /// Computes a month anew.
    private static func anew(_ query: StatisticQuery, _ world: FeedWorld) async throws -> PublishedMonth {
        let standing = try #require(
            try await world.feed.withSession { try $0.run(PublishedStatements.standings) }.first)
        let month = query.from.daysSinceEpoch
        let tables = try await world.feed.transaction { transaction in
            try MonthPublication.tables(
                MonthKey(province: 48, month: month), through: query.through.daysSinceEpoch,
                isSettled: standing.frozen.map { month <= $0 } ?? false, transaction)
        }
        return PublishedMonth(tables, through: query.through)
    }

    /// Expects that every table of every month is told as it would be computed now, by a reader that has seen nothing yet
    /// and computes nothing.
    private static func expectCurrent(_ world: FeedWorld, _ when: Comment) async throws {
        let reader = StatisticsReader(feed: world.feed)
        var settledCount = 0
        var heldBackCount = 0
        for number in 1...8 {
            let query = month(number)
            let expected = try await anew(query, world)
            settledCount += expected.isSettled && expected.whole.received > 0 ? 1 : 0
            heldBackCount += expected.agencies.count { $0.holdsBack }
            let told = try await reader.published(query)
            #expect(told.isSettled == expected.isSettled && told.whole == expected.whole, when)
            #expect(told.through == expected.through, when)
            #expect(told.tables == expected.tables.filter { $0.key.scope.isEmpty }, when)
            for agency in Histories.agencies {
                let told = try await reader.published(query, agency: agency)
                #expect(told.form(agency: agency).map(\.values) == expected.form(agency: agency).map(\.values), when)
                #expect(told.formTotal(agency: agency)?.values == expected.formTotal(agency: agency)?.values, when)
            }
            let parts = try await reader.publishedParts(query)
            #expect(parts.map(\.agency) == expected.parts.map(\.agency), when)
            #expect(parts.map(\.row.figures) == expected.parts.map(\.row.figures), when)
            #expect(parts.map(\.meanSeconds) == expected.parts.map(\.meanSeconds), when)
        }
        #expect(settledCount > 0 && heldBackCount > 0, when)
    }

    @Test(arguments: [21, 22] as [UInt64])
    func `R21 what is kept of a month is what computing it anew tells, whatever came meanwhile`(seed: UInt64)
        async throws
    {
        try await FeedWorld.with { world in
            try await world.allowRepeatedLeaves()
            // Months are settled on the way and corrected afterwards.
            let mixed = Self.disturbed(Self.ordered(80, seed: seed), seed: seed)
            let follower = world.follower(batchSize: 40)
            let publisher = Self.publisher(world)
            var n = 0
            for part in [mixed.prefix(200), mixed.dropFirst(200).prefix(100), mixed.dropFirst(300)] {
                #expect(!part.isEmpty)
                try await world.sequence(Histories.sequenced(Array(part), from: Int64(n)))
                n += part.count
                try await world.catchUp(follower)
                try await Self.publish(world, publisher)
                try await Self.expectCurrent(world, "seed \(seed), after \(n) notices")
            }
            try await StatisticsRecount.rebuild(48, world.feed)
            try await Self.publish(world, publisher)
            try await Self.expectCurrent(world, "seed \(seed), after a recount that changed nothing")
            try await world.feed.withSession {
                try $0.execute("UPDATE feed.statistic SET received_online = received_online + 3 WHERE shape = 1")
            }
            let keeper = StatisticsKeeper(feed: world.feed, logger: TestDatabase.quietLogger) { 0 }
            try await keeper.check(48)
            try await Self.publish(world, publisher)
            try await Self.expectCurrent(world, "seed \(seed), after a recount that put figures right")
            try await Self.publish(world)
            try await Self.expectCurrent(world, "seed \(seed), after a restart")
        }
    }

    @Test func `a month that goes on is told as of one moment, until it is published anew`() async throws {
        try await FeedWorld.with { world in
            let all = Self.ordered(40, seed: 23)
            let follower = world.follower(batchSize: 100)
            try await world.sequence(Histories.sequenced(Array(all.prefix(90))))
            try await world.catchUp(follower)
            let publisher = Self.publisher(world)
            try await Self.publish(world, publisher)
            let query = Self.month(7)
            let before = try await StatisticsReader(feed: world.feed).published(query)
            try await world.sequence(Histories.sequenced(Array(all.dropFirst(90)), from: 90))
            try await world.catchUp(follower)
            let late = try await StatisticsReader(feed: world.feed).published(query)
            #expect(late.whole == before.whole && late.tables == before.tables)
            // Whoever has nobody to publish for him does it himself after a while: here, at once.
            let impatient = try await StatisticsReader(feed: world.feed, lifetime: .zero).published(query)
            let anew = try await Self.anew(query, world)
            #expect(anew.whole != before.whole)
            #expect(impatient.whole == anew.whole && impatient.tables == anew.tables)
        }
    }

    @Test func `what was held back of a settled month stays held back when a procedure is moved to another field`()
        async throws
    {
        try await FeedWorld.with { world in
            try await world.sequence(Histories.sequenced(Self.ordered(80, seed: 24)))
            try await world.catchUp(world.follower(batchSize: 100))
            try await Self.publish(world)
            let before = try await StatisticsReader(feed: world.feed).published(Self.month(3))
            let rows = before.agencies + before.fields + before.procedures
            #expect(before.isSettled && rows.contains { $0.holdsBack })
            try await world.feed.withSession { session in
                try session.execute("UPDATE feed.statistic_name SET field = 'other' WHERE kind = 1")
                _ = try session.run(PublishedStatements.doubt, 48)
            }
            try await Self.publish(world)
            let after = try await StatisticsReader(feed: world.feed).published(Self.month(3))
            #expect(after.tables == before.tables)
            let heads = try await world.feed.withSession { try $0.run(PublishedStatements.heads, 48) }
            #expect(heads.allSatisfy { $0.isChecked })
        }
    }

    @Test func `many who ask for a month that is not there cost one computation, in two processes too`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Histories.sequenced(Self.ordered(40, seed: 25)))
            try await world.catchUp(world.follower(batchSize: 100))
            try await world.feed.withSession {
                try $0.execute(
                    """
                    CREATE TABLE feed.computed (month date);
                    CREATE FUNCTION feed.note_computed() RETURNS trigger LANGUAGE plpgsql AS
                        'BEGIN INSERT INTO feed.computed VALUES (new.month); RETURN new; END';
                    CREATE TRIGGER computed BEFORE INSERT OR UPDATE ON feed.statistic_month
                        FOR EACH ROW EXECUTE FUNCTION feed.note_computed();
                    """)
            }
            let readers = [StatisticsReader(feed: world.feed), StatisticsReader(feed: world.feed)]
            let query = Self.month(3)
            let expected = try await Self.anew(query, world)
            try await withThrowingTaskGroup(of: PublishedMonth.self) { group in
                for number in 0..<30 { group.addTask { try await readers[number % 2].published(query) } }
                for try await told in group {
                    #expect(told.tables == expected.tables.filter { $0.key.scope.isEmpty })
                }
            }
            #expect(try await world.count(Self.computedCount) == 1)
        }
    }

    private static let computedCount = Statement<Void, Int64>(
        name: "test_computed_count", sql: "SELECT count(*) FROM feed.computed", decode: { try $0.int8() })

    @Test func `the months of a feed from before are published newest first, one settled month a round`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Histories.sequenced(Self.ordered(40, seed: 26)))
            try await world.catchUp(world.follower(batchSize: 100))
            let publisher = Self.publisher(world)
            var seen: [Int] = []
            var isDone = false
            var openCount = 0
            while !isDone {
                isDone = try await publisher.round()
                let heads = try await world.feed.withSession { try $0.run(PublishedStatements.heads, 48) }
                let new = heads.filter { $0.isSettled && !seen.contains($0.month) }.map(\.month)
                #expect(new.count <= 1)
                seen += new
                if openCount == 0 { openCount = heads.count { !$0.isSettled } }
            }
            #expect(seen.count >= 3 && seen == seen.sorted(by: >))
            #expect(openCount > 0)
            try await Self.expectCurrent(world, "after the upgrade")
        }
    }

    @Test func `two publishers at once keep one whole month each time`() async throws {
        try await FeedWorld.with { world in
            let all = Self.ordered(40, seed: 27)
            let follower = world.follower(batchSize: 100)
            let publishers = [Self.publisher(world), Self.publisher(world)]
            for (place, part) in [all.prefix(80), all.dropFirst(80)].enumerated() {
                try await world.sequence(Histories.sequenced(Array(part), from: Int64(place * 80)))
                try await world.catchUp(follower)
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for publisher in publishers { group.addTask { try await Self.publish(world, publisher) } }
                    try await group.waitForAll()
                }
            }
            try await Self.expectCurrent(world, "with two publishers")
        }
    }
}
