package import Notices
package import Procedures
package import WorkingTime

/// Everything the engine must know of a live dossier to decide the next command: the fold of its events.
///
/// Form data and history are not here (R11): the encoded state of the flagship stays under 1.5 kB.
package struct State: Hashable, Sendable {
    /// The fold's number: a state that an older fold wrote is folded again from the events (R5).
    package static let fold = 1

    /// The dossier.
    package var dossier: DossierRef
    /// The pinned version.
    package var procedure: String
    package var version: Int
    package var contentHash: String
    /// Number of the last event; also the dossier's ETag.
    package var sequence: Int64
    /// Time of the last event.
    package var recorded: Instant
    /// How the dossier stands as a whole.
    package var phase: Phase
    package var channel: Submission.Channel
    /// The receiving centre, by code, and the dossier's own agency.
    package var centre: String
    package var agency: String
    /// What conditions read.
    package var facts: [String: FactValue]
    /// The first of the family, and who linked this one; nil for a dossier that was submitted.
    package var parent: Parent?
    /// The dossiers of all other children of the same birth that it knows of: each has its own codes, clock and page.
    package var siblings: [DossierRef]
    /// The last activation given (R8).
    package var lastActivation: Int
    /// What runs, by activation.
    package var running: [Running]
    /// How the parts of forks ended, by fork activation and branch, and links of the main sequence.
    package var parts: [Part]
    /// How often each outcome with a cap was chosen: `step.outcome` to count (R18: per dossier, not per activation).
    package var chosen: [String: Int]
    /// Who completed the steps that others may not do: step name to officer.
    package var performers: [String: String]
    /// The four clocks of the law in one.
    package var clock: LegalClock
    /// The legal code, once issued.
    package var code: String?
    /// Waiting for the code's number: agency and day.
    package var codeWanted: CodeWanted?
    /// Withdrawal asked for and not yet confirmed.
    package var withdrawal: Int?
    /// The components given so far.
    package var gave: [String]
    /// The last public reason and the last list of missing documents, for sentences.
    package var reason: String?
    package var missing: [String]
    /// The public view that was last published.
    package var published: Published
    /// Messages sent so far: the next has this number plus one.
    package var messagesSent: Int
    /// Where work goes instead, by agency: an officer found the key not competent and named the value (`re-route`).
    package var rerouted: [String: String]
    /// The end that was reached while linked dossiers still ran; it is carried out when they have answered (R16).
    package var ending: EndIndex?
    /// What was interrupted and waits for its linked dossiers to answer: the step's activation, or 0 for the whole, and
    /// the interruption's name (R16).
    package var leaving: [Int: String]

    /// What conditions read: the facts, and how the dossier came.
    var conditionFacts: [String: FactValue] {
        facts.merging([Condition.channelFact: .text(channel.name)]) { own, _ in own }
    }

    /// How the dossier stands as a whole.
    package enum Phase: Hashable, Sendable {
        case running
        /// Everything is being stopped: no new work opens; the end comes when every link has answered (R16).
        case stopping
        case ended(end: String, result: End.Result, at: Instant)
    }

    /// The link back to who started this dossier.
    package struct Parent: Hashable, Sendable {
        package var dossier: DossierRef
        package var activation: Int
        package var root: DossierRef
        /// Gives the limits.
        package var limitsFrom: Message.LimitSource
        /// The part's name on the citizen's page.
        package var part: String

        /// Joins the parts.
        package init(
            dossier: DossierRef, activation: Int, root: DossierRef, limitsFrom: Message.LimitSource, part: String
        ) {
            self.dossier = dossier
            self.activation = activation
            self.root = root
            self.limitsFrom = limitsFrom
            self.part = part
        }
    }

    /// A step that runs.
    package struct Running: Hashable, Sendable {
        package var activation: Int
        package var node: NodeIndex
        /// The activation of the fork in whose branch it stands; nil in the main sequence.
        package var fork: Int?
        package var opened: Instant
        /// At which agency; nil for forks and time.
        package var agency: String?
        /// Who holds the task, and how often it was claimed (the task's tag, R15).
        package var officer: String?
        package var claims: Int
        /// The step's own due or its group's, already the earlier of them and the whole's; nil without limit.
        package var due: Instant?
        /// Whether its lateness was recorded.
        package var late: Bool
        /// The applicant's last moment, for waiting steps.
        package var answerBy: Instant?
        /// Tries of a call that failed, and when the next may come.
        package var failures: Int
        package var retryAfter: Instant?
        /// The linked dossier, for links.
        package var link: Linked?
        /// When a wait without limit was told of again; nil before the first reminder.
        package var reminded: Instant?

        /// A linked dossier as its parent knows it.
        package struct Linked: Hashable, Sendable {
            package var dossier: DossierRef
            package var procedure: String
            package var version: Int
            package var waits: Bool
            package var waitsUntil: Instant?
            package var promised: Instant?
            /// Whether a lawful wait or an apology has moved its promise: only then does it move the parent's.
            package var waited: Bool
            /// When it was told to stop; nil while it was not.
            package var stopSentAt: Instant?
            /// Number of its last message that was heard: what comes again, or is overtaken by a later one, is not.
            package var heard: Int

            /// Whether it was told to stop.
            package var stopSent: Bool { stopSentAt != nil }

            /// A linked dossier that has not reported yet.
            package init(dossier: DossierRef, procedure: String, version: Int) {
                self.dossier = dossier
                self.procedure = procedure
                self.version = version
                waits = false
                waitsUntil = nil
                promised = nil
                waited = false
                stopSentAt = nil
                heard = 0
            }
        }

        /// A step that was entered just now.
        package init(
            activation: Int, node: NodeIndex, fork: Int? = nil, opened: Instant, agency: String? = nil,
            due: Instant? = nil, answerBy: Instant? = nil, link: Linked? = nil
        ) {
            self.activation = activation
            self.node = node
            self.fork = fork
            self.opened = opened
            self.agency = agency
            officer = nil
            claims = 0
            self.due = due
            late = false
            self.answerBy = answerBy
            failures = 0
            retryAfter = nil
            self.link = link
            reminded = nil
        }
    }

    /// A part that has ended.
    package struct Part: Hashable, Sendable {
        /// The fork's activation, or the link's own in the main sequence.
        package var activation: Int
        /// The branch's name, or the link's step.
        package var name: String
        /// The outcome name: `issued`, `refused`, …
        package var outcome: String
        package var reason: String?
        package var at: Instant

        /// Joins the parts.
        package init(activation: Int, name: String, outcome: String, reason: String?, at: Instant) {
            self.activation = activation
            self.name = name
            self.outcome = outcome
            self.reason = reason
            self.at = at
        }
    }

    /// Whose counter numbers the code.
    package struct CodeWanted: Hashable, Sendable {
        package var agency: String
        package var day: CivilDate

        /// Joins both.
        package init(agency: String, day: CivilDate) {
            self.agency = agency
            self.day = day
        }
    }

    /// The public view that was last published.
    package struct Published: Hashable, Sendable {
        /// Notices so far: dense per dossier (R20).
        package var count: Int
        package var status: NationalStatus
        package var stage: PublicStage
        package var milestone: String?

        /// Joins the parts.
        package init(count: Int, status: NationalStatus, stage: PublicStage, milestone: String?) {
            self.count = count
            self.status = status
            self.stage = stage
            self.milestone = milestone
        }
    }
}

