import Dossiers
import Edge
import Engine
import Hummingbird
import JSONText

/// The tag of a task: which activation, and how often it was claimed (engine rule R15).
struct TaskTag: Hashable, Sendable, CustomStringConvertible {
    let activation: Int
    let claims: Int

    init(_ task: OpenTask) {
        activation = task.activation
        claims = task.claims
    }

    /// Reads `activation.claims`; nil for anything else.
    init?(_ tag: ETag) {
        let parts = tag.opaque.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let activation = Int32(parts[0]), let claims = Int32(parts[1]), activation > 0,
            claims >= 0
        else { return nil }
        self.activation = Int(activation)
        self.claims = Int(claims)
    }

    /// As it stands between the quotes of the header.
    var description: String { "\(activation).\(claims)" }

    /// With its quotes.
    var header: String { "\"\(self)\"" }

    /// What the command expects of the dossier.
    var expectation: Expectation { .claims(activation: activation, count: claims) }
}

extension Request {
    /// The task's tag in `If-Match`.
    /// - Throws: ``Problem`` 428 without the header, 400 if it is not one tag of a task.
    func taskTag() throws(Problem) -> TaskTag {
        guard case .tags(let tags) = try ifMatch(), tags.count == 1, let tag = tags.first.flatMap(TaskTag.init) else {
            throw .wrongTag("3.1")
        }
        return tag
    }

    /// The dossier's sequence number in `If-Match`.
    /// - Throws: ``Problem`` 428 without the header, 400 if it is not one tag of a dossier.
    func dossierTag() throws(Problem) -> Expectation {
        guard case .tags(let tags) = try ifMatch(), tags.count == 1, let version = tags.first?.version else {
            throw .wrongTag("v12")
        }
        return .sequence(version)
    }
}

extension Problem {
    /// 400: a tag of another kind than the command takes.
    fileprivate static func wrongTag(_ example: String) -> Problem {
        ProblemKind.invalidIfMatch.problem(
            JSONMessage(
                vi: "If-Match phải là đúng một thẻ đã đọc được, ví dụ \"\(example)\".",
                en: "If-Match must be exactly one tag as it was read, such as \"\(example)\"."))
    }
}
