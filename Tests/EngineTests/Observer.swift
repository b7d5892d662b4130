import Dispatch
import Foundation
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

/// Looks at the engine's database, and disturbs it, as its owner.
struct Observer: Sendable {
    let pool: ConnectionPool

    /// SQL that only a test knows goes through a function: a statement's own text is always a literal.
    private static let rows = Statement<String, String>(
        name: "test_rows", sql: "SELECT test_rows($1)", encode: { $1.text($0) }, decode: { try $0.text() })

    static func with<Value>(_ body: (Observer) async throws -> Value) async throws -> Value {
        let pool = try TestDatabase.current.pool(size: 3)
        do {
            try await pool.withSession {
                try $0.execute(
                    """
                    CREATE OR REPLACE FUNCTION test_rows(query text) RETURNS SETOF text LANGUAGE plpgsql AS
                    'BEGIN RETURN QUERY EXECUTE query; END'
                    """)
            }
            let value = try await body(Observer(pool: pool))
            await pool.shutdown()
            return value
        } catch {
            await pool.shutdown()
            throw error
        }
    }

    /// The rows of a query with one column of text.
    func rows(_ query: String) async throws -> [String] {
        try await pool.withSession { try $0.run(Observer.rows, query) }
    }

    /// The number that a query gives; its one column must be a number.
    func number(_ query: String) async throws -> Int {
        let row = try #require(try await rows("SELECT (\(query))::text").first)
        return try #require(Int(row))
    }

    /// Runs SQL whose rows nobody reads.
    func execute(_ sql: String) async throws { try await pool.withSession { try $0.execute(sql) } }

    /// Runs `body` while a transaction that has run `sql` stands open, and rolls it back afterwards.
    func holding<Value: Sendable>(
        _ sql: String, _ body: @Sendable @escaping () async throws -> Value
    ) async throws -> Value {
        let gate = DispatchSemaphore(value: 0)
        let tally = Tally()
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { [pool] in
                do {
                    try await pool.transaction { transaction in
                        try transaction.execute(sql)
                        tally.flag.store(true, ordering: .releasing)
                        _ = gate.wait(timeout: .now() + 40)
                        throw RolledBack()
                    }
                } catch is RolledBack {}
                return nil
            }
            let deadline = ContinuousClock.now + .seconds(20)
            while !tally.flag.load(ordering: .acquiring) {
                guard ContinuousClock.now < deadline else {
                    gate.signal()
                    throw Failure("not held: \(sql)")
                }
                try await Task.sleep(for: .milliseconds(5))  // The condition decides, not the time.
            }
            defer { gate.signal() }
            return try await body()
        }
    }

    /// Waits until that many sessions of this database wait for a lock.
    func waitForBlocked(_ count: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            let waiting = try await number(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """)
            if waiting >= count { return }
            try await Task.sleep(for: .milliseconds(5))  // The condition decides, not the time.
        }
        throw Failure("\(count) sessions were never blocked")
    }
}

/// What concurrent tasks count together.
final class Tally: Sendable {
    let count = Atomic<Int>(0)
    let flag = Atomic<Bool>(false)
    let answers = Mutex<[String: [UInt8]]>([:])
}

/// How a transaction that only held something ends.
private struct RolledBack: Error {}

/// Keeps every line that is logged, at every level.
final class LogKeeper: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "kept") { [self] _ in Handler(keeper: self) }
        logger.logLevel = .trace
        return logger
    }

    func keep(_ line: String) { kept.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let keeper: LogKeeper
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            keeper.keep("\(event.level) \(event.message) \(metadata) \(event.metadata ?? [:])")
        }
    }
}
