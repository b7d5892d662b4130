import NIOCore
import NIOHTTP1

/// Told to the connection's guard: what happens before it gets there.
enum LaneEvent: Sendable {
    /// A request came and was answered.
    case answered
    /// An answer that goes on begins, or ends.
    case streamBegan, streamEnded
    /// A piece of it is handed to the network, or has left.
    case writeStarted, writeEnded
}

/// Answers on the event loop what has a finished answer, and lets everything else pass.
///
/// Stands at the wire side of Hummingbird's codec. A request is looked at only while nothing else is under way on the
/// connection, so that answers leave in the order of their requests, and only while the caller reads what it is sent.
/// Used on its event loop only.
final class QuickLane: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A head whose end has not come yet.
    private struct Candidate {
        let head: HTTPRequestHead
        let began: ContinuousClock.Instant
    }

    private let desk: QuickDesk
    /// Whose `write` goes to the wire as it is.
    private var wire: ChannelHandlerContext?
    private var peer: RemoteAddress?
    private var candidate: Candidate?
    /// Requests that went the ordinary way and are not answered to their end.
    private var ordinaryCount = 0
    /// An answer that is still to come; what arrives meanwhile is held.
    private var isWaiting = false
    private var held: [HTTPServerRequestPart] = []
    private var heldClose: (mode: CloseMode, promise: EventLoopPromise<Void>?)?
    private var isReadHeld = false
    /// The answer that goes on.
    private var streaming: Task<Void, Never>?
    private var isStopping = false

    init(_ desk: QuickDesk) { self.desk = desk }

    func handlerAdded(context: ChannelHandlerContext) {
        wire = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        wire = nil
        heldClose?.promise?.fail(ChannelError.alreadyClosed)
        heldClose = nil
    }

    // MARK: requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard isWaiting || streaming != nil else { return take(part, context) }
        held.append(part)
        // Who follows has nothing more to ask.
        if streaming != nil, held.count > Self.heldCountMax { context.close(mode: .all, promise: nil) }
    }

    private static let heldCountMax = 16

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            if mayAnswer(head, context) {
                candidate = Candidate(head: head, began: .now)
            } else {
                ordinaryCount += 1
                context.fireChannelRead(wrapInboundOut(part))
            }
        case .body:
            if let candidate { pass(candidate.head, context) }
            context.fireChannelRead(wrapInboundOut(part))
        case .end:
            guard let candidate else { return context.fireChannelRead(wrapInboundOut(part)) }
            answer(candidate, context)
        }
    }

    private func mayAnswer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) -> Bool {
        ordinaryCount == 0 && !isStopping && head.method == .GET && head.version == .http1_1
            && desk.answers.concerns(head.uri) && wire != nil && context.channel.isWritable
    }

    /// Sends a head on that was held back.
    private func pass(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        candidate = nil
        ordinaryCount += 1
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private func answer(_ candidate: Candidate, _ context: ChannelHandlerContext) {
        // Not known before the connection is open.
        if peer == nil { peer = RemoteAddress(context.remoteAddress) }
        guard let request = QuickRequest(candidate.head, peer: peer, desk: desk) else {
            return passWhole(candidate.head, context)
        }
        switch desk.answers.plan(request, on: context.eventLoop) {
        case .ordinary: passWhole(candidate.head, context)
        case .answer(let answer):
            self.candidate = nil
            send(answer, since: candidate.began, context)
        case .stream(let stream):
            self.candidate = nil
            begin(stream, since: candidate.began, context)
        case .later(let answer):
            self.candidate = nil
            isWaiting = true
            answer.assumeIsolated().whenComplete { result in
                self.arrived((try? result.get()) ?? nil, to: candidate, context)
            }
        }
    }

    private func passWhole(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        pass(head, context)
        context.fireChannelRead(wrapInboundOut(.end(nil)))
    }

    /// What was waited for is there: the answer, and then whatever came meanwhile.
    private func arrived(_ answer: QuickAnswer?, to candidate: Candidate, _ context: ChannelHandlerContext) {
        guard isWaiting, wire != nil else { return }
        isWaiting = false
        if let answer {
            send(answer, since: candidate.began, context)
        } else {
            passWhole(candidate.head, context)
        }
        if let close = heldClose {
            heldClose = nil
            return context.close(mode: close.mode, promise: close.promise)
        }
        takeHeld(context)
    }

    private func takeHeld(_ context: ChannelHandlerContext) {
        var parts = held[...]
        held = []
        while !isWaiting, streaming == nil, let part = parts.popFirst() { take(part, context) }
        held = Array(parts)
        guard !isWaiting else { return }
        context.fireChannelReadComplete()
        if isReadHeld {
            isReadHeld = false
            context.read()
        }
    }

    private func send(_ answer: QuickAnswer, since began: ContinuousClock.Instant, _ context: ChannelHandlerContext) {
        let closes = isStopping || heldClose != nil
        let bytes = desk.bytes(of: answer, closes: closes, allocator: context.channel.allocator)
        wire?.writeAndFlush(NIOAny(IOData.byteBuffer(bytes)), promise: nil)
        desk.record(answer.head, route: answer.route, since: began)
        context.fireUserInboundEventTriggered(LaneEvent.answered)
    }

    // MARK: answers that go on

    private func begin(_ stream: QuickStream, since began: ContinuousClock.Instant, _ context: ChannelHandlerContext) {
        wire?.writeAndFlush(
            NIOAny(IOData.byteBuffer(desk.bytes(of: stream, allocator: context.channel.allocator))), promise: nil)
        desk.record(stream.head, route: stream.route, since: began)
        context.fireUserInboundEventTriggered(LaneEvent.streamBegan)
        let lane = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        // Belongs to the connection, which cancels it when it goes.
        streaming = Task {
            await stream.run { piece in
                try await loop.flatSubmit {
                    let (lane, context) = lane.value
                    return lane.write(piece, context)
                }.get()
            }
            loop.execute {
                let (lane, context) = lane.value
                lane.end(context)
            }
        }
    }

    /// Writes a piece as a chunk of the transfer coding.
    private func write(_ piece: [UInt8], _ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
        guard let wire, streaming != nil else {
            return context.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
        guard !piece.isEmpty else { return context.eventLoop.makeSucceededVoidFuture() }
        var buffer = context.channel.allocator.buffer(capacity: piece.count + 16)
        buffer.writeString(String(piece.count, radix: 16))
        buffer.writeStaticString("\r\n")
        buffer.writeBytes(piece)
        buffer.writeStaticString("\r\n")
        context.fireUserInboundEventTriggered(LaneEvent.writeStarted)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            context.fireUserInboundEventTriggered(LaneEvent.writeEnded)
        }
        wire.writeAndFlush(NIOAny(IOData.byteBuffer(buffer)), promise: written)
        return written.futureResult
    }

    private func end(_ context: ChannelHandlerContext) {
        guard let wire, streaming != nil else { return }
        streaming = nil
        wire.writeAndFlush(NIOAny(IOData.byteBuffer(ByteBuffer(string: "0\r\n\r\n"))), promise: nil)
        context.fireUserInboundEventTriggered(LaneEvent.streamEnded)
        if let close = heldClose {
            heldClose = nil
            return context.close(mode: close.mode, promise: close.promise)
        }
        takeHeld(context)
    }

    // MARK: the rest of the connection

    func read(context: ChannelHandlerContext) {
        // While an answer is awaited nothing more is taken in than has come already.
        if isWaiting { isReadHeld = true } else { context.read() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { ordinaryCount -= 1 }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { isStopping = true }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isWaiting = false
        held = []
        wire = nil
        streaming?.cancel()
        streaming = nil
        context.fireChannelInactive()
    }

    /// A close waits for the answer that is on its way; when the server stops, also for the end of one that goes on.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard isWaiting || (streaming != nil && isStopping), mode != .input else {
            if mode != .input { streaming?.cancel() }
            return context.close(mode: mode, promise: promise)
        }
        if heldClose == nil {
            heldClose = (mode, promise)
        } else {
            if mode == .all { heldClose?.mode = .all }
            promise?.succeed()
        }
    }
}

@available(*, unavailable)
extension QuickLane: Sendable {}
