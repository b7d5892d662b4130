import Dossiers
import JSONText
import Notices
import Procedures

/// How the API writes what can be done with a dossier: name, label, who, and what must be said.
enum ActionText {
    /// One action.
    /// - Parameter procedure: the dossier's own, which gives outcomes their labels and reasons their codes.
    static func write(_ action: AllowedAction, of procedure: Procedure, _ json: inout JSONWriter) {
        json.object { json in
            json.member("action", action.action)
            if action.activation > 0 { json.member("activation", action.activation) }
            if !action.step.isEmpty { json.member("step", action.step) }
            json.member("outcome", ifPresent: action.outcome)
            json.member("label", label(action, procedure))
            json.member("agency", ifPresent: action.agency)
            json.member("role", ifPresent: action.role)
            json.array("needs") { json in for need in action.needs { write(need, of: procedure, &json) } }
        }
    }

    /// The actions as a value, for problem documents.
    static func value(_ actions: [AllowedAction], of procedure: Procedure) -> JSONValue {
        var json = JSONWriter()
        json.array { json in for action in actions { write(action, of: procedure, &json) } }
        // What was just written can be read.
        return (try? JSONValue.parse(json.bytes)) ?? .array([])
    }

    /// What must be said with an outcome, and the choices where there are any.
    static func write(_ need: Need, of procedure: Procedure, _ json: inout JSONWriter) {
        json.object { json in
            json.member("name", need.name)
            json.member("title", need.title)
            json.member("kind", need.kind.name)
            json.member("required", need.required)
            switch need.kind {
            case .reason: choices(procedure.reasons.lazy.map { ($0.code, $0.title) }, &json)
            case .documents: choices(procedure.documents.lazy.map { ($0.name, $0.title) }, &json)
            case .date, .instant, .yesNo, .sealed: break
            }
        }
    }

    private static func choices(_ choices: some Sequence<(String, LocalText)>, _ json: inout JSONWriter) {
        json.array("choices") { json in
            for (code, title) in choices {
                json.object { json in
                    json.member("code", code)
                    json.member("title", title)
                }
            }
        }
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
