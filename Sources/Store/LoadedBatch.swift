package import Dossiers
package import WorkingTime

/// What one round trip found for a batch of commands.
package struct LoadedBatch: Sendable {
    /// The time of the batch: the database's clock unless another was given.
    package let recorded: Instant
    /// The dossiers that this transaction has locked.
    package internal(set) var dossiers: [DossierID: StoredDossier] = [:]
    /// Dossiers that are there, but locked by another transaction: their commands wait for a later batch.
    package internal(set) var held: Set<DossierID> = []
    /// Answers stored before, by their keys.
    package internal(set) var answers: [AnswerKey: StoredAnswer] = [:]
    /// Which dossier has a client's reference already.
    package internal(set) var references: [ClientReference: DossierID] = [:]

    init(recorded: Instant) { self.recorded = recorded }
}

/// A dossier as lists show it: constants, and how it stands as a whole.
package struct DossierSummary: Hashable, Sendable {
    package var id: DossierID
    /// Number of the last event; the dossier's ETag.
    package var sequence: Int64
    package var phase: DossierPhase
    /// The national status, 1…10.
    package var status: Int16
    package var procedure: String
    package var procedureVersion: Int
    /// The receiving centre, and the agency that answers for the dossier, by code.
    package var centre: String
    package var agency: String
    /// 1 at the desk, 2 online, 3 by post.
    package var channel: Int16
    package var submittedAt: Instant
    /// The first of the family; the dossier itself when it was submitted.
    package var root: DossierID
    /// Who linked it; nil when it was submitted.
    package var parent: DossierID?
    /// The look-up code, compact; nil for linked dossiers.
    package var lookUp: String?
    /// The legal code; nil before acceptance.
    package var code: String?
    /// Through which client it came, and that client's own reference; nil for linked dossiers.
    package var client: String?
    package var clientReference: String?
}

/// How a dossier stands, as its row says it.
package enum DossierPhase: Int16, Hashable, Sendable, CaseIterable {
    case running = 0
    case stopping = 1
    case ended = 2
}

/// A dossier's whole row.
package struct StoredDossier: Hashable, Sendable {
    package var summary: DossierSummary
    /// Number of the fold that wrote `state`.
    package var fold: Int16
    /// SHA-256 of the last event: 32 bytes.
    package var head: [UInt8]
    /// The encoded state.
    package var state: [UInt8]

    /// From the summary: its identity.
    package var id: DossierID { summary.id }
    /// From the summary: number of the last event.
    package var sequence: Int64 { summary.sequence }
    /// From the summary: running, stopping or ended.
    package var phase: DossierPhase { summary.phase }
    /// From the summary: the national status, 1…10.
    package var status: Int16 { summary.status }
    /// From the summary: the citizen's code; nil for linked dossiers.
    package var lookUp: String? { summary.lookUp }
    /// From the summary: the legal code, once issued.
    package var code: String? { summary.code }
    /// From the summary: the first of the family.
    package var root: DossierID { summary.root }
    /// From the summary: who linked it; nil for one that was submitted.
    package var parent: DossierID? { summary.parent }
}

/// The name of one request of one client: the same key again has one effect (R13).
package struct AnswerKey: Hashable, Comparable, Sendable {
    package var client: String
    /// What kind of request; a client may use a key once for each.
    package var operation: String
    /// The `Idempotency-Key`, 1…255 bytes.
    package var key: String

    /// Joins the parts.
    package init(client: String, operation: String, key: String) {
        self.client = client
        self.operation = operation
        self.key = key
    }

    /// The order in which keys are inserted, the same in every transaction.
    package static func < (left: AnswerKey, right: AnswerKey) -> Bool {
        (left.client, left.operation, left.key) < (right.client, right.operation, right.key)
    }
}

/// An answer as it was, or will be, sent: byte for byte.
package struct StoredAnswer: Hashable, Sendable {
    /// Keyed hash of the request.
    package var fingerprint: [UInt8]
    /// The HTTP status, 200…599.
    package var status: Int
    package var contentType: String
    /// Holds ids, codes, dates and states; nothing personal (R2).
    package var body: [UInt8]
    /// Number of the dossier's last event in it, told as its tag; nil where no dossier is answered.
    package var sequence: Int64?
    /// Where what was made can be read; nil where nothing was made.
    package var location: String?

    /// The answer to a command that nobody waits for; it is never stored.
    package static let none = StoredAnswer(fingerprint: [], status: 204, contentType: "", body: [])

    /// Joins the parts.
    package init(
        fingerprint: [UInt8], status: Int, contentType: String, body: [UInt8], sequence: Int64? = nil,
        location: String? = nil
    ) {
        self.fingerprint = fingerprint
        self.status = status
        self.contentType = contentType
        self.body = body
        self.sequence = sequence
        self.location = location
    }
}

/// A client's own name for a dossier that it submitted; unique for the client.
package struct ClientReference: Hashable, Sendable {
    package var client: String
    package var reference: String

    /// Joins both.
    package init(client: String, reference: String) {
        self.client = client
        self.reference = reference
    }
}

/// How many numbers a counter must give.
package struct CounterRequest: Hashable, Sendable {
    /// The agency, by code.
    package var agency: String
    /// The day of acceptance in Viet Nam.
    package var day: CivilDate
    /// 0 takes none.
    package var count: Int

    /// Joins the parts.
    package init(agency: String, day: CivilDate, count: Int) {
        self.agency = agency
        self.day = day
        self.count = count
    }
}
