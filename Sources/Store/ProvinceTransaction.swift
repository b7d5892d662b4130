package import Dossiers
import Postgres
package import WorkingTime

/// The only way to run a statement inside a province's transaction; lives on the connection's own thread.
///
/// The order of its steps is the order of locks (R10): dossiers by identity in `load`, counters in `nextNumbers`,
/// unique keys in `write`.
package struct ProvinceTransaction {
    let transaction: Transaction
    let province: Int16
    private let months: EventMonths
    private let codes = CodesLoaded()

    init(_ transaction: Transaction, province: Int16, months: EventMonths) {
        self.transaction = transaction
        self.province = province
        self.months = months
    }

    /// Locks the dossiers and reads what their commands need, in one round trip that carries BEGIN.
    ///
    /// `now`: the time of the batch; nil takes the database's clock. `waiting`: true waits for rows that others hold, up
    /// to `lock_timeout`; else they are reported in `held` and left alone. `newcomers`: identities that were made for this
    /// very batch; the others are looked for among the closed dossiers too.
    /// - Throws: `PostgresError`; ``StoreError/held`` only when waiting.
    package func load(
        dossiers: [DossierID], keys: [AnswerKey], references: [ClientReference] = [], now: Instant? = nil,
        waiting: Bool = false, newcomers: Set<DossierID> = []
    ) throws -> LoadedBatch {
        do {
            return try locked(dossiers, keys, references, now, waiting: waiting, newcomers)
        } catch let error as PostgresError where waiting && error.code == .lockTimeout {
            // Nothing else is locked here, so that it says nothing of the commands.
            throw StoreError.held
        }
    }

    private func locked(
        _ dossiers: [DossierID], _ keys: [AnswerKey], _ references: [ClientReference], _ now: Instant?, waiting: Bool,
        _ newcomers: Set<DossierID>
    ) throws -> LoadedBatch {
        let ids = Set(dossiers).sorted()
        let wanted = DossierStatements.Selection(province: province, ids: ids)
        // The lock reads the row alone (R11); each later statement sees everything committed before the lock.
        let locked =
            ids.isEmpty
            ? nil
            : transaction.enqueue(waiting ? DossierStatements.lockWaiting : DossierStatements.lock, wanted)
        let existing = ids.isEmpty ? nil : transaction.enqueue(DossierStatements.existing, wanted)
        let answers =
            keys.isEmpty
            ? nil : transaction.enqueue(AnswerStatements.find, .init(province: province, keys: keys))
        let taken =
            references.isEmpty
            ? nil
            : transaction.enqueue(DossierStatements.byReference, .init(province: province, references: references))
        let clock = now == nil ? transaction.enqueue(ServiceStatements.clock) : nil
        try transaction.sync()
        var batch = LoadedBatch(recorded: try now ?? clock?.first ?? .earliest)
        for dossier in try locked?.rows ?? [] { note(dossier, in: &batch) }
        for id in try existing?.rows ?? [] where batch.dossiers[id] == nil { batch.held.insert(id) }
        for row in try answers?.rows ?? [] { batch.answers[row.key] = row.answer }
        for row in try taken?.rows ?? [] { batch.references[row.reference] = row.dossier }
        let missing = ids.filter { batch.dossiers[$0] == nil && !batch.held.contains($0) && !newcomers.contains($0) }
        if !missing.isEmpty { try reopen(missing, waiting: waiting, into: &batch) }
        return batch
    }

    func note(_ dossier: StoredDossier, in batch: inout LoadedBatch) {
        batch.dossiers[dossier.id] = dossier
        codes.add(dossier.id, dossier.code)
    }

    /// Takes `count` numbers of each counter and returns the first of each, in the order of the requests (R22).
    ///
    /// Numbers run from 1 a day without gaps: what is taken here is given back when the transaction rolls back.
    package func nextNumbers(_ wanted: [CounterRequest]) throws -> [Int64] {
        guard !wanted.isEmpty else { return [] }
        // One row a counter: a statement cannot upsert the same row twice.
        var totals: [CounterStatements.Key: Int64] = [:]
        for request in wanted { totals[CounterStatements.Key(request), default: 0] += Int64(max(request.count, 0)) }
        let rows = totals.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        guard !rows.isEmpty else { return wanted.map { _ in 0 } }
        let taken = try transaction.run(CounterStatements.take, .init(province: province, rows: rows))
        var next: [CounterStatements.Key: Int64] = [:]
        for row in taken { next[row.key] = row.last - (totals[row.key] ?? 0) + 1 }
        return try wanted.map { request in
            let key = CounterStatements.Key(request)
            guard request.count > 0 else { return 0 }
            guard let first = next[key] else {
                throw PostgresError(.conversion, "the counter of \(request.agency) gave no number")
            }
            next[key] = first + Int64(request.count)
            return first
        }
    }

    /// Enqueues rows of a batch; they travel with the next statement that is waited for, or with COMMIT, and their checks are
    /// made on the server. May be called more than once, for different dossiers.
    ///
    /// Empty parts send nothing. Where a key comes twice in a part, its last row counts; what is both cleared and set
    /// is set. A failed check reaches the caller of `DossierStore.commit` as ``StoreError``.
    package func write(_ batch: WriteBatch) {
        writeDossiers(batch)
        writeEvents(batch.events)
        writeWork(batch)
        writeNotices(batch.notices)
        writePersonal(batch)
        send(AnswerStatements.insert, batch.answers.sorted { $0.key < $1.key })
    }

    /// Runs one statement of the store in a round trip.
    func run<Parameters, Row: Sendable>(
        _ statement: Statement<Parameters, Row>, _ parameters: Parameters
    ) throws -> [Row] { try transaction.run(statement, parameters) }

    private func writeDossiers(_ batch: WriteBatch) {
        send(DossierStatements.update, batch.updates.sorted { $0.id < $1.id })
        if !batch.newDossiers.isEmpty {
            _ = transaction.enqueue(SequencerStatements.ensure, province)
        }
        // Those without a reference collide by identity alone, the others by reference: each kind in its own order.
        send(DossierStatements.insert, batch.newDossiers.sorted { NewDossier.inLockOrder($0, $1) })
        let issued =
            batch.updates.filter { $0.code != nil && !codes.isKnown($0.id, $0.code) }.map { ($0.code ?? "", $0.id) }
            + batch.newDossiers.filter { $0.code != nil }.map { ($0.code ?? "", $0.id) }
        send(DossierStatements.insertCodes, issued.sorted { $0.0 < $1.0 }.map(IssuedCode.init))
    }

    private func writeEvents(_ events: [EventRow]) {
        months.add(events)
        send(EventStatements.insert, events)
    }

    private func writeWork(_ batch: WriteBatch) {
        send(TaskStatements.close, Set(batch.tasksClosed).sorted())
        send(TaskStatements.upsert, lastOfEach(batch.tasksSet, by: \.key))
        send(AgendaStatements.clear, Set(batch.agendaCleared).sorted())
        send(AgendaStatements.upsert, lastOfEach(batch.agendaSet, by: \.agendaKey))
        send(OutgoingStatements.insert, batch.outgoing)
        send(DossierAgencyStatements.insert, Set(batch.agencies).sorted())
    }

    private func writeNotices(_ notices: [NoticeRow]) {
        send(NoticeStatements.insert, notices)
        send(NoticeStatements.enqueue, notices)
    }

    private func writePersonal(_ batch: WriteBatch) {
        send(PersonalStatements.insertKeys, batch.dataKeys.sorted { $0.dossier < $1.dossier })
        send(PersonalStatements.upsertSealed, lastOfEach(batch.sealed, by: \.key))
    }

    private func send<Row>(_ statement: Statement<Rows<Row>, Void>, _ rows: [Row]) {
        guard !rows.isEmpty else { return }
        _ = transaction.enqueue(statement, Rows(province: province, rows: rows))
    }
}

/// The parameters of every `unnest` statement: the province, and rows that become one array a column.
struct Rows<Row> {
    let province: Int16
    let rows: [Row]
}

extension Rows: Sendable where Row: Sendable {}

/// The codes that the locked dossiers had: only one that is new must be reserved.
private final class CodesLoaded {
    private var codes: [DossierID: String] = [:]

    func add(_ id: DossierID, _ code: String?) { codes[id] = code }
    func isKnown(_ id: DossierID, _ code: String?) -> Bool { code != nil && codes[id] == code }
}

/// The rows in the order of their keys, of equal keys only the last row.
private func lastOfEach<Row, Key: Hashable & Comparable>(_ rows: [Row], by key: (Row) -> Key) -> [Row] {
    guard rows.count > 1 else { return rows }
    var last: [Key: Row] = [:]
    for row in rows { last[key(row)] = row }
    return last.sorted { $0.key < $1.key }.map(\.value)
}
