package import Edge
import HTTPTypes
package import Hummingbird
import NIOCore
import Notices
package import PublicFeed
import WorkingTime

/// What the public site can be told.
package struct PublicSite: Sendable {
    /// Where progress is read.
    package var reader: ProgressReader
    /// Where statistics are read; nil: the site has none.
    package var statistics: StatisticsReader?
    /// How often codes may be tried.
    package var throttle: LookUpThrottle
    /// An answer "not found" leaves no earlier than this after its request came, whatever was asked for the answer.
    package var missTime: Duration
    /// How many finished answers are remembered, and how many bytes they may take together.
    package var answerCountMax: Int
    package var answerByteCountMax: Int
    /// The real time by which the feed's age is judged, in microseconds since 1970: a demonstration's clock for
    /// dossiers may run elsewhere.
    package var systemMicroseconds: @Sendable () -> Int64
    /// Where the transparency log is read; nil serves none of it.
    package var log: LogReader?
    /// Where citizens find the site, for QR codes; nil while it is not known: then there are none.
    package var address: PublicAddress?
    /// Where feedback on procedures is taken on the Internet, beside the agencies; nil where nobody has said.
    package var feedback: PublicAddress?
    /// What can be followed; nil where only the pages are served.
    package var feeds: PublicFeeds?

    /// A site on a reader, with the usual limits.
    package init(
        reader: ProgressReader, statistics: StatisticsReader? = nil, throttle: LookUpThrottle = LookUpThrottle(),
        missTime: Duration = .milliseconds(50),
        answerCountMax: Int = 50_000, answerByteCountMax: Int = 64 << 20,
        address: PublicAddress? = nil,
        log: LogReader? = nil
    ) {
        self.reader = reader
        self.statistics = statistics
        self.throttle = throttle
        self.missTime = missTime
        self.answerCountMax = answerCountMax
        self.answerByteCountMax = answerByteCountMax
        self.address = address
        systemMicroseconds = EdgeClock.systemMicroseconds
        self.log = log
        feeds = nil
        feedback = nil
    }
}

/// Adds the citizens' pages and `/v1/progress/{code}` to a router, in the same process as the engine or in one of its own.
///
/// The face should have ``SecurityHeaders/pages`` and may show its problems by ``publicProblemPage(_:_:_:)``.
///
/// - Returns: the look-ups for `EdgeFace.quick`; without them every look-up goes through the router, and says the same.
@discardableResult
package func publicRoutes<Context: EdgeRequestContext>(
    on router: some RouterMethods<Context>, _ site: PublicSite
) -> any QuickAnswers {
    let desk = LookUpDesk(site)
    logRoutes(on: router, site)
    if let statistics = site.statistics { statisticsRoutes(on: router, statistics, desk) }
    router.get("/") { request, context in
        let shell = PageShell(language: context.language, path: "/", feeds: site.feeds?.links ?? [])
        return LookUpDesk.listed(shell.entry(.none))
    }
    router.get("/rieng-tu") { _, context in
        LookUpDesk.listed(PageShell(language: context.language, path: "/rieng-tu").privacy())
    }
    router.get("/tra-cuu") { request, context in
        try await desk.page(request, context) { try await desk.typed(request, context) }
    }
    router.get("/ho-so/{code}") { request, context in
        try await desk.page(request, context) {
            try await desk.status(request, context, code: TypedText.decode(try context.parameters.require("code")))
        }
    }
    router.get("/ho-so/{code}/giay-tiep-nhan") { request, context in
        try await desk.page(request, context) {
            try await desk.receipt(request, context, code: TypedText.decode(try context.parameters.require("code")))
        }
    }
    RatingDesk(desk).addRoutes(to: router)
    router.get("/v1/progress/{code}") { request, context in
        try await desk.json(request, context, code: TypedText.decode(try context.parameters.require("code")))
    }
    var events: EventDesk?
    if let feeds = site.feeds {
        FeedDesk(feeds, lookUp: desk).addRoutes(to: router)
        events = feeds.live.map { EventDesk(feeds: feeds, live: $0, lookUp: desk) }
        events?.addRoutes(to: router)
    }
    router.get(RouterPath(Stylesheet.path)) { request, _ in
        LookUpDesk.stylesheet(for: request)
    }
    searchRoutes(on: router)
    return QuickLookUps(desk: desk, events: events)
}

/// Shows a problem as a page: for `EdgeFace.renderProblem`. Nil, so that the plain document is sent, where programs read.
package func publicProblemPage<Context: EdgeRequestContext>(
    _ problem: Problem, _ request: Request, _ context: Context
) -> Response? {
    guard !ProgramAddress.covers(request.uri.path) else { return nil }
    return LookUpDesk.html(PageShell(language: context.language, path: "/").problem(problem), status: problem.status)
}

extension EdgeRequestContext {
    /// The language of the answer, in the public vocabulary's words.
    var language: Language { edge.language == .en ? .en : .vi }
    /// When the request came.
    var arrived: Instant { Instant(microseconds: edge.arrivedMicroseconds) }
}
