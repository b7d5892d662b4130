import Dispatch
import Postgres
import TestSupport
import Testing

/// Statements that many tests use.
enum SQL {
    static let backend = Statement<Void, Int32>(
        name: "test_backend", sql: "SELECT pg_backend_pid()", decode: { try $0.int4() })
    static let count = Statement<Void, Int64>(
        name: "test_count", sql: "SELECT count(*) FROM item", decode: { try $0.int8() })
    static let insert = Statement<Int64, Void>(
        name: "test_insert", sql: "INSERT INTO item (id) VALUES ($1)", encode: { $1.int8($0) })
    static let sleep = Statement<Int64, Void>(
        name: "test_sleep", sql: "SELECT pg_sleep($1 / 1000.0)", encode: { $1.int8($0) })
    static let terminate = Statement<Int32, Void>(
        name: "test_terminate", sql: "SELECT pg_terminate_backend($1, 5000)", encode: { $1.int4($0) })
    /// How many backends run a statement like this; `%` at the end of the pattern as needed.
    static let active = Statement<String, Int64>(
        name: "test_active",
        sql: """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE $1
            """,
        encode: { $1.text($0) }, decode: { try $0.int8() })
    static let lockWaiters = Statement<Void, Int64>(
        name: "test_lock_waiters",
        sql: """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """,
        decode: { try $0.int8() })
}

/// Runs a test with a fresh database, the table `item`, and pools that are shut down.
func withPools(
    size: Int = 4, _ change: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (_ pool: ConnectionPool, _ observer: ConnectionPool) async throws -> Void
) async throws {
    try await TestDatabase.with(migrated: false) { database in
        var configuration = database.configuration
        change(&configuration)
        let observer = database.pool(size: 1)
        let pool = ConnectionPool(configuration, size: size, logger: TestDatabase.logger)
        try await observer.withSession { try $0.execute("CREATE TABLE item (id bigint PRIMARY KEY)") }
        do {
            try await body(pool, observer)
        } catch {
            await pool.shutdown()
            await observer.shutdown()
            throw error
        }
        await pool.shutdown()
        await observer.shutdown()
    }
}

/// Waits until the condition holds; fails the test after ten seconds.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, what, sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Expects so many rows in the table `item`.
func expectItems(_ count: Int64, in pool: ConnectionPool, at location: SourceLocation = #_sourceLocation) async throws {
    let found = try await pool.withSession { try $0.run(SQL.count) }
    #expect(found == [count], sourceLocation: location)
}

/// Expects a pool of one connection to have kept it.
func expectBackend(
    _ pid: [Int32], of pool: ConnectionPool, at location: SourceLocation = #_sourceLocation
) async throws {
    let found = try await pool.withSession { try $0.run(SQL.backend) }
    #expect(found == pid, sourceLocation: location)
}

/// The error's code, nil when nothing (or something else) was thrown.
func code(of body: () async throws -> Void) async -> PostgresError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? PostgresError)?.code
    }
}

/// Blocks a connection's own thread until the test opens it.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    /// Waits until it is opened, or a minute: whoever failed to open it must not hold the whole run.
    func pass() { pass(for: .seconds(60)) }
    func pass(for limit: DispatchTimeInterval) { _ = semaphore.wait(timeout: .now() + limit) }
    func open() { semaphore.signal() }
}
