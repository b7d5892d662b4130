package import Dossiers
package import JSONText
package import Notices
package import Procedures
package import Store
package import WorkingTime

/// What makes a command the same command when it is sent again (engine rule R13).
package struct CommandIdentity: Hashable, Sendable {
    /// The client that sends, the operation, and the key that it chose.
    package var key: AnswerKey
    /// HMAC of the request: the same key with another request is an error.
    package var fingerprint: [UInt8]

    /// Joins both.
    package init(key: AnswerKey, fingerprint: [UInt8]) {
        self.key = key
        self.fingerprint = fingerprint
    }
}

/// What a caller believes of the dossier; the command is refused as stale when it is not so.
package enum Expectation: Hashable, Sendable {
    /// The dossier's ETag: its sequence number.
    case sequence(Int64)
    /// The task's tag: its activation and how often it was claimed (R15).
    case claims(activation: Int, count: Int)
}

/// A new dossier, as a centre or the portal sends it.
package struct SubmitRequest: Sendable {
    package var identity: CommandIdentity
    package var by: Actor
    /// The receiving centre, by code; its province keeps the dossier.
    package var centre: String
    /// The procedure's name, or its national code.
    package var procedure: String
    package var channel: Submission.Channel
    /// The form as sent; with a ``sibling`` only what differs from its form.
    package var form: JSONValue
    /// The kind that was chosen for each paper, by the name of the rule.
    package var documents: [String: String]
    /// The sender's own reference, unique for the sender; nil where it has none.
    package var clientReference: String?
    /// The dossier of another child of the same birth, if there is one.
    package var sibling: SiblingSource?
    package var arrived: Instant

    /// Joins the parts.
    package init(
        identity: CommandIdentity, by: Actor, centre: String, procedure: String, channel: Submission.Channel,
        form: JSONValue, documents: [String: String] = [:], clientReference: String? = nil,
        sibling: SiblingSource? = nil, arrived: Instant
    ) {
        self.identity = identity
        self.by = by
        self.centre = centre
        self.procedure = procedure
        self.channel = channel
        self.form = form
        self.documents = documents
        self.clientReference = clientReference
        self.sibling = sibling
        self.arrived = arrived
    }
}

/// A command on a dossier that is there.
package struct PerformRequest: Sendable {
    package var identity: CommandIdentity
    package var target: DossierRef
    package var by: Actor
    package var act: Act
    package var expectation: Expectation?
    package var arrived: Instant

    /// What people and connectors can do. `said` is JSON as sent: `{"reason": {"code": "…", "note": "…"}}`, an array of
    /// document names, a truth value, `{"date": "2026-02-27"}`, `{"instant": "…"}`, `{"agency": "…"}`; any other text is
    /// personal and is sealed.
    package enum Act: Sendable {
        case complete(activation: Int, outcome: String, said: JSONObject)
        case claim(activation: Int)
        case release(activation: Int)
        case reassign(activation: Int, officer: String)
        case answer(activation: Int, said: JSONObject)
        case withdraw(said: JSONObject)
        case reappoint(to: Instant, said: JSONObject)
        case callFailed(activation: Int)
        /// An outside system says something that no call asked for; the procedure names the message.
        case tell(message: String, said: JSONObject)
    }

    /// Joins the parts.
    package init(
        identity: CommandIdentity, target: DossierRef, by: Actor, act: Act, expectation: Expectation? = nil,
        arrived: Instant
    ) {
        self.identity = identity
        self.target = target
        self.by = by
        self.act = act
        self.expectation = expectation
        self.arrived = arrived
    }
}

/// How a command came out, before it is rendered for its caller.
package enum CommandResult: Sendable {
    /// Done: the dossier as it is now.
    case done(DossierView)
    /// Decided and refused; the dossier says what can be done instead, nil where it is not there.
    case refused(Refusal, on: DossierView?)
    /// The caller's tag is old: the tag now, and the dossier.
    case stale(DossierView)
    /// The client's own reference belongs to this other dossier already.
    case referenceTaken(DossierRef)
    /// There is no such dossier.
    case noDossier
}

/// Renders a result to the answer that is stored with the command and sent. Called on the connection's thread: pure and quick.
package typealias Rendering = @Sendable (CommandResult) -> StoredAnswer

/// Why a command got no stored answer: nothing was changed, or asking again with the same key tells.
package enum CommandError: Error, Sendable {
    /// The key came before with another request.
    case keyReused
    /// Too much is waiting, the database is away, or the outcome is unknown: ask again with the same key.
    case unavailable(retryAfterSeconds: Int)
    /// The form or what was said is not as it must be: every problem, by JSON Pointer.
    case invalid([JSONProblem])
    /// No procedure of that name or code was ever loaded.
    case unknownProcedure
    /// Not in force on that day; what replaces it, where that is known.
    case notInForce(LocalText)
    /// The centre is not in the directory, or is none.
    case unknownCentre
    /// There is no such dossier.
    case noDossier
    /// This one command could not be carried out: a fault of ours, logged under the trace id.
    case failed
}

/// A dossier as the API shows it: no personal value.
package struct DossierView: Sendable {
    /// The fold of its events.
    package var state: State
    /// Only for dossiers that were submitted; the family shares it.
    package var lookUp: LookUpCode?
    /// What the dossier's rules are read in.
    package let world: World

    /// The pinned version.
    package var procedure: Procedure { world.procedure }
    /// The tasks and timers that are open.
    package var work: OpenWork { openWork(state, in: world) }
    /// What can be done now, by whom.
    package var allowed: [AllowedAction] { allowedActions(state, in: world) }

    /// Joins the parts.
    package init(state: State, lookUp: LookUpCode?, world: World) {
        self.state = state
        self.lookUp = lookUp
        self.world = world
    }
}

extension DossierRef {
    /// As the API writes it: the province's number, a dot, the identity.
    package var text: String { "\(province).\(id)" }

    /// Reads what `text` writes; nil for anything else.
    package init?(text: some StringProtocol) {
        guard let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")), let province = Int16(text[..<dot]), province > 0,
            let id = DossierID(text[text.utf8.index(after: dot)...])
        else { return nil }
        self.init(province: province, id: id)
    }
}
