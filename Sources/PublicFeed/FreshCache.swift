import Synchronization

/// Values that are looked up anew once they are older than `lifetime`, by one caller for all who wait.
///
/// Nothing is kept of what was not found: whoever tries codes at random must not push out what people look at.
final class FreshCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let value: Value
        let checkedAt: ContinuousClock.Instant
    }

    private struct State {
        var entries: BoundedCache<Key, Entry>
        var loads: [Key: Task<Value?, any Error>] = [:]
    }

    private enum Plan {
        case ready(Value)
        case wait(Task<Value?, any Error>)
    }

    private let lifetime: Duration
    private let grace: Duration
    private let state: Mutex<State>

    /// - Parameter grace: what is older by no more than this is served at once, while it is looked up anew.
    init(countMax: Int, lifetime: Duration, grace: Duration = .zero) {
        self.lifetime = lifetime
        self.grace = grace
        state = Mutex(State(entries: BoundedCache(countMax: countMax)))
    }

    /// The value under the key; `load` is given the one known so far and may return it again.
    ///
    /// When loading fails, what is known is still served: an old answer that says its age is better than none.
    func value(_ key: Key, load: @escaping @Sendable (Value?) async throws -> Value?) async throws -> Value? {
        let now = ContinuousClock.now
        let plan: Plan = state.withLock { state in
            let entry = state.entries.value(key)
            if let entry, now - entry.checkedAt < lifetime { return .ready(entry.value) }
            // Unstructured, because several callers wait for it and the first may go away.
            let task = state.loads[key] ?? Task { try await self.refresh(key, entry?.value, load) }
            state.loads[key] = task
            if let entry, now - entry.checkedAt < lifetime + grace { return .ready(entry.value) }
            return .wait(task)
        }
        switch plan {
        case .ready(let value): return value
        case .wait(let task): return try await task.value
        }
    }

    private func refresh(
        _ key: Key, _ known: Value?, _ load: @Sendable (Value?) async throws -> Value?
    ) async throws -> Value? {
        let result: Result<Value?, any Error>
        do { result = .success(try await load(known)) } catch {
            result = known == nil ? .failure(error) : .success(known)
        }
        state.withLock { state in
            state.loads[key] = nil
            if case .success(let value?) = result {
                state.entries.put(key, Entry(value: value, checkedAt: .now))
            }
        }
        return try result.get()
    }
}
