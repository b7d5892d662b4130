import JSONText
import WorkingTime

/// The adapter of the civil status system in one province: leases calls through the API, and answers them.
struct DemoRegistry: Sendable {
    let connector: String
    let client: APIClient
    let script: DemoScript
    let day: DemoDay
    let pause: Duration

    /// Answers, day and lunch, until the day is over.
    func run() async throws {
        while !day.isOver(at: day.clock.now()) {
            do {
                let body: JSONValue = ["limit": 20, "seconds": 300]
                let calls = try await client.post("/v1/calls/lease", body, key: nil).json["items"]?.arrayValue ?? []
                await withTaskGroup(of: Void.self) { group in
                    for (place, call) in calls.enumerated() {
                        if place >= 6 { await group.next() }
                        group.addTask { await answer(call) }
                    }
                }
            } catch {
                script.note(error, "leasing calls")
            }
            try await Task.sleep(for: pause)
        }
    }

    private func answer(_ json: JSONValue) async {
        guard let call = DemoTask(json) else { return script.trouble("a call does not read") }
        do {
            guard let root = try await script.root(of: call.dossier, asking: client) else { return }
            if day.minutesWaited(since: call.opened, at: day.clock.now()) > 40, !script.hasFailed(call.dossier) {
                script.fellBehind()
            }
            let path = "/v1/calls/\(call.dossier)/\(call.activation)"
            let key = "\(call.dossier)/\(call.activation)"
            switch decision(call, root) {
            case .complete(let outcome, let said):
                _ = try await client.post(
                    "\(path)/complete", ["outcome": .string(outcome), "said": .object(said)], key: "\(key)/\(outcome)")
                script.finished(
                    root: root, agency: connector, procedure: call.procedure, step: call.step, outcome: outcome,
                    at: day.clock.now())
            case .callFailed:
                script.failedOnce(call.dossier)
                _ = try await client.post("\(path)/failed", .object([:]), key: "\(key)/failed")
            case .leave: break
            }
        } catch {
            script.note(error, "answering a call")
        }
    }

    /// A system that was down once answers the second time, whose activation is the same.
    private func decision(_ call: DemoTask, _ root: String) -> DeskDecision {
        let decision = script.decision(
            root: root, dossier: call.dossier, procedure: call.procedure, step: call.step, activation: call.activation)
        guard decision == .callFailed, script.hasFailed(call.dossier), let sample = script.sample(of: root) else {
            return decision
        }
        return DeskDecision.of(
            sample.scenario, procedure: call.procedure, step: call.step, visit: 2, child: sample.child)
    }
}
