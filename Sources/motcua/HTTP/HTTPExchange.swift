import NIOCore
import NIOHTTP1

/// A request of ours: what differs from one to the next.
struct HTTPCall: Sendable {
    /// The methods in use.
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    var method: Method
    /// Path with query, from the root.
    var path: String
    var headers: [(String, String)]
    var body: [UInt8]
    /// Whether sending it twice does no more than sending it once.
    var isRepeatable: Bool

    init(
        _ method: Method = .get, _ path: String, headers: [(String, String)] = [], body: [UInt8] = [],
        isRepeatable: Bool? = nil
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.isRepeatable = isRepeatable ?? (method == .get)
    }
}

/// What a server answered, whole.
struct HTTPAnswer: Sendable {
    var status: Int
    var headers: [(String, String)]
    var body: [UInt8]
    /// Whether the connection may serve another request.
    var staysOpen: Bool

    /// The first header of that name, in any case.
    func header(_ name: String) -> String? {
        headers.first { $0.0.lowercased() == name.lowercased() }?.1
    }
}

/// Why no answer came; one line for the person at the terminal.
enum HTTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody listens there, or the name is unknown.
    case unreachable(String)
    /// The connection ended before the answer did; `isUntouched` when not a byte of the answer had come.
    case broken(isUntouched: Bool)
    /// No answer in time.
    case timedOut
    /// More than the client takes.
    case tooLarge
    /// What came is no HTTP.
    case malformed

    var description: String {
        switch self {
        case .unreachable(let address): "nothing answers at \(address): is the server running? (motcua serve)"
        case .broken: "the server closed the connection before it had answered; ask again"
        case .timedOut: "the server did not answer in time; ask again with the same key"
        case .tooLarge: "the answer is larger than this client takes; ask for less with --limit"
        case .malformed: "what answered does not speak HTTP/1.1: check the address"
        }
    }
}

/// A request on its way through a connection, and where its answer goes.
struct HTTPExchange: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer
    let answer: EventLoopPromise<HTTPAnswer>
    let patience: TimeAmount
}

/// One connection's end of the talk: a request at a time, its answer collected whole.
final class HTTPExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPExchange
    typealias OutboundOut = HTTPClientRequestPart

    private let byteCountMax: Int
    private var current: (exchange: HTTPExchange, timer: Scheduled<Void>)?
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []

    init(byteCountMax: Int) {
        self.byteCountMax = byteCountMax
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        guard current == nil, context.channel.isActive else {
            exchange.answer.fail(HTTPFailure.broken(isUntouched: true))
            promise?.fail(HTTPFailure.broken(isUntouched: true))
            return
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let timer = context.eventLoop.scheduleTask(in: exchange.patience) {
            let (handler, context) = bound.value
            handler.fail(.timedOut, context)
        }
        current = (exchange, timer)
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if exchange.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(exchange.body))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // From here on the answer, or the connection's end, tells what came of it.
        promise?.succeed(())
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            guard body.count + part.readableBytes <= byteCountMax else { return fail(.tooLarge, context) }
            body.append(contentsOf: part.readableBytesView)
        case .end:
            guard let head, let (exchange, timer) = current else { return }
            // 1xx answers come before the one that counts.
            if head.status.code < 200 { return self.head = nil }
            timer.cancel()
            current = nil
            self.head = nil
            exchange.answer.succeed(
                HTTPAnswer(
                    status: Int(head.status.code), headers: head.headers.map { ($0.name, $0.value) }, body: body,
                    staysOpen: head.isKeepAlive))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.broken(isUntouched: head == nil), context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error is HTTPParserError ? .malformed : .broken(isUntouched: head == nil), context)
    }

    private func fail(_ failure: HTTPFailure, _ context: ChannelHandlerContext) {
        if let (exchange, timer) = current {
            current = nil
            timer.cancel()
            exchange.answer.fail(failure)
        }
        context.close(promise: nil)
    }
}
