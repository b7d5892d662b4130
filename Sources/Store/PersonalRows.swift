package import Dossiers
package import WorkingTime

/// A sealed section of a dossier.
package struct SealedRow: Hashable, Sendable {
    package var dossier: DossierID
    /// 1…255 bytes; unique for the dossier.
    package var section: String
    package var ciphertext: [UInt8]
    package var createdAt: Instant

    /// Joins the parts.
    package init(dossier: DossierID, section: String, ciphertext: [UInt8], createdAt: Instant) {
        self.dossier = dossier
        self.section = section
        self.ciphertext = ciphertext
        self.createdAt = createdAt
    }

    var key: ClearedAgenda { ClearedAgenda(dossier: dossier, key: section) }
}

/// The wrapped key of a dossier's sealed values.
package struct DataKeyRow: Hashable, Sendable {
    package var dossier: DossierID
    package var wrapped: [UInt8]

    /// Joins both.
    package init(dossier: DossierID, wrapped: [UInt8]) {
        self.dossier = dossier
        self.wrapped = wrapped
    }
}

/// What is needed to open a dossier's sealed values.
package struct SealedDossier: Hashable, Sendable {
    /// Nil: there never was one, or the values were erased.
    package var wrappedKey: [UInt8]?
    /// By section name.
    package var sections: [SealedRow]
}

/// One request that read personal values.
package struct AccessRow: Hashable, Sendable {
    package var at: Instant
    package var client: String
    /// Nil for a client without officers.
    package var officer: String?
    /// At least one.
    package var dossiers: [DossierID]
    package var sections: [String]
    package var purpose: String

    /// Joins the parts.
    package init(
        at: Instant, client: String, officer: String?, dossiers: [DossierID], sections: [String], purpose: String
    ) {
        self.at = at
        self.client = client
        self.officer = officer
        self.dossiers = dossiers
        self.sections = sections
        self.purpose = purpose
    }
}

/// A row of the register of accesses.
package struct RecordedAccess: Hashable, Sendable {
    /// Grows with time within a province.
    package var id: Int64
    package var row: AccessRow
}

/// Which keys a database was sealed under.
package struct InstallationRow: Hashable, Sendable {
    /// The key file's identity, which never changes.
    package var keyIdentity: String
    /// The version of the key file under which data keys are wrapped.
    package var keyVersion: Int
    /// No data key is wrapped under an older version than this any more.
    package var rewrappedVersion: Int
}

/// A paper of a dossier, without its content.
package struct DocumentRow: Hashable, Sendable {
    package var dossier: DossierID
    /// Counts from 1 in the dossier; what is given when it is added is not read.
    package var number: Int
    /// The name of the rule that asks for it.
    package var name: String
    /// The kind that was chosen among those that the rule allows.
    package var kind: String
    package var mediaType: String
    /// Bytes of the plaintext.
    package var size: Int
    /// Keyed hash of the plaintext, 16…64 bytes.
    package var address: [UInt8]
    package var createdAt: Instant
    package var createdBy: String

    /// Joins the parts.
    package init(
        dossier: DossierID, number: Int = 0, name: String, kind: String, mediaType: String, size: Int,
        address: [UInt8], createdAt: Instant, createdBy: String
    ) {
        self.dossier = dossier
        self.number = number
        self.name = name
        self.kind = kind
        self.mediaType = mediaType
        self.size = size
        self.address = address
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}
