import Notices
import Postgres

/// Adds a batch to the public streams within the follower's transaction, which holds the province's cursor: nobody else
/// writes them meanwhile.
struct FollowingRecord {
    private let province: Int16
    private let told: [ToldNotice]
    private let known: Reply<ToldCompletion>
    private let standings: Reply<ChannelStanding>

    /// Asks for what must be known, with the transaction's next round trip; nil when there is nothing to add.
    /// - Parameter added: the notices that the feed did not have yet.
    init?(_ batch: FeedBatch, added: [(dossier: String, number: Int32)], in transaction: Transaction) {
        var isNew = Set(added.map { "\($0.dossier) \($0.number)" })
        // A notice that came twice in one batch was added once, under its first place.
        told = batch.told.filter { isNew.remove("\($0.notice.dossier) \($0.notice.number)") != nil }
        let channels = Set(told.flatMap(FollowingBatch.channels))
        guard !channels.isEmpty else { return nil }
        province = batch.province
        let dossiers = Set(told.map(\.notice.dossier))
        known = transaction.enqueue(
            FollowingStatements.completions, (province: batch.province, dossiers: dossiers.sorted()))
        standings = transaction.enqueue(
            FollowingStatements.standings, (province: batch.province, channels: Array(channels)))
    }

    /// Enqueues what is to be written, once the answers are there.
    func write(in transaction: Transaction) throws(PostgresError) {
        var before: [String: ToldCompletion] = [:]
        for completion in try known.rows { before[completion.dossier] = completion }
        var standing: [FeedChannel: ChannelStanding] = [:]
        for row in try standings.rows { standing[row.channel] = row }
        let following = FollowingBatch(told: told, known: before, standings: standing)
        guard !following.entries.isEmpty else { return }
        _ = transaction.enqueue(
            FollowingStatements.putCompletions,
            (province: province, rows: following.completions.values.sorted { $0.dossier < $1.dossier }))
        _ = transaction.enqueue(FollowingStatements.addEntries, following.entries)
        _ = transaction.enqueue(
            FollowingStatements.putStandings,
            following.standings.values.sorted {
                ($0.channel.kindNumber, $0.channel.key) < ($1.channel.kindNumber, $1.channel.key)
            })
        if !following.pages.isEmpty { _ = transaction.enqueue(FollowingStatements.addPages, following.pages) }
    }
}
