import Dossiers
import Edge
import Engine
import HTTPTypes
import JSONText
import Procedures
import Store
import WorkingTime

/// Writes the answer to a command, which is stored with the command: ids, codes, dates and states, nothing personal (R2).
struct CommandRenderer: Sendable {
    private let caller: Caller
    private let fingerprint: [UInt8]
    private let shape: Shape
    private let language: EdgeLanguage
    private let traceID: String

    /// What is answered when the command is done.
    enum Shape: Sendable {
        /// 201 with the dossier.
        case newDossier
        /// 200 with the dossier.
        case dossier
        /// 200 with no more than a connector may know. Of a message the activation is nil.
        case call(activation: Int?)
    }

    init(_ asked: APIRequest, _ identity: CommandIdentity, shape: Shape) {
        caller = asked.caller
        fingerprint = identity.fingerprint
        self.shape = shape
        language = asked.context.edge.language
        traceID = asked.context.edge.traceID
    }

    /// For the engine.
    var rendering: Rendering {
        { result in self.answer(result) }
    }

    /// The answer to a result.
    func answer(_ result: CommandResult) -> StoredAnswer {
        switch result {
        case .done(let view): done(view)
        case .refused(let refusal, let view):
            answer(refusal.problem, on: view)
        case .stale(let view):
            caller.maySee(view) ? stale(view) : answer(.notFound)
        case .referenceTaken(let other):
            answer(Self.referenceTaken(other))
        case .noDossier:
            answer(.notFound)
        }
    }

    private func done(_ view: DossierView) -> StoredAnswer {
        var answer = StoredAnswer(
            fingerprint: fingerprint, status: 200, contentType: "application/json; charset=utf-8", body: [])
        switch shape {
        case .newDossier:
            answer.status = 201
            answer.location = DossierText.href(of: view.state.dossier)
            fallthrough
        case .dossier:
            answer.body = DossierText.bytes(view, for: caller)
            answer.sequence = view.state.sequence
        case .call(let activation):
            answer.body = JSONWriter.bytes { json in
                json.member("dossier", view.state.dossier.text)
                json.member("activation", ifPresent: activation.map(Int64.init))
                json.member("recorded", view.state.recorded.iso8601)
            }
        }
        return answer
    }

    private func stale(_ view: DossierView) -> StoredAnswer {
        var problem = Problem.preconditionFailed
        problem.members["etag"] = .string(ETag(version: view.state.sequence).description)
        problem.members["tasks"] = .array(
            view.work.tasks.map {
                .object(["activation": .integer(Int64($0.activation)), "tag": .string(TaskTag($0).header)])
            })
        return answer(problem, on: view)
    }

    private func answer(_ problem: Problem, on view: DossierView? = nil) -> StoredAnswer {
        var problem = problem
        let isCall = if case .call = shape { true } else { false }
        if !isCall, [409, 412].contains(problem.status.code) || problem.code == ProblemKind.noSuchOutcome.rawValue {
            problem.members["allowedActions"] =
                view.map { ActionText.value($0.allowed, of: $0.procedure) } ?? .array([])
        }
        return StoredAnswer(
            fingerprint: fingerprint, status: .init(problem.status.code),
            contentType: "application/problem+json; charset=utf-8",
            body: problem.document(language: language, traceID: traceID))
    }

    private static func referenceTaken(_ other: DossierRef) -> Problem {
        var problem = ProblemKind.referenceTaken.problem(
            faults: [
                JSONProblem(
                    pointer: "/clientReference", code: "reference-taken", message: ProblemKind.referenceTaken.title)
            ])
        problem.members["dossier"] = .string(other.text)
        return problem
    }
}
