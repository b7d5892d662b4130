import Notices
import Postgres
import WorkingTime

/// What is published beside the notices is computed from them: the entries of the public streams, and the counters.
extension LogAudit {
    /// An entry of the public streams as it is stored.
    struct StoredEntry: Sendable, Equatable {
        let n: Int64
        let legalCode: String
        let agency: String
        let procedure: String
        let status: Int16
        let stage: String
        let at: Int64

        init(row: inout RowCursor) throws(PostgresError) {
            n = try row.int8()
            legalCode = try row.text()
            agency = try row.text()
            procedure = try row.text()
            status = try row.int2()
            stage = try row.text()
            at = try row.timestamptz()
        }

        init(_ entry: CompletionEntry) {
            n = entry.n
            legalCode = entry.legalCode.text
            agency = entry.agency
            procedure = entry.procedure
            status = Int16(entry.status.rawValue)
            stage = entry.stage.rawValue
            at = entry.at.microseconds
        }
    }

    /// Compares the entries of some dossiers with what all their notices make.
    func compare(_ stored: [StoredEntry], with rows: [ReceiptRow], _ notes: inout Notes) {
        let told = rows.sorted { $0.n < $1.n }.compactMap { row -> ToldNotice? in
            guard let notice = try? Notice(decoding: row.body), notice.dossier == row.dossier,
                notice.number == Int(row.number)
            else { return nil }
            return ToldNotice(n: row.n, sequencedAt: .earliest, notice: notice)
        }
        let expected = FollowingBatch(told: told, known: [:], standings: [:]).entries.map(StoredEntry.init)
        let known = Dictionary(stored.map { ($0.n, $0) }, uniquingKeysWith: { first, _ in first })
        let owners = Dictionary(rows.map { ($0.n, $0) }, uniquingKeysWith: { first, _ in first })
        func add(_ n: Int64, _ what: String) {
            notes.add(n: n, dossier: owners[n]?.dossier, number: owners[n]?.number, what)
        }
        for entry in expected where known[entry.n] != entry {
            add(
                entry.n,
                known[entry.n] == nil
                    ? "feed.entry: the row is gone, or its notice was read only after an upgrade"
                    : "feed.entry: it is not what the notice says")
        }
        let due = Set(expected.map(\.n))
        for entry in stored where !due.contains(entry.n) {
            add(entry.n, "feed.entry: the notice tells nothing new")
        }
    }

    /// Looks for entries of no notice, for streams that count others than they have, and counts the province anew.
    func walkStreams(_ province: Int16, _ notes: inout Notes) async throws {
        let options = TransactionOptions(isolation: .repeatableRead, isReadOnly: true)
        let (strays, channels) = try await feed.transaction(options: options) { transaction in
            (
                try transaction.run(AuditStatements.strayEntries, province),
                try transaction.run(AuditStatements.channels, province)
            )
        }
        for n in strays { notes.add(n: n, "feed.entry: there is no such notice") }
        for channel in channels {
            notes.add("feed.channel \(channel.kind) “\(channel.key)”: the count is not that of its entries")
        }
        // Counters of another build's rules are counted anew by the follower.
        guard try await StatisticsRecount.isCurrent(province, feed) else { return }
        for mismatch in try await StatisticsRecount.check(province, feed) {
            notes.add("feed.statistic: \(mismatch) is not what the notices come to")
        }
    }
}
