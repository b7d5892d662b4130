package import HTTPTypes
package import NIOCore

/// What a finished answer may depend on, of a `GET` without a body.
package struct QuickRequest: Sendable {
    /// Path and query as they were sent.
    package let target: String
    /// The caller as far as listed proxies vouch for it; nil without a socket.
    package let client: RemoteAddress?
    /// The value of `If-None-Match`.
    package var ifNoneMatch: String?
    /// The value of `Accept-Language`.
    package var acceptLanguage: String?
    /// The value of `Last-Event-ID`.
    package var lastEventID: String?
    /// When the request's head was taken in, by the face's clock: microseconds since 1970 UTC.
    package let arrivedMicroseconds: Int64

    /// A request for a target.
    package init(
        target: String, client: RemoteAddress?, ifNoneMatch: String? = nil, acceptLanguage: String? = nil,
        lastEventID: String? = nil, arrivedMicroseconds: Int64
    ) {
        self.target = target
        self.client = client
        self.ifNoneMatch = ifNoneMatch
        self.acceptLanguage = acceptLanguage
        self.lastEventID = lastEventID
        self.arrivedMicroseconds = arrivedMicroseconds
    }

    /// Whether `If-None-Match` says that the caller has this version. An unreadable header says nothing.
    package func has(_ tag: ETag) -> Bool {
        guard let ifNoneMatch else { return false }
        // What nearly every caller sends is the one tag as it was given.
        return ifNoneMatch == tag.quoted || ETagList(ifNoneMatch, acceptsWeak: true)?.contains(tag) ?? false
    }
}

/// A finished answer: all that is left to add is what differs from request to request.
package struct QuickAnswer: Sendable {
    /// The status and the lines of all headers but those that the lane adds: tag, date, trace id, quota, length.
    package let head: QuickHead
    /// The tag of what the body says.
    package let tag: ETag
    /// The body; empty for 304.
    package let body: [UInt8]
    /// What is left of the caller's quota.
    package let quota: QuotaDecision
    /// The index of its route in ``QuickAnswers/routes``, for the metrics.
    package let route: Int

    /// Joins the parts.
    package init(head: QuickHead, tag: ETag, body: [UInt8], quota: QuotaDecision, route: Int) {
        self.head = head
        self.tag = tag
        self.body = body
        self.quota = quota
        self.route = route
    }
}

/// What becomes of a request that might have a finished answer.
package enum QuickPlan: Sendable {
    /// It goes the ordinary way, through the router.
    case ordinary
    /// The answer.
    case answer(QuickAnswer)
    /// The answer comes; nil sends the request the ordinary way after all.
    case later(EventLoopFuture<QuickAnswer?>)
    /// An answer that goes on.
    case stream(QuickStream)
}

/// An answer that goes on for as long as both sides want it, such as server-sent events. It costs a connection one small
/// task, while the router's way keeps all that the request went through.
package struct QuickStream: Sendable {
    /// As of other answers, without tag and quota.
    package let head: QuickHead
    /// The index of its route in ``QuickAnswers/routes``, for the metrics.
    package let route: Int
    /// Writes the pieces. `write` returns once its piece has left for the network, and throws when nobody reads any more;
    /// when the connection goes, the task is cancelled.
    package let run: @Sendable (_ write: @Sendable ([UInt8]) async throws -> Void) async -> Void

    /// Joins the parts.
    package init(
        head: QuickHead, route: Int,
        run: @escaping @Sendable (_ write: @Sendable ([UInt8]) async throws -> Void) async -> Void
    ) {
        self.head = head
        self.route = route
        self.run = run
    }
}

/// Finished answers, given on the connection's own event loop: without a task, a hop between threads, the router or a
/// header that is made anew. Whatever is out of the ordinary goes the ordinary way, where every rule is written.
package protocol QuickAnswers: Sendable {
    /// The routes that it answers, as the router calls them.
    var routes: [String] { get }

    /// Whether a target might be answered here; must cost next to nothing.
    func concerns(_ target: String) -> Bool

    /// What becomes of the request. Must not block.
    func plan(_ request: QuickRequest, on eventLoop: any EventLoop) -> QuickPlan
}

/// The beginning of finished answers of one kind, as it goes over the wire.
package struct QuickHead: Sendable {
    /// The status, for the metrics.
    package let status: HTTPResponse.Status
    /// The status line and header lines, each with its line end.
    package let bytes: [UInt8]

    /// The head of an answer.
    /// - Parameter headers: those of the answer; the face's own are added where it does not set them itself.
    package init(status: HTTPResponse.Status, headers: HTTPFields, security: SecurityHeaders) {
        var headers = headers
        security.add(to: &headers)
        var bytes = Array("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n".utf8)
        for field in headers { bytes += "\(field.name.rawName): \(field.value)\r\n".utf8 }
        self.status = status
        self.bytes = bytes
    }
}
