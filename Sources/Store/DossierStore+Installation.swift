import Postgres

extension DossierStore {
    /// Which keys the database belongs to: those given, when no engine has named others before.
    package func installation(keyIdentity: String, keyVersion: Int) async throws -> InstallationRow? {
        try await run(InstallationStatements.insert, .init(identity: keyIdentity, version: keyVersion))
        return try await installation()
    }

    /// Which keys the database belongs to; nil before the first engine.
    package func installation() async throws -> InstallationRow? {
        try await pool.withSession { try $0.run(InstallationStatements.find).first }
    }

    /// Has every server wrap data keys under a version from now on; false when it is in use already, or a newer one is, or the
    /// database belongs to other keys.
    package func useKeyVersion(_ version: Int, keyIdentity: String) async throws -> Bool {
        try await !run(InstallationStatements.use, .init(identity: keyIdentity, version: version)).isEmpty
    }

    /// Notes that a sweep has found no data key under another version; false while that may still change, five minutes long.
    package func noteRewrapped(version: Int) async throws -> Bool {
        try await !run(InstallationStatements.rewrapped, version).isEmpty
    }
}
