import Dossiers
import JSONText
import Notices
import Procedures
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

/// What a test does through the engine: submit, work, look.
extension EngineWorld {
    /// A full form of the flagship, every personal field filled with samples.
    static func form(_ changes: [String: JSONValue] = [:], of procedure: Procedure) -> JSONValue {
        var tree = JSONValue.object(JSONObject())
        var facts: [String: FactValue] = [:]
        for field in procedure.form {
            let value = changes[field.name] ?? sample(field)
            guard let value, field.when?.holds(facts) ?? true else { continue }
            if case .string(let text) = value { facts["form.\(field.name)"] = .text(text) }
            if case .bool(let flag) = value { facts["form.\(field.name)"] = .yesNo(flag) }
            put(value, field.name.split(separator: ".").map(String.init)[...], &tree)
        }
        return tree
    }

    private static func put(_ value: JSONValue, _ path: ArraySlice<String>, _ tree: inout JSONValue) {
        guard let first = path.first else {
            tree = value
            return
        }
        var object = tree.objectValue ?? JSONObject()
        var inner = object[first] ?? .object(JSONObject())
        put(value, path.dropFirst(), &inner)
        object[first] = inner
        tree = .object(object)
    }

    private static func sample(_ field: Field) -> JSONValue? {
        switch field.type {
        case .text: .string("Mẫu \(field.name)")
        case .number(let min, _): .integer(min)
        case .date: .string("2026-01-15")
        case .yesNo: .bool(true)
        case .choice(let choices): choices.first.map { .string($0.code) }
        case .nationalID: .string("048090001234")
        case .phone: .string("0905123456")
        case .address: .object(["line": "12 Bạch Đằng", "commune": "48001"])
        case .area: .string("48001")
        case .list, .group: nil
        }
    }

    /// A submission of the flagship, or of another procedure, at the clock's time.
    func submission(
        _ procedure: String = "birth-residence-insurance", form changes: [String: JSONValue] = [:], key: String = "s1",
        reference: String? = nil, centre: String = Self.centre
    ) throws -> SubmitRequest {
        let version = try #require(engine.catalogue.procedure(named: procedure, on: clock.now.date))
        let documents = Dictionary(
            version.documents.filter { $0.required && $0.when == nil }.map { ($0.name, $0.oneOf.first ?? $0.name) }
        ) { first, _ in first }
        return SubmitRequest(
            identity: identity("submit", key), by: .applicant(through: centre), centre: centre, procedure: procedure,
            channel: .online, form: Self.form(changes, of: version), documents: documents, clientReference: reference,
            arrived: clock.now)
    }

    /// Submits the flagship, or another procedure, and returns the dossier.
    func submit(
        _ procedure: String = "birth-residence-insurance", form changes: [String: JSONValue] = [:], key: String = "s1",
        reference: String? = nil, centre: String = Self.centre
    ) async throws -> DossierView {
        let request = try submission(procedure, form: changes, key: key, reference: reference, centre: centre)
        let result = Caught()
        _ = try await engine.submit(request) { result.catch($0) }
        guard case .done(let view)? = result.value else {
            throw Failure("submission: \(String(describing: result.value))")
        }
        return view
    }

    /// Sends a submission; the answer's body names the dossier.
    func send(_ request: SubmitRequest) async throws(CommandError) -> StoredAnswer {
        try await engine.submit(request) { Caught().catch($0) }
    }

    /// Submits the flagship and accepts it.
    func accepted(
        form changes: [String: JSONValue] = [:], key: String = "s1", centre: String = Self.centre
    ) async throws -> DossierRef {
        let dossier = try await submit(form: changes, key: key, centre: centre).state.dossier
        try await done(dossier, "receive", "accept")
        return dossier
    }

    /// Has the birth of an accepted dossier registered and signed; gives its part.
    @discardableResult
    func born(_ dossier: DossierRef) async throws -> DossierRef {
        let birth = try await child(dossier, "birth")
        try await done(birth, "check", "ok")
        try await done(birth, "register", "number")
        try await done(birth, "sign", "sign")
        return birth
    }

    /// Completes a task, which must succeed.
    @discardableResult
    func done(_ dossier: DossierRef, _ step: String, _ outcome: String) async throws -> DossierView {
        let result = try await complete(dossier, step, outcome)
        guard case .done(let view) = result else { throw Failure("\(step) \(outcome): \(result)") }
        return view
    }

    /// The open task at a step.
    func task(_ dossier: DossierRef, _ step: String) async throws -> OpenTask {
        try await eventually("\(step) is open") {
            try await engine.dossier(dossier)?.work.tasks.first { $0.step == step }
        }
    }

