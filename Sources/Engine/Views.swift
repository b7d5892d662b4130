package import Dossiers
package import Notices
package import Procedures
package import Store
package import WorkingTime

/// A client of the API: the system of one agency, an administrator's tool, or the adapter of an outside system.
package struct ClientRecord: Hashable, Sendable {
    /// Chosen by the administrator, as `dn-hai-chau-desk`.
    package var id: String
    /// ``DossierEngine/fingerprint(_:)`` of `client-secret:` and the secret: 32 bytes.
    package var secretHash: [UInt8]
    /// The province in whose dossiers it acts.
    package var province: Int16
    /// The agency for which it acts; nil for adapters and administrators.
    package var agency: String?
    /// The roles in which its officers may act.
    package var roles: [String]
    /// What it may do: `submit`, `read`, `personal`, `work`, `connect`, `audit`, `admin`.
    package var scopes: [String]
    /// The outside system whose adapter it is.
    package var connector: String?
    /// Whether it was shut out.
    package var isDisabled: Bool

    /// Joins the parts.
    package init(
        id: String, secretHash: [UInt8], province: Int16, agency: String?, roles: [String], scopes: [String],
        connector: String? = nil, isDisabled: Bool = false
    ) {
        self.id = id
        self.secretHash = secretHash
        self.province = province
        self.agency = agency
        self.roles = roles
        self.scopes = scopes
        self.connector = connector
        self.isDisabled = isDisabled
    }
}

/// Which dossiers a page lists, newest first (by identity, descending).
package struct DossierFilter: Hashable, Sendable {
    /// The tenant.
    package var province: Int16
    /// Dossiers whose centre or own agency is this one, and those in which it has or had a step.
    package var agency: String
    /// True: only dossiers that this agency received as centre.
    package var isCentre: Bool
    /// Only of this procedure; nil is all.
    package var procedure: String?
    /// Only with this status; nil is all.
    package var status: NationalStatus?
    /// `running`, `stopping`, `ended`; nil is all.
    package var phase: String?
    /// Where the page lies.
    package var place: PagePlace<DossierID>
    /// 1…200.
    package var limit: Int

    /// Joins the parts.
    package init(
        province: Int16, agency: String, isCentre: Bool = false, procedure: String? = nil,
        status: NationalStatus? = nil, phase: String? = nil, place: PagePlace<DossierID> = .first, limit: Int
    ) {
        self.province = province
        self.agency = agency
        self.isCentre = isCentre
        self.procedure = procedure
        self.status = status
        self.phase = phase
        self.place = place
        self.limit = limit
    }
}

/// A page of dossiers.
package struct DossierPage: Sendable {
    /// Newest first.
    package var dossiers: [DossierView]
    /// Where the pages beside it lie; nil where there is none.
    package var previous: PagePlace<DossierID>?
    package var next: PagePlace<DossierID>?
}

/// Dossiers that changed, by the numbers of the sequencer.
package struct ChangedPage: Sendable {
    /// Each once, whatever the number of its changes.
    package var dossiers: [DossierView]
    /// The number up to which the caller has now seen everything.
    package var upTo: Int64
    /// Whether there is more after it already.
    package var hasMore: Bool
}

/// Which tasks a worklist shows, by due instant, then dossier and activation; those without due last.
package struct WorklistFilter: Hashable, Sendable {
    /// The tenant.
    package var province: Int16
    /// The agency at which the tasks are.
    package var agency: String
    /// Empty is every role.
    package var roles: [String]
    /// Nil is every kind.
    package var kind: OpenTask.Kind?
    /// Nil is every step.
    package var step: String?
    /// Nil is every procedure.
    package var procedure: String?
    /// Held by this officer; nil is whoever holds it.
    package var heldBy: String?
    /// Only tasks that nobody holds.
    package var isUnclaimed: Bool
    /// Where the page lies.
    package var place: PagePlace<WorklistPosition>
    /// 1…200.
    package var limit: Int

    /// Joins the parts.
    package init(
        province: Int16, agency: String, roles: [String] = [], kind: OpenTask.Kind? = nil, step: String? = nil,
        procedure: String? = nil, heldBy: String? = nil, isUnclaimed: Bool = false,
        place: PagePlace<WorklistPosition> = .first, limit: Int
    ) {
        self.province = province
        self.agency = agency
        self.roles = roles
        self.kind = kind
        self.step = step
        self.procedure = procedure
        self.heldBy = heldBy
        self.isUnclaimed = isUnclaimed
        self.place = place
        self.limit = limit
    }
}

/// A page of tasks.
package struct WorklistPage: Sendable {
    /// Most urgent first.
    package var tasks: [TaskView]
    /// Where the pages beside it lie; nil where there is none.
    package var previous: PagePlace<WorklistPosition>?
    package var next: PagePlace<WorklistPosition>?
}

/// An open task with its dossier, as worklists show it.
package struct TaskView: Sendable {
    /// The dossier.
    package var dossier: DossierRef
    /// The task.
    package var task: OpenTask
    /// The dossier's version: the step's words and outcomes.
    package var procedure: Procedure
    /// The dossier's legal code, once issued.
    package var code: String?
    /// The dossier's centre, by code.
    package var centre: String
    /// The dossier's own agency, by code.
    package var ownAgency: String
}

/// A document that is handed in.
package struct NewDocument: Sendable {
    /// The rule of the procedure, as `birth-proof`.
    package var name: String
    /// The kind chosen of the rule's `one-of`; nil for the paper itself.
    package var kind: String?
    /// The media type, as found in the content.
    package var contentType: String
    /// The bytes.
    package var content: [UInt8]

    /// Joins the parts.
    package init(name: String, kind: String?, contentType: String, content: [UInt8]) {
        self.name = name
        self.kind = kind
        self.contentType = contentType
        self.content = content
    }
}

/// A document as lists show it.
package struct DocumentView: Hashable, Sendable {
    /// Unguessable, unique in the dossier.
    package var id: String
    /// The rule of the procedure.
    package var name: String
    /// The kind chosen.
    package var kind: String?
    /// The media type.
    package var contentType: String
    /// Size of the content.
    package var byteCount: Int
    /// When it was handed in.
    package var received: Instant
}

/// What the verifier says of a file.
package struct FileReport: Sendable {
    /// All findings, in the order of the file.
    package var findings: [Finding]
    /// The version as compiled; nil when there are errors.
    package var procedure: Procedure?
}

/// How the loading of a procedure file came out.
package enum LoadResult: Sendable {
    /// In use from now on; with what was only warned of.
    case loaded(Procedure, [Finding])
    /// The same bytes were loaded before.
    case unchanged(Procedure)
    /// There are errors; nothing was loaded.
    case refused([Finding])
    /// The version exists with other content: a published version never changes.
    case duplicate(Procedure)
}
