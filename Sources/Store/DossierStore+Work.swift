package import Dossiers
import Postgres
package import WorkingTime

extension DossierStore {
    /// From so many failures on the agenda passes over a row until a person frees it (R12).
    package static let triesBeforeStuck = 5

    /// A page of open tasks, the most urgent first; tasks without a limit come last.
    /// - Parameter limit: 1…1000; other values are brought into that range.
    package func worklist(
        _ filter: WorklistFilter, at place: PagePlace<WorklistPosition> = .first, limit: Int, province: Int16
    ) async throws -> [WorklistItem] {
        guard !filter.roles.isEmpty else { return [] }
        return try await read(
            province, place.isBackward ? BackwardStatements.worklist : TaskStatements.worklist,
            .init(province: province, filter: filter, from: place.key, limit: DossierStore.page(limit)), at: place)
    }

    /// An open task; nil when it is over, or never was.
    package func task(dossier: DossierID, activation: Int, province: Int16) async throws -> TaskRow? {
        let key = ClosedTask(dossier: dossier, activation: activation)
        return try await read(province, TaskStatements.byKey, .init(province: province, key: key)).first
    }

    /// The open tasks of a dossier, by activation.
    package func tasks(of dossier: DossierID, province: Int16) async throws -> [TaskRow] {
        try await read(province, TaskStatements.ofDossier, .init(province: province, dossier: dossier))
    }

    /// Which of these agencies have open tasks in a province, and how many.
    package func openTasks(at agencies: [String], province: Int16) async throws -> [(agency: String, count: Int)] {
        guard !agencies.isEmpty else { return [] }
        return try await read(province, TaskStatements.atAgencies, (province: province, agencies: agencies))
    }

    /// Leases up to `limit` calls to an adapter for `seconds`: until then nobody else gets them.
    ///
    /// In a transaction that locks nothing else (R10). A lease ends by itself, or when the call's next try is moved.
    package func leaseCalls(
        connector: String, limit: Int, seconds: Int64, now: Instant, province: Int16
    ) async throws -> [TaskRow] {
        let lease = TaskStatements.Lease(
            province: province, connector: connector, now: now, until: now.adding(seconds: max(seconds, 1)),
            limit: DossierStore.page(limit))
        return try await write(province, TaskStatements.lease, lease)
    }

    /// What time it is by the primary's clock (R7).
    package func primaryTime() async throws -> Instant {
        guard let time = try await run(ServiceStatements.clock, ()).first else {
            throw PostgresError(.conversion, "the database told no time")
        }
        return time
    }

    /// The provinces whose agenda has something due, by one unlocked read.
    package func provincesDue(before: Instant) async throws -> [Int16] {
        try await run(AgendaStatements.provincesDue, before)
    }

    /// What is due in a province by `before`, oldest first, without locks and without what is stuck.
    ///
    /// `from` bounds the search as a hint, so that rows just deleted are not waded through; nil is the full sweep.
    package func agendaDue(
        province: Int16, before: Instant, from: Instant? = nil, limit: Int
    ) async throws -> [AgendaRow] {
        let due = AgendaStatements.Due(
            province: province, before: before, from: from, limit: DossierStore.page(limit),
            tries: DossierStore.triesBeforeStuck)
        return try await read(province, AgendaStatements.due, due)
    }

    /// Puts a row under `key` into the agenda of every open dossier of a province; where it is already, nothing changes.
    package func tellAllOpen(province: Int16, key: String, due: Instant) async throws {
        try await write(province, AgendaStatements.tellAllOpen, (province: province, key: key, due: due))
    }

    /// Records that a machine's command failed; the agenda passes over its row until `retryAt`, and from the fifth time on
    /// until a person frees it. Returns how often it has failed.
    @discardableResult
    package func noteStuck(
        province: Int16, dossier: DossierID, key: String, error: String, at: Instant, retryAt: Instant
    ) async throws -> Int {
        let failure = AgendaStatements.Failure(
            province: province, row: ClearedAgenda(dossier: dossier, key: key), error: String(error.prefix(1_000)),
            at: at, retryAt: retryAt)
        return try await write(province, AgendaStatements.noteStuck, failure).first ?? 0
    }

