import CLibpq
import Postgres
import TestSupport
import Testing

/// Transactions whose client fell silent where no time-out of the server reaches them.
@Suite struct StalledTests {
    @Test func `a client that falls silent within a group keeps its locks until somebody ends it`() async throws {
        try await withPools({ $0.idleInTransactionTimeout = .milliseconds(200) }) { pool, observer in
            try await observer.withSession { try $0.execute("INSERT INTO item (id) VALUES (1)") }
            let sleeper = try RawClient(pool.configuration, "SET idle_in_transaction_session_timeout = 200")
            defer { sleeper.close() }
            try sleeper.send(["BEGIN", "SELECT id FROM item FOR UPDATE"])
            // Three times as long as the server would wait between two groups.
            try await eventually("it holds the row, silent") {
                try await observer.withSession { try $0.run(Self.stalledCount, "ClientRead") } == [1]
            }
            #expect(try await isLocked(observer))
            #expect(try await pool.endStalledTransactions() == 1)
            try await eventually("the row is free") { try await !isLocked(observer) }
            #expect(try await pool.endStalledTransactions() == 0)
        }
    }

    @Test func `a client that does not take its rows is ended after a statement's time`() async throws {
        let short: (inout PostgresConfiguration) -> Void = {
            $0.idleInTransactionTimeout = .milliseconds(100)
            $0.statementTimeout = .milliseconds(200)
        }
        try await withPools(short) { pool, observer in
            let deaf = try RawClient(pool.configuration, "SET statement_timeout = 200")
            defer { deaf.close() }
            try deaf.send(["BEGIN", "SELECT repeat('x', 1000) FROM generate_series(1, 20000)"])
            try await eventually("its rows fill every buffer") {
                try await observer.withSession { try $0.run(Self.stalledCount, "ClientWrite") } == [1]
            }
            #expect(try await pool.endStalledTransactions() == 1)
            try await eventually("it is gone") {
                try await observer.withSession { try $0.run(Self.clientCount) } == [0]
            }
        }
    }

    @Test func `whoever works, waits for a lock, or is silent without a transaction is left alone`() async throws {
        try await withPools({ $0.idleInTransactionTimeout = .milliseconds(100) }) { pool, observer in
            try await observer.withSession { try $0.execute("INSERT INTO item (id) VALUES (1)") }
            let clients = try (0..<3).map { _ in try RawClient(pool.configuration, "SELECT 1") }
            defer { for client in clients { client.close() } }
            try clients[1].send(["BEGIN", "SELECT id FROM item FOR UPDATE", "SELECT pg_sleep(600)"])
            try await eventually("one works") { try await isLocked(observer) }
            try clients[2].send(["BEGIN", "SELECT id FROM item FOR UPDATE"])
            try await eventually("all have been as they are for long") {
                try await observer.withSession { try $0.run(Self.longCount) } == [3]
            }
            #expect(try await pool.endStalledTransactions() == 0)
            #expect(try await observer.withSession { try $0.run(Self.end).count } == 3)
        }
    }

    /// How many raw clients wait so with a transaction open, for more than 600 ms.
    private static let stalledCount = Statement<String, Int64>(
        name: "test_stalled_count",
        sql: """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'raw' AND state = 'active' AND xact_start IS NOT NULL
                AND wait_event = $1 AND clock_timestamp() - state_change > interval '600 ms'
            """,
        encode: { $1.text($0) }, decode: { try $0.int8() })

    /// How many raw clients have been as they are for more than 300 ms.
    private static let longCount = Statement<Void, Int64>(
        name: "test_long_count",
        sql: """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'raw'
                AND clock_timestamp() - state_change > interval '300 ms'
            """,
        decode: { try $0.int8() })

    private static let clientCount = Statement<Void, Int64>(
        name: "test_client_count",
        sql: "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'raw'",
        decode: { try $0.int8() })

    private static let end = Statement<Void, Bool>(
        name: "test_end",
        sql: """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'raw'
            """,
        decode: { try $0.bool() })

    private func isLocked(_ observer: ConnectionPool) async throws -> Bool {
        let free = Statement<Void, Int64>(
            name: "test_free", sql: "SELECT id FROM item FOR UPDATE SKIP LOCKED", decode: { try $0.int8() })
        return try await observer.withSession { try $0.run(free) }.isEmpty
    }
}

/// A client that speaks libpq by itself, so that it can stop anywhere: it sends a group's statements without its end.
private final class RawClient {
    private let connection: OpaquePointer

    init(_ configuration: PostgresConfiguration, _ sql: String) throws {
        guard let made = PQconnectdb("\(configuration.connectionString) application_name=raw") else {
            throw Failure("no memory")
        }
        connection = made
        PQclear(PQexec(made, sql))
        try require(PQenterPipelineMode(made) == 1)
    }

    /// Sends the statements, and no Sync.
    func send(_ statements: [String]) throws {
        for sql in statements { try require(PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 0) == 1) }
        try require(PQflush(connection) == 0)
    }

    func close() { PQfinish(connection) }

    private func require(_ isDone: Bool) throws {
        if !isDone { throw Failure(String(cString: PQerrorMessage(connection))) }
    }
}
