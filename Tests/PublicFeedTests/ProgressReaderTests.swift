import Notices
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

@Suite struct ProgressReaderTests {
    @Test func `a root's code shows the whole family, a part's own code only what is below it`() async throws {
        try await FeedWorld.with { world in
            let notices: [(notice: Notice, code: LookUpCode?)] = [
                (Some.notice(1, 1), Some.code(1)), (Some.notice(2, 1, root: 1, parent: 1), Some.code(2)),
                (Some.notice(3, 1, root: 1, parent: 2), nil), (Some.notice(4, 1, root: 1, parent: 1), nil),
            ]
            try await world.sequence(
                notices.enumerated().map {
                    .init(n: Int64($0.offset), notice: $0.element.notice, lookUp: $0.element.code)
                })
            try await world.catchUp(world.follower())
            let reader = ProgressReader(feed: world.feed)
            let whole = try #require(try await reader.family(of: Some.code(1)))
            #expect(whole.dossier.newest.dossier == Some.id(1))
            #expect(whole.parts.map(\.newest.dossier) == [Some.id(2), Some.id(3), Some.id(4)])
            let part = try #require(try await reader.family(of: Some.code(2)))
            #expect(part.dossier.newest.dossier == Some.id(2))
            #expect(part.parts.map(\.newest.dossier) == [Some.id(3)])
            #expect(whole.caughtUpAt != nil)
        }
    }

    @Test func `a family in several provinces is as old as the one furthest behind`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence([
                .init(n: 0, notice: Some.notice(province: 1, 1, 1), lookUp: Some.code(1)),
                .init(n: 0, notice: Some.notice(province: 48, 2, 1, root: 1, parent: 1), lookUp: nil),
            ])
            try await world.catchUp(world.follower())
            try await world.feed.withSession {
                try $0.execute(
                    """
                    UPDATE feed.cursor SET caught_up_at = '2026-03-05T02:20:00Z';
                    UPDATE feed.cursor SET caught_up_at = '2026-03-05T01:00:00Z' WHERE province = 48
                    """)
            }
            let family = try #require(try await ProgressReader(feed: world.feed).family(of: Some.code(1)))
            #expect(family.parts.map(\.newest.province) == [48])
            #expect(family.caughtUpAt == Instant(iso8601: "2026-03-05T08:00"))
        }
    }

    @Test func `a code that two dossiers claim opens neither`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence([
                .init(n: 0, notice: Some.notice(1, 1, legalCode: "H17-260303-0001"), lookUp: Some.code(9)),
                .init(n: 1, notice: Some.notice(2, 1, legalCode: "H17-260303-0001"), lookUp: Some.code(9)),
            ])
            try await world.catchUp(world.follower())
            let reader = ProgressReader(feed: world.feed)
            #expect(try await reader.family(of: Some.code(9)) == nil)
            let code = try #require(LegalCode(typed: "H17-260303-0001"))
            #expect(try await reader.completion(of: code) == nil)
        }
    }

    @Test func `a new notice shows once the remembered one is too old`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            try await world.sequence([.init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(1))])
            try await world.catchUp(follower)
            let patient = ProgressReader(feed: world.feed, lifetime: .seconds(600))
            let eager = ProgressReader(feed: world.feed, lifetime: .zero)
            let first = try #require(try await eager.family(of: Some.code(1)))
            #expect(try await patient.family(of: Some.code(1))?.version == first.version)
            try await world.sequence([.init(n: 1, notice: Some.notice(1, 2), lookUp: Some.code(1))])
            try await world.catchUp(follower)
            let second = try #require(try await eager.family(of: Some.code(1)))
            #expect(second.version > first.version && second.dossier.newest.number == 2)
            #expect(try await patient.family(of: Some.code(1))?.version == first.version)
        }
    }

    @Test func `a placeholder answers like a code that nobody has`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence([.init(n: 0, notice: Some.notice(3, 1, root: 1, parent: 1))])
            try await world.catchUp(world.follower())
            #expect(try await ProgressReader(feed: world.feed).family(of: Some.code(1)) == nil)
        }
    }

    @Test(arguments: [
        ("000.12.34.H17-251203-2035", "000.12.34.H17-251203-2035"), (" h17.50-251203-12035 ", "H17.50-251203-12035"),
        ("H17-251203-203", nil), ("H17-2512x3-2035", nil), ("-251203-2035", nil), ("H17-251203-2035-1", nil),
        ("H17'--251203-2035", nil), ("", nil), ("7K4M-Q2XP-93HT", nil),
    ])
    func `a legal code reads as it is printed and no other way`(typed: String, text: String?) {
        #expect(LegalCode(typed: typed)?.text == text)
    }
}

@Suite struct CacheTests {
    @Test func `the entry used longest ago makes room`() {
        var cache = BoundedCache<Int, String>(countMax: 3)
        for number in 1...3 { cache.put(number, "\(number)") }
        #expect(cache.value(1) == "1")
        cache.put(4, "4")
        #expect(cache.value(2) == nil)
        cache.put(3, "three")
        cache.put(5, "5")
        #expect([1, 3, 4, 5].map { cache.value($0) } == [nil, "three", "4", "5"])
        #expect(cache.count == 3)
    }

    @Test func `a cache under any use holds what a plain list of recent keys holds`() {
        var cache = BoundedCache<Int, Int>(countMax: 8)
        var model: [(key: Int, value: Int)] = []
        var seed: UInt64 = 7
        for step in 0..<5_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let key = Int(seed >> 33) % 20
            let place = model.firstIndex { $0.key == key }
            switch seed >> 60 {
            case 0..<7:
                #expect(cache.value(key) == place.map { model[$0].value })
                // A use counts once the cache is half full.
                if let place, model.count > 4 { model.append(model.remove(at: place)) }
            case 7:
                cache.remove(key)
                if let place { model.remove(at: place) }
            case 8:
                let place = model.prefix(3).firstIndex { $0.value % 2 == 0 }
                #expect(cache.dropOldest(of: 3) { $0 % 2 == 0 } == (place != nil))
                if let place { model.remove(at: place) }
            case 9..<11:
                // Nothing makes room, and what is filled in is the next that does.
                #expect(cache.fill(key, step) == (place != nil || model.count < 8))
                if let place { model[place].value = step } else if model.count < 8 { model.insert((key, step), at: 0) }
            default:
                cache.put(key, step)
                if let place { model.remove(at: place) } else if model.count == 8 { model.removeFirst() }
                model.append((key, step))
            }
            #expect(cache.count == model.count)
        }
    }

    @Test func `many callers share one look-up, and what was not found is not kept`() async throws {
        let cache = FreshCache<Int, Int>(countMax: 10, lifetime: .seconds(600))
        let calls = Calls()
        let values = try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await cache.value(1) { _ in
                        await calls.add()
                        for _ in 0..<100 { await Task.yield() }
                        return 7
                    }
                }
            }
            return try await group.reduce(into: [Int?]()) { $0.append($1) }
        }
        #expect(values.allSatisfy { $0 == 7 })
        #expect(await calls.count == 1)
        for _ in 0..<2 {
            _ = try await cache.value(2) { _ in
                await calls.add(); return nil
            }
        }
        #expect(await calls.count == 3)
    }

    private actor Calls {
        var count = 0
        func add() { count += 1 }
    }
}
