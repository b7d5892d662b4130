package import Notices
package import WorkingTime

/// The legal clock of the whole (clock.md).
package struct Deadline: Hashable, Sendable {
    /// A limit, and the case in which it holds.
    package struct Limit: Hashable, Sendable {
        /// The limit.
        package var within: TimeLimit
        /// The case; nil holds always. Rows are tried in order.
        package var when: Condition?

        /// Joins the parts.
        package init(within: TimeLimit, when: Condition? = nil) {
            self.within = within
            self.when = when
        }
    }

    /// Tried in order; the last has no condition.
    package var limits: [Limit]
    /// How days are counted.
    package var counting: CountingMode
    /// After this time the next working day is the effective day; nil where there is no cut-off.
    package var cutOff: CutOff?
    /// Which instant the cut-off reads.
    package var cutOffOf: CutOffInstant
    /// The channels that the cut-off holds for, by name (`desk`, `online`, `post`); empty holds for all.
    package var cutOffChannels: [String]
    /// From where the limit counts.
    package var countsFrom: Start
    /// The article of law.
    package var legalBasis: String?

    /// From where the limit of a submitted dossier counts (clock.md, rule 2).
    package enum Start: String, Hashable, Sendable, CaseIterable {
        /// The acceptance.
        case acceptance
        /// The receipt of the complete papers, as on the slip of a paper process: the desk's own time lies inside the limit.
        case receiptSlip = "receipt-slip"
    }

    /// Which instant a cut-off reads.
    package enum CutOffInstant: String, Hashable, Sendable, CaseIterable {
        /// The acceptance.
        case acceptance
        /// The submission.
        case submission
    }

    /// Joins the parts.
    package init(
        limits: [Limit], counting: CountingMode = .nextDay, cutOff: CutOff? = nil,
        cutOffOf: CutOffInstant = .acceptance, cutOffChannels: [String] = [], countsFrom: Start = .acceptance,
        legalBasis: String? = nil
    ) {
        self.limits = limits
        self.counting = counting
        self.cutOff = cutOff
        self.cutOffOf = cutOffOf
        self.cutOffChannels = cutOffChannels
        self.countsFrom = countsFrom
        self.legalBasis = legalBasis
    }
}

/// What happens before and after the promised date passes (NĐ 61/2018, art. 19.9).
package struct LateRule: Hashable, Sendable {
    /// How long before the promised date the head is warned; nil never.
    package var warnAhead: TimeLimit?
    /// How often a new date may be set with an apology: 1 by law.
    package var reappointments: Int
    /// The task beside the rest that the warning opens, and the one that the passed date opens; nil opens none.
    package var warnStep: NodeIndex?
    package var breachStep: NodeIndex?

    /// Joins the parts.
    package init(
        warnAhead: TimeLimit? = nil, reappointments: Int = 1, warnStep: NodeIndex? = nil, breachStep: NodeIndex? = nil
    ) {
        self.warnAhead = warnAhead
        self.reappointments = reappointments
        self.warnStep = warnStep
        self.breachStep = breachStep
    }
}

/// A limit on several steps together.
package struct StepGroup: Hashable, Sendable {
    /// The steps, by index.
    package var steps: [NodeIndex]
    /// The limit, counted from the legal clock's origin.
    package var within: TimeLimit

    /// Joins the parts.
    package init(steps: [NodeIndex], within: TimeLimit) {
        self.steps = steps
        self.within = within
    }
}

/// The applicant's withdrawal.
package struct Withdrawal: Hashable, Sendable {
    /// The step at which an officer confirms it; the clock is held until then.
    package var confirm: NodeIndex
    /// The end when nothing had been issued.
    package var end: EndIndex
    /// The end when something had been issued, which stands.
    package var partialEnd: EndIndex
    /// The status, words and stage shown between request and confirmation.
    package var words: PublicWords

    /// Joins the parts.
    package init(confirm: NodeIndex, end: EndIndex, partialEnd: EndIndex, words: PublicWords) {
        self.confirm = confirm
        self.end = end
        self.partialEnd = partialEnd
        self.words = words
    }
}

