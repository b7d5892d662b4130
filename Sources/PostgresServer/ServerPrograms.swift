import Glibc

/// The installed programs of one major version of PostgreSQL.
struct ServerPrograms: Sendable {
    let folder: String
    let major: Int

    /// Where Debian and Red Hat put the programs of a major version.
    private static let places = ["/usr/lib/postgresql/%/bin", "/usr/pgsql-%/bin"]
    static let oldest = 15
    /// Beyond any version of our time; bounds the search.
    private static let newest = 40

    /// The programs for a data folder: those of its own version, or the newest for a new one (`major` nil).
    ///
    /// `places` is given by tests alone.
    static func find(major: Int?, data: String, places: [String] = places) throws -> ServerPrograms {
        let wanted = major.map { [$0] } ?? Array((oldest...newest).reversed())
        for version in wanted {
            for place in places {
                let folder = place.split(separator: "%", omittingEmptySubsequences: false).joined(
                    separator: "\(version)")
                if access("\(folder)/postgres", X_OK) == 0, access("\(folder)/initdb", X_OK) == 0 {
                    if let major, major < oldest { throw tooOld(major, data) }
                    return ServerPrograms(folder: folder, major: version)
                }
            }
        }
        guard let major else {
            throw EmbeddedPostgresError("PostgreSQL 15 or later is not installed; run: apt-get install postgresql")
        }
        if major < oldest { throw tooOld(major, data) }
        throw EmbeddedPostgresError(
            "\(data) belongs to PostgreSQL \(major), which is not installed; run: apt-get install postgresql-\(major)")
    }

    private static func tooOld(_ major: Int, _ data: String) -> EmbeddedPostgresError {
        EmbeddedPostgresError(
            "\(data) belongs to PostgreSQL \(major), 15 or later is needed; "
                + "run as postgres: pg_upgrade -d \(data) -D \(data).new -b /usr/lib/postgresql/\(major)/bin")
    }
}
