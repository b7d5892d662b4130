import Logging
import Store
import Synchronization
import Vault

extension DossierEngine {
    /// 32 bytes that stand for something secret or long: HMAC under a key of this installation.
    package func fingerprint(_ bytes: [UInt8]) -> [UInt8] { vault.fingerprint(bytes) }

    /// A client of the API, also one that was shut out; nil for an unknown one.
    package func client(id: String) async throws -> ClientRecord? {
        try await asking { try await $0.client(id) }.map(ClientRecord.init)
    }

    /// The clients of a province, by id; those that were shut out too.
    package func clients(province: Int16) async throws -> [ClientRecord] {
        try await asking { try await $0.clients(province: province) }.map(ClientRecord.init)
    }

    /// Shuts a client of a province out, or lets it in again; false when the province has none of that id.
    ///
    /// Its tokens end with it: here at once, on other servers when they next look, some seconds later.
    package func setClient(_ id: String, isDisabled: Bool, province: Int16, by other: String) async throws -> Bool {
        let at = isDisabled ? clock.now() : nil
        guard try await asking({ try await $0.disableClient(id, at: at, province: province) }) else { return false }
        try await lookForDisabledClients()
        logger.notice("client \(id) was \(isDisabled ? "shut out" : "let in again") by \(other)")
        return true
    }

    /// Whether a client was shut out, as far as this server has heard: for those who bear a token still.
    package func isShutOut(_ client: String) -> Bool { shutOut.withLock { $0.contains(client) } }

    /// Looks which clients were shut out, perhaps through another server.
    func lookForDisabledClients() async throws {
        let ids = Set(try await asking { try await $0.disabledClients() })
        shutOut.withLock { $0 = ids }
    }

    /// Adds a client.
    /// - Throws: `StoreError.collision` when the name is taken.
    package func addClient(_ client: ClientRecord) async throws {
        let now = clock.now()
        try await asking { store in
            try await store.insertClient(
                ClientRow(
                    id: client.id, province: client.province, agency: client.agency, name: client.id,
                    roles: client.roles, scopes: client.scopes, connector: client.connector,
                    secretHash: client.secretHash, createdAt: now, disabledAt: client.isDisabled ? now : nil))
        }
    }
}

extension ClientRecord {
    /// A stored client.
    init(_ row: ClientRow) {
        self.init(
            id: row.id, secretHash: row.secretHash, province: row.province,
            agency: row.agency, roles: row.roles, scopes: row.scopes,
            connector: row.connector, isDisabled: row.disabledAt != nil)
    }
}