/// A paper of the dossier.
package struct DocumentRule: Hashable, Sendable {
    /// Kebab-case, unique in the file.
    package var name: String
    /// What people read.
    package var title: LocalText
    /// Kinds that satisfy it; empty: the paper itself.
    package var oneOf: [String]
    /// Whether the dossier needs it.
    package var required: Bool
    /// Needed only when this holds.
    package var when: Condition?

    /// Joins the parts.
    package init(name: String, title: LocalText, oneOf: [String] = [], required: Bool, when: Condition? = nil) {
        self.name = name
        self.title = title
        self.oneOf = oneOf
        self.required = required
        self.when = when
    }
}

/// A fee.
package struct Fee: Hashable, Sendable {
    /// Kebab-case, unique in the file.
    package var name: String
    /// What people read.
    package var title: LocalText
    /// In đồng; 0 is free.
    package var amount: Int64
    /// When it is due: `before` or `after` the work, or `none`.
    package var timing: String
    /// Which agency collects it; nil where nothing is collected.
    package var collector: AgencyRule?
    /// What happens to it when the dossier is refused or withdrawn; nil where it is paid after the work, or free.
    package var refund: Refund?
    /// The article of law.
    package var legalBasis: String?

    /// What happens to a fee when the dossier is refused or withdrawn.
    package enum Refund: Hashable, Sendable {
        /// An officer who holds the role pays it back in time.
        case paidBack(role: String, at: AgencyRule, within: TimeLimit)
        /// It is kept, under this article.
        case none(basis: String)
    }

    /// Joins the parts.
    package init(
        name: String, title: LocalText, amount: Int64, timing: String, collector: AgencyRule? = nil,
        refund: Refund? = nil, legalBasis: String? = nil
    ) {
        self.name = name
        self.title = title
        self.amount = amount
        self.timing = timing
        self.collector = collector
        self.refund = refund
        self.legalBasis = legalBasis
    }
}

/// An example: given, when, then, with dates.
package struct Example: Hashable, Sendable {
    /// Something that is done at an instant; time passes up to it first, and due timers fire.
    package struct Action: Hashable, Sendable {
        /// When.
        package var at: Instant
        /// What.
        package var act: Act

        /// Joins the parts.
        package init(at: Instant, act: Act) {
            self.at = at
            self.act = act
        }
    }

    /// What can be done in an example.
    package enum Act: Hashable, Sendable {
        /// Completes the open step `path` (`receive`, or `birth/check` in a linked dossier) with an outcome.
        case complete(path: String, outcome: String)
        /// The applicant answers at the open step `path`.
        case answer(path: String)
        /// The applicant withdraws.
        case withdraw
        /// The agency of the dossier at `path` (empty: the whole) sets a new date with an apology.
        case reappoint(path: String, to: Instant)
        /// An outside system tells the dossier at `path` (empty: the whole) a message.
        case tell(path: String, message: String)
        /// Time passes.
        case wait
    }

    /// Something that must be so at the end. `path` names a linked dossier by its linking step; empty is the whole.
    package enum Expectation: Hashable, Sendable {
        case promised(path: String, Instant?)
        case firstPromised(path: String, Instant?)
        case due(path: String, step: String, Instant)
        case open(path: String, steps: [String])
        case status(path: String, NationalStatus)
        case ended(path: String, end: String)
        case late(path: String, Bool)
        /// The last act must be refused.
        case refused
    }

    /// What it shows.
    package var name: String
    /// When it was submitted.
    package var submitted: Instant
    /// How it came, as `online`; nil is online.
    package var channel: String?
    /// The form's non-personal fields that matter; personal ones are filled with samples.
    package var form: [String: FactValue]
    /// What happens, in order of time.
    package var actions: [Action]
    /// What must be so afterwards, each with its key as written.
    package var expectations: [Expectation]

    /// Joins the parts.
    package init(
        name: String, submitted: Instant, channel: String? = nil, form: [String: FactValue], actions: [Action],
        expectations: [Expectation]
    ) {
        self.name = name
        self.submitted = submitted
        self.channel = channel
        self.form = form
        self.actions = actions
        self.expectations = expectations
    }
}
