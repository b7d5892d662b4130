import Dossiers
import Edge
import Engine
import Hummingbird
import JSONText
import Procedures

/// Calls of outside systems: their adapters lease them, carry them out, and answer with an outcome.
struct CallsController: Sendable {
    private static let group = "Calls"

    let engine: DossierEngine
    let desk: CommandDesk

    var routes: [Route] {
        [
            Route(
                .post, "/v1/calls/lease", [.connect],
                Operation(
                    id: "leaseCalls", group: Self.group,
                    summary: "Take calls of the client's connector for some seconds.",
                    details:
                        "A call that is not answered in time is handed out again: calls come at least once, so that "
                        + "the outside system needs the dossier and activation as its own key.",
                    body: .init(types: ["application/json"], schema: "Lease", example: "lease"),
                    answers: [.init(status: 200, text: "Calls, oldest first.", schema: "TaskPage")],
                    problems: [.missingScope, .invalidJSON, .invalidFields, .unsupportedMediaType, .contentTooLarge]),
                lease),
            answer(
                "complete", "completeCall", "Answer a call with one of its outcomes.",
                body: .init(types: ["application/json"], schema: "Completion", example: "callCompletion"),
                [.badData, .badDate, .noSuchOutcome, .notOffered, .tooOften, .noCompetentAgency], complete),
            answer(
                "failed", "failCall", "Say that the outside system could not be reached: the call comes again later.",
                body: nil, [], failed),
            Route(
                .post, "/v1/dossiers/{dossier}/messages", [.connect],
                Operation(
                    id: "tellDossier", group: Self.group,
                    summary: "Say what no call asked for: a message that the dossier's procedure waits for.",
                    details:
                        "The procedure names its messages and whose they are. One that comes when nothing waits for it "
                        + "any more, or not yet, is recorded and changes nothing.",
                    parameters: [.dossier, .key],
                    body: .init(types: ["application/json"], schema: "OutsideMessage", example: "outsideMessage"),
                    answers: [.init(status: 200, text: "Recorded.", schema: "CallAnswer")],
                    problems: .command + [
                        .notFound, .noRole, .noSuchOutcome, .ended, .badData, .badDate, .noCompetentAgency,
                    ]), tell),
        ]
    }

    private func answer(
        _ name: String, _ id: String, _ summary: String, body: Operation.Body?, _ problems: [ProblemKind],
        _ handle: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> Route {
        Route(
            .post, "/v1/calls/{dossier}/{activation}/\(name)", [.connect],
            Operation(
                id: id, group: Self.group, summary: summary, parameters: [.dossier, .activation, .key], body: body,
                answers: [.init(status: 200, text: "Recorded.", schema: "CallAnswer")],
                problems: .command + [.notFound, .noRole, .ended, .notOpen] + problems), handle)
    }

    private func connector(_ asked: APIRequest) throws(Problem) -> String {
        guard let connector = asked.caller.connector else { throw .missingScope([.connect]) }
        return connector
    }

    @Sendable private func lease(_ asked: APIRequest) async throws -> Response {
        let connector = try connector(asked)
        let (limit, seconds) = try await asked.request.json { fields in
            (fields.optionalInteger("limit", in: 1...100) ?? 10, fields.optionalInteger("seconds", in: 5...3600) ?? 60)
        }
        let calls = try await engine.leaseCalls(
            connector: connector, province: asked.caller.province, limit: limit, seconds: seconds,
            client: asked.caller.client)
        return PageResponse.response(asked) { json in
            for call in calls { TaskText.line(call, &json) }
        }
    }

    @Sendable private func complete(_ asked: APIRequest) async throws -> Response {
        let body = try await asked.request.jsonBytes()
        let (outcome, said) = try JSONFields.read(body) { fields in
            (
                fields.string("outcome", maxLength: 100),
                fields.optionalOpenObject("said", maxCount: 50) ?? JSONObject()
            )
        }
        return try await perform(asked, "call-complete", body) {
            .complete(activation: $0, outcome: outcome, said: said)
        }
    }

    @Sendable private func failed(_ asked: APIRequest) async throws -> Response {
        let body = try await asked.emptyBody()
        return try await perform(asked, "call-failed", body) { .callFailed(activation: $0) }
    }

    @Sendable private func tell(_ asked: APIRequest) async throws -> Response {
        let connector = try connector(asked)
        let body = try await asked.request.jsonBytes()
        let (message, said) = try JSONFields.read(body) { fields in
            (
                fields.string("message", maxLength: 100),
                fields.optionalOpenObject("said", maxCount: 50) ?? JSONObject()
            )
        }
        guard let procedure = try await engine.procedure(of: asked.dossierRef()), procedure.hears(connector) else {
            throw Problem.notFound
        }
        return try await desk.performCall(
            asked, "tell", connector, .tell(message: message, said: said), activation: nil, body: body)
    }

    /// A late answer is recorded too, so that the call need not be open; but the procedure must know the connector.
    private func perform(
        _ asked: APIRequest, _ operation: String, _ body: [UInt8], _ act: (Int) -> PerformRequest.Act
    ) async throws -> Response {
        let connector = try connector(asked)
        let activation = try asked.activation()
        guard let procedure = try await engine.procedure(of: asked.dossierRef()), procedure.calls(connector) else {
            throw Problem.notFound
        }
        return try await desk.performCall(
            asked, operation, connector, act(activation), activation: activation, body: body)
    }
}

extension Procedure {
    /// Whether a message of that connector's interrupts something in it.
    fileprivate func hears(_ connector: String) -> Bool {
        (interruptions + nodes.flatMap(\.interruptions)).contains { $0.trigger == .message(from: connector) }
    }

    /// Whether one of its steps calls that connector.
    fileprivate func calls(_ connector: String) -> Bool {
        nodes.contains { node in
            if case .call(let call) = node.kind { return call.connector == connector }
            return false
        }
    }
}
