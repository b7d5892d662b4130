import Dossiers
import JSONText
import Notices
import Procedures
import Store
import WorkingTime

/// One batch of one province's commands, inside its transaction: load, decide each in order, write all.
///
/// Runs on the connection's own thread. A refused command fails alone; a fault of the database fails the whole, which the
/// committer then takes apart (R12).
struct Batch {
    let province: Int16
    let commands: [Pending]
    let shelf: CatalogueSnapshot
    let recordedOverride: Instant?
    /// True waits for dossiers that others hold, up to `lock_timeout`; else their commands are held over.
    var waiting = false

    /// What became of a command within the batch.
    enum Outcome: Sendable {
        case answered(StoredAnswer)
        case keyReused
        /// Another transaction holds the dossier: once more, later.
        case held
        /// The dossier was written by a newer build, or its version is not loaded here: another node must do it.
        case notHere
    }

    /// What the caller does after the commit.
    struct Result: Sendable {
        /// One a command, in order.
        var outcomes: [Outcome]
        /// Messages to dossiers of the same province: delivered at once, the agenda is only the floor.
        var messages: [SentMessage]
        /// Whether messages to other provinces wait for the relay.
        var hasOutgoing: Bool
        /// Whether notices wait for their numbers.
        var hasNotices: Bool
        /// Events written.
        var eventCount: Int
    }

    /// A message and the agenda row that keeps it until it is consumed.
    struct SentMessage: Sendable {
        let message: Message
        let key: String
        let sent: Instant
    }

    /// Runs the batch. Throws only what makes the transaction roll back.
    func run(_ transaction: ProvinceTransaction) throws -> Result {
        let ids = Set(commands.map(\.dossier.id)).sorted()
        let keys = commands.compactMap(\.identity?.key)
        let loaded = try transaction.load(
            dossiers: ids, keys: keys, references: commands.compactMap(\.reference), now: recordedOverride,
            waiting: waiting, newcomers: Set(commands.filter { $0.newcomer != nil }.map(\.dossier.id)))
        // R5, R11: after the locks, and for all such dossiers at once.
        let older = loaded.dossiers.values.filter(\.isOfOlderFold).map(\.id)
        let amended = commands.filter(\.command.isAmendment).map(\.dossier.id).filter { loaded.dossiers[$0] != nil }
        var work = Work(
            batch: self, loaded: loaded, logs: try transaction.logs(of: older),
            open: try transaction.openRows(of: Array(Set(older + amended))))
        for index in commands.indices.sorted(by: { order($0) < order($1) }) { work.handle(index) }
        // A day's counter is locked until the commit, and every lane wants the same few: what can be written before is, and
        // travels with the counter's statement.
        let coded = work.awaitingCodes
        try work.gather { !coded.contains($0) }
        transaction.write(work.takeWrites())
        try work.issueCodes(for: coded.sorted(), transaction)
        try work.gather { coded.contains($0) }
        var last = work.takeWrites()
        // Idempotency keys come last, all in one order (R10).
        last.answers = work.answers
        transaction.write(last)
        return work.outcome
    }

    /// People's commands first, timers after them, each in order of arrival (R7).
    private func order(_ index: Int) -> (Int, Int) { (commands[index].isTimer ? 1 : 0, index) }
}

/// A dossier in hand during a batch.
struct InHand {
    let stored: StoredDossier?
    let before: State?
    var state: State?
    var events: [Event] = []
    var world: World?
    var newcomer: Pending.Newcomer?
    /// Agenda rows consumed by commands of this batch.
    var consumed: Set<String> = []
    /// The open rows as they stand, where they may be others than the state before would keep open here: an older fold
    /// wrote them, or they were written before a calendar or an agency was amended.
    var rows: OpenWork?

    /// What was open before this batch.
    func openBefore(in world: World) -> OpenWork {
        rows ?? before.map { openWork($0, in: world) } ?? OpenWork()
    }

    /// The look-up code of a submitted dossier.
    var lookUp: LookUpCode? {
        if let stored = stored?.lookUp { return try? LookUpCode(typed: stored) }  // Our own column: always readable.
        return newcomer?.lookUp
    }
}
