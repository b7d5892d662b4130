import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@Suite struct PoolTests {
    @Test func `no more connections than the limit, and waiters are served in turn`() async throws {
        try await withPools(size: 1) { pool, _ in
            let gate = Gate()
            let order = Order()
            let holder = Task { try await pool.withSession { _ in gate.pass() } }
            try await eventually("the connection is taken") { pool.leasedCount == 1 }
            var tasks: [Task<Void, any Error>] = []
            for index in 0..<5 {
                tasks.append(Task { try await pool.withSession { _ in order.append(index) } })
                try await eventually("it waits") { pool.waiterCount == index + 1 }
            }
            gate.open()
            try await holder.value
            for task in tasks { try await task.value }
            #expect(order.values == [0, 1, 2, 3, 4])
        }
    }

    @Test func `a waiter leaves at its deadline, or when it is cancelled, at once`() async throws {
        try await withPools(size: 1) { pool, _ in
            let gate = Gate()
            let holder = Task { try await pool.withSession { _ in gate.pass() } }
            try await eventually("the connection is taken") { pool.leasedCount == 1 }
            let late = await code { try await pool.withSession(timeout: .milliseconds(50)) { _ in } }
            #expect(late == .poolExhausted)
            let waiter = Task { try await pool.withSession { _ in } }
            try await eventually("it waits") { pool.waiterCount == 1 }
            waiter.cancel()
            let cancelled = await code { try await waiter.value }
            #expect(cancelled == .cancelled)
            gate.open()
            try await holder.value
            #expect(pool.waiterCount == 0)
            try await pool.withSession { _ in }
        }
    }

    @Test func `beyond the limit of waiters the next is refused at once`() async throws {
        try await TestDatabase.with(migrated: false) { database in
            let pool = ConnectionPool(database.configuration, size: 1, waiterLimit: 1, logger: TestDatabase.logger)
            let gate = Gate()
            let holder = Task { try await pool.withSession { _ in gate.pass() } }
            try await eventually("the connection is taken") { pool.leasedCount == 1 }
            let waiter = Task { try await pool.withSession { _ in } }
            try await eventually("one waits") { pool.waiterCount == 1 }
            let refused = await code { try await pool.withSession { _ in } }
            #expect(refused == .poolExhausted)
            gate.open()
            try await holder.value
            try await waiter.value
            await pool.shutdown()
        }
    }

    @Test func `shutdown waits for work in hand and refuses new work`() async throws {
        try await TestDatabase.with(migrated: false) { database in
            let pool = database.pool(size: 2)
            let gate = Gate()
            let holder = Task { try await pool.withSession { try $0.run(SQL.backend) } }
            _ = try await holder.value
            let worker = Task {
                try await pool.withSession { session in
                    gate.pass()
                    return try session.run(SQL.backend)
                }
            }
            try await eventually("work is in hand") { pool.leasedCount == 1 }
            let shutdown = Task { await pool.shutdown() }
            try await eventually("new work is refused") {
                await code { try await pool.withSession(timeout: .milliseconds(20)) { _ in } } == .poolClosed
            }
            gate.open()
            #expect(try await worker.value.count == 1)
            await shutdown.value
            #expect(pool.leasedCount == 0)
        }
    }

    @Test func `a terminated backend is connectionLost, and the pool recovers`() async throws {
        try await withPools(size: 1) { pool, observer in
            let pid = try #require(try await pool.withSession { try $0.run(SQL.backend).first })
            let work = Task { try await pool.withSession { _ = try $0.run(SQL.sleep, 20_000) } }
            try await eventually("it sleeps") {
                try await observer.withSession { try $0.run(SQL.active, "SELECT pg_sleep%") } == [1]
            }
            _ = try await observer.withSession { try $0.run(SQL.terminate, pid) }
            let lost = await code { try await work.value }
            #expect(lost == .connectionLost)
            let next = try #require(try await pool.withSession { try $0.run(SQL.backend).first })
            #expect(next != pid)
            // An idle one is noticed before anything is sent.
            _ = try await observer.withSession { try $0.run(SQL.terminate, next) }
            try await expectItems(0, in: pool)
        }
    }

    @Test func `an old connection is replaced`() async throws {
        try await TestDatabase.with(migrated: false) { database in
            let pool = ConnectionPool(
                database.configuration, size: 1, maxLifetime: .zero, logger: TestDatabase.logger)
            let first = try await pool.withSession { try $0.run(SQL.backend) }
            let second = try await pool.withSession { try $0.run(SQL.backend) }
            #expect(first != second)
            await pool.shutdown()
        }
    }

    @Test func `no server is an error in time, for every waiter`() async throws {
        var logger = TestDatabase.logger
        logger.logLevel = .critical
        let pool = ConnectionPool(.init("host=/tmp/no-such-folder dbname=x"), size: 2, logger: logger)
        await withTaskGroup(of: PostgresError.Code?.self) { group in
            for _ in 0..<10 { group.addTask { await code { try await pool.withSession { _ in } } } }
            for await result in group { #expect(result == .connectionLost) }
        }
        await pool.shutdown()
    }

    @Test func `a role that does not commit durably is refused`() async throws {
        try await withPools { pool, observer in
            var configuration = pool.configuration
            configuration.connectionString += " options='-c synchronous_commit=off'"
            configuration.allowsLossyCommits = false
            var logger = TestDatabase.logger
            logger.logLevel = .critical
            let lossy = ConnectionPool(configuration, size: 1, logger: logger)
            let refused = await #expect(throws: PostgresError.self) { try await lossy.withSession { _ in } }
            #expect(refused?.code == .unsuitableServer)
            #expect(refused?.message.contains("synchronous_commit") == true)
            await lossy.shutdown()
        }
    }

    @Test func `without prepared statements the role must carry the time-outs`() async throws {
        try await withPools { pool, observer in
            var configuration = pool.configuration
            configuration.preparesStatements = false
            var logger = TestDatabase.logger
            logger.logLevel = .critical
            let strict = ConnectionPool(configuration, size: 1, logger: logger)
            let refused = await code { try await strict.withSession { _ in } }
            #expect(refused == .unsuitableServer)
            let names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
            for name in names {
                try await observer.withSession {
                    try $0.execute(
                        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET \(name) = ''10s''', current_database()); END $$"
                    )
                }
            }
            let prepared = Statement<Void, Int64>(
                name: "prepared", sql: "SELECT count(*) FROM pg_prepared_statements", decode: { try $0.int8() })
            let count = try await strict.transaction { transaction in
                _ = try transaction.run(SQL.insert, 1)
                return try transaction.run(prepared)
            }
            #expect(count == [0])
            try await expectItems(1, in: strict)
            await strict.shutdown()
        }
    }
}

/// Who came when.
private final class Order: Sendable {
    private let state = Mutex<[Int]>([])
    var values: [Int] { state.withLock { $0 } }
    func append(_ value: Int) { state.withLock { $0.append(value) } }
}
