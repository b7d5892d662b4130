import Dossiers
import Procedures
import Store

extension StoredDossier {
    /// Whether an older fold wrote its state, which is then folded again from the events (R5).
    var isOfOlderFold: Bool { fold < Int16(State.fold) }

    /// The state: decoded, or folded again from the log where an older fold wrote it. Events after the row's sequence were
    /// committed after the row was read.
    ///
    /// Nil where a newer build wrote it, where the log has an event that this build cannot read, or where the log is not
    /// the one to whose end the row's head commits.
    func state(log: [EventRow]?) -> State? {
        if fold == Int16(State.fold) { return try? State(decoding: state) }
        guard isOfOlderFold, let events = log?.prefix(while: { $0.sequence <= sequence }),
            events.last?.sequence == sequence,
            EventRow.chain(from: EventRow.firstHead, events.map(\.body)).last == head
        else { return nil }
        var folded: State?
        for row in events {
            guard let event = try? Event(decoding: row.body) else { return nil }
            folded = evolve(folded, event)
        }
        return folded
    }
}

extension OpenWork {
    /// What stands in the database; an agenda row of no kind that this build knows is left alone.
    init(_ rows: OpenRows) {
        self.init(
            tasks: rows.tasks.map(\.task),
            timers: rows.timers.compactMap { row in
                TimerKey(text: row.key).map { OpenTimer(key: $0, due: row.dueAt) }
            })
    }
}
