import Procedures
import WorkingTime

/// Interruptions: a passed deadline or a message from outside leaves a step, or the whole, in two phases (R16).
extension Deciding {
    /// A message of an outside system. One that nothing waits for (any more) is recorded and has no effect (R8).
    mutating func hear(_ name: String, _ said: [String: Said]) throws(Refusal) {
        guard case .connector(let connector) = by else { throw .onlyConnectors }
        let known = procedure.interruptions(byMessage: name)
        guard let first = known.first else { throw .unknownMessage(name) }
        guard known.contains(where: { $0.trigger == .message(from: connector) }) else {
            if case .message(let from) = first.trigger { throw .onlyConnector(from) }
            throw .unknownMessage(name)
        }
        func hears(_ interruption: Interruption) -> Bool {
            interruption.outcome.name == Interruption.name(of: name)
                && interruption.trigger == .message(from: connector)
        }
        // The step that was opened last is the nearest to what the message speaks of.
        for step in state.running.reversed() {
            guard let node = node(at: step.node), let found = node.interruptions.first(where: hears),
                mayInterrupt(step, found, in: node)
            else { continue }
            try check(said, needs: found.outcome.needs)
            return try interrupt(step, node, found, said)
        }
        if let found = procedure.interruptions.first(where: hears), mayInterruptWhole(found) {
            try check(said, needs: found.outcome.needs)
            return try interruptWhole(found, said)
        }
        emit(.lateResult("message \(name)"))
    }

    /// The promised date has passed.
    mutating func deadlinePassed() throws(Refusal) {
        let passed = Interruption.Trigger.deadline(within: nil)
        guard let found = procedure.interruptions.first(where: { $0.trigger == passed }), mayInterruptWhole(found)
        else { return }
        try interruptWhole(found, [:])
    }

    /// A step's own time for what it does has passed.
    mutating func deadlinePassed(_ activation: Int) throws(Refusal) {
        let (step, node) = try openStep(activation)
        guard let found = node.deadlineInterruption, mayInterrupt(step, found, in: node) else { return }
        try interrupt(step, node, found, [:])
    }

    private func mayInterrupt(_ step: State.Running, _ interruption: Interruption, in node: Node) -> Bool {
        state.mayInterrupt(step, interruption, key: Self.key(node, interruption.outcome), in: procedure)
    }

    /// The whole is interrupted between its acceptance and its result.
    private func mayInterruptWhole(_ interruption: Interruption) -> Bool {
        guard case .running = state.phase, state.clock.accepted != nil, state.clock.stopped == nil,
            state.leaving[0] == nil
        else { return false }
        return interruption.outcome.atMost.map { state.chosen[interruption.outcome.name, default: 0] < $0 } ?? true
    }

    /// First phase at a step: what runs inside is stopped.
    private mutating func interrupt(
        _ step: State.Running, _ node: Node, _ interruption: Interruption, _ said: [String: Said]
    ) throws(Refusal) {
        emit(.interrupted(activation: step.activation, by: interruption.outcome.name, said: said))
        let inside = state.inside(step.activation)
        try leave(step.link == nil ? inside : inside + [step])
        try finishLeaving(step.activation, left: step)
    }

    /// First phase at the whole: the applicant's withdrawal and the tasks beside the rest stay.
    private mutating func interruptWhole(_ interruption: Interruption, _ said: [String: Said]) throws(Refusal) {
        emit(.interrupted(activation: 0, by: interruption.outcome.name, said: said))
        try leave(state.insideWhole(procedure))
        try finishLeaving(0)
    }

    /// Stops the work: links are told to stop and waited for, forks stand until then, the rest is left.
    private mutating func leave(_ steps: [State.Running]) throws(Refusal) {
        var closed: [Int] = []
        for step in steps {
            if let link = step.link {
                if !link.stopSent { send(.stop, to: link.dossier, activation: step.activation) }
                continue
            }
            if let node = node(at: step.node), case .fork = node.kind { continue }
            emit(.closed(activation: step.activation))
            closed.append(step.activation)
        }
        isUntold = true
        try closePauses(closed)
        try resumeReception()
    }

