import Notices
import Postgres
import TestSupport
import Testing

@testable import PublicFeed

@Suite struct PictureShelfTests {
    @Test func `a dossier that nobody asked for before is answered without the database`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...40)
            try await world.sequence([
                .init(n: 40, notice: Some.ended(41, 1, root: 3, parent: 3), lookUp: Some.code(41))
            ])
            try await world.catchUp(follower)
            let reader = world.reader()
            let expected = ProgressReader(feed: world.feed, lifetime: .zero)
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            #expect(reader.watch.shelf.size.count == 41)
            var families: [DossierFamily] = []
            for dossier in 1...41 {
                families.append(try #require(try await expected.family(of: Some.code(dossier))))
            }
            try await world.hideTables()
            for (dossier, family) in zip(1...41, families) {
                let shelved = try #require(try await reader.family(of: Some.code(dossier)))
                #expect(shelved.dossier.history == family.dossier.history)
                #expect(shelved.parts.map(\.history) == family.parts.map(\.history))
                #expect(shelved.version == family.version && shelved.leaf == family.leaf)
                #expect(shelved.source?.provinces == family.source?.provinces)
                #expect(reader.stands(try #require(shelved.source)))
            }
            await #expect(throws: PostgresError.self) { try await reader.family(of: Some.code(99)) }
        }
    }

    @Test func `a dossier that changes leaves the shelf at the look that sees it, with every code of its family`()
        async throws
    {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...5)
            try await world.sequence([.init(n: 5, notice: Some.ended(6, 1, root: 2, parent: 2), lookUp: Some.code(6))])
            try await world.catchUp(follower)
            let reader = world.reader()
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            try await world.sequence([.init(n: 6, notice: Some.ended(6, 2, root: 2, parent: 2))])
            try await world.catchUp(follower)
            #expect(reader.watch.shelved(CodeKey(Some.code(2))) != nil)
            try await reader.watch.look()
            let left = (1...6).filter { reader.watch.shelf.family(CodeKey(Some.code($0))) != nil }
            #expect(left == [1, 3, 4, 5])
            #expect(try await reader.family(of: Some.code(2))?.parts.first?.newest.number == 2)
            // What was read is there again.
            try await world.hideTables()
            #expect(try await reader.family(of: Some.code(2))?.parts.first?.newest.number == 2)
        }
    }

    @Test func `what was served from the shelf is not older again when the database is away`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...1)
            let reader = world.reader()
            try await reader.watch.look()
            #expect(try await reader.family(of: Some.code(1))?.dossier.newest.number == 1)
            try await world.sequence([.init(n: 1, notice: Some.ended(1, 2))])
            try await world.catchUp(follower)
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            #expect(reader.ready(Some.code(1))?.dossier.newest.number == 2)
            try await world.hideTables()
            reader.watch.shelf.removeAll()
            #expect(try await reader.family(of: Some.code(1))?.dossier.newest.number == 2)
        }
    }

    @Test func `what was read before a change and is put after it does not stay`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...2)
            // However few changes are remembered.
            let reader = world.reader() { $0.changeCountMax = 1 }
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            let key = CodeKey(Some.code(1))
            let early = try #require(reader.watch.shelf.family(key))
            try await world.sequence([.init(n: 2, notice: Some.ended(1, 2))])
            try await world.catchUp(follower)
            try await reader.watch.look()
            for reason: PictureShelf.Reason in [.askedFor, .isNews, .readAhead(since: .now)] {
                reader.watch.shelve(key, early, reason)
                #expect(reader.watch.shelf.family(key) == nil)
            }
            for number in 2...4 {
                try await world.sequence([.init(n: Int64(number + 1), notice: Some.ended(2, number))])
                try await world.catchUp(follower)
                try await reader.watch.look()
            }
            reader.watch.shelve(key, early, .isNews)
            #expect(reader.watch.shelf.family(key) == nil)
            #expect(try await reader.family(of: Some.code(1))?.dossier.newest.number == 2)
        }
    }

    @Test func `a second dossier under a code takes the code's family away`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...1)
            let reader = world.reader()
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            try await world.sequence([.init(n: 1, notice: Some.ended(2, 1), lookUp: Some.code(1))])
            try await world.catchUp(follower)
            try await reader.watch.look()
            #expect(try await reader.family(of: Some.code(1)) == nil)
            // And is not put there again, by nobody.
            try await world.keeper(reader).pass()
            #expect(reader.watch.shelf.size.count == 0)
        }
    }

    @Test func `when everything may have changed nothing stays`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...3)
            let reader = world.reader() { $0.noticeCountMax = 2 }
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            let early = try #require(reader.watch.shelf.family(CodeKey(Some.code(1))))
            try await world.sequence((2...4).map { .init(n: Int64($0 + 1), notice: Some.ended(3, $0)) })
            try await world.catchUp(follower)
            try await reader.watch.look()
            #expect(reader.watch.shelf.size.count == 0 && reader.watch.shelf.size.byteCount == 0)
            reader.watch.shelve(CodeKey(Some.code(1)), early, .askedFor)
            #expect(reader.watch.shelved(CodeKey(Some.code(1))) == nil)
        }
    }

    @Test func `many notices in one look are named in runs, and none is missed`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...30)
            let reader = world.reader() { $0.runCountMax = 4 }
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            try await world.sequence((1...29).map { .init(n: Int64(29 + $0), notice: Some.ended($0, 2)) })
            try await world.catchUp(follower)
            try await reader.watch.look()
            #expect(reader.watch.shelf.size.count == 1)
            #expect(reader.watch.shelf.family(CodeKey(Some.code(30))) != nil)
        }
    }

    @Test func `a full shelf weighs no more than it may, and what is asked for twice finds room`() async throws {
        try await FeedWorld.with { world in
            _ = try await world.follow(dossiers: 1...400)
            let reader = world.reader(byteCountMax: 64 * 1_200)
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            let size = reader.watch.shelf.size
            #expect(size.count > 40 && size.count < 200 && size.byteCount <= 64 * 1_200)
            // The newest first.
            #expect(reader.watch.shelf.family(CodeKey(Some.code(400))) != nil)
            let absent = try #require((1...400).first { reader.watch.shelf.family(CodeKey(Some.code($0))) == nil })
            for _ in 1...2 {
                // Another process's memory, so that the shelf is asked and not the cache above it.
                let other = ProgressReader(feed: world.feed, watch: reader.watch)
                _ = try await other.family(of: Some.code(absent))
            }
            #expect(reader.watch.shelf.family(CodeKey(Some.code(absent))) != nil)
            #expect(reader.watch.shelf.size.byteCount <= 64 * 1_200)
        }
    }

    @Test func `what lies there too long is read anew, though no look saw it change`() async throws {
        try await FeedWorld.with { world in
            _ = try await world.follow(dossiers: 1...1)
            let reader = world.reader() { $0.shelfAgeMax = .zero }
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            #expect(reader.watch.shelf.size.count == 1)
            #expect(reader.watch.shelved(CodeKey(Some.code(1))) == nil)
        }
    }

    @Test func `without looks nothing on the shelf stands, yet it is better than no answer`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...1)
            let reader = world.reader() { $0.trust = .zero }
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            #expect(reader.watch.shelved(CodeKey(Some.code(1))) == nil)
            try await world.hideTables()
            let old = try #require(try await reader.family(of: Some.code(1)))
            #expect(old.dossier.newest.number == 1)
            #expect(!reader.stands(try #require(old.source)))
            try await world.feed.withSession { try $0.execute("ALTER TABLE feed.hidden RENAME TO dossier") }
            try await world.sequence([.init(n: 1, notice: Some.ended(1, 2))])
            try await world.catchUp(follower)
            #expect(try await reader.family(of: Some.code(1))?.dossier.newest.number == 2)
        }
    }
}

