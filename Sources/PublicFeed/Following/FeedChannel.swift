package import Notices
package import WorkingTime

/// A public stream: all dossiers of a province, or those of one agency or one procedure there.
package struct FeedChannel: Hashable, Sendable {
    /// Which of a province's dossiers.
    package enum Kind: Hashable, Sendable {
        /// All.
        case province
        /// Those whose legal code this agency gave.
        case agency(String)
        /// Those of the procedure with this key.
        case procedure(String)
    }

    /// The province's number.
    package let province: Int16
    /// Which of its dossiers.
    package let kind: Kind

    /// Joins both.
    package init(province: Int16, kind: Kind) {
        self.province = province
        self.kind = kind
    }

    /// The streams in which an entry stands.
    static func all(of entry: CompletionEntry) -> [FeedChannel] {
        [.province, .agency(entry.agency), .procedure(entry.procedure)]
            .map { FeedChannel(province: entry.province, kind: $0) }
    }
}

extension FeedChannel {
    /// As `feed.channel.kind` has it.
    var kindNumber: Int16 {
        switch kind {
        case .province: 0
        case .agency: 1
        case .procedure: 2
        }
    }

    /// As `feed.channel.key` has it.
    var key: String {
        switch kind {
        case .province: ""
        case .agency(let key), .procedure(let key): key
        }
    }

    /// The stream of a row; nil for a kind that this build does not know.
    init?(province: Int16, kindNumber: Int16, key: String) {
        switch kindNumber {
        case 0: self.init(province: province, kind: .province)
        case 1: self.init(province: province, kind: .agency(key))
        case 2: self.init(province: province, kind: .procedure(key))
        default: return nil
        }
    }
}

/// How long a public stream is by now.
package struct ChannelStanding: Hashable, Sendable {
    /// The stream.
    package var channel: FeedChannel
    /// How many entries it has had; rises with each.
    package var count: Int64
    /// When its newest entry was told; never goes back.
    package var toldAt: Instant
    /// What to call it; nil where no notice said so yet.
    package var name: LocalText?

    /// Joins the parts.
    package init(channel: FeedChannel, count: Int64, toldAt: Instant, name: LocalText?) {
        self.channel = channel
        self.count = count
        self.toldAt = toldAt
        self.name = name
    }

    /// Entries a page.
    package static let pageSize: Int64 = 50

    /// The page at which the current document begins: it has the newest 50…99 entries, and every page before it is
    /// full, and followed by a full one, so that neither its entries nor its links ever change.
    var currentPage: Int64 { max(0, count / ChannelStanding.pageSize - 1) }
}
