import CLibpq
import Glibc

extension Session {
    /// Refuses to start work that is cancelled, late, or on a broken connection.
    func checkMayStart() throws(PostgresError) {
        guard !isBroken else { throw lost() }
        guard !isShielded else { return }
        if token.isCancelled { throw PostgresError(.cancelled, "the task was cancelled") }
        if .now >= deadline { throw PostgresError(.timedOut, "the unit of work's deadline passed") }
    }

    /// Waits for the socket. On cancellation or at the deadline the server is asked once to cancel; when it has not
    /// answered after the grace, the connection is given up. A shielded exchange is never cancelled, only given up.
    func wait(_ events: Int16) throws(PostgresError) -> Int16 {
        while true {
            if cancel == nil, !isShielded, token.isCancelled { requestCancel(.cancelled) }
            let now = ContinuousClock.now
            let limit = cancel?.limit ?? deadline
            if now >= limit {
                guard cancel == nil, !isShielded else {
                    isBroken = true
                    throw PostgresError(
                        cancel?.reason ?? .timedOut, "no answer from the server in time", connectionIsUsable: false)
                }
                requestCancel(.timedOut)
                continue
            }
            let left = (limit - now).components
            let milliseconds = min(max(left.seconds, 0), 60) * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
            var descriptors = [
                pollfd(fd: PQsocket(connection), events: events, revents: 0),
                pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            // EINTR and a time-out alike go round the loop.
            guard poll(&descriptors, 2, Int32(clamping: milliseconds)) > 0 else { continue }
            if descriptors[1].revents != 0 { wake.drain() }
            if descriptors[0].revents != 0 { return descriptors[0].revents }
        }
    }

    /// Sends the whole buffer, reading meanwhile: a server that is itself stuck writing would never take the rest.
    func flush() throws(PostgresError) {
        while true {
            let state = PQflush(connection)
            if state == 0 { return }
            guard state > 0 else { throw lost() }
            let ready = try wait(Int16(POLLIN | POLLOUT))
            if ready & Int16(POLLIN | POLLHUP | POLLERR) != 0, PQconsumeInput(connection) == 0 { return }
        }
    }

    /// The next result, nil at the end of one statement's; a broken connection gives an error result, then nil.
    func nextResult() throws(PostgresError) -> OpaquePointer? {
        while PQisBusy(connection) == 1 {
            _ = try wait(Int16(POLLIN))
            if PQconsumeInput(connection) == 0 { break }
        }
        return PQgetResult(connection)
    }

    /// Ends an exchange: a cancel under way is waited for, and its reason put on the error that it caused.
    func concluding<Value>(_ body: () throws(PostgresError) -> Value) throws(PostgresError) -> Value {
        do throws(PostgresError) {
            let value = try body()
            finishCancel()
            return value
        } catch {
            throw concluded(error)
        }
    }

    /// The same around a closure that can throw errors of its caller.
    func concludingAny<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            let value = try body()
            finishCancel()
            return value
        } catch let error as PostgresError {
            throw concluded(error)
        } catch {
            finishCancel()
            throw error
        }
    }

    private func concluded(_ error: PostgresError) -> PostgresError {
        var error = error
        if error.sqlState == "57014", let cancel { error.code = cancel.reason }
        finishCancel()
        error.connectionIsUsable = !isBroken
        return error
    }

    func requestCancel(_ reason: PostgresError.Code) {
        cancel = CancelRequest(
            of: connection, reason: reason, limit: .now + configuration.cancelGrace, wake: wake)
    }

    /// Waits until a cancel request has left for good, so that it cannot hit the next statement.
    func finishCancel() {
        guard let request = cancel else { return }
        while !request.isDone, !isBroken {
            let left = request.limit - .now
            guard left > .zero else {
                isBroken = true
                break
            }
            var descriptor = pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
            if poll(&descriptor, 1, Int32(clamping: milliseconds)) > 0 { wake.drain() }
        }
        cancel = nil
    }

    /// The error for a connection that broke; marks it so.
    func lost() -> PostgresError {
        isBroken = true
        let message = Session.oneLine(PQerrorMessage(connection))
        return PostgresError(
            .connectionLost, message.isEmpty ? "the connection is broken" : message, connectionIsUsable: false)
    }

    /// The error that a result carries, nil for success.
    func check(_ result: OpaquePointer, _ statement: String?) -> PostgresError? {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY, PGRES_PIPELINE_SYNC, PGRES_PIPELINE_ABORTED:
            return nil
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            isBroken = true
            return PostgresError(.misuse, "COPY needs copyIn or copyOut", connectionIsUsable: false)
        default:
            let state = Session.field(result, "C") ?? ""
            let message = Session.field(result, "M") ?? Session.oneLine(PQresultErrorMessage(result))
            var error = PostgresError(PostgresError.Code(sqlState: state, message: message), message)
            error.sqlState = state
            error.detail = Session.field(result, "D")
            error.constraint = Session.field(result, "n")
            error.position = Session.field(result, "P").flatMap { Int($0) }
            error.statement = statement
            // FATAL and PANIC end the session whatever their SQLSTATE (25P03: idle in transaction for too long).
            if ["FATAL", "PANIC"].contains(Session.field(result, "V")) { error.code = .connectionLost }
            if error.code == .connectionLost { isBroken = true }
            error.connectionIsUsable = !isBroken
            return error
        }
    }
}
