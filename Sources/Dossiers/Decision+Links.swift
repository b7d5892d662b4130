import Notices
import Procedures
import WorkingTime

/// Linked dossiers: a dossier changes itself alone, and tells the others by messages (R1).
extension Deciding {
    mutating func openLink(_ index: NodeIndex, _ node: Node, _ link: Link, fork: Int?) throws(Refusal) {
        let agency = try resolve(link.at)
        let day = state.clock.submitted.date
        let found = world.versions.find(name: link.procedure, on: day) ?? world.versions.newest(name: link.procedure)
        let activation = state.lastActivation &+ 1
        guard let linked = found else {
            return try openWithoutProcedure(index, node, link, fork: fork, activation: activation)
        }
        let child = DossierRef(
            province: world.province(of: agency) ?? state.dossier.province,
            id: DossierID(
                linkedBy: state.dossier.id, activation: activation, milliseconds: arrived.microseconds / 1000))
        emit(
            .opened(
                Event.Opened(
                    activation: activation, node: index, name: node.name, fork: fork, agency: agency,
                    due: try stepDue(index, node, opened: arrived, agency: agency),
                    link: State.Running.Linked(dossier: child, procedure: linked.name, version: linked.version))))
        try enterClock(node, activation: activation)
        let start = Message.Start(
            procedure: linked.name, version: linked.version, contentHash: linked.contentHash,
            root: state.parent?.root ?? state.dossier, centre: state.centre, agency: agency, channel: state.channel,
            submitted: state.clock.submitted,
            origin: link.countsFrom == .acceptance ? state.clock.origin ?? arrived : arrived,
            limitsFrom: Message.LimitSource(procedure: state.procedure, version: state.version, node: node.name),
            facts: state.facts.filter { fact in linked.facts.contains { $0.name == fact.key && $0.isDeclared } },
            part: branch(of: node)?.title.vi ?? node.title.vi)
        send(.start(start), to: child, activation: activation)
        publish(node, index, activation: activation)
    }

    /// Loading checked that a version is there. Without any a person is told, and a machine goes on as if the part had
    /// been stopped, rather than leave a step that waits for ever.
    private mutating func openWithoutProcedure(
        _ index: NodeIndex, _ node: Node, _ link: Link, fork: Int?, activation: Int
    ) throws(Refusal) {
        passings += 1
        guard isMachine, passings < Self.passingsMax else { throw .noLinkedProcedure(link.procedure) }
        emit(.opened(Event.Opened(activation: activation, node: index, name: node.name, fork: fork)))
        let step = State.Running(activation: activation, node: index, fork: fork, opened: arrived)
        if let outcome = node.outcome(named: "otherwise") ?? node.outcomes.indices.last {
            try finish(step, node, node.outcomes[outcome])
        } else {
            emit(.closed(activation: activation))
            try endBranch(step, node, result: End.Result.stopped.rawValue, reason: nil)
        }
    }

    /// How this dossier stands for the one that linked it; nil for one that was submitted.
    var standing: Message.Standing? {
        guard let parent = state.parent else { return nil }
        let waiting = state.running.filter(isWaiting)
        var facts: [String: FactValue] = [:]
        let source = world.versions.find(name: parent.limitsFrom.procedure, version: parent.limitsFrom.version)
        if let source, let index = source.node(named: parent.limitsFrom.node),
            case .link(let link) = source[index].kind
        {
            for name in link.copies {
                let whole = name.hasPrefix("facts.") ? name : "facts." + name
                if let value = state.facts[whole] ?? state.facts[name] { facts[whole] = value }
            }
        }
        let clock = state.clock
        return Message.Standing(
            waits: !waiting.isEmpty,
            waitsUntil: waiting.compactMap { $0.answerBy ?? $0.link?.waitsUntil }.min(),
            promised: clock.open.isEmpty ? clock.promised : nil,
            waited: clock.epoch > 0 || !clock.pauses.isEmpty || clock.reappointments > 0
                || clock.promiseCause == .linkedWait,
            restarted: restartedAt, facts: facts)
    }

    /// Whether a step waits for the applicant: at the asking step, in a linked dossier, or before the refusal that
    /// follows silence is signed.
    private func isWaiting(_ step: State.Running) -> Bool {
        if let link = step.link { return link.waits }
        guard let node = node(at: step.node) else { return false }
        if case .applicant = node.kind { return true }
        if node.wait?.holder == .applicant { return true }
        return node.pauses && node.outcomes.contains(where: \.byApplicant)
    }