@Suite struct ShelfChangesTests {
    private let families = (0..<8).map { UUIDValue(high: 7, low: $0) }

    @Test func `what the looks forgot still stands on the shelf, what they remember does not`() {
        var changes = FeedChanges(countMax: 2)
        changes.saw([], changed: nil, at: .now)
        let first = changes.last
        for family in families[0..<5] { changes.saw([], changed: [family], at: .now) }
        #expect(!changes.isUnchanged(families[7], since: first))
        #expect(changes.isUnchangedOnShelf(families[7], since: first))
        #expect(!changes.isUnchangedOnShelf(families[4], since: first))
        #expect(changes.isUnchangedOnShelf(families[4], since: changes.last))
        changes.saw([], changed: nil, at: .now)
        #expect(!changes.isUnchangedOnShelf(families[7], since: first))
    }

    @Test func `after a connection was lost the next look makes everything be read anew`() {
        var changes = FeedChanges(countMax: 100)
        let province = WatchedProvince(province: 48, next: 5, erasedUntil: nil, standing: FeedStanding())
        changes.saw([province], changed: nil, at: .now)
        #expect(changes.ranges(to: [province]) == [])
        changes.lose()
        #expect(changes.ranges(to: [province]) == nil)
    }

    @Test(arguments: [1, 2, 3, 7, 100])
    func `runs hold every notice once, in order, and no more than they may`(countMax: Int64) {
        let ranges = [
            NoticeRange(province: 1, from: 0, until: 7), NoticeRange(province: 2, from: 5, until: 5),
            NoticeRange(province: 3, from: 9, until: 11),
        ]
        let runs = NoticeRange.runs(of: ranges, countMax: countMax)
        #expect(runs.allSatisfy { $0.reduce(0) { $0 + $1.count } <= countMax && !$0.isEmpty })
        let all = runs.joined().flatMap { range in (range.from..<range.until).map { [Int64(range.province), $0] } }
        #expect(all == (0..<7).map { [1, $0] } + (9..<11).map { [3, $0] })
    }
}
