import Notices
import Postgres

/// Brings the counters up to date with new notices, in the transaction that records them.
///
/// Whoever calls holds the province's cursor: one applier a province, so that a difference is taken from what is stored.
enum StatisticsApplier {
    /// Applies notices that were not here before, in the order of their places.
    ///
    /// What the counters and corrections are after a place depends on the notices up to it alone, not on how they were cut
    /// into batches: ``StatisticsReplay`` comes to the same.
    static func apply(_ placed: [PlacedNotice], of province: Int16, in transaction: Transaction) throws {
        guard !placed.isEmpty else { return }
        let stored = transaction.enqueue(StatisticsStatements.standing, province)
        let dossiers = Set(placed.map(\.notice.dossier)).sorted()
        let known = try transaction.run(StatisticsStatements.facts, (province: province, dossiers: dossiers))
        let standing =
            try stored.first ?? StatisticsStanding(rules: Contribution.rules, legalNow: nil, frozen: nil)
        // Counted by another build: it, or this one at its next start, counts the province anew.
        guard standing.rules == Contribution.rules else { return }
        var facts: [String: DossierFacts] = [:]
        for row in known {
            guard let decoded = DossierFacts(decoding: row.facts) else {
                throw PostgresError(.conversion, "feed.statistic_dossier holds facts that do not read: \(row.dossier)")
            }
            facts[row.dossier] = decoded
        }
        var ledger = StatisticsLedger(standing, facts: facts)
        let overtaken = self.overtaken(placed.map(\.notice), facts)
        var whole: [String: [PlacedNotice]] = [:]
        if !overtaken.isEmpty {
            let rows = try transaction.run(
                StatisticsNoticeStatements.of, (province: province, dossiers: overtaken.sorted()))
            whole = Dictionary(grouping: rows.compactMap(PlacedNotice.init), by: \.notice.dossier)
        }
        for new in placed {
            ledger.name(new.notice)
            if let whole = whole[new.notice.dossier] {
                let until = whole.filter { $0.place <= new.place }.map(\.notice)
                ledger.take(new.notice, folded: DossierFacts(until))
            } else {
                ledger.take(new.notice)
            }
        }
        write(ledger, of: province, dossiers, in: transaction)
    }

    /// The dossiers whose notices did not come in the order of their numbers: those are folded anew from all of them.
    private static func overtaken(_ notices: [Notice], _ facts: [String: DossierFacts]) -> Set<String> {
        var highest = facts.mapValues(\.number)
        var overtaken: Set<String> = []
        for notice in notices {
            if notice.number <= highest[notice.dossier] ?? 0 { overtaken.insert(notice.dossier) }
            highest[notice.dossier] = max(notice.number, highest[notice.dossier] ?? 0)
        }
        return overtaken
    }

    private static func write(
        _ ledger: StatisticsLedger, of province: Int16, _ dossiers: [String], in transaction: Transaction
    ) {
        let facts = dossiers.compactMap { dossier in ledger.facts[dossier].map { StoredFacts(dossier, $0) } }
        _ = transaction.enqueue(StatisticsStatements.putFacts, (province: province, facts: facts))
        write(ledger.change, ledger.corrections, ledger.names, of: province, in: transaction)
        _ = transaction.enqueue(StatisticsStatements.putStanding, (province: province, standing: ledger.standing))
    }

    /// Adds a change to the counters.
    static func write(
        _ change: Contribution, _ corrections: [CorrectionKey: StatisticCounts], _ names: StatisticNames,
        of province: Int16, in transaction: Transaction
    ) {
        let rows = StatisticsLedger.rows(change.cells).map { (key: $0.key, counts: $0.value) }
        if !rows.isEmpty { _ = transaction.enqueue(StatisticRowStatements.add, (province: province, rows: rows)) }
        let corrected = corrections.filter { !$0.value.isZero }.map { (key: $0.key, counts: $0.value) }
        if !corrected.isEmpty {
            _ = transaction.enqueue(StatisticRowStatements.correct, (province: province, rows: corrected))
        }
        let durations = change.durations.map { (cell: $0.key, count: $0.value) }
        if !durations.isEmpty {
            _ = transaction.enqueue(StatisticsStatements.addDurations, (province: province, rows: durations))
        }
        let steps = change.steps.map { (cell: $0.key, total: $0.value) }
        if !steps.isEmpty {
            _ = transaction.enqueue(StatisticsStatements.addSteps, (province: province, rows: steps))
        }
        let named = names.names.map { (key: $0.key, name: $0.value) }
        if !named.isEmpty {
            _ = transaction.enqueue(StatisticsStatements.putNames, (province: province, names: named))
        }
    }
}

extension PlacedNotice {
    /// Nil for one that cannot be read; that was reported when it came.
    init?(_ stored: StoredNotice) {
        guard let notice = try? FeedBatch.read(stored.notice) else { return nil }
        self.init(place: NoticePlace(stored.n, readAt: stored.readAt), notice: notice)
    }
}

extension StoredFacts {
    init(_ dossier: String, _ facts: DossierFacts) {
        self.init(dossier: dossier, number: Int32(clamping: facts.number), facts: facts.encoded())
    }
}
