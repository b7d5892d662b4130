package import Dossiers
import JSONText
import Logging
import Procedures
package import Store
import Vault
package import WorkingTime

extension DossierEngine {
    /// Adds a document to a dossier, sealed under the dossier's key and addressed by its content.
    /// - Parameter render: renders the answer that is stored with it.
    package func addDocument(
        to dossier: DossierRef, _ document: NewDocument, identity: CommandIdentity, reader: Reader, arrived: Instant,
        render: @escaping @Sendable (DocumentView) -> StoredAnswer
    ) async throws(CommandError) -> StoredAnswer {
        let province = String(dossier.province)
        guard let view = try await reading({ [self] _ in try await self.dossier(dossier) }) else { throw .noDossier }
        try check(document, view.procedure)
        guard let wrapped = try await reading({ try await $0.dataKey(of: dossier.id, province: dossier.province) })
        else {
            // Erased since: a document that came before has its answer.
            guard let answer = try await answered(identity, dossier.province) else { throw .noDossier }
            return answer
        }
        let address = vault.documentAddress(province: province, content: document.content)
        let ciphertext: [UInt8]
        do {
            ciphertext = try vault.seal(
                document.content, with: WrappedKey(bytes: wrapped), province: province,
                dossier: dossier.id.description, section: DossierEngine.section(ofDocument: address))
        } catch {
            logger.error("a document could not be sealed: \(error)")
            throw .failed
        }
        let row = DocumentRow(
            dossier: dossier.id, name: document.name, kind: document.kind ?? document.name,
            mediaType: document.contentType, size: document.content.count, address: address, createdAt: arrived,
            createdBy: reader.client)
        do {
            return try await store.commit(province: dossier.province) { transaction in
                let loaded = try transaction.load(
                    dossiers: [dossier.id], keys: [identity.key], now: arrived, waiting: true)
                if let answer = loaded.answers[identity.key] {
                    guard answer.fingerprint == identity.fingerprint else { throw CommandError.keyReused }
                    return answer
                }
                var stored = row
                stored.number = try transaction.addDocument(row, ciphertext: ciphertext)
                var answer = render(DocumentView(stored))
                answer.fingerprint = identity.fingerprint
                var writes = WriteBatch()
                writes.answers = [AnswerRow(key: identity.key, answer: answer, createdAt: loaded.recorded)]
                transaction.write(writes)
                return answer
            }
        } catch let error as CommandError {
            throw error
        } catch {
            logger.warning("a document was not stored: \(error)")
            throw .unavailable(retryAfterSeconds: 1)
        }
    }

    /// The documents of a dossier, oldest first; no content.
    package func documents(of dossier: DossierRef) async throws -> [DocumentView] {
        try await asking { try await $0.documents(of: dossier.id, province: dossier.province) }.map(DocumentView.init)
    }

    /// A document with its content. The reading is recorded before the content leaves (R2).
    /// - Returns: nil when there is no such document, or its content was erased.
    package func document(
        _ dossier: DossierRef, id: String, reader: Reader
    ) async throws -> (view: DocumentView, content: [UInt8])? {
        guard let number = Int(id), number > 0,
            let found = try await asking({
                try await $0.document(number, of: dossier.id, province: dossier.province)
            }), let ciphertext = found.ciphertext,
            let wrapped = try await asking({ try await $0.dataKey(of: dossier.id, province: dossier.province) })
        else { return nil }
        let section = DossierEngine.section(ofDocument: found.row.address)
        let content = try vault.open(
            ciphertext, with: WrappedKey(bytes: wrapped), province: String(dossier.province),
            dossier: dossier.id.description, section: section)
        try await store.recordAccess(
            province: dossier.province, at: clock.now(), client: reader.client, officer: reader.officer,
            dossiers: [dossier.id], sections: ["document/\(number)"], purpose: reader.purpose)
        return (DocumentView(found.row), content)
    }

    private static func section(ofDocument address: [UInt8]) -> String {
        "document/" + address.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func check(_ document: NewDocument, _ procedure: Procedure) throws(CommandError) {
        let problems = procedure.problems(
            ofDocuments: [document.name: document.kind ?? document.name], facts: [:], formIsGood: false)
        guard problems.isEmpty else { throw .invalid(problems) }
    }
}

extension DocumentView {
    /// A stored document.
    init(_ row: DocumentRow) {
        self.init(
            id: String(row.number), name: row.name, kind: row.kind == row.name ? nil : row.kind,
            contentType: row.mediaType, byteCount: row.size, received: row.createdAt)
    }
}
