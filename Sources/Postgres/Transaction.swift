import CLibpq
import Logging

/// How a transaction runs.
package struct TransactionOptions: Sendable {
    /// The isolation levels that we use; what is decided from rows not locked needs `serializable`.
    package enum Isolation: String, Sendable {
        case readCommitted = "READ COMMITTED"
        case repeatableRead = "REPEATABLE READ"
        case serializable = "SERIALIZABLE"
    }

    /// READ COMMITTED unless said otherwise.
    package var isolation: Isolation
    /// True refuses writes.
    package var isReadOnly: Bool
    /// How often 40001 and 40P01 may run the body, the first time included; at least 1.
    package var attempts: Int
    /// The deadline of all attempts together, waiting for a connection included; nil means the configuration's.
    package var timeout: Duration?

    /// READ COMMITTED, writing, five attempts, the configuration's time.
    package init(
        isolation: Isolation = .readCommitted, isReadOnly: Bool = false, attempts: Int = 5, timeout: Duration? = nil
    ) {
        self.isolation = isolation
        self.isReadOnly = isReadOnly
        self.attempts = attempts
        self.timeout = timeout
    }

    var begin: String { "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(isReadOnly ? " READ ONLY" : "")" }
}

/// A transaction in hand: BEGIN travels with the first group, and what is enqueued last travels with COMMIT.
///
/// The body runs again from its start on 40001 and 40P01, so it must change nothing outside the database.
/// It ends the transaction by returning (COMMIT) or throwing (ROLLBACK). Rows that decide whether to commit must be
/// read by `sync()` or `run` in the body; the answers of the last group can no longer stop it.
package final class Transaction {
    private let session: Session

    init(_ session: Session) { self.session = session }

    /// Adds a statement to the next group.
    package func enqueue<Parameters, Row: Sendable>(
        _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) -> Reply<Row> { session.enqueue(statement, parameters) }

    /// Adds a statement without parameters to the next group.
    package func enqueue<Row: Sendable>(_ statement: Statement<Void, Row>) -> Reply<Row> { session.enqueue(statement) }

    /// Sends what was enqueued, reads every answer, and throws the first error.
    package func sync() throws(PostgresError) { try session.sync() }

    /// Runs one statement in a round trip, together with all that was enqueued before it.
    package func run<Parameters, Row: Sendable>(
        _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) throws(PostgresError) -> [Row] { try session.run(statement, parameters) }

    /// Runs one statement without parameters.
    package func run<Row: Sendable>(_ statement: Statement<Void, Row>) throws(PostgresError) -> [Row] {
        try session.run(statement)
    }

    /// Adds `SET LOCAL name = 'value'` to the next group; throws for a value with U+0000.
    package func setLocal(_ name: StaticString, _ value: String) throws(PostgresError) {
        guard !value.utf8.contains(0), let literal = PQescapeLiteral(session.connection, value, value.utf8.count) else {
            throw PostgresError(.conversion, "the value for \(name) is not a text PostgreSQL can hold")
        }
        defer { PQfreemem(literal) }
        session.enqueueControl("SET LOCAL \(name) = \(String(cString: literal))")
    }

    /// Runs SQL text of our own, one or many commands, rows ignored; it must not end the transaction.
    package func execute(_ sql: String) throws(PostgresError) { try session.execute(sql) }

    /// Copies rows in; see `Session.copyIn`.
    package func copyIn(_ sql: StaticString, next: () throws -> [UInt8]?) throws -> Int {
        try session.copyIn(sql, next: next)
    }

    /// Copies rows out; see `Session.copyOut`.
    package func copyOut(_ sql: StaticString, each: (UnsafeRawBufferPointer) throws -> Void) throws {
        try session.copyOut(sql, each: each)
    }
}

/// What the server said to COMMIT itself.
enum CommitOutcome {
    /// No answer was read.
    case unanswered
    /// COMMAND_OK with the tag COMMIT.
    case committed
    /// A statement before it failed, so the server skipped it.
    case skipped
    /// Its own answer was an error, or the tag ROLLBACK.
    case refused(PostgresError)
}

extension Session {
    /// Runs the body between BEGIN and COMMIT; whatever is thrown but `.outcomeUnknown` means nothing was committed.
    func transaction<Value>(
        _ options: TransactionOptions, _ body: (Transaction) throws -> sending Value
    ) throws -> sending Value {
        enqueueControl(options.begin)
        let value = try body(Transaction(self))
        // Nothing beyond BEGIN was asked for, and BEGIN was not sent: there is nothing to commit.
        if pending.count == 1, PQtransactionStatus(connection) == PQTRANS_IDLE {
            pending.removeAll()
            return value
        }
        try commit()
        return value
    }

    /// Runs a read-only transaction of one group, BEGIN and COMMIT included; what the body returns is run after it has ended.
    /// Its COMMIT changes nothing, so that it may be cancelled as any statement may.
    func read<Value>(_ body: (Transaction) throws -> () throws -> Value) throws -> Value {
        enqueueControl(TransactionOptions(isReadOnly: true).begin)
        let rows = try body(Transaction(self))
        enqueueControl("COMMIT")
        try sync()
        return try rows()
    }

    /// Sends what is enqueued with COMMIT as its last message. From then on nothing is cancelled: only the answer,
    /// or its lack, decides (engine.md R14).
    private func commit() throws(PostgresError) {
        try checkMayStart()
        enqueueControl("COMMIT", isCommit: true)
        commitWarning = nil
        commitOutcome = .unanswered
        var failure: PostgresError?
        do throws(PostgresError) {
            try shielded(for: configuration.commitTimeout) { () throws(PostgresError) in try exchange() }
        } catch {
            failure = error
        }
        switch commitOutcome {
        case .committed:
            if let commitWarning { throw unknown("WARNING on COMMIT: \(commitWarning)") }
            // The body has returned and reads no more rows: what is committed is not reported as failed.
            if let failure { logger.error("committed, but a row of the last group could not be read: \(failure)") }
        case .refused(let error):
            guard !isBroken else { throw unknown(error.message) }
            throw error
        case .skipped:
            throw failure ?? unknown("COMMIT was skipped without an error")
        case .unanswered:
            let failure = failure ?? lost()
            // Lost, or late without the server's word: COMMIT may have been carried out.
            guard failure.code == .connectionLost || (failure.code == .timedOut && failure.sqlState.isEmpty) else {
                throw failure
            }
            throw unknown(failure.message)
        }
    }

    private func unknown(_ message: String) -> PostgresError {
        isBroken = true
        return PostgresError(.outcomeUnknown, message, connectionIsUsable: false)
    }
}
