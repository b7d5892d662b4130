import Procedures
import WorkingTime

/// The legal clock (clock.md): dates are computed from its intervals, and stored only as what the applicant was told.
extension Deciding {
    /// The calendar of the receiving centre, by which the whole is counted (rule 16).
    var centreCalendar: OfficeCalendar? { world.calendar(of: state.centre) }

    /// The rule by which the whole is limited: a link's limits in place of the procedure's own, with the counting and the
    /// cut-off of the procedure that linked it.
    var deadline: Deadline? {
        guard let from = state.parent?.limitsFrom,
            let parent = world.versions.find(name: from.procedure, version: from.version),
            let index = parent.node(named: from.node), case .link(let link) = parent[index].kind, !link.limits.isEmpty
        else { return procedure.deadline }
        var rule = parent.deadline ?? procedure.deadline ?? Deadline(limits: [])
        rule.limits = link.limits
        return rule
    }

    /// The row of the limits that holds in this case; nil without a deadline.
    var limit: TimeLimit? {
        let facts = state.conditionFacts
        return deadline?.limits.first { $0.when?.holds(facts) ?? true }?.within
    }

    /// Computes a due; what lies outside the calendar is refused to a person, and left out for a machine.
    func due(
        after start: Instant, _ limit: TimeLimit, counting: CountingMode = .nextDay, pauses: [Pause] = [],
        calendar: OfficeCalendar?
    ) throws(Refusal) -> Instant? {
        try computed { () throws(CalendarError) -> Instant? in
            guard let calendar else { return nil }
            let mode = counting.suits(limit) ? counting : .nextDay
            return try WorkingTime.due(
                after: start, limit: limit, counting: mode, pauses: pauses, calendar: calendar
            ).instant
        }
    }

    /// Runs a computation of dates: a date outside the calendar is refused to a person, and nil for a machine.
    func computed<Value>(_ body: () throws(CalendarError) -> Value?) throws(Refusal) -> Value? {
        do throws(CalendarError) {
            return try body()
        } catch {
            if isMachine { return nil }
            throw .badDate(error)
        }
    }

    /// From when the whole counts for something that came at `instant`: the instant itself, or 00:00 of the effective
    /// day that the cut-off gives (rule 3). Limits in hours know no cut-off.
    func origin(of instant: Instant, isAcceptance: Bool) throws(Refusal) -> Instant {
        guard let deadline, let cutOff = deadline.cutOff, let calendar = centreCalendar else { return instant }
        let channels = deadline.cutOffChannels
        guard channels.isEmpty || channels.contains(state.channel.name) else { return instant }
        if case .workingMinutes = limit { return instant }
        let submitted = state.clock.submitted
        let day = try computed { () throws(CalendarError) -> CivilDate? in
            if isAcceptance, deadline.cutOffOf == .submission {
                return max(try effectiveDay(of: submitted, cutOff: cutOff, in: calendar), instant.date)
            }
            return try effectiveDay(of: instant, cutOff: cutOff, in: calendar)
        }
        guard let day, day > instant.date else { return instant }
        return Instant(date: day, time: .midnight)
    }

    /// The closed pauses, each until its effective end: a completion after the cut-off resumes on the next working day.
    private func effectivePauses() throws(Refusal) -> [Pause] {
        var pauses: [Pause] = []
        for pause in state.clock.pauses {
            pauses.append(Pause(from: pause.from, until: try origin(of: pause.until, isAcceptance: false)))
        }
        return pauses
    }

    /// The end of the whole as it counts now, without what linked dossiers add; nil while it cannot be given.
    private func wholeDue() throws(Refusal) -> Instant? {
        guard let origin = state.clock.origin, let deadline, let limit else { return nil }
        let pauses = try effectivePauses()
        let own = try due(
            after: origin, limit, counting: deadline.counting, pauses: pauses, calendar: centreCalendar)
        guard let shorter = overlay else { return own }
        let date = try due(
            after: origin, shorter, counting: deadline.counting, pauses: pauses, calendar: centreCalendar)
        return [own, date].compactMap { $0 }.min()
    }

    /// The limit that the centre's province has set for itself; of a linked dossier the link says the limits.
    private var overlay: TimeLimit? {
        guard state.parent == nil, let accepted = state.clock.accepted,
            let province = world.directory.agencies[state.centre]?.province
        else { return nil }
        return world.directory.overlay(of: procedure.name, in: province, on: accepted.date)?.within
    }

    /// Gives a new promise if the clock gives another date now (rule 15); nothing while it is paused or stopped.
    mutating func promise(_ cause: Event.Promise.Cause) throws(Refusal) {
        let clock = state.clock
        guard clock.open.isEmpty, clock.stopped == nil, let own = try wholeDue() else { return }
        var date = own
        for step in state.running {
            guard let link = step.link, link.waited, let promised = link.promised, extends(step.node) else { continue }
            date = max(date, promised)
        }
        if let told = clock.promised {
            switch cause {
            case .resume, .linkedWait, .calendar: date = max(date, told)
            case .factFound where clock.reappointments > 0 || clock.promiseCause == .linkedWait:
                date = max(date, told)
            default: break
            }
        }
        if date != clock.promised { promise(date, cause) }
        try moveDues()
    }

    /// Tells the applicant a date.
    mutating func promise(_ date: Instant, _ cause: Event.Promise.Cause) {
        emit(
            .promised(
                Event.Promise(date: date, cause: cause, calendarHash: centreCalendar?.contentHash ?? "")))
        isUntold = true
    }

    /// Whether the link at a step moves this dossier's promise with the child's.
    private func extends(_ index: NodeIndex) -> Bool {
        guard let node = node(at: index), case .link(let link) = node.kind else { return false }
        return link.waits != .own
    }

