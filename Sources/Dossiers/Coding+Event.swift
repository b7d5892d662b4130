import JSONText
import Notices
import Procedures
import WorkingTime

extension Event {
    /// The canonical bytes, exactly as they are hashed and stored (R19), with the format's number.
    package func encoded() -> [UInt8] { bytes }

    /// Reads what ``encoded()`` of this or an older format wrote.
    /// - Throws: ``Unreadable``; also for a format that is newer than this build.
    package init(decoding bytes: [UInt8]) throws(Unreadable) { try self.init(bytes: bytes) }
}

extension Event: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("A", moment.arrived)
            members.put("B", by)
            members.put("F", Self.format)
            members.put("K", body.kind)
            members.put("Q", sequence)
            members.put("R", moment.recorded)
            body.write(to: &members)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        let format: Int = try members.get("F")
        guard format == 1 else { throw Unreadable("events of format \(format) are newer than this build") }
        self.init(
            sequence: try members.get("Q"),
            moment: Moment(arrived: try members.get("A"), recorded: try members.get("R")), by: try members.get("B"),
            body: try Body(kind: try members.get("K"), members))
    }
}

extension Event.Body {
    /// Writes what belongs to the kind; upper-case keys are the event's own.
    fileprivate func write(to members: inout CanonicalWriter) {
        switch self {
        case .submitted(let submitted): members.put("v", submitted)
        case .opened(let opened): members.put("v", opened)
        case .claimed(let activation, let officer), .reassigned(let activation, let officer):
            members.put("a", activation)
            members.put("o", officer)
        case .released(let activation), .closed(let activation), .paused(let activation),
            .stepLate(let activation), .left(let activation), .reminded(let activation):
            members.put("a", activation)
        case .succeeded(let agency, let successor):
            members.put("g", agency)
            members.put("o", successor)
        case .interrupted(let activation, let name, let said):
            members.put("a", activation)
            members.put("o", name)
            members.put("s", said)
        case .rerouted(let activation, let agency, let said):
            members.put("a", activation)
            members.put("g", agency)
            members.put("s", said)
        case .completed(let activation, let outcome, let said):
            members.put("a", activation)
            members.put("o", outcome)
            members.put("s", said)
        case .callFailed(let activation, let retryAfter):
            members.put("a", activation)
            members.put("t", retryAfter)
        case .counted(let text), .coded(let text), .lateResult(let text): members.put("t", text)
        case .performed(let step, let officer):
            members.put("n", step)
            members.put("o", officer)
        case .dueMoved(let activation, let due):
            members.put("a", activation)
            members.put("d", due)
        case .factsSet(let facts): members.put("f", facts)
        case .accepted(let agency, let day, let origin):
            members.put("d", day)
            members.put("g", agency)
            members.put("t", origin)
        case .receptionDue(let due): members.put("t", due)
        case .resumed(let activation, let until):
            members.put("a", activation)
            members.put("t", until)
        case .restarted(let origin): members.put("t", origin)
        case .promised(let promise):
            members.put("c", promise.cause.rawValue)
            members.put("h", promise.calendarHash)
            members.put("t", promise.date)
        case .reappointed(let date, let said):
            members.put("s", said)
            members.put("t", date)
        case .branchEnded(let fork, let branch, let outcome, let reason):
            members.put("a", fork)
            members.put("n", branch)
            members.put("o", outcome)
            members.put("r", reason)
        case .linkStanding(let activation, let number, let standing):
            members.put("a", activation)
            members.put("n", number)
            members.put("v", [standing])
        case .linkEnded(let activation, let ended):
            members.put("a", activation)
            members.put("v", ended)
        case .gave(let components): members.put("g", components)
        case .withdrawalAsked(let activation, let said):
            members.put("a", activation)
            members.put("s", said)
        case .ending(let end): members.put("e", end)
        case .sent(let message): members.put("v", message)
        case .siblingsAdded(let others): members.put("d", others)
        case .published(let publication): members.put("v", publication)
        case .ended(let end, let result, let reason):
            members.put("e", end)
            members.put("o", result.rawValue)
            members.put("r", reason)
        case .receptionHeld, .clockStopped, .warned, .late, .withdrawalRejected, .stopping: break
        }
    }

