import Procedures
import WorkingTime

/// Branches side by side. A dossier's commands fold in order, and the branch that completes a join emits it (R15).
extension Deciding {
    /// A fork without a branch that leads back to itself would turn for ever; the verifier refuses such a file.
    static let passingsMax = 16

    mutating func openBranches(of fork: Fork, activation: Int) throws(Refusal) {
        for branch in fork.branches where branch.when?.holds(state.conditionFacts) ?? true {
            // A branch that ended at once can have joined the fork already.
            guard state.position(of: activation) != nil, !hasEnded else { return }
            try open(branch.start, fork: activation)
        }
        try join(activation)
    }

    /// A branch has ended with a result.
    mutating func endBranch(_ step: State.Running, _ node: Node, result: String) throws(Refusal) {
        try endBranch(step, node, result: result, reason: result == "issued" ? nil : state.reason)
    }

    /// A branch has ended with a result and the reason that goes with it.
    mutating func endBranch(
        _ step: State.Running, _ node: Node, result: String, reason: String?
    ) throws(Refusal) {
        guard let activation = step.fork, let branch = branch(of: node) else { return }
        emit(.branchEnded(fork: activation, branch: branch.name, outcome: result, reason: reason))
        isUntold = true
        try join(activation)
    }

    /// The branch in which a step stands; nil in the main sequence.
    func branch(of node: Node) -> Fork.Branch? {
        guard case .branch(let index, let number) = node.block, let outer = self.node(at: index),
            case .fork(let fork) = outer.kind, fork.branches.indices.contains(number)
        else { return nil }
        return fork.branches[number]
    }

    /// Joins the branches if they have joined: the losers are stopped, the result is found, the fork is left.
    private mutating func join(_ activation: Int) throws(Refusal) {
        guard case .running = state.phase, let place = state.position(of: activation) else { return }
        let step = state.running[place]
        guard let node = node(at: step.node), case .fork(let fork) = node.kind else { return }
        let losers = state.running.filter { $0.fork == activation }
        let ended = state.parts.filter { $0.activation == activation }.map(\.outcome)
        let issued = ended.count { $0 == "issued" }
        let isJoined =
            switch fork.join {
            case .all: losers.isEmpty
            case .any: losers.isEmpty || issued >= 1
            case .count(let wanted): losers.isEmpty || issued >= wanted
            }
        if ended.isEmpty, losers.isEmpty { passings += 1 }
        guard isJoined, passings < Self.passingsMax else { return }
        let results = ended.map(Optional.some) + losers.map { _ in nil }
        try cancel(losers)
        for loser in losers {
            guard let branch = self.node(at: loser.node).flatMap(branch(of:)) else { continue }
            emit(.branchEnded(fork: activation, branch: branch.name, outcome: "stopped", reason: nil))
        }
        let row = fork.results.first { $0.test.holds(results) }
        guard let name = row?.outcome, let outcome = node.outcome(named: name) ?? node.outcomes.indices.last else {
            return
        }
        try finish(step, node, node.outcomes[outcome])
    }

    /// Leaves steps that nobody waits for any more, and everything inside them; linked dossiers are told to stop.
    private mutating func cancel(_ steps: [State.Running]) throws(Refusal) {
        var closed: [Int] = []
        var rest = steps
        while let step = rest.popLast() {
            rest += state.running.filter { $0.fork == step.activation }
            if let link = step.link {
                send(.stop, to: link.dossier, activation: step.activation)
            }
            emit(.closed(activation: step.activation))
            closed.append(step.activation)
        }
        try closePauses(closed)
    }
}

extension Fork.ResultRow.Test {
    /// Whether it holds for the results of the branches that were opened; nil stands for one that was cancelled.
    func holds(_ results: [String?]) -> Bool {
        switch self {
        case .all(let result): results.allSatisfy { $0 == result }
        case .any(let result): results.contains(result)
        case .none(let result): !results.contains(result)
        case .otherwise: true
        }
    }
}
