import Notices
import Postgres
import WorkingTime

/// What all notices of a province come to, computed from the first one on: the counters, the corrections of published
/// months and the names. Of the notices alone: however they were cut into batches, whenever they came.
struct StatisticsReplay {
    private(set) var change = Contribution()
    private(set) var corrections: [CorrectionKey: StatisticCounts] = [:]
    private(set) var names = StatisticNames()
    private(set) var course = StatisticsCourse()

    private static let chunk: Int32 = 2_000

    private init() {}

    /// Reads every notice twice: in the order in which they took effect, for the legal clock, and dossier by dossier.
    /// - Parameter each: is told the facts of some dossiers after the other.
    static func run(
        _ province: Int16, in transaction: Transaction, each: ([String: DossierFacts]) throws -> Void
    ) throws -> StatisticsReplay {
        var replay = StatisticsReplay()
        try replay.walkPlaces(province, transaction)
        try replay.walkDossiers(province, transaction, each)
        return replay
    }

    private mutating func walkPlaces(_ province: Int16, _ transaction: Transaction) throws {
        var late = try transaction.run(StatisticsNoticeStatements.readLater, province)
            .compactMap(PlacedNotice.init)[...]
        var after: Int64 = -1
        while true {
            let rows = try transaction.run(
                StatisticsNoticeStatements.byLeaf, (province: province, after: after, limit: StatisticsReplay.chunk))
            guard let last = rows.last else { break }
            after = last.n
            for told in rows.compactMap(PlacedNotice.init) {
                while let first = late.first, first.place < told.place { see(late.removeFirst()) }
                see(told)
            }
        }
        late.forEach { see($0) }
    }

    private mutating func see(_ told: PlacedNotice) {
        names.take(told.notice)
        course.see(told.notice.at, at: told.place)
    }

    private mutating func walkDossiers(
        _ province: Int16, _ transaction: Transaction, _ each: ([String: DossierFacts]) throws -> Void
    ) throws {
        var after = (dossier: "00000000-0000-0000-0000-000000000000", number: Int32(0))
        var held: [StoredNotice] = []
        while true {
            let place = (
                province: province, dossier: after.dossier, number: after.number, limit: StatisticsReplay.chunk
            )
            let rows = try transaction.run(StatisticsNoticeStatements.after, place)
            if let last = rows.last?.notice { after = (last.dossier, last.number) }
            held += rows
            // The last dossier may go on in the next chunk.
            let isLast = rows.isEmpty
            let open = isLast ? nil : held.last?.notice.dossier
            let whole = held.filter { $0.notice.dossier != open }
            held.removeAll { $0.notice.dossier != open }
            let told = Dictionary(grouping: whole.compactMap(PlacedNotice.init), by: \.notice.dossier)
            let facts = told.mapValues { fold($0) }
            for facts in facts.values { change.gather(Contribution(facts)) }
            if !facts.isEmpty { try each(facts) }
            if isLast { return }
        }
    }

    /// Folds a dossier's notices as they took effect, and notes what that changed in months that were published by then.
    private mutating func fold(_ told: [PlacedNotice]) -> DossierFacts {
        let whole = DossierFacts(told.map(\.notice))
        guard course.standing.frozen != nil else { return whole }
        let inOrder = told.sorted { $0.place < $1.place }
        var facts: DossierFacts?
        for (place, new) in inOrder.enumerated() {
            var next = facts ?? DossierFacts()
            if new.notice.number > next.number {
                next.take(new.notice)
            } else {
                next = DossierFacts(inOrder[...place].map(\.notice))
            }
            let change = Contribution.difference(facts, next)
            corrections.merge(StatisticsLedger.corrections(change.cells, course.before(new.place))) { $0 + $1 }
            facts = next
        }
        return whole
    }
}
