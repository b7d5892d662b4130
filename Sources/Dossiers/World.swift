package import Procedures
package import WorkingTime

/// What `decide` reads beyond the dossier itself, as values (engine rule R4): whatever it takes from here stands in an event.
package struct World: Sendable {
    /// The version to which the dossier is pinned.
    package var procedure: Procedure
    /// Every published version: for linked procedures, and for the limits that a parent gives.
    package var versions: ProcedureVersions
    /// Office calendars by name.
    package var calendars: [String: OfficeCalendar]
    /// Agencies, areas and officers.
    package var directory: AgencyDirectory

    /// Joins the parts.
    package init(
        procedure: Procedure, versions: ProcedureVersions, calendars: [String: OfficeCalendar],
        directory: AgencyDirectory
    ) {
        self.procedure = procedure
        self.versions = versions
        self.calendars = calendars
        self.directory = directory
    }

    /// The same world for a dossier pinned to another version.
    package func pinned(to procedure: Procedure) -> World {
        World(procedure: procedure, versions: versions, calendars: calendars, directory: directory)
    }

    /// The calendar of an agency; the procedure's own where the agency or its calendar is unknown; nil without either.
    package func calendar(of agency: String) -> OfficeCalendar? {
        if let name = directory.agencies[agency]?.calendar, let calendar = calendars[name] { return calendar }
        return calendars[procedure.calendar]
    }

    /// The province's number in which an agency lies; nil for an agency that the directory does not know.
    func province(of agency: String) -> Int16? {
        directory.agencies[agency].flatMap { directory.provinces[$0.province]?.number }
    }
}

/// Every published version of every procedure, by name.
package struct ProcedureVersions: Hashable, Sendable {
    /// Oldest version first, by name.
    private var named: [String: [Procedure]] = [:]

    /// Indexes the versions; of two with one name and number the later in the list stands.
    package init(_ procedures: [Procedure]) {
        for procedure in procedures {
            var versions = named[procedure.name, default: []]
            versions.removeAll { $0.version == procedure.version }
            versions.append(procedure)
            named[procedure.name] = versions.sorted { $0.version < $1.version }
        }
    }

    /// The version in force on `day`; of several the highest; nil where none is.
    package func find(name: String, on day: CivilDate) -> Procedure? {
        named[name]?.last { $0.effective.covers(day) }
    }

    /// One version, by name and number; nil where it does not exist.
    package func find(name: String, version: Int) -> Procedure? {
        named[name]?.first { $0.version == version }
    }

    /// The highest version of that name; nil where there is none.
    package func newest(name: String) -> Procedure? { named[name]?.last }
}
