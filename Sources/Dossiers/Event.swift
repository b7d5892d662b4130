package import Notices
package import Procedures
package import WorkingTime

/// What happened to a dossier: enough to rebuild its state and to explain it to a court.
package struct Event: Hashable, Sendable {
    /// The format that this build writes; decoders of every older one are kept for ever (R5).
    package static let format = 1

    /// Counts from 1 without gaps.
    package var sequence: Int64
    /// When, in law and in order.
    package var moment: Moment
    /// Who.
    package var by: Actor
    /// What.
    package var body: Body

    /// The kinds of events.
    package enum Body: Hashable, Sendable {
        /// The first event of every dossier.
        case submitted(Submitted)
        /// A step was entered.
        case opened(Opened)
        case claimed(activation: Int, officer: String)
        case released(activation: Int)
        case reassigned(activation: Int, officer: String)
        /// A task passed to another agency (`re-route`); `said` is what went with it besides the agency: mostly the reason.
        /// Empty in logs from before reasons were kept.
        case rerouted(activation: Int, agency: String, said: [String: Said] = [:])
        /// A step ended with an outcome.
        case completed(activation: Int, outcome: String, said: [String: Said])
        /// A step ended without one: its block was left.
        case closed(activation: Int)
        /// An agency ended, and another has its work from now on: open tasks, and what the procedure would still send it.
        case succeeded(agency: String, by: String)
        /// A step, or the whole (0), is left by a passed deadline or a message (`on.deadline`, `on.MESSAGE`): what runs
        /// inside is stopped.
        case interrupted(activation: Int, by: String, said: [String: Said])
        /// What was interrupted has been left: its way goes on.
        case left(activation: Int)
        /// A wait without limit was told of once more.
        case reminded(activation: Int)
        /// An outcome with a cap was chosen once more: `step.outcome`.
        case counted(String)
        /// Who did a step that another step may not be done by (four eyes).
        case performed(step: String, officer: String)
        /// A running step's due moved with the clock.
        case dueMoved(activation: Int, due: Instant?)
        /// A call failed and will be tried again.
        case callFailed(activation: Int, retryAfter: Instant)
        case factsSet([String: FactValue])
        /// The legal clock started; the code is numbered by (agency, day).
        case accepted(agency: String, day: CivilDate, origin: Instant)
        case coded(String)
        case receptionDue(Instant)
        case receptionHeld
        /// The clock is paused from the event's `arrived`, for the activation's reason (0: withdrawal).
        case paused(activation: Int)
        case resumed(activation: Int, until: Instant)
        case restarted(origin: Instant)
        case clockStopped
        case promised(Promise)
        case reappointed(to: Instant, said: [String: Said])
        case warned
        case stepLate(activation: Int)
        case late
        case branchEnded(fork: Int, branch: String, outcome: String, reason: String?)
        /// How a linked dossier stands, by its message of that number.
        case linkStanding(activation: Int, number: Int, Message.Standing)
        case linkEnded(activation: Int, Message.Ended)
        /// A machine's command for something that is over: recorded, without effect (R8).
        case lateResult(String)
        case gave([String])
        case withdrawalAsked(activation: Int, said: [String: Said])
        case withdrawalRejected
        /// An end was reached while linked dossiers still run; it is carried out when they have answered (R16).
        case ending(EndIndex)
        case stopping
        case sent(Message)
        /// Others were found to be dossiers of children of the same birth.
        case siblingsAdded([DossierRef])
        case published(Publication)
        case ended(end: String, result: End.Result, reason: String?)
    }

    /// How a dossier began.
    package struct Submitted: Hashable, Sendable {
        package var dossier: DossierRef
        package var procedure: String
        package var version: Int
        package var contentHash: String
        package var calendarHash: String
        package var channel: Submission.Channel
        package var centre: String
        package var agency: String
        package var submitted: Instant
        package var facts: [String: FactValue]
        package var documents: [String: String]
        package var parent: State.Parent?
        /// For linked dossiers: from when the limit counts.
        package var origin: Instant?
        /// The dossier of another child of the same birth, which is told of this one.
        package var sibling: DossierRef?

        /// Joins the parts.
        package init(
            dossier: DossierRef, procedure: String, version: Int, contentHash: String, calendarHash: String,
            channel: Submission.Channel, centre: String, agency: String, submitted: Instant,
            facts: [String: FactValue], documents: [String: String] = [:], parent: State.Parent? = nil,
            origin: Instant? = nil, sibling: DossierRef? = nil
        ) {
            self.dossier = dossier
            self.procedure = procedure
            self.version = version
            self.contentHash = contentHash
            self.calendarHash = calendarHash
            self.channel = channel
            self.centre = centre
            self.agency = agency
            self.submitted = submitted
            self.facts = facts
            self.documents = documents
            self.parent = parent
            self.origin = origin
            self.sibling = sibling
        }
    }

    /// A step that was entered.
    package struct Opened: Hashable, Sendable {
        package var activation: Int
        package var node: NodeIndex
        /// The step's name, so that the event explains itself without the file.
        package var name: String
        package var fork: Int?
        package var agency: String?
        package var due: Instant?
        package var answerBy: Instant?
        package var link: State.Running.Linked?

        /// Joins the parts.
        package init(
            activation: Int, node: NodeIndex, name: String, fork: Int? = nil, agency: String? = nil,
            due: Instant? = nil, answerBy: Instant? = nil, link: State.Running.Linked? = nil
        ) {
            self.activation = activation
            self.node = node
            self.name = name
            self.fork = fork
            self.agency = agency
            self.due = due
            self.answerBy = answerBy
            self.link = link
        }
    }

    /// A promised date with its cause; changes only for a lawful reason (clock.md, rule 15).
    package struct Promise: Hashable, Sendable {
        package var date: Instant
        package var cause: Cause
        package var calendarHash: String

        /// The lawful reasons.
        package enum Cause: String, Hashable, Sendable, CaseIterable {
            case acceptance
            case factFound = "case"
            case restart
            case resume
            case linkedWait = "linked-wait"
            case reappointment
            case calendar
        }

        /// Joins the parts.
        package init(date: Instant, cause: Cause, calendarHash: String) {
            self.date = date
            self.cause = cause
            self.calendarHash = calendarHash
        }
    }

    /// Something the citizen is told. The sentence is rendered from the pinned version.
    package struct Publication: Hashable, Sendable {
        /// Dense per dossier, from 1.
        package var number: Int
        package var status: NationalStatus
        package var stage: PublicStage
        package var milestone: String?
        /// Whose words: a step, an outcome, an end, or the withdrawal.
        package var words: Words

        /// Whose words are published.
        package enum Words: Hashable, Sendable {
            case node(NodeIndex, activation: Int)
            case outcome(NodeIndex, Int)
            case end(EndIndex)
            case withdrawal
            /// Nothing new to say but the dates (a new promise), or a linked part's standing.
            case unchanged
        }

        /// Joins the parts.
        package init(
            number: Int, status: NationalStatus, stage: PublicStage, milestone: String?, words: Words
        ) {
            self.number = number
            self.status = status
            self.stage = stage
            self.milestone = milestone
            self.words = words
        }
    }

    /// Joins the parts.
    package init(sequence: Int64, moment: Moment, by: Actor, body: Body) {
        self.sequence = sequence
        self.moment = moment
        self.by = by
        self.body = body
    }
}
