import JSONText
import Synchronization
import TestSupport

@testable import motcua

/// Many clients that submit, accept, claim, check and sign as fast as they are answered, whatever happens to the server.
final class Load: Sendable {
    private struct State {
        var calls: [LoadCall] = []
        var server: ServeProcess?
        var overSince: Duration?
        /// Commands that a living server did not answer in a minute.
        var stuck: [String] = []
        var answered = 0
    }

    private let state = Mutex(State())
    private let began = ContinuousClock.now
    private let speakers: [String: Speaker]
    private let prefix: String

    /// - Parameter prefix: stands before the keys of this load, so that two loads have different ones.
    init(_ folder: ServeFolder, prefix: String = "c") throws {
        self.prefix = prefix
        speakers = [
            ServeFolder.desk: try Speaker(folder, ServeFolder.desk),
            ServeFolder.town: try Speaker(folder, ServeFolder.town),
            ServeFolder.registry: try Speaker(folder, ServeFolder.registry),
        ]
    }

    /// Every command that was sent so far.
    var calls: [LoadCall] { state.withLock { $0.calls } }
    /// How many commands were answered so far.
    var answered: Int { state.withLock { $0.answered } }
    var stuck: [String] { state.withLock { $0.stuck } }
    private var isOver: Bool { state.withLock { $0.overSince != nil } }
    private var now: Duration { ContinuousClock.now - began }

    /// The server that is up now; nil while there is none.
    func serve(_ server: ServeProcess?) { state.withLock { $0.server = server } }

    /// No new commands; what was sent is brought to its end.
    func end() { state.withLock { [now] in $0.overSince = now } }

