import Dossiers
import ProcedureFiles
import Procedures
import WorkingTime

/// A change of what dates and timers of open dossiers are computed from: each of them is told by a row of its agenda (R4).
struct Amendment: Hashable {
    /// The agenda key; it names the new content, so that what is told twice is one row.
    let key: String
    let command: Command

    /// How long a row waits for the node to have what it tells of. One that waits longer was overtaken by the next
    /// amendment, or its files were never published: then it means what is in use.
    static let patienceSeconds: Int64 = 600

    /// What differs between the catalogue in use and the one to come.
    static func all(from old: Catalogue, to new: Catalogue) -> [Amendment] {
        let calendars = new.calendars.values.filter { calendar in
            old.calendars[calendar.id].map { $0.contentHash != calendar.contentHash } ?? false
        }
        let isMoved = old.directory.amendmentKey != new.directory.amendmentKey
        return calendars.map { Amendment(key: $0.amendmentKey, command: .calendarAmended) }
            + (isMoved ? [Amendment(key: new.directory.amendmentKey, command: .directoryAmended)] : [])
    }

    /// What a row of the agenda tells of; nil for other rows.
    init?(key: String) {
        if key.hasPrefix(OfficeCalendar.amendmentPrefix) {
            self.init(key: key, command: .calendarAmended)
        } else if key.hasPrefix(AgencyDirectory.amendmentPrefix) {
            self.init(key: key, command: .directoryAmended)
        } else {
            return nil
        }
    }

    private init(key: String, command: Command) {
        self.key = key
        self.command = command
    }

    /// Whether the catalogue has what it tells of.
    func isIn(_ catalogue: Catalogue) -> Bool {
        catalogue.directory.amendmentKey == key || catalogue.calendars.values.contains { $0.amendmentKey == key }
    }
}

extension OfficeCalendar {
    /// The agenda key under which open dossiers are told of this version of the calendar.
    var amendmentKey: String { OfficeCalendar.amendmentPrefix + contentHash.prefix(32) }

    /// How all such keys begin.
    static let amendmentPrefix = "calendar/"
}

extension AgencyDirectory {
    /// The agenda key under which open dossiers are told of these successions.
    var amendmentKey: String {
        let lines = successionLines.joined(separator: "\n")
        return AgencyDirectory.amendmentPrefix + ProcedureFile.contentHash(Array(lines.utf8)).prefix(32)
    }

    /// How all such keys begin.
    static let amendmentPrefix = "agencies/"
}
