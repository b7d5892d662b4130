package import CoreMetrics
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOHTTPTypesHTTP1
import ServiceLifecycle

/// One face of the system on one port, within its limits.
///
/// Add it after whatever its handlers need: a service group stops in reverse order, so that what the handlers need is
/// still there while requests in flight end.
package struct EdgeServer<Context: EdgeRequestContext>: Service {
    private let responder: EdgeResponder<Context>
    private let listener: EdgeListener

    /// A server of all routes that the router has by now.
    /// - Parameters:
    ///   - host: the address to listen on; loopback unless said otherwise.
    ///   - port: 0 for any free one.
    ///   - metrics: where requests are counted; nil for the process's metrics system.
    ///   - onRunning: called with the port once connections are accepted.
    package init(
        router: Router<Context>, face: EdgeFace<Context>, host: String = "127.0.0.1", port: Int,
        limits: ConnectionLimits = ConnectionLimits(), logger: Logger, metrics: (any MetricsFactory)? = nil,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.responder = EdgeResponder(router: router, face: face, metrics: metrics)
        self.listener = EdgeListener(
            host: host, port: port, limits: limits, proxies: face.trustedProxies, logger: logger, onRunning: onRunning)
    }

    /// Serves until asked to stop; then takes no new connections, finishes requests in flight, and returns within
    /// ``ConnectionLimits/stopDeadline``.
    @concurrent package func run() async throws {
        try await listener.run(responder)
    }
}

/// A port with its limits.
struct EdgeListener: Sendable {
    let host: String
    let port: Int
    let limits: ConnectionLimits
    let proxies: TrustedProxies
    let logger: Logger
    let onRunning: @Sendable (Int) async -> Void

    func run<Context: EdgeRequestContext>(_ responder: EdgeResponder<Context>) async throws {
        let limits = limits
        let census = ConnectionCensus(countMax: limits.connectionCountPerBlockMax, proxies: proxies)
        let channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(limits: limits, census: census)],
            idleTimeout: nil,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.headerFieldByteCountMax, maxHeaderListSize: limits.headerListByteCountMax,
                maxHeaderFieldCount: limits.headerFieldCountMax))
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder { [desk = responder.quickDesk] respond in
                EdgeChannel(base: HTTP1Channel(responder: respond, configuration: channel), desk: desk)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionCountMax, logger: logger)),
            onServerRunning: { [onRunning, port] channel in
                await onRunning(channel.localAddress?.port ?? port)
            },
            logger: logger)
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = limits.stopDeadline
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// Hummingbird's connection, with what looks at a request before its codec: a lane for finished answers, and the host of an
/// old request.
struct EdgeChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel
    let desk: QuickDesk?
    private let oldRequestHost = OldRequestHost()

    init(base: HTTP1Channel, desk: QuickDesk?) {
        self.base = base
        self.desk = desk
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            if let desk { try pipeline.addHandler(QuickLane(desk), position: .before(codec)) }
            try pipeline.addHandler(oldRequestHost, position: .before(codec))
            return value
        }
    }

    func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
