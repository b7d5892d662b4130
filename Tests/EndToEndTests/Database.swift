import Dispatch
import Logging
import Postgres
import Synchronization
import TestSupport

/// Looks at a database past the server, as its owner.
struct Database: Sendable {
    let pool: ConnectionPool

    /// SQL that only a test knows goes through a function: a statement's own text is always a literal.
    private static let query = Statement<String, String>(
        name: "test_rows", sql: "SELECT test_rows($1)", encode: { $1.text($0) }, decode: { try $0.text() })

    /// Opens it, and makes the function by which tests ask.
    static func open(_ configuration: PostgresConfiguration) async throws -> Database {
        let pool = ConnectionPool(configuration, size: 3, logger: TestDatabase.logger)
        try await pool.withSession(timeout: .seconds(30)) {
            try $0.execute(
                """
                CREATE OR REPLACE FUNCTION test_rows(query text) RETURNS SETOF text LANGUAGE plpgsql AS
                'BEGIN RETURN QUERY EXECUTE query; END'
                """)
        }
        return Database(pool: pool)
    }

    /// The rows of a query with one column of text.
    func rows(_ sql: String) async throws -> [String] {
        try await pool.withSession(timeout: .seconds(30)) { try $0.run(Database.query, sql) }
    }

    /// The number that a query gives.
    func number(_ sql: String) async throws -> Int {
        guard let number = Int(try await rows("SELECT (\(sql))::text").first ?? "") else {
            throw Failure("no number: \(sql)")
        }
        return number
    }

    /// Runs SQL whose rows nobody reads.
    func execute(_ sql: String) async throws {
        try await pool.withSession(timeout: .seconds(30)) { try $0.execute(sql) }
    }

    /// Runs `body` while a transaction that has run `sql` stands open, and rolls it back afterwards.
    func holding(_ sql: String, _ body: () async throws -> Void) async throws {
        let gate = DispatchSemaphore(value: 0)
        let isHeld = Atomic(false)
        let holder = Task { [pool] in
            try await pool.transaction(options: .init(timeout: .seconds(60))) { transaction in
                try transaction.execute(sql)
                isHeld.store(true, ordering: .releasing)
                _ = gate.wait(timeout: .now() + 50)
                throw RolledBack()
            }
        }
        _ = try await eventually("it is held") { isHeld.load(ordering: .acquiring) ? true : nil }
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        gate.signal()
        // Ends by the error that rolls it back.
        _ = await holder.result
        try outcome.get()
    }

    /// How many rows every table has that a command writes into; stored answers and readings apart, which a refusal
    /// adds to as well.
    func rowCounts() async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in [
            "dossier", "dossier_code", "event", "task", "agenda", "outgoing", "stuck", "counter", "notice", "leaf",
            "data_key", "sealed", "document", "document_content", "procedure_version", "workflow_file", "client",
        ] {
            counts[table] = try await number("SELECT count(*) FROM engine.\(table)")
        }
        return counts
    }
}

/// How a transaction that only held something ends.
private struct RolledBack: Error {}

/// Waits until `condition` gives a value; the condition decides, not the time.
func eventually<Value: Sendable>(
    _ what: @autoclosure () -> String, within limit: Duration = .seconds(30),
    _ condition: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if let value = try await condition() { return value }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw Failure("never came true: \(what())")
}
