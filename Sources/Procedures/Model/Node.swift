package import Notices
package import WorkingTime

/// A step: where a dossier can stand.
package struct Node: Hashable, Sendable {
    /// Kebab-case, unique in the file. A step inside a branch carries the branch: `share/residence`; what a rewrite
    /// made carries its step and outcome: `check.supplement`.
    package var name: String
    /// What officers read.
    package var title: LocalText
    /// Who or what performs it.
    package var kind: Kind
    /// The block in which it stands.
    package var block: Block
    /// What the citizen reads while it is open; nil keeps what stood before.
    package var words: PublicWords?
    /// The step's own limit, from its opening; nil leaves it to its group and to the whole.
    package var within: TimeLimit?
    /// What the legal clock does while it is open.
    package var clock: ClockEffect
    /// How it ends. Never empty for persons, the applicant and calls.
    package var outcomes: [Outcome]
    /// What leaves it, whatever runs inside.
    package var interruptions: [Interruption]
    /// Of a person's step that waits for the citizen to come: after how long, again and again, the sentence is told anew.
    package var remind: TimeLimit?
    /// The task beside the rest by which somebody is told that it is open; nil where nobody is.
    package var tells: NodeIndex?
    /// For a wait without limit (a step of time, which its ``within`` gives to a person to review); nil for others.
    package var wait: OpenWait?
    /// The article of law.
    package var legalBasis: String?

    /// Where steps stand: the root, or a branch of a fork.
    package enum Block: Hashable, Sendable {
        /// The main sequence.
        case root
        /// Branch number `branch` of the fork at `fork`.
        case branch(fork: NodeIndex, branch: Int)
        /// The small sequence that the withdrawal opens beside the rest.
        case withdrawal
        /// A task beside the rest, by which somebody is told (`late:`, `tell:`); nothing waits for it.
        case beside
    }

    /// The performers.
    package enum Kind: Hashable, Sendable {
        /// An officer who holds `role` at an agency; `notBy` are steps whose performer may not do this one (four eyes).
        case person(role: String, at: AgencyRule, notBy: [NodeIndex])
        /// The applicant: asked for something, and given until a date.
        case applicant(Ask)
        /// An outside system, reached by its connector.
        case call(Call)
        /// Time alone: ends with its only outcome after ``Node/within``.
        case time
        /// Branches side by side.
        case fork(Fork)
        /// Another procedure, as a dossier of its own.
        case link(Link)
    }

    /// Joins the parts.
    package init(
        name: String, title: LocalText, kind: Kind, block: Block = .root, words: PublicWords? = nil,
        within: TimeLimit? = nil, clock: ClockEffect = .runs, outcomes: [Outcome] = [],
        interruptions: [Interruption] = [], wait: OpenWait? = nil, legalBasis: String? = nil
    ) {
        self.name = name
        self.title = title
        self.kind = kind
        self.block = block
        self.words = words
        self.within = within
        self.clock = clock
        self.outcomes = outcomes
        self.interruptions = interruptions
        self.wait = wait
        self.legalBasis = legalBasis
    }

    /// The position of the outcome of that name, or nil.
    package func outcome(named name: String) -> Int? {
        outcomes.firstIndex { $0.name == name }
    }
}

/// What the legal clock does while a step is open (clock.md, rules 8–11).
package enum ClockEffect: String, Hashable, Sendable, CaseIterable {
    /// The legal clock runs.
    case runs
    /// The legal clock has not started: the reception clock runs.
    case reception
    /// The reception clock is held, as while the applicant completes the papers.
    case receptionHeld = "reception-held"
    /// The legal clock is paused.
    case paused
    /// Held while it is open, and the whole counts afresh when it ends.
    case restart
    /// Held by a withdrawal.
    case held
    /// Stopped: the result is ready.
    case stopped
    /// No clock runs or will.
    case none
}

/// At which agency a step is performed. Resolved once, when the step opens, and recorded (R4).
package enum AgencyRule: Hashable, Sendable {
    /// The centre that received the dossier (of a linked dossier: its root's centre).
    case centre
    /// The dossier's own agency: the centre of a submitted dossier, what `at:` of the link said of a linked one.
    case agency
    /// The agency of `kind` that serves the area in the form field or fact `field`.
    case kind(String, of: String)
}

