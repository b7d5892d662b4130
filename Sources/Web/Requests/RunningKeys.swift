import Store
import Synchronization

/// The idempotency keys whose first request is being carried out by this process: a second one is told to wait.
///
/// What another process is carrying out is found by the database's unique key; there the twin waits for the first.
final class RunningKeys: Sendable {
    private let keys = Mutex<Set<AnswerKey>>([])

    /// Whether the key was free; it is taken then.
    func enter(_ key: AnswerKey) -> Bool { keys.withLock { $0.insert(key).inserted } }

    /// Frees the key.
    func leave(_ key: AnswerKey) { keys.withLock { _ = $0.remove(key) } }
}
