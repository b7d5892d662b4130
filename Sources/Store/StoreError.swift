/// Why a transaction was rolled back by one of the Store's own checks; nothing of it was stored.
package enum StoreError: Error, Hashable, Sendable {
    /// An answer key was stored by another transaction meanwhile: run the same commands again, and find its answer (R13).
    case twin
    /// A dossier's last event is not the one that was decided on; under the row's lock this means a caller's mistake.
    case stale
    /// An identity, look-up code, legal code, client reference, data key or version belongs to something else already.
    case collision
    /// Another transaction held the dossier's row for all of `lock_timeout`.
    case held

    /// Whether it is the twin of a command on another node.
    package var isTwin: Bool { self == .twin }

    /// The check that raised this SQLSTATE (`engine.expect`); nil for any other.
    init?(sqlState: String) {
        switch sqlState {
        case "MC001": self = .stale
        case "MC002": self = .twin
        case "MC003": self = .collision
        default: return nil
        }
    }
}