/// The legal clock: a list of intervals, from which dates are computed (clock.md).
package struct LegalClock: Hashable, Sendable {
    /// When it was submitted, and accepted (or transferred).
    package var submitted: Instant
    package var accepted: Instant?
    /// From when the running count counts, after its cut-off: acceptance, transfer, or the last restart. Nil before acceptance.
    package var origin: Instant?
    /// How often it was restarted.
    package var epoch: Int
    /// Closed pauses of this epoch.
    package var pauses: [Pause]
    /// Open pauses by activation (0: withdrawal); while any is open no date is promised (R18).
    package var open: [Int: Instant]
    /// Closed pauses of earlier epochs, for the count of paused days.
    package var pastPauses: [Pause]
    /// Reception clock: until when the desk must answer, and since when it is held; nil once accepted.
    package var receptionDue: Instant?
    package var receptionHeldAt: Instant?
    /// When the papers were last complete: submitted, or answered; nil without a reception clock, and once accepted.
    package var received: Instant?
    /// When the result was ready, or the dossier ended.
    package var stopped: Instant?
    /// What the applicant was told, and first told.
    package var promised: Instant?
    package var firstPromised: Instant?
    /// Why the promise is what it is.
    package var promiseCause: Event.Promise.Cause?
    /// New dates set with an apology.
    package var reappointments: Int
    /// Whether the promise was recorded as passed, and as near.
    package var late: Bool
    package var warned: Bool

    /// The clock of a dossier that was just submitted, or started by a link (`accepted` and `origin` are then known).
    package init(submitted: Instant, accepted: Instant? = nil, origin: Instant? = nil) {
        self.submitted = submitted
        self.accepted = accepted
        self.origin = origin
        epoch = 0
        pauses = []
        open = [:]
        pastPauses = []
        receptionDue = nil
        receptionHeldAt = nil
        received = nil
        stopped = nil
        promised = nil
        firstPromised = nil
        promiseCause = nil
        reappointments = 0
        late = false
        warned = false
    }
}
