import Notices
import Postgres
import WorkingTime

/// What is published beside the notices is computed from them: the public streams first.
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

    /// Compares the entries of some dossiers with what all their notices make. One that was set aside when it came made
    /// none: what was told of its dossier went on without it.
    func compare(_ stored: [StoredEntry], with known: [AuditStatements.NoticeKnown], _ notes: inout Notes) {
        let rows = known.map(\.row)
        let told = known.filter { !$0.wasSetAside }.map(\.row).sorted { $0.n < $1.n }.compactMap { row -> ToldNotice? in
            guard let notice = try? Notice(decoding: row.body), notice.dossier == row.dossier,
                notice.number == Int(row.number)
            else { return nil }
            return ToldNotice(n: row.n, sequencedAt: .earliest, notice: notice)
        }
        let expected = FollowingBatch(told: told, known: [:], standings: [:]).entries.map(StoredEntry.init)
        let entries = Dictionary(stored.map { ($0.n, $0) }, uniquingKeysWith: { first, _ in first })
        let owners = Dictionary(rows.map { ($0.n, $0) }, uniquingKeysWith: { first, _ in first })
        func add(_ n: Int64, _ what: String) {
            notes.add(n: n, dossier: owners[n]?.dossier, number: owners[n]?.number, what)
        }
        for entry in expected where entries[entry.n] != entry {
            add(
                entry.n,
                entries[entry.n] == nil
                    ? "feed.entry: the row is gone" : "feed.entry: it is not what the notice says")
        }
        let due = Set(expected.map(\.n))
        for entry in stored where !due.contains(entry.n) {
            add(entry.n, "feed.entry: the notice tells nothing new")
        }
    }

    /// Looks for entries of no notice or told out of turn, and for streams and pages that are not those of their entries.
    func walkStreams(_ province: Int16, _ said: Said, _ notes: inout Notes) async throws {
        let options = TransactionOptions(
            isolation: .repeatableRead, isReadOnly: true, timeout: StatisticsRecount.patience)
        let (strays, early, channels, pages, said) = try await feed.transaction(options: options) { transaction in
            try transaction.takeTime()
            let strays = try transaction.run(AuditStatements.strayEntries, province)
            let early = try transaction.run(AuditStatements.toldTooEarly, province)
            let channels = try transaction.run(AuditStatements.channels, province)
            var known = said
            // Notices may have come since the others were read.
            if channels.contains(where: { !known.calls($0) }) { try known.takeNewer(province, in: transaction) }
            return (strays, early, channels, try transaction.run(AuditStatements.pages, province), known)
        }
        for n in strays { notes.add(n: n, "feed.entry: there is no such notice") }
        for n in early { notes.add(n: n, "feed.entry: told_at is before that of the entry before it") }
        for channel in channels {
            func add(_ what: String) { notes.add("feed.channel \(channel.kind) “\(channel.key)”: \(what)") }
            if channel.count != channel.entryCount { add("the count is not that of its entries") }
            if channel.toldAt != channel.entryToldAt { add("told_at is not that of its last entry") }
            if !said.calls(channel) { add("no notice calls it so") }
        }
        for page in pages {
            notes.add(
                "feed.channel_page \(page.kind) “\(page.key)”, page \(page.page): it does not begin where the entries say"
            )
        }
    }

    /// What notices called the streams, and of which fields they said procedures are.
    struct Said: Sendable {
        private struct Stream: Hashable {
            let kind: Int16
            let key: String
        }

        /// The leaf from which on no notice was read.
        private var next: Int64
        private var names: [Stream: Set<LocalText>] = [:]
        private var fields: [String: Set<String>] = [:]

        /// Of notices before leaf `next`, which are still to be taken.
        init(before next: Int64) { self.next = next }

        /// Takes what notices say that came meanwhile, as the transaction sees them: what is published of them is in the
        /// same snapshot.
        mutating func takeNewer(_ province: Int16, in transaction: Transaction) throws {
            while true {
                let rows = try transaction.run(AuditStatements.newerNotices, (province: province, size: next))
                guard let last = rows.last else { return }
                rows.compactMap { try? Notice(decoding: $0.body) }.forEach { take($0) }
                next = last.n + 1
            }
        }

        /// Takes what a notice says.
        mutating func take(_ notice: Notice) {
            names[Stream(kind: 2, key: notice.procedure), default: []].insert(notice.procedureTitle)
            if let holder = notice.holder {
                names[Stream(kind: 1, key: holder.agency), default: []].insert(holder.name)
            }
            fields[StatisticText.key(notice.procedure), default: []].insert(StatisticText.key(notice.field))
        }

        /// Whether some notice calls a stream as it is called, if it is called anything.
        func calls(_ channel: AuditStatements.ChannelKnown) -> Bool {
            guard let name = channel.name else { return true }
            return names[Stream(kind: channel.kind, key: channel.key)]?.contains(name) ?? false
        }

        /// Whether some notice says that a procedure is of a field.
        func isOf(_ field: String, _ procedure: String) -> Bool { fields[procedure]?.contains(field) ?? false }
    }
}
