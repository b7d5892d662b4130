import Dossiers
import Notices
import Procedures
import Testing
import WorkingTime

/// One province with two communes, and the officers who work there.
enum TrainingProvince {
    /// - Parameter ends: the last day of commune A's office and of the police, which others succeed on the next; nil ends none.
    static func directory(ends: CivilDate? = nil) -> AgencyDirectory {
        typealias Agency = AgencyDirectory.Agency
        typealias Officer = AgencyDirectory.Officer
        func agency(_ code: String, _ kind: String, _ name: String, _ serves: [String]) -> Agency {
            Agency(
                code: code, kind: kind, province: "da-nang", name: LocalText(vi: name), phone: "0236",
                serves: serves, calendar: "vn-state")
        }
        var agencies = [
            agency("000.01.H17", "centre", "Trung tâm Một cửa", ["20194", "20195"]),
            agency("000.02.H17", "centre", "Trung tâm Một cửa 2", []),
            agency("000.11.H17", "civil-status", "UBND xã A", ["20194"]),
            agency("000.12.H17", "civil-status", "UBND xã B", ["20195"]),
            agency("000.21.H17", "police", "Công an xã A", ["20194", "20195"]),
            agency("000.31.H17", "social-insurance", "Bảo hiểm xã hội A", ["20194", "20195"]),
        ]
        for place in agencies.indices where ends != nil && ["000.11.H17", "000.21.H17"].contains(agencies[place].code) {
            var next = agencies[place]
            next.code = next.code.replacing(".H17", with: ".9.H17")
            next.validFrom = ends?.adding(days: 1)
            next.succeeds = [agencies[place].code]
            agencies[place].validUntil = ends
            agencies.append(next)
        }
        return AgencyDirectory(
            provinces: [.init(code: "da-nang", number: 48, name: LocalText(vi: "Đà Nẵng"), identifier: "H17")],
            areas: ["20194", "20195"].map {
                .init(code: $0, province: "da-nang", name: LocalText(vi: "Xã \($0)"))
            },
            agencies: agencies,
            officers: [
                Officer(id: "a-1", agency: "000.11.H17", roles: ["civil-status", "chairman"]),
                Officer(id: "a-2", agency: "000.11.H17", roles: ["chairman"]),
            ])
    }

    static func procedures() throws -> [Procedure] {
        [
            try TrainingProcedures.birth(), try TrainingProcedures.residence(), try TrainingProcedures.card(),
            try TrainingProcedures.flagship(),
        ]
    }

    static func simulator(at text: String, _ procedures: [Procedure]? = nil) throws -> Simulator {
        Simulator(
            versions: ProcedureVersions(try procedures ?? self.procedures()),
            calendars: ["vn-state": try TrainingCalendar.state()], directory: directory(), at: try at(text))
    }

    static let facts: [String: FactValue] = [
        "form.wants.residence": .yesNo(true), "form.wants.insurance": .yesNo(true),
        "form.registration.commune": .text("20194"), "form.residence.commune": .text("20194"),
        "form.residence.with": .text("other"),
    ]
}

/// A family of dossiers that a test drives by step names and times.
struct Story {
    var simulator: Simulator
    let root: DossierRef

    init(_ name: String, submitted: String, facts: [String: FactValue] = TrainingProvince.facts) throws {
        simulator = try TrainingProvince.simulator(at: submitted)
        let procedure = try #require(TrainingProvince.procedures().first { $0.name == name })
        root = try simulator.submit(procedure, centre: "000.01.H17", facts: facts)
    }

    /// The flagship, submitted.
    static func flagship(_ submitted: String) throws -> Story {
        try Story("birth-residence-insurance", submitted: submitted)
    }

    var state: State { get throws { try #require(simulator.dossiers[root]) } }

    func child(_ step: String) throws -> DossierRef { try #require(simulator.child(of: root, at: step)) }
    func childState(_ step: String) throws -> State { try #require(simulator.dossiers[try child(step)]) }

    func running(_ step: String, in dossier: DossierRef) throws -> State.Running {
        let state = try #require(simulator.dossiers[dossier])
        let procedure = try #require(simulator.world(of: state)?.procedure)
        return try #require(state.running.first { procedure[$0.node].name == step }, "\(step) is not open")
    }

    func openSteps(_ dossier: DossierRef) throws -> [String] {
        let state = try #require(simulator.dossiers[dossier])
        let world = try #require(simulator.world(of: state))
        return openWork(state, in: world).tasks.map(\.step)
    }

    mutating func wait(until time: String) throws { simulator.advance(to: try at(time)) }

    mutating func complete(
        _ step: String, _ outcome: String, at time: String, in part: String? = nil, officer: String = "o-1",
        said: [String: Said] = [:]
    ) throws {
        simulator.advance(to: try at(time))
        let dossier = try part.map(child) ?? root
        let running = try running(step, in: dossier)
        let state = try #require(simulator.dossiers[dossier])
        let procedure = try #require(simulator.world(of: state)?.procedure)
        let actor: Actor
        switch procedure[running.node].kind {
        case .call(let call): actor = .connector(call.connector)
        case .person(let role, _, _):
            actor = .officer(id: officer, agency: running.agency ?? "", roles: [role])
        default: actor = .applicant(through: state.centre)
        }
        try simulator.perform(
            .complete(activation: running.activation, outcome: outcome, said: said), on: dossier, by: actor)
    }

    mutating func answer(_ step: String, at time: String, in part: String? = nil) throws {
        simulator.advance(to: try at(time))
        let dossier = try part.map(child) ?? root
        let activation = try running(step, in: dossier).activation
        try simulator.perform(
            .answer(activation: activation, said: [:]), on: dossier, by: .applicant(through: "000.01.H17"))
    }

    mutating func withdraw(at time: String) throws {
        simulator.advance(to: try at(time))
        try simulator.perform(.withdraw(said: [:]), on: root, by: .applicant(through: "000.01.H17"))
    }

    /// Accepted at `accepted`, the birth issued at `born`.
    static func shared(submitted: String, accepted: String, born: String) throws -> Story {
        var story = try Story.flagship(submitted)
        try story.complete("receive", "accept", at: accepted)
        try story.complete("check", "ok", at: accepted, in: "birth")
        try story.complete("register", "number", at: accepted, in: "birth")
        try story.complete("sign", "sign", at: born, in: "birth", officer: "o-2")
        return story
    }

    static let missing: [String: Said] = ["missing": .documents(["birth-proof"])]
    static let reason: [String: Said] = ["reason": .reason(code: "missing-paper", note: nil)]
}
