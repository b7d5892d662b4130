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
    /// The first so many differences are told.
    private static let mismatchCountMax = 100
    private static let chunk: Int32 = 2_000
    /// A province of some million dossiers takes minutes.
    static let patience = Duration.seconds(4 * 3600)

    /// Whether the counters of a province are those of this build's rules.
    static func isCurrent(_ province: Int16, _ feed: ConnectionPool) async throws -> Bool {
        try await feed.withSession { try $0.run(StatisticsStatements.standing, province).first }?.rules
            == Contribution.rules
    }

    /// Makes a province's counters equal to its notices. The follower waits meanwhile.
    ///
    /// By other rules than before, published months stay as they were published: what changes in them is noted as a
    /// correction of today. By the same rules the corrections too are what the notices make: figures that somebody changed
    /// do not become published ones.
    package static func rebuild(_ province: Int16, _ feed: ConnectionPool) async throws {
        try await feed.transaction(options: TransactionOptions(timeout: patience)) { transaction in
            try rebuild(province, in: transaction)
        }
    }

    /// The same, with what the transaction has written.
    static func rebuild(_ province: Int16, in transaction: Transaction) throws {
        try transaction.takeTime()
        _ = transaction.enqueue(FeedStatements.makeCursor, province)
        let next = try transaction.run(FeedStatements.lockCursor, province).first ?? 0
        let stored = try transaction.run(StatisticsStatements.standing, province).first
        let replay = try StatisticsReplay.run(province, in: transaction) { facts in
            let rows = facts.sorted { $0.key < $1.key }.map { StoredFacts($0.key, $0.value) }
            _ = transaction.enqueue(StatisticsStatements.putFacts, (province: province, facts: rows))
        }
        let difference = try difference(of: replay, province, in: transaction).filter { !$0.value.isZero }
        var corrections: [CorrectionKey: StatisticCounts]
        if let stored, stored.rules != Contribution.rules {
            corrections = self.corrections(difference, replay.course.standing)
            if let legalNow = replay.course.standing.legalNow {
                let change = RulesChange(
                    n: next, before: stored.rules, rules: Contribution.rules,
                    dated: legalNow.date.daysSinceEpoch)
                _ = transaction.enqueue(RulesChange.put, (province: province, change: change))
            }
        } else {
            if let latest = replay.course.standing.legalNow?.date.daysSinceEpoch {
                _ = transaction.enqueue(RulesChange.forgetLater, (province: province, day: latest))
            }
            let since = try transaction.run(RulesChange.list, province).map(\.dated).max() ?? .min
            corrections = replay.corrections.filter { $0.key.dated > since }
            try eachCorrection(of: province, in: transaction) { key, counts in
                if key.dated > since { corrections[key, default: .init()] -= counts }
            }
        }
        let rows = difference.map { (key: $0.key, counts: $0.value) }
        try write(rows, corrections.filter { !$0.value.isZero }, of: province, in: transaction)
        try finish(replay, of: province, in: transaction)
    }

    /// Compares a province's counters, corrections and names with its notices, on one snapshot; nobody waits.
    /// - Returns: the first hundred differences, none when all is well.
    package static func check(_ province: Int16, _ feed: ConnectionPool) async throws -> [StatisticsMismatch] {
        let options = TransactionOptions(isolation: .repeatableRead, isReadOnly: true, timeout: patience)
        return try await feed.transaction(options: options) { transaction in
            try transaction.takeTime()
            var found: [StatisticsMismatch] = []
            let replay = try StatisticsReplay.run(province, in: transaction) { facts in
                let stored = try transaction.run(
                    StatisticsStatements.facts, (province: province, dossiers: facts.keys.sorted()))
                let known = Dictionary(
                    stored.map { ($0.dossier, DossierFacts(decoding: $0.facts)) }, uniquingKeysWith: { $1 })
                for (dossier, folded) in facts
                where known[dossier] ?? nil != folded && found.count < mismatchCountMax {
                    found.append(StatisticsMismatch(description: "the facts of dossier \(dossier)"))
                }
            }
            for (key, counts) in try difference(of: replay, province, in: transaction) where !counts.isZero {
                found.append(StatisticsMismatch(key, counts))
            }
            found += try corrections(of: replay, province, in: transaction)
            found += try times(replay.change, of: province, in: transaction)
            found += try names(of: replay, province, in: transaction)
            return Array(found.prefix(mismatchCountMax))
        }
    }

    /// What has to be added to the stored counters that they are what the notices come to.
    private static func difference(
        of replay: StatisticsReplay, _ province: Int16, in transaction: Transaction
    ) throws -> [StatisticKey: StatisticCounts] {
        var difference = StatisticsLedger.rows(replay.change.cells)
        var after: StatisticKey?
        while true {
            let place = (province: province, after: after, limit: chunk)
            let rows = try transaction.run(StatisticRowStatements.all, place)
            for row in rows { difference[row.key, default: .init()] -= row.counts }
            guard let last = rows.last else { return difference }
            after = last.key
        }
    }

    private static func eachCorrection(
        of province: Int16, in transaction: Transaction, _ body: (CorrectionKey, StatisticCounts) -> Void
    ) throws {
        var after: CorrectionKey?
        while true {
            let place = (province: province, after: after, limit: chunk)
            let rows = try transaction.run(CorrectionStatements.all, place)
            for row in rows { body(row.key, row.counts) }
            guard let last = rows.last else { return }
            after = last.key
        }
    }

    /// Notes what changes in published months, by their rows.
    private static func corrections(
        _ difference: [StatisticKey: StatisticCounts], _ standing: StatisticsStanding
    ) -> [CorrectionKey: StatisticCounts] {
        guard let frozen = standing.frozen, let legalNow = standing.legalNow else { return [:] }
        var found: [CorrectionKey: StatisticCounts] = [:]
        for (key, counts) in difference where key.period == .month && key.start <= frozen {
            let correction = CorrectionKey(
                shape: key.shape, scope: key.scope, item: key.item, month: key.start,
                dated: legalNow.date.daysSinceEpoch, frozen: frozen)
            found[correction] = counts
        }
        return found
    }

    private static func write(
        _ rows: [StatisticRowChange], _ corrections: [CorrectionKey: StatisticCounts], of province: Int16,
        in transaction: Transaction
    ) throws {
        for part in rows.parts(of: Int(chunk)) {
            _ = transaction.enqueue(StatisticRowStatements.add, (province: province, rows: part))
            try transaction.sync()
        }
        for part in corrections.map({ (key: $0.key, counts: $0.value) }).parts(of: Int(chunk)) {
            _ = transaction.enqueue(StatisticRowStatements.correct, (province: province, rows: part))
            try transaction.sync()
        }
    }

    /// Writes what stands beside the counters.
    private static func finish(_ replay: StatisticsReplay, of province: Int16, in transaction: Transaction) throws {
        for clear in [
            StatisticsStatements.clearDurations, StatisticsStatements.clearSteps, StatisticsStatements.clearNames,
        ] {
            _ = transaction.enqueue(clear, province)
        }
        var rest = replay.change
        rest.cells = [:]
        StatisticsApplier.write(rest, [:], replay.names, of: province, in: transaction)
        _ = transaction.enqueue(
            StatisticsStatements.putStanding, (province: province, standing: replay.course.standing))
        _ = transaction.enqueue(PublishedStatements.doubt, province)
        try transaction.sync()
    }
}

