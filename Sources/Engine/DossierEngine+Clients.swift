import Store
import Vault

extension DossierEngine {
    /// 32 bytes that stand for something secret or long: HMAC under a key of this installation.
    package func fingerprint(_ bytes: [UInt8]) -> [UInt8] { vault.fingerprint(bytes) }

    /// A client of the API, also one that was shut out; nil for an unknown one.
    package func client(id: String) async throws -> ClientRecord? {
        try await asking { try await $0.client(id) }.map(ClientRecord.init)
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
