package import Dossiers
package import WorkingTime

/// All rows that a batch of commands changes: one statement a table writes them (`ProvinceTransaction.write`).
package struct WriteBatch: Sendable {
    package var newDossiers: [NewDossier] = []
    package var updates: [DossierUpdate] = []
    /// In any order; each dossier's own chain must be whole.
    package var events: [EventRow] = []
    /// Inserted, or put in the place of what was there.
    package var tasksSet: [TaskRow] = []
    package var tasksClosed: [ClosedTask] = []
    /// Timers and messages; inserted, or put in the place of what was there.
    package var agendaSet: [AgendaRow] = []
    /// Deleted, with their entry in the stuck list.
    package var agendaCleared: [ClearedAgenda] = []
    package var outgoing: [OutgoingRow] = []
    /// Agencies that got a step in a dossier of which they are neither centre nor agency; kept for good.
    package var agencies: [DossierAgencyRow] = []
    package var notices: [NoticeRow] = []
    package var answers: [AnswerRow] = []
    /// Inserted, or put in the place of what was there.
    package var sealed: [SealedRow] = []
    /// Only ever inserted: a key that replaced another would make sealed values unreadable.
    package var dataKeys: [DataKeyRow] = []

    /// Nothing to write.
    package init() {}
}

/// A dossier's first row.
package struct NewDossier: Hashable, Sendable {
    package var id: DossierID
    /// Number of its last event, 1 or more.
    package var sequence: Int64
    package var fold: Int16
    /// 0 running, 1 stopping, 2 ended.
    package var phase: Int16
    /// The national status, 1…10.
    package var status: Int16
    /// The encoded state.
    package var state: [UInt8]
    /// Hash of the last event: 32 bytes.
    package var head: [UInt8]
    package var procedure: String
    package var procedureVersion: Int
    package var centre: String
    package var agency: String
    /// 1 at the desk, 2 online, 3 by post.
    package var channel: Int16
    package var submittedAt: Instant
    /// The first of the family; `id` itself for a submitted dossier.
    package var root: DossierID
    package var parent: DossierID?
    /// Compact look-up code, twelve symbols; nil for linked dossiers.
    package var lookUp: String?
    /// The legal code, when it was issued in this very batch.
    package var code: String?
    /// Nil for linked dossiers.
    package var client: String?
    /// The client's own name for it; unique for the client.
    package var clientReference: String?

    /// Joins the parts.
    package init(
        id: DossierID, sequence: Int64, fold: Int16, phase: Int16, status: Int16, state: [UInt8], head: [UInt8],
        procedure: String, procedureVersion: Int, centre: String, agency: String, channel: Int16,
        submittedAt: Instant, root: DossierID, parent: DossierID? = nil, lookUp: String? = nil, code: String? = nil,
        client: String? = nil, clientReference: String? = nil
    ) {
        self.id = id
        self.sequence = sequence
        self.fold = fold
        self.phase = phase
        self.status = status
        self.state = state
        self.head = head
        self.procedure = procedure
        self.procedureVersion = procedureVersion
        self.centre = centre
        self.agency = agency
        self.channel = channel
        self.submittedAt = submittedAt
        self.root = root
        self.parent = parent
        self.lookUp = lookUp
        self.code = code
        self.client = client
        self.clientReference = clientReference
    }

    /// Rows without a reference first, by identity; then the others by reference.
    static func inLockOrder(_ left: NewDossier, _ right: NewDossier) -> Bool {
        guard let first = left.clientReference, let second = right.clientReference else {
            if left.clientReference == nil, right.clientReference == nil { return left.id < right.id }
            return left.clientReference == nil
        }
        return (left.client ?? "", first, left.id) < (right.client ?? "", second, right.id)
    }
}

/// A dossier's row after a batch.
package struct DossierUpdate: Hashable, Sendable {
    package var id: DossierID
    /// The sequence that was decided on; any other in the database rolls the batch back (``StoreError/stale``).
    package var expectedSequence: Int64
    package var sequence: Int64
    package var fold: Int16
    /// 0 running, 1 stopping, 2 ended.
    package var phase: Int16
    /// The national status, 1…10.
    package var status: Int16
    package var state: [UInt8]
    /// Hash of the last event: 32 bytes.
    package var head: [UInt8]
    /// The legal code, from when it is issued; nil leaves the column as it is.
    package var code: String?

    /// Joins the parts.
    package init(
        id: DossierID, expectedSequence: Int64, sequence: Int64, fold: Int16, phase: Int16, status: Int16,
        state: [UInt8], head: [UInt8], code: String? = nil
    ) {
        self.id = id
        self.expectedSequence = expectedSequence
        self.sequence = sequence
        self.fold = fold
        self.phase = phase
        self.status = status
        self.state = state
        self.head = head
        self.code = code
    }
}

/// A code that is given to a dossier.
struct IssuedCode: Sendable {
    let code: String
    let dossier: DossierID
}

/// An answer to keep with its effect.
package struct AnswerRow: Hashable, Sendable {
    package var key: AnswerKey
    package var answer: StoredAnswer
    package var createdAt: Instant

    /// Joins the parts.
    package init(key: AnswerKey, answer: StoredAnswer, createdAt: Instant) {
        self.key = key
        self.answer = answer
        self.createdAt = createdAt
    }
}

/// A notice as the public side will read it, before it has a leaf.
package struct NoticeRow: Hashable, Sendable {
    package var dossier: DossierID
    /// Dense per dossier, from 1.
    package var number: Int32
    package var root: DossierID
    /// Compact look-up code of the dossier itself; nil where it has none or said it before.
    package var lookUp: String?
    package var recordedAt: Instant
    /// The dossier's chain head at the end of the batch: 32 bytes.
    package var head: [UInt8]
    /// The exact bytes that the leaf commits to.
    package var body: [UInt8]

    /// Joins the parts.
    package init(
        dossier: DossierID, number: Int32, root: DossierID, lookUp: String?, recordedAt: Instant, head: [UInt8],
        body: [UInt8]
    ) {
        self.dossier = dossier
        self.number = number
        self.root = root
        self.lookUp = lookUp
        self.recordedAt = recordedAt
        self.head = head
        self.body = body
    }
}
