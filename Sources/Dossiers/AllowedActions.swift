import Procedures
import WorkingTime

/// What can be done with a dossier now, and by whom: what the API lists, and what a refusal suggests instead.
package func allowedActions(_ state: State, in world: World) -> [AllowedAction] {
    if state.hasEnded { return [] }
    var actions: [AllowedAction] = []
    for step in state.running {
        guard let node = world.procedure.node(at: step.node) else { continue }
        actions += state.actions(on: step, node)
    }
    let isRunning = if case .running = state.phase { true } else { false }
    if isRunning, world.procedure.withdrawal != nil, state.parent == nil, state.clock.stopped == nil,
        state.withdrawal == nil
    {
        actions.append(AllowedAction(activation: 0, action: "withdraw", step: "", agency: state.centre))
    }
    if isRunning, state.clock.promised != nil, state.clock.open.isEmpty, state.clock.stopped == nil,
        state.clock.reappointments < world.procedure.late.reappointments
    {
        actions.append(
            AllowedAction(
                activation: 0, action: "reappoint", step: "", role: "head",
                needs: [Need(name: "reason", title: .reason, kind: .reason)]))
    }
    return actions
}

extension State {
    fileprivate func actions(on step: Running, _ node: Node) -> [AllowedAction] {
        func action(_ name: String, _ outcome: Outcome? = nil, role: String? = nil) -> AllowedAction {
            AllowedAction(
                activation: step.activation, action: name, step: node.name, outcome: outcome?.name,
                agency: step.agency, role: role, needs: outcome?.needs ?? [])
        }
        let offered = node.outcomes.filter { outcome in
            let isCapped = outcome.atMost.map { chosen[Deciding.key(node, outcome), default: 0] >= $0 } ?? false
            let isOver = if case .stopping = phase { outcome.target == .resume } else { false }
            return outcome.byPerformer && !isCapped && !isOver && (outcome.when?.holds(conditionFacts) ?? true)
        }
        switch node.kind {
        case .person(let role, _, _):
            var actions = offered.map { action("complete", $0, role: role) }
            actions.append(action(step.officer == nil ? "claim" : "release", role: role))
            if let answer = node.outcomes.first(where: \.byApplicant) { actions.append(action("answer", answer)) }
            return actions
        case .call(let call): return offered.map { action("complete", $0, role: call.connector) }
        case .applicant:
            let answer = node.outcome(named: "answered").map { node.outcomes[$0] } ?? node.outcomes.first
            return [action("answer", answer)]
        case .time, .fork, .link: return []
        }
    }
}
