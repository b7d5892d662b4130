import Notices
import Postgres
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

@Suite struct FeedChangesTests {
    private let families = (0..<8).map { UUIDValue(high: 7, low: $0) }

    private func province(_ province: Int16 = 48, next: Int64) -> WatchedProvince {
        WatchedProvince(province: province, next: next, erasedUntil: nil, standing: FeedStanding())
    }

    @Test func `what was read stands until a look sees a change of its family`() {
        var changes = FeedChanges(countMax: 100)
        changes.saw([province(next: 5)], changed: nil, at: .now)
        let before = changes.last
        #expect(changes.ranges(to: [province(next: 7)]) == [NoticeRange(province: 48, from: 5, until: 7)])
        changes.saw([province(next: 7)], changed: [families[1]], at: .now)
        #expect(!changes.isUnchanged(families[1], since: before))
        #expect(changes.isUnchanged(families[2], since: before))
        #expect(changes.isUnchanged(families[1], since: changes.last))
        #expect(changes.ranges(to: [province(next: 7)]) == [])
    }

    @Test func `what was read before the first look is read anew, for nobody saw what changed before it`() {
        var changes = FeedChanges(countMax: 100)
        let before = changes.last
        #expect(changes.ranges(to: [province(next: 5)]) == nil)
        #expect(changes.isUnchanged(families[0], since: before))
        changes.saw([province(next: 5)], changed: nil, at: .now)
        #expect(!changes.isUnchanged(families[0], since: before))
    }

    @Test func `a province that is read again from its beginning makes everything be read anew`() {
        var changes = FeedChanges(countMax: 100)
        changes.saw([province(next: 5), province(1, next: 3)], changed: nil, at: .now)
        #expect(changes.ranges(to: [province(next: 4), province(1, next: 3)]) == nil)
        #expect(
            changes.ranges(to: [province(next: 5), province(1, next: 3), province(2, next: 1)])
                == [NoticeRange(province: 2, from: 0, until: 1)])
    }

    @Test func `beyond the remembered changes what was read earlier does not stand`() {
        var changes = FeedChanges(countMax: 3)
        changes.saw([], changed: nil, at: .now)
        let first = changes.last
        for family in families[0..<3] { changes.saw([], changed: [family], at: .now) }
        #expect(changes.isUnchanged(families[7], since: first))
        changes.saw([], changed: [families[3]], at: .now)
        #expect(!changes.isUnchanged(families[7], since: first))
        #expect(!changes.isUnchanged(families[3], since: first))
        #expect(changes.isUnchanged(families[7], since: first + 1))
        #expect(!changes.isUnchanged(families[3], since: first + 1))
    }

    @Test func `under any changes what stands is what a list of all of them says, or is read anew`() {
        var changes = FeedChanges(countMax: 5)
        changes.saw([], changed: nil, at: .now)
        var all: [(family: UUIDValue, change: UInt64)] = []
        var seed: UInt64 = 11
        var standing = 0
        for _ in 0..<3_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let family = families[Int(seed >> 40) % 8]
            if seed >> 61 < 3 {
                changes.saw([], changed: [family], at: .now)
                all.append((family, changes.last))
            }
            let since = changes.last - min(changes.last, (seed >> 20) % 8)
            let isUnchanged = all.suffix(10).allSatisfy { $0.family != family || $0.change <= since }
            if changes.isUnchanged(family, since: since) {
                standing += 1
                #expect(isUnchanged)
            } else {
                // Of what was before the first look nobody knows.
                #expect(!isUnchanged || changes.last - since > 5 || since == 0)
            }
        }
        #expect(standing > 300)
    }
}

@Suite struct FeedWatchTests {
    private func reader(_ world: FeedWorld) -> ProgressReader {
        ProgressReader(
            feed: world.feed, watch: FeedWatch(feed: world.feed, pace: FeedWatch.Pace(trust: .seconds(600))))
    }

