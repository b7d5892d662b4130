import Dispatch
import Logging
import Synchronization

/// Runs one connection's jobs on a dispatch queue of its own, so that waiting in `poll` blocks no cooperative thread.
final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "motcua.postgres")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The closure keeps the executor alive until its last job has run.
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}

/// The server had closed the connection before anything was sent: take another.
struct StaleConnection: Error {}

/// One connection to the server and the thread it lives on.
actor Connection {
    private let executor = QueueExecutor()
    private let configuration: PostgresConfiguration
    private let logger: Logger
    private let wake: Wake
    private var session: Session?
    nonisolated let openedAt = ContinuousClock.now
    /// Written at the end of each unit of work: may another one follow?
    private nonisolated let reusable = Atomic<Bool>(true)

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    nonisolated var isReusable: Bool { reusable.load(ordering: .acquiring) }

    init(_ configuration: PostgresConfiguration, logger: Logger) throws(PostgresError) {
        self.configuration = configuration
        self.logger = logger
        wake = try Wake()
    }

    /// Connects, on this connection's own thread; returns advice for the operator.
    func open() throws(PostgresError) -> [String] {
        let session = try Session(configuration, wake: wake, logger: logger)
        self.session = session
        return session.advice
    }

    func close() { session = nil }

    /// Runs a unit of work; throws `StaleConnection` when the server had gone before it began.
    nonisolated func withSession<Value>(
        until deadline: ContinuousClock.Instant, _ body: @Sendable (Session) throws -> sending Value
    ) async throws -> sending Value {
        let token = CancelToken()
        return try await withTaskCancellationHandler {
            try await self.isolated(token, deadline, body)
        } onCancel: {
            token.cancel()
            self.wake.signal()
        }
    }

    private func isolated<Value>(
        _ token: CancelToken, _ deadline: ContinuousClock.Instant, _ body: (Session) throws -> sending Value
    ) throws -> sending Value {
        guard let session else { throw StaleConnection() }
        defer { reusable.store(session.isReusable, ordering: .releasing) }
        do throws(PostgresError) { try session.checkIsAlive() } catch { throw StaleConnection() }
        session.token = token
        session.deadline = deadline
        defer { session.settle() }
        let value = try body(session)
        // What was enqueued and not asked for is still the body's wish.
        try session.sync()
        return value
    }
}
