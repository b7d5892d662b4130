package import CoreMetrics
import HTTPTypes
package import Hummingbird
import Logging

/// How one face of the system answers: what is the same for all its routes.
package struct EdgeFace<Context: EdgeRequestContext>: Sendable {
    /// The face's name in metrics, such as `api` or `public`.
    package var name: String
    /// The headers of every answer that does not set them itself.
    package var securityHeaders: SecurityHeaders
    /// The proxies whose `X-Forwarded-For` is believed.
    package var trustedProxies: TrustedProxies
    /// The clock of arrivals: microseconds since 1970 UTC.
    package var nowMicroseconds: @Sendable () -> Int64
    /// Makes trace ids.
    package var makeTraceID: @Sendable () -> String
    /// Shows a problem in the face's own way, as a page for instance; nil where the plain document will do.
    package var renderProblem: @Sendable (Problem, Request, Context) -> Response?
    /// Finished answers that leave before the router is asked; nil where there are none.
    package var quick: (any QuickAnswers)?

    /// A face with the system's clock, random trace ids and plain problem documents where nothing else is given.
    package init(
        name: String, securityHeaders: SecurityHeaders, trustedProxies: TrustedProxies = .none,
        nowMicroseconds: @escaping @Sendable () -> Int64 = EdgeClock.systemMicroseconds,
        makeTraceID: @escaping @Sendable () -> String = TraceID.random,
        renderProblem: @escaping @Sendable (Problem, Request, Context) -> Response? = { _, _, _ in nil }
    ) {
        self.name = name
        self.securityHeaders = securityHeaders
        self.trustedProxies = trustedProxies
        self.nowMicroseconds = nowMicroseconds
        self.makeTraceID = makeTraceID
        self.renderProblem = renderProblem
        quick = nil
    }
}

/// The outermost responder of a face: stamps the request, answers every error as a problem, counts, and adds the
/// headers that every answer has. Whatever the router or a handler throws, nothing of it leaves but a problem.
package struct EdgeResponder<Context: EdgeRequestContext>: HTTPResponder {
    private let face: EdgeFace<Context>
    private let routes: RouterResponder<Context>
    private let methods: RouteMethods
    private let meters: RequestMeters

    /// The responder of all routes that the router has by now.
    /// - Parameter metrics: where requests are counted; nil for the process's metrics system.
    package init(router: Router<Context>, face: EdgeFace<Context>, metrics: (any MetricsFactory)? = nil) {
        self.face = face
        self.routes = router.buildResponder()
        self.methods = RouteMethods(router.routes.map { ($0.path, $0.method) })
        self.meters = RequestMeters(face: face.name, factory: metrics)
    }

    /// What the connections of this face share for finished answers; nil where there are none.
    var quickDesk: QuickDesk? { face.quick.map { QuickDesk($0, face: face, meters: meters) } }

    /// Answers a request; never throws.
    package func respond(to request: Request, context: Context) async throws -> Response {
        let start = ContinuousClock.now
        let context = stamped(context, request)
        var response: Response
        do {
            // Of HTTP/1.0 as the connection saw to it; the first host is the authority, a second one still a header.
            guard request.head.authority != nil, request.headers[.secondHost] == nil else { throw Problem.oneHost }
            response = try await routes.respond(to: request, context: context)
            if response.status.code >= 400, response.headers[.contentType] == nil {
                // The router answers its own errors without a body.
                response = render(problem(status: response.status, request), request, context)
            }
        } catch {
            response = render(problem(of: error, context), request, context)
        }
        face.securityHeaders.add(to: &response.headers)
        response.headers[.requestID] = context.edge.traceID
        meters.record(
            route: context.endpointPath, method: request.method, status: response.status,
            duration: start.duration(to: .now))
        // A body after all, on a connection that stays open, would be read as the beginning of the next answer.
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func stamped(_ context: Context, _ request: Request) -> Context {
        var context = context
        context.edge.arrivedMicroseconds = face.nowMicroseconds()
        context.edge.traceID = face.makeTraceID()
        context.edge.language = EdgeLanguage(of: request)
        if let peer = context.edge.peer {
            context.edge.client = face.trustedProxies.client(
                peer: peer, forwardedFor: request.headers[values: .forwardedFor])
        }
        return context
    }

    private func problem(of error: any Error, _ context: Context) -> Problem {
        if let problem = Problem(expected: error) { return problem }
        // The type alone: an error's text may quote a statement or a person's data.
        context.tracedLogger.error("unforeseen error", metadata: ["error": "\(type(of: error))"])
        return .internalError
    }

    private func problem(status: HTTPResponse.Status, _ request: Request) -> Problem {
        if status == .notFound {
            let others = methods.allowed(at: request.uri.path)
            if !others.isEmpty, !others.contains(request.method.rawValue) { return .methodNotAllowed(allow: others) }
        }
        return Problem(status: status)
    }

    private func render(_ problem: Problem, _ request: Request, _ context: Context) -> Response {
        let plain = problem.response(language: context.edge.language, traceID: context.edge.traceID)
        guard var own = face.renderProblem(problem, request, context) else { return plain }
        // What the protocol needs stands whatever the page's author thought of.
        for name in [HTTPField.Name.connection, .retryAfter, .allow, .cacheControl] {
            if let value = plain.headers[name] { own.headers[name] = value }
        }
        return own
    }
}
