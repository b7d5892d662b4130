import Notices
import Procedures
import WorkingTime

/// What the citizen is told, and under which status.
extension Deciding {
    mutating func publish(
        status: NationalStatus, stage: PublicStage, milestone: String?, words: Event.Publication.Words
    ) {
        emit(
            .published(
                Event.Publication(
                    number: state.published.count &+ 1, status: status, stage: stage, milestone: milestone,
                    words: words)))
        isUntold = false
    }

    /// Publishes words under the status of the whole: while a withdrawal is asked for it is that of the withdrawal,
    /// and while any open part waits for the applicant, or for a payment, it says so.
    mutating func publish(_ words: PublicWords, _ source: Event.Publication.Words) {
        let (status, stage) = view(words)
        publish(status: status, stage: stage, milestone: words.milestone, words: source)
    }

    mutating func publish(_ node: Node, _ index: NodeIndex, activation: Int) {
        guard let words = node.words else { return }
        publish(words, .node(index, activation: activation))
    }

    mutating func publish(_ outcome: Outcome, of index: NodeIndex, _ node: Node) {
        guard let words = outcome.words, let number = node.outcome(named: outcome.name) else { return }
        publish(words, .outcome(index, number))
    }

    /// Publishes one notice a status, in order.
    mutating func publish(_ end: End, _ index: EndIndex) {
        for status in end.statuses {
            let stage = status == end.words.status ? end.words.stage : PublicStage(of: status)
            publish(status: status, stage: stage, milestone: end.words.milestone, words: .end(index))
        }
    }

    /// Publishes that dates, the code or the status changed, with nothing new to say.
    mutating func publishUnchanged() {
        guard let words = standingWords else {
            return publish(
                status: state.published.status, stage: state.published.stage, milestone: nil, words: .unchanged)
        }
        let (status, stage) = view(words)
        publish(status: status, stage: stage, milestone: nil, words: .unchanged)
    }

    /// The words of the step that was opened last and still runs.
    private var standingWords: PublicWords? {
        state.running.reversed().lazy.compactMap { node(at: $0.node)?.words }.first
    }

    private func view(_ words: PublicWords) -> (NationalStatus, PublicStage) {
        if isWithdrawing, let asked = procedure.withdrawal?.words { return (asked.status, asked.stage) }
        guard words.status < .withdrawn else { return (words.status, words.stage) }
        var open = state.running.compactMap { node(at: $0.node)?.words?.status }
        if state.running.contains(where: { $0.link?.waits ?? false }) { open.append(.needsDocuments) }
        for status in [NationalStatus.needsDocuments, .needsPayment] where open.contains(status) {
            return (status, status == words.status ? words.stage : PublicStage(of: status))
        }
        return (words.status, words.stage)
    }

    /// From the request until it is turned down, or the last part has stopped.
    private var isWithdrawing: Bool {
        if case .stopping = state.phase { return state.parent == nil && state.ending == nil }
        return state.withdrawal != nil
    }
}
