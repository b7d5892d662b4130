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
struct EventDesk: Sendable {
    let feeds: PublicFeeds
    let live: LiveEvents
    let lookUp: LookUpDesk

    func addRoutes<Context: EdgeRequestContext>(to router: some RouterMethods<Context>) {
        router.get("/events") { request, context in
            if let code = request.uri.queryParameters["code"] {
                return try await dossier(request, context, code: TypedText.decode(code))
            }
            return try await channel(request, context)
        }
    }

    private func dossier(
        _ request: Request, _ context: some EdgeRequestContext, code typed: String
    ) async throws -> Response {
        try await lookUp.family(context, code: typed) { code, family in
            let following = LiveFollowing.dossier(FollowedDossier(family.dossier.newest, lookUp: code))
            return try stream(request, context, following)
        }
    }

    private func channel(_ request: Request, _ context: some EdgeRequestContext) async throws -> Response {
        let decision = feeds.limiter.take(
            context.edge.client?.block, nowMicroseconds: context.edge.arrivedMicroseconds)
        guard decision.isAllowed else { throw decision.problem }
        func asked(_ name: Substring) -> String? {
            request.uri.queryParameters[name].map { TypedText.decode($0) }
        }
        let kind: FeedChannel.Kind
        switch (asked("agency"), asked("procedure")) {
        case (nil, nil): kind = .province
        case (let agency?, nil): kind = .agency(agency)
        case (nil, let procedure?): kind = .procedure(procedure)
        case (_?, _?):
            throw Problem.badRequest(
                "one-filter", vi: "Chỉ chọn một: agency hoặc procedure.", en: "Give agency or procedure, not both.")
        }
        let province = try await self.province(asked("province"))
        // An unknown agency or procedure is followed all the same: its first dossier may come tomorrow.
        return try stream(request, context, .channel(FeedChannel(province: province, kind: kind)))
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
        let headers: HTTPFields = [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: CacheControl.noStore.value,
            .accelBuffering: "no",
        ]
        var answer = Response(status: .ok, headers: headers)
        if case .channel = following {
            answer.headers[.accessControlAllowOrigin] = "*"
            answer.headers[.crossOriginResourcePolicy] = "cross-origin"
        }
        // A question for the head alone takes no seat.
        guard request.method == .get else { return answer }
        let seat: StreamSeats.Seat
        do throws(StreamSeats.Refusal) { seat = try feeds.seats.take(context.edge.client?.block) } catch {
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
        answer.body = EventDesk.body(stream, seat: seat)
        return answer
    }

    /// Writes what the stream has as long as both sides want it. Holds no event itself: a reader that is slow makes the
    /// write wait, and the stream then says when that is too long.
    private static func body(_ stream: LiveStream, seat: StreamSeats.Seat) -> ResponseBody {
        ResponseBody { writer in
            var stream = stream
            // Not all at once, after a restart.
            try await writer.write(ByteBuffer(string: "retry: \(Int.random(in: 2_000...8_000))\n\n"))
            // Nothing but the database can fail here, and then the reader comes back with the place it has.
            while let piece = try? await stream.next() { try await writer.write(ByteBuffer(bytes: piece)) }
            try await writer.finish(nil)
            withExtendedLifetime(seat) {}
        }
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
