import Logging
import Postgres
import Store
import Synchronization

/// A caller who waits for a command's answer; hears one, whoever gives it first.
final class WaitingCaller: Sendable {
    private let waiting: Mutex<CheckedContinuation<PendingOutcome, Never>?>

    init(_ continuation: CheckedContinuation<PendingOutcome, Never>) { waiting = Mutex(continuation) }

    /// Answers, unless it has been done.
    func answer(_ outcome: PendingOutcome) {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(returning: outcome)
    }
}

/// Whether the database answers, and who waits for it.
///
/// A silent network keeps a statement waiting until the connection is given up, and the commands behind it as long: with a
/// queue before them their callers would hear nothing for the whole of their patience. When nothing was heard for a while,
/// neither by the loop over the agenda nor by a commit, a knock goes out on a connection of its own, with little time. If that
/// too stays without an answer, everybody is told to ask again with the same key (R14): what is under way may yet be done, and
/// the key will tell.
final class DatabaseStanding: Sendable {
    private struct State {
        var heardAt: ContinuousClock.Instant = .now
        var isAway = false
        var next: UInt64 = 0
        var waiting: [UInt64: WaitingCaller] = [:]
    }

    private let patience: Duration
    private let state = Mutex(State())

    /// - Parameter patience: how long nothing may be heard before the database counts as away.
    init(patience: Duration) { self.patience = patience }

    /// Whether nothing has been heard for too long.
    var isAway: Bool { state.withLock { $0.isAway } }

    /// For how long nothing has been heard.
    func silence(at now: ContinuousClock.Instant = .now) -> Duration { now - state.withLock { $0.heardAt } }

    /// Takes a caller who waits; nil while the database is away.
    func enter(_ caller: WaitingCaller) -> UInt64? {
        state.withLock { state in
            guard !state.isAway else { return nil }
            state.next += 1
            state.waiting[state.next] = caller
            return state.next
        }
    }

    /// The caller was answered.
    func leave(_ ticket: UInt64) { state.withLock { $0.waiting[ticket] = nil } }

    /// The database answered, be it with a refusal.
    /// - Returns: whether it had been away.
    @discardableResult
    func heard(at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            defer { state.isAway = false }
            state.heardAt = now
            return state.isAway
        }
    }

    /// A knock was not answered. Past the patience all who wait are told to ask again.
    /// - Returns: whether it counts as away from now on.
    @discardableResult
    func silent(at now: ContinuousClock.Instant = .now) -> Bool {
        let (told, isNew) = state.withLock { state -> ([WaitingCaller], Bool) in
            guard now - state.heardAt >= patience else { return ([], false) }
            defer {
                state.isAway = true
                state.waiting = [:]
            }
            return (Array(state.waiting.values), !state.isAway)
        }
        for caller in told { caller.answer(.unavailable) }
        return isNew
    }
}

extension DossierEngine {
    /// Knocks at the database when nothing is heard of it, on a connection that is closed afterwards.
    func mindDatabase() async {
        var configuration = database
        configuration.applicationName += "-knock"
        configuration.cancelGrace = .milliseconds(500)
        let pool = ConnectionPool(configuration, size: 1, maxLifetime: .zero, logger: logger)
        while !Task.isCancelled {
            await pause(settings.knockInterval)
            guard standing.silence() >= settings.databasePatience / 3 else { continue }
            do {
                _ = try await DossierStore(pool: pool).ping(within: settings.knockTimeout)
                heard()
            } catch let error as PostgresError where !error.isFromServer {
                if !Task.isCancelled, standing.silent() { logger.warning("the database is away: \(error)") }
            } catch {
                // A refusal is an answer: too many connections, starting up.
                heard()
            }
        }
        await pool.shutdown()
    }

    /// The database answered.
    func heard() {
        if standing.heard() { logger.notice("the database answers again") }
    }
}

extension PostgresError {
    /// Whether the server said it, and not the way to it.
    var isFromServer: Bool { !sqlState.isEmpty && code != .connectionLost || message.contains("FATAL:") }
}
