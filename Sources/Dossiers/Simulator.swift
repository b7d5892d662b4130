package import Notices
package import Procedures
package import WorkingTime

/// The engine without its shell: a family of dossiers in memory, in simulated time. Messages arrive at once and in
/// order, code numbers are counted, timers fire when time passes over them.
///
/// It runs the examples of procedure files and the property tests; it decides nothing itself.
package struct Simulator: Sendable {
    /// Every published version.
    package let versions: ProcedureVersions
    /// Calendars by name.
    package let calendars: [String: OfficeCalendar]
    /// Agencies and officers.
    package let directory: AgencyDirectory
    /// The states by dossier.
    package private(set) var dossiers: [DossierRef: State] = [:]
    /// The events by dossier, in order.
    package private(set) var logs: [DossierRef: [Event]] = [:]
    /// Every notice, in order.
    package private(set) var notices: [Notice] = []
    /// Every command as it was decided, in order; refused ones are not kept.
    package private(set) var tape: [Taken] = []
    /// The time.
    package private(set) var now: Instant
    /// Timers that fired and did nothing: there should be none.
    package private(set) var idleTimers: [TimerKey] = []

    private var timers: [DossierRef: [OpenTimer]] = [:]
    private var counters: [String: Int64] = [:]
    private var submitted: UInt64 = 0
    private var spent: Set<Firing> = []

    /// A command that was decided.
    package struct Taken: Sendable {
        /// Of which dossier.
        package var dossier: DossierRef
        /// What was asked, by whom, and when.
        package var command: Command
        package var by: Actor
        package var at: Moment
    }

    private struct Firing: Hashable {
        var dossier: DossierRef
        var timer: OpenTimer
    }

    /// An empty province at an instant.
    package init(
        versions: ProcedureVersions, calendars: [String: OfficeCalendar], directory: AgencyDirectory, at now: Instant
    ) {
        self.versions = versions
        self.calendars = calendars
        self.directory = directory
        self.now = now
    }

    /// What a dossier is decided in; nil for a version that is not there.
    package func world(of state: State) -> World? {
        versions.find(name: state.procedure, version: state.version).map(world(for:))
    }

    private func world(for procedure: Procedure) -> World {
        World(procedure: procedure, versions: versions, calendars: calendars, directory: directory)
    }

    /// Submits a dossier now.
    /// - Returns: the dossier.
    /// - Throws: ``Refusal``.
    package mutating func submit(
        _ procedure: Procedure, centre: String, facts: [String: FactValue], channel: Submission.Channel = .online,
        sibling: DossierRef? = nil
    ) throws(Refusal) -> DossierRef {
        let world = world(for: procedure)
        submitted &+= 1
        let dossier = DossierRef(
            province: world.province(of: centre) ?? 1,
            id: DossierID(milliseconds: now.microseconds / 1000, random: (0, submitted)))
        let submission = Submission(dossier: dossier, channel: channel, centre: centre, facts: facts, sibling: sibling)
        try run(.submit(submission), on: dossier, by: .applicant(through: centre), in: world)
        return dossier
    }

    /// Performs a command on a dossier now, and everything that follows from it at once.
    /// - Throws: ``Refusal``; nothing has changed then.
    package mutating func perform(_ command: Command, on dossier: DossierRef, by: Actor) throws(Refusal) {
        guard let state = dossiers[dossier], let world = world(of: state) else { throw .isNotThere }
        try run(command, on: dossier, by: by, in: world)
    }

    /// Lets time pass; what is due before `instant` (or at it, if `through`) fires on its way.
    package mutating func advance(to instant: Instant, through: Bool = false) {
        // More timers than this in one example is a loop of the file.
        for _ in 0..<10_000 {
            guard let next = earliest(), next.timer.due < instant || (through && next.timer.due == instant) else {
                break
            }
            now = max(now, next.timer.due)
            let before = logs[next.dossier]?.count
            // A machine's command is never refused (decide).
            try? perform(.timer(next.timer.key, due: next.timer.due), on: next.dossier, by: .engine)
            if logs[next.dossier]?.count == before {
                spent.insert(next)
                idleTimers.append(next.timer.key)
            }
        }
        now = max(now, instant)
    }

    /// The linked dossier that the step of that name opened last; nil where it opened none.
    package func child(of dossier: DossierRef, at step: String) -> DossierRef? {
        for event in (logs[dossier] ?? []).reversed() {
            if case .opened(let opened) = event.body, opened.name == step, let link = opened.link {
                return link.dossier
            }
        }
        return nil
    }

    private func earliest() -> Firing? {
        var found: Firing?
        for (dossier, armed) in timers {
            for timer in armed {
                let firing = Firing(dossier: dossier, timer: timer)
                guard !spent.contains(firing) else { continue }
                if let best = found, !isBefore(firing, best) { continue }
                found = firing
            }
        }
        return found
    }

    /// By due, and where that is equal by dossier and kind, so that a run is the same every time.
    private func isBefore(_ left: Firing, _ right: Firing) -> Bool {
        if left.timer.due != right.timer.due { return left.timer.due < right.timer.due }
        if left.dossier.id != right.dossier.id { return left.dossier.id < right.dossier.id }
        if left.timer.key.activation != right.timer.key.activation {
            return left.timer.key.activation < right.timer.key.activation
        }
        return left.timer.key.kind.rawValue < right.timer.key.kind.rawValue
    }

    private mutating func run(
        _ command: Command, on dossier: DossierRef, by: Actor, in world: World
    ) throws(Refusal) {
        var mail = try decideOne(command, on: dossier, by: by, in: world)
        var delivered = 0
        // As in `advance`: more is a loop of the file.
        while delivered < mail.count, delivered < 10_000 {
            let message = mail[delivered]
            delivered += 1
            mail += deliver(message)
        }
    }

    private mutating func deliver(_ message: Message) -> [Message] {
        let world: World?
        if let state = dossiers[message.to] {
            world = self.world(of: state)
        } else if case .start(let start) = message.body {
            world = versions.find(name: start.procedure, version: start.version).map(self.world(for:))
        } else {
            world = nil
        }
        guard let world else { return [] }
        // A message is never refused by a dossier that is there (decide).
        return (try? decideOne(.message(message), on: message.to, by: .engine, in: world)) ?? []
    }

    /// One command on one dossier (R1), and the code number that follows an acceptance in the same transaction (R22).
    private mutating func decideOne(
        _ command: Command, on dossier: DossierRef, by: Actor, in world: World
    ) throws(Refusal) -> [Message] {
        let moment = Moment(arrived: now, recorded: now)
        let before = dossiers[dossier]
        var decision = try decide(before, command, by: by, at: moment, in: world)
        if let wanted = decision.state.codeWanted {
            let counter = "\(wanted.agency)/\(wanted.day)"
            counters[counter, default: 0] += 1
            let number = Command.issueCode(number: counters[counter, default: 0])
            let code = try decide(decision.state, number, by: .engine, at: moment, in: world)
            decision = Decision(events: decision.events + code.events, state: code.state)
            tape.append(Taken(dossier: dossier, command: command, by: by, at: moment))
            tape.append(Taken(dossier: dossier, command: number, by: .engine, at: moment))
        } else {
            tape.append(Taken(dossier: dossier, command: command, by: by, at: moment))
        }
        dossiers[dossier] = decision.state
        logs[dossier, default: []] += decision.events
        timers[dossier] = openWork(decision.state, in: world).timers
        notices += Dossiers.notices(before: before, events: decision.events, in: world)
        return decision.events.compactMap { event in
            if case .sent(let message) = event.body { message } else { nil }
        }
    }
}
