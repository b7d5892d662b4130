package import Notices
import Procedures
import WorkingTime

/// The notices of a command: one a publication, each a whole picture of the dossier at that event.
/// - Parameter before: the state before `events`; nil where the dossier was not there.
package func notices(before: State?, events: [Event], in world: World) -> [Notice] {
    var notices: [Notice] = []
    var state = before
    var lastAgency: String?
    // Given in the same transaction as what is told here, behind the acceptance (R22): nobody hears of the one without it.
    let issued = events.lazy.compactMap { if case .coded(let code) = $0.body { code } else { nil } }.last
    for event in events {
        if let agency = state?.agencyLeft(by: event) { lastAgency = agency }
        let now = evolve(state, event)
        if case .published(let publication) = event.body {
            let rendering = Rendering(
                state: now, publication: publication, at: event.moment.arrived, world: world, lastAgency: lastAgency,
                issued: issued)
            notices.append(rendering.notice)
        }
        state = now
    }
    return notices
}

extension State {
    /// The agency of the step that an event leaves; nil for other events.
    fileprivate func agencyLeft(by event: Event) -> String? {
        let activation: Int
        switch event.body {
        case .completed(let left, _, _), .linkEnded(let left, _): activation = left
        default: return nil
        }
        return running.first { $0.activation == activation }?.agency
    }
}

/// One publication, rendered against the state at its event and the pinned version.
struct Rendering {
    let state: State
    let publication: Event.Publication
    /// When it is told.
    let at: Instant
    let world: World
    /// The agency of the step that was just left: whose outcome or end is told.
    let lastAgency: String?
    /// The legal code that these events give.
    let issued: String?

    var procedure: Procedure { world.procedure }

    var notice: Notice {
        let clock = state.clock
        let isPaused = !clock.open.isEmpty && clock.stopped == nil
        let promised = isPaused ? nil : clock.promised
        var result: String?
        if case .ended(_, let end, _) = state.phase { result = end.rawValue }
        return Notice(
            province: state.dossier.province, dossier: state.dossier.id.description, number: publication.number,
            root: (state.parent?.root ?? state.dossier).id.description,
            parent: state.parent?.dossier.id.description, part: part, at: at, procedure: state.procedure,
            procedureVersion: state.version, procedureCode: procedure.code, procedureTitle: procedure.title,
            field: procedure.field, channel: state.channel.rawValue,
            legalCode: state.code ?? (clock.accepted == nil ? nil : issued),
            status: publication.status, stage: publication.stage,
            milestones: procedure.milestones.map { Notice.PublicMilestone(key: $0.key, title: $0.title) },
            milestone: state.published.milestone, sentence: sentence, holder: holder, action: action,
            submitted: clock.submitted, accepted: clock.accepted, promised: promised,
            firstPromised: clock.firstPromised, promiseCause: promised == nil ? nil : clock.promiseCause?.rawValue,
            paused: isPaused, pausedDays: pausedDays(until: at), finished: clock.stopped, result: result)
    }

    /// What is told; nil where only dates, the code or the status changed.
    private var sentence: LocalText? {
        switch publication.words {
        case .node(let index, let activation):
            let step = state.running.first { $0.activation == activation }
            return procedure.node(at: index)?.words.map { fill($0.text, step: step) }
        case .outcome(let index, let number):
            guard let node = procedure.node(at: index), node.outcomes.indices.contains(number) else { return nil }
            return node.outcomes[number].words.map { fill($0.text, step: nil) }
        case .end(let index):
            guard procedure.ends.indices.contains(index.value) else { return nil }
            return fill(procedure[index].words.text, step: nil)
        case .withdrawal: return procedure.withdrawal.map { fill($0.words.text, step: nil) }
        case .unchanged: return nil
        }
    }

    /// Who holds it: the agency of the step that was entered last, and at an end of the step that ended it.
    private var holder: Notice.Holder? {
        guard let code = holderCode else { return nil }
        guard let agency = world.directory.agencies[code] else {
            return Notice.Holder(agency: code, name: LocalText(vi: code))
        }
        return Notice.Holder(agency: agency.code, name: agency.name, phone: agency.phone)
    }

    private var holderCode: String? {
        if state.hasEnded { return lastAgency ?? state.centre }
        let current = state.running.reversed().first { step in
            step.agency != nil && procedure.node(at: step.node)?.words != nil
        }
        let others = state.running.reversed().filter { procedure.node(at: $0.node)?.block != .beside }
        return current?.agency ?? others.compactMap(\.agency).first ?? state.centre
    }

    /// What the applicant must do, and until when.
    private var action: Notice.RequiredAction? {
        for step in state.running {
            guard let node = procedure.node(at: step.node) else { continue }
            if case .applicant = node.kind {
                return Notice.RequiredAction(
                    text: fill(node.words?.text ?? node.title, step: step), until: step.answerBy)
            }
            if node.wait?.holder == .applicant {
                return Notice.RequiredAction(text: fill(node.words?.text ?? node.title, step: step), until: nil)
            }
        }
        for step in state.running {
            guard let link = step.link, link.waits, let node = procedure.node(at: step.node) else { continue }
            let title = partTitle(node)
            return Notice.RequiredAction(
                text: LocalText(
                    vi: "Bạn cần bổ sung cho phần “\(title.vi)”.",
                    en: "Something is needed from you for “\(title.text(in: .en))”."),
                until: link.waitsUntil)
        }
        return nil
    }

    /// This dossier's name on the family's picture.
    private var part: LocalText? {
        guard let parent = state.parent else { return nil }
        let from = parent.limitsFrom
        guard let source = world.versions.find(name: from.procedure, version: from.version),
            let index = source.node(named: from.node)
        else { return LocalText(vi: parent.part) }
        return source.branch(of: source[index])?.title ?? source[index].title
    }

    private func partTitle(_ node: Node) -> LocalText { procedure.branch(of: node)?.title ?? node.title }

    /// Working days on which the clock stood still, over all epochs.
    private func pausedDays(until now: Instant) -> Int {
        let clock = state.clock
        guard let calendar = world.calendar(of: state.centre) else { return 0 }
        let open = clock.open.values.map { Pause(from: $0, until: now) }
        var days: Set<CivilDate> = []
        for pause in clock.pastPauses + clock.pauses + open where pause.from < pause.until {
            var day = pause.from.date
            // A pause of a year is no pause but a mistake; the walk stays short.
            for _ in 0..<400 where day <= pause.until.date {
                if (try? calendar.isCounted(day)) ?? false { days.insert(day) }  // Outside the calendar: not counted.
                day = day.adding(days: 1)
            }
        }
        return days.count
    }
}

extension Procedure {
    /// The branch of a fork in which a step stands; nil in the main sequence.
    func branch(of node: Node) -> Fork.Branch? {
        guard case .branch(let index, let number) = node.block, let outer = self.node(at: index),
            case .fork(let fork) = outer.kind, fork.branches.indices.contains(number)
        else { return nil }
        return fork.branches[number]
    }
}
