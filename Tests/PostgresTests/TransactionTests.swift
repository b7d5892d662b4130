import Postgres
import Synchronization
import TestSupport
import Testing

@Suite struct TransactionTests {
    @Test func `what is enqueued last is committed with COMMIT`() async throws {
        try await withPools { pool, observer in
            try await pool.transaction { transaction in
                let before = try transaction.run(SQL.count)
                #expect(before == [0])
                for id in 0..<10 { _ = transaction.enqueue(SQL.insert, Int64(id)) }
            }
            try await expectItems(10, in: observer)
        }
    }

    @Test func `throwing rolls back`() async throws {
        try await withPools(size: 1) { pool, observer in
            await #expect(throws: Failure.self) {
                try await pool.transaction { transaction in
                    _ = try transaction.run(SQL.insert, 1)
                    _ = transaction.enqueue(SQL.insert, 2)
                    throw Failure("no")
                }
            }
            try await expectItems(0, in: observer)
            try await expectItems(0, in: pool)
        }
    }

    @Test func `a COMMIT that rolls back is an error`() async throws {
        try await withPools(size: 1) { pool, observer in
            let failed = await code {
                try await pool.transaction { transaction in
                    _ = try transaction.run(SQL.insert, 1)
                    // The swallowed error is the point of this test.
                    _ = try? transaction.run(SQL.insert, 1)
                }
            }
            #expect(failed == .rolledBack)
            try await expectItems(0, in: observer)
        }
    }

    @Test func `an error in the group of COMMIT is that error, and nothing is committed`() async throws {
        try await withPools(size: 1) { pool, observer in
            let failed = await code {
                try await pool.transaction { transaction in
                    _ = transaction.enqueue(SQL.insert, 1)
                    _ = transaction.enqueue(SQL.insert, 1)
                }
            }
            #expect(failed == .uniqueViolation)
            try await expectItems(0, in: observer)
            try await expectItems(0, in: pool)
        }
    }

    @Test func `a constraint that fails at COMMIT is that error`() async throws {
        try await withPools(size: 1) { pool, observer in
            try await observer.withSession {
                try $0.execute("CREATE TABLE late (id int CONSTRAINT once UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            }
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { try $0.execute("INSERT INTO late VALUES (1), (1)") }
            }
            #expect(error?.code == .uniqueViolation)
            #expect(error?.constraint == "once")
            #expect(error?.connectionIsUsable == true)
        }
    }

    @Test func `R14 a WARNING on COMMIT makes the outcome unknown`() async throws {
        try await withPools(size: 1) { pool, observer in
            let pid = try await pool.withSession { try $0.run(SQL.backend) }
            try await onCommit(observer, "RAISE WARNING 'the standby is silent'")
            let unknown = await code { try await pool.transaction { _ = $0.enqueue(SQL.insert, 1) } }
            #expect(unknown == .outcomeUnknown)
            #expect(try await pool.withSession { try $0.run(SQL.backend) } != pid)
        }
    }

    @Test(arguments: ["40001", "40P01"])
    func `a retryable failure runs the whole body again`(state: String) async throws {
        try await withPools { pool, observer in
            try await observer.withSession {
                try $0.execute(
                    """
                    CREATE SEQUENCE tries;
                    CREATE FUNCTION fail_twice() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
                    IF nextval('tries') < 3 THEN RAISE SQLSTATE '\(state)'; END IF; END $$
                    """)
            }
            let failTwice = Statement<Void, Void>(name: "fail_twice", sql: "SELECT fail_twice()")
            let runs = Atomic<Int>(0)
            try await pool.transaction { transaction in
                runs.add(1, ordering: .relaxed)
                _ = transaction.enqueue(SQL.insert, 1)
                _ = transaction.enqueue(failTwice)
            }
            #expect(runs.load(ordering: .relaxed) == 3)
            try await expectItems(1, in: observer)
        }
    }

    @Test func `retries end at the limit`() async throws {
        try await withPools { pool, _ in
            let runs = Atomic<Int>(0)
            let failed = await code {
                try await pool.transaction(options: .init(attempts: 3)) { transaction in
                    runs.add(1, ordering: .relaxed)
                    try transaction.execute("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")
                }
            }
            #expect(failed == .serialization)
            #expect(runs.load(ordering: .relaxed) == 3)
        }
    }

    @Test func `write skew under serializable is retried until it is right`() async throws {
        try await withPools(size: 4) { pool, observer in
            let total = Statement<Void, Int64>(
                name: "total", sql: "SELECT coalesce(max(id), 0) FROM item", decode: { try $0.int8() })
            await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<5 {
                            try await pool.transaction(
                                options: .init(isolation: .serializable, attempts: 100)
                            ) { transaction in
                                let last = try transaction.run(total).first ?? 0
                                _ = transaction.enqueue(SQL.insert, last + 1)
                            }
                        }
                    }
                }
                // 23505 may come first for two who chose one number; each is a clean refusal.
                while let result = await group.nextResult() {
                    if case .failure(let error) = result {
                        #expect((error as? PostgresError)?.code == .uniqueViolation)
                    }
                }
            }
            let count = try await observer.withSession { try $0.run(SQL.count) }
            let highest = try await observer.withSession { try $0.run(total) }
            #expect(count == highest)
        }
    }

    @Test func `SET LOCAL quotes its value and ends with the transaction`() async throws {
        try await withPools(size: 1) { pool, _ in
            let show = Statement<Void, String?>(
                name: "show", sql: "SELECT current_setting('motcua.province', true)", decode: { try $0.textOrNull() })
            let value = #"O'Hà \ ''; x"#
            let inside = try await pool.transaction { transaction in
                try transaction.setLocal("motcua.province", value)
                return try transaction.run(show)
            }
            #expect(inside == [value])
            #expect(try await pool.withSession { try $0.run(show) } == [""])
            let refused = await code { try await pool.transaction { try $0.setLocal("motcua.province", "a\0b") } }
            #expect(refused == .conversion)
        }
    }

    @Test func `R14 cancelling does not touch a COMMIT under way`() async throws {
        try await withPools(size: 1) { pool, observer in
            try await onCommit(observer, "PERFORM pg_sleep(0.4)")
            let work = Task { try await pool.transaction { _ = try $0.run(SQL.insert, 1) } }
            try await eventually("COMMIT is under way") {
                try await observer.withSession { try $0.run(SQL.active, "COMMIT%") } == [1]
            }
            work.cancel()
            try await work.value
            try await expectItems(1, in: observer)
        }
    }

    @Test func `a COMMIT beyond its own deadline has an unknown outcome`() async throws {
        try await withPools(size: 1, { $0.commitTimeout = .milliseconds(100) }) { pool, observer in
            try await onCommit(observer, "PERFORM pg_sleep(1)")
            let unknown = await code { try await pool.transaction { _ = $0.enqueue(SQL.insert, 1) } }
            #expect(unknown == .outcomeUnknown)
            // Unknown is not failed: this one was carried out.
            try await eventually("the server commits") {
                try await observer.withSession { try $0.run(SQL.count) } == [1]
            }
        }
    }

    /// Runs a line of PL/pgSQL at the COMMIT of each transaction that inserts.
    private func onCommit(_ pool: ConnectionPool, _ line: String) async throws {
        try await pool.withSession {
            try $0.execute(
                """
                CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \(line); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER late AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION at_commit()
                """)
        }
    }
}
