import Dossiers
import Synchronization

/// Commands waiting for their batch: a lane is a share of one province's dossiers, and has at most one batch under way.
///
/// While a lane's batch commits, the next one collects: that is the whole of group commit. Ready lanes take turns, so
/// that a busy province cannot keep a quiet one waiting (R9). A dossier's commands are always in one lane, in order (R10).
final class CommandQueue: Sendable {
    /// A lane's name.
    struct Lane: Hashable, Sendable {
        let province: Int16
        let slot: Int
    }

    /// What a committer takes: some of a lane's commands, in order.
    struct Batch: Sendable {
        let lane: Lane
        let commands: [Pending]
    }

    private struct State {
        var waiting: [Lane: [Pending]] = [:]
        var busy: Set<Lane> = []
        var ready: [Lane] = []
        var idle: [CheckedContinuation<Batch?, Never>] = []
        var count = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let batchLimit: Int
    private let queueLimit: Int
    private let lanesPerProvince: Int

    init(_ settings: EngineSettings) {
        batchLimit = max(settings.batchLimit, 1)
        queueLimit = max(settings.queueLimit, 1)
        lanesPerProvince = max(settings.lanesPerProvince, 1)
    }

    /// How many commands wait.
    var count: Int { state.withLock { $0.count } }

    /// Whether a lane has work and no committer.
    var hasReadyLane: Bool { state.withLock { !$0.ready.isEmpty } }

    /// Adds a command to its lane.
    /// - Returns: false when too many wait already, or the queue is closed; the command was then not taken.
    func offer(_ pending: Pending) -> Bool {
        let slot = Int(truncatingIfNeeded: pending.dossier.id.low % UInt64(lanesPerProvince))
        let lane = Lane(province: pending.dossier.province, slot: slot)
        let handed: (CheckedContinuation<Batch?, Never>, Batch)?? = state.withLock { state in
            guard !state.isClosed, state.count < queueLimit || pending.isMachine else { return nil }
            state.waiting[lane, default: []].append(pending)
            state.count += 1
            return .some(makeReady(lane, &state))
        }
        guard let handed else { return false }
        if let (committer, batch) = handed { committer.resume(returning: batch) }
        return true
    }

    /// The next batch, as soon as a lane has one; nil once the queue is closed and empty.
    func next() async -> Batch? {
        await withCheckedContinuation { continuation in
            let now: Batch?? = state.withLock { state in
                if !state.ready.isEmpty {
                    let lane = state.ready.removeFirst()
                    return .some(take(lane, &state))
                }
                if state.isClosed { return .some(nil) }
                state.idle.append(continuation)
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    /// Says that a lane's batch is over, so that the lane's next one may start.
    func finished(_ lane: Lane) {
        let handed = state.withLock { state -> (CheckedContinuation<Batch?, Never>, Batch)? in
            state.busy.remove(lane)
            return makeReady(lane, &state)
        }
        if let (committer, batch) = handed { committer.resume(returning: batch) }
    }

    /// Takes no more commands; committers get what is there, then nil.
    func close() {
        let idle = state.withLock { state -> [CheckedContinuation<Batch?, Never>] in
            state.isClosed = true
            defer { state.idle = [] }
            return state.idle
        }
        for committer in idle { committer.resume(returning: nil) }
    }

    /// Closes, and gives back what waits: no committer will ever take it.
    func abandon() -> [Pending] {
        close()
        return state.withLock { state in
            let waiting = state.waiting.values.flatMap { $0 }
            state.waiting = [:]
            state.ready = []
            state.count = 0
            return waiting
        }
    }

    /// Gives a lane with work to an idle committer, or lines it up. Nothing for a lane that is busy, empty or lined up.
    private func makeReady(_ lane: Lane, _ state: inout State) -> (CheckedContinuation<Batch?, Never>, Batch)? {
        guard !state.busy.contains(lane), state.waiting[lane]?.isEmpty == false, !state.ready.contains(lane) else {
            return nil
        }
        guard !state.idle.isEmpty else {
            state.ready.append(lane)
            return nil
        }
        return (state.idle.removeFirst(), take(lane, &state))
    }

    private func take(_ lane: Lane, _ state: inout State) -> Batch {
        let waiting = state.waiting[lane] ?? []
        let commands = Array(waiting.prefix(batchLimit))
        state.waiting[lane] = waiting.count > commands.count ? Array(waiting.dropFirst(commands.count)) : nil
        state.busy.insert(lane)
        state.count -= commands.count
        return Batch(lane: lane, commands: commands)
    }
}
