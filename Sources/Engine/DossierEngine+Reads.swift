package import Dossiers
import Logging
package import Notices
import Postgres
package import Procedures
import Store
import WorkingTime

/// Reads, all from the primary: nothing is decided from a replica.
extension DossierEngine {
    /// A dossier as last committed; nil when there is none.
    /// - Throws: `CommandError.unavailable` while the database is away, as all reads do, and for what a newer build wrote.
    package func dossier(_ dossier: DossierRef) async throws -> DossierView? {
        try await one(
            try await asking { try await $0.dossier(dossier.id, province: dossier.province) }, dossier.province)
    }

    /// The procedure to which a dossier is pinned; nil when there is no such dossier.
    package func procedure(of dossier: DossierRef) async throws -> Procedure? {
        guard
            let (name, version) = try await asking({ try await $0.version(of: dossier.id, province: dossier.province) })
        else { return nil }
        // It is there, so what is not loaded here is another node's to answer (R5).
        guard let world = shelf.snapshot.world(name, version) else {
            throw CommandError.unavailable(retryAfterSeconds: 1)
        }
        return world.procedure
    }

    /// The dossier of a look-up code, within a province.
    package func dossier(lookUp: LookUpCode, province: Int16) async throws -> DossierView? {
        try await one(try await asking { try await $0.dossier(lookUp: lookUp.compact, province: province) }, province)
    }

    /// The dossier of a legal code, within a province.
    package func dossier(code: String, province: Int16) async throws -> DossierView? {
        try await one(try await asking { try await $0.dossier(code: code, province: province) }, province)
    }

    /// A page of an agency's dossiers, newest first.
    package func dossiers(_ filter: DossierFilter) async throws -> DossierPage {
        let row = DossierFilterRow(
            centre: filter.agency, agency: filter.isCentre ? nil : filter.agency, procedure: filter.procedure,
            status: filter.status.map { Int16($0.rawValue) }, phase: filter.phase.flatMap(DossierPhase.init(name:)))
        let limit = min(max(filter.limit, 1), 200)
        let read = try await asking {
            try await $0.dossiers(row, at: filter.place, limit: limit + 1, province: filter.province)
        }
        let page = ListPage(read, at: filter.place, limit: limit, key: \.id)
        return DossierPage(
            dossiers: try await views(page.items.map(\.id), province: filter.province).reversed(),
            previous: page.previous, next: page.next)
    }

    /// The dossiers of an agency about which something was published after number `since` (R6).
    package func changed(province: Int16, agency: String, since: Int64, limit: Int) async throws -> ChangedPage {
        let limit = min(max(limit, 1), 200)
        let changes = try await asking {
            try await $0.changedDossiers(after: since, centre: agency, agency: agency, limit: limit, province: province)
        }
        return ChangedPage(
            dossiers: try await views(changes.dossiers, province: province), upTo: changes.last,
            hasMore: changes.last.subtractingReportingOverflow(since).partialValue >= Int64(limit))
    }

    /// Whether an agency has or had a step in a dossier of which it is neither centre nor agency.
    package func hadStep(_ agency: String, in dossier: DossierRef) async throws -> Bool {
        let row = DossierAgencyRow(agency: agency, dossier: dossier.id)
        return try await asking { try await $0.hasAgency(row, province: dossier.province) }
    }

    /// A page of a dossier's events, oldest first. Nothing personal stands in them.
    package func events(of dossier: DossierRef, after: Int64, limit: Int) async throws -> [Event] {
        let rows = try await asking {
            try await $0.events(of: dossier.id, after: after, limit: limit, province: dossier.province)
        }
        return try rows.map { try Event(decoding: $0.body) }
    }

    /// A page of open tasks, the most urgent first.
    package func worklist(_ filter: WorklistFilter) async throws -> WorklistPage {
        let roles = filter.roles.isEmpty ? shelf.snapshot.roles : filter.roles
        let officer: WorklistOfficer =
            if let held = filter.heldBy { filter.isUnclaimed ? .onlyOrNobody(held) : .only(held) } else {
                filter.isUnclaimed ? .nobody : .any
            }
        let limit = min(max(filter.limit, 1), 200)
        let read = try await asking {
            try await $0.worklist(
                .init(
                    agency: filter.agency, roles: roles, officer: officer, kind: filter.kind, step: filter.step,
                    procedure: filter.procedure),
                at: filter.place, limit: limit + 1, province: filter.province)
        }
        let page = ListPage(read, at: filter.place, limit: limit, key: \.position)
        let tasks = page.items.compactMap { item -> TaskView? in
            guard let world = shelf.snapshot.world(item.row.procedure, item.procedureVersion) else { return nil }
            return TaskView(
                dossier: DossierRef(province: filter.province, id: item.row.dossier), task: item.row.task,
                procedure: world.procedure, code: item.code, centre: item.centre, ownAgency: item.row.task.agency)
        }
        return WorklistPage(tasks: tasks, previous: page.previous, next: page.next)
    }