    /// The dues of open steps follow the clock.
    mutating func moveDues() throws(Refusal) {
        for step in state.running {
            guard let node = node(at: step.node) else { continue }
            switch node.kind {
            case .person, .call, .link: break
            default: continue
            }
            let moved = try stepDue(step.node, node, opened: step.opened, agency: step.agency)
            if moved != step.due { emit(.dueMoved(activation: step.activation, due: moved)) }
        }
    }

    /// When a step is due: the earliest of its own limit, its groups' and what runs of the whole (rule 12).
    func stepDue(
        _ index: NodeIndex, _ node: Node, opened: Instant, agency: String?
    ) throws(Refusal) -> Instant? {
        var dues: [Instant] = []
        if let own = node.within {
            // Hours are the performer's office minutes; days are the centre's (rule 16).
            var calendar = centreCalendar
            if case .workingMinutes = own, let agency { calendar = world.calendar(of: agency) }
            if let due = try due(after: opened, own, pauses: state.clock.pauses, calendar: calendar) {
                dues.append(due)
            }
        }
        switch node.clock {
        case .runs: dues += try runningDues(index)
        case .reception:
            if state.clock.receptionHeldAt == nil, let due = state.clock.receptionDue { dues.append(due) }
        case .receptionHeld, .paused, .restart, .held, .stopped, .none: break
        }
        return dues.min()
    }

    private func runningDues(_ index: NodeIndex) throws(Refusal) -> [Instant] {
        let clock = state.clock
        guard clock.open.isEmpty, clock.stopped == nil, let origin = clock.origin else { return [] }
        var dues = clock.promised.map { [$0] } ?? []
        for group in procedure.groups where group.steps.contains(index) {
            let due = try due(
                after: origin, group.within, counting: .nextDay, pauses: try effectivePauses(),
                calendar: centreCalendar)
            if let due { dues.append(due) }
        }
        return dues
    }

    /// What entering a step does to the clocks.
    mutating func enterClock(_ node: Node, activation: Int) throws(Refusal) {
        switch node.clock {
        case .paused, .restart: if state.clock.stopped == nil { emit(.paused(activation: activation)) }
        case .held where node.block != .withdrawal:
            // The withdrawal's own step runs under the pause of the request, key 0.
            if state.clock.stopped == nil { emit(.paused(activation: activation)) }
        case .receptionHeld:
            if state.clock.receptionDue != nil, state.clock.receptionHeldAt == nil { emit(.receptionHeld) }
        case .stopped: try stopClock()
        case .runs, .reception, .held, .none: break
        }
    }

    /// The result is ready: a withdrawal that was asked for and not confirmed comes too late.
    mutating func stopClock() throws(Refusal) {
        guard state.clock.stopped == nil else { return }
        try dropWithdrawal()
        emit(.clockStopped)
        isUntold = true
    }

    /// What leaving a step does to the clocks.
    /// - Parameter next: where it leads; a pause goes over into a step that pauses too, and no date is given between.
    mutating func leaveClock(
        _ step: State.Running, _ node: Node, isAnswer: Bool, next: Outcome.Target?
    ) throws(Refusal) {
        if node.clock == .receptionHeld { try resumeReception() }
        guard state.clock.open[step.activation] != nil else { return }
        emit(.resumed(activation: step.activation, until: arrived))
        isUntold = true
        let restarts = isAnswer && restartsOnAnswer(step.node, node)
        if restarts { try restart(from: arrived) }
        if case .node(let index)? = next, let following = self.node(at: index), following.pauses { return }
        try promise(restarts ? .restart : .resume)
    }

    /// The whole counts afresh from the completion (rule 9).
    mutating func restart(from completed: Instant) throws(Refusal) {
        emit(.restarted(origin: try origin(of: completed, isAcceptance: false)))
        restartedAt = completed
    }

    /// Whether an answer at this step restarts the clock: at the waiting step, or at the refusal after its silence.
    private func restartsOnAnswer(_ index: NodeIndex, _ node: Node) -> Bool {
        if node.clock == .restart { return true }
        return procedure.nodes.contains { waiting in
            guard waiting.clock == .restart, case .applicant(let ask) = waiting.kind else { return false }
            return ask.silence == index
        }
    }

    /// The reception clock runs on, once nothing holds it any more.
    mutating func resumeReception() throws(Refusal) {
        guard let held = state.clock.receptionHeldAt, let due = state.clock.receptionDue else { return }
        let stillHeld = state.running.contains { node(at: $0.node)?.clock == .receptionHeld }
        if stillHeld { return }
        let calendar = centreCalendar
        let left = try computed { () throws(CalendarError) -> Int? in
            try calendar?.workingMinutes(from: held, to: due)
        }
        // What was late when it was held stays late.
        guard let left, left > 0 else { return emit(.receptionDue(due)) }
        let moved = try self.due(after: arrived, .workingMinutes(left), calendar: calendar)
        emit(.receptionDue(moved ?? due))
        try moveDues()
    }

    /// Closes every pause that a closed step had opened, and gives the date that follows.
    mutating func closePauses(_ keys: [Int]) throws(Refusal) {
        let open = keys.filter { state.clock.open[$0] != nil }
        guard !open.isEmpty else { return }
        for key in open { emit(.resumed(activation: key, until: arrived)) }
        isUntold = true
        try promise(.resume)
    }
}

extension Node {
    /// Whether the legal clock is paused while the step is open.
    var pauses: Bool { clock == .paused || clock == .restart || (clock == .held && block != .withdrawal) }
}
