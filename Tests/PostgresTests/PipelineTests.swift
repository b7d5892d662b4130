import Postgres
import TestSupport
import Testing

@Suite struct PipelineTests {
    @Test func `answers come in the order asked, in one round trip`() async throws {
        try await withPools { pool, _ in
            let add = Statement<Int64, Int64>(
                name: "add", sql: "SELECT $1::bigint + 1", encode: { $1.int8($0) }, decode: { try $0.int8() })
            let sums = try await pool.withSession { session in
                let replies = (0..<100).map { session.enqueue(add, Int64($0)) }
                try session.sync()
                return try replies.map { try $0.first }
            }
            #expect(sums == (1...100).map { Int64($0) })
        }
    }

    @Test func `an error in the middle rolls the group back, is thrown, and leaves the connection clean`() async throws
    {
        try await withPools(size: 1) { pool, _ in
            let pid = try await pool.withSession { try $0.run(SQL.backend) }
            try await pool.withSession { session in
                let first = session.enqueue(SQL.insert, 1)
                let twin = session.enqueue(SQL.insert, 1)
                let later = session.enqueue(SQL.count)
                let error = #expect(throws: PostgresError.self) { try session.sync() }
                #expect(error?.code == .uniqueViolation)
                #expect(error?.constraint == "item_pkey")
                #expect(error?.statement == "test_insert")
                #expect(error?.connectionIsUsable == true)
                #expect(error.map { "\($0)".contains("=(1)") } == false)
                _ = try first.affected
                #expect(throws: PostgresError.self) { try twin.rows }
                #expect(throws: PostgresError.self) { try later.rows }
            }
            try await expectItems(0, in: pool)
            try await expectBackend(pid, of: pool)
        }
    }

    @Test func `a reply read before sync is an error, not an empty answer`() async throws {
        try await withPools { pool, _ in
            let code = try await pool.withSession { session in
                let reply = session.enqueue(SQL.count)
                return #expect(throws: PostgresError.self) { try reply.rows }?.code
            }
            #expect(code == .misuse)
        }
    }

    @Test func `a pipeline far larger than every buffer does not deadlock`() async throws {
        try await withPools(size: 1) { pool, _ in
            let long = Statement<String, Int32>(
                name: "long", sql: "SELECT length($1), repeat('x', 4000)", encode: { $1.text($0) },
                decode: { try $0.int4() })
            let text = String(repeating: "y", count: 4_000)
            let total = try await pool.withSession(timeout: .seconds(60)) { session in
                let replies = (0..<5_000).map { _ in session.enqueue(long, text) }
                try session.sync()
                return try replies.reduce(0) { $0 + (try $1.rows.first ?? 0) }
            }
            #expect(total == 20_000_000)
        }
    }

    @Test func `a statement whose result type changed is prepared anew`() async throws {
        try await withPools(size: 1) { pool, observer in
            let all = Statement<Void, Int64>(name: "all", sql: "SELECT * FROM item", decode: { try $0.int8() })
            _ = try await pool.withSession { try $0.run(all) }
            try await observer.withSession { try $0.execute("ALTER TABLE item ADD COLUMN more text") }
            #expect(try await pool.withSession { try $0.run(all) } == [])
            try await observer.withSession { try $0.execute("ALTER TABLE item ADD COLUMN even_more text") }
            #expect(try await pool.transaction { try $0.run(all) } == [])
            try await pool.withSession { try $0.execute("DEALLOCATE ALL") }
            #expect(try await pool.transaction { try $0.run(all) } == [])
        }
    }

    @Test func `a statement is described without being run`() async throws {
        try await withPools(size: 1) { pool, _ in
            let wrong = Statement<Int64, Void>(
                name: "wrong", sql: "SELECT missing FROM item WHERE id = $1", encode: { $1.int8($0) })
            let described = try await pool.withSession { session in
                let insert = try session.describe(SQL.insert, 1)
                let count = try session.describe(SQL.count, ())
                let error = #expect(throws: PostgresError.self) { try session.describe(wrong, 1) }
                return (insert.parameters, count.columns.map(\.type), error?.statement)
            }
            #expect(described.0 == [20])
            #expect(described.1 == [20])
            #expect(described.2 == "wrong")
            try await expectItems(0, in: pool)
        }
    }

    @Test func `one name for two texts is refused`() async throws {
        try await withPools { pool, _ in
            let one = Statement<Void, Void>(name: "same", sql: "SELECT 1")
            let two = Statement<Void, Void>(name: "same", sql: "SELECT 2")
            let refused = await code {
                try await pool.withSession {
                    _ = try $0.run(one)
                    _ = try $0.run(two)
                }
            }
            #expect(refused == .misuse)
            let count = try await pool.withSession { try $0.run(SQL.count) }
            #expect(count == [0])
        }
    }

    @Test func `unnest over no rows changes nothing`() async throws {
        try await withPools { pool, _ in
            let many = Statement<[Int64], Void>(
                name: "many", sql: "INSERT INTO item SELECT unnest($1::bigint[])", encode: { $1.int8Array($0) })
            let counts = try await pool.transaction { transaction in
                let none = transaction.enqueue(many, [])
                let three = transaction.enqueue(many, [1, 2, 3])
                try transaction.sync()
                return [try none.affected, try three.affected]
            }
            #expect(counts == [0, 3])
        }
    }

    @Test func `COPY goes in and out, and an abandoned one leaves nothing`() async throws {
        try await withPools(size: 1) { pool, _ in
            let pid = try await pool.withSession { try $0.run(SQL.backend) }
            let rows = try await pool.transaction(options: .init(timeout: .seconds(60))) { transaction in
                var next = 0
                return try transaction.copyIn("COPY item FROM STDIN") {
                    guard next < 100_000 else { return nil }
                    defer { next += 10_000 }
                    return Array((next..<next + 10_000).map { "\($0)\n" }.joined().utf8)
                }
            }
            #expect(rows == 100_000)
            var sum = 0
            sum = try await pool.withSession { session in
                var sum = 0
                try session.copyOut("COPY (SELECT id FROM item) TO STDOUT") { line in
                    sum += Int(String(decoding: line.dropLast(), as: UTF8.self)) ?? 0
                }
                return sum
            }
            #expect(sum == (0..<100_000).reduce(0, +))
            await #expect(throws: Failure.self) {
                try await pool.withSession { session in
                    try session.copyOut("COPY (SELECT generate_series(1, 10000000)) TO STDOUT") { _ in
                        throw Failure("enough")
                    }
                }
            }
            await #expect(throws: Failure.self) {
                try await pool.withSession { session in
                    var sent = false
                    _ = try session.copyIn("COPY item FROM STDIN") {
                        guard !sent else { throw Failure("enough") }
                        sent = true
                        return Array("200000\n".utf8)
                    }
                }
            }
            #expect(
                await code { _ = try await pool.withSession { try $0.copyIn("COPY missing FROM STDIN") { nil } } }
                    == .server)
            try await expectItems(100_000, in: pool)
            try await expectBackend(pid, of: pool)
        }
    }

    @Test func `COPY through execute costs the connection, not the program`() async throws {
        try await withPools { pool, _ in
            let refused = await code { try await pool.withSession { try $0.execute("COPY item FROM STDIN") } }
            #expect(refused == .misuse)
            let count = try await pool.withSession { try $0.run(SQL.count) }
            #expect(count == [0])
        }
    }
}
