import Dossiers
import Edge
import Engine
import JSONText
import Notices
import Procedures
import WorkingTime

/// How the API writes a dossier: never a personal value.
enum DossierText {
    /// The whole representation.
    static func bytes(_ view: DossierView, for caller: Caller) -> [UInt8] {
        JSONWriter.bytes { json in
            head(view, &json)
            // The citizen's key: for the desk that prints it, and for nobody else.
            if view.state.parent == nil, caller.agency == view.state.centre {
                json.member("lookUpCode", ifPresent: view.lookUp?.description)
            }
            standing(view, &json)
            json.object("clock") { clock(view.state.clock, view.state.phase, &$0) }
            facts(view.state.facts, &json)
            parts(view, &json)
            json.array("tasks") { json in
                for task in view.work.tasks {
                    json.object { TaskText.members(task, of: view.state.dossier, view.procedure, &$0) }
                }
            }
            json.array("allowedActions") { json in
                for action in view.allowed { ActionText.write(action, of: view.procedure, &json) }
            }
        }
    }

    /// The line of a list.
    static func line(_ view: DossierView, _ json: inout JSONWriter) {
        json.object { json in
            head(view, &json)
            standing(view, &json)
        }
    }

    /// Where a dossier can be read.
    static func href(of dossier: DossierRef) -> String { "/v1/dossiers/\(dossier.text)" }

    private static func head(_ view: DossierView, _ json: inout JSONWriter) {
        let state = view.state
        json.member("id", state.dossier.text)
        json.member("href", href(of: state.dossier))
        json.member("sequence", state.sequence)
        json.object("procedure") { ProcedureText.reference(view.procedure, &$0) }
        json.member("code", ifPresent: state.code)
        json.member("channel", ChannelName.text(state.channel))
        json.member("centre", state.centre)
        json.member("agency", state.agency)
    }

    private static func standing(_ view: DossierView, _ json: inout JSONWriter) {
        let state = view.state
        switch state.phase {
        case .running: json.member("phase", "running")
        case .stopping: json.member("phase", "stopping")
        case .ended(let end, let result, let at):
            json.member("phase", "ended")
            json.object("end") { json in
                json.member("name", end)
                json.member("result", result.rawValue)
                json.member("at", at.iso8601)
            }
        }
        json.object("status") { json in
            json.member("code", state.published.status.rawValue)
            json.member("name", state.published.status.name)
        }
        json.object("stage") { json in
            json.member("name", state.published.stage.rawValue)
            json.member("tag", state.published.stage.tag)
        }
        json.member("milestone", ifPresent: state.published.milestone)
        json.member("submitted", state.clock.submitted.iso8601)
        json.member("accepted", ifPresent: state.clock.accepted)
        json.member("firstPromised", ifPresent: state.clock.firstPromised)
        json.member("promised", ifPresent: state.clock.promised)
        json.member("due", ifPresent: state.clock.accepted == nil ? state.clock.receptionDue : state.clock.promised)
        json.member("late", state.clock.late)
    }

    private static func clock(_ clock: LegalClock, _ phase: State.Phase, _ json: inout JSONWriter) {
        json.member("state", stateName(clock, phase))
        json.member("countsFrom", ifPresent: clock.origin)
        json.member("epoch", clock.epoch)
        json.member("receptionDue", ifPresent: clock.receptionDue)
        json.array("pauses") { json in
            for pause in clock.pauses {
                json.object { json in
                    json.member("from", pause.from.iso8601)
                    json.member("until", pause.until.iso8601)
                }
            }
            for (activation, from) in clock.open.sorted(by: { $0.key < $1.key }) {
                json.object { json in
                    json.member("from", from.iso8601)
                    if activation > 0 { json.member("activation", activation) }
                }
            }
        }
        json.member("stopped", ifPresent: clock.stopped)
        json.member("reappointments", clock.reappointments)
    }

    private static func stateName(_ clock: LegalClock, _ phase: State.Phase) -> String {
        if case .ended = phase { return "stopped" }
        if clock.stopped != nil { return "stopped" }
        if !clock.open.isEmpty { return "paused" }
        if clock.accepted != nil { return "running" }
        return clock.receptionHeldAt == nil ? "reception" : "reception-held"
    }

    private static func facts(_ facts: [String: FactValue], _ json: inout JSONWriter) {
        json.object("facts") { json in
            for (name, value) in facts.sorted(by: { $0.key < $1.key }) { json.member(name, value.json) }
        }
    }

    private static func parts(_ view: DossierView, _ json: inout JSONWriter) {
        let state = view.state
        if let parent = state.parent {
            json.object("parent") { json in
                json.member("dossier", parent.dossier.text)
                json.member("root", parent.root.text)
                json.member("part", parent.part)
            }
        }
        json.array("siblings") { json in
            for sibling in state.siblings.sorted(by: { $0.id < $1.id }) { json.string(sibling.text) }
        }
        json.array("links") { json in
            for step in state.running {
                guard let link = step.link else { continue }
                json.object { json in
                    json.member("activation", step.activation)
                    json.member("dossier", link.dossier.text)
                    json.member("procedure", link.procedure)
                    json.member("version", link.version)
                    json.member("waits", link.waits)
                    json.member("waitsUntil", ifPresent: link.waitsUntil)
                    json.member("promised", ifPresent: link.promised)
                }
            }
        }
        json.array("parts") { json in
            for part in state.parts {
                json.object { json in
                    json.member("name", part.name)
                    json.member("outcome", part.outcome)
                    json.member("reason", ifPresent: part.reason)
                    json.member("at", part.at.iso8601)
                }
            }
        }
        json.array("issued") { json in for component in state.gave { json.string(component) } }
        json.array("missing") { json in for document in state.missing { json.string(document) } }
        json.member("reason", ifPresent: state.reason)
        json.member("withdrawalAsked", state.withdrawal != nil)
    }
}

/// The words of the API for how a dossier came.
enum ChannelName: String, CaseIterable {
    case desk
    case online
    case post

    /// The channel of the national list.
    var channel: Submission.Channel {
        switch self {
        case .desk: .desk
        case .online: .online
        case .post: .post
        }
    }

    /// The word of a channel.
    static func text(_ channel: Submission.Channel) -> String {
        switch channel {
        case .desk: ChannelName.desk.rawValue
        case .online: ChannelName.online.rawValue
        case .post: ChannelName.post.rawValue
        }
    }
}
