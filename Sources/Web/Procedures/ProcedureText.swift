import JSONText
import Notices
import Procedures
import WorkingTime

/// How the API writes procedures.
enum ProcedureText {
    /// What names a version wherever another thing speaks of it.
    static func reference(_ procedure: Procedure, _ json: inout JSONWriter) {
        json.member("name", procedure.name)
        json.member("version", procedure.version)
        json.member("code", ifPresent: procedure.code)
        json.member("title", procedure.title)
    }

    /// The line of the list.
    /// - Parameter today: says whether the version takes dossiers now.
    static func line(_ procedure: Procedure, today: CivilDate, _ json: inout JSONWriter) {
        json.object { json in
            json.member("href", "/v1/procedures/\(procedure.name)/\(procedure.version)")
            head(procedure, &json)
            json.member("inForce", procedure.effective.covers(today))
            json.member("submittable", procedure.code != nil)
        }
    }

    /// The whole: what a client needs to draw the form, check it, and show the steps.
    static func bytes(_ procedure: Procedure) -> [UInt8] {
        JSONWriter.bytes { json in
            head(procedure, &json)
            json.array("form") { json in for field in procedure.form { FormText.field(field, &json) } }
            json.array("formRules") { json in
                for rule in procedure.formRules {
                    json.object { json in
                        json.member("check", rule.check.source)
                        json.member("message", rule.message)
                    }
                }
            }
            documents(procedure, &json)
            json.array("fees") { json in for fee in procedure.fees { ProcedureRules.fee(fee, &json) } }
            codes("reasons", procedure.reasons.map { ($0.code, $0.title) }, &json)
            codes("milestones", procedure.milestones.map { ($0.key, $0.title) }, &json)
            json.array("steps") { json in for node in procedure.nodes { step(node, procedure, &json) } }
            json.array("interruptions") { json in
                for each in procedure.interruptions { ProcedureRules.interruption(each, procedure, &json) }
            }
            if let withdrawal = procedure.withdrawal { ProcedureRules.withdrawal(withdrawal, procedure, &json) }
            json.array("ends") { json in
                for end in procedure.ends {
                    json.object { json in
                        json.member("name", end.name)
                        json.member("result", end.result.rawValue)
                        json.array("statuses") { json in
                            for status in end.statuses { json.integer(Int64(status.rawValue)) }
                        }
                        json.member("text", end.words.text)
                    }
                }
            }
        }
    }

    private static func head(_ procedure: Procedure, _ json: inout JSONWriter) {
        reference(procedure, &json)
        json.member("contentHash", procedure.contentHash)
        json.member("field", procedure.field)
        json.member("legalBasis", procedure.legalBasis)
        json.member("effectiveFrom", procedure.effective.from.description)
        json.member("effectiveUntil", ifPresent: procedure.effective.until?.description)
        json.member("replacedBy", ifPresent: procedure.effective.replacedBy)
        json.member("calendar", procedure.calendar)
    }

    private static func documents(_ procedure: Procedure, _ json: inout JSONWriter) {
        json.array("documents") { json in
            for rule in procedure.documents {
                json.object { json in
                    json.member("name", rule.name)
                    json.member("title", rule.title)
                    json.array("oneOf") { json in for kind in rule.oneOf { json.string(kind) } }
                    json.member("required", rule.required)
                    json.member("when", ifPresent: rule.when?.source)
                }
            }
        }
    }

    private static func codes(_ name: String, _ codes: [(String, LocalText)], _ json: inout JSONWriter) {
        json.array(name) { json in
            for (code, title) in codes {
                json.object { json in
                    json.member("code", code)
                    json.member("title", title)
                }
            }
        }
    }

    private static func step(_ node: Node, _ procedure: Procedure, _ json: inout JSONWriter) {
        json.object { json in
            json.member("name", node.name)
            json.member("title", node.title)
            performer(node.kind, procedure, &json)
            json.member("clock", node.clock.rawValue)
            if let within = node.within {
                json.member("within", LocalText(within))
            }
            if let remind = node.remind { json.member("remind", LocalText(remind)) }
            json.member("tells", ifPresent: node.tells.map { procedure[$0].name })
            json.member("legalBasis", ifPresent: node.legalBasis)
            if let words = node.words { json.member("text", words.text) }
            json.array("outcomes") { json in
                for outcome in node.outcomes {
                    json.object { json in
                        json.member("name", outcome.name)
                        json.member("title", outcome.title)
                        json.member("when", ifPresent: outcome.when?.source)
                        json.member("atMost", ifPresent: outcome.atMost.map { Int64($0) })
                        json.array("needs") { json in
                            for need in outcome.needs { ActionText.write(need, of: procedure, &json) }
                        }
                    }
                }
            }
            if let wait = node.wait { ProcedureRules.wait(wait, &json) }
            json.array("interruptions") { json in
                for each in node.interruptions { ProcedureRules.interruption(each, procedure, &json) }
            }
        }
    }

    private static func performer(_ kind: Node.Kind, _ procedure: Procedure, _ json: inout JSONWriter) {
        switch kind {
        case .person(let role, let agency, _):
            json.member("kind", "person")
            json.member("role", role)
            json.member("at", agency.description)
        case .applicant(let ask):
            json.member("kind", "applicant")
            json.member("answerWithin", LocalText(ask.within))
            json.member("silence", procedure[ask.silence].name)
        case .call(let call):
            json.member("kind", "call")
            json.member("connector", call.connector)
            json.member("operation", call.operation)
            json.member("downAfter", LocalText(call.downAfter))
            json.member("downTo", procedure[call.downTo].name)
        case .time: json.member("kind", "time")
        case .fork(let fork):
            json.member("kind", "parallel")
            json.array("branches") { json in
                for branch in fork.branches {
                    json.object { json in
                        json.member("name", branch.name)
                        json.member("title", branch.title)
                    }
                }
            }
        case .link(let link):
            json.member("kind", "procedure")
            json.member("procedure", link.procedure)
            json.member("at", link.at.description)
        }
    }
}
