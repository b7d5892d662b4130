package import Procedures
package import WorkingTime

/// The rows that a state keeps open: a pure function of it (R8). The shell writes only the difference.
package struct OpenWork: Hashable, Sendable {
    /// Tasks of persons, waits for the applicant, and calls of outside systems.
    package var tasks: [OpenTask]
    /// Timers of the agenda, at most one a key.
    package var timers: [OpenTimer]

    /// Joins both.
    package init(tasks: [OpenTask] = [], timers: [OpenTimer] = []) {
        self.tasks = tasks
        self.timers = timers
    }
}

/// An open task as worklists show it.
package struct OpenTask: Hashable, Sendable {
    /// Who must act.
    package enum Kind: Int16, Hashable, Sendable, CaseIterable {
        case person = 1
        /// Waiting for the applicant; `agency` is the desk through which the answer comes.
        case applicant = 2
        /// A call: `role` is the connector.
        case call = 3
    }

    /// The activation of the step: the task's number in its dossier (R8).
    package var activation: Int
    /// Who must act.
    package var kind: Kind
    /// The step's name.
    package var step: String
    /// At which agency (of a call: the dossier's own).
    package var agency: String
    /// The role that may do it, or the connector.
    package var role: String
    package var officer: String?
    /// The task's tag: changes with each claim (R15).
    package var claims: Int
    package var opened: Instant
    package var due: Instant?
    /// A call may be leased from then on.
    package var notBefore: Instant?

    /// Joins the parts.
    package init(
        activation: Int, kind: Kind, step: String, agency: String, role: String, officer: String? = nil,
        claims: Int = 0, opened: Instant, due: Instant? = nil, notBefore: Instant? = nil
    ) {
        self.activation = activation
        self.kind = kind
        self.step = step
        self.agency = agency
        self.role = role
        self.officer = officer
        self.claims = claims
        self.opened = opened
        self.due = due
        self.notBefore = notBefore
    }
}

/// An armed timer.
package struct OpenTimer: Hashable, Sendable {
    package var key: TimerKey
    /// When it fires, at the earliest.
    package var due: Instant

    /// Joins both.
    package init(key: TimerKey, due: Instant) {
        self.key = key
        self.due = due
    }
}

/// Something that can be done with a dossier now, by whom: what the API lists and a refusal suggests.
package struct AllowedAction: Hashable, Sendable {
    package var activation: Int
    /// `complete`, `claim`, `release`, `answer`, `withdraw`, `reappoint`.
    package var action: String
    package var step: String
    package var outcome: String?
    package var agency: String?
    package var role: String?
    package var needs: [Need]

    /// Joins the parts.
    package init(
        activation: Int, action: String, step: String, outcome: String? = nil, agency: String? = nil,
        role: String? = nil, needs: [Need] = []
    ) {
        self.activation = activation
        self.action = action
        self.step = step
        self.outcome = outcome
        self.agency = agency
        self.role = role
        self.needs = needs
    }
}
