package import Procedures
package import WorkingTime

/// Something that is asked of one dossier.
package enum Command: Hashable, Sendable {
    /// Makes the dossier. The only command for a dossier that is not there yet, besides the message `start`.
    case submit(Submission)
    /// Ends the open task or call `activation` with an outcome.
    case complete(activation: Int, outcome: String, said: [String: Said])
    /// Takes an open task for oneself.
    case claim(activation: Int)
    /// Gives a task back.
    case release(activation: Int)
    /// Gives a task to another officer of the same agency, by an officer with the role `<role>-head`, `head` or the same role.
    case reassign(activation: Int, officer: String)
    /// The applicant answers what was asked: at the waiting step, or before the refusal after silence is signed.
    case answer(activation: Int, said: [String: Said])
    /// The applicant withdraws the dossier.
    case withdraw(said: [String: Said])
    /// The late agency sets a new date with an apology (`reason` must be said).
    case reappoint(to: Instant, said: [String: Said])
    /// A timer of the agenda has come due. A timer that is no longer armed for that instant does nothing.
    case timer(TimerKey, due: Instant)
    /// A message from another dossier.
    case message(Message)
    /// The number that the counter of (agency, day) gave (R22). Only by the engine, right after an acceptance.
    case issueCode(number: Int64)
    /// The office calendars were amended: what was promised and is still open is computed anew, later only (R4; clock.md,
    /// rule 15). Only by the engine.
    case calendarAmended
    /// The directory of agencies was amended: what an agency already has passes to its successor on the day, or now if the
    /// day is past. Only by the engine.
    case directoryAmended
    /// An outside system says something that nobody asked it in a call: an interruption of that name hears it.
    case tell(message: String, said: [String: Said])
    /// The adapter of an outside system could not reach it: the next try comes later, or an officer takes over.
    case callFailed(activation: Int)
}

/// A new dossier, as the desk or the portal submits it; its form is already checked and sealed.
package struct Submission: Hashable, Sendable {
    /// The dossier's identity, drawn by the shell.
    package var dossier: DossierRef
    /// How it came: 1 at the desk, 2 online, 3 by post.
    package var channel: Channel
    /// The receiving centre, by code.
    package var centre: String
    /// What conditions may read, by fact name (`form.…`).
    package var facts: [String: FactValue]
    /// The documents that came with it, by the name of the rule: the chosen kind.
    package var documents: [String: String]
    /// The dossier of another child of the same birth, from whose form this one's was completed.
    package var sibling: DossierRef?

    /// The channels of the national list.
    package enum Channel: Int, Hashable, Sendable, CaseIterable {
        case desk = 1
        case online = 2
        case post = 3

        /// As procedure files name it.
        package var name: String {
            switch self {
            case .desk: "desk"
            case .online: "online"
            case .post: "post"
            }
        }
    }

    /// Joins the parts.
    package init(
        dossier: DossierRef, channel: Channel, centre: String, facts: [String: FactValue],
        documents: [String: String] = [:], sibling: DossierRef? = nil
    ) {
        self.dossier = dossier
        self.channel = channel
        self.centre = centre
        self.facts = facts
        self.documents = documents
        self.sibling = sibling
    }
}

/// What a performer said with an outcome. Typed text is never here: it is sealed, and referred to (R2).
package enum Said: Hashable, Sendable {
    /// A code of the catalogue of reasons, and perhaps a sealed note.
    case reason(code: String, note: SealedReference?)
    /// Documents of the procedure, by name.
    case documents([String])
    case date(CivilDate)
    case instant(Instant)
    case yesNo(Bool)
    case sealed(SealedReference)
    /// For `re-route`: the code of the agency that is competent.
    case agency(String)
}

/// Where a sealed value lies, and what binds it: its text can be erased, the commitment stays.
package struct SealedReference: Hashable, Sendable {
    /// The section of the dossier's sealed store.
    package var section: String
    /// Salted SHA-256 of the plaintext: 32 bytes.
    package var commitment: [UInt8]

    /// Joins both.
    package init(section: String, commitment: [UInt8]) {
        self.section = section
        self.commitment = commitment
    }
}

