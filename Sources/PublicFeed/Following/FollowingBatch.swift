import Notices
import WorkingTime

/// A notice that could be read, with its place and its time in the sequence.
struct ToldNotice: Sendable {
    let n: Int64
    let sequencedAt: Instant
    let notice: Notice
}

/// What was last told of a dossier in the public streams.
struct ToldCompletion: Sendable, Equatable {
    let dossier: String
    let number: Int32
    let status: Int16
    let stage: String
}

/// Where a page of a stream begins.
struct PageStart: Sendable, Equatable {
    let channel: FeedChannel
    let page: Int64
    let firstN: Int64
}

/// What a run of notices adds to the public streams. Pure.
///
/// A notice becomes an entry only when its dossier has a legal code, when it is newer than what was told of the dossier,
/// and when it tells another degree of completion: that a promise moved is not everybody's business.
struct FollowingBatch: Sendable {
    private(set) var entries: [CompletionEntry] = []
    private(set) var pages: [PageStart] = []
    /// The streams that grew, as they are now.
    private(set) var standings: [FeedChannel: ChannelStanding]
    private(set) var completions: [String: ToldCompletion] = [:]

    /// - Parameters:
    ///   - told: notices that are new to the feed, in the order of the sequence.
    ///   - known: what was told of their dossiers before.
    ///   - standings: the streams in which they may stand, as they were.
    init(told: [ToldNotice], known: [String: ToldCompletion], standings: [FeedChannel: ChannelStanding]) {
        self.standings = standings
        var last = known
        for told in told {
            guard let entry = FollowingBatch.entry(told, after: last[told.notice.dossier]) else { continue }
            let completion = ToldCompletion(
                dossier: told.notice.dossier, number: Int32(clamping: told.notice.number),
                status: Int16(entry.status.rawValue), stage: entry.stage.rawValue)
            last[completion.dossier] = completion
            completions[completion.dossier] = completion
            add(entry, told.notice)
        }
        let grown = Set(entries.flatMap(FeedChannel.all))
        self.standings = self.standings.filter { grown.contains($0.key) }
    }

    /// The streams in which a notice's entry would stand, if it became one.
    static func channels(of told: ToldNotice) -> [FeedChannel] {
        entry(told, after: nil).map(FeedChannel.all) ?? []
    }

    private static func entry(_ told: ToldNotice, after last: ToldCompletion?) -> CompletionEntry? {
        let notice = told.notice
        guard let text = notice.legalCode, let code = LegalCode(typed: text) else { return nil }
        if let last {
            let isNews = last.status != Int16(notice.status.rawValue) || last.stage != notice.stage.rawValue
            guard isNews, notice.number > Int(last.number) else { return nil }
        }
        return CompletionEntry(
            province: notice.province, n: told.n, legalCode: code, procedure: notice.procedure, status: notice.status,
            stage: notice.stage, at: notice.at, toldAt: told.sequencedAt)
    }

    private mutating func add(_ entry: CompletionEntry, _ notice: Notice) {
        var entry = entry
        let whole = FeedChannel(province: entry.province, kind: .province)
        // The machine's clock may be set back; what feeds say of time may not.
        entry.toldAt = max(entry.toldAt, standings[whole]?.toldAt ?? .earliest)
        entries.append(entry)
        for channel in FeedChannel.all(of: entry) {
            var standing =
                standings[channel] ?? ChannelStanding(channel: channel, count: 0, toldAt: entry.toldAt, name: nil)
            if standing.count % ChannelStanding.pageSize == 0 {
                pages.append(
                    PageStart(channel: channel, page: standing.count / ChannelStanding.pageSize, firstN: entry.n))
            }
            standing.count += 1
            standing.toldAt = max(standing.toldAt, entry.toldAt)
            standing.name = FollowingBatch.name(of: channel, by: notice) ?? standing.name
            standings[channel] = standing
        }
    }

    private static func name(of channel: FeedChannel, by notice: Notice) -> LocalText? {
        switch channel.kind {
        case .province: nil
        case .agency(let agency): notice.holder.flatMap { $0.agency == agency ? $0.name : nil }
        case .procedure: notice.procedureTitle
        }
    }
}
