import Procedures
import WorkingTime

/// The tasks and timers that a state keeps open: a pure function of it (R8).
package func openWork(_ state: State, in world: World) -> OpenWork {
    if state.hasEnded { return OpenWork() }
    var tasks: [OpenTask] = []
    for step in state.running {
        guard let node = world.procedure.node(at: step.node), let agency = step.agency else { continue }
        let kind: OpenTask.Kind
        let performer: String
        switch node.kind {
        case .person(let role, _, _): (kind, performer) = (.person, role)
        case .applicant(let ask): (kind, performer) = (.applicant, ask.who)
        case .call(let call): (kind, performer) = (.call, call.connector)
        case .time, .fork, .link: continue
        }
        tasks.append(
            OpenTask(
                activation: step.activation, kind: kind, step: node.name, agency: agency, role: performer,
                officer: step.officer, claims: step.claims, opened: step.opened, due: step.due,
                notBefore: step.retryAfter))
    }
    return OpenWork(tasks: tasks, timers: timers(of: state, in: world))
}

/// The armed timers. Those that worsen a dossier wait ten minutes longer than the law (R7).
func timers(of state: State, in world: World) -> [OpenTimer] {
    if state.hasEnded { return [] }
    var timers: [OpenTimer] = []
    for step in state.running {
        guard let node = world.procedure.node(at: step.node) else { continue }
        func arm(_ kind: TimerKey.Kind, _ due: Instant?) {
            if let due { timers.append(OpenTimer(key: TimerKey(activation: step.activation, kind: kind), due: due)) }
        }
        switch node.kind {
        case .applicant: arm(.silence, step.answerBy?.afterGrace)
        case .time: arm(.time, step.due ?? step.opened)
        case .call(let call):
            arm(.down, world.end(of: call.downAfter, from: step.opened, at: state.agency))
            arm(.stepLate, state.lateness(of: step))
        case .person: arm(.stepLate, state.lateness(of: step))
        case .link: arm(.stopOverdue, state.stopDeadline(of: step, in: world))
        case .fork: break
        }
        arm(.interrupt, state.interruption(of: step, node, in: world)?.afterGrace)
        arm(.remind, state.reminder(of: step, node, in: world))
    }
    if let due = state.successions(in: world.directory).map(\.due).min() {
        timers.append(OpenTimer(key: TimerKey(activation: 0, kind: .succession), due: due))
    }
    for (kind, due) in state.promiseTimers(in: world) {
        timers.append(OpenTimer(key: TimerKey(activation: 0, kind: kind), due: due))
    }
    return timers
}

extension State {
    /// When a step's lateness is recorded; nil when it was, or while another step pauses the clock.
    fileprivate func lateness(of step: Running) -> Instant? {
        guard !step.late, clock.open.keys.allSatisfy({ $0 == step.activation || step.activation == withdrawal }) else {
            return nil
        }
        return step.due?.afterGrace
    }

    /// When a part that was told to stop should have answered: a working day later.
    fileprivate func stopDeadline(of step: Running, in world: World) -> Instant? {
        guard let sent = step.link?.stopSentAt else { return nil }
        guard case .stopping = phase else {
            guard leavingScope(of: step, in: world.procedure) != nil else { return nil }
            return world.end(of: .workingDays(1), from: sent, at: centre)
        }
        if let confirm = world.procedure.withdrawal?.confirm, parent == nil,
            running.contains(where: { $0.node == confirm })
        {
            return nil
        }
        return world.end(of: .workingDays(1), from: sent, at: centre)
    }

    /// When a step is left for its passed time: from its opening, without what other steps pause.
    fileprivate func interruption(of step: Running, _ node: Node, in world: World) -> Instant? {
        guard let found = node.deadlineInterruption, case .deadline(let within?) = found.trigger,
            mayInterrupt(step, found, key: Deciding.key(node, found.outcome), in: world.procedure),
            clock.open.keys.allSatisfy({ $0 == step.activation })
        else { return nil }
        var agency = centre
        if case .workingMinutes = within { agency = step.agency ?? centre }
        return world.end(of: within, from: step.opened, pauses: clock.pastPauses + clock.pauses, at: agency)
    }

