import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Notices
import PublicFeed

/// Answers `/events`: server-sent events (WHATWG HTML, 9.2) whose data are CloudEvents 1.0.
///
/// `province`, with `agency` or `procedure`, follows the public stream; `code` follows a dossier. Where the site has one
/// province, that one is meant. Ids are `province-n`; `Last-Event-ID` (or `last-event-id` in the query, for the first
/// time) goes on after it, without gap or duplicate.
final class EventDesk: Sendable {
    let feeds: PublicFeeds
    let live: LiveEvents
    let lookUp: LookUpDesk

    init(feeds: PublicFeeds, live: LiveEvents, lookUp: LookUpDesk) {
        self.feeds = feeds
        self.live = live
        self.lookUp = lookUp
    }

    func addRoutes<Context: EdgeRequestContext>(to router: some RouterMethods<Context>) {
        router.get("/events") { [self] request, context in
            if let code = request.uri.queryParameters["code"] {
                return try await dossier(request, context, code: TypedText.decode(code))
            }
            return try await channel(request, context)
        }
    }

    private func dossier(
        _ request: Request, _ context: some EdgeRequestContext, code typed: String
    ) async throws -> Response {
        try await LookUpDesk.document {
            try await lookUp.programsFamily(context, code: typed) { code, family in
                let following = LiveFollowing.dossier(FollowedDossier(family.dossier.newest, lookUp: code))
                return try stream(request, context, following)
            }
        }
    }

    private func channel(_ request: Request, _ context: some EdgeRequestContext) async throws -> Response {
        let decision = feeds.limiter.take(
            context.edge.client?.block, nowMicroseconds: context.edge.arrivedMicroseconds)
        guard decision.isAllowed else { throw decision.problem }
        let kind = try EventDesk.kind(of: request)
        let province = try await self.province(EventDesk.asked("province", of: request))
        // An unknown agency or procedure is followed all the same: its first dossier may come tomorrow.
        return try stream(request, context, .channel(FeedChannel(province: province, kind: kind)))
    }

    private static func asked(_ name: Substring, of request: Request) -> String? {
        request.uri.queryParameters[name].map { TypedText.decode($0) }
    }

    private static func kind(of request: Request) throws(Problem) -> FeedChannel.Kind {
        switch (asked("agency", of: request), asked("procedure", of: request)) {
        case (nil, nil): return .province
        case (let agency?, nil): return .agency(agency)
        case (nil, let procedure?): return .procedure(procedure)
        case (_?, _?):
            throw .badRequest(
                "one-filter", vi: "Chỉ chọn một: agency hoặc procedure.", en: "Give agency or procedure, not both.")
        }
    }

