import JSONText
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import motcua

/// One dossier of 2.002621 on one of its paths, told through the API by everybody who takes part, and looked at as the
/// citizen sees it.
final class Story: Sendable {
    /// The whole, or one of its parts by the name of the part's procedure.
    enum Part: String, Sendable {
        case whole = "birth-residence-insurance"
        case birth = "birth-registration"
        case residence = "permanent-residence"
        case card = "child-health-card"
    }

    /// What turned out otherwise, and where it was expected.
    struct Fault: Sendable {
        let text: String
        let place: SourceLocation
    }

    private struct State {
        var ids: [Part: String] = [:]
        var lookUp = ""
        var keys = 0
        var faults: [Fault] = []
    }

    let live: LiveSystem
    let cast: Cast
    private let name: String
    private let conductor: Conductor
    private let state = Mutex(State())

    init(_ name: String, _ live: LiveSystem, _ cast: Cast, _ conductor: Conductor) {
        self.name = name
        self.live = live
        self.cast = cast
        self.conductor = conductor
    }

    var faults: [Fault] { state.withLock { $0.faults } }
    var lookUp: String { state.withLock { $0.lookUp } }

    /// Notes what turned out otherwise.
    func fault(_ text: String, _ place: SourceLocation) {
        state.withLock { $0.faults.append(Fault(text: "\(name): \(text)", place: place)) }
    }

    /// Waits for a legal time of 2026, `03-02T08:30`.
    func at(_ time: String) async throws { await conductor.reach(try Story.instant(time)) }

    static func instant(_ time: String) throws -> Instant {
        guard let instant = Instant(iso8601: "2026-\(time)") else { throw Failure("\(time) is no time") }
        return instant
    }

    private func key() -> String {
        state.withLock { state in
            state.keys += 1
            return "\(name.split(separator: " ").joined(separator: "-"))-\(state.keys)"
        }
    }

    // MARK: - What people do

    /// The story of another child of the same birth, told by whoever tells this one.
    func twin() -> Story { Story("\(name) 2", live, cast, conductor) }

    /// Takes over what turned out otherwise in another story.
    func takeFaults(of other: Story) {
        let faults = other.faults
        state.withLock { $0.faults += faults }
    }

    /// The desk hands the form in.
    func submit(_ form: FlagshipForm = FlagshipForm()) async throws { try await submit(form.body, by: nil) }

    /// An officer of the desk hands in what is different of another child of the same birth.
    func submitTwin(of first: Story) async throws {
        try await submit(FlagshipForm.twin(of: first.dossier(.whole)), by: Officer.desk)
    }

    private func submit(_ body: JSONValue, by officer: String?) async throws {
        let answer = try await cast.client(Cast.centre).post("/v1/dossiers", body, key: key(), officer: officer)
        guard let id = answer.json["id"]?.stringValue, let code = answer.json["lookUpCode"]?.stringValue else {
            throw Failure("\(name): no dossier in the answer")
        }
        state.withLock { state in
            state.ids[.whole] = id
            state.lookUp = code
        }
    }

    /// The dossier of a part, as soon as it began.
    func dossier(_ part: Part) async throws -> String {
        if let id = state.withLock({ $0.ids[part] }) { return id }
        let desk = try cast.client(Cast.centre)
        let id = try await eventually("\(name): \(part) has begun") {
            let links = try await desk.get("/v1/dossiers/\(self.dossier(.whole))").json["links"]?.arrayValue ?? []
            return links.first { $0["procedure"]?.stringValue == part.rawValue }?["dossier"]?.stringValue
        }
        state.withLock { $0.ids[part] = id }
        return id
    }

    /// The open task at a step, as an agency sees it.
    private func task(_ step: String, _ part: Part, _ agency: String) async throws -> (Int, String) {
        let client = try cast.client(agency)
        let id = try await dossier(part)
        return try await eventually("\(name): \(part) stands at \(step) of \(agency)") {
            do {
                let tasks = try await client.get("/v1/dossiers/\(id)").json["tasks"]?.arrayValue ?? []
                let task = tasks.first { $0["step"]?.stringValue == step }
                guard let number = task?["activation"]?.integerValue, let tag = task?["tag"]?.stringValue else {
                    return nil
                }
                return (Int(number), tag)
            } catch let failure as APIFailure where failure.status == 404 {
                return nil
            }
        }
    }

    /// An officer finishes a step.
    @discardableResult
    func act(
        _ step: String, _ outcome: String, _ part: Part = .whole, by officer: String, said: JSONObject = [:]
    ) async throws -> Reply {
        let agency = try cast.agency(of: officer)
        let (activation, tag) = try await task(step, part, agency)
        return try await cast.client(agency).post(
            "/v1/tasks/\(dossier(part))/\(activation)/complete", ["outcome": .string(outcome), "said": .object(said)],
            key: key(), officer: officer, tag: tag)
    }

    /// The applicant hands in what was asked, at the desk.
    func answer(_ step: String, _ part: Part = .whole) async throws {
        let (_, tag) = try await task(step, part, Cast.centre)
        _ = try await cast.client(Cast.centre).post(
            "/v1/dossiers/\(dossier(part))/supplements", [:], key: key(), tag: tag)
    }

    /// The applicant withdraws, at the desk.
    func withdraw() async throws {
        try await onWhole(.whole, cast.client(Cast.centre), "withdrawal", [:], by: nil)
    }

    /// A head apologises and sets a new date.
    func reappoint(_ part: Part, to date: String, by officer: String) async throws {
        try await onWhole(
            part, cast.client(cast.agency(of: officer)), "reappointment",
            ["date": .string("2026-\(date)"), "said": ["reason": ["code": "missing-paper"]]], by: officer)
    }

    /// A command on a whole dossier, with its tag as it was read; read again when something came in between.
    private func onWhole(
        _ part: Part, _ client: APIClient, _ command: String, _ body: JSONValue, by officer: String?
    ) async throws {
        let path = "/v1/dossiers/\(try await dossier(part))"
        for last in [false, false, false, true] {
            do {
                _ = try await client.post(
                    "\(path)/\(command)", body, key: key(), officer: officer, tag: client.get(path).tag)
                return
            } catch let failure as APIFailure where failure.code == "stale-version" && !last {}
        }
    }

    /// What is asked for is refused.
    func refused(
        _ status: Int, _ code: String, place: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async throws {
        do {
            try await body()
            fault("was not refused with \(code)", place)
        } catch let failure as APIFailure {
            if failure.status != status || failure.code != code {
                fault("refused with \(failure.status) \(failure.code) instead of \(status) \(code)", place)
            }
        }
    }
}
