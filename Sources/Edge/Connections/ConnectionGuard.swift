import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// The body did not come in its time.
struct BodyTooSlow: ProblemConvertible {
    var problem: Problem { .requestTimeout }
}

/// Holds one connection to its limits, and ends it properly.
///
/// Stands between the HTTP codec and Hummingbird, whose own idle clock neither sees a body that trickles nor a caller
/// that does not read, and cuts large answers that are still on their way out; so that one is off and this one is on.
/// Also: `Connection: close` in an answer really closes (Hummingbird looks only at the request's), and a close waits
/// until what was written is out. Used on its event loop only.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Large bodies go out in such parts, so that progress shows.
    private static let partByteCount = 64 << 10

    private let census: ConnectionCensus
    private var watch: ConnectionWatch
    private var address: RemoteAddress?
    private var isCounted = false
    private var ticking: Scheduled<Void>?
    private var isStopping = false
    private var closesAfterAnswer = false
    private var heldClose: (mode: CloseMode, promise: EventLoopPromise<Void>?)?

    init(limits: ConnectionLimits, census: ConnectionCensus) {
        self.census = census
        self.watch = ConnectionWatch(limits: limits, now: Self.now)
    }

    private static var now: Duration { .nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds)) }

    // MARK: opening and ending

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        start(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
        heldClose?.promise?.fail(ChannelError.alreadyClosed)
        heldClose = nil
    }

    private func start(_ context: ChannelHandlerContext) {
        guard ticking == nil, !isCounted else { return }
        if let address = RemoteAddress(context.remoteAddress) {
            guard census.enter(address) else {
                context.close(mode: .all, promise: nil)
                return
            }
            self.address = address
            isCounted = true
        }
        scheduleTick(context)
    }

    private func stop() {
        ticking?.cancel()
        ticking = nil
        if isCounted, let address {
            isCounted = false
            census.leave(address)
        }
    }

    private func scheduleTick(_ context: ChannelHandlerContext) {
        let delay = TimeAmount.nanoseconds(watch.limits.tick.nanoseconds)
        ticking = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { self.tick(context) }
    }

    private func tick(_ context: ChannelHandlerContext) {
        switch watch.tick(now: Self.now) {
        case .none: break
        case .close:
            context.close(mode: .all, promise: nil)
            return
        case .failBody:
            closesAfterAnswer = true
            context.fireErrorCaught(BodyTooSlow())
        }
        scheduleTick(context)
    }

    // MARK: reading

    func read(context: ChannelHandlerContext) {
        watch.wantsRead = true
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // After the last answer the caller may still be sending; nobody will read it.
        if watch.lingerSince != nil || watch.bodyFailedSince != nil { return }
        watch.wantsRead = false
        switch unwrapInboundIn(data) {
        case .head(let head):
            watch.headRead(
                declaredByteCount: head.headerFields[.contentLength].flatMap { Int($0) }, now: Self.now)
        case .body(let buffer): watch.bodyRead(byteCount: buffer.readableBytes)
        case .end: watch.bodyEnded()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Discarding goes on though nobody behind us asks for more.
        if watch.lingerSince != nil || watch.bodyFailedSince != nil { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? LaneEvent {
            switch event {
            case .answered: watch.answeredQuickly(now: Self.now)
            case .streamBegan: watch.streamBegan()
            case .streamEnded: watch.streamEnded(now: Self.now)
            case .writeStarted: watch.writeStarted(now: Self.now)
            case .writeEnded: watch.writeEnded(now: Self.now)
            }
            return
        }
        if event is ChannelShouldQuiesceEvent { isStopping = true }
        if case .inputClosed? = event as? ChannelEvent, watch.lingerSince != nil {
            context.close(mode: .all, promise: nil)
            return
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: writing

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if head.status.kind != .informational {
                if isStopping || closesAfterAnswer { head.headerFields[.connection] = "close" }
                closesAfterAnswer = closesAfterAnswer || head.headerFields[.connection]?.lowercased() == "close"
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body(var buffer):
            while buffer.readableBytes > Self.partByteCount, let part = buffer.readSlice(length: Self.partByteCount) {
                track(.body(part), context, nil)
            }
            track(.body(buffer), context, promise)
        case .end(let trailers):
            track(.end(trailers), context, promise, endsAnswer: true)
        }
    }

    private func track(
        _ part: HTTPResponsePart, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?,
        endsAnswer: Bool = false
    ) {
        watch.writeStarted(now: Self.now)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.watch.writeEnded(now: Self.now)
            if endsAnswer { self.watch.answerEnded() }
            self.closeIfDue(context)
        }
        if let promise { written.futureResult.cascade(to: promise) }
        context.write(wrapOutboundOut(part), promise: written)
    }

    private func closeIfDue(_ context: ChannelHandlerContext) {
        guard watch.pendingWriteCount == 0 else { return }
        if let held = heldClose {
            heldClose = nil
            perform(held.mode, held.promise, context)
        } else if closesAfterAnswer, watch.openRequestCount == 0, watch.lingerSince == nil {
            perform(.output, nil, context)
        }
    }

    // MARK: closing

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .input || watch.pendingWriteCount == 0 {
            perform(mode, promise, context)
        } else if heldClose == nil {
            heldClose = (mode, promise)
        } else {
            // The strongest wish counts; they all end with the connection.
            if mode == .all { heldClose?.mode = .all }
            promise?.succeed()
        }
    }

    /// Closes: our side only, and the rest when the caller has had time to read, as long as it still sends. Closing
    /// over unread bytes would make the kernel reset the connection and the answer be lost.
    private func perform(_ mode: CloseMode, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        let needsLinger = mode == .output || (mode == .all && watch.isReceivingBody && watch.openRequestCount == 0)
        guard needsLinger, watch.lingerSince == nil else {
            context.close(mode: mode, promise: promise)
            return
        }
        watch.linger(now: Self.now)
        context.close(mode: .output, promise: promise)
        context.read()
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
