import Dossiers
import JSONText
import Procedures
import Store
import TestSupport
import Testing
import WorkingTime

@testable import Engine

/// What tests do to the queue.
extension EngineWorld {
    /// Sends everything while the only lane is busy, so that it comes into one batch, in order; gives what became of each.
    ///
    /// The engine must have one lane a province.
    func inOneBatch(
        _ sends: [@Sendable () async throws -> StoredAnswer]
    ) async throws -> [Result<StoredAnswer, any Error>] {
        let plug = try submission(key: "plug")
        let sent = try await observer.holding("LOCK TABLE engine.answer IN ACCESS EXCLUSIVE MODE") {
            let plugged = Task { try await send(plug) }
            try await observer.waitForBlocked(1)
            var sent: [Task<StoredAnswer, any Error>] = []
            for send in sends {
                sent.append(Task { try await send() })
                let count = sent.count
                _ = try await eventually("\(count) wait") { engine.queue.count == count ? true : nil }
            }
            return (sent, plugged)
        }
        var results: [Result<StoredAnswer, any Error>] = []
        for task in sent.0 { results.append(await task.result) }
        _ = try await sent.1.value
        return results
    }

    /// Loads the procedure with two tasks at once.
    func loadTwoDesks() async throws {
        let result = try await engine.loadFile(Array(TwoDesks.file.utf8), name: "procedures/two-desks.yaml", by: "test")
        switch result {
        case .loaded, .unchanged: return
        case .refused(let findings): throw Failure("\(findings.map { "\($0.path) \($0.message.en)" })")
        case .duplicate: throw Failure("another file is there")
        }
    }

    /// An accepted dossier whose two desks are at work.
    func twoDesks(key: String) async throws -> DossierRef {
        try await loadTwoDesks()
        let dossier = try await submit("two-desks", key: key).state.dossier
        try await done(dossier, "receive", "accept")
        return dossier
    }

    /// Who does a step of the two desks.
    func performer(of step: String) -> Actor {
        switch step {
        case "share/left/make": .officer(id: "dn-haichau-hotich-01", agency: "000.01.01.H17", roles: ["civil-status"])
        case "share/right/view": .officer(id: "dn-haichau-congan-01", agency: "000.02.01.H17", roles: ["police"])
        default: .officer(id: "dn-mc1-tiepnhan-01", agency: Self.centre, roles: ["reception"])
        }
    }

    /// Completes a task of the two desks with a tag.
    func act(
        _ dossier: DossierRef, _ task: OpenTask, _ outcome: String, expecting: CallerBelief, key: String? = nil
    ) async throws -> CommandResult {
        try await perform(
            dossier, .complete(activation: task.activation, outcome: outcome, said: JSONObject()),
            by: performer(of: task.step), key: key ?? "\(dossier.id)/\(task.step)", expecting: expecting)
    }
}
