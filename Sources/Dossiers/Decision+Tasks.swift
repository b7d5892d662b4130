import Procedures
import WorkingTime

/// What people and adapters do with open tasks (R8, R15).
extension Deciding {
    /// The open step of an activation, with its node.
    /// - Throws: `.notOpen`.
    func openStep(_ activation: Int) throws(Refusal) -> (State.Running, Node) {
        guard let place = state.position(of: activation), let node = node(at: state.running[place].node) else {
            throw .taskOver
        }
        return (state.running[place], node)
    }

    mutating func complete(_ activation: Int, _ name: String, _ said: [String: Said]) throws(Refusal) {
        if case .connector = by, state.position(of: activation) == nil {
            return emit(.lateResult("call \(activation) \(name)"))
        }
        let (step, node) = try openStep(activation)
        switch node.kind {
        case .person(let role, _, let notBy): try authorize(step, role: role, notBy: notBy)
        case .call(let call): try authorizeConnector(call)
        case .applicant:
            guard name == "answered" else { throw .unknownOutcome(name) }
            return try answer(activation, said)
        case .time, .fork, .link: throw .taskOver
        }
        guard let number = node.outcome(named: name), node.outcomes[number].byPerformer else {
            throw .unknownOutcome(name)
        }
        let outcome = node.outcomes[number]
        try checkOffer(node, outcome)
        try check(said, needs: outcome.needs, isReroute: outcome.target == .reroute)
        if outcome.target == .reroute { return try reroute(step, node, outcome, said) }
        try finish(step, node, outcome, said: said)
    }

    /// The applicant answers at the waiting step, or while an officer holds the refusal that followed the silence.
    mutating func answer(_ activation: Int, _ said: [String: Said]) throws(Refusal) {
        let (step, node) = try openStep(activation)
        guard isApplicantOrDesk else { throw .notTheApplicant }
        let found: Outcome?
        if case .applicant = node.kind {
            found = node.outcome(named: "answered").map { node.outcomes[$0] } ?? node.outcomes.first
        } else {
            found = node.outcomes.first(where: \.byApplicant)
        }
        guard let outcome = found else { throw .nothingAsked }
        try check(said, needs: outcome.needs, isAnswer: true)
        try finish(step, node, outcome, said: said, isAnswer: true)
    }

    mutating func claim(_ activation: Int) throws(Refusal) {
        let (step, node) = try openStep(activation)
        guard case .person(let role, _, let notBy) = node.kind, case .officer(let id, _, _) = by else {
            throw .taskOver
        }
        try authorize(step, role: role, notBy: notBy)
        if step.officer != id { emit(.claimed(activation: activation, officer: id)) }
    }

    mutating func release(_ activation: Int) throws(Refusal) {
        let (step, node) = try openStep(activation)
        guard case .person(let role, _, _) = node.kind else { throw .taskOver }
        guard step.officer != nil else { throw .heldByNobody }
        try authorize(step, role: role, notBy: [], mayHead: true)
        emit(.released(activation: activation))
    }

    mutating func reassign(_ activation: Int, to officer: String) throws(Refusal) {
        let (step, node) = try openStep(activation)
        guard case .person(let role, _, let notBy) = node.kind else { throw .taskOver }
        guard case .officer(_, let agency, let roles) = by, agency == step.agency else { throw .belongsElsewhere }
        guard roles.contains(role) || Self.isHead(roles, of: role) else { throw .lacksRole(role) }
        guard let target = world.directory.officers[officer], target.agency == step.agency,
            target.roles.contains(role)
        else { throw .noSuchOfficer(officer) }
        try checkFourEyes(officer, notBy: notBy)
        if step.officer != officer { emit(.reassigned(activation: activation, officer: officer)) }
    }

    /// The adapter did not reach the outside system: again after 1, 2, 4, … at most 60 minutes, then an officer.
    mutating func callFailed(_ activation: Int) throws(Refusal) {
        guard let place = state.position(of: activation), let node = node(at: state.running[place].node),
            case .call(let call) = node.kind
        else { return }
        try authorizeConnector(call)
        let step = state.running[place]
        let minutes = min(1 << min(max(step.failures, 0), 6), 60)
        emit(.callFailed(activation: activation, retryAfter: arrived.adding(seconds: Int64(minutes) * 60)))
        if step.failures &+ 1 >= call.attempts { try takeOver(step, node, call) }
    }

    /// An officer takes over what an outside system did not do.
    mutating func takeOver(_ step: State.Running, _ node: Node, _ call: Call) throws(Refusal) {
        emit(.closed(activation: step.activation))
        try leaveClock(step, node, isAnswer: false, next: .node(call.downTo))
        try open(call.downTo, fork: step.fork)
    }

    /// Whether `roles` hold the headship over `role`.
    static func isHead(_ roles: [String], of role: String) -> Bool {
        roles.contains("head") || roles.contains(role + "-head")
    }

    private func authorize(
        _ step: State.Running, role: String, notBy: [NodeIndex], mayHead: Bool = false
    ) throws(Refusal) {
        guard case .officer(let id, let agency, let roles) = by else { throw .onlyOfficers }
        guard agency == step.agency else { throw .belongsElsewhere }
        let isHead = mayHead && Self.isHead(roles, of: role)
        guard roles.contains(role) || isHead else { throw .lacksRole(role) }
        if let holder = step.officer, holder != id, !isHead { throw .heldByAnother }
        try checkFourEyes(id, notBy: notBy)
    }

    private func checkFourEyes(_ officer: String, notBy: [NodeIndex]) throws(Refusal) {
        for index in notBy {
            guard let checked = node(at: index), state.performers[checked.name] == officer else { continue }
            throw .sameEyes(checked.title)
        }
    }

    private func authorizeConnector(_ call: Call) throws(Refusal) {
        guard case .connector(let name) = by, name == call.connector else { throw .onlyConnector(call.connector) }
    }

    private func checkOffer(_ node: Node, _ outcome: Outcome) throws(Refusal) {
        if let when = outcome.when, !when.holds(state.conditionFacts) { throw .notInThisCase(outcome.title) }
        if let most = outcome.atMost, state.chosen[Self.key(node, outcome), default: 0] >= most {
            throw .oftenEnough(outcome.title, most)
        }
        if case .stopping = state.phase, outcome.target == .resume { throw .alreadyStopping }
    }

    private mutating func reroute(
        _ step: State.Running, _ node: Node, _ outcome: Outcome, _ said: [String: Said]
    ) throws(Refusal) {
        guard case .agency(let code)? = said["agency"], let target = world.directory.agencies[code],
            let current = step.agency, code != current,
            world.directory.agencies[current].map({ $0.kind == target.kind }) ?? true, target.exists(on: arrived.date)
        else { throw .badData("agency") }
        emit(.rerouted(activation: step.activation, agency: code, said: said.filter { $0.key != "agency" }))
        if outcome.atMost != nil { emit(.counted(Self.key(node, outcome))) }
        isUntold = true
        // The same step stands at another agency now: its sentence names the agency, so it is said anew.
        if outcome.words == nil {
            publish(node, step.node, activation: step.activation)
        } else {
            publish(outcome, of: step.node, node)
        }
        try moveDues()
    }

    /// What a connector reports of a dossier that has ended.
    mutating func recordLate(_ command: Command) {
        switch command {
        case .complete(let activation, let outcome, _): emit(.lateResult("call \(activation) \(outcome)"))
        case .tell(let message, _) where !procedure.interruptions(byMessage: message).isEmpty:
            emit(.lateResult("message \(message)"))
        default: break
        }
    }
}
