import Dossiers
import JSONText
import Notices
import Procedures

/// How the API writes what can be done with a dossier: name, label, who, and what must be said.
enum ActionText {
    /// One action.
    /// - Parameter procedure: the dossier's own, which gives outcomes their labels and reasons their codes.
    static func value(_ action: AllowedAction, procedure: Procedure) -> JSONValue {
        var object: JSONObject = ["action": .string(action.action)]
        if action.activation > 0 { object["activation"] = .integer(Int64(action.activation)) }
        if !action.step.isEmpty { object["step"] = .string(action.step) }
        if let outcome = action.outcome { object["outcome"] = .string(outcome) }
        object["label"] = label(action, procedure).json
        if let agency = action.agency { object["agency"] = .string(agency) }
        if let role = action.role { object["role"] = .string(role) }
        object["needs"] = .array(action.needs.map { need($0, procedure) })
        return .object(object)
    }

    /// What must be said with an outcome, and the choices where there are any.
    static func need(_ need: Need, _ procedure: Procedure) -> JSONValue {
        var object: JSONObject = [
            "name": .string(need.name), "title": need.title.json, "kind": .string(need.kind.name),
            "required": .bool(need.required),
        ]
        switch need.kind {
        case .reason:
            object["choices"] = .array(procedure.reasons.map { choice($0.code, $0.title) })
        case .documents:
            object["choices"] = .array(procedure.documents.map { choice($0.name, $0.title) })
        case .date, .instant, .yesNo, .sealed: break
        }
        return .object(object)
    }

    private static func choice(_ code: String, _ title: LocalText) -> JSONValue {
        .object(["code": .string(code), "title": title.json])
    }

    private static func label(_ action: AllowedAction, _ procedure: Procedure) -> LocalText {
        if let outcome = action.outcome, let step = procedure.node(named: action.step),
            let index = procedure[step].outcome(named: outcome), action.action == "complete"
        {
            return procedure[step].outcomes[index].title
        }
        return labels[action.action] ?? LocalText(vi: action.outcome ?? action.action)
    }

    private static let labels: [String: LocalText] = [
        "claim": LocalText(vi: "Nhận việc", en: "Claim"),
        "release": LocalText(vi: "Trả việc", en: "Release"),
        "reassign": LocalText(vi: "Giao người khác", en: "Reassign"),
        "complete": LocalText(vi: "Hoàn thành", en: "Complete"),
        "answer": LocalText(vi: "Bổ sung hồ sơ", en: "Hand in what was asked for"),
        "withdraw": LocalText(vi: "Rút hồ sơ", en: "Withdraw"),
        "reappoint": LocalText(vi: "Xin lỗi và hẹn lại ngày trả", en: "Apologise and set a new date"),
    ]
}

extension Need.Kind {
    /// The word of the API and of procedure files.
    var name: String {
        switch self {
        case .reason: "reason"
        case .documents: "documents"
        case .date: "date"
        case .instant: "instant"
        case .yesNo: "yes-no"
        case .sealed: "sealed"
        }
    }
}
