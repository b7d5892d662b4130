package import Notices

/// What one connection follows.
package enum LiveFollowing: Hashable, Sendable {
    /// A public stream: legal codes and degree of completion.
    case channel(FeedChannel)
    /// Everything of a dossier, and of its linked parts when it is the first of its family.
    case dossier(FollowedDossier)

    /// The province in whose sequence its events are numbered.
    package var province: Int16 {
        switch self {
        case .channel(let channel): channel.province
        case .dossier(let dossier): dossier.province
        }
    }
}

/// The dossier of a look-up code, for its holder.
package struct FollowedDossier: Hashable, Sendable {
    /// The province's number.
    package let province: Int16
    /// The dossier's opaque public identity.
    package let dossier: String
    /// The first of its family.
    package let root: String
    /// Its holder's code, from which the events refer to the whole picture; never in what others are sent.
    package let lookUp: LookUpCode

    /// The dossier whose newest notice is this.
    package init(_ newest: Notice, lookUp: LookUpCode) {
        province = newest.province
        dossier = newest.dossier
        root = newest.root
        self.lookUp = lookUp
    }

    /// Whether its holder is told of a dossier of that family.
    func covers(_ stored: SequencedNotice) -> Bool {
        stored.root == root && (dossier == root || stored.dossier == dossier)
    }
}

/// The place of an event in its province's sequence, as a stream's `id:` and `Last-Event-ID` have it: `48-1234`.
package struct LivePlace: Hashable, Sendable, CustomStringConvertible {
    /// The province's number.
    package let province: Int16
    /// The place, from 0; -1 before the first.
    package let n: Int64

    /// Joins both.
    package init(province: Int16, n: Int64) {
        self.province = province
        self.n = n
    }

    /// Reads what ``description`` wrote; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard text.utf8.count <= 32, parts.count == 2, let province = Int16(parts[0]), let n = Int64(parts[1]),
            province >= 0, n >= -1
        else { return nil }
        self.init(province: province, n: n)
        guard description == text else { return nil }
    }

    /// Province and place: `48-1234`.
    package var description: String { "\(province)-\(n)" }
}

/// The bytes of a server-sent event (WHATWG HTML, 9.2). Written once, sent to all who follow.
enum LiveFrame {
    static func event(_ place: LivePlace, _ event: CloudEvent) -> [UInt8] {
        Array("id: \(place)\ndata: ".utf8) + event.encoded() + Array("\n\n".utf8)
    }

    /// Keeps the connection open, and moves the reader's place past what did not concern it: an event without data is
    /// not dispatched, but its id is remembered.
    static func heartbeat(_ place: LivePlace) -> [UInt8] { Array(":\nid: \(place)\n\n".utf8) }

    /// Keeps the connection open, without a place.
    static let comment = Array(":\n\n".utf8)
}
