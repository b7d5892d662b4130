package import Dossiers
package import WorkingTime

/// An open task as a row.
package struct TaskRow: Hashable, Sendable {
    package var dossier: DossierID
    package var procedure: String
    package var task: OpenTask

    /// Joins the parts.
    package init(dossier: DossierID, procedure: String, task: OpenTask) {
        self.dossier = dossier
        self.procedure = procedure
        self.task = task
    }

    var key: ClosedTask { ClosedTask(dossier: dossier, activation: task.activation) }
}

/// An agency that has or had a step in a dossier of which it is neither centre nor agency.
package struct DossierAgencyRow: Hashable, Comparable, Sendable {
    /// The agency, by code.
    package var agency: String
    package var dossier: DossierID

    /// Joins both.
    package init(agency: String, dossier: DossierID) {
        self.agency = agency
        self.dossier = dossier
    }

    /// The order of the rows' keys.
    package static func < (left: DossierAgencyRow, right: DossierAgencyRow) -> Bool {
        (left.agency, left.dossier) < (right.agency, right.dossier)
    }
}

/// A task that is open no more.
package struct ClosedTask: Hashable, Comparable, Sendable {
    package var dossier: DossierID
    package var activation: Int

    /// Joins both.
    package init(dossier: DossierID, activation: Int) {
        self.dossier = dossier
        self.activation = activation
    }

    /// The order of the rows' keys.
    package static func < (left: ClosedTask, right: ClosedTask) -> Bool {
        (left.dossier, left.activation) < (right.dossier, right.activation)
    }
}

/// A timer or message that comes to a dossier of the same province.
package struct AgendaRow: Hashable, Sendable {
    package var dossier: DossierID
    /// `late/0`, `m/<sender>/<number>`: unique for the dossier, 1…255 bytes.
    package var key: String
    package var dueAt: Instant
    /// The encoded message; nil for timers.
    package var payload: [UInt8]?

    /// Joins the parts.
    package init(dossier: DossierID, key: String, dueAt: Instant, payload: [UInt8]? = nil) {
        self.dossier = dossier
        self.key = key
        self.dueAt = dueAt
        self.payload = payload
    }

    var agendaKey: ClearedAgenda { ClearedAgenda(dossier: dossier, key: key) }
}

/// An agenda row that was consumed or disarmed.
package struct ClearedAgenda: Hashable, Comparable, Sendable {
    package var dossier: DossierID
    package var key: String

    /// Joins both.
    package init(dossier: DossierID, key: String) {
        self.dossier = dossier
        self.key = key
    }

    /// The order of the rows' keys.
    package static func < (left: ClearedAgenda, right: ClearedAgenda) -> Bool {
        (left.dossier, left.key) < (right.dossier, right.key)
    }
}

/// A message to a dossier of another province, until the relay has brought it there.
package struct OutgoingRow: Hashable, Sendable {
    package var targetProvince: Int16
    /// The dossier that is meant.
    package var dossier: DossierID
    /// Its agenda key there.
    package var key: String
    package var dueAt: Instant
    package var payload: [UInt8]

    /// Joins the parts.
    package init(targetProvince: Int16, dossier: DossierID, key: String, dueAt: Instant, payload: [UInt8]) {
        self.targetProvince = targetProvince
        self.dossier = dossier
        self.key = key
        self.dueAt = dueAt
        self.payload = payload
    }
}

/// A message that waits for the relay.
package struct WaitingMessage: Hashable, Sendable {
    /// Grows with time within a province.
    package var id: Int64
    package var message: OutgoingRow
}

/// A task in a worklist, with what identifies its dossier to people.
package struct WorklistItem: Hashable, Sendable {
    package var row: TaskRow
    package var procedureVersion: Int
    package var centre: String
    package var submittedAt: Instant
    /// The legal code; nil before acceptance.
    package var code: String?

    /// Where the next page begins.
    package var position: WorklistPosition {
        WorklistPosition(due: row.task.due, dossier: row.dossier, activation: row.task.activation)
    }
}

/// The place of a task in its worklist: by due, then dossier, then activation; tasks without a limit come last.
package struct WorklistPosition: Hashable, Sendable {
    package var due: Instant?
    package var dossier: DossierID
    package var activation: Int

    /// Joins the parts.
    package init(due: Instant?, dossier: DossierID, activation: Int) {
        self.due = due
        self.dossier = dossier
        self.activation = activation
    }
}

/// Whose tasks a worklist shows.
package enum WorklistOfficer: Hashable, Sendable {
    /// Everybody's and nobody's.
    case any
    /// Those that nobody holds.
    case nobody
    /// Those that one officer holds.
    case only(String)
    /// Those that one officer holds, and those that nobody holds.
    case onlyOrNobody(String)
}

/// Which tasks a worklist shows.
package struct WorklistFilter: Hashable, Sendable {
    /// The agency, by code.
    package var agency: String
    /// The roles, at least one; each adds its own tasks.
    package var roles: [String]
    package var officer: WorklistOfficer
    /// Nil: of every kind.
    package var kind: OpenTask.Kind?
    /// Nil: of every step.
    package var step: String?
    /// Nil: of every procedure.
    package var procedure: String?

    /// Joins the parts.
    package init(
        agency: String, roles: [String], officer: WorklistOfficer = .any, kind: OpenTask.Kind? = .person,
        step: String? = nil, procedure: String? = nil
    ) {
        self.agency = agency
        self.roles = roles
        self.officer = officer
        self.kind = kind
        self.step = step
        self.procedure = procedure
    }
}

/// A machine's command that failed, for a person to look at.
package struct StuckRow: Hashable, Sendable {
    package var dossier: DossierID
    package var key: String
    /// How often it failed; from ``DossierStore/triesBeforeStuck`` on the agenda passes over it.
    package var tries: Int
    /// One line, without values of people.
    package var error: String
    package var firstAt: Instant
    package var lastAt: Instant
    /// Until then the agenda passes over it in any case.
    package var retryAt: Instant
}
