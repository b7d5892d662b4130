import Dossiers
import Engine
import JSONText
import Procedures
import WorkingTime

/// How the API writes an open task.
enum TaskText {
    /// A task of a worklist, with what names its dossier to people.
    static func line(_ view: TaskView, _ json: inout JSONWriter) {
        json.object { json in
            members(view.task, of: view.dossier, view.procedure, &json)
            json.object("procedure") { ProcedureText.reference(view.procedure, &$0) }
            json.member("code", ifPresent: view.code)
            json.member("centre", view.centre)
        }
    }

    /// One task by itself, with the actions that it allows now.
    static func bytes(_ task: OpenTask, of view: DossierView) -> [UInt8] {
        JSONWriter.bytes { json in
            members(task, of: view.state.dossier, view.procedure, &json)
            json.object("procedure") { ProcedureText.reference(view.procedure, &$0) }
            json.member("code", ifPresent: view.state.code)
            json.member("centre", view.state.centre)
            json.array("allowedActions") { json in
                for action in view.allowed where action.activation == task.activation {
                    ActionText.write(action, of: view.procedure, &json)
                }
            }
        }
    }

    /// The members that every representation of a task has.
    static func members(
        _ task: OpenTask, of dossier: DossierRef, _ procedure: Procedure, _ json: inout JSONWriter
    ) {
        json.member("dossier", dossier.text)
        json.member("activation", task.activation)
        json.member("tag", TaskTag(task).header)
        json.member("kind", name(task.kind))
        json.member("step", task.step)
        if let step = procedure.node(named: task.step) {
            json.member("title", procedure[step].title)
            if case .call(let call) = procedure[step].kind { json.member("operation", call.operation) }
        }
        json.member("agency", task.agency)
        json.member(task.kind == .call ? "connector" : "role", task.role)
        json.member("officer", ifPresent: task.officer)
        json.member("opened", task.opened.iso8601)
        json.member("due", ifPresent: task.due)
        json.member("notBefore", ifPresent: task.notBefore)
    }

    /// The word of the API for who must act.
    static func name(_ kind: OpenTask.Kind) -> String {
        switch kind {
        case .person: "person"
        case .applicant: "applicant"
        case .call: "call"
        }
    }
}
