import Dossiers
import Notices
import ProcedureFiles
import Procedures
import Testing
import WorkingTime

/// A dossier on a procedure that was read from text, driven by step names and times.
struct FileRun {
    var simulator: Simulator
    let procedure: Procedure
    let root: DossierRef

    init(
        _ loaded: WorkflowFolder.Loaded, _ name: String, centre: String, submitted: String,
        facts: [String: FactValue], channel: Submission.Channel = .online
    ) throws {
        #expect(loaded.report.text(in: .en) == "")
        procedure = try #require(loaded.catalogue.procedures.last { $0.name == name })
        simulator = Simulator(
            versions: ProcedureVersions(loaded.catalogue.procedures), calendars: loaded.catalogue.calendars,
            directory: loaded.catalogue.directory, at: try Self.at(submitted))
        root = try simulator.submit(procedure, centre: centre, facts: facts, channel: channel)
    }

    static func at(_ text: String) throws -> Instant { try #require(Instant(iso8601: text)) }

    var state: State { get throws { try #require(simulator.dossiers[root]) } }
    var world: World { get throws { try #require(simulator.world(of: state)) } }
    var kinds: [String] { (simulator.logs[root] ?? []).map(\.body.kind) }

    /// The open tasks of the dossier itself, by step.
    var open: [String] { get throws { openWork(try state, in: try world).tasks.map(\.step) } }

    func running(_ step: String) throws -> State.Running {
        try #require(state.running.first { procedure[$0.node].name == step }, "\(step) is not open")
    }

    mutating func wait(until time: String) throws { simulator.advance(to: try Self.at(time)) }

    mutating func complete(
        _ step: String, _ outcome: String, at time: String, said: [String: Said] = [:]
    ) throws {
        try wait(until: time)
        let step = try running(step)
        guard case .person(let role, _, _) = procedure[step.node].kind else {
            throw Refusal(.notOpen, LocalText(vi: ""))
        }
        try simulator.perform(
            .complete(activation: step.activation, outcome: outcome, said: said), on: root,
            by: .officer(id: "o-\(step.activation)", agency: step.agency ?? "", roles: [role]))
    }

    mutating func call(_ step: String, _ outcome: String, at time: String) throws {
        try wait(until: time)
        let step = try running(step)
        guard case .call(let call) = procedure[step.node].kind else { throw Refusal(.notOpen, LocalText(vi: "")) }
        try simulator.perform(
            .complete(activation: step.activation, outcome: outcome, said: [:]), on: root,
            by: .connector(call.connector))
    }

    mutating func tell(_ message: String, by connector: String, at time: String, said: [String: Said] = [:]) throws {
        try wait(until: time)
        try simulator.perform(.tell(message: message, said: said), on: root, by: .connector(connector))
    }
}
