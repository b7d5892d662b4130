import Dossiers
import Notices
import Procedures
import WorkingTime

/// A family of random procedures under random commands, the same for the same seed.
struct RandomRun {
    var simulator: Simulator
    var chance: Chance
    var root: DossierRef
    /// Commands that were refused although they changed something.
    var changedByRefusal = 0
    /// What is submitted: the last of the family.
    private let submitted: Procedure?

    init(seed: UInt64, calendar: OfficeCalendar) throws {
        var maker = ProcedureMaker(seed: seed)
        let procedures = try maker.family()
        chance = Chance(seed: seed ^ 0x5EED)
        submitted = procedures.last
        simulator = Simulator(
            versions: ProcedureVersions(procedures), calendars: ["vn-state": calendar],
            directory: TrainingProvince.directory(ends: try TrainingCalendar.date("2026-03-11")),
            at: try at("2026-03-02T08:00").adding(seconds: Int64(chance.below(900_000))))
        root = DossierRef(province: 0, id: DossierID(high: 0, low: 0))
        guard let submitted else { return }
        root = try simulator.submit(submitted, centre: "000.01.H17", facts: Self.facts)
    }

    private static let facts: [String: FactValue] = ["form.commune": .text("20194")]

    /// Live dossiers, oldest first.
    var live: [State] {
        simulator.dossiers.values.filter { !$0.hasEnded }.sorted { $0.dossier.id < $1.dossier.id }
    }

    /// One random thing: an allowed action, something nobody may do, a failed call, or time that passes.
    mutating func step() {
        let open = live
        guard !open.isEmpty else { return }
        let state = open[chance.below(open.count)]
        guard let world = simulator.world(of: state) else { return }
        switch chance.below(10) {
        case 0, 1: simulator.advance(to: simulator.now.adding(seconds: Int64(chance.below(90_000))))
        case 2: refusable(state)
        case 4 where chance.isOne(in: 3): submitSibling()
        case 3 where chance.isOne(in: 2):
            let message = ["paid", "halt", "recall"][chance.below(3)]
            perform(.tell(message: message, said: [:]), state, .connector("registry"))
        default: act(state, world)
        }
    }

    private mutating func act(_ state: State, _ world: World) {
        // Refusals and withdrawals would end most runs before anything has happened.
        let actions = allowedActions(state, in: world).filter { action in
            if action.action == "withdraw" { return chance.isOne(in: 20) }
            return !["refuse", "sign"].contains(action.outcome) || chance.isOne(in: 4)
        }
        guard !actions.isEmpty else { return }
        let action = actions[chance.below(actions.count)]
        let officer = Actor.officer(
            id: "o-\(chance.below(3))", agency: action.agency ?? state.centre, roles: [action.role ?? "head"])
        let applicant = Actor.applicant(through: state.centre)
        let running = state.running.first { $0.activation == action.activation }
        let isCall =
            if let running, case .call = world.procedure[running.node].kind { true } else { false }
        switch action.action {
        case "complete":
            if isCall, chance.isOne(in: 2) {
                return perform(.callFailed(activation: action.activation), state, .connector(action.role ?? ""))
            }
            perform(
                .complete(activation: action.activation, outcome: action.outcome ?? "", said: said(action)), state,
                isCall ? .connector(action.role ?? "") : officer)
        case "claim": perform(.claim(activation: action.activation), state, officer)
        case "release": perform(.release(activation: action.activation), state, officer)
        case "answer": perform(.answer(activation: action.activation, said: [:]), state, applicant)
        case "withdraw": perform(.withdraw(said: [:]), state, applicant)
        default:
            let date = state.clock.promised?.date.adding(days: 1 + chance.below(4)) ?? simulator.now.date
            guard let close = TimeOfDay("17:00") else { return }
            perform(.reappoint(to: Instant(date: date, time: close), said: Story.reason), state, officer)
        }
    }

    private func said(_ action: AllowedAction) -> [String: Said] {
        if action.outcome == "elsewhere" {
            let kind = simulator.directory.agencies[action.agency ?? ""]?.kind
            let other = simulator.directory.agencies.values.filter { $0.kind == kind && $0.code != action.agency }
            return other.map(\.code).min().map { Story.reason.merging(["agency": .agency($0)]) { $1 } } ?? [:]
        }
        var said: [String: Said] = [:]
        for need in action.needs {
            said[need.name] = need.kind == .reason ? Story.reason["reason"] : Story.missing["missing"]
        }
        return said
    }

    /// Another child of the same birth: up to four, each submitted with any that is there.
    private mutating func submitSibling() {
        let born = simulator.dossiers.values.filter { $0.parent == nil }.sorted { $0.dossier.id < $1.dossier.id }
        guard born.count < 4, let submitted else { return }
        // Refused where the procedure's first step cannot be opened any more: then there is one child fewer.
        _ = try? simulator.submit(
            submitted, centre: "000.01.H17", facts: Self.facts, sibling: born[chance.below(born.count)].dossier)
    }

    /// Things that must be refused, or do nothing.
    private mutating func refusable(_ state: State) {
        let stranger = Actor.officer(id: "x", agency: "nowhere", roles: ["clerk"])
        let activation = chance.below(max(state.lastActivation, 1)) + 1
        switch chance.below(6) {
        case 0: perform(.complete(activation: activation, outcome: "done", said: [:]), state, stranger)
        case 1: perform(.claim(activation: activation + 1000), state, stranger)
        case 2: perform(.withdraw(said: [:]), state, stranger)
        case 3:
            perform(
                .timer(TimerKey(activation: activation, kind: .silence), due: simulator.now), state, .engine)
        case 4:
            // Of itself, or of what a part is none of.
            let message = Message(
                from: root, to: state.dossier, activation: 0, number: 1, body: .siblings([root, state.dossier]))
            perform(.message(message), state, .engine)
        default:
            let message = Message(
                from: state.dossier, to: state.dossier, activation: activation, number: 1,
                body: .ended(.init(end: "issued", result: .issued, at: simulator.now)))
            perform(.message(message), state, .engine)
        }
    }

    private mutating func perform(_ command: Command, _ state: State, _ actor: Actor) {
        let (dossiers, logs) = (simulator.dossiers, simulator.logs)
        do {
            try simulator.perform(command, on: state.dossier, by: actor)
        } catch {
            if dossiers != simulator.dossiers || logs != simulator.logs { changedByRefusal += 1 }
        }
    }
}
