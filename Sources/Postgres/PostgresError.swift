/// What went wrong at the database: what kind, how the server says it, and whether the connection can go on.
///
/// `description` never shows `detail`, nor the message of data and constraint errors: both quote values of people.
package struct PostgresError: Error, Sendable {
    /// The kind of failure, for decisions; adding one breaks no caller.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name that logs and metrics show.
        package let description: String

        private init(_ name: String) { description = name }

        /// The connection broke, or could not be made; nothing was committed by this unit of work.
        package static let connectionLost = Code("connectionLost")
        /// COMMIT was sent and its answer is not known: the unit happened wholly or not at all; its key decides.
        package static let outcomeUnknown = Code("outcomeUnknown")
        /// A deadline of ours or the server's `statement_timeout` passed; nothing was committed.
        package static let timedOut = Code("timedOut")
        /// A row or table lock was not granted within `lock_timeout`.
        package static let lockTimeout = Code("lockTimeout")
        /// The Swift task was cancelled; nothing was committed.
        package static let cancelled = Code("cancelled")
        /// No connection became free in time, or too many callers wait already.
        package static let poolExhausted = Code("poolExhausted")
        /// The pool was shut down.
        package static let poolClosed = Code("poolClosed")
        /// SQLSTATE 40001: run the whole transaction again.
        package static let serialization = Code("serialization")
        /// SQLSTATE 40P01: run the whole transaction again.
        package static let deadlock = Code("deadlock")
        /// SQLSTATE 23505.
        package static let uniqueViolation = Code("uniqueViolation")
        /// SQLSTATE 23503.
        package static let foreignKeyViolation = Code("foreignKeyViolation")
        /// SQLSTATE 23514.
        package static let checkViolation = Code("checkViolation")
        /// SQLSTATE 23502.
        package static let notNullViolation = Code("notNullViolation")
        /// COMMIT answered ROLLBACK: a statement had failed and its error was swallowed.
        package static let rolledBack = Code("rolledBack")
        /// SQLSTATE 26000, or 0A000 for a changed result type: prepare anew, once.
        package static let staleStatement = Code("staleStatement")
        /// A value or a row did not have the type that the statement's decoder expects, or a parameter is too large.
        package static let conversion = Code("conversion")
        /// The server cannot be used by us: too old, commits not durable, time-outs missing.
        package static let unsuitableServer = Code("unsuitableServer")
        /// The library was used against its rules (a reply read before its sync, one name for two statements).
        package static let misuse = Code("misuse")
        /// Any other error that the server reported; `sqlState` says which.
        package static let server = Code("server")
    }

    /// The kind of failure.
    package var code: Code
    /// The five characters of SQLSTATE; empty when the error is not the server's.
    package var sqlState: String
    /// One line; the server's primary message, or ours. May quote a value: for logs of the operator, never for a citizen.
    package var message: String
    /// The server's DETAIL, which quotes rows; nil when it sent none. Never log it.
    package var detail: String?
    /// The constraint that was violated; nil when none was.
    package var constraint: String?
    /// The `Statement.name` that failed; nil when it was not a statement's own failure.
    package var statement: String?
    /// The place in the SQL text, in characters from 1; nil when the server gave none.
    package var position: Int?
    /// False when the connection was lost, abandoned or left in doubt: it will be discarded.
    package var connectionIsUsable: Bool

    /// An error of our own, without SQLSTATE.
    package init(_ code: Code, _ message: String, connectionIsUsable: Bool = true) {
        self.code = code
        self.message = message
        self.sqlState = ""
        self.connectionIsUsable = connectionIsUsable
    }

    /// True for 40001 and 40P01: the whole transaction, with all its decisions, may run again.
    package var isRetryable: Bool { code == .serialization || code == .deadlock }

    /// True for SQLSTATE classes 22, 23 and 54: one bad value can be the cause, so a batch is worth halving (engine.md R12).
    package var isCausedByData: Bool { ["22", "23", "54"].contains(String(sqlState.prefix(2))) }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Code, SQLSTATE, constraint and statement; the message only where it cannot quote a value of a person.
    package var description: String {
        var text = code.description
        if !sqlState.isEmpty { text += " \(sqlState)" }
        if let constraint { text += " constraint=\(constraint)" }
        if let statement { text += " statement=\(statement)" }
        if !isCausedByData { text += ": \(message)" }
        return text
    }

    /// The same as `description`: reflection is no way out for DETAIL.
    package var debugDescription: String { description }

    /// Shows only `description`, so that `dump` hides what `description` hides.
    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension PostgresError.Code {
    /// The code for an SQLSTATE and its message (0A000 is stale only for a changed result type).
    init(sqlState: String, message: String) {
        self =
            switch sqlState {
            case "40001": .serialization
            case "40P01": .deadlock
            case "23505": .uniqueViolation
            case "23503": .foreignKeyViolation
            case "23514": .checkViolation
            case "23502": .notNullViolation
            case "55P03": .lockTimeout
            case "57014": .timedOut
            case "26000": .staleStatement
            case "0A000" where message.hasPrefix("cached plan must not change"): .staleStatement
            default:
                sqlState.isEmpty || sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") ? .connectionLost : .server
            }
    }
}
