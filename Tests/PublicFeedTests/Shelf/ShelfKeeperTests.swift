import Notices
import Postgres
import TestSupport
import Testing

@testable import PublicFeed

@Suite struct ShelfKeeperTests {
    /// The dossiers that lie on the shelf.
    private func shelved(_ reader: ProgressReader, of dossiers: ClosedRange<Int>) -> [Int] {
        dossiers.filter { reader.watch.shelf.family(CodeKey(Some.code($0))) != nil }
    }

    @Test func `where memory does not suffice every province has its newest dossiers there`() async throws {
        try await FeedWorld.with { world in
            _ = try await world.follow(dossiers: 1...300)
            _ = try await world.follow(province: 48, dossiers: 301...600)
            _ = try await world.follow(province: 79, dossiers: 601...620)
            let reader = world.reader(byteCountMax: 64 * 1_600)
            try await reader.watch.look()
            try await world.keeper(reader).pass()
            let first = shelved(reader, of: 1...300)
            let second = shelved(reader, of: 301...600)
            #expect(first.count > 20 && first.count < 200)
            #expect(abs(first.count - second.count) <= 14)
            #expect(shelved(reader, of: 614...620).count == 7)
            // The newest of each: what lies there is denser the newer it is, and nothing is very old.
            for (dossiers, newest) in [(first, 300), (second, 600)] {
                #expect(dossiers.contains(newest) && dossiers.filter { $0 > newest - 14 }.count == 14)
                #expect(dossiers.allSatisfy { $0 > newest - 200 })
            }
        }
    }

    @Test func `what came or changed since is on the shelf as soon as the watch has seen it`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...20)
            let reader = world.reader()
            let keeper = world.keeper(reader)
            try await reader.watch.look()
            try await keeper.pass()
            var notices = (21...40).map { dossier in
                FeedWorld.Sequenced(
                    n: Int64(dossier - 1), notice: Some.ended(dossier, 1), lookUp: Some.code(dossier))
            }
            notices.append(.init(n: 40, notice: Some.ended(5, 2)))
            try await world.sequence(notices)
            try await world.catchUp(follower)
            try await keeper.takeUp()
            #expect(shelved(reader, of: 1...40) == Array(1...20))
            try await reader.watch.look()
            try await keeper.takeUp()
            #expect(shelved(reader, of: 1...40) == Array(1...40))
            try await world.hideTables()
            #expect(try await reader.family(of: Some.code(40))?.dossier.newest.number == 1)
            #expect(try await reader.family(of: Some.code(5))?.dossier.newest.number == 2)
        }
    }

    @Test func `what changes again before it is taken up is taken up as it is then`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...2)
            let reader = world.reader()
            let keeper = world.keeper(reader)
            try await reader.watch.look()
            for number in 2...4 {
                try await world.sequence([.init(n: Int64(number), notice: Some.ended(1, number))])
                try await world.catchUp(follower)
                if number < 4 { try await reader.watch.look() }
            }
            // The last of them no look has seen: what is read here has it, and leaves the shelf at the look that sees it.
            try await keeper.takeUp()
            #expect(reader.watch.shelved(CodeKey(Some.code(1)))?.family.members?.first?.row.number == 4)
            try await reader.watch.look()
            #expect(shelved(reader, of: 1...2) == [])
            try await keeper.takeUp()
            #expect(reader.watch.shelved(CodeKey(Some.code(1)))?.family.members?.first?.row.number == 4)
        }
    }

    @Test func `what could not be read is taken up later`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...1)
            let reader = world.reader()
            let keeper = world.keeper(reader)
            try await reader.watch.look()
            try await world.sequence(
                (2...20).map { .init(n: Int64($0 - 1), notice: Some.ended($0, 1), lookUp: Some.code($0)) })
            try await world.catchUp(follower)
            try await reader.watch.look()
            try await world.hideTables()
            await #expect(throws: PostgresError.self) { try await keeper.takeUp() }
            try await world.feed.withSession { try $0.execute("ALTER TABLE feed.hidden RENAME TO dossier") }
            try await keeper.takeUp()
            #expect(shelved(reader, of: 1...20) == Array(2...20))
        }
    }

    @Test func `on a full shelf the oldest dossiers make room for what is new, and a pass keeps the others readable`()
        async throws
    {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...400)
            let reader = world.reader(byteCountMax: 64 * 2_400)
            let keeper = world.keeper(reader)
            try await reader.watch.look()
            try await keeper.pass()
            let before = shelved(reader, of: 1...400)
            try await world.sequence(
                (401...420).map { .init(n: Int64($0 - 1), notice: Some.ended($0, 1), lookUp: Some.code($0)) })
            try await world.catchUp(follower)
            try await reader.watch.look()
            try await keeper.takeUp()
            #expect(shelved(reader, of: 401...420) == Array(401...420))
            let left = Set(shelved(reader, of: 1...400))
            #expect(left.isSuperset(of: 380...400) && left.count < before.count)
            // What was there before is read again, all of it.
            let began = ContinuousClock.now
            try await keeper.pass()
            let readAt = (1...420).compactMap { reader.watch.shelf.family(CodeKey(Some.code($0)))?.reading.at }
            #expect(readAt.count > 40 && readAt.allSatisfy { $0 >= began })
            #expect(reader.watch.shelf.size.byteCount <= 64 * 2_400)
            // Also where nobody told the keeper what is new: what the pass has not come to makes room.
            try await world.sequence(
                (421...440).map { .init(n: Int64($0 - 1), notice: Some.ended($0, 1), lookUp: Some.code($0)) })
            try await world.catchUp(follower)
            try await reader.watch.look()
            _ = reader.watch.shelf.takeNews()
            try await keeper.pass()
            #expect(shelved(reader, of: 410...440) == Array(410...440))
        }
    }

    @Test func `a shelf that was emptied is filled again, by the keeper that runs`() async throws {
        try await FeedWorld.with { world in
            _ = try await world.follow(dossiers: 1...9)
            let reader = world.reader()
            try await reader.watch.look()
            let keeper = world.keeper(reader)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await keeper.run() }
                for _ in 1...3 {
                    while reader.watch.shelf.size.count < 9 {
                        try Task.checkCancellation()
                        await Task.yield()
                    }
                    reader.watch.shelf.removeAll()
                }
                group.cancelAll()
            }
        }
    }

    @Test func `the keeper that runs takes up what the watch sees`() async throws {
        try await FeedWorld.with { world in
            let follower = try await world.follow(dossiers: 1...9)
            let reader = world.reader()
            try await reader.watch.look()
            let keeper = world.keeper(reader)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await keeper.run() }
                for dossier in 9...12 {
                    if dossier > 9 {
                        try await world.sequence([
                            .init(n: Int64(dossier - 1), notice: Some.ended(dossier, 1), lookUp: Some.code(dossier))
                        ])
                        try await world.catchUp(follower)
                        try await reader.watch.look()
                    }
                    while reader.watch.shelf.size.count < dossier {
                        try Task.checkCancellation()
                        await Task.yield()
                    }
                }
                group.cancelAll()
            }
        }
    }
}
