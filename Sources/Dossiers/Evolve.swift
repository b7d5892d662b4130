import Notices
import Procedures
import WorkingTime

/// The state after an event: total, and without the procedure. A dossier's state is this function folded over its log.
///
/// A log begins with `submitted`; should it begin otherwise, the fold starts from an empty dossier.
package func evolve(_ state: State?, _ event: Event) -> State {
    var next: State
    if case .submitted(let submitted) = event.body, state == nil {
        next = State(submitted, moment: event.moment)
    } else {
        next = state ?? .empty(moment: event.moment)
        next.apply(event)
    }
    next.sequence = event.sequence
    next.recorded = event.moment.recorded
    return next
}

extension State {
    /// The state after the first event.
    init(_ submitted: Event.Submitted, moment: Moment) {
        dossier = submitted.dossier
        procedure = submitted.procedure
        version = submitted.version
        contentHash = submitted.contentHash
        sequence = 0
        recorded = moment.recorded
        phase = .running
        channel = submitted.channel
        centre = submitted.centre
        agency = submitted.agency
        facts = submitted.facts
        parent = submitted.parent
        siblings = submitted.sibling.map { [$0] } ?? []
        lastActivation = 0
        running = []
        parts = []
        chosen = [:]
        performers = [:]
        clock = LegalClock(
            submitted: submitted.submitted, accepted: submitted.parent == nil ? nil : moment.arrived,
            origin: submitted.origin)
        code = nil
        codeWanted = nil
        withdrawal = nil
        gave = []
        reason = nil
        missing = []
        published = Published(count: 0, status: .submitted, stage: .submitted, milestone: nil)
        messagesSent = 0
        rerouted = [:]
        ending = nil
        leaving = [:]
    }

    /// What a log without its first event folds into.
    static func empty(moment: Moment) -> State {
        State(
            Event.Submitted(
                dossier: DossierRef(province: 0, id: DossierID(high: 0, low: 0)), procedure: "", version: 0,
                contentHash: "", calendarHash: "", channel: .desk, centre: "", agency: "", submitted: moment.arrived,
                facts: [:]),
            moment: moment)
    }

    /// Where the step of an activation stands in ``running``; nil when it is over.
    func position(of activation: Int) -> Int? {
        running.firstIndex { $0.activation == activation }
    }

    mutating func apply(_ event: Event) {
        let arrived = event.moment.arrived
        switch event.body {
        case .submitted: break
        case .opened(let opened): enter(opened, at: arrived)
        case .claimed(let activation, let officer), .reassigned(let activation, let officer):
            hold(activation, by: officer)
        case .released(let activation): hold(activation, by: nil)
        case .rerouted(let activation, let agency, let said):
            reroute(activation, to: agency)
            hear(said)
        case .completed(let activation, _, let said):
            running.removeAll { $0.activation == activation }
            leaving[activation] = nil
            hear(said)
        case .closed(let activation):
            running.removeAll { $0.activation == activation }
            leaving[activation] = nil
        case .interrupted(let activation, let name, let said):
            leaving[activation] = name
            hear(said)
        case .left(let activation): leaving[activation] = nil
        case .succeeded(let agency, let successor): succeed(agency, by: successor)
        case .reminded(let activation):
            guard let place = position(of: activation) else { break }
            running[place].reminded = arrived
        case .counted(let key): chosen[key, default: 0] &+= 1
        case .performed(let step, let officer): performers[step] = officer
        case .callFailed(let activation, let retryAfter):
            guard let place = position(of: activation) else { break }
            running[place].failures &+= 1
            running[place].retryAfter = retryAfter
        case .dueMoved(let activation, let due):
            guard let place = position(of: activation) else { break }
            running[place].due = due
            running[place].late = false
        case .stepLate(let activation):
            guard let place = position(of: activation) else { break }
            running[place].late = true
        case .factsSet(let found): facts.merge(found) { $1 }
        case .coded(let text):
            code = text
            codeWanted = nil
        case .branchEnded(let fork, let branch, let outcome, let reason):
            parts.append(Part(activation: fork, name: branch, outcome: outcome, reason: reason, at: arrived))
        case .linkStanding(let activation, let number, let standing): note(standing, number, of: activation)
        case .linkEnded(let activation, let ended):
            running.removeAll { $0.activation == activation }
            if let reason = ended.reason { self.reason = reason }
        case .lateResult: break
        case .gave(let components): gave += components.filter { !gave.contains($0) }
        case .withdrawalAsked(let activation, let said):
            if activation > 0 { withdrawal = activation }
            hear(said)
        case .withdrawalRejected: withdrawal = nil
        case .ending(let end): ending = end
        case .stopping:
            phase = .stopping
            withdrawal = nil
            leaving = [:]
        case .sent(let message): record(message, at: arrived)
        case .siblingsAdded(let others): siblings += others.filter { !siblings.contains($0) }
        case .published(let publication): show(publication)
        case .ended(let end, let result, _):
            phase = .ended(end: end, result: result, at: arrived)
            running = []
            withdrawal = nil
            leaving = [:]
            clock.end(at: arrived)
        default: clock.apply(event.body, at: arrived)
        }
        if case .accepted(let agency, let day, _) = event.body {
            codeWanted = CodeWanted(agency: agency, day: day)
        }
    }

