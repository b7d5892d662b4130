import Dossiers
import Edge
import Engine
import HTTPTypes
import Hummingbird
import Store
import WorkingTime

/// Carries commands to the engine and their answers back: the same for every command.
struct CommandDesk: Sendable {
    let engine: DossierEngine
    let running: RunningKeys

    /// Makes a dossier, or says why not.
    func submit(
        _ asked: APIRequest, body: [UInt8], _ make: (CommandIdentity) -> SubmitRequest
    ) async throws -> Response {
        let identity = try identity(asked, operation: "submit", body: body)
        let request = make(identity)
        let render = CommandRenderer(asked, identity, shape: .newDossier).rendering
        return try await once(identity) { () throws(CommandError) in
            try await engine.submit(request, render: render)
        }
    }

    /// Carries a command out on the dossier of the path, or says why not.
    /// - Parameter operation: the command's name; a key is good for one command of a client.
    func perform(
        _ asked: APIRequest, _ operation: String, by actor: Actor, act: PerformRequest.Act,
        expects: Expectation? = nil, body: [UInt8]
    ) async throws -> Response {
        let response = try await carry(asked, operation, by: actor, act, expects: expects, body: body, shape: .dossier)
        // A refusal says how the dossier stands: only to those whose business it is.
        if response.status.kind == .clientError { _ = try await asked.dossier() }
        return response
    }

    /// Carries out what a connector says of one of its calls.
    func performCall(
        _ asked: APIRequest, _ operation: String, _ connector: String, _ act: PerformRequest.Act, activation: Int?,
        body: [UInt8]
    ) async throws -> Response {
        try await carry(
            asked, operation, by: .connector(connector), act, expects: nil, body: body,
            shape: .call(activation: activation))
    }

    private func carry(
        _ asked: APIRequest, _ operation: String, by actor: Actor, _ act: PerformRequest.Act,
        expects: Expectation?, body: [UInt8], shape: CommandRenderer.Shape
    ) async throws -> Response {
        let identity = try identity(asked, operation: operation, body: body)
        let request = PerformRequest(
            identity: identity, target: try asked.dossierRef(), by: actor, act: act, expectation: expects,
            arrived: asked.arrived)
        let render = CommandRenderer(asked, identity, shape: shape).rendering
        return try await once(identity) { () throws(CommandError) in
            try await engine.perform(request, render: render)
        }
    }

    /// Runs one command under its key, unless the same key is running here.
    func once(
        _ identity: CommandIdentity, _ run: () async throws(CommandError) -> StoredAnswer
    ) async throws -> Response {
        guard running.enter(identity.key) else {
            throw ProblemKind.requestInProgress.problem().retry(afterSeconds: 1)
        }
        defer { running.leave(identity.key) }
        return StoredResponse.response(of: try await run())
    }

    /// The command's key.
    /// - Throws: ``Problem`` 400 without a proper `Idempotency-Key`.
    func key(_ asked: APIRequest, operation: String) throws(Problem) -> AnswerKey {
        AnswerKey(
            client: asked.caller.client, operation: operation, key: try asked.request.idempotencyKey().value)
    }

    /// The command's key and the keyed hash of all that makes it this command and no other.
    /// - Throws: ``Problem`` 400 without a proper `Idempotency-Key`.
    func identity(_ asked: APIRequest, operation: String, body: [UInt8]) throws(Problem) -> CommandIdentity {
        let key = try key(asked, operation: operation)
        var text = Array("request:".utf8)
        for part in [
            asked.request.method.rawValue, asked.request.uri.description, asked.request.headers[.officerID] ?? "",
            asked.request.headers[.ifMatch] ?? "", asked.request.headers[.contentType] ?? "",
        ] {
            text += Array("\(part.utf8.count):".utf8) + Array(part.utf8)
        }
        return CommandIdentity(key: key, fingerprint: engine.fingerprint(text + body))
    }
}

/// Answers as they lie in the database, byte for byte, with the headers that follow from them.
enum StoredResponse {
    /// The response of an answer, first or repeated.
    static func response(of answer: StoredAnswer) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store", .vary: "Accept-Language"]
        let status = HTTPResponse.Status(code: Int(answer.status))
        if let sequence = answer.sequence { headers[.eTag] = ETag(version: sequence).description }
        headers[.location] = answer.location
        return .json(answer.body, status: status, headers: headers, contentType: answer.contentType)
    }
}
