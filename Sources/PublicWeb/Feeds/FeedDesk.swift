package import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Notices
package import PublicFeed
import Synchronization
import WorkingTime

/// What the feeds, the live events and the open data need beside the pages.
package struct PublicFeeds: Sendable {
    /// The public streams.
    package var following: FollowingReader
    /// The live events; nil where they are not served.
    package var live: LiveEvents?
    /// The open data's figures; nil where none are served.
    package var openData: OpenDataSource?
    /// Where citizens find the site: addresses in feeds are whole.
    package var address: PublicAddress
    /// How often an address block may ask for public documents.
    package var limiter: RateLimiter
    /// How many live connections there may be.
    package var seats: StreamSeats

    /// Joins the parts, with the usual limits.
    package init(
        following: FollowingReader, live: LiveEvents?, address: PublicAddress, seats: StreamSeats = StreamSeats(),
        limiter: RateLimiter = RateLimiter(
            name: "feeds", perBlock: Quota(count: 1_200, seconds: 60), overall: Quota(count: 1_000_000, seconds: 1))
    ) {
        self.following = following
        self.live = live
        self.address = address
        openData = nil
        self.seats = seats
        self.limiter = limiter
    }
}

/// Answers programs that follow: Atom and JSON Feed.
struct FeedDesk: Sendable {
    private struct Key: Hashable, Sendable {
        let folder: String
        let format: FeedFormat
        let language: Language
    }

    let feeds: PublicFeeds
    private let lookUp: LookUpDesk
    private let written: WrittenDocuments<Key>

    init(_ feeds: PublicFeeds, lookUp: LookUpDesk) {
        self.feeds = feeds
        self.lookUp = lookUp
        written = WrittenDocuments(countMax: 1_000)
    }

    /// Adds `/ho-so/{code}/atom.xml`, `/nguon-tin/…` and their JSON twins.
    func addRoutes<Context: EdgeRequestContext>(to router: some RouterMethods<Context>) {
        for format in FeedFormat.allCases {
            let file = format.rawValue
            router.get(RouterPath("/ho-so/{code}/\(file)")) { request, context in
                try await LookUpDesk.document { try await dossier(request, context, format) }
            }
            for folder in ["", "/co-quan/{agency}", "/thu-tuc/{procedure}"] {
                for page in ["", "/trang/{page}"] {
                    router.get(RouterPath("/nguon-tin/{province}\(folder)\(page)/\(file)")) { request, context in
                        try await channel(request, context, format)
                    }
                }
            }
        }
        if let source = feeds.openData { OpenDataDesk(feeds: feeds, source: source).addRoutes(to: router) }
        router.get("/nguon-tin") { request, context in try await provinces(request, context) }
        router.get("/nguon-tin/{province}") { request, context in try await province(request, context) }
    }

    /// The feed of a look-up code; every miss is the miss of the JSON, with its time and its size.
    private func dossier(
        _ request: Request, _ context: some EdgeRequestContext, _ format: FeedFormat
    ) async throws -> Response {
        let typed = TypedText.decode(try context.parameters.require("code"))
        let language = context.language
        return try await lookUp.programsFamily(context, code: typed) { code, family in
            let key = Key(folder: "/ho-so/\(code)", format: format, language: language)
            let answer = await written.document(key, version: family.version) {
                format.bytes(FeedDocument(code, family, language), at: feeds.address)
            }
            return answer.response(to: request, format.contentType, .revalidate, isPublic: false)
        }
    }

    /// A public stream, or a page of it.
    private func channel(
        _ request: Request, _ context: some EdgeRequestContext, _ format: FeedFormat
    ) async throws -> Response {
        try admit(context)
        guard let channel = FeedDesk.channel(context) else { throw Problem.notFound }
        var page: Int64?
        if let text = context.parameters.get("page") {
            // Another spelling of a number would be another address of the same document.
            guard let number = Int64(text), number >= 0, String(number) == text else { throw Problem.notFound }
            page = number
        }
        guard let document = try await FeedDesk.read({ try await feeds.following.document(channel, page: page) })
        else { throw Problem.notFound }
        let language = context.language
        let feed = FeedDocument(document, language)
        let key = Key(folder: feed.folder, format: format, language: language)
        let version = page == nil ? document.standing.count : document.isFinal ? 1 : 0
        let answer = await written.document(key, version: version) { format.bytes(feed, at: feeds.address) }
        return answer.response(
            to: request, format.contentType, document.isFinal ? .immutable : .shared(seconds: 30), isPublic: true)
    }

    /// The stream that a request's path names.
    private static func channel(_ context: some EdgeRequestContext) -> FeedChannel? {
        guard let text = context.parameters.get("province"), let province = Int16(text), String(province) == text
        else { return nil }
        let kind: FeedChannel.Kind =
            if let agency = context.parameters.get("agency") {
                .agency(TypedText.decode(agency))
            } else if let key =
                context.parameters.get("procedure")
            { .procedure(TypedText.decode(key)) } else { .province }
        guard !TypedText.hasControls(kind) else { return nil }
        return FeedChannel(province: province, kind: kind)
    }

    func admit(_ context: some EdgeRequestContext) throws(Problem) {
        let decision = feeds.limiter.take(
            context.edge.client?.block, nowMicroseconds: context.edge.arrivedMicroseconds)
        guard decision.isAllowed else { throw decision.problem }
    }

    /// What reads the database: away is "come back", whatever it was.
    static func read<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            throw (error as? any ProblemConvertible)?.problem ?? .unavailable(retryAfterSeconds: 5)
        }
    }

    // MARK: for people

    private func provinces(_ request: Request, _ context: some EdgeRequestContext) async throws -> Response {
        try admit(context)
        let provinces = try await FeedDesk.read { try await feeds.following.provinces() }
        let shell = PageShell(language: context.language, path: "/nguon-tin", feeds: provinces.map(FeedLink.init))
        return Published(shell.streams(of: provinces)).response(
            to: request, "text/html; charset=utf-8", .shared(seconds: 60), isPublic: false)
    }

    private func province(_ request: Request, _ context: some EdgeRequestContext) async throws -> Response {
        try admit(context)
        guard let channel = FeedDesk.channel(context),
            let channels = try await FeedDesk.read({ try await feeds.following.channels(province: channel.province) })
        else { throw Problem.notFound }
        let shell = PageShell(
            language: context.language, path: channel.folder, feeds: [FeedLink(province: channel.province)])
        return Published(shell.streams(channels)).response(
            to: request, "text/html; charset=utf-8", .shared(seconds: 60), isPublic: false)
    }
}

extension FeedLink {
    /// The feed of a whole province.
    init(province: Int16) {
        let channel = FeedChannel(province: province, kind: .province)
        self.init(
            title: ChannelStanding(channel: channel, count: 0, toldAt: .earliest, name: nil).title,
            folder: channel.folder)
    }
}

extension TypedText {
    /// Whether a stream's key holds what no key holds and no database takes.
    fileprivate static func hasControls(_ kind: FeedChannel.Kind) -> Bool {
        switch kind {
        case .province: false
        case .agency(let key), .procedure(let key): key.utf8.count > 255 || key.utf8.contains { $0 < 0x20 }
        }
    }
}

extension PublicFeeds {
    /// The feeds of whole provinces, for the entry page: from memory, because that page waits for no database.
    var links: [FeedLink] { (live?.provinces ?? []).prefix(64).map(FeedLink.init) }
}
