import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server of others on the loopback: keeps what it is sent, and answers as a test says.
final class StandInServer: Sendable {
    /// One request, whole.
    struct Received: Sendable {
        let path: String
        /// By name in small letters.
        let headers: [String: String]
        let body: [UInt8]
    }

    /// What becomes of a request.
    enum Reply: Sendable {
        case status(Int, headers: [(String, String)] = [], body: [UInt8] = [])
        /// The connection is closed without an answer.
        case drop
        /// There is no answer for as long as the connection lives.
        case hang
    }

    typealias Answer = @Sendable (Received) -> Reply

    /// Where it listens.
    let port: Int
    private let channel: any Channel
    private let log: Log

    private final class Log: Sendable {
        let entries = Mutex<[Received]>([])
    }

    private init(_ channel: any Channel, _ log: Log, port: Int) {
        self.channel = channel
        self.log = log
        self.port = port
    }

    /// Everything that came, in order.
    var all: [Received] { log.entries.withLock { $0 } }

    /// Runs the body with a server that listens on any free port.
    static func with<Value>(
        _ answer: @escaping Answer, _ body: (StandInServer) async throws -> Value
    ) async throws -> Value {
        let log = Log()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(log: log, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = StandInServer(channel, log, port: channel.localAddress?.port ?? 0)
        do {
            let value = try await body(server)
            try await channel.close()
            return value
        } catch {
            // The test's own failure says more than a second one here.
            try? await channel.close()
            throw error
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let log: Log
        private let answer: Answer
        private var head: HTTPRequestHead?
        private var body: [UInt8] = []

        init(log: Log, answer: @escaping Answer) {
            self.log = log
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = []
            case .body(let bytes): body += bytes.readableBytesView
            case .end:
                guard let head else { return }
                var headers: [String: String] = [:]
                for header in head.headers { headers[header.name.lowercased()] = header.value }
                let received = Received(path: head.uri, headers: headers, body: body)
                log.entries.withLock { $0.append(received) }
                reply(answer(received), context)
            }
        }

        private func reply(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .hang: return
            case .drop: context.close(promise: nil)
            case .status(let status, let headers, let bytes):
                var fields = HTTPHeaders(headers)
                fields.add(name: "Content-Length", value: "\(bytes.count)")
                let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields)
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

/// Something that a test turns on and off while a server runs.
final class Toggle: Sendable {
    private let state: Mutex<Bool>

    init(_ isOn: Bool) { state = Mutex(isOn) }

    var isOn: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