    /// Second phase: the way goes on, once every linked dossier inside has answered.
    /// - Parameter left: the step that was left, where it may not run any more.
    /// - Parameter withoutAnswers: a working day has passed; what they answer later is recorded.
    mutating func finishLeaving(
        _ scope: Int, left: State.Running? = nil, withoutAnswers: Bool = false
    ) throws(Refusal) {
        guard let name = state.leaving[scope] else { return }
        let inside = scope == 0 ? state.insideWhole(procedure) : state.inside(scope)
        let own = state.running.first { $0.activation == scope }
        let waits = own?.link != nil || inside.contains { $0.link != nil }
        guard withoutAnswers || !waits else { return }
        for step in inside { emit(.closed(activation: step.activation)) }
        try closePauses(inside.map(\.activation))
        emit(.left(activation: scope))
        if scope == 0 {
            guard let found = procedure.interruptions.first(where: { $0.outcome.name == name }) else { return }
            return try goOn(found)
        }
        guard let step = own ?? left, let node = node(at: step.node),
            let found = node.interruptions.first(where: { $0.outcome.name == name })
        else { return }
        // A message is an answer: where the step's clock restarts, it restarts with it.
        let isAnswer = if case .message = found.trigger { true } else { false }
        try finish(step, node, found.outcome, isAnswer: isAnswer)
    }

    /// The whole goes on at the step to which its interruption leads.
    private mutating func goOn(_ interruption: Interruption) throws(Refusal) {
        let outcome = interruption.outcome
        if outcome.atMost != nil { emit(.counted(outcome.name)) }
        let found = named(outcome.sets)
        if !found.isEmpty {
            emit(.factsSet(found))
            try promise(.factFound)
        }
        if let target = interruption.target { try open(target, fork: nil) }
    }

    /// A linked dossier that was told to stop has not answered for a working day: the person to whom the interruption
    /// leads takes it from here.
    mutating func leaveWithoutAnswers(_ activation: Int) throws(Refusal) {
        guard let place = state.position(of: activation),
            let scope = state.leavingScope(of: state.running[place], in: procedure)
        else { return }
        try finishLeaving(scope, withoutAnswers: true)
    }
}

extension State {
    /// The steps that run inside a step, at any depth.
    func inside(_ activation: Int) -> [Running] {
        var found: [Running] = []
        var scopes = [activation]
        while let scope = scopes.popLast() {
            let inner = running.filter { $0.fork == scope }
            found += inner
            scopes += inner.map(\.activation)
        }
        return found
    }

    /// Everything that runs but the applicant's withdrawal and the tasks beside the rest.
    func insideWhole(_ procedure: Procedure) -> [Running] {
        running.filter { isInsideWhole($0, procedure) }
    }

    private func isInsideWhole(_ step: Running, _ procedure: Procedure) -> Bool {
        switch procedure.node(at: step.node)?.block {
        case .withdrawal, .beside: false
        case .root, .branch, nil: true
        }
    }

    /// The outermost step that is being left around a step (or the step itself), or 0 for the whole; nil where its work
    /// goes on.
    func leavingScope(of step: Running, in procedure: Procedure) -> Int? {
        if leaving.isEmpty { return nil }
        if leaving[0] != nil { return isInsideWhole(step, procedure) ? 0 : nil }
        var found = leaving[step.activation] != nil ? step.activation : nil
        var inner = step
        // A fork is older than what runs inside it, so that the walk ends.
        while let outer = running.first(where: { $0.activation == inner.fork && $0.activation < inner.activation }) {
            if leaving[outer.activation] != nil { found = outer.activation }
            inner = outer
        }
        return found
    }

    /// Whether an interruption of a step can still come about; `key` counts how often it has.
    func mayInterrupt(
        _ step: Running, _ interruption: Interruption, key: String, in procedure: Procedure
    ) -> Bool {
        guard case .running = phase, leavingScope(of: step, in: procedure) == nil else { return false }
        return interruption.outcome.atMost.map { chosen[key, default: 0] < $0 } ?? true
    }
}

extension Node {
    /// What happens when the time that `on: {deadline: …}` gives has passed; nil where the file does not say.
    var deadlineInterruption: Interruption? {
        interruptions.first { if case .deadline = $0.trigger { true } else { false } }
    }
}