    /// A page of what failed, in the order of dossiers and keys.
    package func stuck(
        at place: PagePlace<ClearedAgenda> = .first, limit: Int, province: Int16
    ) async throws -> [StuckRow] {
        try await read(
            province, place.isBackward ? BackwardStatements.stuck : AgendaStatements.stuck,
            .init(province: province, from: place.key, limit: DossierStore.page(limit)), at: place)
    }

    /// How many machine commands of all provinces the agenda passes over until a person frees them.
    package func stuckCount() async throws -> Int {
        var count = 0
        for province in try await provincesKnown() {
            let tries = DossierStore.triesBeforeStuck
            count +=
                try await read(province, AgendaStatements.stuckCount, (province: province, tries: tries)).first ?? 0
        }
        return count
    }

    /// Lets the agenda try again what failed; false when it was not stuck.
    @discardableResult
    package func freeStuck(dossier: DossierID, key: String, province: Int16) async throws -> Bool {
        let rows = Rows(province: province, rows: [ClearedAgenda(dossier: dossier, key: key)])
        return try await !write(province, AgendaStatements.freeStuck, rows).isEmpty
    }

    /// The provinces that hold messages for others, by one unlocked read.
    package func provincesOutgoing() async throws -> [Int16] {
        try await pool.withSession { try $0.run(OutgoingStatements.provinces) }
    }

    /// The provinces that have, or had, a dossier or message.
    package func provincesKnown() async throws -> [Int16] {
        try await pool.withSession { try $0.run(SequencerStatements.known) }
    }

    /// A page of messages that wait for the relay, oldest first.
    package func outgoing(province: Int16, after id: Int64 = 0, limit: Int) async throws -> [WaitingMessage] {
        try await read(
            province, OutgoingStatements.page, .init(province: province, after: id, limit: DossierStore.page(limit)))
    }

    /// Brings up to `limit` messages into the agendas of their provinces, and returns those that are there now.
    ///
    /// First they are put there, then deleted here, each in a transaction of one province (R9): after a crash between
    /// the two a message comes again, and its dossier, which knows it, does nothing.
    package func relayOutgoing(province: Int16, limit: Int) async throws -> [OutgoingRow] {
        let waiting = try await outgoing(province: province, limit: limit)
        let targets = Dictionary(grouping: waiting, by: \.message.targetProvince)
        for (target, messages) in targets.sorted(by: { $0.key < $1.key }) {
            let rows = messages.map(\.message)
            try await commit(province: target) { transaction in try transaction.deliver(rows) }
        }
        guard !waiting.isEmpty else { return [] }
        try await write(province, OutgoingStatements.delete, Rows(province: province, rows: waiting.map(\.id)))
        return waiting.map(\.message)
    }

    /// The provinces with notices that have no leaf yet, by one unlocked read.
    package func provincesWithNotices() async throws -> [Int16] {
        try await pool.withSession { try $0.run(SequencerStatements.provinces) }
    }

    /// Gives up to `limit` notices of a province their leaves, and returns how many (R6).
    ///
    /// One transaction in one round trip, under the lock of the province's head row: numbers are dense whatever commits
    /// late. `at`: the time of the leaves; nil takes the database's clock.
    package func sequence(province: Int16, limit: Int, at: Instant? = nil) async throws -> Int {
        try await commit(province: province) { transaction in
            try transaction.sequence(limit: DossierStore.page(limit), at: at)
        }
    }
}

extension ProvinceTransaction {
    /// Puts messages from other provinces into the agenda; those that are there already stay as they are.
    func deliver(_ messages: [OutgoingRow]) throws {
        _ = transaction.enqueue(SequencerStatements.ensure, province)
        let rows = messages.map {
            AgendaRow(dossier: $0.dossier, key: $0.key, dueAt: $0.dueAt, payload: $0.payload)
        }
        .sorted { $0.agendaKey < $1.agendaKey }
        _ = transaction.enqueue(AgendaStatements.deliver, Rows(province: province, rows: rows))
    }

    func sequence(limit: Int, at: Instant?) throws -> Int {
        // Two statements: the second's snapshot must be younger than the lock.
        _ = transaction.enqueue(SequencerStatements.lock, province)
        let made = try run(SequencerStatements.step, .init(province: province, limit: limit, at: at))
        return made.first ?? 0
    }
}