/// A message from one dossier to another, written in the sender's transaction (R1).
package struct Message: Hashable, Sendable {
    /// The dossier that sends.
    package var from: DossierRef
    /// The dossier that is meant.
    package var to: DossierRef
    /// The parent's activation of the link, whichever way the message goes; 0 between siblings.
    package var activation: Int
    /// Counts the sender's messages from 1: with the sender it is the message's identity.
    package var number: Int
    /// What it says.
    package var body: Body

    /// What dossiers say to each other.
    package enum Body: Hashable, Sendable {
        /// Parent to child: begin.
        case start(Start)
        /// Parent to child: end what can still be ended, and answer with `ended`.
        case stop
        /// Child to parent: how it stands, whenever the parent's clock or page depends on it.
        case standing(Standing)
        /// Child to parent: it has ended.
        case ended(Ended)
        /// Between dossiers of children of the same birth: these are such, the sender first.
        case siblings([DossierRef])
    }

    /// What a linked dossier begins with.
    package struct Start: Hashable, Sendable {
        /// The linked procedure, pinned: the version in force at the root's receipt (R17).
        package var procedure: String
        package var version: Int
        package var contentHash: String
        /// The first of the family: whose look-up code the citizen holds.
        package var root: DossierRef
        /// The root's receiving centre, by code: the desk through which the applicant is asked.
        package var centre: String
        /// The child's own agency, by code, resolved by the parent.
        package var agency: String
        /// How the root came.
        package var channel: Submission.Channel
        /// When the root was submitted: versions and calendars are those of that day.
        package var submitted: Instant
        /// From when the child's limit counts: already the effective day, without a cut-off.
        package var origin: Instant
        /// The parent's linking step, which gives the limits, and the parent's version.
        package var limitsFrom: LimitSource
        /// Facts of the child that the parent's form gives.
        package var facts: [String: FactValue]
        /// The branch or step as the citizen reads it.
        package var part: String

        /// Joins the parts.
        package init(
            procedure: String, version: Int, contentHash: String, root: DossierRef, centre: String, agency: String,
            channel: Submission.Channel, submitted: Instant, origin: Instant, limitsFrom: LimitSource,
            facts: [String: FactValue], part: String
        ) {
            self.procedure = procedure
            self.version = version
            self.contentHash = contentHash
            self.root = root
            self.centre = centre
            self.agency = agency
            self.channel = channel
            self.submitted = submitted
            self.origin = origin
            self.limitsFrom = limitsFrom
            self.facts = facts
            self.part = part
        }
    }

    /// Which step of which version gives a linked dossier its limits.
    package struct LimitSource: Hashable, Sendable {
        package var procedure: String
        package var version: Int
        package var node: String

        /// Joins the parts.
        package init(procedure: String, version: Int, node: String) {
            self.procedure = procedure
            self.version = version
            self.node = node
        }
    }

    /// How a child stands.
    package struct Standing: Hashable, Sendable {
        /// Whether it waits for the applicant, and until when.
        package var waitsUntil: Instant?
        package var waits: Bool
        /// Its promise, nil while none can be given.
        package var promised: Instant?
        /// Whether a lawful wait or an apology has moved that promise: lateness by fault moves no parent (clock.md, 14).
        package var waited: Bool
        /// The instant at which it was completed anew, when a supplement restarted its clock.
        package var restarted: Instant?
        /// The facts that the link copies.
        package var facts: [String: FactValue]

        /// Joins the parts.
        package init(
            waits: Bool, waitsUntil: Instant? = nil, promised: Instant? = nil, waited: Bool = false,
            restarted: Instant? = nil, facts: [String: FactValue] = [:]
        ) {
            self.waits = waits
            self.waited = waited
            self.waitsUntil = waitsUntil
            self.promised = promised
            self.restarted = restarted
            self.facts = facts
        }
    }

    /// How a child ended.
    package struct Ended: Hashable, Sendable {
        /// The end's name in the child's procedure.
        package var end: String
        package var result: End.Result
        /// The code of the reason of a refusal.
        package var reason: String?
        /// The components that it gave.
        package var gave: [String]
        /// When its clock stopped, or it ended.
        package var at: Instant
        /// How it stood at last: a command sends one message, and the facts found in it must not be lost.
        package var standing: Standing

        /// Joins the parts.
        package init(
            end: String, result: End.Result, reason: String? = nil, gave: [String] = [], at: Instant,
            standing: Standing = Standing(waits: false)
        ) {
            self.standing = standing
            self.end = end
            self.result = result
            self.reason = reason
            self.gave = gave
            self.at = at
        }
    }

    /// Joins the parts.
    package init(from: DossierRef, to: DossierRef, activation: Int, number: Int, body: Body) {
        self.from = from
        self.to = to
        self.activation = activation
        self.number = number
        self.body = body
    }
}

/// Which timer: one of a kind for an activation. Timers of the whole have activation 0.
package struct TimerKey: Hashable, Sendable {
    /// The kinds of timers.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The applicant has not answered.
        case silence
        /// A time step is over.
        case time
        /// An outside system did not answer in time: an officer takes over.
        case down
        /// A step's due has passed.
        case stepLate = "step-late"
        /// The promised date is near.
        case warn
        /// The promised date has passed.
        case late
        /// A stopped part has not answered: a person must look.
        case stopOverdue = "stop-overdue"
        /// The time after which a step is left has passed.
        case interrupt
        /// A wait without limit is told of again.
        case remind
        /// An agency that has some of the work is succeeded by another.
        case succession
    }

    /// The activation, or 0 for the whole.
    package var activation: Int
    /// The kind.
    package var kind: Kind

    /// Joins both.
    package init(activation: Int, kind: Kind) {
        self.activation = activation
        self.kind = kind
    }
}
