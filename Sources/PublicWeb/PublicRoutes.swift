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
    /// How many finished answers are remembered, about 10 kB each.
    package var answerCountMax: Int
    /// The real time by which the feed's age is judged, in microseconds since 1970: a demonstration's clock for
    /// dossiers may run elsewhere.
    package var systemMicroseconds: @Sendable () -> Int64

    /// A site on a reader, with the usual limits.
    package init(
        reader: ProgressReader, statistics: StatisticsReader? = nil, throttle: LookUpThrottle = LookUpThrottle(),
        missTime: Duration = .milliseconds(50), answerCountMax: Int = 5_000
    ) {
        self.reader = reader
        self.statistics = statistics
        self.throttle = throttle
        self.missTime = missTime
        self.answerCountMax = answerCountMax
        systemMicroseconds = EdgeClock.systemMicroseconds
    }
}

/// Adds the citizens' pages and `/v1/progress/{code}` to a router, in the same process as the engine or in one of its own.
///
/// The face should have ``SecurityHeaders/pages`` and may show its problems by ``publicProblemPage(_:_:_:)``.
package func publicRoutes<Context: EdgeRequestContext>(on router: some RouterMethods<Context>, _ site: PublicSite) {
    let desk = LookUpDesk(site)
    if let statistics = site.statistics { statisticsRoutes(on: router, statistics, desk) }
    router.get("/") { request, context in
        var response = LookUpDesk.html(PageShell(language: context.language, path: "/").entry(.none))
        response.headers[.cacheControl] = CacheControl.shared(seconds: 300).value
        return response
    }
    router.get("/rieng-tu") { _, context in
        var response = LookUpDesk.html(PageShell(language: context.language, path: "/rieng-tu").privacy())
        response.headers[.cacheControl] = CacheControl.shared(seconds: 300).value
        return response
    }
    router.get("/tra-cuu") { request, context in
        await desk.page(context) { try await desk.typed(request, context) }
    }
    router.get("/ho-so/{code}") { request, context in
        await desk.page(context) {
            try await desk.status(request, context, code: TypedText.decode(try context.parameters.require("code")))
        }
    }
    router.get("/v1/progress/{code}") { request, context in
        try await desk.json(request, context, code: TypedText.decode(try context.parameters.require("code")))
    }
    router.get(RouterPath(Stylesheet.path)) { request, _ in
        LookUpDesk.stylesheet(for: request)
    }
}

/// Shows a problem as a page: for `EdgeFace.renderProblem`. Nil, so that the plain document is sent, below /v1/.
package func publicProblemPage<Context: EdgeRequestContext>(
    _ problem: Problem, _ request: Request, _ context: Context
) -> Response? {
    guard !request.uri.path.hasPrefix("/v1/") else { return nil }
    return LookUpDesk.html(PageShell(language: context.language, path: "/").problem(problem), status: problem.status)
}

extension EdgeRequestContext {
    /// The language of the answer, in the public vocabulary's words.
    var language: Language { edge.language == .en ? .en : .vi }
    /// When the request came.
    var arrived: Instant { Instant(microseconds: edge.arrivedMicroseconds) }
}
