import Notices

/// What is followed by at least one open connection.
struct OpenFollowings: Sendable {
    private(set) var counts: [LiveFollowing: Int] = [:]
    /// The dossiers among them, by the first of their family.
    private(set) var byRoot: [String: Set<FollowedDossier>] = [:]

    var isEmpty: Bool { counts.isEmpty }

    mutating func add(_ following: LiveFollowing) {
        counts[following, default: 0] += 1
        if case .dossier(let dossier) = following { byRoot[dossier.root, default: []].insert(dossier) }
    }

    mutating func remove(_ following: LiveFollowing) {
        let count = (counts[following] ?? 0) - 1
        guard count <= 0 else {
            counts[following] = count
            return
        }
        counts[following] = nil
        guard case .dossier(let dossier) = following else { return }
        byRoot[dossier.root]?.remove(dossier)
        if byRoot[dossier.root]?.isEmpty == true { byRoot[dossier.root] = nil }
    }
}

/// The events of one look at the tables, written once for each thing that is followed and shared by all who follow it.
struct LiveBatch: Sendable {
    private(set) var pieces: [LiveFollowing: [UInt8]] = [:]
    private(set) var byteCount = 0

    /// - Parameter site: the public site's address, without a slash at its end.
    init(_ news: [LiveNews], province: Int16, for open: OpenFollowings, site: String) {
        for news in news {
            if let entry = news.entry {
                let channels = FeedChannel.all(of: entry).map(LiveFollowing.channel).filter { open.counts[$0] != nil }
                if !channels.isEmpty {
                    let frame = LiveBatch.frame(entry, site: site)
                    for channel in channels { add(frame, to: channel) }
                }
            }
            for dossier in open.byRoot[news.stored.root] ?? [] where dossier.covers(news.stored) {
                if let frame = LiveBatch.frame(news, of: dossier, site: site) { add(frame, to: .dossier(dossier)) }
            }
        }
    }

    /// Adds the events of another province.
    mutating func merge(_ other: LiveBatch) {
        pieces.merge(other.pieces) { $0 + $1 }
        byteCount += other.byteCount
    }

    private mutating func add(_ frame: [UInt8], to following: LiveFollowing) {
        pieces[following, default: []] += frame
        byteCount += frame.count
    }

    static func frame(_ entry: CompletionEntry, site: String) -> [UInt8] {
        LiveFrame.event(
            LivePlace(province: entry.province, n: entry.n),
            CloudEvent(telling: entry, dataRef: "\(site)/v1/progress/\(entry.legalCode.text)"))
    }

    /// Nil for a notice that this build cannot read; the follower has reported it.
    static func frame(_ news: LiveNews, of dossier: FollowedDossier, site: String) -> [UInt8]? {
        guard let notice = try? FeedBatch.read(news.stored) else { return nil }
        return LiveFrame.event(
            LivePlace(province: dossier.province, n: news.n),
            CloudEvent(telling: notice, n: news.n, dataRef: "\(site)/v1/progress/\(dossier.lookUp)"))
    }
}
