import Dispatch
import Postgres
import TestSupport
import Testing

@Suite struct CancelTests {
    @Test func `a cancelled query ends under a second and the connection lives on`() async throws {
        try await withPools(size: 1) { pool, observer in
            let pid = try await pool.withSession { try $0.run(SQL.backend) }
            // The quickest of five: the bound is on the cancel, not on what else this machine does.
            var quickest = Duration.seconds(20)
            for _ in 0..<5 {
                let work = Task { try await pool.withSession { _ = try $0.run(SQL.sleep, 20_000) } }
                try await eventually("it sleeps") {
                    try await observer.withSession { try $0.run(SQL.active, "SELECT pg_sleep%") } == [1]
                }
                let start = ContinuousClock.now
                work.cancel()
                let result = await code { try await work.value }
                #expect(result == .cancelled)
                quickest = min(quickest, ContinuousClock.now - start)
            }
            #expect(quickest < .seconds(1))
            try await expectBackend(pid, of: pool)
        }
    }

    @Test func `cancels at random moments never hit the next statement`() async throws {
        try await withPools(size: 1) { pool, _ in
            let pid = try await pool.withSession { try $0.run(SQL.backend) }
            for round in 0..<100 {
                let work = Task { try await pool.withSession { _ = try $0.run(SQL.sleep, 1) } }
                try await Task.sleep(for: .microseconds(round * 25))
                work.cancel()
                let result = await code { try await work.value }
                #expect(result == nil || result == .cancelled)
                try await expectBackend(pid, of: pool)
            }
        }
    }

    @Test func `a transaction cancelled between statements commits nothing`() async throws {
        try await withPools(size: 1) { pool, observer in
            let gate = Gate()
            let work = Task {
                try await pool.transaction { transaction in
                    _ = try transaction.run(SQL.insert, 1)
                    gate.pass()
                }
            }
            work.cancel()
            gate.open()
            let result = await code { try await work.value }
            #expect(result == .cancelled)
            try await expectItems(0, in: observer)
        }
    }

    @Test func `the deadline of a unit of work cancels, and the connection lives on`() async throws {
        try await withPools(size: 1) { pool, _ in
            let pid = try await pool.withSession { try $0.run(SQL.backend) }
            let result = await code {
                try await pool.withSession(timeout: .milliseconds(100)) { _ = try $0.run(SQL.sleep, 20_000) }
            }
            #expect(result == .timedOut)
            try await expectBackend(pid, of: pool)
        }
    }

    @Test func `the server's own time-outs have their codes`() async throws {
        let short: (inout PostgresConfiguration) -> Void = {
            $0.statementTimeout = .milliseconds(100)
            $0.lockTimeout = .milliseconds(50)
            $0.idleInTransactionTimeout = .milliseconds(100)
        }
        try await withPools(size: 2, short) { pool, observer in
            let late = await code { try await pool.withSession { _ = try $0.run(SQL.sleep, 20_000) } }
            #expect(late == .timedOut)
            let gate = Gate()
            defer { gate.open() }
            let holder = Task {
                try await observer.transaction { transaction in
                    try transaction.execute("LOCK TABLE item")
                    gate.pass()
                }
            }
            try await eventually("the lock is refused") {
                await code { _ = try await pool.withSession { try $0.run(SQL.count) } } == .lockTimeout
            }
            gate.open()
            try await holder.value
            let idle = await code {
                try await pool.transaction { transaction in
                    _ = try transaction.run(SQL.count)
                    Gate().pass(for: .milliseconds(400))
                    _ = try transaction.run(SQL.count)
                }
            }
            #expect(idle == .connectionLost)
            try await expectItems(0, in: pool)
        }
    }

    @Test func `with every connection stuck on a lock an async timer still answers`() async throws {
        try await withPools(size: 8) { pool, observer in
            let gate = Gate()
            // Whatever fails, the lock must go, or the test would never end.
            defer { gate.open() }
            let (locked, told) = AsyncStream.makeStream(of: Void.self)
            let holder = Task {
                defer { told.finish() }
                try await observer.transaction { transaction in
                    try transaction.execute("LOCK TABLE item")
                    told.finish()
                    gate.pass()
                }
            }
            for await _ in locked {}
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<8 {
                    group.addTask {
                        try await pool.transaction(options: .init(timeout: .seconds(60))) {
                            try $0.setLocal("lock_timeout", "60s")
                            try $0.setLocal("statement_timeout", "60s")
                            _ = try $0.run(SQL.insert, Int64(id))
                        }
                    }
                }
                let watcher = ConnectionPool(pool.configuration, size: 1, logger: TestDatabase.logger)
                try await eventually("all eight wait") {
                    try await watcher.withSession { try $0.run(SQL.lockWaiters) } == [8]
                }
                await watcher.shutdown()
                let start = ContinuousClock.now
                for _ in 0..<10 { try await Task.sleep(for: .milliseconds(1)) }
                // The gate opens only after this: threads blocked by the locks would come back after 60 s at the earliest.
                #expect(ContinuousClock.now - start < .seconds(20))
                gate.open()
                try await group.waitForAll()
            }
            try await holder.value
            try await expectItems(8, in: observer)
        }
    }
}
