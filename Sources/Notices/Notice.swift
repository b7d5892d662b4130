package import WorkingTime

/// What leaves the engine: how a dossier stands, for everybody who holds its code. Nothing personal (R2).
///
/// Every notice is a whole picture of its dossier, so that a reader who missed one is right again with the next.
package struct Notice: Hashable, Sendable {
    /// The province's number.
    package var province: Int16
    /// The dossier's opaque public identity, as `DossierID` prints it.
    package var dossier: String
    /// Dense per dossier, from 1 (R20).
    package var number: Int
    /// The first of the family, and the dossier that linked this one; `root == dossier` for a submitted one.
    package var root: String
    package var parent: String?
    /// The part's name on the family's picture, nil for the root.
    package var part: LocalText?
    /// When it happened, in law.
    package var at: Instant
    /// The procedure.
    package var procedure: String
    package var procedureVersion: Int
    package var procedureCode: String?
    package var procedureTitle: LocalText
    /// For statistics.
    package var field: String
    package var channel: Int
    /// The legal code, once issued.
    package var legalCode: String?
    package var status: NationalStatus
    package var stage: PublicStage
    /// Key and title of the milestones of the page, in order, and which is lit.
    package var milestones: [PublicMilestone]
    package var milestone: String?
    /// The plain sentence; nil: the last one stands, only dates changed.
    package var sentence: LocalText?
    /// Who holds it now.
    package var holder: Holder?
    /// What the applicant must do, and until when; nil: nothing.
    package var action: RequiredAction?
    package var submitted: Instant
    package var accepted: Instant?
    /// The promised date, nil while none can be given; and the first, for ever.
    package var promised: Instant?
    package var firstPromised: Instant?
    /// Why the promise is what it is: the cause in the events' words.
    package var promiseCause: String?
    /// Whether the clock is paused or held now; counted days paused so far.
    package var paused: Bool
    package var pausedDays: Int
    /// When the result was ready or the dossier ended; nil while it runs.
    package var finished: Instant?
    /// `issued`, `partial`, `refused`, `not-accepted`, `withdrawn`, `stopped`; nil while it runs.
    package var result: String?

    /// A milestone of the page.
    package struct PublicMilestone: Hashable, Sendable {
        package var key: String
        package var title: LocalText

        /// Joins both.
        package init(key: String, title: LocalText) {
            self.key = key
            self.title = title
        }
    }

    /// An agency as the citizen sees it: never an officer's private name.
    package struct Holder: Hashable, Sendable {
        package var agency: String
        package var name: LocalText
        package var phone: String?

        /// Joins the parts.
        package init(agency: String, name: LocalText, phone: String? = nil) {
            self.agency = agency
            self.name = name
            self.phone = phone
        }
    }

    /// What the applicant must do.
    package struct RequiredAction: Hashable, Sendable {
        package var text: LocalText
        package var until: Instant?

        /// Joins both.
        package init(text: LocalText, until: Instant? = nil) {
            self.text = text
            self.until = until
        }
    }

    /// Joins the parts.
    package init(
        province: Int16, dossier: String, number: Int, root: String, parent: String?, part: LocalText?, at: Instant,
        procedure: String, procedureVersion: Int, procedureCode: String?, procedureTitle: LocalText, field: String,
        channel: Int, legalCode: String?, status: NationalStatus, stage: PublicStage, milestones: [PublicMilestone],
        milestone: String?, sentence: LocalText?, holder: Holder?, action: RequiredAction?, submitted: Instant,
        accepted: Instant?, promised: Instant?, firstPromised: Instant?, promiseCause: String?, paused: Bool,
        pausedDays: Int, finished: Instant?, result: String?
    ) {
        self.province = province
        self.dossier = dossier
        self.number = number
        self.root = root
        self.parent = parent
        self.part = part
        self.at = at
        self.procedure = procedure
        self.procedureVersion = procedureVersion
        self.procedureCode = procedureCode
        self.procedureTitle = procedureTitle
        self.field = field
        self.channel = channel
        self.legalCode = legalCode
        self.status = status
        self.stage = stage
        self.milestones = milestones
        self.milestone = milestone
        self.sentence = sentence
        self.holder = holder
        self.action = action
        self.submitted = submitted
        self.accepted = accepted
        self.promised = promised
        self.firstPromised = firstPromised
        self.promiseCause = promiseCause
        self.paused = paused
        self.pausedDays = pausedDays
        self.finished = finished
        self.result = result
    }
}
