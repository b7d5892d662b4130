import Dossiers
import Edge
import Engine
import HTTPTypes
import JSONText
import Notices

extension CommandError {
    /// What the caller is told.
    var problem: Problem {
        switch self {
        case .keyReused: ProblemKind.idempotencyKeyReused.problem()
        case .unavailable(let seconds):
            Problem.unavailable(retryAfterSeconds: seconds).detailed(
                vi: "Hãy gửi lại cùng Idempotency-Key để biết kết quả.",
                en: "Send it again with the same Idempotency-Key to learn what came of it.")
        case .invalid(let problems): Problem(JSONProblems(problems))
        case .unknownProcedure:
            ProblemKind.unknownProcedure.problem(
                faults: [
                    JSONProblem(
                        pointer: "/procedure", code: "unknown-procedure", message: ProblemKind.unknownProcedure.title)
                ])
        case .notInForce(let text):
            ProblemKind.notInForce.problem(
                text.message,
                faults: [JSONProblem(pointer: "/procedure", code: "not-in-force", message: text.message)])
        case .unknownCentre: ProblemKind.notACentre.problem()
        case .noDossier: .notFound
        case .failed: .internalError
        }
    }
}

extension Refusal {
    /// What the caller is told; the dossier's allowed actions are added by whoever may show them.
    var problem: Problem {
        let kind = ProblemKind(code)
        guard kind != .notFound else { return .notFound }
        return kind.problem(
            message.message,
            faults: pointer.map {
                [JSONProblem(pointer: $0, code: code.rawValue, message: message.message)]
            } ?? [])
    }

    /// Which member of the command's body is at fault, where one is.
    private var pointer: String? {
        switch code {
        case .noSuchOutcome: "/outcome"
        case .badData, .badDate: field.map { $0.hasPrefix("/") ? $0 : JSONPointer.member($0, of: "/said") }
        case .noCompetentAgency: field.map { "/form/" + $0.split(separator: ".").joined(separator: "/") }
        default: nil
        }
    }
}

extension LocalText {
    /// The same text as the edge has it; without English the Vietnamese stands for both.
    var message: JSONMessage { JSONMessage(vi: vi, en: en ?? vi) }
}
