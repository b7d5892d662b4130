import Dossiers
import Synchronization

/// What this node knows of work that waits: hints only, a sweep finds what they miss.
final class Hints: Sendable {
    /// An agenda row that is in the queue already.
    struct Row: Hashable, Sendable {
        let dossier: DossierRef
        let key: String
    }

    private struct State {
        var notices: Set<Int16> = []
        var outgoing: Set<Int16> = []
        var inFlight: Set<Row> = []
        /// Rows that left the queue since the agenda was last looked at: what a look began before knows of them is old.
        var ended: Set<Row> = []
    }

    private let state = Mutex(State())

    /// Notices of a province wait for their numbers.
    func noticesWait(_ province: Int16) { state.withLock { _ = $0.notices.insert(province) } }

    /// Messages of a province wait for the relay.
    func outgoingWaits(_ province: Int16) { state.withLock { _ = $0.outgoing.insert(province) } }

    /// The provinces with notices since the last call.
    func takeNotices() -> Set<Int16> {
        state.withLock { state in
            defer { state.notices = [] }
            return state.notices
        }
    }

    /// The provinces with outgoing messages since the last call.
    func takeOutgoing() -> Set<Int16> {
        state.withLock { state in
            defer { state.outgoing = [] }
            return state.outgoing
        }
    }

    /// Notes that the agenda is about to be looked at.
    func beginSweep() { state.withLock { $0.ended = [] } }

    /// Notes that a row goes into the queue; false when it is there already, or has just left it: then the next sweep
    /// knows whether it is still there, or must wait.
    func begin(_ row: Row) -> Bool {
        state.withLock { $0.ended.contains(row) ? false : $0.inFlight.insert(row).inserted }
    }

    /// Notes that a row left the queue, whatever became of it.
    func end(_ row: Row) {
        state.withLock { state in
            state.inFlight.remove(row)
            state.ended.insert(row)
        }
    }
}