/// How a step can end.
package struct Outcome: Hashable, Sendable {
    /// Kebab-case, unique in the step.
    package var name: String
    /// What the officer's button says.
    package var title: LocalText
    /// Where it leads.
    package var target: Target
    /// Offered only when this holds; nil is always.
    package var when: Condition?
    /// What the performer must say.
    package var needs: [Need]
    /// Facts that it sets, by name.
    package var sets: [String: FactValue]
    /// Whether the dossier is accepted by it: it gets its legal code and the legal clock starts.
    package var accepts: Bool
    /// How often it may be chosen in one dossier, nil for any number.
    package var atMost: Int?
    /// Who may choose it: false for what only the applicant (or time) can bring about.
    package var byPerformer: Bool
    /// Whether the applicant may choose it although an officer holds the step (an answer before the refusal is signed).
    package var byApplicant: Bool
    /// A line of the public history; nil where the next step's words say enough.
    package var words: PublicWords?
    /// The results that are released at once, by component name.
    package var gives: [Gift]
    /// The article of law.
    package var legalBasis: String?

    /// Where an outcome leads.
    package enum Target: Hashable, Sendable {
        /// To a step of the same block.
        case node(NodeIndex)
        /// Ends the branch with this result.
        case branch(result: String)
        /// Ends the dossier.
        case end(EndIndex)
        /// The same step again, at another agency of the same kind that the performer names (`re-route`).
        case reroute
        /// Leaves the withdrawal's sequence: the work goes on (`resume`), or everything is stopped (`stop`).
        case resume
        /// Everything that still runs is stopped, then the dossier ends withdrawn or partial.
        case stop
        /// Ends a task beside the rest: nothing follows.
        case done
    }

    /// Joins the parts.
    package init(
        name: String, title: LocalText, target: Target, when: Condition? = nil, needs: [Need] = [],
        sets: [String: FactValue] = [:], accepts: Bool = false, atMost: Int? = nil, byPerformer: Bool = true,
        byApplicant: Bool = false, words: PublicWords? = nil, gives: [Gift] = [], legalBasis: String? = nil
    ) {
        self.name = name
        self.title = title
        self.target = target
        self.when = when
        self.needs = needs
        self.sets = sets
        self.accepts = accepts
        self.atMost = atMost
        self.byPerformer = byPerformer
        self.byApplicant = byApplicant
        self.words = words
        self.gives = gives
        self.legalBasis = legalBasis
    }
}

/// Something the performer must say when choosing an outcome.
package struct Need: Hashable, Sendable {
    /// The types of what is said.
    package enum Kind: Hashable, Sendable {
        /// A code of the catalogue of reasons; a free note may go with it, and is sealed.
        case reason
        /// One or more of the procedure's documents: what is missing.
        case documents
        /// A date.
        case date
        /// An instant of office time (a new promised date).
        case instant
        /// Yes or no.
        case yesNo
        /// Text that is sealed: numbers of papers, names, places. Never in events.
        case sealed
    }

    /// Kebab-case, unique in the outcome.
    package var name: String
    /// What the officer reads.
    package var title: LocalText
    /// What is said.
    package var kind: Kind
    /// Whether it must be said.
    package var required: Bool

    /// Joins the parts.
    package init(name: String, title: LocalText, kind: Kind, required: Bool = true) {
        self.name = name
        self.title = title
        self.kind = kind
        self.required = required
    }
}

/// A result that an outcome hands over at once.
package struct Gift: Hashable, Sendable {
    /// The component, as `birth-certificate`.
    package var component: String
    /// What the citizen reads.
    package var title: LocalText

    /// Joins the parts.
    package init(component: String, title: LocalText) {
        self.component = component
        self.title = title
    }
}

/// What the applicant is asked for.
package struct Ask: Hashable, Sendable {
    /// Who answers: `applicant`, or a person the form names (`householder`); always through the desk or the portal.
    package var who: String
    /// Time to answer; the day of the notice is not counted, and it runs to 24:00 (clock.md, rule 18).
    package var within: TimeLimit
    /// Outcome 0 of the waiting step is `answered`; outcome 1 is `silent`, which time chooses.
    package var silence: NodeIndex

    /// Joins the parts.
    package init(who: String, within: TimeLimit, silence: NodeIndex) {
        self.who = who
        self.within = within
        self.silence = silence
    }
}