    /// The public stream that a request asks for, on its connection's event loop; nil for a dossier's stream, and for
    /// whatever is refused or has to be looked up first.
    func quick(_ asked: QuickRequest, route: Int) -> QuickStream? {
        var fields: HTTPFields = [:]
        fields[.lastEventID] = asked.lastEventID
        let request = Request(
            head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: asked.target, headerFields: fields),
            body: RequestBody(buffer: ByteBuffer()))
        guard request.uri.path == "/events", request.uri.queryParameters["code"] == nil,
            let province = EventDesk.asked("province", of: request).flatMap({ Int16($0) }),
            let kind = try? EventDesk.kind(of: request),
            case .success(let place) = EventDesk.placeResult(of: request, in: province),
            feeds.limiter.take(asked.client?.block, nowMicroseconds: asked.arrivedMicroseconds).isAllowed
        else { return nil }
        let following = LiveFollowing.channel(FeedChannel(province: province, kind: kind))
        guard let (stream, seat) = try? open(following, after: place, for: asked.client?.block) else { return nil }
        let head = QuickHead(status: .ok, headers: EventDesk.headers(for: following), security: .pages)
        return QuickStream(head: head, route: route) { write in
            var pieces = EventPieces(stream: stream, seat: seat)
            while let piece = await pieces.next() {
                // Nobody reads any more: who comes back has the place.
                guard (try? await write(piece)) != nil else { return }
            }
        }
    }

    private func province(_ asked: String?) async throws -> Int16 {
        if let asked {
            guard let province = Int16(asked) else { throw Problem.notFound }
            return province
        }
        let provinces = try await FeedDesk.read { try await feeds.following.provinces() }
        guard let only = provinces.first, provinces.count == 1 else {
            throw Problem.badRequest(
                "province-needed", vi: "Hãy chọn tỉnh, ví dụ ?province=48.",
                en: "Say which province, such as ?province=48.")
        }
        return only
    }

    private func stream(
        _ request: Request, _ context: some EdgeRequestContext, _ following: LiveFollowing
    ) throws -> Response {
        let place = try EventDesk.place(of: request, in: following.province)
        var answer = Response(status: .ok, headers: EventDesk.headers(for: following))
        // A question for the head alone takes no seat.
        guard request.method == .get else { return answer }
        let (stream, seat) = try open(following, after: place, for: context.edge.client?.block)
        answer.body = ResponseBody { writer in
            var pieces = EventPieces(stream: stream, seat: seat)
            while let piece = await pieces.next() { try await writer.write(ByteBuffer(bytes: piece)) }
            try await writer.finish(nil)
        }
        return answer
    }

    private static func headers(for following: LiveFollowing) -> HTTPFields {
        var headers: HTTPFields = [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: CacheControl.noStore.value,
            .accelBuffering: "no",
        ]
        if case .channel = following {
            headers[.accessControlAllowOrigin] = "*"
            headers[.crossOriginResourcePolicy] = "cross-origin"
        }
        return headers
    }

    /// Takes a seat and begins to follow.
    private func open(
        _ following: LiveFollowing, after place: Int64?, for block: AddressBlock?
    ) throws(Problem) -> (LiveStream, StreamSeats.Seat) {
        let seat: StreamSeats.Seat
        do throws(StreamSeats.Refusal) { seat = try feeds.seats.take(block) } catch {
            switch error {
            case .block: throw Problem.tooManyRequests(retryAfterSeconds: 60)
            case .all: throw Problem.unavailable(retryAfterSeconds: 30)
            }
        }
        let stream: LiveStream
        do throws(LiveEvents.Refusal) { stream = try live.open(following, after: place) } catch {
            switch error {
            case .unknownProvince: throw Problem.notFound
            case .notNow: throw Problem.unavailable(retryAfterSeconds: 5)
            }
        }
        return (stream, seat)
    }

    private static func placeResult(of request: Request, in province: Int16) -> Result<Int64?, Problem> {
        Result { () throws(Problem) in try place(of: request, in: province) }
    }

    /// The last event that the reader has, by the header or, for the first time, the query.
    private static func place(of request: Request, in province: Int16) throws(Problem) -> Int64? {
        let header = request.headers[.lastEventID]
        guard let text = header ?? request.uri.queryParameters["last-event-id"].map({ TypedText.decode($0) }),
            !text.isEmpty
        else { return nil }
        guard let place = LivePlace(text), place.province == province else {
            throw .badRequest(
                "invalid-last-event-id", vi: "Last-Event-ID không hợp lệ: dạng đúng là “48-1234”, của cùng tỉnh.",
                en: "Last-Event-ID does not read: it must be like “48-1234”, of the same province.")
        }
        return place.n
    }
}

/// What a stream's connection is sent, as long as both sides want it. Holds no event itself: a reader that is slow makes
/// the write wait, and the stream then says when that is too long.
private struct EventPieces {
    private var stream: LiveStream
    private let seat: StreamSeats.Seat
    private var hasBegun = false

    init(stream: LiveStream, seat: StreamSeats.Seat) {
        self.stream = stream
        self.seat = seat
    }

    mutating func next() async -> [UInt8]? {
        if !hasBegun {
            hasBegun = true
            // Not all at once, after a restart.
            return Array("retry: \(Int.random(in: 2_000...8_000))\n\n".utf8)
        }
        // Nothing but the database can fail here, and then the reader comes back with the place it has.
        return try? await stream.next()
    }
}
