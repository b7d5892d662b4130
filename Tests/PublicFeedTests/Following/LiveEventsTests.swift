import Notices
import Postgres
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

@Suite struct LiveEventsTests {
    private static let province = LiveFollowing.channel(Told.province)

    /// A process that tells live events; several may run on one feed.
    private struct Teller {
        let live: LiveEvents
        let backlog: ConnectionPool
        let running: Task<Void, any Error>

        func stop() async throws {
            running.cancel()
            try await running.value
            await backlog.shutdown()
        }
    }

    private func tell(_ world: FeedWorld, _ change: (inout LiveEvents.Pace) -> Void = { _ in }) -> Teller {
        var pace = LiveEvents.Pace()
        pace.poll = .milliseconds(10)
        pace.heartbeat = .milliseconds(300)
        pace.backlogSize = 20
        change(&pace)
        let backlog = world.feedDatabase.pool(size: 2)
        let live = LiveEvents(
            feed: world.feed, backlog: backlog, site: "https://hoso.example.vn", logger: TestDatabase.logger, pace: pace
        )
        return Teller(live: live, backlog: backlog, running: Task { try await live.run() })
    }

    /// Opens once the teller has looked at the tables.
    private func open(_ teller: Teller, _ following: LiveFollowing, after: Int64?) async throws -> LiveStream {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            do throws(LiveEvents.Refusal) { return try teller.live.open(following, after: after) } catch {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        throw Failure("nothing could be followed")
    }

    /// The ids of events with data until the one of `last`, in the order in which they came.
    private func read(_ stream: inout LiveStream, until last: Int64) async throws -> [Int64] {
        var ids: [Int64] = []
        while let piece = try await stream.next() {
            for event in LiveEventsTests.events(piece) { ids.append(event) }
            if ids.last ?? -1 >= last { return ids }
        }
        return ids
    }

    static func events(_ piece: [UInt8]) -> [Int64] {
        String(decoding: piece, as: UTF8.self).components(between: "\n\n").compactMap { event in
            let lines = event.split(separator: "\n")
            guard lines.contains(where: { $0.hasPrefix("data: ") }) else { return nil }
            return lines.first { $0.hasPrefix("id: ") }.flatMap { LivePlace($0.dropFirst(4))?.n }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `what is told while one follows comes once, in order`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower(batchSize: 9)
            try await world.sequence(Told.accepted(5))
            try await world.catchUp(follower)
            let teller = tell(world)
            var stream = try await open(teller, Self.province, after: nil)
            var agency = try await open(teller, .channel(FeedChannel(province: 1, kind: .agency("H18"))), after: nil)
            try await world.sequence(Told.accepted(40, from: 5))
            try await world.catchUp(follower)
            #expect(try await read(&stream, until: 44) == Array(5...44))
            #expect(try await read(&agency, until: 43) == stride(from: 5, through: 43, by: 2).map { $0 })
            try await teller.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `connections that break again and again lose and repeat nothing, over the restart of the process`()
        async throws
    {
        try await FeedWorld.with { world in
            let follower = world.follower(batchSize: 13)
            try await world.sequence(Told.accepted(60))
            try await world.catchUp(follower)
            let writing = Task {
                for step in 0..<12 {
                    try await world.sequence(Told.accepted(20, from: 60 + step * 20))
                    try await world.catchUp(follower)
                }
            }
            var ids: [Int64] = []
            var teller = tell(world)
            for round in 0..<40 where ids.last ?? -1 < 299 {
                if round % 5 == 4 {
                    try await teller.stop()
                    teller = tell(world)
                }
                var stream = try await open(teller, Self.province, after: ids.last ?? -1)
                // Some events, then the connection breaks.
                ids += try await read(&stream, until: min(299, (ids.last ?? -1) + 15))
            }
            try await writing.value
            #expect(ids == Array(0..<300))
            try await teller.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `two processes give the same places, so that a reader may go from one to the other`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower(batchSize: 50)
            try await world.sequence(Told.accepted(30))
            try await world.catchUp(follower)
            let (one, other) = (tell(world), tell(world))
            var first = try await open(one, Self.province, after: 9)
            let seen = try await read(&first, until: 19)
            var second = try await open(other, Self.province, after: seen.last)
            let rest = (seen.last ?? 0) < 29 ? try await read(&second, until: 29) : []
            #expect(seen + rest == Array(10...29))
            try await one.stop()
            try await other.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a reader who has more than the server waits until the server has it, too`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            try await world.sequence(Told.accepted(10))
            try await world.catchUp(follower)
            let teller = tell(world)
            var stream = try await open(teller, Self.province, after: 14)
            let early = try #require(try await stream.next())
            #expect(Self.events(early).isEmpty)
            try await world.sequence(Told.accepted(20, from: 10))
            try await world.catchUp(follower)
            #expect(try await read(&stream, until: 29) == Array(15...29))
            try await teller.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `who reads too slowly is cut off, and comes back to what was missed`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower(batchSize: 5)
            try await world.sequence(Told.accepted(1))
            try await world.catchUp(follower)
            let teller = tell(world) { $0.batchCountMax = 2 }
            var slow = try await open(teller, Self.province, after: nil)
            // Somebody who reads makes the batches come one by one.
            var quick = try await open(teller, Self.province, after: nil)
            for step in 0..<6 {
                try await world.sequence(Told.accepted(5, from: 1 + step * 5))
                try await world.catchUp(follower)
                _ = try await read(&quick, until: Int64(5 + step * 5))
            }
            #expect(try await slow.next() == nil)
            var again = try await open(teller, Self.province, after: 0)
            #expect(try await read(&again, until: 30) == Array(1...30))
            try await teller.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a code's stream has its family's notices, and a part's own only that part's`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            try await world.sequence([.init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(1))])
            try await world.catchUp(follower)
            let teller = tell(world)
            let part = Some.notice(3, 1, root: 1, parent: 1)
            let root = FollowedDossier(Some.notice(1, 1), lookUp: Some.code(1))
            var whole = try await open(teller, .dossier(root), after: -1)
            var own = try await open(teller, .dossier(FollowedDossier(part, lookUp: Some.code(3))), after: -1)
            #expect(try await read(&whole, until: 0) == [0])
            try await world.sequence([
                .init(n: 1, notice: part), .init(n: 2, notice: Some.notice(1, 2)),
                .init(n: 3, notice: Some.notice(9, 1)),
                .init(n: 4, notice: Some.notice(3, 2, root: 1, parent: 1)),
            ])
            try await world.catchUp(follower)
            #expect(try await read(&whole, until: 4) == [1, 2, 4])
            #expect(try await read(&own, until: 4) == [1, 4])
            var later = try await open(teller, .dossier(root), after: 1)
            let piece = try #require(try await later.next())
            let text = String(decoding: piece, as: UTF8.self)
            #expect(Self.events(piece) == [2, 4])
            #expect(text.contains("\"dataref\":\"https://hoso.example.vn/v1/progress/\(Some.code(1))\""))
            try await teller.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a heartbeat moves the reader's place past what did not concern it`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            try await world.sequence(Told.accepted(8, agencies: ["H17"]))
            try await world.catchUp(follower)
            let teller = tell(world)
            var stream = try await open(teller, .channel(FeedChannel(province: 1, kind: .agency("H99"))), after: nil)
            let piece = try #require(try await stream.next())
            #expect(String(decoding: piece, as: UTF8.self) == ":\nid: 1-7\n\n")
            try await teller.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a graceful stop ends every stream, and nobody can follow after it`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Told.accepted(3))
            try await world.catchUp(world.follower())
            let teller = tell(world) { $0.heartbeat = .seconds(600) }
            let streams = Mutex<[LiveStream]>([])
            for _ in 0..<50 {
                let stream = try await open(teller, Self.province, after: nil)
                streams.withLock { $0.append(stream) }
            }
            let reading = streams.withLock { $0 }.map { stream in
                Task {
                    var stream = stream
                    return try await stream.next() == nil
                }
            }
            streams.withLock { $0 = [] }
            try await teller.stop()
            for reader in reading { #expect(try await reader.value) }
            #expect(teller.live.openCount == 0)
            #expect(throws: LiveEvents.Refusal.notNow) { try teller.live.open(Self.province, after: nil) }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a reader who goes away leaves nothing behind`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Told.accepted(3))
            try await world.catchUp(world.follower())
            let teller = tell(world) { $0.heartbeat = .seconds(600) }
            let stream = try await open(teller, Self.province, after: nil)
            let reading = Task { [stream] in
                var stream = stream
                return try await stream.next()
            }
            #expect(teller.live.openCount == 1)
            reading.cancel()
            #expect(try await reading.value == nil)
            try await teller.stop()
        }
    }

    @Test func `a province of which nothing is known cannot be followed`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Told.accepted(1))
            try await world.catchUp(world.follower())
            let teller = tell(world)
            _ = try await open(teller, Self.province, after: nil)
            #expect(throws: LiveEvents.Refusal.unknownProvince) {
                try teller.live.open(.channel(FeedChannel(province: 99, kind: .province)), after: nil)
            }
            try await teller.stop()
        }
    }
}

extension String {
    fileprivate func components(between separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}
