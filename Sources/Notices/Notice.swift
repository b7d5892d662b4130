package import WorkingTime

/// What leaves the engine: how a dossier stands, for everybody who holds its code. Nothing personal (R2).
///
/// Every notice is a whole picture of its dossier, so that a reader who missed one is right again with the next. It is
/// kept behind one reference, because it has some thirty texts and pages pass it around.
package struct Notice: Hashable, Sendable {
    private struct Said: Hashable, Sendable {
        var province: Int16
        var dossier: String
        var number: Int
        var root: String
        var parent: String?
        var part: LocalText?
        var at: Instant
        var subject: Subject
        var channel: Int
        var legalCode: String?
        var status: NationalStatus
        var stage: PublicStage
        var milestone: String?
        var sentence: LocalText?
        var holder: Holder?
        var action: RequiredAction?
        var submitted: Instant
        var accepted: Instant?
        var promised: Instant?
        var firstPromised: Instant?
        var promiseCause: String?
        var paused: Bool
        var pausedDays: Int
        var finished: Instant?
        var result: String?
    }

    private final class Kept: Sendable {
        let said: Said
        init(_ said: Said) { self.said = said }
    }

    private var kept: Kept

    /// Whether both say the same.
    package static func == (left: Notice, right: Notice) -> Bool {
        left.kept === right.kept || left.kept.said == right.kept.said
    }

    /// Feeds all that it says.
    package func hash(into hasher: inout Hasher) { hasher.combine(kept.said) }

    private mutating func change(_ body: (inout Said) -> Void) {
        var said = kept.said
        body(&said)
        kept = Kept(said)
    }

    /// What all notices of its procedure's version have in common.
    package var subject: Subject {
        get { kept.said.subject }
        set { change { $0.subject = newValue } }
    }

    /// The province's number.
    package var province: Int16 {
        get { kept.said.province }
        set { change { $0.province = newValue } }
    }

    /// The dossier's opaque public identity, as `DossierID` prints it.
    package var dossier: String {
        get { kept.said.dossier }
        set { change { $0.dossier = newValue } }
    }

    /// Dense per dossier, from 1 (R20).
    package var number: Int {
        get { kept.said.number }
        set { change { $0.number = newValue } }
    }

    /// The first of the family; `root == dossier` for a submitted one.
    package var root: String {
        get { kept.said.root }
        set { change { $0.root = newValue } }
    }

    /// The dossier that linked this one.
    package var parent: String? {
        get { kept.said.parent }
        set { change { $0.parent = newValue } }
    }

    /// The part's name on the family's picture, nil for the root.
    package var part: LocalText? {
        get { kept.said.part }
        set { change { $0.part = newValue } }
    }

    /// When it happened, in law.
    package var at: Instant {
        get { kept.said.at }
        set { change { $0.at = newValue } }
    }

    /// For statistics: how it was handed in.
    package var channel: Int {
        get { kept.said.channel }
        set { change { $0.channel = newValue } }
    }

    /// The legal code, once issued.
    package var legalCode: String? {
        get { kept.said.legalCode }
        set { change { $0.legalCode = newValue } }
    }

    /// The national status.
    package var status: NationalStatus {
        get { kept.said.status }
        set { change { $0.status = newValue } }
    }

    /// The state as the citizen's page calls it.
    package var stage: PublicStage {
        get { kept.said.stage }
        set { change { $0.stage = newValue } }
    }

    /// Which of the milestones is lit.
    package var milestone: String? {
        get { kept.said.milestone }
        set { change { $0.milestone = newValue } }
    }

    /// The plain sentence; nil: the last one stands, only dates changed.
    package var sentence: LocalText? {
        get { kept.said.sentence }
        set { change { $0.sentence = newValue } }
    }

    /// Who holds it now.
    package var holder: Holder? {
        get { kept.said.holder }
        set { change { $0.holder = newValue } }
    }

    /// What the applicant must do, and until when; nil: nothing.
    package var action: RequiredAction? {
        get { kept.said.action }
        set { change { $0.action = newValue } }
    }

    /// When it was handed in.
    package var submitted: Instant {
        get { kept.said.submitted }
        set { change { $0.submitted = newValue } }
    }

    /// When it was accepted; nil before.
    package var accepted: Instant? {
        get { kept.said.accepted }
        set { change { $0.accepted = newValue } }
    }

    /// The promised date, nil while none can be given.
    package var promised: Instant? {
        get { kept.said.promised }
        set { change { $0.promised = newValue } }
    }

    /// The first promised date, for ever.
    package var firstPromised: Instant? {
        get { kept.said.firstPromised }
        set { change { $0.firstPromised = newValue } }
    }

    /// Why the promise is what it is: the cause in the events' words.
    package var promiseCause: String? {
        get { kept.said.promiseCause }
        set { change { $0.promiseCause = newValue } }
    }

    /// Whether the clock is paused or held now.
    package var paused: Bool {
        get { kept.said.paused }
        set { change { $0.paused = newValue } }
    }

    /// Counted days paused so far.
    package var pausedDays: Int {
        get { kept.said.pausedDays }
        set { change { $0.pausedDays = newValue } }
    }

    /// When the result was ready or the dossier ended; nil while it runs.
    package var finished: Instant? {
        get { kept.said.finished }
        set { change { $0.finished = newValue } }
    }

    /// `issued`, `partial`, `refused`, `not-accepted`, `withdrawn`, `stopped`; nil while it runs.
    package var result: String? {
        get { kept.said.result }
        set { change { $0.result = newValue } }
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
        let subject = Subject(
            procedure: procedure, version: procedureVersion, code: procedureCode, title: procedureTitle, field: field,
            milestones: milestones)
        self.init(
            province: province, dossier: dossier, number: number, root: root, parent: parent, part: part, at: at,
            subject: subject, channel: channel, legalCode: legalCode, status: status, stage: stage,
            milestone: milestone, sentence: sentence, holder: holder, action: action, submitted: submitted,
            accepted: accepted, promised: promised, firstPromised: firstPromised, promiseCause: promiseCause,
            paused: paused, pausedDays: pausedDays, finished: finished, result: result)
    }

    /// Joins the parts, with a subject that others may share.
    package init(
        province: Int16, dossier: String, number: Int, root: String, parent: String?, part: LocalText?, at: Instant,
        subject: Subject, channel: Int, legalCode: String?, status: NationalStatus, stage: PublicStage,
        milestone: String?, sentence: LocalText?, holder: Holder?, action: RequiredAction?, submitted: Instant,
        accepted: Instant?, promised: Instant?, firstPromised: Instant?, promiseCause: String?, paused: Bool,
        pausedDays: Int, finished: Instant?, result: String?
    ) {
        kept = Kept(
            Said(
                province: province, dossier: dossier, number: number, root: root, parent: parent, part: part, at: at,
                subject: subject, channel: channel, legalCode: legalCode, status: status, stage: stage,
                milestone: milestone, sentence: sentence, holder: holder, action: action, submitted: submitted,
                accepted: accepted, promised: promised, firstPromised: firstPromised, promiseCause: promiseCause,
                paused: paused, pausedDays: pausedDays, finished: finished, result: result))
    }
}
