package import WorkingTime

/// A published version of a procedure; never changes.
package struct ProcedureVersionRow: Hashable, Sendable {
    package var name: String
    /// From 1.
    package var version: Int
    package var contentHash: String
    /// The code in the national list; nil for procedures that are only linked.
    package var code: String?
    package var effectiveFrom: CivilDate
    /// The last day in force; nil while no end is known.
    package var effectiveUntil: CivilDate?
    /// The file, byte for byte.
    package var source: [UInt8]
    package var loadedAt: Instant
    package var loadedBy: String

    /// Joins the parts.
    package init(
        name: String, version: Int, contentHash: String, code: String?, effectiveFrom: CivilDate,
        effectiveUntil: CivilDate?, source: [UInt8], loadedAt: Instant, loadedBy: String
    ) {
        self.name = name
        self.version = version
        self.contentHash = contentHash
        self.code = code
        self.effectiveFrom = effectiveFrom
        self.effectiveUntil = effectiveUntil
        self.source = source
        self.loadedAt = loadedAt
        self.loadedBy = loadedBy
    }
}

/// A calendar or a directory of agencies as it was loaded.
package struct WorkflowFileRow: Hashable, Sendable {
    /// What kind of file.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case calendar
        case agencies
    }

    /// Calendar or agencies.
    package var kind: Kind
    /// The file's name in its folder.
    package var name: String
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    package var contentHash: String
    /// The file, byte for byte.
    package var source: [UInt8]
    /// Whether it is the one in use; older ones stay, since events name them.
    package var isCurrent: Bool
    package var loadedAt: Instant
    package var loadedBy: String

    /// Joins the parts.
    package init(
        kind: Kind, name: String, contentHash: String, source: [UInt8], isCurrent: Bool = true, loadedAt: Instant,
        loadedBy: String
    ) {
        self.kind = kind
        self.name = name
        self.contentHash = contentHash
        self.source = source
        self.isCurrent = isCurrent
        self.loadedAt = loadedAt
        self.loadedBy = loadedBy
    }
}

/// A program that may call the API.
package struct ClientRow: Hashable, Sendable {
    /// 1…255 bytes.
    package var id: String
    package var province: Int16
    /// The agency it speaks for, by code; nil for adapters and administrators.
    package var agency: String?
    /// What administrators read; may be empty.
    package var name: String
    package var roles: [String]
    package var scopes: [String]
    /// The outside system whose calls it takes; nil for clients of people.
    package var connector: String?
    /// Keyed or slow hash of its secret, 16…128 bytes.
    package var secretHash: [UInt8]
    package var createdAt: Instant
    /// Nil while it may call.
    package var disabledAt: Instant?

    /// Joins the parts.
    package init(
        id: String, province: Int16, agency: String?, name: String = "", roles: [String], scopes: [String],
        connector: String? = nil, secretHash: [UInt8], createdAt: Instant, disabledAt: Instant? = nil
    ) {
        self.id = id
        self.province = province
        self.agency = agency
        self.name = name
        self.roles = roles
        self.scopes = scopes
        self.connector = connector
        self.secretHash = secretHash
        self.createdAt = createdAt
        self.disabledAt = disabledAt
    }
}
