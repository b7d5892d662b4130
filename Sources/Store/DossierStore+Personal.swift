package import Dossiers
import Postgres
package import WorkingTime

extension DossierStore {
    /// The wrapped key of a dossier's sealed values; nil: there never was one, or the values were erased.
    package func dataKey(of dossier: DossierID, province: Int16) async throws -> [UInt8]? {
        try await read(province, PersonalStatements.key, .init(province: province, dossier: dossier)).first
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

    /// Deletes a dossier's key, sealed values, document contents and the salts of its leaves for good: what the public log
    /// says of it can then be guessed by nobody. False when the key was gone already.
    package func erasePersonal(of dossier: DossierID, province: Int16) async throws -> Bool {
        try await !write(province, PersonalStatements.erase, .init(province: province, dossier: dossier)).isEmpty
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
