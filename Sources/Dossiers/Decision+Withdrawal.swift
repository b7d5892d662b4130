import Notices
import Procedures
import WorkingTime

/// Withdrawal, and ending by interruption in two phases (R16).
extension Deciding {
    mutating func withdraw(_ said: [String: Said]) throws(Refusal) {
        guard isApplicantOrDesk else { throw .notTheApplicant }
        guard let withdrawal = procedure.withdrawal, state.parent == nil else { throw .cannotWithdraw }
        if case .stopping = state.phase { throw .alreadyStopping }
        if state.clock.stopped != nil { throw .resultReady }
        if state.withdrawal != nil { throw .alreadyAsked }
        try check(said, needs: [Need(name: "reason", title: .reason, kind: .reason, required: false)], isAnswer: true)
        guard state.clock.accepted != nil else {
            emit(.withdrawalAsked(activation: 0, said: said))
            return try end(withdrawal.end)
        }
        emit(.withdrawalAsked(activation: state.lastActivation &+ 1, said: said))
        emit(.paused(activation: 0))
        publish(withdrawal.words, .withdrawal)
        try open(withdrawal.confirm, fork: nil)
    }

    /// Whether the applicant acts, or the desk for the applicant.
    var isApplicantOrDesk: Bool {
        switch by {
        case .applicant: true
        case .officer(_, let agency, _): agency == state.centre
        case .connector, .engine: false
        }
    }

    /// The desk has not confirmed it: the work goes on.
    mutating func resumeAfterWithdrawal() throws(Refusal) {
        emit(.withdrawalRejected)
        try closePauses([0])
        isUntold = true
    }

    /// Drops a request that was not confirmed when the result became ready or the dossier ended.
    mutating func dropWithdrawal() throws(Refusal) {
        guard let activation = state.withdrawal else { return }
        if state.position(of: activation) != nil { emit(.closed(activation: activation)) }
        emit(.withdrawalRejected)
        try closePauses([0])
    }

    /// First phase: no new work, every live link is told to stop. Without links the second follows at once.
    mutating func stop() throws(Refusal) {
        let isConfirmed = state.withdrawal != nil
        if case .running = state.phase { emit(.stopping) }
        if isConfirmed {
            // The clock stops at the confirmation, not when the last part has answered (rule 11).
            try closePauses([0])
            emit(.clockStopped)
        }
        try closeAll(exceptLinks: true)
        for step in state.running {
            guard let link = step.link, !link.stopSent else { continue }
            send(.stop, to: link.dossier, activation: step.activation)
        }
        isUntold = true
        try finishStopping()
    }

    /// Second phase: the end, once every link has answered.
    mutating func finishStopping() throws(Refusal) {
        guard case .stopping = state.phase, !state.running.contains(where: { $0.link != nil }) else { return }
        try closeAll()
        if let index = state.ending ?? stopEnd() {
            let end = procedure[index]
            conclude(end.name, end.result)
            publish(end, index)
        } else {
            conclude("stopped", .stopped)
            publish(status: .stopped, stage: .terminated, milestone: nil, words: .unchanged)
        }
    }

    /// How a dossier ends that is stopped: a submitted one by its withdrawal, which leaves what was issued; a linked
    /// one by its first end for it.
    private func stopEnd() -> EndIndex? {
        if state.parent == nil, let withdrawal = procedure.withdrawal {
            let hasIssued = !state.gave.isEmpty || state.parts.contains { $0.outcome == "issued" }
            return hasIssued ? withdrawal.partialEnd : withdrawal.end
        }
        return procedure.ends.firstIndex { $0.result == .withdrawn || $0.result == .stopped }.map(EndIndex.init)
    }

    /// A part that was told to stop has not answered for a working day: an officer decides at the withdrawal's step
    /// whether to end without it. Where the file has none, the part is told once more.
    mutating func stopOverdue(_ activation: Int) throws(Refusal) {
        guard case .stopping = state.phase else { return try leaveWithoutAnswers(activation) }
        if let withdrawal = procedure.withdrawal, state.parent == nil {
            guard !state.running.contains(where: { $0.node == withdrawal.confirm }) else { return }
            return try open(withdrawal.confirm, fork: nil)
        }
        for step in state.running {
            if let link = step.link { send(.stop, to: link.dossier, activation: step.activation) }
        }
    }

    /// An officer ends a dossier whose parts do not answer: what they answer later is recorded.
    mutating func stopWithoutAnswers() throws(Refusal) {
        for step in state.running where step.link != nil {
            emit(.closed(activation: step.activation))
        }
        try finishStopping()
    }
}