    @Test func `a new notice is served after the next look, and of others nothing is read again`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            try await world.sequence([
                .init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(1)),
                .init(n: 1, notice: Some.notice(2, 1), lookUp: Some.code(2)),
                .init(n: 2, notice: Some.notice(3, 1, root: 1, parent: 1), lookUp: nil),
            ])
            try await world.catchUp(follower)
            let reader = reader(world)
            try await reader.watch.look()
            let one = try #require(try await reader.family(of: Some.code(1)))
            let two = try #require(try await reader.family(of: Some.code(2)))
            // Of a part of the first: its root's page must show it.
            try await world.sequence([.init(n: 3, notice: Some.notice(3, 2, root: 1, parent: 1))])
            try await world.catchUp(follower)
            #expect(try await reader.family(of: Some.code(1))?.parts.first?.newest.number == 1)
            try await reader.watch.look()
            #expect(!reader.stands(try #require(one.source)))
            #expect(reader.stands(try #require(two.source)))
            #expect(try await reader.family(of: Some.code(1))?.parts.first?.newest.number == 2)
        }
    }

    @Test func `a second dossier under a code closes it at the next look`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            try await world.sequence([.init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(9))])
            try await world.catchUp(follower)
            let reader = reader(world)
            try await reader.watch.look()
            #expect(try await reader.family(of: Some.code(9)) != nil)
            try await world.sequence([.init(n: 1, notice: Some.notice(2, 1), lookUp: Some.code(9))])
            try await world.catchUp(follower)
            try await reader.watch.look()
            #expect(try await reader.family(of: Some.code(9)) == nil)
        }
    }

    @Test func `more notices than a look names make everything be read anew`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            try await world.sequence([.init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(1))])
            try await world.catchUp(follower)
            var pace = FeedWatch.Pace(trust: .seconds(600))
            pace.noticeCountMax = 2
            let reader = ProgressReader(feed: world.feed, watch: FeedWatch(feed: world.feed, pace: pace))
            try await reader.watch.look()
            let one = try #require(try await reader.family(of: Some.code(1))?.source)
            for n in 1...2 { try await world.sequence([.init(n: Int64(n), notice: Some.notice(2, n))]) }
            try await world.catchUp(follower)
            try await reader.watch.look()
            #expect(reader.stands(one))
            try await world.sequence((3...5).map { .init(n: Int64($0), notice: Some.notice(2, $0)) })
            try await world.catchUp(follower)
            try await reader.watch.look()
            #expect(!reader.stands(one))
        }
    }

    @Test func `without looks what was read holds for the trusted time alone`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence([.init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(1))])
            try await world.catchUp(world.follower())
            let reader = ProgressReader(feed: world.feed)
            let source = try #require(try await reader.family(of: Some.code(1))?.source)
            #expect(reader.stands(source, now: source.reading.at + .milliseconds(999)))
            #expect(!reader.stands(source, now: source.reading.at + .milliseconds(1_001)))
            // A look in between: from then on it holds for as long again; not for ever.
            try await reader.watch.look()
            let again = try #require(try await reader.family(of: Some.code(1))?.source)
            try await reader.watch.look()
            let looked = ContinuousClock.now
            #expect(reader.stands(again, now: looked + .milliseconds(400)))
            #expect(!reader.stands(again, now: looked + .milliseconds(1_100)))
            #expect(!reader.stands(again, now: looked + .seconds(61)))
        }
    }

    @Test func `how far the feed is comes with the looks`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence([.init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(1))])
            try await world.catchUp(world.follower())
            let reader = reader(world)
            try await reader.watch.look()
            let before = try #require(try await reader.family(of: Some.code(1)))
            try await world.feed.withSession {
                try $0.execute(
                    """
                    UPDATE feed.cursor SET caught_up_at = '2031-03-05T02:20:00Z';
                    INSERT INTO feed.log_checkpoint (province, size, note) VALUES (1, 1, 'a note')
                    """)
            }
            try await reader.watch.look()
            let after = try #require(try await reader.family(of: Some.code(1)))
            #expect(before.source == after.source)
            #expect(before.standing.signedSize == 0 && after.standing.signedSize == 1)
            #expect(after.caughtUpAt?.iso8601 == "2031-03-05T09:20:00+07:00")
        }
    }

    @Test func `codes that are asked for at the same time are each answered with their own`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(
                (1...40).map { .init(n: Int64($0 - 1), notice: Some.notice($0, 1), lookUp: Some.code($0)) })
            try await world.catchUp(world.follower())
            let reader = ProgressReader(feed: world.feed, lifetime: .zero)
            let found = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
                for dossier in 1...60 {
                    group.addTask {
                        (dossier, try await reader.family(of: Some.code(dossier))?.dossier.newest.dossier)
                    }
                }
                return try await group.reduce(into: [Int: String?]()) { $0[$1.0] = $1.1 }
            }
            for dossier in 1...60 { #expect(found[dossier] == (dossier <= 40 ? Some.id(dossier) : nil)) }
        }
    }
}

@Suite struct GatheredReadsTests {
    /// A database that answers when it is told to.
    private actor Database {
        private(set) var queries: [[Int]] = []
        private var waiting: [CheckedContinuation<Void, any Error>] = []
        private var arrivals: [CheckedContinuation<Void, Never>] = []

        func read(_ keys: [Int]) async throws -> [Int: String] {
            queries.append(keys)
            arrivals.forEach { $0.resume() }
            arrivals = []
            try await withCheckedThrowingContinuation { waiting.append($0) }
            return keys.filter { $0 >= 0 }.reduce(into: [:]) { $0[$1] = "\($1)" }
        }

        func answer(_ failure: (any Error)? = nil) {
            let first = waiting.removeFirst()
            if let failure { first.resume(throwing: failure) } else { first.resume() }
        }

        func queries(_ count: Int) async {
            while queries.count < count || waiting.isEmpty { await withCheckedContinuation { arrivals.append($0) } }
        }
    }

    private struct Away: Error {}

    /// What callers got.
    private final class Got: Sendable {
        let results = Mutex<[Int: [String]]>([:])
        private let count = AsyncStream.makeStream(of: Void.self)

