import Dossiers
import Postgres
package import WorkingTime

/// A dossier's head, if no notice has published it.
struct DossierHead: Sendable {
    let dossier: DossierID
    /// Number of its last event.
    let sequence: Int64
    /// 32 bytes; nil where the last notice carries the head.
    let unpublished: [UInt8]?
}

extension DossierStore {
    /// How far back a day's heads reach beyond the last reading: transactions may commit that long after they recorded.
    private static let overlapSeconds: Int64 = 600

    /// Gives the heads that moved without a notice their leaf of a day, once (R19).
    ///
    /// They are read page by page, and only the leaf is made under the sequencer's lock. A dossier that moves meanwhile is in
    /// this leaf as it was, and in the next one again.
    /// - Parameters:
    ///   - day: the last day that is covered, in Viet Nam.
    ///   - now: when the reading begins; also the leaf's time.
    /// - Returns: how many heads; nil when the day, or a later one, has its leaf already. 0: none moved, and no leaf was made.
    package func sequenceHeads(province: Int16, day: CivilDate, now: Instant) async throws -> Int? {
        let last = try await read(province, HeadsStatements.last, province).first
        if let last, last.day >= day { return nil }
        let since = last?.readAt.adding(seconds: -DossierStore.overlapSeconds)
        var body: [UInt8] = []
        var after: DossierID?
        while true {
            let page = try await read(
                province, HeadsStatements.page, .init(province: province, after: after, limit: DossierStore.pageLimit))
            guard let end = page.last?.dossier else { break }
            body += try await entries(of: page.filter { $0.unpublished != nil }, since: since, province: province)
            after = end
        }
        guard !body.isEmpty else { return 0 }
        let new = HeadsStatements.New(province: province, day: day, readAt: now, body: body, at: now)
        let n = try await commit(province: province) { transaction in
            // Two statements: the second's snapshot must be younger than the lock.
            _ = transaction.transaction.enqueue(SequencerStatements.lock, province)
            return try transaction.run(HeadsStatements.insert, new).first
        }
        return n == nil ? nil : body.count / 48
    }

    private func entries(of heads: [DossierHead], since: Instant?, province: Int16) async throws -> [UInt8] {
        guard !heads.isEmpty else { return [] }
        let moved = Set(
            try await read(
                province, HeadsStatements.moved, .init(province: province, dossiers: heads, since: since)))
        return heads.filter { moved.contains($0.dossier) }.flatMap { $0.dossier.bytes + ($0.unpublished ?? []) }
    }
}

extension DossierID {
    /// Its 16 bytes, as PostgreSQL sends a uuid.
    fileprivate var bytes: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) } }
    }
}
