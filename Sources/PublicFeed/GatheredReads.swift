import Synchronization

/// Reads that are asked for at the same time, done together: while one query is out the next keys collect, and the next
/// query answers all of them. Under load a read costs a share of a query; without, it is a query of its own, at once.
///
/// Whoever asks for a key that is waiting already shares its place. A query that fails, fails for all who wait for it and
/// for nobody else: nothing of it is kept.
final class GatheredReads<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// Gets the value, nil when there is none, or why it cannot be told. Called once, anywhere; must not block.
    typealias Receiver = @Sendable (Result<Value?, any Error>) -> Void

    private struct State {
        /// In the order in which they were first asked for.
        var keys: [Key] = []
        var receivers: [Key: [Receiver]] = [:]
        var runningCount = 0
    }

    private let countMax: Int
    private let queryCountMax: Int
    private let read: @Sendable ([Key]) async throws -> [Key: Value]
    private let state = Mutex(State())

    /// - Parameters:
    ///   - countMax: keys of one query.
    ///   - queryCountMax: queries that are out at once.
    ///   - read: reads all of these keys; what is missing in its answer does not exist.
    init(countMax: Int = 200, queryCountMax: Int = 2, read: @escaping @Sendable ([Key]) async throws -> [Key: Value]) {
        self.countMax = max(1, countMax)
        self.queryCountMax = max(1, queryCountMax)
        self.read = read
    }

    /// Reads a key with whatever else is asked for at the same time.
    func value(_ key: Key, _ receiver: @escaping Receiver) {
        let begins = state.withLock { state in
            if state.receivers[key] == nil { state.keys.append(key) }
            state.receivers[key, default: []].append(receiver)
            guard state.runningCount < queryCountMax else { return false }
            state.runningCount += 1
            return true
        }
        // Belongs to nobody in particular: many wait for it, and any of them may go away.
        if begins { Task { await self.work() } }
    }

    /// The same for one who waits.
    func value(_ key: Key) async throws -> Value? {
        try await withCheckedThrowingContinuation { continuation in
            value(key) { continuation.resume(with: $0) }
        }
    }

    private func work() async {
        while let (keys, receivers) = next() {
            let outcome: Result<[Key: Value], any Error>
            do { outcome = .success(try await read(keys)) } catch { outcome = .failure(error) }
            for key in keys {
                let result = outcome.map { $0[key] }
                for receiver in receivers[key] ?? [] { receiver(result) }
            }
        }
    }

    /// The keys of the next query with those who wait for them; nil when nobody waits, which ends the worker.
    private func next() -> (keys: [Key], receivers: [Key: [Receiver]])? {
        state.withLock { state in
            guard !state.keys.isEmpty else {
                state.runningCount -= 1
                return nil
            }
            guard state.keys.count > countMax else {
                defer {
                    state.keys = []
                    state.receivers = [:]
                }
                return (state.keys, state.receivers)
            }
            let keys = Array(state.keys.prefix(countMax))
            state.keys.removeFirst(countMax)
            var receivers: [Key: [Receiver]] = [:]
            for key in keys { receivers[key] = state.receivers.removeValue(forKey: key) }
            return (keys, receivers)
        }
    }
}
