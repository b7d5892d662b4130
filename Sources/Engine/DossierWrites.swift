import Dossiers
import Notices
import Procedures
import Store
import WorkingTime

/// The rows that one dossier's share of a batch changes: the difference between what was open and what is (R8).
struct DossierWrites {
    let province: Int16
    let id: DossierID
    let dossier: InHand
    let recorded: Instant

    /// Adds the rows. A dossier whose commands were all refused adds only the agenda rows that were consumed.
    func add(to writes: inout WriteBatch, _ result: inout Batch.Result) throws {
        guard let state = dossier.state, let world = dossier.world, !dossier.events.isEmpty else {
            // Nothing happened, but a timer may be due at another time than its row says.
            if let state = dossier.state, let world = dossier.world, dossier.rows != nil {
                return addWork(state, world, &writes)
            }
            clearConsumed(&writes)
            return
        }
        let bodies = dossier.events.map { (event: $0, body: $0.encoded()) }
        let heads = EventRow.chain(from: dossier.stored?.head ?? EventRow.firstHead, bodies.map(\.body))
        for (index, (event, body)) in bodies.enumerated() {
            writes.events.append(
                EventRow(
                    dossier: id, sequence: event.sequence, recordedAt: event.moment.recorded, kind: event.body.kind,
                    body: body, hash: heads[index]))
        }
        result.eventCount += bodies.count
        addDossier(state, head: heads.last ?? EventRow.firstHead, &writes)
        addWork(state, world, &writes)
        addMessages(&writes, &result)
        addNotices(world, head: heads.last ?? EventRow.firstHead, state, &writes, &result)
    }

    private func addDossier(_ state: State, head: [UInt8], _ writes: inout WriteBatch) {
        let body = state.encoded()
        if let stored = dossier.stored {
            writes.updates.append(
                DossierUpdate(
                    id: id, expectedSequence: stored.sequence, sequence: state.sequence, fold: Int16(State.fold),
                    phase: state.phase.number, status: Int16(state.published.status.rawValue), state: body, head: head,
                    code: state.code))
        } else {
            writes.newDossiers.append(
                NewDossier(
                    id: id, sequence: state.sequence, fold: Int16(State.fold), phase: state.phase.number,
                    status: Int16(state.published.status.rawValue), state: body, head: head,
                    procedure: state.procedure, procedureVersion: state.version, centre: state.centre,
                    agency: state.agency, channel: Int16(state.channel.rawValue), submittedAt: state.clock.submitted,
                    root: state.parent?.root.id ?? id, parent: state.parent?.dossier.id,
                    lookUp: dossier.newcomer?.lookUp?.compact, code: state.code, client: dossier.newcomer?.client,
                    clientReference: dossier.newcomer?.clientReference))
        }
    }

    private func addWork(_ state: State, _ world: World, _ writes: inout WriteBatch) {
        let old = dossier.openBefore(in: world)
        let new = openWork(state, in: world)
        let oldTasks = Dictionary(old.tasks.map { ($0.activation, $0) }) { first, _ in first }
        let newTasks = Dictionary(new.tasks.map { ($0.activation, $0) }) { first, _ in first }
        for task in new.tasks where oldTasks[task.activation] != task {
            writes.tasksSet.append(TaskRow(dossier: id, procedure: state.procedure, task: task))
            if task.agency != state.centre, task.agency != state.agency,
                oldTasks[task.activation]?.agency != task.agency
            {
                writes.agencies.append(DossierAgencyRow(agency: task.agency, dossier: id))
            }
        }
        for task in old.tasks where newTasks[task.activation] == nil {
            writes.tasksClosed.append(ClosedTask(dossier: id, activation: task.activation))
        }
        let oldTimers = Dictionary(old.timers.map { ($0.key.text, $0.due) }) { first, _ in first }
        let newTimers = Dictionary(new.timers.map { ($0.key.text, $0.due) }) { first, _ in first }
        for (key, due) in newTimers where oldTimers[key] != due {
            writes.agendaSet.append(AgendaRow(dossier: id, key: key, dueAt: due, payload: nil))
        }
        for key in oldTimers.keys where newTimers[key] == nil {
            writes.agendaCleared.append(ClearedAgenda(dossier: id, key: key))
        }
        for key in dossier.consumed where newTimers[key] == nil && oldTimers[key] == nil {
            writes.agendaCleared.append(ClearedAgenda(dossier: id, key: key))
        }
    }

    /// A timer that fired and changed nothing, or a message that was heard before: only its row goes.
    private func clearConsumed(_ writes: inout WriteBatch) {
        let armed: Set<String> =
            if let state = dossier.state, let world = dossier.world {
                Set(openWork(state, in: world).timers.map(\.key.text))
            } else { [] }
        for key in dossier.consumed.sorted() where !armed.contains(key) {
            writes.agendaCleared.append(ClearedAgenda(dossier: id, key: key))
        }
    }

    private func addMessages(_ writes: inout WriteBatch, _ result: inout Batch.Result) {
        for event in dossier.events {
            guard case .sent(let message) = event.body else { continue }
            let key = message.agendaKey
            let payload = message.encoded()
            if message.to.province == province {
                writes.agendaSet.append(
                    AgendaRow(dossier: message.to.id, key: key, dueAt: event.moment.arrived, payload: payload))
                result.messages.append(
                    Batch.SentMessage(message: message, key: key, sent: event.moment.arrived))
            } else {
                writes.outgoing.append(
                    OutgoingRow(
                        targetProvince: message.to.province, dossier: message.to.id, key: key,
                        dueAt: event.moment.arrived, payload: payload))
                result.hasOutgoing = true
            }
        }
    }

    private func addNotices(
        _ world: World, head: [UInt8], _ state: State, _ writes: inout WriteBatch, _ result: inout Batch.Result
    ) {
        for notice in notices(before: dossier.before, events: dossier.events, in: world) {
            // Only the first notice of a submitted dossier carries the look-up code, in a column of its own.
            let lookUp = notice.number == 1 ? dossier.newcomer?.lookUp?.compact : nil
            writes.notices.append(
                NoticeRow(
                    dossier: id, number: Int32(notice.number), root: state.parent?.root.id ?? id, lookUp: lookUp,
                    recordedAt: recorded, head: head, body: notice.encoded()))
            result.hasNotices = true
        }
    }
}

extension TimerKey {
    /// The agenda key of a timer: `late/0`.
    var text: String { "\(kind.rawValue)/\(activation)" }

    /// Reads what `text` writes; nil for the key of a message.
    init?(text: String) {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), let activation = Int(parts[1]) else {
            return nil
        }
        self.init(activation: activation, kind: kind)
    }
}

extension Message {
    /// The agenda key of a message, unique by its sender and number: `m/<sender>/<number>`. Keys of one sender sort in the
    /// order in which it sent.
    var agendaKey: String {
        let digits = String(number)
        return "m/\(from.id)/" + String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits
    }
}

extension State.Phase {
    /// As the dossier row has it.
    var number: Int16 {
        switch self {
        case .running: 0
        case .stopping: 1
        case .ended: 2
        }
    }
}
