import Notices
import Postgres

/// Brings the counters up to date with new notices, in the transaction that records them.
///
/// Whoever calls holds the province's cursor: one applier a province, so that a difference is taken from what is stored.
enum StatisticsApplier {
    /// Applies notices that were not here before, in the order of their leaves.
    static func apply(_ notices: [Notice], of province: Int16, in transaction: Transaction) throws {
        guard !notices.isEmpty else { return }
        let stored = transaction.enqueue(StatisticsStatements.standing, province)
        let dossiers = Set(notices.map(\.dossier)).sorted()
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
        let overtaken = self.overtaken(notices, facts)
        for notice in notices {
            ledger.name(notice)
            if !overtaken.contains(notice.dossier) { ledger.take(notice) }
        }
        if !overtaken.isEmpty {
            let rows = try transaction.run(
                StatisticsStatements.notices, (province: province, dossiers: overtaken.sorted()))
            for (dossier, whole) in fold(rows).sorted(by: { $0.key < $1.key }) {
                ledger.put(whole, of: dossier, at: notices.filter { $0.dossier == dossier }.map(\.at))
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

    /// The facts of each dossier of these rows; what cannot be read was reported when it came.
    static func fold(_ rows: [SequencedNotice]) -> [String: DossierFacts] {
        var notices: [String: [Notice]] = [:]
        for row in rows {
            if let notice = try? FeedBatch.read(row) { notices[row.dossier, default: []].append(notice) }
        }
        return notices.mapValues { DossierFacts($0) }
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

extension StoredFacts {
    init(_ dossier: String, _ facts: DossierFacts) {
        self.init(dossier: dossier, number: Int32(clamping: facts.number), facts: facts.encoded())
    }
}