/// A call of an outside system. Its adapter leases the call through the API and answers with an outcome.
package struct Call: Hashable, Sendable {
    /// The connector, as `civil-registry`.
    package var connector: String
    /// What is asked of it, as `register`.
    package var operation: String
    /// After how much office time an officer takes over.
    package var downAfter: TimeLimit
    /// The officer's step.
    package var downTo: NodeIndex
    /// Tries before the officer takes over.
    package var attempts: Int

    /// Joins the parts.
    package init(connector: String, operation: String, downAfter: TimeLimit, downTo: NodeIndex, attempts: Int = 10) {
        self.connector = connector
        self.operation = operation
        self.downAfter = downAfter
        self.downTo = downTo
        self.attempts = attempts
    }
}

/// Branches side by side, and how they join.
package struct Fork: Hashable, Sendable {
    /// A branch.
    package struct Branch: Hashable, Sendable {
        /// Kebab-case, unique in the fork.
        package var name: String
        /// What the citizen reads as the part's name.
        package var title: LocalText
        /// Where it starts.
        package var start: NodeIndex
        /// Opened only when this holds; nil is always.
        package var when: Condition?
        /// The results its steps can end it with.
        package var results: [String]

        /// Joins the parts.
        package init(name: String, title: LocalText, start: NodeIndex, when: Condition? = nil, results: [String]) {
            self.name = name
            self.title = title
            self.start = start
            self.when = when
            self.results = results
        }
    }

    /// When the branches have joined.
    package enum Join: Hashable, Sendable {
        /// All that were opened have ended.
        case all
        /// One has ended with a result of `issued` (or all have ended); the rest is cancelled.
        case any
        /// So many have ended with `issued` (or all have ended); the rest is cancelled.
        case count(Int)
    }

    /// How the joined result is found: rows are tried in order.
    package struct ResultRow: Hashable, Sendable {
        /// The tests.
        package enum Test: Hashable, Sendable {
            /// Every opened branch ended with this result.
            case all(String)
            /// At least one did.
            case any(String)
            /// None did.
            case none(String)
            /// Always.
            case otherwise
        }

        /// The outcome of the fork step that this row chooses.
        package var outcome: String
        /// When it is chosen.
        package var test: Test

        /// Joins the parts.
        package init(outcome: String, test: Test) {
            self.outcome = outcome
            self.test = test
        }
    }

    /// The branches, in file order.
    package var branches: [Branch]
    /// When they have joined.
    package var join: Join
    /// How the result is found; the last row is `otherwise`.
    package var results: [ResultRow]

    /// Joins the parts.
    package init(branches: [Branch], join: Join, results: [ResultRow]) {
        self.branches = branches
        self.join = join
        self.results = results
    }
}

/// Another procedure, run as a dossier of its own.
///
/// The step's outcomes are named after the child's ends; an end without an outcome of its name takes the outcome
/// `otherwise`, where there is one.
package struct Link: Hashable, Sendable {
    /// The linked procedure's name.
    package var procedure: String
    /// The competent agency; its province keeps the child.
    package var at: AgencyRule
    /// The child's legal limits in place of its own; conditions read the child's facts.
    package var limits: [Deadline.Limit]
    /// From where the child's limit counts.
    package var countsFrom: CountsFrom
    /// What a lawful wait of the child does to the parent's clock (clock.md, rules 9 and 14; R18).
    package var waits: ParentEffect
    /// Facts of the child that are copied to facts of the same name here.
    package var copies: [String]

    /// From where a child's limit counts.
    package enum CountsFrom: String, Hashable, Sendable, CaseIterable {
        /// From the transfer: the day of the transfer is the effective day, without a second cut-off (rule 13).
        case transfer
        /// From the parent's acceptance and its effective day: the "same working day" of the reception.
        case acceptance
    }

    /// What a child's lawful wait does to the parent.
    package enum ParentEffect: String, Hashable, Sendable, CaseIterable {
        /// The parent's clock restarts when the child's does.
        case restart
        /// The parent's promise moves to the child's new promise if that is later.
        case extend
        /// Nothing.
        case own
    }

    /// Joins the parts.
    package init(
        procedure: String, at: AgencyRule, limits: [Deadline.Limit], countsFrom: CountsFrom = .transfer,
        waits: ParentEffect = .extend, copies: [String] = []
    ) {
        self.procedure = procedure
        self.at = at
        self.limits = limits
        self.countsFrom = countsFrom
        self.waits = waits
        self.copies = copies
    }
}
