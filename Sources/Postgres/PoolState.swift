/// The pool's bookkeeping, without I/O: every event returns what is to be done outside the lock.
struct PoolState {
    typealias Continuation = CheckedContinuation<Connection, any Error>

    enum Action {
        case give(Connection, Continuation)
        case fail(Continuation, PostgresError)
        case open
        case close(Connection)
        case finish([CheckedContinuation<Void, Never>])
    }

    private struct Waiter {
        let id: UInt64
        let continuation: Continuation
    }

    let limit: Int
    let waiterLimit: Int
    /// Last in, first out: the busiest connections stay warm.
    private var idle: [Connection] = []
    private var leased = 0
    private var opening = 0
    /// First in, first out.
    private var waiters: [Waiter] = []
    private var nextID: UInt64 = 0
    private var isClosed = false
    private var closers: [CheckedContinuation<Void, Never>] = []

    init(limit: Int, waiterLimit: Int) {
        self.limit = max(1, limit)
        self.waiterLimit = max(1, waiterLimit)
    }

    var leasedCount: Int { leased }
    var waiterCount: Int { waiters.count }

    mutating func newID() -> UInt64 {
        nextID &+= 1
        return nextID
    }

    /// The short way, with nobody waiting: no continuation, no timer.
    mutating func takeIdle() -> Connection? {
        guard waiters.isEmpty, let connection = idle.popLast() else { return nil }
        leased += 1
        return connection
    }

    /// A caller wants a connection; `isCancelled` is read under the lock, so a cancel before or after is never missed.
    mutating func request(_ id: UInt64, _ continuation: Continuation, isCancelled: Bool) -> [Action] {
        if isClosed { return [.fail(continuation, PostgresError(.poolClosed, "the pool is shut down"))] }
        if isCancelled { return [.fail(continuation, PostgresError(.cancelled, "the task was cancelled"))] }
        if waiters.isEmpty, let connection = idle.popLast() {
            leased += 1
            return [.give(connection, continuation)]
        }
        guard waiters.count < waiterLimit else {
            return [
                .fail(continuation, PostgresError(.poolExhausted, "\(waiters.count) callers wait for a connection"))
            ]
        }
        waiters.append(Waiter(id: id, continuation: continuation))
        return openIfNeeded()
    }

    /// A waiter's deadline passed or its task was cancelled; nothing happens when it was served meanwhile.
    mutating func withdraw(_ id: UInt64, _ error: PostgresError) -> [Action] {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return [] }
        return [.fail(waiters.remove(at: index).continuation, error)]
    }

    mutating func opened(_ connection: Connection) -> [Action] {
        opening -= 1
        leased += 1
        return give(connection)
    }

    /// With no connection at all the waiters are told; else those in use serve them as they come back.
    mutating func openFailed(_ error: PostgresError) -> [Action] {
        opening -= 1
        guard leased + idle.count == 0 else { return finishIfEmpty() }
        let failed = waiters.map { Action.fail($0.continuation, error) }
        waiters.removeAll()
        return failed + finishIfEmpty()
    }

    mutating func returned(_ connection: Connection, isReusable: Bool) -> [Action] {
        if isReusable, !isClosed { return give(connection) }
        leased -= 1
        return [.close(connection)] + openIfNeeded() + finishIfEmpty()
    }

    mutating func close() -> [Action] {
        isClosed = true
        var actions = waiters.map { Action.fail($0.continuation, PostgresError(.poolClosed, "the pool is shut down")) }
        actions += idle.map { .close($0) }
        waiters.removeAll()
        idle.removeAll()
        return actions
    }

    mutating func awaitEmpty(_ continuation: CheckedContinuation<Void, Never>) -> [Action] {
        closers.append(continuation)
        return finishIfEmpty()
    }

    private mutating func give(_ connection: Connection) -> [Action] {
        if isClosed {
            leased -= 1
            return [.close(connection)] + finishIfEmpty()
        }
        guard !waiters.isEmpty else {
            leased -= 1
            idle.append(connection)
            return []
        }
        return [.give(connection, waiters.removeFirst().continuation)]
    }

    private mutating func openIfNeeded() -> [Action] {
        guard !isClosed, opening < waiters.count, leased + idle.count + opening < limit else { return [] }
        opening += 1
        return [.open]
    }

    private mutating func finishIfEmpty() -> [Action] {
        guard isClosed, leased == 0, opening == 0, !closers.isEmpty else { return [] }
        defer { closers.removeAll() }
        return [.finish(closers)]
    }
}
