package import WorkingTime

/// What procedures are compiled against and dossiers run on: every published version, the calendars, the directory.
package struct Catalogue: Hashable, Sendable {
    /// Every version of every procedure, linked ones before those that link them.
    package var procedures: [Procedure]
    /// Calendars by name.
    package var calendars: [String: OfficeCalendar]
    /// Provinces, areas, agencies, officers.
    package var directory: AgencyDirectory
    /// Operations of outside systems by the connector's name; empty where none was listed, and then none is checked.
    package var connectors: [String: [String]]

    /// Joins the parts.
    package init(
        procedures: [Procedure] = [], calendars: [String: OfficeCalendar] = [:],
        directory: AgencyDirectory = AgencyDirectory(), connectors: [String: [String]] = [:]
    ) {
        self.procedures = procedures
        self.calendars = calendars
        self.directory = directory
        self.connectors = connectors
    }

    /// The version of the procedure in force on `day`; of several the highest; nil where none is in force.
    package func procedure(named name: String, on day: CivilDate) -> Procedure? {
        versions(of: name).last { $0.effective.covers(day) }
    }

    /// One version, by name and number; nil where it does not exist.
    package func procedure(named name: String, version: Int) -> Procedure? {
        procedures.first { $0.name == name && $0.version == version }
    }

    /// One version, by the hash of its file; nil where it does not exist.
    package func procedure(hash: String) -> Procedure? {
        procedures.first { $0.contentHash == hash }
    }

    /// The version that takes dossiers under a national code on `day`; nil where none does.
    package func procedure(code: String, on day: CivilDate) -> Procedure? {
        procedures.filter { $0.code == code && $0.effective.covers(day) }.max { $0.version < $1.version }
    }

    /// All versions of a procedure, oldest first.
    package func versions(of name: String) -> [Procedure] {
        procedures.filter { $0.name == name }.sorted { $0.version < $1.version }
    }
}
