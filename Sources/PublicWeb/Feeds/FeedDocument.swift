import Notices
import PublicFeed
import WorkingTime

/// One feed in one language, before it is written as Atom or JSON. All texts are plain.
struct FeedDocument: Sendable {
    /// A tag URI (RFC 4151), for ever the same, whatever the site's address and language.
    var id: String
    var title: String
    var subtitle: String
    var language: Language
    /// Never goes back.
    var updated: Instant
    /// The page for people, without a query.
    var page: String
    /// The document's own address without the format's file name: `/nguon-tin/48` or `/nguon-tin/48/trang/3`.
    var folder: String
    /// The folder of the newest entries; the same as ``folder`` for those themselves.
    var current: String
    /// The folders of the pages before and after (RFC 5005); nil where there is none.
    var older: String?
    var newer: String?
    /// A page apart from the newest entries (RFC 5005, 4).
    var isArchive: Bool
    /// All there ever was is in it (RFC 5005, 2).
    var isComplete: Bool
    /// Newest first.
    var entries: [FeedEntry]

    /// The authority under which our tags are minted; the same as in problem types and event sources.
    static let tag = "tag:motcua.vn,2026:"

    /// The language as an address's query has it.
    var query: String { "?lang=\(language.rawValue)" }
}

/// One entry of a feed. Never changes once it was told.
struct FeedEntry: Sendable {
    /// A tag URI.
    var id: String
    var title: String
    /// Paragraphs of plain text, at least one.
    var lines: [String]
    /// When it happened, in law.
    var published: Instant
    /// When it was told.
    var updated: Instant
    /// The page for people, without a query.
    var page: String
    /// The stage that the dossier came to.
    var stage: PublicStage
}

/// The two formats in which every feed is served.
enum FeedFormat: String, Hashable, Sendable, CaseIterable {
    case atom = "atom.xml"
    case json = "feed.json"

    var contentType: String {
        switch self {
        case .atom: "application/atom+xml; charset=utf-8"
        case .json: "application/feed+json; charset=utf-8"
        }
    }

    /// The document in this format.
    func bytes(_ document: FeedDocument, at address: PublicAddress) -> [UInt8] {
        switch self {
        case .atom: AtomWriter.bytes(document, at: address)
        case .json: JSONFeedWriter.bytes(document, at: address)
        }
    }
}

/// A feed that a page points to, for programs that look for one there (`link rel=alternate`).
struct FeedLink: Hashable, Sendable {
    let title: LocalText
    /// As in ``FeedDocument/folder``.
    let folder: String
}

extension HTMLWriter {
    /// A feed in both formats, in the head of a page.
    mutating func alternates(_ feed: FeedLink) {
        markup("<link rel=\"alternate\" type=\"application/atom+xml\" title=\"")
        alternate(feed, .atom)
        markup("<link rel=\"alternate\" type=\"application/feed+json\" title=\"")
        alternate(feed, .json)
    }

    private mutating func alternate(_ feed: FeedLink, _ format: FeedFormat) {
        value(feed.title.text(in: language))
        markup("\" href=\"")
        value("\(feed.folder)/\(format.rawValue)?lang=\(language.rawValue)")
        markup("\">")
    }
}

extension String {
    /// Without what a feed must not hold: controls, noncharacters that XML 1.0 has no place for, and whatever turns the
    /// direction of writing, so that an entry could show something else than it says.
    var readable: String {
        func isRefused(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0x0A: false
            case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFFFE...0xFFFF: true
            default: false
            }
        }
        guard unicodeScalars.contains(where: isRefused) else { return self }
        return String(UnicodeScalarView(unicodeScalars.filter { !isRefused($0) }))
    }
}
