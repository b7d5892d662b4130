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
    /// Answers the keys that wait, once or until none does; throws what the keys that wait then cannot be told for.
    private let turn: @Sendable (GatheredReads) async throws -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - countMax: keys of one query.
    ///   - queryCountMax: queries that are out at once.
    ///   - read: reads all of these keys; what is missing in its answer does not exist.
    convenience init(
        countMax: Int = 200, queryCountMax: Int = 2, read: @escaping @Sendable ([Key]) async throws -> [Key: Value]
    ) {
        self.init(countMax: countMax, queryCountMax: queryCountMax) { reads in
            guard let batch = reads.next() else { return }
            do { batch.answer(.success(try await read(batch.keys))) } catch { batch.answer(.failure(error)) }
        }
    }

    /// The same where one connection reads batch after batch: whoever reads calls ``answer(_:)`` as often as keys wait.
    init(
        countMax: Int = 200, queryCountMax: Int = 2,
        turn: @escaping @Sendable (GatheredReads) async throws -> Void
    ) {
        self.countMax = max(1, countMax)
        self.queryCountMax = max(1, queryCountMax)
        self.turn = turn
    }

    /// Reads the keys that wait now and tells those who wait for them.
    /// - Returns: whether it read; false when nobody waits.
    /// - Throws: what reading threw, of which those who wait were told.
    func answer(_ read: ([Key]) throws -> [Key: Value]) throws(Told) -> Bool {
        guard let batch = next() else { return false }
        do { batch.answer(.success(try read(batch.keys))) } catch {
            batch.answer(.failure(error))
            throw Told()
        }
        return true
    }

    /// A failure of which those who wait were told.
    struct Told: Error {}

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
        while goesOn() {
            do { try await turn(self) } catch is Told {} catch { next()?.answer(.failure(error)) }
        }
    }

    /// Whether somebody waits; else the worker ends.
    private func goesOn() -> Bool {
        state.withLock { state in
            if state.keys.isEmpty { state.runningCount -= 1 }
            return !state.keys.isEmpty
        }
    }

    /// The keys of one query with those who wait for them.
    private struct Batch {
        let keys: [Key]
        let receivers: [Key: [Receiver]]

        func answer(_ outcome: Result<[Key: Value], any Error>) {
            for key in keys {
                let result = outcome.map { $0[key] }
                for receiver in receivers[key] ?? [] { receiver(result) }
            }
        }
    }

    /// The keys of the next query; nil when nobody waits.
    private func next() -> Batch? {
        state.withLock { state in
            guard !state.keys.isEmpty else { return nil }
            guard state.keys.count > countMax else {
                defer {
                    state.keys = []
                    state.receivers = [:]
                }
                return Batch(keys: state.keys, receivers: state.receivers)
            }
            let keys = Array(state.keys.prefix(countMax))
            state.keys.removeFirst(countMax)
            var receivers: [Key: [Receiver]] = [:]
            for key in keys { receivers[key] = state.receivers.removeValue(forKey: key) }
            return Batch(keys: keys, receivers: receivers)
        }
    }
}