    /// An open task; nil when it is over, or never was.
    package func task(_ dossier: DossierRef, activation: Int) async throws -> TaskView? {
        guard let view = try await self.dossier(dossier),
            let task = view.work.tasks.first(where: { $0.activation == activation })
        else { return nil }
        return TaskView(dossier: view, task: task)
    }

    /// Leases calls of an outside system to its adapter: nobody else gets them for so many seconds.
    package func leaseCalls(
        connector: String, province: Int16, limit: Int, seconds: Int, client: String
    ) async throws -> [TaskView] {
        let now = clock.now()
        let rows = try await asking {
            try await $0.leaseCalls(
                connector: connector, limit: min(max(limit, 1), 200), seconds: Int64(min(max(seconds, 1), 3_600)),
                now: now, province: province)
        }
        let views = try await views(rows.map(\.dossier), province: province)
        let byID = Dictionary(views.map { ($0.state.dossier.id, $0) }) { first, _ in first }
        logger.debug("\(rows.count) calls of \(connector) leased to \(client)")
        return rows.compactMap { row in byID[row.dossier].map { TaskView(dossier: $0, task: row.task) } }
    }

    /// Whether the procedures are read, and the database answers and takes writes; the reason why not.
    package func readiness() async -> String? {
        if shelf.stamp.isEmpty { return "the procedures are not read yet" }
        do { return try await store.ping() ? nil : "the database takes no writes" } catch {
            return "the database does not answer"
        }
    }

    /// Runs a read; a database that is away or busy is "ask again".
    func asking<Value: Sendable>(_ read: @Sendable (DossierStore) async throws -> Value) async throws -> Value {
        guard !standing.isAway else { throw CommandError.unavailable(retryAfterSeconds: 1) }
        do { return try await read(store) } catch let error as PostgresError {
            if !Task.isCancelled { logger.warning("a read failed: \(error)") }
            throw CommandError.unavailable(retryAfterSeconds: 1)
        }
    }

    private func views(_ ids: [DossierID], province: Int16) async throws -> [DossierView] {
        guard !ids.isEmpty else { return [] }
        return try await views(try await asking { try await $0.dossiers(ids, province: province) }, province)
    }

    /// One dossier that was asked for. It is there, so what cannot be read here is another node's to answer, not missing (R5).
    private func one(_ stored: StoredDossier?, _ province: Int16) async throws -> DossierView? {
        guard let stored else { return nil }
        guard let view = try await views([stored], province).first else {
            throw CommandError.unavailable(retryAfterSeconds: 1)
        }
        return view
    }

    /// What an older fold wrote is folded again from its log; its row stays as it is until the next command (R5).
    private func views(_ stored: [StoredDossier], _ province: Int16) async throws -> [DossierView] {
        let older = stored.filter(\.isOfOlderFold).map(\.id)
        let logs = older.isEmpty ? [:] : try await asking { try await $0.logs(of: older, province: province) }
        return stored.compactMap { view($0, log: logs[$0.id]) }
    }

    /// Nil, and a line in the log, for a dossier that a newer build wrote or whose version is not loaded here.
    private func view(_ stored: StoredDossier, log: [EventRow]?) -> DossierView? {
        guard let state = stored.state(log: log), let world = shelf.snapshot.world(state.procedure, state.version)
        else {
            logger.error("dossier \(stored.id) cannot be read by this build or catalogue")
            return nil
        }
        // Our own column: a code that does not read is shown as none.
        let lookUp = stored.lookUp.flatMap { try? LookUpCode(typed: $0) }
        return DossierView(state: state, lookUp: lookUp, world: world)
    }
}

extension TaskView {
    /// A task of a dossier in hand.
    init(dossier view: DossierView, task: OpenTask) {
        self.init(
            dossier: view.state.dossier, task: task, procedure: view.procedure, code: view.state.code,
            centre: view.state.centre, ownAgency: view.state.agency)
    }
}

extension DossierPhase {
    /// By the name that the API uses.
    init?(name: String) {
        switch name {
        case "running": self = .running
        case "stopping": self = .stopping
        case "ended": self = .ended
        default: return nil
        }
    }
}
