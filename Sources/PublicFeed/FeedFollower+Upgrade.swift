import Logging
import Postgres

/// What a build makes good at its start that an older one left.
extension FeedFollower {
    /// The counters of a feed that has none yet, or has them from a build with other rules.
    func countAnewIfNeeded(_ province: Int16) async throws {
        guard try await !StatisticsRecount.isCurrent(province, feed) else { return }
        logger.notice("the statistics of a province are counted anew", metadata: ["province": "\(province)"])
        try await StatisticsRecount.rebuild(province, feed)
    }

    /// After an upgrade, reads what an older build had to set aside.
    func readAgain(_ province: Int16) async throws {
        var after: Int64 = -1
        while true {
            let place = after
            let limit = pace.batchSize
            let found = try await feed.withSession {
                try $0.run(FeedStatements.unread, (province: province, after: place, limit: limit))
            }
            guard let last = found.last else { return }
            after = last.n
            let batch = FeedBatch(province: province, unread: found.map { (n: $0.n, notice: $0.notice) })
            let still = Set(batch.unread.map { "\($0.dossier) \($0.number)" })
            let read = found.map { (dossier: $0.notice.dossier, number: $0.notice.number) }
                .filter { !still.contains("\($0.dossier) \($0.number)") }
            guard !read.isEmpty else { continue }
            let options = TransactionOptions(timeout: StatisticsRecount.patience)
            try await feed.transaction(options: options) { transaction in
                // The cursor may have gone back; the counters have not.
                let next = try max(
                    transaction.run(FeedStatements.lockCursor, province).first ?? 0,
                    transaction.run(FeedStatements.nextNotice, province).first ?? 0)
                let place = (province: province, at: next)
                let before = try transaction.run(FeedStatements.lastRead, place).first ?? nil
                // First: what is folded anew looks at where each took effect.
                _ = transaction.enqueue(FeedStatements.noteRead, (province: province, at: next, read: read))
                // An upgrade read later ones, and nothing came since: those of one place count in the order of their leaves.
                let isOvertaken = before.map { before in batch.said.contains { $0.n < before } } ?? false
                if isOvertaken {
                    try StatisticsRecount.rebuild(province, in: transaction)
                } else {
                    try StatisticsApplier.apply(batch.counting(read, readAt: next), of: province, in: transaction)
                }
                _ = transaction.enqueue(FeedStatements.addPlaceholders, (province: province, named: batch.named))
                _ = transaction.enqueue(FeedStatements.putDossiers, (province: province, rows: batch.rows(added: [])))
                try PictureKeeper.renew(Set(read.map(\.dossier)).sorted(), of: province, in: transaction)
                try transaction.sync()
            }
            logger.notice("notices set aside were read", metadata: ["count": "\(read.count)"])
        }
    }
}
