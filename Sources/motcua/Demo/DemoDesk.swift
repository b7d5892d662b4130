import JSONText
import Notices
import Procedures
import WorkingTime

/// The system of one agency: takes its worklist through the API, and finishes tasks as its officers decide.
struct DemoDesk: Sendable {
    let agency: AgencyDirectory.Agency
    /// The agency's posts, in a fixed order.
    let officers: [AgencyDirectory.Officer]
    let client: APIClient
    let script: DemoScript
    let day: DemoDay
    /// Between two looks at the worklist.
    let pause: Duration

    /// Works while the office is open, until the day is over.
    func run() async throws {
        while !day.isOver(at: day.clock.now()) {
            if day.isOpen(at: day.clock.now()) { await round() }
            try await Task.sleep(for: pause)
        }
    }

    /// One look at the worklist: every task that somebody decides on now, the officers side by side.
    private func round() async {
        do {
            var path: String? = "/v1/tasks?kind=person&limit=200"
            while let page = path {
                let answer = try await client.get(page).json
                await deal(with: answer["items"]?.arrayValue ?? [])
                path = answer["next"]?.stringValue
            }
        } catch {
            script.note(error, "the worklist of \(agency.name.vi)")
        }
    }

    private func deal(with tasks: [JSONValue]) async {
        await withTaskGroup(of: Void.self) { group in
            for (place, task) in tasks.enumerated() {
                if place >= max(officers.count, 1) { await group.next() }
                if day.isOver(at: day.clock.now()) { break }
                group.addTask { await deal(with: task) }
            }
        }
    }

    private func deal(with json: JSONValue) async {
        guard let task = DemoTask(json) else { return script.trouble("a task of a worklist does not read") }
        do {
            guard let root = try await script.root(of: task.dossier, asking: client) else { return }
            let decision = script.decision(
                root: root, dossier: task.dossier, procedure: task.procedure, step: task.step,
                activation: task.activation)
            guard case .complete(let outcome, let said) = decision, let officer = officer(for: task) else { return }
            if day.minutesWaited(since: task.opened, at: day.clock.now()) > 40 { script.fellBehind() }
            _ = try await client.post(
                "/v1/tasks/\(task.dossier)/\(task.activation)/complete",
                ["outcome": .string(outcome), "said": .object(said)],
                key: "\(task.dossier)/\(task.activation)/\(outcome)", officer: officer, tag: task.tag)
            script.finished(
                root: root, agency: agency.code, procedure: task.procedure, step: task.step, outcome: outcome,
                at: day.clock.now())
        } catch {
            script.note(error, "\(task.procedure)/\(task.step) at \(agency.kind)")
        }
    }

    /// Who does it: the posts with the role take turns. A head's post signs only where nobody else may.
    private func officer(for task: DemoTask) -> String? {
        if let holder = task.officer { return holder }
        let able = officers.filter { $0.roles.contains(task.role) }
        guard !able.isEmpty else {
            script.trouble("nobody at \(agency.name.vi) holds the role \(task.role)")
            return nil
        }
        return able[task.activation % able.count].id
    }
}

/// A task as the API lists it.
struct DemoTask: Hashable, Sendable {
    let dossier: String
    let activation: Int
    let tag: String
    let step: String
    let procedure: String
    let role: String
    let officer: String?
    let opened: Instant

    /// Nil where a member is missing.
    init?(_ json: JSONValue) {
        guard let dossier = json["dossier"]?.stringValue, let number = json["activation"]?.integerValue,
            let activation = Int(exactly: number), let tag = json["tag"]?.stringValue,
            let step = json["step"]?.stringValue, let procedure = json["procedure"]?["name"]?.stringValue,
            let opened = json["opened"]?.stringValue.flatMap({ Instant(iso8601: $0) })
        else { return nil }
        self.dossier = dossier
        self.activation = activation
        self.tag = tag
        self.step = step
        self.procedure = procedure
        self.opened = opened
        role = json["role"]?.stringValue ?? ""
        officer = json["officer"]?.stringValue
    }
}
