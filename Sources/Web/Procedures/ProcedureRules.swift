import JSONText
import Notices
import Procedures
import WorkingTime

/// How the API writes what can leave a step, what is waited for without limit, and what becomes of money.
enum ProcedureRules {
    /// A passed deadline or a message that leaves a step, or the whole.
    static func interruption(_ interruption: Interruption, _ procedure: Procedure, _ json: inout JSONWriter) {
        let outcome = interruption.outcome
        json.object { json in
            json.member("name", outcome.name)
            json.member("title", outcome.title)
            switch interruption.trigger {
            case .deadline(let within):
                json.member("kind", "deadline")
                // Of the whole it is the promised date.
                if let within { json.member("within", LocalText(within)) }
            case .message(let connector):
                json.member("kind", "message")
                json.member("from", connector)
            }
            json.member("then", ifPresent: interruption.target.map { procedure[$0].name })
            json.member("atMost", ifPresent: outcome.atMost.map { Int64($0) })
            json.member("legalBasis", ifPresent: outcome.legalBasis)
            json.array("sets") { json in for fact in outcome.sets.keys.sorted() { json.string(fact) } }
            json.array("needs") { json in
                for need in outcome.needs { ActionText.write(need, of: procedure, &json) }
            }
        }
    }

    /// A wait that the law leaves open; the step's `within` says when a person reviews it.
    static func wait(_ wait: OpenWait, _ json: inout JSONWriter) {
        json.object("wait") { json in
            json.member("basis", wait.basis)
            json.member("remind", LocalText(wait.remind))
            json.member("holder", wait.holder.rawValue)
        }
    }

    /// What is paid, to whom, and what becomes of it when the dossier is refused or withdrawn.
    static func fee(_ fee: Fee, _ json: inout JSONWriter) {
        json.object { json in
            json.member("name", fee.name)
            json.member("title", fee.title)
            json.member("amount", fee.amount)
            json.member("timing", fee.timing)
            json.member("collector", ifPresent: fee.collector?.description)
            json.member("legalBasis", ifPresent: fee.legalBasis)
            switch fee.refund {
            case .paidBack(let role, let agency, let within):
                json.object("refund") { json in
                    json.member("kind", "paid-back")
                    json.member("role", role)
                    json.member("at", agency.description)
                    json.member("within", LocalText(within))
                }
            case .some(.none(let basis)):
                json.object("refund") { json in
                    json.member("kind", "kept")
                    json.member("basis", basis)
                }
            case nil: break
            }
        }
    }

    /// Who confirms the applicant's withdrawal, and how the dossier then ends.
    static func withdrawal(_ withdrawal: Withdrawal, _ procedure: Procedure, _ json: inout JSONWriter) {
        json.object("withdrawal") { json in
            json.member("confirm", procedure[withdrawal.confirm].name)
            json.member("end", procedure[withdrawal.end].name)
            json.member("partialEnd", procedure[withdrawal.partialEnd].name)
            json.member("text", withdrawal.words.text)
        }
    }
}

extension LocalText {
    /// A limit in words: “3 ngày làm việc”, “3 working days”.
    init(_ limit: TimeLimit) { self.init(vi: limit.wording.vi, en: limit.wording.en) }
}
