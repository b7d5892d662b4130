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

    /// Notes that a row goes into the queue; false when it is there already.
    func begin(_ row: Row) -> Bool { state.withLock { $0.inFlight.insert(row).inserted } }

    /// Notes that a row left the queue, whatever became of it.
    func end(_ row: Row) { state.withLock { _ = $0.inFlight.remove(row) } }
}
