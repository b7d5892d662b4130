import Postgres
package import WorkingTime

extension DossierStore {
    /// Publishes versions and files together, or nothing; what is there already, unchanged, stays as it is.
    /// - Returns: the versions that are new.
    /// - Throws: ``StoreError/collision`` when a published version would get another content.
    @discardableResult
    package func publish(
        versions: [ProcedureVersionRow], files: [WorkflowFileRow] = []
    ) async throws -> [ProcedureVersionRow] {
        do {
            return try await pool.transaction { transaction in
                _ = transaction.enqueue(CatalogueStatements.lock)
                var added: [ProcedureVersionRow] = []
                for row in versions {
                    let isNew = try transaction.run(CatalogueStatements.insertVersion, row).first ?? false
                    if isNew { added.append(row) }
                    _ = transaction.enqueue(
                        CatalogueStatements.checkVersion,
                        .init(name: row.name, version: row.version, contentHash: row.contentHash))
                }
                for row in files {
                    // First the old one steps down: at most one may be current at any moment.
                    if row.isCurrent { _ = transaction.enqueue(CatalogueStatements.retireFile, row) }
                    _ = transaction.enqueue(CatalogueStatements.insertFile, row)
                }
                return added
            }
        } catch let error as PostgresError {
            if let error = StoreError(sqlState: error.sqlState) { throw error }
            throw error
        }
    }

    /// Every published version with its file, by name and number.
    package func procedureVersions() async throws -> [ProcedureVersionRow] {
        try await pool.withSession { try $0.run(CatalogueStatements.versions) }
    }

    /// Calendars and directories, those in use or all that were ever loaded, by kind and name, older ones first.
    package func workflowFiles(currentOnly: Bool) async throws -> [WorkflowFileRow] {
        try await run(CatalogueStatements.files, currentOnly)
    }

    /// A value that changes whenever something is published: cheap to ask for every second.
    package func catalogueStamp() async throws -> String {
        try await pool.withSession { try $0.run(CatalogueStatements.stamp).first ?? "" }
    }

    /// Adds a client.
    /// - Throws: ``StoreError/collision`` when the id is taken.
    package func insertClient(_ row: ClientRow) async throws {
        do {
            try await run(ClientStatements.insert, row)
        } catch let error as PostgresError {
            if let error = StoreError(sqlState: error.sqlState) { throw error }
            throw error
        }
    }

    /// A client, disabled or not; nil when there is none.
    package func client(_ id: String) async throws -> ClientRow? { try await run(ClientStatements.byID, id).first }

    /// The clients of a province, or of all, by id.
    package func clients(province: Int16? = nil) async throws -> [ClientRow] {
        try await run(ClientStatements.list, province)
    }

    /// Shuts a client of a province out from `at` on (the first time counts), or lets it in again (nil); false when the
    /// province has none of that id.
    package func disableClient(_ id: String, at: Instant?, province: Int16) async throws -> Bool {
        try await !run(ClientStatements.disable, .init(id: id, province: province, at: at)).isEmpty
    }

    /// The ids of all clients that are shut out now.
    package func disabledClients() async throws -> [String] {
        try await pool.withSession { try $0.run(ClientStatements.disabled) }
    }
}
