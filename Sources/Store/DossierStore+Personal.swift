package import Dossiers
import Postgres
package import WorkingTime

extension DossierStore {
    /// The wrapped key of a dossier's sealed values; nil: there never was one, or the values were erased.
    package func dataKey(of dossier: DossierID, province: Int16) async throws -> [UInt8]? {
        try await find(province, PersonalStatements.key, .init(province: province, dossier: dossier)).first
    }

    /// The ciphertext of one section; nil when there is none.
    package func sealed(_ dossier: DossierID, section: String, province: Int16) async throws -> [UInt8]? {
        let wanted = PersonalStatements.Sections(province: province, dossier: dossier, sections: [section])
        return try await read(province, PersonalStatements.sealed, wanted).first?.ciphertext
    }

    /// The key and the sections of a dossier, in one snapshot; no `sections` means all.
    package func sealedDossier(
        _ dossier: DossierID, sections: [String] = [], province: Int16
    ) async throws -> SealedDossier {
        try await commit(province: province) { transaction in
            let key = transaction.transaction.enqueue(
                PersonalStatements.key, .init(province: province, dossier: dossier))
            let rows = try transaction.run(
                PersonalStatements.sealed, .init(province: province, dossier: dossier, sections: sections))
            return SealedDossier(wrappedKey: try key.first, sections: rows)
        }
    }

    /// Puts a newly wrapped form of the same key in the place of `old`; false when `old` is not there any more.
    package func rewrapDataKey(
        of dossier: DossierID, old: [UInt8], new: [UInt8], province: Int16
    ) async throws -> Bool {
        let rewrap = PersonalStatements.Rewrap(province: province, dossier: dossier, old: old, new: new)
        return try await !write(province, PersonalStatements.rewrap, rewrap).isEmpty
    }

    /// A page of wrapped keys after a dossier (nil: from the first), in order; `old` is nil for those that are wrapped under
    /// `version` already.
    /// - Parameter limit: 1…1000; other values are brought into that range.
    package func dataKeys(
        after: DossierID?, version: UInt32, limit: Int, province: Int16
    ) async throws -> [(dossier: DossierID, old: [UInt8]?)] {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: version >> (24 - 8 * $0)) }
        let page = PersonalStatements.KeyPage(
            province: province, after: after, version: bytes, limit: DossierStore.page(limit))
        return try await read(province, PersonalStatements.keyPage, page)
    }

    /// Deletes the keys, sealed values, document contents and salts of the leaves of dossiers for good, and records
    /// `access` with it: what the public log says of them can then be guessed by nobody.
    /// - Returns: those of them that had a key.
    package func erasePersonal(
        of dossiers: [DossierID], recording access: AccessRow, province: Int16
    ) async throws -> [DossierID] {
        try await commit(province: province) { try $0.erasePersonal(of: dossiers, recording: access) }
    }

    /// When a dossier's values were first erased, and the purpose that stands in the register; nil: never.
    package func erasure(of dossier: DossierID, province: Int16) async throws -> (at: Instant, purpose: String)? {
        try await read(province, PersonalStatements.erasure, .init(province: province, dossier: dossier)).first
    }

    /// A page of the register of one dossier, newest first.
    /// - Parameter limit: 1…1000; other values are brought into that range.
    package func accesses(
        of dossier: DossierID, at place: PagePlace<Int64> = .first, limit: Int, province: Int16
    ) async throws -> [RecordedAccess] {
        try await read(
            province, place.isBackward ? BackwardStatements.accesses : PersonalStatements.accesses,
            .init(province: province, dossier: dossier, from: place.key, limit: DossierStore.page(limit)), at: place)
    }

    /// Records a reading of personal values: returns only once it is committed, and only then may the plaintext leave (R2).
    package func recordAccess(
        province: Int16, at: Instant, client: String, officer: String?, dossiers: [DossierID], sections: [String],
        purpose: String
    ) async throws {
        let row = AccessRow(
            at: at, client: client, officer: officer, dossiers: dossiers, sections: sections, purpose: purpose)
        try await write(province, PersonalStatements.access, .init(province: province, row: row))
    }

    /// The documents of a dossier, by number.
    package func documents(of dossier: DossierID, province: Int16) async throws -> [DocumentRow] {
        try await read(province, DocumentStatements.list, .init(province: province, dossier: dossier))
    }

    /// A document and its sealed content, which is nil once erased; nil when there is no such document.
    package func document(
        _ number: Int, of dossier: DossierID, province: Int16
    ) async throws -> (row: DocumentRow, ciphertext: [UInt8]?)? {
        let wanted = DocumentStatements.Number(province: province, dossier: dossier, number: number)
        return try await read(province, DocumentStatements.content, wanted).first
            .map { (row: $0.0, ciphertext: $0.1) }
    }
}

extension ProvinceTransaction {
    /// What `DossierStore.erasePersonal` does. The sequencer waits for its end, and then sees the register: a notice that has no
    /// leaf yet gets one without a salt.
    func erasePersonal(of dossiers: [DossierID], recording access: AccessRow) throws -> [DossierID] {
        let dossiers = dossiers.sorted()
        var erased: [DossierID] = []
        for id in dossiers where try !run(PersonalStatements.erase, .init(province: province, dossier: id)).isEmpty {
            erased.append(id)
        }
        _ = transaction.enqueue(PersonalStatements.access, .init(province: province, row: access))
        // As late as can be: nobody in the province gets a leaf meanwhile.
        _ = transaction.enqueue(SequencerStatements.lock, province)
        _ = transaction.enqueue(PersonalStatements.eraseSalts, .init(province: province, ids: dossiers))
        return erased
    }

    /// Adds a document with its sealed content and returns its number; the dossier must have been locked by `load`.
    ///
    /// Content that the dossier has already, by address, is not stored again.
    package func addDocument(_ row: DocumentRow, ciphertext: [UInt8]) throws -> Int {
        _ = transaction.enqueue(
            DocumentStatements.insertContent,
            .init(province: province, dossier: row.dossier, address: row.address, ciphertext: ciphertext))
        guard let number = try run(DocumentStatements.insert, .init(province: province, row: row)).first else {
            throw PostgresError(.conversion, "a document got no number")
        }
        return number
    }
}