    /// The event's name in the log: kept for ever.
    package var kind: String {
        switch self {
        case .submitted: "submitted"
        case .opened: "opened"
        case .claimed: "claimed"
        case .released: "released"
        case .reassigned: "reassigned"
        case .rerouted: "rerouted"
        case .completed: "completed"
        case .closed: "closed"
        case .succeeded: "succeeded"
        case .interrupted: "interrupted"
        case .left: "left"
        case .reminded: "reminded"
        case .counted: "counted"
        case .performed: "performed"
        case .dueMoved: "due-moved"
        case .callFailed: "call-failed"
        case .factsSet: "facts-set"
        case .accepted: "accepted"
        case .coded: "coded"
        case .receptionDue: "reception-due"
        case .receptionHeld: "reception-held"
        case .paused: "paused"
        case .resumed: "resumed"
        case .restarted: "restarted"
        case .clockStopped: "clock-stopped"
        case .promised: "promised"
        case .reappointed: "reappointed"
        case .warned: "warned"
        case .stepLate: "step-late"
        case .late: "late"
        case .branchEnded: "branch-ended"
        case .linkStanding: "link-standing"
        case .linkEnded: "link-ended"
        case .lateResult: "late-result"
        case .gave: "gave"
        case .withdrawalAsked: "withdrawal-asked"
        case .withdrawalRejected: "withdrawal-rejected"
        case .ending: "ending"
        case .stopping: "stopping"
        case .sent: "sent"
        case .siblingsAdded: "siblings-added"
        case .published: "published"
        case .ended: "ended"
        }
    }

    fileprivate init(kind: String, _ m: Members) throws(Unreadable) {
        switch kind {
        case "submitted": self = .submitted(try m.get("v"))
        case "opened": self = .opened(try m.get("v"))
        case "claimed": self = .claimed(activation: try m.get("a"), officer: try m.get("o"))
        case "released": self = .released(activation: try m.get("a"))
        case "reassigned": self = .reassigned(activation: try m.get("a"), officer: try m.get("o"))
        case "rerouted":
            // Written without `s` until reasons were kept: the same bytes, read as nothing said.
            self = .rerouted(activation: try m.get("a"), agency: try m.get("g"), said: try m.map("s"))
        case "completed":
            self = .completed(activation: try m.get("a"), outcome: try m.get("o"), said: try m.map("s"))
        case "closed": self = .closed(activation: try m.get("a"))
        case "succeeded": self = .succeeded(agency: try m.get("g"), by: try m.get("o"))
        case "interrupted":
            self = .interrupted(activation: try m.get("a"), by: try m.get("o"), said: try m.map("s"))
        case "left": self = .left(activation: try m.get("a"))
        case "reminded": self = .reminded(activation: try m.get("a"))
        case "counted": self = .counted(try m.get("t"))
        case "performed": self = .performed(step: try m.get("n"), officer: try m.get("o"))
        case "due-moved": self = .dueMoved(activation: try m.get("a"), due: try m.find("d"))
        case "call-failed": self = .callFailed(activation: try m.get("a"), retryAfter: try m.get("t"))
        case "facts-set": self = .factsSet(try m.map("f"))
        case "accepted":
            self = .accepted(agency: try m.get("g"), day: try m.get("d"), origin: try m.get("t"))
        case "coded": self = .coded(try m.get("t"))
        case "reception-due": self = .receptionDue(try m.get("t"))
        case "reception-held": self = .receptionHeld
        case "paused": self = .paused(activation: try m.get("a"))
        case "resumed": self = .resumed(activation: try m.get("a"), until: try m.get("t"))
        case "restarted": self = .restarted(origin: try m.get("t"))
        case "clock-stopped": self = .clockStopped
        case "promised":
            self = .promised(
                Event.Promise(
                    date: try m.get("t"), cause: try stored(try m.get("c")), calendarHash: try m.get("h")))
        case "reappointed": self = .reappointed(to: try m.get("t"), said: try m.map("s"))
        case "warned": self = .warned
        case "step-late": self = .stepLate(activation: try m.get("a"))
        case "late": self = .late
        case "branch-ended":
            self = .branchEnded(
                fork: try m.get("a"), branch: try m.get("n"), outcome: try m.get("o"), reason: try m.find("r"))
        case "link-standing":
            guard let standing = try m.list("v", of: Message.Standing.self).first else {
                throw Unreadable("a standing was expected")
            }
            self = .linkStanding(activation: try m.get("a"), number: try m.get("n"), standing)
        case "link-ended": self = .linkEnded(activation: try m.get("a"), try m.get("v"))
        case "late-result": self = .lateResult(try m.get("t"))
        case "gave": self = .gave(try m.list("g"))
        case "withdrawal-asked": self = .withdrawalAsked(activation: try m.get("a"), said: try m.map("s"))
        case "withdrawal-rejected": self = .withdrawalRejected
        case "ending": self = .ending(try m.get("e"))
        case "stopping": self = .stopping
        case "sent": self = .sent(try m.get("v"))
        case "siblings-added": self = .siblingsAdded(try m.list("d"))
        case "published": self = .published(try m.get("v"))
        case "ended":
            self = .ended(end: try m.get("e"), result: try stored(try m.get("o")), reason: try m.find("r"))
        default: throw Unreadable("“\(kind)” is no event of this build")
        }
    }
}

