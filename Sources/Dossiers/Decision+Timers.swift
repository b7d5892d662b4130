import Procedures
import WorkingTime

/// Timers and the apology. A timer opens a task or records that time has passed; it ends no dossier by itself.
extension Deciding {
    /// Fires a timer. One that is not armed for that instant any more, or fires too early, does nothing.
    mutating func fire(_ key: TimerKey, due: Instant) throws(Refusal) {
        guard max(at.arrived, at.recorded) >= due,
            timers(of: state, in: world).contains(OpenTimer(key: key, due: due))
        else { return }
        switch key.kind {
        case .warn:
            emit(.warned)
            try openBeside(procedure.late.warnStep)
        case .late:
            emit(.late)
            try openBeside(procedure.late.breachStep)
            try deadlinePassed()
        case .stepLate: emit(.stepLate(activation: key.activation))
        case .stopOverdue: try stopOverdue(key.activation)
        case .interrupt: try deadlinePassed(key.activation)
        case .remind: remind(key.activation)
        case .succession: try succeed()
        case .silence, .time, .down: try timeIsUp(key)
        }
    }

    /// Says once more what is waited for.
    private mutating func remind(_ activation: Int) {
        guard let place = state.position(of: activation), let node = node(at: state.running[place].node) else {
            return
        }
        emit(.reminded(activation: activation))
        publish(node, state.running[place].node, activation: activation)
    }

    /// Gives somebody a task beside the rest, once at a time.
    mutating func openBeside(_ index: NodeIndex?) throws(Refusal) {
        guard let index, !state.running.contains(where: { $0.node == index }) else { return }
        try open(index, fork: nil)
    }

    private mutating func timeIsUp(_ key: TimerKey) throws(Refusal) {
        guard let place = state.position(of: key.activation), let node = node(at: state.running[place].node) else {
            return
        }
        let step = state.running[place]
        switch (key.kind, node.kind) {
        case (.silence, .applicant(let ask)):
            if let silent = node.outcome(named: "silent") {
                try finish(step, node, node.outcomes[silent])
            } else {
                emit(.closed(activation: step.activation))
                try leaveClock(step, node, isAnswer: false, next: .node(ask.silence))
                try open(ask.silence, fork: step.fork)
            }
        case (.time, .time):
            if let outcome = node.outcomes.first { try finish(step, node, outcome) }
        case (.down, .call(let call)): try takeOver(step, node, call)
        default: break
        }
    }

    /// The late agency sets a new date, with an apology and a reason, in time, and as often as the law allows
    /// (NĐ 61/2018, art. 19.9; clock.md, 15 and 17).
    mutating func reappoint(to date: Instant, _ said: [String: Said]) throws(Refusal) {
        guard case .officer(_, let agency, let roles) = by else { throw .onlyOfficers }
        let steps = state.running.filter { $0.agency == agency }
        guard agency == state.centre || !steps.isEmpty else { throw .belongsElsewhere }
        guard roles.contains(where: { $0 == "head" || $0.hasSuffix("-head") }) || steps.contains(where: isPerformer)
        else { throw .lacksRole("head") }
        guard case .running = state.phase, state.clock.stopped == nil else { throw .resultReady }
        guard let promised = state.clock.promised, state.clock.open.isEmpty else { throw .noPromise }
        guard state.clock.reappointments < procedure.late.reappointments else { throw .reappointedBefore }
        guard let calendar = centreCalendar else { throw .badData("to") }
        let latest = try computed { () throws(CalendarError) -> Instant? in
            try latestApology(promised: promised, calendar: calendar)
        }
        if let latest, arrived > latest { throw .apologyTooLate(latest) }
        let close = try computed { () throws(CalendarError) -> Instant? in
            try calendar.isCounted(date.date) ? try calendar.close(of: date.date) : nil
        }
        guard close == date, date > promised else { throw .notAClose }
        try check(said, needs: [Need(name: "reason", title: .reason, kind: .reason)])
        emit(.reappointed(to: date, said: said))
        promise(date, .reappointment)
        try moveDues()
    }

    private func isPerformer(_ step: State.Running) -> Bool {
        guard case .officer(_, _, let roles) = by, case .person(let role, _, _)? = node(at: step.node)?.kind else {
            return false
        }
        return roles.contains(role)
    }
}
