import Dossiers
import Procedures
import Synchronization

/// The catalogue as it is in use, with a world ready for every version.
final class CatalogueSnapshot: Sendable {
    let catalogue: Catalogue
    /// Every role, and every name of a performer, that a task can have.
    let roles: [String]
    private let worlds: [Version: World]

    private struct Version: Hashable {
        let name: String
        let number: Int
    }

    init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
        let versions = ProcedureVersions(catalogue.procedures)
        var worlds: [Version: World] = [:]
        for procedure in catalogue.procedures {
            worlds[Version(name: procedure.name, number: procedure.version)] = World(
                procedure: procedure, versions: versions, calendars: catalogue.calendars,
                directory: catalogue.directory)
        }
        self.worlds = worlds
        roles = Set(catalogue.procedures.flatMap(\.nodes).compactMap(\.performer)).sorted()
    }

    /// What a dossier pinned to that version is decided in; nil where the version is not loaded here.
    func world(_ name: String, _ version: Int) -> World? {
        worlds[Version(name: name, number: version)]
    }
}

/// The catalogue in use: replaced as a whole when files are loaded, so that a batch sees one and the same.
final class CatalogueShelf: Sendable {
    private let current = Mutex((snapshot: CatalogueSnapshot(Catalogue()), stamp: ""))

    /// What is in use now.
    var snapshot: CatalogueSnapshot { current.withLock { $0.snapshot } }

    /// What the database said of its published files when they were read.
    var stamp: String { current.withLock { $0.stamp } }

    /// Puts another catalogue in its place.
    func replace(_ catalogue: Catalogue, stamp: String) {
        let snapshot = CatalogueSnapshot(catalogue)
        current.withLock { $0 = (snapshot, stamp) }
    }
}

extension Node {
    /// What a task of this step has as its role.
    fileprivate var performer: String? {
        switch kind {
        case .person(let role, _, _): role
        case .applicant(let ask): ask.who
        case .call(let call): call.connector
        case .time, .fork, .link: nil
        }
    }
}