extension Event.Submitted: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("a", agency)
            members.put("b", sibling)
            members.put("c", centre)
            members.put("d", dossier)
            members.put("f", facts)
            members.put("h", contentHash)
            members.put("i", calendarHash)
            members.put("k", channel.rawValue)
            members.put("n", procedure)
            members.put("o", origin)
            members.put("p", parent)
            members.put("s", submitted)
            members.put("t", documents)
            members.put("v", version)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            dossier: try members.get("d"), procedure: try members.get("n"), version: try members.get("v"),
            contentHash: try members.get("h"), calendarHash: try members.get("i"),
            channel: try stored(try members.get("k", as: Int.self)), centre: try members.get("c"),
            agency: try members.get("a"), submitted: try members.get("s"), facts: try members.map("f"),
            documents: try members.map("t"), parent: try members.find("p"), origin: try members.find("o"),
            sibling: try members.find("b"))
    }
}

extension Event.Opened: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("a", activation)
            members.put("b", answerBy)
            members.put("d", due)
            members.put("f", fork)
            members.put("g", agency)
            members.put("k", link)
            members.put("n", node)
            members.put("s", name)
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        self.init(
            activation: try members.get("a"), node: try members.get("n"), name: try members.get("s"),
            fork: try members.find("f"), agency: try members.find("g"), due: try members.find("d"),
            answerBy: try members.find("b"), link: try members.find("k"))
    }
}

extension Event.Publication: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            members.put("g", stage.rawValue)
            members.put("m", milestone)
            members.put("n", number)
            members.put("s", status.rawValue)
            switch words {
            case .node(let node, let activation): members.put("w", ["n", "\(node.value)", "\(activation)"])
            case .outcome(let node, let outcome): members.put("w", ["o", "\(node.value)", "\(outcome)"])
            case .end(let end): members.put("w", ["e", "\(end.value)"])
            case .withdrawal: members.put("w", ["w"])
            case .unchanged: break
            }
        }
    }

    init(json: JSONValue) throws(Unreadable) {
        let members = try Members(json)
        let parts: [String] = try members.list("w")
        let numbers = parts.dropFirst().compactMap { Int($0) }
        let words: Words
        switch (parts.first, numbers.count) {
        case (nil, _): words = .unchanged
        case ("n", 2): words = .node(NodeIndex(numbers[0]), activation: numbers[1])
        case ("o", 2): words = .outcome(NodeIndex(numbers[0]), numbers[1])
        case ("e", 1): words = .end(EndIndex(numbers[0]))
        case ("w", 0): words = .withdrawal
        default: throw Unreadable("the words of a publication were expected")
        }
        self.init(
            number: try members.get("n"), status: try stored(try members.get("s", as: Int.self)),
            stage: try stored(try members.get("g")), milestone: try members.find("m"), words: words)
    }
}
