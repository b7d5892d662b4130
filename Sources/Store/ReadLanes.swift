import Postgres
import Synchronization

/// Reads of single rows, taken together as commands are in their lanes: while one transaction of a province's reads is under
/// way the next ones collect, and then share a transaction and a round trip.
///
/// A read sees all that was committed before it was asked for, since its transaction begins later. Only for statements that
/// find a few rows by a key: whoever is gathered waits for the slowest.
final class ReadLanes: Sendable {
    /// A read that waits for its transaction.
    private struct Asked: Sendable {
        /// Enqueues the statement; what it returns hands the rows over once the transaction has ended.
        let enqueue: @Sendable (Transaction) -> () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        /// Those that wait, by province; a province without an entry has nothing under way.
        var waiting: [Int16: [Asked]] = [:]
    }

    /// The most statements of one transaction.
    static let limit = 100

    private let pool: ConnectionPool
    private let state = Mutex(State())

    init(pool: ConnectionPool) { self.pool = pool }

    /// How many reads of a province wait for the one under way; for tests.
    func waitingCount(_ province: Int16) -> Int { state.withLock { $0.waiting[province]?.count ?? 0 } }

    /// The rows of a statement that only reads, of one province.
    /// - Throws: `PostgresError`, `.cancelled` when the caller's task is.
    func rows<Parameters: Sendable, Row: Sendable>(
        _ province: Int16, _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) async throws -> [Row] {
        let isFirst = state.withLock { state in
            guard state.waiting[province] == nil else { return false }
            state.waiting[province] = []
            return true
        }
        if isFirst {
            // Nobody to share with: at once, in the caller's own task.
            defer { carryNext(province) }
            do {
                return try await pool.read { transaction in
                    try transaction.setLocal("motcua.province", "\(province)")
                    let reply = transaction.enqueue(statement, parameters)
                    return { try reply.rows }
                }
            } catch let error as PostgresError where error.isOfAllReads {
                failWaiting(province, error)
                throw error
            }
        }
        let caller = WaitingReader<Row>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard caller.wait(continuation) else { return }
                add(
                    Asked(
                        enqueue: { transaction in
                            let reply = transaction.enqueue(statement, parameters)
                            return { caller.take(Result { try reply.rows }) }
                        },
                        fail: { caller.take(.failure($0)) }), province)
            }
        } onCancel: {
            caller.take(.failure(PostgresError(.cancelled, "the task was cancelled")))
        }
    }

    /// Lines a read up, or begins with it where what was under way has ended meanwhile.
    private func add(_ asked: Asked, _ province: Int16) {
        let isAlone = state.withLock { state in
            guard state.waiting[province] != nil else {
                state.waiting[province] = []
                return true
            }
            state.waiting[province]?.append(asked)
            return false
        }
        if isAlone { carry([asked], province) }
    }

    /// Begins with those that collected; with none, the province has nothing under way.
    private func carryNext(_ province: Int16) {
        let group = state.withLock { state -> [Asked] in
            let waiting = state.waiting[province] ?? []
            guard !waiting.isEmpty else {
                state.waiting[province] = nil
                return []
            }
            state.waiting[province] = Array(waiting.dropFirst(ReadLanes.limit))
            return Array(waiting.prefix(ReadLanes.limit))
        }
        if !group.isEmpty { carry(group, province) }
    }

    /// In a task of its own: no caller's end may end what others wait for.
    private func carry(_ group: [Asked], _ province: Int16) {
        Task {
            _ = await self.read(group, province)
            self.carryNext(province)
        }
    }

    /// Reads a group and hands over rows or errors.
    /// - Returns: why the others need not be tried either; nil where they may.
    private func read(_ group: [Asked], _ province: Int16) async -> PostgresError? {
        do {
            try await pool.read { transaction in
                try transaction.setLocal("motcua.province", "\(province)")
                let deliveries = group.map { $0.enqueue(transaction) }
                return { for deliver in deliveries { deliver() } }
            }
            return nil
        } catch let error as PostgresError where group.count > 1 && !error.isAboutTheWay {
            // One of them spoils the transaction: each is read alone.
            var why: PostgresError?
            for asked in group {
                if let why { asked.fail(why) } else { why = await read([asked], province) }
            }
            return why
        } catch {
            for asked in group { asked.fail(error) }
            guard let error = error as? PostgresError, error.isOfAllReads else { return nil }
            failWaiting(province, error)
            return error
        }
    }

    /// Whoever collected behind a read that the database never answered has waited for it as long.
    private func failWaiting(_ province: Int16, _ error: PostgresError) {
        let waiting = state.withLock { state in
            defer { state.waiting[province] = [] }
            return state.waiting[province] ?? []
        }
        for asked in waiting { asked.fail(error) }
    }
}

/// A caller that waits for its rows, answered once.
private final class WaitingReader<Row: Sendable>: Sendable {
    private enum State {
        case fresh
        case waiting(CheckedContinuation<[Row], any Error>)
        case answered
    }

    private let state = Mutex(State.fresh)

    /// False when the caller was cancelled before it came to wait; it is told so.
    func wait(_ continuation: CheckedContinuation<[Row], any Error>) -> Bool {
        let isFresh = state.withLock { state in
            guard case .fresh = state else { return false }
            state = .waiting(continuation)
            return true
        }
        if !isFresh { continuation.resume(throwing: PostgresError(.cancelled, "the task was cancelled")) }
        return isFresh
    }

    /// Hands the rows or the error over, unless it has been done.
    func take(_ result: Result<[Row], any Error>) {
        let continuation = state.withLock { state -> CheckedContinuation<[Row], any Error>? in
            defer { state = .answered }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        continuation?.resume(with: result)
    }
}

extension PostgresError {
    /// Whether it says nothing of a statement, only of the way to the database.
    fileprivate var isAboutTheWay: Bool {
        [.connectionLost, .outcomeUnknown, .timedOut, .cancelled, .poolExhausted, .poolClosed].contains(code)
    }

    /// Whether whoever waited behind the read has waited for the same in vain. Not so where a connection broke: the next read
    /// takes another one.
    fileprivate var isOfAllReads: Bool {
        [.poolExhausted, .poolClosed, .timedOut].contains(code)
    }
}
