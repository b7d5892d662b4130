package import Notices
package import Procedures
package import WorkingTime

/// Where an example of a procedure file differs from what the core does (verifier rule V23).
package struct ExampleFailure: Hashable, Sendable {
    /// The example's name.
    package var example: String
    /// What differs, and how it is.
    package var message: LocalText

    /// Joins both.
    package init(example: String, message: LocalText) {
        self.example = example
        self.message = message
    }
}

/// Runs the examples of a procedure file on the real core, in simulated time.
package enum ExampleRunner {
    /// Runs every example of the procedure; empty when all are as they say.
    ///
    /// Facts that an example does not give are sampled: yes, the first choice, an area that every needed agency serves.
    package static func run(_ procedure: Procedure, in catalogue: Catalogue) -> [ExampleFailure] {
        run(
            procedure, versions: ProcedureVersions(catalogue.procedures + [procedure]),
            calendars: catalogue.calendars, directory: catalogue.directory)
    }

    /// As ``run(_:in:)``, with the parts of the catalogue; `versions` must hold the procedure and all that it links.
    package static func run(
        _ procedure: Procedure, versions: ProcedureVersions, calendars: [String: OfficeCalendar],
        directory: AgencyDirectory
    ) -> [ExampleFailure] {
        var failures: [ExampleFailure] = []
        for example in procedure.examples {
            var run = ExampleRun(
                procedure: procedure, example: example,
                simulator: Simulator(
                    versions: versions, calendars: calendars, directory: directory, at: example.submitted))
            failures += run.failures().map { ExampleFailure(example: example.name, message: $0) }
        }
        return failures
    }
}

/// One example while it runs.
struct ExampleRun {
    let procedure: Procedure
    let example: Example
    var simulator: Simulator
    private var root = DossierRef(province: 0, id: DossierID(high: 0, low: 0))

    init(procedure: Procedure, example: Example, simulator: Simulator) {
        self.procedure = procedure
        self.example = example
        self.simulator = simulator
    }

    mutating func failures() -> [LocalText] {
        let samples = Samples(
            procedure: procedure, versions: simulator.versions, directory: simulator.directory,
            day: example.submitted.date)
        do throws(Refusal) {
            root = try simulator.submit(
                procedure, centre: samples.centre, facts: samples.facts(given: example.form),
                channel: Submission.Channel.allCases.first { $0.name == example.channel } ?? .online)
        } catch {
            return [Self.refused("given", error)]
        }
        let mustRefuse = example.expectations.contains(.refused)
        for (number, action) in example.actions.enumerated() {
            simulator.advance(to: action.at)
            let isLast = number == example.actions.count - 1
            do throws(Refusal) {
                try act(action.act)
                if isLast, mustRefuse {
                    return [Self.differs("refused", "true", "\(Self.name(of: action.act)) was taken")]
                }
            } catch {
                if isLast, mustRefuse { continue }
                return [Self.refused(Self.name(of: action.act), error)]
            }
        }
        return example.expectations.compactMap(difference)
    }

    private mutating func act(_ act: Example.Act) throws(Refusal) {
        switch act {
        case .complete(let path, let outcome): try complete(path, outcome)
        case .answer(let path):
            let (dossier, state, step, _) = try step(at: path)
            try simulator.perform(
                .answer(activation: step.activation, said: [:]), on: dossier,
                by: .applicant(through: state.centre))
        case .tell(let path, let message):
            guard let dossier = dossier(at: path), let state = simulator.dossiers[dossier],
                let world = simulator.world(of: state)
            else { throw .isNotThere }
            guard let found = world.procedure.interruptions(byMessage: message).first,
                case .message(let connector) = found.trigger
            else { throw .unknownMessage(message) }
            let said = Samples.said(found.outcome, at: nil, in: world, on: simulator.now.date)
            try simulator.perform(.tell(message: message, said: said), on: dossier, by: .connector(connector))
        case .withdraw:
            try simulator.perform(.withdraw(said: [:]), on: root, by: .applicant(through: root(\.centre) ?? ""))
        case .reappoint(let path, let date):
            guard let dossier = dossier(at: path), let state = simulator.dossiers[dossier],
                let world = simulator.world(of: state)
            else { throw .isNotThere }
            let agency = state.running.compactMap(\.agency).first ?? state.centre
            let said: [String: Said] =
                world.procedure.reasons.first.map {
                    ["reason": .reason(code: $0.code, note: nil)]
                } ?? [:]
            try simulator.perform(
                .reappoint(to: date, said: said), on: dossier,
                by: .officer(id: "sample-head", agency: agency, roles: ["head"]))
        case .wait: simulator.advance(to: simulator.now, through: true)
        }
    }

