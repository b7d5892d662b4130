package import Logging
import Metrics
import Synchronization

/// A bounded set of connections: units of work wait in turn, and a connection in doubt is never used again.
package final class ConnectionPool: Sendable {
    /// The rules that every connection of this pool keeps.
    package let configuration: PostgresConfiguration
    /// How many connections there may be.
    package let size: Int
    private let maxLifetime: Duration
    private let logger: Logger
    private let state: Mutex<PoolState>
    /// Advice that the operator has had already: the pools of a process mostly use one server.
    private static let told = Mutex<Set<String>>([])
    private let waitTime = Timer(label: "postgres_pool_wait_seconds")
    private let opened = Counter(label: "postgres_connections_opened_total")
    private let retries = Counter(label: "postgres_transaction_retries_total")
    private let unknownOutcomes = Counter(label: "postgres_outcome_unknown_total")

    /// Opens nothing yet; connections are made when they are needed.
    ///
    /// `waiterLimit`: beyond so many waiting callers the next is refused at once. `maxLifetime`: an older connection is
    /// closed when it comes back, so that a new primary or a changed role is noticed.
    package init(
        _ configuration: PostgresConfiguration, size: Int = 8, waiterLimit: Int = 1_000,
        maxLifetime: Duration = .seconds(1_800), logger: Logger
    ) {
        self.configuration = configuration
        self.size = max(1, size)
        self.maxLifetime = maxLifetime
        self.logger = logger
        state = Mutex(PoolState(limit: size, waiterLimit: waiterLimit))
    }

    /// Runs a unit of work on one connection, each `sync()` group a transaction of its own.
    ///
    /// `timeout`: the whole, waiting included; nil means the configuration's. A cancelled task cancels the statement.
    package func withSession<Value>(
        timeout: Duration? = nil, _ body: @Sendable (Session) throws -> sending Value
    ) async throws -> sending Value {
        try await unit(until: .now + (timeout ?? configuration.unitTimeout), body)
    }

    /// Runs a transaction; 40001 and 40P01 run the whole body again, after a short random wait.
    ///
    /// Throws `.outcomeUnknown` when COMMIT was sent and its answer is missing; every other error means rolled back.
    package func transaction<Value>(
        options: TransactionOptions = .init(), _ body: @Sendable (Transaction) throws -> sending Value
    ) async throws -> sending Value {
        try await attempts(options) { session in try session.transaction(options, body) }
    }

    /// A read-only transaction whose body only enqueues: all of it, BEGIN and COMMIT too, is one round trip. What the body
    /// returns is run on the connection's thread once the transaction has ended, and may read the replies.
    package func read<Value: Sendable>(
        _ body: @Sendable (Transaction) throws -> () throws -> Value
    ) async throws -> Value {
        try await attempts(TransactionOptions()) { session in try session.read(body) }
    }

    private func attempts<Value>(
        _ options: TransactionOptions, _ body: @Sendable (Session) throws -> sending Value
    ) async throws -> sending Value {
        let deadline = ContinuousClock.now + (options.timeout ?? configuration.unitTimeout)
        var attempt = 1
        var mayPrepareAnew = true
        while true {
            do {
                return try await unit(until: deadline, body)
            } catch let error as PostgresError where error.code == .staleStatement && mayPrepareAnew {
                mayPrepareAnew = false
            } catch let error as PostgresError where error.isRetryable && attempt < options.attempts {
                attempt += 1
                retries.increment()
                // Full jitter over 5, 10, 20 … ms: rivals that met once must not meet again in step.
                let ceiling = 5_000 << min(attempt - 2, 5)
                do {
                    try await Task.sleep(for: .microseconds(Int.random(in: 0...ceiling)))
                } catch {
                    throw PostgresError(.cancelled, "the task was cancelled between two attempts")
                }
            } catch let error as PostgresError {
                if error.code == .outcomeUnknown { unknownOutcomes.increment() }
                throw error
            }
        }
    }

    /// Refuses new work, waits until all connections have come back, and closes them.
    package func shutdown() async {
        perform(state.withLock { $0.close() })
        await withCheckedContinuation { continuation in
            perform(state.withLock { $0.awaitEmpty(continuation) })
        }
    }

    /// Connections in use now; for metrics and tests.
    package var leasedCount: Int { state.withLock { $0.leasedCount } }
    /// Callers that wait for a connection now; for metrics and tests.
    package var waiterCount: Int { state.withLock { $0.waiterCount } }

    private func unit<Value>(
        until deadline: ContinuousClock.Instant, _ body: @Sendable (Session) throws -> sending Value
    ) async throws -> sending Value {
        // After a restart of the server every idle connection is stale: at most `size` of them, then a new one.
        for _ in 0...size {
            let connection = try await lease(until: deadline)
            defer { giveBack(connection) }
            do {
                return try await connection.withSession(until: deadline, body)
            } catch is StaleConnection {
                continue
            }
        }
        throw PostgresError(.connectionLost, "every connection was closed by the server", connectionIsUsable: false)
    }

    private func lease(until deadline: ContinuousClock.Instant) async throws -> Connection {
        if let connection = state.withLock({ $0.takeIdle() }) { return connection }
        let asked = ContinuousClock.now
        let id = state.withLock { $0.newID() }
        let token = CancelToken()
        // The timer belongs to no scope of the caller: it only knocks at the waiters' list, and is stopped below.
        let timer = Task { [weak self] in
            try await Task.sleep(until: deadline, clock: .continuous)
            let error = PostgresError(.poolExhausted, "no connection became free in time")
            guard let self else { return }
            self.perform(self.state.withLock { $0.withdraw(id, error) })
        }
        defer {
            timer.cancel()
            waitTime.record(duration: .now - asked)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                perform(state.withLock { $0.request(id, continuation, isCancelled: token.isCancelled) })
            }
        } onCancel: {
            token.cancel()
            let error = PostgresError(.cancelled, "the task was cancelled")
            perform(state.withLock { $0.withdraw(id, error) })
        }
    }

    private func giveBack(_ connection: Connection) {
        let isReusable = connection.isReusable && ContinuousClock.now - connection.openedAt < maxLifetime
        perform(state.withLock { $0.returned(connection, isReusable: isReusable) })
    }

    private func perform(_ actions: [PoolState.Action]) {
        for action in actions {
            switch action {
            case .give(let connection, let continuation): continuation.resume(returning: connection)
            case .fail(let continuation, let error): continuation.resume(throwing: error)
            // Opening outlives the caller who asked for it: the connection then serves the next one.
            case .open: Task { await self.open() }
            // PQfinish writes to the socket: on the connection's own thread.
            case .close(let connection): Task { await connection.close() }
            case .finish(let continuations): continuations.forEach { $0.resume() }
            }
        }
    }

    private func open() async {
        do throws(PostgresError) {
            let connection = try Connection(configuration, logger: logger)
            let advice = try await connection.open()
            for line in advice where Self.told.withLock({ $0.insert(line).inserted }) { logger.warning("\(line)") }
            opened.increment()
            perform(state.withLock { $0.opened(connection) })
        } catch {
            logger.error("cannot connect to PostgreSQL: \(error)")
            perform(state.withLock { $0.openFailed(error) })
        }
    }
}