    /// Runs so many clients until ``end()``.
    func run(clients: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for client in 0..<clients {
                group.addTask {
                    var family = 0
                    while !self.isOver {
                        family += 1
                        // A family that met an end it does not know of is left as it is.
                        try? await self.family("\(self.prefix)\(client)-\(family)")
                    }
                }
            }
        }
    }

    /// Why a client goes no further with a family.
    private struct Left: Error {}

    private func family(_ name: String) async throws {
        let made = try await send(
            "\(name)-submit", ServeFolder.desk, "/v1/dossiers", nil, .submitted(reference: name), nil,
            body: submission(name))
        guard let root = made["id"]?.stringValue else { throw Left() }
        _ = try await finish("\(name)-accept", ServeFolder.desk, Officer.desk, root, made, "receive", "accept")
        let birth = try await child(of: root)
        var view = try await read(ServeFolder.town, birth)
        view = try await claim("\(name)-claim", birth, view)
        view = try await finish("\(name)-check", ServeFolder.town, Officer.civilStatus, birth, view, "check", "ok")
        guard let call = Self.task(view, "register")?.0 else { throw Left() }
        _ = try await send(
            "\(name)-number", ServeFolder.registry, "/v1/calls/\(birth)/\(call)/complete", birth,
            .completed(activation: call, outcome: "number"), nil,
            body: [
                "outcome": "number", "said": ["personal-number": "048326000123", "register-number": "12/2026"],
            ])
        view = try await read(ServeFolder.town, birth)
        _ = try await finish("\(name)-sign", ServeFolder.town, Officer.chairman, birth, view, "sign", "sign")
    }

    private func submission(_ name: String) -> JSONValue {
        var body = FlagshipForm().body.objectValue ?? [:]
        body["clientReference"] = .string(name)
        return .object(body)
    }

    private static func task(_ view: JSONValue, _ step: String) -> (Int, String)? {
        let task = view["tasks"]?.arrayValue?.first { $0["step"]?.stringValue == step }
        guard let number = task?["activation"]?.integerValue, let tag = task?["tag"]?.stringValue else { return nil }
        return (Int(number), tag)
    }

    private func claim(_ key: String, _ dossier: String, _ view: JSONValue) async throws -> JSONValue {
        guard let (activation, tag) = Self.task(view, "check") else { throw Left() }
        return try await send(
            key, ServeFolder.town, "/v1/tasks/\(dossier)/\(activation)/claim", dossier,
            .claimed(activation: activation),
            Officer.civilStatus, tag: tag, body: [:])
    }

    private func finish(
        _ key: String, _ client: String, _ officer: String, _ dossier: String, _ view: JSONValue, _ step: String,
        _ outcome: String
    ) async throws -> JSONValue {
        guard let (activation, tag) = Self.task(view, step) else { throw Left() }
        return try await send(
            key, client, "/v1/tasks/\(dossier)/\(activation)/complete", dossier,
            .completed(activation: activation, outcome: outcome), officer, tag: tag,
            body: ["outcome": .string(outcome), "said": [:]])
    }

    // MARK: - One request

    /// Sends a command until it is answered; one in four whose answer is missing is never asked after again.
    private func send(
        _ key: String, _ client: String, _ path: String, _ dossier: String?, _ effect: LoadCall.Effect,
        _ officer: String?, tag: String? = nil, body: JSONValue
    ) async throws -> JSONValue {
        guard let speaker = speakers[client] else { throw Left() }
        var server = try await self.server()
        var call = LoadCall(
            key: key, officer: officer, dossier: dossier, effect: effect, invoked: now,
            sent: LoadCall.Sent(client: client, path: path, tag: tag, body: body.bytes))
        let place = state.withLock { state in
            state.calls.append(call)
            return state.calls.count - 1
        }
        var last = "nothing"
        while true {
            do {
                let answer = try await speaker.send(
                    server.api, .post, path, key: key, officer: officer, tag: tag, call.sent.body)
                last = "\(answer.status) \(String(decoding: answer.body.prefix(300), as: UTF8.self))"
                guard answer.status != 503, answer.status != 429 else { throw HTTPFailure.timedOut }
                let json = (try? JSONValue.parse(answer.body)) ?? .null
                if json["type"]?.stringValue?.hasSuffix("request-in-progress") == true { throw HTTPFailure.timedOut }
                call.answer = LoadCall.Answer(
                    status: answer.status, body: answer.body, sequence: json["sequence"]?.integerValue, returned: now)
                if case .submitted = effect { call.dossier = json["id"]?.stringValue }
                state.withLock { [call] state in
                    state.calls[place] = call
                    state.answered += 1
                }
                guard call.isDone else { throw Left() }
                return json
            } catch let failure as HTTPFailure {
                if case .timedOut = failure {} else { last = "\(failure)" }
                try giveUp(key, last)
                if place % 4 == 0 { throw Left() }
                try await Task.sleep(for: .milliseconds(50))
                server = try await self.server()
            }
        }
    }

    /// A minute after the end of the load, with a server that lives, every command has its answer.
    private func giveUp(_ key: String, _ last: String) throws {
        try state.withLock { [now] state in
            guard let over = state.overSince, now - over > .seconds(60) else { return }
            state.stuck.append("\(key): \(last)")
            throw Left()
        }
    }

    private func read(_ client: String, _ dossier: String) async throws -> JSONValue {
        guard let speaker = speakers[client] else { throw Left() }
        while true {
            let server = try await self.server()
            do {
                let answer = try await speaker.send(server.api, .get, "/v1/dossiers/\(dossier)")
                if answer.status == 200 { return try JSONValue.parse(answer.body) }
            } catch is HTTPFailure {}
            if isOver { throw Left() }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func child(of root: String) async throws -> String {
        while true {
            let view = try await read(ServeFolder.desk, root)
            if let child = view["links"]?.arrayValue?.first?["dossier"]?.stringValue { return child }
            try await Task.sleep(for: .milliseconds(10))
            if isOver { throw Left() }
        }
    }

    /// The server, as soon as there is one again.
    private func server() async throws -> ServeProcess {
        while true {
            if let server = state.withLock({ $0.server }) { return server }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Sends acknowledged commands again under their keys; those whose second answer is not the first, byte for byte.
    func replayFaults(_ sample: [LoadCall], _ server: ServeProcess) async throws -> [String] {
        var faults: [String] = []
        for call in sample {
            guard let first = call.answer, let speaker = speakers[call.sent.client] else { continue }
            let again = try await speaker.send(
                server.api, .post, call.sent.path, key: call.key, officer: call.officer, tag: call.sent.tag,
                call.sent.body)
            if again.status != first.status || again.body != first.body { faults.append("\(call.key): another answer") }
        }
        return faults
    }
}