extension StatisticsRecount {
    /// In what the corrections and the standing that decides on them differ. What was noted up to a change of the rules was
    /// counted by rules that this build does not have.
    private static func corrections(
        of replay: StatisticsReplay, _ province: Int16, in transaction: Transaction
    ) throws -> [StatisticsMismatch] {
        var found: [StatisticsMismatch] = []
        let stored = try transaction.run(StatisticsStatements.standing, province).first
        if let stored, stored.legalNow != replay.course.standing.legalNow {
            found.append(StatisticsMismatch(description: "the latest legal instant"))
        }
        if let stored, stored.frozen != replay.course.standing.frozen {
            found.append(StatisticsMismatch(description: "the last month that is published"))
        }
        let since = try transaction.run(RulesChange.list, province).map(\.dated).max() ?? .min
        // It would take the corrections of all that is to come out of sight.
        if since > replay.course.standing.legalNow?.date.daysSinceEpoch ?? .min {
            found.append(
                StatisticsMismatch(description: "a change of the rules on \(CivilDate(daysSinceEpoch: since))"))
        }
        var difference = replay.corrections
        try eachCorrection(of: province, in: transaction) { key, counts in
            difference[key, default: .init()] -= counts
        }
        for (key, counts) in difference where key.dated > since && !counts.isZero {
            found.append(StatisticsMismatch(key, counts))
        }
        return found
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

    /// What is called otherwise than the notices call it.
    private static func names(
        of replay: StatisticsReplay, _ province: Int16, in transaction: Transaction
    ) throws -> [StatisticsMismatch] {
        let stored = try transaction.run(StatisticsStatements.names, province)
            .reduce(into: [StatisticNames.Key: StatisticNames.Name]()) { $0[$1.key] = $1.name }
        let expected = replay.names.names
        return Set(stored.keys).union(expected.keys).filter { stored[$0] != expected[$0] }.map {
            StatisticsMismatch(description: "the name of \($0.kind) “\($0.key)”")
        }
    }
}

extension StatisticsMismatch {
    fileprivate init(_ key: StatisticKey, _ difference: StatisticCounts) {
        let day = CivilDate(daysSinceEpoch: key.start)
        description =
            "\(key.shape) “\(key.scope)” “\(key.item)”, \(key.period) of \(day): the notices say "
            + StatisticsMismatch.words(difference)
    }

    fileprivate init(_ key: CorrectionKey, _ difference: StatisticCounts) {
        let month = CivilDate(daysSinceEpoch: key.month)
        let dated = CivilDate(daysSinceEpoch: key.dated)
        description =
            "correction of \(dated), \(key.shape) “\(key.scope)” “\(key.item)”, month of \(month): the notices say "
            + StatisticsMismatch.words(difference)
    }

    private static func words(_ difference: StatisticCounts) -> String {
        StatisticMeasure.allCases.filter { difference[$0] != 0 }
            .map { "\($0) \(difference[$0] > 0 ? "+" : "")\(difference[$0])" }.joined(separator: ", ")
    }
}

extension Array {
    /// The elements in runs of at most `size`.
    fileprivate func parts(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
