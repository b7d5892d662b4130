import Postgres
import TestSupport
import Testing

@testable import Store

/// Reads that are asked for together share a transaction.
@Suite(.database, .timeLimit(.minutes(1)))
struct ReadLanesTests {
    /// When its transaction began; waits for whoever holds the lock.
    private static let behind = Statement<Int64, Int64>(
        name: "lane_behind", sql: "SELECT now() FROM pg_advisory_xact_lock_shared($1)",
        encode: { $1.int8($0) }, decode: { try $0.timestamptz() })
    private static let began = Statement<Void, Int64>(
        name: "lane_began", sql: "SELECT now()", decode: { try $0.timestamptz() })
    private static let divided = Statement<Int64, Int64>(
        name: "lane_divided", sql: "SELECT 6 / $1", encode: { $1.int8($0) }, decode: { try $0.int8() })
    private static let hold = Statement<Int64, Void>(
        name: "lane_hold", sql: "SELECT FROM pg_advisory_lock($1)", encode: { $1.int8($0) })
    private static let free = Statement<Int64, Void>(
        name: "lane_free", sql: "SELECT FROM pg_advisory_unlock($1)", encode: { $1.int8($0) })
    /// Ends the connection that waits for the lock.
    private static let end = Statement<Int64, Bool>(
        name: "lane_end",
        sql: """
            SELECT pg_terminate_backend(l.pid) FROM pg_locks l
            WHERE l.locktype = 'advisory' AND NOT l.granted AND l.classid = 0 AND l.objid = $1::bigint::oid
            """,
        encode: { $1.int8($0) }, decode: { try $0.bool() })

    /// Runs the body while a read of the province is under way that ends when it is told to, on one connection's lock.
    private func withReadUnderWay(
        _ province: Int16, _ body: (ReadLanes, _ key: Int64, _ free: () async throws -> Void) async throws -> Void
    ) async throws {
        try await withStore { _, pool in
            let lanes = ReadLanes(pool: pool)
            let key = Int64(province) + 7_000_000
            // A pool of one: its session holds the lock from one call to the next.
            try await withPool(role: "motcua_engine", size: 1) { holder in
                try await holder.withSession { _ = try $0.run(Self.hold, key) }
                try await body(lanes, key) { try await holder.withSession { _ = try $0.run(Self.free, key) } }
            }
        }
    }

    private func waiting(_ lanes: ReadLanes, _ province: Int16, _ count: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while lanes.waitingCount(province) < count {
            try #require(ContinuousClock.now < deadline, "\(count) reads never came to wait")
            await Task.yield()
        }
    }

    @Test func `what is asked for while a read is under way is read in one transaction after it`() async throws {
        let province = Fixture.province()
        try await withReadUnderWay(province) { lanes, key, free in
            async let first = lanes.rows(province, Self.behind, key)
            while lanes.isIdle(province) { await Task.yield() }
            async let others = withThrowingTaskGroup(of: [Int64].self) { group in
                for _ in 0..<30 { group.addTask { try await lanes.rows(province, Self.began, ()) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try await waiting(lanes, province, 30)
            // Another province does not wait behind it.
            _ = try await lanes.rows(Fixture.province(), Self.began, ())
            try await free()
            let (begun, later) = try await (first, others)
            #expect(later.count == 30)
            #expect(Set(later).count == 1)
            #expect(Set(later) != Set(begun))
            #expect(lanes.isIdle(province))
        }
    }

    @Test func `a read that fails is told to its own caller, the others get their rows`() async throws {
        let province = Fixture.province()
        try await withReadUnderWay(province) { lanes, key, free in
            async let first = lanes.rows(province, Self.behind, key)
            while lanes.isIdle(province) { await Task.yield() }
            async let results = withTaskGroup(of: (Int64, Result<[Int64], any Error>).self) { group in
                for number in [1, 0, 2, 3] as [Int64] {
                    group.addTask {
                        do { return (number, .success(try await lanes.rows(province, Self.divided, number))) } catch {
                            return (number, .failure(error))
                        }
                    }
                }
                return await group.reduce(into: [Int64: [Int64]]()) { $0[$1.0] = (try? $1.1.get()) ?? [] }
            }
            try await waiting(lanes, province, 4)
            try await free()
            #expect(await results == [1: [6], 0: [], 2: [3], 3: [2]])
            _ = try await first
        }
    }

    @Test func `whoever goes away does not take the others along`() async throws {
        let province = Fixture.province()
        try await withReadUnderWay(province) { lanes, key, free in
            async let first = lanes.rows(province, Self.behind, key)
            while lanes.isIdle(province) { await Task.yield() }
            let gone = Task { try await lanes.rows(province, Self.began, ()) }
            try await waiting(lanes, province, 1)
            let stays = Task { try await lanes.rows(province, Self.began, ()) }
            try await waiting(lanes, province, 2)
            gone.cancel()
            let error = await #expect(throws: PostgresError.self) { try await gone.value }
            #expect(error?.code == .cancelled)
            try await free()
            #expect(try await stays.value.count == 1)
            _ = try await first
        }
    }

    @Test func `when the first one goes away, those behind it are read`() async throws {
        let province = Fixture.province()
        try await withReadUnderWay(province) { lanes, key, free in
            let first = Task { try await lanes.rows(province, Self.behind, key) }
            while lanes.isIdle(province) { await Task.yield() }
            let next = Task { try await lanes.rows(province, Self.began, ()) }
            try await waiting(lanes, province, 1)
            first.cancel()
            let error = await #expect(throws: PostgresError.self) { try await first.value }
            #expect(error?.code == .cancelled)
            #expect(try await next.value.count == 1)
            try await free()
        }
    }

    @Test func `where the way to the database breaks, those who waited behind are told so at once`() async throws {
        let province = Fixture.province()
        try await withReadUnderWay(province) { lanes, key, free in
            let first = Task { try await lanes.rows(province, Self.behind, key) }
            while lanes.isIdle(province) { await Task.yield() }
            let next = Task { try await lanes.rows(province, Self.began, ()) }
            try await waiting(lanes, province, 1)
            try await withPool(role: "motcua_engine", size: 1) { pool in
                let deadline = ContinuousClock.now + .seconds(10)
                while try await pool.withSession({ try $0.run(Self.end, key) }) != [true] {
                    try #require(ContinuousClock.now < deadline, "nobody waits for the lock")
                }
            }
            for task in [first, next] {
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                #expect(error?.code == .connectionLost)
            }
            // The next one finds a new connection.
            #expect(try await lanes.rows(province, Self.began, ()).count == 1)
            try await free()
        }
    }

    @Test func `more than one transaction holds are read in turn, none is forgotten`() async throws {
        let province = Fixture.province()
        try await withReadUnderWay(province) { lanes, key, free in
            async let first = lanes.rows(province, Self.behind, key)
            while lanes.isIdle(province) { await Task.yield() }
            let count = ReadLanes.limit * 2 + 1
            async let others = withThrowingTaskGroup(of: [Int64].self) { group in
                for _ in 0..<count { group.addTask { try await lanes.rows(province, Self.began, ()) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try await waiting(lanes, province, count)
            try await free()
            let later = try await others
            #expect(later.count == count)
            #expect(Set(later).count == 3)
            _ = try await first
        }
    }
}
