import CLibpq
import Glibc
import Logging

/// Owns one PGresult and clears it once.
struct ResultHandle: ~Copyable {
    let pointer: OpaquePointer
    deinit { PQclear(pointer) }
}

/// Synchronous work on one connection, lent to a closure that runs on the connection's own thread.
///
/// It is not Sendable and cannot leave that closure. Statements are enqueued and travel together at the next
/// `sync()`; outside a transaction each such group is a transaction of its own.
package final class Session {
    let connection: OpaquePointer
    let wake: Wake
    let configuration: PostgresConfiguration
    let logger: Logger
    /// Names prepared on the server by this connection, with their text.
    var prepared: [String: StaticString] = [:]
    /// Part of the server-side names: a stale statement gets a new name, since the old one may still be taken.
    var generation = 0
    var pending: [Pending] = []
    /// The unit of work in hand: its cancellation, its deadline.
    var token = CancelToken()
    var deadline: ContinuousClock.Instant
    /// True while COMMIT or ROLLBACK is under way: no cancel is sent.
    var isShielded = false
    var cancel: CancelRequest?
    /// Set once the connection can no longer be trusted; it is then discarded.
    var isBroken = false
    /// The last WARNING that arrived while COMMIT was being answered.
    var commitWarning: String?
    var isReadingCommit = false
    var commitOutcome = CommitOutcome.unanswered
    /// What the operator should know of this server, one sentence each.
    private(set) var advice: [String] = []

    /// Connects; blocks its thread for up to `connect_timeout` a host.
    init(_ configuration: PostgresConfiguration, wake: Wake, logger: Logger) throws(PostgresError) {
        self.configuration = configuration
        self.wake = wake
        self.logger = logger
        deadline = .now + configuration.unitTimeout
        connection = try Session.connect(configuration)
        PQsetNoticeReceiver(
            connection,
            { context, result in
                guard let context, let result else { return }
                Unmanaged<Session>.fromOpaque(context).takeUnretainedValue().notice(result)
            }, Unmanaged.passUnretained(self).toOpaque())
        advice = try checkServer()
    }

    deinit {
        // The receiver must not see an object that is going away.
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
        PQfinish(connection)
    }

    private static func connect(_ configuration: PostgresConfiguration) throws(PostgresError) -> OpaquePointer {
        let pairs = configuration.keywords
        let keys = pairs.map { strdup($0.0) }
        let values = pairs.map { strdup($0.1) }
        defer { (keys + values).forEach { free($0) } }
        let keyPointers = keys.map { UnsafePointer<CChar>($0) } + [nil]
        let valuePointers = values.map { UnsafePointer<CChar>($0) } + [nil]
        guard let connection = PQconnectdbParams(keyPointers, valuePointers, 1) else {
            throw PostgresError(.connectionLost, "out of memory", connectionIsUsable: false)
        }
        guard PQstatus(connection) == CONNECTION_OK, PQsetnonblocking(connection, 1) == 0 else {
            defer { PQfinish(connection) }
            throw PostgresError(.connectionLost, oneLine(PQerrorMessage(connection)), connectionIsUsable: false)
        }
        return connection
    }

    /// Runs one statement in a round trip of its own, together with all that was enqueued before it.
    package func run<Parameters, Row: Sendable>(
        _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) throws(PostgresError) -> [Row] {
        let reply = enqueue(statement, parameters)
        try sync()
        return try reply.rows
    }

    /// Runs one statement without parameters.
    package func run<Row: Sendable>(_ statement: Statement<Void, Row>) throws(PostgresError) -> [Row] {
        try run(statement, ())
    }

    /// Runs SQL text of our own, one or many commands, rows ignored; for DDL and settings, never built from input.
    package func execute(_ sql: String) throws(PostgresError) {
        try sync()
        try simple(sql) { _ throws(PostgresError) in }
    }

    /// True when nothing is open or in doubt: the connection may serve another unit of work.
    var isReusable: Bool {
        !isBroken && PQstatus(connection) == CONNECTION_OK && PQtransactionStatus(connection) == PQTRANS_IDLE
            && pending.isEmpty && cancel == nil
    }

    /// Looks, without waiting, whether the server has closed an idle connection.
    func checkIsAlive() throws(PostgresError) {
        var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
        // The farewell comes first and the end of the stream after it; more than a few messages are not awaited.
        for _ in 0..<8 {
            guard !isBroken, poll(&descriptor, 1, 0) > 0 else { break }
            isBroken = PQconsumeInput(connection) == 0 || descriptor.revents & Int16(POLLHUP | POLLERR) != 0
        }
        if isBroken || PQstatus(connection) != CONNECTION_OK {
            isBroken = true
            throw PostgresError(.connectionLost, "the server closed the idle connection", connectionIsUsable: false)
        }
    }

    /// Ends what a unit of work left open; what cannot be ended in time breaks the connection.
    func settle() {
        pending.removeAll()
        guard !isBroken, PQtransactionStatus(connection) != PQTRANS_IDLE else { return }
        enqueueControl("ROLLBACK")
        do throws(PostgresError) {
            try shielded(for: .seconds(2)) { () throws(PostgresError) in try exchange() }
        } catch {
            logger.warning("ROLLBACK failed: \(error)")
        }
        if PQtransactionStatus(connection) != PQTRANS_IDLE { isBroken = true }
    }

    func shielded<Value>(for limit: Duration, _ body: () throws(PostgresError) -> Value) throws(PostgresError) -> Value
    {
        let outer = deadline
        deadline = .now + limit
        isShielded = true
        defer {
            isShielded = false
            deadline = outer
        }
        return try body()
    }

    private func notice(_ result: OpaquePointer) {
        let severity = Session.field(result, "V") ?? ""
        let text = Session.field(result, "M") ?? ""
        // NOTICE, INFO and LOG say nothing of the outcome; a WARNING on COMMIT does (engine.md R14).
        if isReadingCommit, severity == "WARNING" { commitWarning = text }
        logger.warning(
            "PostgreSQL: \(severity): \(text)", metadata: ["sqlstate": "\(Session.field(result, "C") ?? "")"])
    }

    static func field(_ result: OpaquePointer, _ code: Unicode.Scalar) -> String? {
        PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }

    static func oneLine(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "" }
        return String(cString: text).split(whereSeparator: \.isNewline).joined(separator: "; ")
    }
}