    /// The kinds of a dossier's events, in order.
    func kinds(_ dossier: DossierRef) async throws -> [String] {
        try await engine.events(of: dossier, after: 0, limit: 1_000).map(\.body.kind)
    }

    /// Completes the open task at `step` as an officer who may, with samples for what must be said.
    @discardableResult
    func complete(
        _ dossier: DossierRef, _ step: String, _ outcome: String, key: String? = nil
    ) async throws -> CommandResult {
        let view = try await eventually("\(step) is open") {
            let view = try await engine.dossier(dossier)
            return view?.work.tasks.contains { $0.step == step } == true ? view : nil
        }
        let task = try #require(view.work.tasks.first { $0.step == step })
        let node = try #require(view.procedure.nodes.first { $0.name == step })
        let needs = node.outcomes.first { $0.name == outcome }?.needs ?? []
        var said = JSONObject()
        for need in needs where need.required { said[need.name] = sample(need, view.procedure) }
        let by: Actor =
            if task.kind == .call { .connector(task.role) } else { officer(for: task, node, view) }
        let act: PerformRequest.Act =
            task.kind == .applicant
            ? .answer(activation: task.activation, said: JSONObject())
            : .complete(activation: task.activation, outcome: outcome, said: said)
        return try await perform(
            dossier, act, by: task.kind == .applicant ? .applicant(through: view.state.centre) : by,
            key: key ?? "\(dossier.id)/\(task.activation)/\(outcome)")
    }

    /// Sends a command and gives its result.
    func perform(
        _ dossier: DossierRef, _ act: PerformRequest.Act, by: Actor, key: String, expecting: CallerBelief? = nil
    ) async throws -> CommandResult {
        let result = Caught()
        _ = try await engine.perform(
            PerformRequest(
                identity: identity("perform", key), target: dossier, by: by, act: act, expectation: expecting,
                arrived: clock.now)
        ) { result.catch($0) }
        return try #require(result.value)
    }

    /// The linked dossier behind an open link.
    func child(_ dossier: DossierRef, _ link: String) async throws -> DossierRef {
        try await eventually("\(link) is linked") {
            guard let view = try await engine.dossier(dossier) else { return nil }
            let step = view.state.running.first { view.procedure[$0.node].name == link }
            guard let child = step?.link?.dossier, try await engine.dossier(child) != nil else { return nil }
            return child
        }
    }

    func identity(_ operation: String, _ key: String) -> CommandIdentity {
        CommandIdentity(
            key: AnswerKey(client: "test", operation: operation, key: key),
            fingerprint: engine.fingerprint(Array((operation + key).utf8)))
    }

    func officer(for task: OpenTask, _ node: Node, _ view: DossierView) -> Actor {
        var barred: Set<String> = []
        if case .person(_, _, let notBy) = node.kind {
            barred = Set(notBy.compactMap { view.state.performers[view.procedure[$0].name] })
        }
        let officer = engine.catalogue.directory.officers.values.sorted { $0.id < $1.id }.first {
            $0.agency == task.agency && $0.roles.contains(task.role) && !barred.contains($0.id)
        }
        return .officer(id: officer?.id ?? "none", agency: task.agency, roles: officer?.roles ?? [])
    }

    private func sample(_ need: Need, _ procedure: Procedure) -> JSONValue {
        switch need.kind {
        case .reason: ["code": .string(procedure.reasons.first?.code ?? "")]
        case .documents: .array(procedure.documents.prefix(1).map { .string($0.name) })
        case .date: ["date": "2026-03-02"]
        case .instant: ["instant": "2026-03-10T17:00"]
        case .yesNo: true
        case .sealed: "bí mật 0123"
        }
    }
}

/// Catches the result that a rendering is given.
final class Caught: Sendable {
    private let box = BoxedResult()

    var value: CommandResult? { box.value }

    func `catch`(_ result: CommandResult) -> StoredAnswer {
        box.set(result)
        return StoredAnswer(
            fingerprint: [], status: 200, contentType: "text/plain", body: Array("\(kind(result))".utf8))
    }

    private func kind(_ result: CommandResult) -> String {
        switch result {
        case .done(let view): "done \(view.state.sequence) \(view.state.dossier.text) \(view.state.code ?? "-")"
        case .refused(let refusal, _): "refused \(refusal.code.rawValue)"
        case .stale: "stale"
        case .referenceTaken(let dossier): "taken \(dossier.text)"
        case .noDossier: "none"
        }
    }
}