        func receiver(_ key: Int) -> @Sendable (Result<String?, any Error>) -> Void {
            { [self] result in
                let text = if case .success(let value) = result { value ?? "none" } else { "away" }
                results.withLock { $0[key, default: []].append(text) }
                count.continuation.yield()
            }
        }

        func wait(_ expected: Int) async {
            var iterator = count.stream.makeAsyncIterator()
            for _ in 0..<expected { await iterator.next() }
        }
    }

    @Test func `while a query is out the next keys collect, each once, and get their own values`() async {
        let database = Database()
        let reads = GatheredReads<Int, String>(countMax: 4, queryCountMax: 1) { try await database.read($0) }
        let got = Got()
        reads.value(1, got.receiver(1))
        await database.queries(1)
        for key in [2, 3, 2, -4, 5, 6] { reads.value(key, got.receiver(key)) }
        await database.answer()
        await database.queries(2)
        await database.answer()
        await database.queries(3)
        await database.answer()
        await got.wait(7)
        #expect(await database.queries == [[1], [2, 3, -4, 5], [6]])
        #expect(
            got.results.withLock { $0 }
                == [1: ["1"], 2: ["2", "2"], 3: ["3"], -4: ["none"], 5: ["5"], 6: ["6"]])
    }

    @Test func `a query that fails, fails for those who wait for it and for nobody after them`() async {
        let database = Database()
        let reads = GatheredReads<Int, String>(queryCountMax: 1) { try await database.read($0) }
        let got = Got()
        reads.value(1, got.receiver(1))
        await database.queries(1)
        for key in [2, 3] { reads.value(key, got.receiver(key)) }
        await database.answer()
        await database.queries(2)
        reads.value(2, got.receiver(2))
        await database.answer(Away())
        await database.queries(3)
        await database.answer()
        await got.wait(4)
        #expect(got.results.withLock { $0 } == [1: ["1"], 2: ["away", "2"], 3: ["away"]])
    }

    @Test func `whoever reads goes on while keys wait, and what keeps it from reading is told to those who wait`() async
    {
        let got = Got()
        let turns = Mutex(0)
        let batches = Mutex<[[Int]]>([])
        let reads = GatheredReads<Int, String>(queryCountMax: 1) { reads in
            let turn = turns.withLock { turns in
                turns += 1
                return turns
            }
            if turn == 2 { throw Away() }
            while try reads.answer({ keys in
                batches.withLock { $0.append(keys) }
                let meanwhile = keys == [1] ? [2, 3] : keys == [2, 3] ? [-1] : keys == [-1] ? [4] : []
                for key in meanwhile { reads.value(key, got.receiver(key)) }
                if keys == [-1] { throw Away() }
                return keys.reduce(into: [:]) { $0[$1] = "\($1)" }
            }) {}
        }
        reads.value(1, got.receiver(1))
        await got.wait(5)
        reads.value(5, got.receiver(5))
        await got.wait(1)
        #expect(batches.withLock { $0 } == [[1], [2, 3], [-1], [5]] && turns.withLock { $0 } == 3)
        #expect(got.results.withLock { $0 } == [1: ["1"], 2: ["2"], 3: ["3"], -1: ["away"], 4: ["away"], 5: ["5"]])
    }
}

@Suite struct WeighedCacheTests {
    @Test func `entries used longest ago make room for the weight of a new one`() {
        var cache = BoundedCache<Int, String>(countMax: 100, weightMax: 10)
        for number in 1...3 { cache.put(number, "\(number)", weight: 3) }
        #expect(cache.weight == 9)
        _ = cache.value(1)
        cache.put(4, "4", weight: 6)
        #expect([1, 2, 3, 4].map { cache.value($0) } == ["1", nil, nil, "4"])
        #expect(cache.weight == 9 && cache.count == 2)
        cache.put(5, "too much", weight: 11)
        #expect(cache.value(5) == nil && cache.count == 2)
        cache.put(4, "lighter", weight: 1)
        cache.remove(1)
        cache.remove(99)
        #expect(cache.weight == 1 && cache.count == 1 && cache.value(4) == "lighter")
    }

    @Test func `however it is used it never weighs more than it may, and counts what it holds`() {
        var cache = BoundedCache<Int, Int>(countMax: 12, weightMax: 50)
        var weights: [Int: Int] = [:]
        var seed: UInt64 = 3
        for _ in 0..<5_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let key = Int(seed >> 33) % 30
            switch seed >> 61 {
            case 0..<4:
                weights[key] = Int(seed >> 20) % 60
                cache.put(key, key, weight: weights[key] ?? 0)
            case 4:
                weights[key] = Int(seed >> 20) % 60
                let isThere = cache.fill(key, key, weight: weights[key] ?? 0)
                #expect(cache.contains(key) == isThere)
            case 5: #expect(cache.value(key).map { $0 == key } ?? true)
            default: cache.remove(key)
            }
            let held = (0..<30).filter { cache.value($0) != nil }
            #expect(cache.count == held.count && cache.count <= 12)
            #expect(cache.weight <= 50 && cache.weight == held.reduce(0) { $0 + (weights[$1] ?? 0) })
        }
    }
}