    private mutating func complete(_ path: String, _ outcome: String) throws(Refusal) {
        let (dossier, state, step, node) = try step(at: path)
        guard let world = simulator.world(of: state) else { throw .isNotThere }
        let actor: Actor
        switch node.kind {
        case .person(let role, _, let notBy):
            let barred = notBy.compactMap { world.procedure.node(at: $0) }.compactMap { state.performers[$0.name] }
            let agency = step.agency ?? state.centre
            actor = .officer(
                id: Samples.officer(role, at: agency, barred: barred, in: simulator.directory), agency: agency,
                roles: [role])
        case .call(let call): actor = .connector(call.connector)
        case .applicant: actor = .applicant(through: state.centre)
        case .time, .fork, .link: throw .taskOver
        }
        var said: [String: Said] = [:]
        if let number = node.outcome(named: outcome) {
            said = Samples.said(node.outcomes[number], at: step, in: world, on: simulator.now.date)
        }
        try simulator.perform(
            .complete(activation: step.activation, outcome: outcome, said: said), on: dossier, by: actor)
    }

    private func root<Value>(_ path: KeyPath<State, Value>) -> Value? { simulator.dossiers[root]?[keyPath: path] }

    /// The open step that a path names: a step of the whole, or `link/step` of the dossier linked by a step.
    private func step(at path: String) throws(Refusal) -> (DossierRef, State, State.Running, Node) {
        guard let (dossier, name) = locate(path), let state = simulator.dossiers[dossier],
            let procedure = simulator.world(of: state)?.procedure
        else { throw .taskOver }
        for step in state.running {
            if let node = procedure.node(at: step.node), node.name == name { return (dossier, state, step, node) }
        }
        throw .taskOver
    }

    /// The dossier in which a path ends, and the step's name there; nil where a link on its way was never opened.
    private func locate(_ path: String) -> (DossierRef, String)? {
        var dossier = root
        var rest = path[...]
        while true {
            guard let state = simulator.dossiers[dossier], let procedure = simulator.world(of: state)?.procedure else {
                return nil
            }
            if procedure.node(named: String(rest)) != nil { return (dossier, String(rest)) }
            let links = procedure.nodes.filter { node in
                if case .link = node.kind { rest.hasPrefix(node.name + "/") } else { false }
            }
            guard let link = links.max(by: { $0.name.utf8.count < $1.name.utf8.count }),
                let child = simulator.child(of: dossier, at: link.name)
            else { return nil }
            dossier = child
            rest = rest.dropFirst(link.name.count + 1)
        }
    }

    /// The dossier that a path of links names; empty is the whole.
    private func dossier(at path: String) -> DossierRef? {
        if path.isEmpty { return root }
        guard let (dossier, name) = locate(path) else { return nil }
        return simulator.child(of: dossier, at: name)
    }

    private static func name(of act: Example.Act) -> String {
        switch act {
        case .complete(let path, let outcome): "\(path) → \(outcome)"
        case .answer(let path): "answer \(path)"
        case .tell(let path, let message): path.isEmpty ? "tell \(message)" : "tell \(path)/\(message)"
        case .withdraw: "withdraw"
        case .reappoint(let path, _): path.isEmpty ? "re-appoint" : "re-appoint \(path)"
        case .wait: "wait"
        }
    }

    static func refused(_ what: String, _ refusal: Refusal) -> LocalText {
        LocalText(
            vi: "“\(what)” bị từ chối: \(refusal.message.vi)",
            en: "“\(what)” was refused (\(refusal.code.rawValue)): \(refusal.message.text(in: .en))")
    }

