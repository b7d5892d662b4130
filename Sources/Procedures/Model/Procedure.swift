package import Notices
package import WorkingTime

/// One published version of a procedure, verified and compiled: what the core runs.
///
/// Steps stand flat in ``nodes``, in file order; blocks say which of them belong together. The language has five
/// primitives: sequence (outcomes lead on), fork, wait (for a person, the applicant, an outside system or time), link,
/// and interruption. Everything else in a file was rewritten to these when it was loaded.
package struct Procedure: Hashable, Sendable {
    /// The file's name for the procedure, kebab-case, the same in every version.
    package var name: String
    /// The version number; a published version never changes.
    package var version: Int
    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    package var contentHash: String
    /// The national code, as `2.002621`; nil where none is known, and then the procedure can only be linked.
    package var code: String?
    /// What citizens read as the procedure's name.
    package var title: LocalText
    /// The field (lĩnh vực) for statistics, as `ho-tich`.
    package var field: String
    /// The decree or law on which it rests.
    package var legalBasis: String
    /// When this version is in force.
    package var effective: Effective
    /// The office calendar by which days are counted, by name.
    package var calendar: String
    /// What conditions, deadlines and agency rules may read.
    package var facts: [Fact]
    /// The catalogue of public reasons, by code.
    package var reasons: [Reason]
    /// The form, in the order of the file.
    package var form: [Field]
    /// Conditions over the whole form, each with the sentence that the sender reads when it is false.
    package var formRules: [FormRule]
    /// The papers of the dossier.
    package var documents: [DocumentRule]
    /// What is paid, and when.
    package var fees: [Fee]
    /// The clock of the reception, in office hours from submission; nil where there is none.
    package var reception: TimeLimit?
    /// The legal clock of the whole.
    package var deadline: Deadline?
    /// What happens before the promised date and after it.
    package var late: LateRule
    /// Limits on groups of steps.
    package var groups: [StepGroup]
    /// The 4–6 public steps that the citizen's page shows, in order.
    package var milestones: [Milestone]
    /// Every end, in the order of the file.
    package var ends: [End]
    /// Every step of every block, in the order of the file.
    package var nodes: [Node]
    /// The step at which a submitted dossier starts.
    package var start: NodeIndex
    /// The step at which a dossier starts that another procedure linked; nil where this procedure cannot be linked.
    package var linkedStart: NodeIndex?
    /// The applicant's withdrawal; nil where the file does not allow it.
    package var withdrawal: Withdrawal?
    /// What else leaves the whole: a passed promise, messages from outside; each leads to a step of the main sequence.
    package var interruptions: [Interruption] = []
    /// Examples that run on the real core in simulated time.
    package var examples: [Example]

    /// The step of that name, or nil.
    package func node(named name: String) -> NodeIndex? {
        nodes.firstIndex { $0.name == name }.map(NodeIndex.init)
    }

    /// The step at an index that came from this procedure.
    package subscript(index: NodeIndex) -> Node { nodes[index.value] }
    /// The end at an index that came from this procedure.
    package subscript(index: EndIndex) -> End { ends[index.value] }
}

/// Position of a step in ``Procedure/nodes``.
package struct NodeIndex: Hashable, Sendable {
    /// Counts from 0.
    package var value: Int
    /// Wraps a position.
    package init(_ value: Int) { self.value = value }
}

/// Position of an end in ``Procedure/ends``.
package struct EndIndex: Hashable, Sendable {
    /// Counts from 0.
    package var value: Int
    /// Wraps a position.
    package init(_ value: Int) { self.value = value }
}

/// When a version is in force, and what follows it.
package struct Effective: Hashable, Sendable {
    /// First day in force.
    package var from: CivilDate
    /// Last day in force, nil where open.
    package var until: CivilDate?
    /// The code of the procedure that replaces it.
    package var replacedBy: String?

    /// Joins the parts.
    package init(from: CivilDate, until: CivilDate? = nil, replacedBy: String? = nil) {
        self.from = from
        self.until = until
        self.replacedBy = replacedBy
    }

    /// Whether a dossier submitted on `day` runs under this version.
    package func covers(_ day: CivilDate) -> Bool {
        guard day >= from else { return false }
        guard let until else { return true }
        return day <= until
    }
}

