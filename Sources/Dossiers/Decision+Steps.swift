import Procedures
import WorkingTime

/// Entering and leaving steps.
extension Deciding {
    /// The step at an index; nil for an index of another file.
    func node(at index: NodeIndex) -> Node? {
        procedure.node(at: index)
    }

    /// The agency that a rule means, after what officers have re-routed.
    /// - Throws: `.noCompetentAgency` to a person; a machine opens the step at the centre, where somebody sees it.
    func resolve(_ rule: AgencyRule) throws(Refusal) -> String {
        switch rule {
        case .centre: return state.centre
        case .agency: return state.agency
        case .kind(let kind, let field):
            if case .text(let area)? = state.facts[field] ?? state.facts["form." + field],
                let agency = world.directory.agency(kind, serving: area, on: arrived.date)
            {
                let meant = state.rerouted[agency.code] ?? agency.code
                return world.directory.successor(of: meant, on: arrived.date)?.code ?? meant
            }
            if isMachine { return state.centre }
            throw .noCompetentAgency(kind: kind, field: field)
        }
    }

    /// Enters a step.
    mutating func open(_ index: NodeIndex, fork: Int?) throws(Refusal) {
        guard let node = node(at: index) else { return }
        if case .link(let link) = node.kind { return try openLink(index, node, link, fork: fork) }
        var opened = Event.Opened(activation: state.lastActivation &+ 1, node: index, name: node.name, fork: fork)
        switch node.kind {
        case .person(_, let rule, _): opened.agency = try resolve(rule)
        case .call: opened.agency = state.agency
        case .applicant(let ask):
            opened.agency = state.centre
            opened.answerBy = try answerBy(ask.within)
        case .time, .fork, .link: break
        }
        switch node.kind {
        case .time: opened.due = try due(after: arrived, node.within ?? .sameWorkingDay, calendar: centreCalendar)
        case .applicant: opened.due = opened.answerBy
        case .fork: break
        // A step that stops the clock is measured by its own limit alone, and so are those that pause it.
        default: opened.due = try stepDue(index, node, opened: arrived, agency: opened.agency)
        }
        emit(.opened(opened))
        try enterClock(node, activation: opened.activation)
        publish(node, index, activation: opened.activation)
        try openBeside(node.tells)
        if case .fork(let fork) = node.kind { try openBranches(of: fork, activation: opened.activation) }
    }

    /// The applicant's last moment: 24:00, for every channel (rule 18).
    private func answerBy(_ limit: TimeLimit) throws(Refusal) -> Instant? {
        let calendar = centreCalendar
        let noticeAt = arrived
        return try computed { () throws(CalendarError) -> Instant? in
            guard let calendar else { return nil }
            return try applicantDeadline(noticeAt: noticeAt, limit: limit, channel: .online, calendar: calendar)
        }
    }

    /// Leaves a step by an outcome, and goes where it leads.
    mutating func finish(
        _ step: State.Running, _ node: Node, _ outcome: Outcome, said: [String: Said] = [:], isAnswer: Bool = false
    ) throws(Refusal) {
        emit(.completed(activation: step.activation, outcome: outcome.name, said: said))
        if outcome.atMost != nil { emit(.counted(Self.key(node, outcome))) }
        if case .officer(let id, _, _) = by, isChecked(step.node) { emit(.performed(step: node.name, officer: id)) }
        let found = named(outcome.sets)
        if !found.isEmpty { emit(.factsSet(found)) }
        give(outcome.gives.map(\.component))
        if outcome.accepts, state.clock.accepted == nil { try accept(at: step.agency ?? state.centre) }
        try leaveClock(step, node, isAnswer: isAnswer, next: outcome.target)
        if !found.isEmpty { try promise(.factFound) }
        publish(outcome, of: step.node, node)
        try follow(outcome.target, from: step, node)
    }

    /// The key under which a capped outcome is counted.
    static func key(_ node: Node, _ outcome: Outcome) -> String { node.name + "." + outcome.name }

    /// Facts by the names that conditions use: an outcome may write `verification` for `facts.verification`.
    func named(_ facts: [String: FactValue]) -> [String: FactValue] {
        var result: [String: FactValue] = [:]
        for (name, value) in facts {
            let isWhole = procedure.facts.contains { $0.name == name }
            result[isWhole || name.hasPrefix("facts.") ? name : "facts." + name] = value
        }
        return result.filter { state.facts[$0.key] != $0.value }
    }

    mutating func give(_ components: [String]) {
        let new = components.filter { !state.gave.contains($0) }
        if !new.isEmpty { emit(.gave(new)) }
    }

    /// Whether another step may not be done by this one's performer.
    private func isChecked(_ index: NodeIndex) -> Bool {
        procedure.nodes.contains { node in
            if case .person(_, _, let notBy) = node.kind { notBy.contains(index) } else { false }
        }
    }

    /// The dossier is accepted: it will get its code, and the legal clock starts.
    private mutating func accept(at agency: String) throws(Refusal) {
        let counts = deadline?.countsFrom == .receiptSlip ? state.clock.received ?? arrived : arrived
        emit(.accepted(agency: agency, day: arrived.date, origin: try origin(of: counts, isAcceptance: true)))
        isUntold = true
        try promise(.acceptance)
    }

    private mutating func follow(
        _ target: Outcome.Target, from step: State.Running, _ node: Node
    ) throws(Refusal) {
        if case .stopping = state.phase, target != .stop { return try finishStopping() }
        switch target {
        case .node(let index): try open(index, fork: step.fork)
        case .branch(let result): try endBranch(step, node, result: result)
        case .end(let index): try end(index)
        case .resume: try resumeAfterWithdrawal()
        case .stop:
            if case .stopping = state.phase { try stopWithoutAnswers() } else { try stop() }
        // Re-routing moves the task and completes nothing (Decision+Tasks).
        case .reroute: break
        case .done: break
        }
    }

    /// Ends the dossier, in two phases where linked dossiers still run (R16).
    mutating func end(_ index: EndIndex) throws(Refusal) {
        guard procedure.ends.indices.contains(index.value) else { return }
        try dropWithdrawal()
        if state.running.contains(where: { $0.link != nil }) {
            emit(.ending(index))
            try stop()
        } else {
            try closeAll()
            let end = procedure[index]
            conclude(end.name, end.result)
            publish(end, index)
        }
    }

    /// The terminal event.
    mutating func conclude(_ name: String, _ result: End.Result) {
        emit(.ended(end: name, result: result, reason: result == .issued ? nil : state.reason))
    }

    /// Leaves every step that is open.
    mutating func closeAll(exceptLinks: Bool = false) throws(Refusal) {
        try dropWithdrawal()
        for step in state.running where !(exceptLinks && step.link != nil) {
            emit(.closed(activation: step.activation))
        }
        try closePauses(state.clock.open.keys.sorted())
    }
}
