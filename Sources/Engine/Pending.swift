import Dossiers
import Notices
import Store
import WorkingTime

/// A command on its way through a batch.
struct Pending: Sendable {
    let dossier: DossierRef
    let command: Command
    let by: Actor
    let arrived: Instant
    /// Nil for what the engine does by itself.
    let identity: CommandIdentity?
    let expectation: Expectation?
    /// The agenda row that this command consumes: a timer or a message.
    let consumes: String?
    /// What a new dossier needs besides its state.
    let newcomer: Newcomer?
    /// Sealed values that are stored if the command is done.
    let sealed: [SealedRow]
    let dataKey: DataKeyRow?
    let render: Rendering?
    /// Told once how it came out.
    let answer: @Sendable (PendingOutcome) -> Void
    /// Until when the caller waits.
    let deadline: ContinuousClock.Instant
    /// Batches that it was in.
    var tries = 0
    /// Batches in which another transaction held its dossier.
    var misses = 0

    /// Whether it was passed over so often that it now waits for the lock, alone (R10).
    var waitsForLock: Bool { misses >= 3 }

    /// What a new dossier needs besides its state.
    struct Newcomer: Sendable {
        /// The version that a submitted dossier is pinned to; a linked one is told by its start message.
        let procedure: String
        let version: Int
        let lookUp: LookUpCode?
        let client: String?
        let clientReference: String?
    }

    /// The client's own reference of a new dossier.
    var reference: ClientReference? {
        guard let newcomer, let client = newcomer.client, let reference = newcomer.clientReference else { return nil }
        return ClientReference(client: client, reference: reference)
    }

    /// Whether nobody waits for it: a timer, a message.
    var isMachine: Bool { identity == nil }

    /// Whether it must stand behind people's commands of the same batch (R7).
    var isTimer: Bool {
        if case .timer = command { return true }
        return false
    }
}

/// How a command came out.
enum PendingOutcome: Sendable {
    case answered(StoredAnswer)
    /// The key was used before with another request.
    case keyReused
    /// Nothing is known to have changed: ask again with the same key.
    case unavailable
    /// This command alone could not be carried out.
    case failed
}