    private mutating func enter(_ opened: Event.Opened, at arrived: Instant) {
        lastActivation = opened.activation
        running.append(
            Running(
                activation: opened.activation, node: opened.node, fork: opened.fork, opened: arrived,
                agency: opened.agency, due: opened.due, answerBy: opened.answerBy, link: opened.link))
    }

    private mutating func hold(_ activation: Int, by officer: String?) {
        guard let place = position(of: activation) else { return }
        running[place].officer = officer
        running[place].claims &+= 1
    }

    /// The task goes to `agency`, and so does what the rest of the procedure would send to the old one. Before
    /// acceptance a desk that hands the dossier on stops being its centre.
    private mutating func reroute(_ activation: Int, to agency: String) {
        guard let place = position(of: activation) else { return }
        let old = running[place].agency
        running[place].agency = agency
        running[place].officer = nil
        running[place].claims &+= 1
        guard let old else { return }
        for (from, to) in rerouted where to == old { rerouted[from] = agency }
        rerouted[old] = agency
        rerouted[agency] = nil
        if clock.accepted == nil, old == centre { centre = agency }
        if old == self.agency { self.agency = agency }
    }

    /// Everything that was the old agency's is its successor's.
    private mutating func succeed(_ old: String, by agency: String) {
        for place in running.indices where running[place].agency == old {
            running[place].agency = agency
            running[place].officer = nil
            running[place].claims &+= 1
        }
        for (from, to) in rerouted where to == old { rerouted[from] = agency }
        if centre == old { centre = agency }
        if self.agency == old { self.agency = agency }
    }

    /// Keeps what sentences repeat: the last reason, the last list of missing papers.
    private mutating func hear(_ said: [String: Said]) {
        for (_, value) in said.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .reason(let code, _): reason = code
            case .documents(let names): missing = names
            default: break
            }
        }
    }

    private mutating func note(_ standing: Message.Standing, _ number: Int, of activation: Int) {
        guard let place = position(of: activation), running[place].link != nil else { return }
        running[place].link?.waits = standing.waits
        running[place].link?.waitsUntil = standing.waitsUntil
        running[place].link?.promised = standing.promised
        running[place].link?.waited = standing.waited
        running[place].link?.heard = number
    }

    private mutating func record(_ message: Message, at arrived: Instant) {
        messagesSent = message.number
        guard case .stop = message.body, let place = position(of: message.activation) else { return }
        running[place].link?.stopSentAt = arrived
    }

    private mutating func show(_ publication: Event.Publication) {
        published = Published(
            count: publication.number, status: publication.status, stage: publication.stage,
            milestone: publication.milestone ?? published.milestone)
    }
}

extension LegalClock {
    /// What the events of the clock do to it; `arrived` is the event's legal time.
    mutating func apply(_ body: Event.Body, at arrived: Instant) {
        switch body {
        case .accepted(_, _, let origin):
            accepted = arrived
            self.origin = origin
            receptionDue = nil
            receptionHeldAt = nil
            received = nil
        case .receptionDue(let due):
            receptionDue = due
            receptionHeldAt = nil
            received = arrived
        case .receptionHeld: receptionHeldAt = arrived
        case .paused(let key): open[key] = arrived
        case .resumed(let key, let until):
            guard let from = open.removeValue(forKey: key) else { break }
            pauses.append(Pause(from: from, until: until))
        case .restarted(let origin):
            self.origin = origin
            epoch &+= 1
            pastPauses += pauses
            pauses = []
        case .clockStopped: stopped = stopped ?? arrived
        case .promised(let promise):
            promised = promise.date
            firstPromised = firstPromised ?? promise.date
            promiseCause = promise.cause
            late = false
            warned = false
        case .reappointed: reappointments &+= 1
        case .warned: warned = true
        case .late: late = true
        default: break
        }
    }

    /// The dossier has ended: nothing runs on.
    mutating func end(at arrived: Instant) {
        stopped = stopped ?? arrived
        receptionDue = nil
        receptionHeldAt = nil
        received = nil
        open = [:]
    }
}
