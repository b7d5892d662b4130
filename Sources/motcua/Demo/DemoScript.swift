import JSONText
import Synchronization
import WorkingTime

/// What the players of a demo day know together: which dossier is which sample, and what was done.
///
/// Real desks know it from reading the form; here it stands for the officer's judgement.
final class DemoScript: Sendable {
    private struct State {
        /// The sample of each submitted dossier, by the dossier's id.
        var samples: [String: SampleDossier] = [:]
        /// The root of each linked dossier that a desk has looked up.
        var roots: [String: String] = [:]
        /// The activations that a step of a dossier has had, in order.
        var visits: [String: [Int]] = [:]
        var done: [String: Int] = [:]
        var lookUps: [Scenario: [LookUp]] = [:]
        /// Dossiers whose call the outside system could not take once.
        var failures: Set<String> = []
        var withdrawals: [(root: String, at: Instant)] = []
        var submitted = 0
        var returned = 0
        var tasks = 0
        var troubles: [String: Int] = [:]
        var behindUntil = ContinuousClock.now
    }

    /// A dossier with the key to its page.
    struct LookUp: Hashable, Sendable {
        let root: String
        let code: String
    }

    /// What the progress line says.
    struct Count: Hashable, Sendable {
        var submitted = 0
        var tasks = 0
        var returned = 0
    }

    private let state = Mutex(State())

    /// Notes a dossier that was taken in.
    func submitted(_ sample: SampleDossier, id: String, lookUp: String) {
        state.withLock { state in
            state.samples[id] = sample
            state.submitted += 1
            state.lookUps[sample.scenario, default: []].append(LookUp(root: id, code: lookUp))
        }
    }

    /// The root of a dossier, where it is known: itself if it was submitted.
    func root(of dossier: String) -> String? {
        state.withLock { $0.samples[dossier] != nil ? dossier : $0.roots[dossier] }
    }

    /// Notes the root of a linked dossier.
    func learned(root: String, of dossier: String) {
        state.withLock { $0.roots[dossier] = root }
    }

    /// The sample of a root.
    func sample(of root: String) -> SampleDossier? {
        state.withLock { $0.samples[root] }
    }

    /// What is done with a task of that root, now that its step has this activation.
    func decision(root: String, dossier: String, procedure: String, step: String, activation: Int) -> DeskDecision {
        state.withLock { state in
            guard let sample = state.samples[root] else { return .leave }
            let key = "\(dossier) \(step)"
            if state.visits[key, default: []].contains(activation) == false {
                state.visits[key, default: []].append(activation)
            }
            let visit = (state.visits[key]?.firstIndex(of: activation) ?? 0) + 1
            return DeskDecision.of(
                sample.scenario, procedure: procedure, step: step, visit: visit, child: sample.child)
        }
    }

    /// Notes a finished task of an agency, and what the applicant makes of it.
    func finished(root: String, agency: String, procedure: String, step: String, outcome: String, at now: Instant) {
        state.withLock { state in
            state.done[agency, default: 0] += 1
            state.tasks += 1
            if outcome == "handed-over" { state.returned += 1 }
            guard let scenario = state.samples[root]?.scenario else { return }
            switch (scenario, procedure, step) {
            case (.withdrawnHeld, "birth-residence-insurance", "receive"):
                state.withdrawals.append((root, now.adding(seconds: 25 * 60)))
            case (.withdrawnLate, "birth-registration", "sign"):
                state.withdrawals.append((root, now.adding(seconds: 15 * 60)))
            default: break
            }
        }
    }

    /// Notes that the applicant will withdraw a dossier at an instant.
    func withdraws(_ root: String, at: Instant) {
        state.withLock { $0.withdrawals.append((root, at)) }
    }

    /// The withdrawals of a centre that are due; they are not given again.
    func dueWithdrawals(centre: String, at now: Instant) -> [String] {
        state.withLock { state in
            let due = state.withdrawals.filter { $0.at <= now && state.samples[$0.root]?.centre == centre }.map(\.root)
            state.withdrawals.removeAll { due.contains($0.root) }
            return due
        }
    }

    /// Notes that the outside system was down for a dossier.
    func failedOnce(_ dossier: String) {
        state.withLock { _ = $0.failures.insert(dossier) }
    }

    /// Whether the outside system was down for a dossier before.
    func hasFailed(_ dossier: String) -> Bool {
        state.withLock { $0.failures.contains(dossier) }
    }

    /// Notes what should not have happened; the report shows it.
    func trouble(_ text: String) {
        state.withLock { state in
            if state.troubles.count < 20 || state.troubles[text] != nil { state.troubles[text, default: 0] += 1 }
        }
    }

    /// What should not have happened, and how often.
    var troubles: [(String, Int)] {
        state.withLock { $0.troubles.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) } }
    }

    /// Notes that something was done later than a desk with nothing else to do would have done it.
    func fellBehind() {
        state.withLock { $0.behindUntil = .now + .milliseconds(600) }
    }

    /// Whether players were behind a moment ago: the machine is too slow for the day's speed.
    var isBehind: Bool { state.withLock { $0.behindUntil > .now } }

    /// How much was done.
    var count: Count {
        state.withLock { Count(submitted: $0.submitted, tasks: $0.tasks, returned: $0.returned) }
    }

    /// Tasks finished by an agency or connector.
    func done(by agency: String) -> Int {
        state.withLock { $0.done[agency] ?? 0 }
    }

    /// One dossier of each scenario named, where there is one.
    func lookUps(of scenarios: [Scenario]) -> [(Scenario, LookUp)] {
        state.withLock { state in
            scenarios.compactMap { scenario in state.lookUps[scenario]?.first.map { (scenario, $0) } }
        }
    }
}

extension DemoScript {
    /// The submitted dossier to which a dossier belongs; asked of the API once, nil where it does not say.
    func root(of dossier: String, asking client: APIClient) async throws -> String? {
        if let root = root(of: dossier) { return root }
        let view = try await client.get("/v1/dossiers/\(dossier)").json
        guard let root = view["parent"]?["root"]?.stringValue else { return nil }
        learned(root: root, of: dossier)
        return root
    }

    /// Notes a failed request. Two desks at one dossier, or a withdrawal in between, are part of any day.
    func note(_ error: any Error, _ place: String) {
        if error is CancellationError { return }
        if let failure = error as? APIFailure, [404, 409, 412].contains(failure.status) { return }
        trouble("\(place): \(error)")
    }
}