    mutating func receive(_ message: Message) throws(Refusal) {
        switch message.body {
        // It was started before: a link starts one dossier, however often it is told to (R17). Siblings were heard.
        case .start, .siblings: return
        case .stop:
            guard message.from == state.parent?.dossier else { return }
            if case .running = state.phase { try stop() }
        case .standing(let standing):
            guard let step = link(of: message), message.number > step.link?.heard ?? 0 else { return }
            try absorb(standing, message.number, from: step)
        case .ended(let ended):
            guard let step = link(of: message) else { return recordLate(message) }
            try linkEnded(step, ended, message.number)
        }
    }

    /// The running link that a message answers; nil when it is over, or another dossier's.
    private func link(of message: Message) -> State.Running? {
        state.running.first { $0.activation == message.activation && $0.link?.dossier == message.from }
    }

    /// The result of something that is over is recorded and has no effect (R8).
    mutating func recordLate(_ message: Message) {
        guard case .ended(let ended) = message.body else { return }
        emit(.lateResult("link \(message.activation) \(ended.end) \(ended.result.rawValue)"))
    }

    /// Takes note of how a child stands, and lets its lawful wait move this clock as the link says (rules 9 and 14).
    private mutating func absorb(
        _ standing: Message.Standing, _ number: Int, from step: State.Running
    ) throws(Refusal) {
        let waitedBefore = step.link?.waits ?? false
        emit(.linkStanding(activation: step.activation, number: number, standing))
        guard case .running = state.phase, state.leavingScope(of: step, in: procedure) == nil,
            let node = node(at: step.node), case .link(let link) = node.kind
        else { return }
        if standing.waits != waitedBefore { isUntold = true }
        let found = named(standing.facts)
        if !found.isEmpty { emit(.factsSet(found)) }
        switch link.waits {
        case .restart: try followRestart(standing, activation: step.activation)
        case .extend:
            if standing.waited, let date = standing.promised, let own = state.clock.promised, date > own {
                try promise(.linkedWait)
            }
        case .own: break
        }
        if !found.isEmpty { try promise(.factFound) }
    }

    /// The parent is paused while the child waits, and counts afresh with it, by its own cut-off.
    private mutating func followRestart(_ standing: Message.Standing, activation: Int) throws(Refusal) {
        guard state.clock.stopped == nil, state.clock.accepted != nil else { return }
        let isPaused = state.clock.open[activation] != nil
        if standing.waits, !isPaused {
            emit(.paused(activation: activation))
        } else if !standing.waits, isPaused {
            emit(.resumed(activation: activation, until: standing.restarted ?? arrived))
            if standing.restarted == nil { try promise(.resume) }
        }
        if let completed = standing.restarted {
            try restart(from: completed)
            try promise(.restart)
        } else if standing.waited, let date = standing.promised, let own = state.clock.promised, date > own {
            // An apology in the part moves the whole with it.
            try promise(.linkedWait)
        }
    }

    private func tellsMore(_ standing: Message.Standing, than step: State.Running) -> Bool {
        guard let link = step.link else { return false }
        return link.waits != standing.waits || link.promised != standing.promised || link.waited != standing.waited
            || standing.restarted != nil || !named(standing.facts).isEmpty
    }

    private mutating func linkEnded(
        _ step: State.Running, _ ended: Message.Ended, _ number: Int
    ) throws(Refusal) {
        if tellsMore(ended.standing, than: step) {
            try absorb(ended.standing, number, from: step)
        }
        guard let node = node(at: step.node) else { return }
        let leaving = state.leavingScope(of: step, in: procedure)
        emit(.linkEnded(activation: step.activation, ended))
        try closePauses([step.activation])
        give(ended.gave)
        isUntold = true
        let part = step.fork == nil ? node.name : branch(of: node)?.name ?? node.name
        if case .stopping = state.phase {
            emit(
                .branchEnded(
                    fork: step.fork ?? step.activation, branch: part, outcome: ended.end, reason: ended.reason))
            return try finishStopping()
        }
        if let leaving {
            // What the part gave stands; where the block leads is settled by its interruption.
            emit(
                .branchEnded(
                    fork: step.fork ?? step.activation, branch: part, outcome: ended.end, reason: ended.reason))
            return try finishLeaving(leaving, left: step)
        }
        let outcome = node.outcome(named: ended.end) ?? node.outcome(named: "otherwise")
        if step.fork == nil {
            let result = outcome.map { node.outcomes[$0].name } ?? ended.end
            emit(.branchEnded(fork: step.activation, branch: part, outcome: result, reason: ended.reason))
        }
        if let outcome {
            try finish(step, node, node.outcomes[outcome])
        } else if step.fork != nil {
            try endBranch(step, node, result: ended.end, reason: ended.reason)
        } else if let last = node.outcomes.last {
            try finish(step, node, last)
        }
    }
}

extension Fact {
    /// Whether the form gives it.
    var isDeclared: Bool {
        if case .form = source { true } else { false }
    }
}
