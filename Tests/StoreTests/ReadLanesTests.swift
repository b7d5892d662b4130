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
    /// Those that wait for the lock.
    private static let blocked = Statement<Int64, Int32>(
        name: "lane_blocked",
        sql: """
            SELECT l.pid FROM pg_locks l
            WHERE l.locktype = 'advisory' AND NOT l.granted AND l.classid = 0 AND l.objid = $1::bigint::oid
            """,
        encode: { $1.int8($0) }, decode: { try $0.int4() })
    private static let end = Statement<Int32, Bool>(
        name: "lane_end", sql: "SELECT pg_terminate_backend($1)", encode: { $1.int4($0) }, decode: { try $0.bool() })

    /// A read of a province that does not end before it is told to.
    private struct UnderWay {
        let lanes: ReadLanes
        let province: Int16
        let key: Int64
        /// Has the lock that the read waits for, on its only connection.
        let holder: ConnectionPool

        func first() async throws -> [Int64] { try await lanes.rows(province, ReadLanesTests.behind, key) }
        func read() async throws -> [Int64] { try await lanes.rows(province, ReadLanesTests.began, ()) }
        func free() async throws { try await holder.withSession { _ = try $0.run(ReadLanesTests.free, key) } }

        /// The server's process that waits for the lock.
        func begun() async throws -> Int32 {
            let deadline = ContinuousClock.now + .seconds(10)
            while true {
                if let pid = try await holder.withSession({ try $0.run(ReadLanesTests.blocked, key) }).first {
                    return pid
                }
                try #require(ContinuousClock.now < deadline, "nobody waits for the lock")
            }
        }

        func waiting(_ count: Int) async throws {
            let deadline = ContinuousClock.now + .seconds(10)
            while lanes.waitingCount(province) < count {
                try #require(ContinuousClock.now < deadline, "\(count) reads never came to wait")
                await Task.yield()
            }
        }
    }

    private func withReadUnderWay(
        unitTimeout: Duration = .seconds(10), _ body: (UnderWay) async throws -> Void
    ) async throws {
        let province = Fixture.province()
        let key = Int64(province) + 7_000_000
        try await withPool(role: "motcua_engine", size: 6, { $0.unitTimeout = unitTimeout }) { pool in
            try await withPool(role: "motcua_engine", size: 1) { holder in
                try await holder.withSession { _ = try $0.run(Self.hold, key) }
                try await body(UnderWay(lanes: ReadLanes(pool: pool), province: province, key: key, holder: holder))
            }
        }
    }

    @Test func `what is asked for while a read is under way is read in one transaction after it`() async throws {
        try await withReadUnderWay { under in
            let first = Task { try await under.first() }
            _ = try await under.begun()
            async let others = withThrowingTaskGroup(of: [Int64].self) { group in
                for _ in 0..<30 { group.addTask { try await under.read() } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try await under.waiting(30)
            // Another province does not wait behind it.
            _ = try await under.lanes.rows(Fixture.province(), Self.began, ())
            try await under.free()
            let (begun, later) = try await (first.value, others)
            #expect(later.count == 30)
            #expect(Set(later).count == 1)
            #expect(Set(later) != Set(begun))
            #expect(try await under.read() != later)
        }
    }

    @Test func `a read that fails is told to its own caller, the others get their rows`() async throws {
        try await withReadUnderWay { under in
            let first = Task { try await under.first() }
            _ = try await under.begun()
            async let results = withTaskGroup(of: (Int64, [Int64]?).self) { group in
                for number in [1, 0, 2, 3] as [Int64] {
                    group.addTask { (number, try? await under.lanes.rows(under.province, Self.divided, number)) }
                }
                return await group.reduce(into: [Int64: [Int64]?]()) { $0[$1.0] = $1.1 }
            }
            try await under.waiting(4)
            try await under.free()
            #expect(await results == [1: [6], 0: nil, 2: [3], 3: [2]])
            _ = try await first.value
        }
    }

    @Test func `whoever goes away does not take the others along`() async throws {
        try await withReadUnderWay { under in
            let first = Task { try await under.first() }
            _ = try await under.begun()
            let gone = Task { try await under.read() }
            try await under.waiting(1)
            let stays = Task { try await under.read() }
            try await under.waiting(2)
            gone.cancel()
            let error = await #expect(throws: PostgresError.self) { try await gone.value }
            #expect(error?.code == .cancelled)
            try await under.free()
            #expect(try await stays.value.count == 1)
            _ = try await first.value
        }
    }

    @Test func `when the first one goes away, the server stops its read, and those behind it are read`() async throws {
        try await withReadUnderWay { under in
            let first = Task { try await under.first() }
            _ = try await under.begun()
            let next = Task { try await under.read() }
            try await under.waiting(1)
            first.cancel()
            let error = await #expect(throws: PostgresError.self) { try await first.value }
            #expect(error?.code == .cancelled)
            #expect(try await next.value.count == 1)
            try await under.free()
        }
    }

    @Test func `where a connection breaks, those who waited behind are read on another`() async throws {
        try await withReadUnderWay { under in
            let first = Task { try await under.first() }
            let pid = try await under.begun()
            let next = Task { try await under.read() }
            try await under.waiting(1)
            #expect(try await under.holder.withSession { try $0.run(Self.end, pid) } == [true])
            let error = await #expect(throws: PostgresError.self) { try await first.value }
            #expect(error?.code == .connectionLost)
            #expect(try await next.value.count == 1)
            try await under.free()
        }
    }

    @Test func `where the database does not answer in time, those who waited behind are told so at once`() async throws
    {
        try await withReadUnderWay(unitTimeout: .seconds(1)) { under in
            let first = Task { try await under.first() }
            _ = try await under.begun()
            let next = Task { try await under.read() }
            try await under.waiting(1)
            for task in [first, next] {
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                #expect(error?.code == .timedOut)
            }
            try await under.free()
            #expect(try await under.read().count == 1)
        }
    }

    @Test func `more than one transaction holds are read in turn, none is forgotten`() async throws {
        try await withReadUnderWay { under in
            let first = Task { try await under.first() }
            _ = try await under.begun()
            let count = ReadLanes.limit * 2 + 1
            async let others = withThrowingTaskGroup(of: [Int64].self) { group in
                for _ in 0..<count { group.addTask { try await under.read() } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try await under.waiting(count)
            try await under.free()
            let later = try await others
            #expect(later.count == count)
            #expect(Set(later).count == 3)
            _ = try await first.value
        }
    }
}
