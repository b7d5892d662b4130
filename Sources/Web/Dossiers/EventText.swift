import Dossiers
import Engine
import JSONText
import Notices
import Procedures
import WorkingTime

/// How the API writes a dossier's history. Sealed texts appear as the section under which they can be asked for.
enum EventText {
    /// One event: number, kind, both times, who, and what belongs to the kind.
    static func write(_ event: Event, _ json: inout JSONWriter) {
        json.object { json in
            json.member("sequence", event.sequence)
            json.member("kind", event.body.kind)
            json.member("arrived", event.moment.arrived.iso8601)
            json.member("recorded", event.moment.recorded.iso8601)
            json.member("by", actor(event.by))
            json.member("details", .object(details(event.body)))
        }
    }

    private static func actor(_ actor: Actor) -> JSONValue {
        switch actor {
        case .officer(let id, let agency, _):
            .object(["kind": "officer", "officer": .string(id), "agency": .string(agency)])
        case .applicant(let through): .object(["kind": "applicant", "through": .string(through)])
        case .connector(let name): .object(["kind": "connector", "connector": .string(name)])
        case .engine: .object(["kind": "engine"])
        }
    }

    private static func details(_ body: Event.Body) -> JSONObject {
        switch body {
        case .submitted(let event): submitted(event)
        case .opened(let event): opened(event)
        case .claimed(let activation, let officer), .reassigned(let activation, let officer):
            ["activation": number(activation), "officer": .string(officer)]
        case .released(let activation), .closed(let activation), .paused(let activation), .stepLate(let activation),
            .left(let activation), .reminded(let activation):
            ["activation": number(activation)]
        case .succeeded(let agency, let successor): ["agency": .string(agency), "by": .string(successor)]
        case .interrupted(let activation, let name, let said):
            ["activation": number(activation), "by": .string(name), "said": self.said(said)]
        case .rerouted(let activation, let agency, let said):
            ["activation": number(activation), "agency": .string(agency), "said": self.said(said)]
        case .completed(let activation, let outcome, let said):
            ["activation": number(activation), "outcome": .string(outcome), "said": self.said(said)]
        case .counted(let outcome): ["outcome": .string(outcome)]
        case .performed(let step, let officer): ["step": .string(step), "officer": .string(officer)]
        case .dueMoved(let activation, let due): some(["activation": number(activation)], "due", due?.iso8601)
        case .callFailed(let activation, let retryAfter):
            ["activation": number(activation), "retryAfter": .string(retryAfter.iso8601)]
        case .factsSet(let facts): ["facts": self.facts(facts)]
        case .accepted(let agency, let day, let origin):
            ["agency": .string(agency), "day": .string(day.description), "countsFrom": .string(origin.iso8601)]
        case .coded(let code): ["code": .string(code)]
        case .lateResult(let what): ["result": .string(what)]
        default: later(body)
        }
    }

    private static func later(_ body: Event.Body) -> JSONObject {
        switch body {
        case .receptionDue(let due): ["due": .string(due.iso8601)]
        case .resumed(let activation, let until):
            ["activation": number(activation), "until": .string(until.iso8601)]
        case .restarted(let origin): ["countsFrom": .string(origin.iso8601)]
        case .promised(let promise):
            [
                "date": .string(promise.date.iso8601), "cause": .string(promise.cause.rawValue),
                "calendarHash": .string(promise.calendarHash),
            ]
        case .reappointed(let to, let said): ["date": .string(to.iso8601), "said": self.said(said)]
        case .branchEnded(let fork, let branch, let outcome, let reason):
            some(
                ["fork": number(fork), "branch": .string(branch), "outcome": .string(outcome)], "reason", reason)
        case .linkStanding(let activation, _, let standing):
            some(
                ["activation": number(activation), "waits": .bool(standing.waits)], "promised",
                standing.promised?.iso8601)
        case .linkEnded(let activation, let ended):
            some(
                [
                    "activation": number(activation), "end": .string(ended.end),
                    "result": .string(ended.result.rawValue),
                    "issued": names(ended.gave), "at": .string(ended.at.iso8601),
                ], "reason", ended.reason)
        case .gave(let components): ["issued": names(components)]
        case .withdrawalAsked(let activation, let said):
            ["activation": number(activation), "said": self.said(said)]
        case .sent(let message): ["to": .string(message.to.text), "activation": number(message.activation)]
        case .siblingsAdded(let siblings): ["siblings": names(siblings.map(\.text))]
        case .published(let publication):
            some(
                [
                    "number": number(publication.number), "status": number(publication.status.rawValue),
                    "stage": .string(publication.stage.rawValue),
                ], "milestone", publication.milestone)
        case .ended(let end, let result, let reason):
            some(["end": .string(end), "result": .string(result.rawValue)], "reason", reason)
        default: [:]
        }
    }

    private static func submitted(_ event: Event.Submitted) -> JSONObject {
        var object: JSONObject = [
            "procedure": .string(event.procedure), "version": number(event.version),
            "contentHash": .string(event.contentHash), "calendarHash": .string(event.calendarHash),
            "channel": .string(ChannelName.text(event.channel)), "centre": .string(event.centre),
            "agency": .string(event.agency), "submitted": .string(event.submitted.iso8601),
            "facts": facts(event.facts),
            "documents": .object(
                JSONObject(event.documents.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
        ]
        if let parent = event.parent { object["parent"] = .string(parent.dossier.text) }
        if let sibling = event.sibling { object["sibling"] = .string(sibling.text) }
        return object
    }

    private static func opened(_ event: Event.Opened) -> JSONObject {
        var object: JSONObject = ["activation": number(event.activation), "step": .string(event.name)]
        if let agency = event.agency { object["agency"] = .string(agency) }
        if let due = event.due { object["due"] = .string(due.iso8601) }
        if let until = event.answerBy { object["answerBy"] = .string(until.iso8601) }
        if let link = event.link {
            object["dossier"] = .string(link.dossier.text)
            object["procedure"] = .string(link.procedure)
        }
        return object
    }

    private static func said(_ said: [String: Said]) -> JSONValue {
        .object(JSONObject(said.sorted { $0.key < $1.key }.map { ($0.key, value($0.value)) }))
    }

    private static func value(_ said: Said) -> JSONValue {
        switch said {
        case .reason(let code, let note): .object(some(["code": .string(code)], "noteSection", note?.section))
        case .documents(let documents): names(documents)
        case .date(let date): .object(["date": .string(date.description)])
        case .instant(let instant): .object(["instant": .string(instant.iso8601)])
        case .yesNo(let flag): .bool(flag)
        case .sealed(let reference): .object(["section": .string(reference.section)])
        case .agency(let agency): .object(["agency": .string(agency)])
        }
    }

    private static func facts(_ facts: [String: FactValue]) -> JSONValue {
        .object(JSONObject(facts.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
    }

    private static func some(_ object: JSONObject, _ name: String, _ text: String?) -> JSONObject {
        guard let text else { return object }
        var object = object
        object[name] = .string(text)
        return object
    }

    private static func names(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
    private static func number(_ number: Int) -> JSONValue { .integer(Int64(number)) }
}

extension FactValue {
    /// As the API writes it.
    var json: JSONValue {
        switch self {
        case .yesNo(let flag): .bool(flag)
        case .text(let text): .string(text)
        case .number(let number): .integer(number)
        case .date(let date): .string(date.description)
        }
    }
}
