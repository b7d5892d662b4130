package import Dossiers
import Postgres
package import WorkingTime

extension DossierStore {
    /// Moves a page of ended dossiers, whose last event is older than `before` and on whose agenda nothing stands, to the
    /// closed ones (R23); dossiers after `after` in the order of identities.
    /// - Returns: how many moved, and where the next page begins; nil: there are no more.
    package func closeEnded(
        province: Int16, before: Instant, after: DossierID? = nil, limit: Int = DossierStore.pageLimit
    ) async throws -> (moved: Int, next: DossierID?) {
        let page = try await read(
            province, ClosedStatements.ended, .init(province: province, after: after, limit: DossierStore.page(limit)))
        let ended = page.filter(\.hasEnded).map(\.head)
        guard !ended.isEmpty else { return (0, page.last?.head.dossier) }
        let moved = try await write(
            province, ClosedStatements.close, .init(dossiers: ended, before: before))
        return (moved.count, page.last?.head.dossier)
    }
}

extension ProvinceTransaction {
    /// Looks for dossiers among the closed ones, and brings them back locked: the dossier row is decided on under its lock,
    /// wherever it stood (R23).
    func reopen(_ missing: [DossierID], waiting: Bool, into batch: inout LoadedBatch) throws {
        let wanted = DossierStatements.Selection(province: province, ids: missing)
        _ = transaction.enqueue(ClosedStatements.reopen, missing)
        // Younger than whatever it waited for: another transaction may just have brought one back.
        let locked = transaction.enqueue(waiting ? DossierStatements.lockWaiting : DossierStatements.lock, wanted)
        let existing = transaction.enqueue(DossierStatements.existing, wanted)
        try transaction.sync()
        for dossier in try locked.rows { note(dossier, in: &batch) }
        for id in try existing.rows where batch.dossiers[id] == nil { batch.held.insert(id) }
    }
}