    static func differs(_ key: String, _ expected: String, _ found: String) -> LocalText {
        LocalText(vi: "\(key): cần \(expected), thực tế \(found)", en: "\(key): expected \(expected), found \(found)")
    }
}

extension ExampleRun {
    /// How an expectation differs from what is; nil where it does not.
    private func difference(_ expectation: Example.Expectation) -> LocalText? {
        switch expectation {
        case .promised(let path, let date): return compare("promised", path, date) { $0.clock.shownPromise }
        case .firstPromised(let path, let date):
            return compare("first-promised", path, date) { $0.clock.firstPromised }
        case .due(let path, let step, let date):
            let whole = path.isEmpty ? step : path + "/" + step
            let found = try? self.step(at: whole).2.due
            return found == date ? nil : Self.differs("due: \(whole)", "\(date)", Self.text(found))
        case .status(let path, let status):
            let found = state(path)?.published.status
            return found == status ? nil : Self.differs("status", "\(status.rawValue)", Self.text(found?.rawValue))
        case .ended(let path, let end):
            var found: String?
            if case .ended(let name, _, _)? = state(path)?.phase { found = name }
            return found == end ? nil : Self.differs("ended", end, Self.text(found))
        case .late(let path, let late):
            let found = state(path)?.clock.late
            return found == late ? nil : Self.differs("late", "\(late)", Self.text(found))
        case .open(let path, let steps): return differenceOfOpen(path, steps)
        case .refused: return nil
        }
    }

    private func state(_ path: String) -> State? { dossier(at: path).flatMap { simulator.dossiers[$0] } }

    private func compare(
        _ key: String, _ path: String, _ expected: Instant?, _ found: (State) -> Instant?
    ) -> LocalText? {
        let name = path.isEmpty ? key : "\(key) (\(path))"
        guard let state = state(path) else { return Self.differs(name, Self.text(expected), "no such dossier") }
        return found(state) == expected ? nil : Self.differs(name, Self.text(expected), Self.text(found(state)))
    }

    private static func text(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "none" }

    /// Every named step must be open, and every open task must be one of them or inside a named linked dossier.
    private func differenceOfOpen(_ path: String, _ expected: [String]) -> LocalText? {
        let key = path.isEmpty ? "open" : "open (\(path))"
        guard let dossier = dossier(at: path) else {
            return Self.differs(key, expected.joined(separator: ", "), "no such dossier")
        }
        let (tasks, others) = open(in: dossier, prefix: "")
        let missing = expected.filter { !tasks.contains($0) && !others.contains($0) }
        let extra = tasks.filter { task in
            !expected.contains { task == $0 || task.hasPrefix($0 + "/") }
        }
        if missing.isEmpty, extra.isEmpty { return nil }
        return Self.differs(key, expected.joined(separator: ", "), tasks.sorted().joined(separator: ", "))
    }

    /// The paths of the open tasks of a dossier and its linked ones, and of the forks and links that are open.
    private func open(in dossier: DossierRef, prefix: String) -> (tasks: [String], others: [String]) {
        guard let state = simulator.dossiers[dossier], let procedure = simulator.world(of: state)?.procedure else {
            return ([], [])
        }
        var tasks: [String] = []
        var others: [String] = []
        for step in state.running {
            guard let node = procedure.node(at: step.node) else { continue }
            switch node.kind {
            case .person, .applicant, .call, .time: tasks.append(prefix + node.name)
            case .fork: others.append(prefix + node.name)
            case .link:
                others.append(prefix + node.name)
                guard let child = step.link?.dossier else { continue }
                let inner = open(in: child, prefix: prefix + node.name + "/")
                tasks += inner.tasks
                others += inner.others
            }
        }
        return (tasks, others)
    }
}

extension LegalClock {
    /// The promised date as the applicant sees it: none while the clock is paused (R18).
    package var shownPromise: Instant? { open.isEmpty || stopped != nil ? promised : nil }
}
