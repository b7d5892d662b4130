import Notices
package import Postgres
import WorkingTime

/// One thing in which the counters differ from the notices.
package struct StatisticsMismatch: Hashable, Sendable, CustomStringConvertible {
    /// Which row, and both figures, in English, for the operator.
    package let description: String
}

/// Counts a province anew from `feed.notice`: at first, after an upgrade with other rules, and every night to compare.
package enum StatisticsRecount {
    /// What the notices of a province come to.
    private struct Count {
        var change = Contribution()
        var names = StatisticNames()
        var latest: Instant?
    }

    private static let chunk: Int32 = 2_000
    /// A province of some million dossiers takes minutes.
    private static let patience = Duration.seconds(4 * 3600)

    /// Whether the counters of a province are those of this build's rules.
    static func isCurrent(_ province: Int16, _ feed: ConnectionPool) async throws -> Bool {
        try await feed.withSession { try $0.run(StatisticsStatements.standing, province).first }?.rules
            == Contribution.rules
    }

    /// Makes a province's counters equal to its notices. The follower waits meanwhile.
    ///
    /// Published months stay as they were published: what changes in them is noted as a correction of today.
    package static func rebuild(_ province: Int16, _ feed: ConnectionPool) async throws {
        try await feed.transaction(options: TransactionOptions(timeout: patience)) { transaction in
            _ = transaction.enqueue(FeedStatements.makeCursor, province)
            _ = try transaction.run(FeedStatements.lockCursor, province)
            let stored = try transaction.run(StatisticsStatements.standing, province).first
            let count = try count(province, in: transaction) { facts in
                let rows = facts.sorted { $0.key < $1.key }.map { StoredFacts($0.key, $0.value) }
                _ = transaction.enqueue(StatisticsStatements.putFacts, (province: province, facts: rows))
            }
            try replace(count, stored, of: province, in: transaction)
        }
    }

    /// Compares a province's counters with its notices, on one snapshot; nobody waits.
    /// - Returns: the first hundred differences, none when all is well.
    package static func check(_ province: Int16, _ feed: ConnectionPool) async throws -> [StatisticsMismatch] {
        let options = TransactionOptions(isolation: .repeatableRead, isReadOnly: true, timeout: patience)
        return try await feed.transaction(options: options) { transaction in
            var found: [StatisticsMismatch] = []
            let count = try count(province, in: transaction) { facts in
                let stored = try transaction.run(
                    StatisticsStatements.facts, (province: province, dossiers: facts.keys.sorted()))
                let known = Dictionary(
                    stored.map { ($0.dossier, DossierFacts(decoding: $0.facts)) }, uniquingKeysWith: { $1 })
                for (dossier, folded) in facts where known[dossier] ?? nil != folded {
                    found.append(StatisticsMismatch(description: "the facts of dossier \(dossier)"))
                }
            }
            let expected = StatisticsLedger.rows(count.change.cells)
            try rows(of: province, in: transaction) { key, counts in
                let difference = (expected[key] ?? .init()) - counts
                if !difference.isZero { found.append(StatisticsMismatch(key, difference)) }
            } missing: { seen in
                for (key, counts) in expected where !seen.contains(key) {
                    found.append(StatisticsMismatch(key, counts))
                }
            }
            found += try times(count.change, of: province, in: transaction)
            return Array(found.prefix(100))
        }
    }

    /// In what the durations and the stays at milestones differ.
    private static func times(
        _ expected: Contribution, of province: Int16, in transaction: Transaction
    ) throws -> [StatisticsMismatch] {
        let durations = try transaction.run(StatisticsStatements.allDurations, province)
            .reduce(into: [DurationCell: Int64]()) { $0[$1.cell] = $1.count }
        let steps = try transaction.run(StatisticsStatements.allSteps, province)
            .reduce(into: [StepCell: Contribution.StepTotal]()) { $0[$1.cell] = $1.total }
        var found: [StatisticsMismatch] = []
        for cell in Set(durations.keys).union(expected.durations.keys)
        where durations[cell] ?? 0 != expected.durations[cell] ?? 0 {
            found.append(StatisticsMismatch(description: "how many results took so long: \(cell)"))
        }
        for cell in Set(steps.keys).union(expected.steps.keys)
        where steps[cell] ?? .init() != expected.steps[cell] ?? .init() {
            found.append(StatisticsMismatch(description: "the stays at a milestone: \(cell)"))
        }
        return found
    }

    /// Folds every dossier's notices, in the order of their ids.
    private static func count(
        _ province: Int16, in transaction: Transaction, each: ([String: DossierFacts]) throws -> Void
    ) throws -> Count {
        var count = Count()
        var after = (dossier: "00000000-0000-0000-0000-000000000000", number: Int32(0))
        var held: [SequencedNotice] = []
        while true {
            let rows = try transaction.run(
                StatisticsStatements.noticesAfter,
                (province: province, dossier: after.dossier, number: after.number, limit: chunk))
            if let last = rows.last { after = (last.dossier, last.number) }
            held += rows
            // The last dossier may go on in the next chunk.
            let isLast = rows.isEmpty
            let open = isLast ? nil : held.last?.dossier
            let whole = held.filter { $0.dossier != open }
            held.removeAll { $0.dossier != open }
            let notices = whole.compactMap { try? FeedBatch.read($0) }
            let facts = Dictionary(grouping: notices, by: \.dossier).mapValues { DossierFacts($0) }
            for notice in notices {
                count.names.take(notice)
                count.latest = max(count.latest ?? notice.at, notice.at)
            }
            for (_, facts) in facts { count.change.gather(Contribution(facts)) }
            if !facts.isEmpty { try each(facts) }
            if isLast { return count }
        }
    }

    private static func replace(
        _ count: Count, _ stored: StatisticsStanding?, of province: Int16, in transaction: Transaction
    ) throws {
        var difference = StatisticsLedger.rows(count.change.cells)
        try rows(of: province, in: transaction) { key, counts in
            difference[key, default: .init()] -= counts
        } missing: { _ in
        }
        difference = difference.filter { !$0.value.isZero }
        var standing = stored ?? StatisticsStanding(rules: Contribution.rules, legalNow: nil, frozen: nil)
        if let latest = count.latest { standing.see(latest) }
        standing.rules = Contribution.rules
        for part in difference.map({ (key: $0.key, counts: $0.value) }).parts(of: 2_000) {
            _ = transaction.enqueue(StatisticRowStatements.add, (province: province, rows: part))
            if stored != nil { correct(part, standing, of: province, in: transaction) }
            try transaction.sync()
        }
        _ = transaction.enqueue(StatisticsStatements.clearDurations, province)
        _ = transaction.enqueue(StatisticsStatements.clearSteps, province)
        var rest = count.change
        rest.cells = [:]
        StatisticsApplier.write(rest, [:], count.names, of: province, in: transaction)
        _ = transaction.enqueue(StatisticsStatements.putStanding, (province: province, standing: standing))
        _ = transaction.enqueue(PublishedStatements.doubt, province)
        try transaction.sync()
    }

    /// Notes what changes in published months, by their rows.
    private static func correct(
        _ rows: [StatisticRowChange], _ standing: StatisticsStanding, of province: Int16, in transaction: Transaction
    ) {
        guard let frozen = standing.frozen, let legalNow = standing.legalNow else { return }
        let corrections = rows.filter { $0.key.period == .month && $0.key.start <= frozen }.map { row in
            let key = CorrectionKey(
                shape: row.key.shape, scope: row.key.scope, item: row.key.item, month: row.key.start,
                dated: legalNow.date.daysSinceEpoch, frozen: frozen)
            return (key: key, counts: row.counts)
        }
        guard !corrections.isEmpty else { return }
        _ = transaction.enqueue(StatisticRowStatements.correct, (province: province, rows: corrections))
    }

    /// Reads every stored row; `missing` is told at the end which keys there were.
    private static func rows(
        of province: Int16, in transaction: Transaction, each: (StatisticKey, StatisticCounts) -> Void,
        missing: (Set<StatisticKey>) -> Void
    ) throws {
        var seen: Set<StatisticKey> = []
        var after: StatisticKey?
        while true {
            let rows = try transaction.run(
                StatisticRowStatements.all, (province: province, after: after, limit: chunk))
            for row in rows {
                each(row.key, row.counts)
                seen.insert(row.key)
            }
            guard let last = rows.last else { break }
            after = last.key
        }
        missing(seen)
    }
}

extension StatisticsMismatch {
    fileprivate init(_ key: StatisticKey, _ difference: StatisticCounts) {
        let measures = StatisticMeasure.allCases.filter { difference[$0] != 0 }
            .map { "\($0) \(difference[$0] > 0 ? "+" : "")\(difference[$0])" }
        let day = CivilDate(daysSinceEpoch: key.start)
        description =
            "\(key.shape) “\(key.scope)” “\(key.item)”, \(key.period) of \(day): the notices say "
            + measures.joined(separator: ", ")
    }
}

extension Array {
    /// The elements in runs of at most `size`.
    fileprivate func parts(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
