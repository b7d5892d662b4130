package import WorkingTime

/// What leaves a step, or the whole, whatever is running inside (`on:`). It leads to a person's step: time or a machine
/// ends nothing by itself.
///
/// What runs inside is stopped in two phases, as by a withdrawal: no new work opens, live linked dossiers are told to
/// stop, and the way goes on once each has answered, or a working day later (engine rule R16).
package struct Interruption: Hashable, Sendable {
    /// What brings it about.
    package enum Trigger: Hashable, Sendable {
        /// Of a step: this long after its opening, the clock's pauses left out. Of the whole (nil): the promised date.
        case deadline(within: TimeLimit?)
        /// A message of an outside system, told by its connector.
        case message(from: String)
    }

    /// What brings it about.
    package var trigger: Trigger
    /// Where it leads, what must be said with it and which facts it sets. Its name is `on.deadline`, or `on.` and the
    /// message's name, so that it is never an outcome of the step.
    package var outcome: Outcome

    /// Joins the parts.
    package init(trigger: Trigger, outcome: Outcome) {
        self.trigger = trigger
        self.outcome = outcome
    }

    /// The step to which it leads; nil only in a procedure that was not compiled.
    package var target: NodeIndex? {
        if case .node(let index) = outcome.target { index } else { nil }
    }

    /// The name of the outcome of a passed deadline.
    package static let deadlineName = "on.deadline"

    /// The name of a message's outcome.
    package static func name(of message: String) -> String { "on." + message }
}

/// A wait that the law leaves open, as for a tax to be paid (V08): it says so with its basis, reminds, and a person
/// reviews it from time to time.
package struct OpenWait: Hashable, Sendable {
    /// Who is waited for.
    package enum Holder: String, Hashable, Sendable, CaseIterable {
        /// The applicant: the page says what to do, and the dossier that linked this one hears that it waits.
        case applicant
        /// Somebody outside.
        case outside
    }

    /// The article by which the wait has no limit.
    package var basis: String
    /// After how long, again and again, the sentence is told anew.
    package var remind: TimeLimit
    /// Who is waited for.
    package var holder: Holder

    /// Joins the parts.
    package init(basis: String, remind: TimeLimit, holder: Holder) {
        self.basis = basis
        self.remind = remind
        self.holder = holder
    }
}

extension Node {
    /// Every way out: its outcomes, and what interrupts it.
    package var ways: [Outcome] { outcomes + interruptions.map(\.outcome) }
}

extension Procedure {
    /// Every interruption by that message: of the steps in file order, then of the whole.
    package func interruptions(byMessage name: String) -> [Interruption] {
        (nodes.flatMap(\.interruptions) + interruptions).filter { interruption in
            guard case .message = interruption.trigger else { return false }
            return interruption.outcome.name == Interruption.name(of: name)
        }
    }
}
