import Edge
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// A connection at the level of bytes.
final class Wire: Sendable {
    private let channel: any Channel
    private let received: AsyncStream<[UInt8]>
    private let kept = Mutex<[UInt8]>([])

    private init(_ channel: any Channel, _ received: AsyncStream<[UInt8]>) {
        self.channel = channel
        self.received = received
    }

    /// Opens a connection.
    /// - Parameter reads: false for a caller that never takes what it is sent.
    static func open(_ port: Int, reads: Bool = true) async throws -> Wire {
        let (stream, source) = AsyncStream.makeStream(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(source: source))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return Wire(channel, stream)
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let source: AsyncStream<[UInt8]>.Continuation

        init(source: AsyncStream<[UInt8]>.Continuation) { self.source = source }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            source.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) { source.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    /// Sends; gives false once the other side has closed.
    @discardableResult
    func send(_ text: String) async -> Bool {
        do {
            try await channel.writeAndFlush(ByteBuffer(string: text)).get()
            return true
        } catch {
            return false
        }
    }

    /// Everything received until it contains `text`, or until the other side closes.
    func read(until text: String) async -> String {
        while true {
            let all = kept.withLock { $0 }
            let string = String(decoding: all, as: UTF8.self)
            if string.contains(text) { return string }
            var iterator = received.makeAsyncIterator()
            guard let bytes = await iterator.next() else { return string }
            kept.withLock { $0.append(contentsOf: bytes) }
        }
    }

    /// Everything received until the other side closes.
    func readToEnd() async -> [UInt8] {
        for await bytes in received { kept.withLock { $0.append(contentsOf: bytes) } }
        return kept.withLock { $0 }
    }

    /// Waits until the connection is gone, whoever reads.
    func closed() async throws { try await channel.closeFuture.get() }

    func close() async { try? await channel.close().get() }
}

/// A door that a test opens.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let source: AsyncStream<Void>.Continuation

    init() { (stream, source) = AsyncStream.makeStream(of: Void.self) }

    func open() { source.finish() }
    func pass() async { for await _ in stream {} }
}

/// A server that runs while `body` does.
func withServer<Value: Sendable>(
    _ router: Router<EdgeContext> = testRouter(), limits: ConnectionLimits = ConnectionLimits(),
    _ body: @Sendable @escaping (Int, ServiceGroup) async throws -> Value
) async throws -> Value {
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let server = EdgeServer(
        router: router, face: EdgeFace(name: "test", securityHeaders: .api), port: 0, limits: limits,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: PrometheusRegistry(),
        onRunning: { port.yield($0) })
    return try await run(server, ports, body)
}

/// Runs a service that tells its port, and stops it when `body` is done.
func run<Value: Sendable>(
    _ service: any Service, _ ports: AsyncStream<Int>,
    _ body: @Sendable @escaping (Int, ServiceGroup) async throws -> Value
) async throws -> Value {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [service], logger: logger))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw CancellationError() }
        let value: Value
        do { value = try await body(port, group) } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return value
    }
}