/// A value that conditions read: never personal (R3).
package struct Fact: Hashable, Sendable {
    /// Where the value comes from.
    package enum Source: Hashable, Sendable {
        /// The form field of this name (the fact is then called `form.<name>`), read once at submission.
        case form(String)
        /// Found at work: an outcome of this step, or of the dossier linked by it, sets it.
        case step(String)
    }

    /// As conditions write it: `facts.verification` or `form.residence.commune`.
    package var name: String
    /// The type of its values.
    package var type: FactType
    /// Where the value comes from.
    package var source: Source

    /// Joins the parts.
    package init(name: String, type: FactType, source: Source) {
        self.name = name
        self.type = type
        self.source = source
    }
}

/// The types of facts.
package enum FactType: Hashable, Sendable {
    case yesNo
    case text
    case number
    case date
    /// One of these codes.
    case choice([String])
    /// The code of a commune or province.
    case area
}

/// The value of a fact.
package enum FactValue: Hashable, Sendable {
    case yesNo(Bool)
    /// Also choices and areas, by code.
    case text(String)
    case number(Int64)
    case date(CivilDate)
}

/// A public reason: its code goes into events and notices, where typed text never does (R2).
package struct Reason: Hashable, Sendable {
    /// Kebab-case, unique in the file.
    package var code: String
    /// What the citizen reads.
    package var title: LocalText

    /// Joins the parts.
    package init(code: String, title: LocalText) {
        self.code = code
        self.title = title
    }
}

/// A condition over the form.
package struct FormRule: Hashable, Sendable {
    /// Must hold for the form to be taken.
    package var check: Condition
    /// What the sender reads when it does not.
    package var message: LocalText

    /// Joins the parts.
    package init(check: Condition, message: LocalText) {
        self.check = check
        self.message = message
    }
}

/// A public step of the citizen's page.
package struct Milestone: Hashable, Sendable {
    /// Kebab-case, unique in the file.
    package var key: String
    /// What the page shows.
    package var title: LocalText

    /// Joins the parts.
    package init(key: String, title: LocalText) {
        self.key = key
        self.title = title
    }
}

/// An end of the dossier.
package struct End: Hashable, Sendable {
    /// What an end means for statistics, parents and the court.
    package enum Result: String, Hashable, Sendable, CaseIterable {
        /// What was asked for was issued.
        case issued
        /// Some components were issued, some not.
        case partial
        /// Refused by a signed decision after acceptance.
        case refused
        /// Not taken at the desk.
        case notAccepted = "not-accepted"
        /// Withdrawn by the applicant.
        case withdrawn
        /// Stopped by the agency or by the dossier that linked it.
        case stopped
    }

    /// Kebab-case, unique in the file; what a linking step's outcomes are called.
    package var name: String
    /// What it means.
    package var result: Result
    /// The national statuses passed, in order: `[9, 10]` publishes both.
    package var statuses: [NationalStatus]
    /// What the citizen reads.
    package var words: PublicWords
    /// Components handed on, with what each carries.
    package var legalBasis: String?

    /// Joins the parts.
    package init(
        name: String, result: Result, statuses: [NationalStatus], words: PublicWords, legalBasis: String? = nil
    ) {
        self.name = name
        self.result = result
        self.statuses = statuses
        self.words = words
        self.legalBasis = legalBasis
    }
}

/// What the citizen sees while a step is open, or at an end.
package struct PublicWords: Hashable, Sendable {
    /// The sentence. `{promised}`, `{due}`, `{first-promised}`, `{day}`, `{agency}`, `{missing}`, `{reason}`, `{parts}` are filled in.
    package var text: LocalText
    /// The tag of the page.
    package var stage: PublicStage
    /// The national status.
    package var status: NationalStatus
    /// The key of the milestone that is lit, nil where it stays as it was.
    package var milestone: String?

    /// Joins the parts.
    package init(text: LocalText, stage: PublicStage, status: NationalStatus, milestone: String? = nil) {
        self.text = text
        self.stage = stage
        self.status = status
        self.milestone = milestone
    }
}
