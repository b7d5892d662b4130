import Postgres

enum InstallationStatements {
    struct Keys: Sendable {
        let identity: String
        let version: Int
    }

    /// The first engine writes it; later ones find it.
    static let insert = Statement<Keys, Void>(
        name: "installation_insert",
        sql: """
            INSERT INTO engine.installation (key_identity, key_version, rewrapped_version)
            VALUES ($1, $2, $2)
            ON CONFLICT (single) DO NOTHING
            """,
        encode: {
            $1.text($0.identity)
            $1.integer($0.version)
        })

    static let find = Statement<Void, InstallationRow>(
        name: "installation_find",
        sql: "SELECT i.key_identity, i.key_version, i.rewrapped_version FROM engine.installation i",
        decode: {
            InstallationRow(
                keyIdentity: try $0.text(), keyVersion: try $0.integer(), rewrappedVersion: try $0.integer())
        })

    /// Only ever forward, and never for another file.
    static let use = Statement<Keys, Bool>(
        name: "installation_use",
        sql: """
            UPDATE engine.installation i
            SET key_version = $2, key_version_since = now()
            WHERE i.key_identity = $1 AND i.key_version < $2
            RETURNING true
            """,
        encode: {
            $1.text($0.identity)
            $1.integer($0.version)
        },
        decode: { try $0.bool() })

    /// Not before every server has surely taken the version up: a key wrapped under the old one meanwhile would be missed.
    static let rewrapped = Statement<Int, Bool>(
        name: "installation_rewrapped",
        sql: """
            UPDATE engine.installation i
            SET rewrapped_version = $1
            WHERE i.key_version = $1 AND i.rewrapped_version < $1 AND i.key_version_since < now() - interval '5 minutes'
            RETURNING true
            """,
        encode: { $1.integer($0) }, decode: { try $0.bool() })
}