    /// When it is told again what is waited for, without limit or at the desk; not while a withdrawal is asked for.
    fileprivate func reminder(of step: Running, _ node: Node, in world: World) -> Instant? {
        guard let remind = node.wait?.remind ?? node.remind, case .running = phase, withdrawal == nil,
            leavingScope(of: step, in: world.procedure) == nil
        else { return nil }
        return world.end(of: remind, from: step.reminded ?? step.opened, at: centre)
    }

    /// The warning before the promised date and the record that it has passed; none while no date is promised.
    fileprivate func promiseTimers(in world: World) -> [(TimerKey.Kind, Instant)] {
        guard let promised = clock.promised, clock.open.isEmpty, clock.stopped == nil, case .running = phase else {
            return []
        }
        var timers: [(TimerKey.Kind, Instant)] = []
        if !clock.warned, let ahead = world.procedure.late.warnAhead,
            let warnAt = world.start(of: ahead, before: promised, at: centre), warnAt > clock.origin ?? warnAt
        {
            timers.append((.warn, warnAt))
        }
        // Nobody here is late while all that is left waits for the applicant (clock.md, 14).
        let links = running.compactMap(\.link)
        let isWaiting = !links.isEmpty && links.allSatisfy(\.waits)
        if !clock.late, !isWaiting { timers.append((.late, promised.afterGrace)) }
        return timers
    }
}

extension Instant {
    /// Ten minutes later: a command that was sent in time has arrived by then (R7).
    fileprivate var afterGrace: Instant { adding(seconds: 600) }
}

extension World {
    /// When a limit ends at an agency; nil outside the calendar.
    fileprivate func end(
        of limit: TimeLimit, from start: Instant, pauses: [Pause] = [], at agency: String
    ) -> Instant? {
        guard let calendar = calendar(of: agency) else { return nil }
        // Outside the calendar none is armed.
        return try? due(after: start, limit: limit, pauses: pauses, calendar: calendar).instant
    }

    /// When a limit that ends at `end` starts: for days at the opening of that day, so that the day can be used.
    fileprivate func start(of limit: TimeLimit, before end: Instant, at agency: String) -> Instant? {
        guard let calendar = calendar(of: agency) else { return nil }
        do throws(CalendarError) {
            return try calendar.start(of: limit, before: end)
        } catch {
            return nil
        }
    }
}

extension OfficeCalendar {
    fileprivate func start(of limit: TimeLimit, before end: Instant) throws(CalendarError) -> Instant {
        var day = end.date
        switch limit {
        case .sameWorkingDay: return try opening(of: lastCounted(through: day))
        case .calendarDays(let count): return try opening(of: lastCounted(through: day.adding(days: 0 &- count)))
        case .workingDays(let count):
            for _ in 0..<min(max(count, 0), TimeLimit.greatestCount) {
                day = try lastCounted(through: day.adding(days: -1))
            }
            return try opening(of: day)
        case .workingMinutes(let minutes):
            var left = Int64(min(max(minutes, 0), TimeLimit.greatestCount * 60)) * 60_000_000
            while true {
                for session in try sessions(on: day).reversed() {
                    let opens = Instant(date: day, time: session.opens)
                    let closes = min(end, Instant(date: day, time: session.closes))
                    guard opens < closes else { continue }
                    let length = closes.microseconds - opens.microseconds
                    if left <= length { return closes.adding(microseconds: -left) }
                    left -= length
                }
                day = day.adding(days: -1)
            }
        }
    }
}

extension Procedure {
    /// The step at an index; nil for an index of another file.
    func node(at index: NodeIndex) -> Node? {
        nodes.indices.contains(index.value) ? nodes[index.value] : nil
    }
}
