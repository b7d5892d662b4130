import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP/1.1 client: keep-alive, whole answers, no redirects, no cookies, no TLS.
///
/// It talks to a server of ours on the same machine or behind a proxy on it. A request that may be repeated is sent
/// again, once, on a new connection when a kept one turns out to have been closed by the server in between.
final class HTTPClient: Sendable {
    let address: ServerAddress
    private let patience: TimeAmount
    private let byteCountMax: Int
    private let idle = Mutex<[any Channel]>([])
    private let idleCountMax: Int

    /// A client of one server.
    /// - Parameters:
    ///   - patience: for a whole answer.
    ///   - idleCountMax: connections kept between requests.
    init(
        _ address: ServerAddress, patience: Duration = .seconds(30), byteCountMax: Int = 16 << 20,
        idleCountMax: Int = 8
    ) {
        self.address = address
        self.patience = .nanoseconds(Int64(patience / .nanoseconds(1)))
        self.byteCountMax = byteCountMax
        self.idleCountMax = idleCountMax
    }

    /// Sends, and waits for the whole answer, of whatever status.
    /// - Throws: ``HTTPFailure``.
    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        if let channel = takeIdle() {
            do {
                return try await exchange(call, on: channel)
            } catch HTTPFailure.broken(isUntouched: true) where call.isRepeatable {
                // The server closed it while it was kept.
            }
        }
        return try await exchange(call, on: try await connect())
    }

    /// Closes the connections that are kept.
    func close() async {
        let channels = idle.withLock { idle -> [any Channel] in
            defer { idle = [] }
            return idle
        }
        // Already closed by the server is as good.
        for channel in channels { try? await channel.close() }
    }

    private func exchange(_ call: HTTPCall, on channel: any Channel) async throws -> HTTPAnswer {
        var headers = HTTPHeaders(call.headers)
        headers.replaceOrAdd(name: "Host", value: address.host + (address.port == 80 ? "" : ":\(address.port)"))
        headers.replaceOrAdd(name: "User-Agent", value: "motcua")
        if !call.body.isEmpty || call.method == .post {
            headers.replaceOrAdd(name: "Content-Length", value: "\(call.body.count)")
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: call.method.rawValue), uri: call.path, headers: headers)
        let exchange = HTTPExchange(
            head: head, body: ByteBuffer(bytes: call.body), answer: channel.eventLoop.makePromise(), patience: patience)
        let isTaken = channel.eventLoop.makePromise(of: Void.self)
        // The connection may have ended a moment ago, its handlers with it: then nobody else would tell.
        isTaken.futureResult.whenFailure { _ in exchange.answer.fail(HTTPFailure.broken(isUntouched: true)) }
        channel.writeAndFlush(exchange, promise: isTaken)
        let answer = try await exchange.answer.futureResult.get()
        guard answer.staysOpen, keep(channel) else {
            channel.close(promise: nil)
            return answer
        }
        return answer
    }

    private func takeIdle() -> (any Channel)? {
        idle.withLock { idle in
            while let channel = idle.popLast() {
                if channel.isActive { return channel }
            }
            return nil
        }
    }

    private func keep(_ channel: any Channel) -> Bool {
        idle.withLock { idle in
            guard channel.isActive, idle.count < idleCountMax else { return false }
            idle.append(channel)
            return true
        }
    }

    private func connect() async throws -> any Channel {
        let byteCountMax = byteCountMax
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5))
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(HTTPExchangeHandler(byteCountMax: byteCountMax))
                    }
                }
                .connect(host: address.host, port: address.port).get()
        } catch {
            throw HTTPFailure.unreachable(address.description)
        }
    }
}

/// Where a server listens.
struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    let host: String
    /// 1…65535.
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `http://host:port`, `host:port` or `host`; nil for anything else, and for `https`, which a proxy beside us
    /// must end.
    init?(_ text: String) {
        var rest = Substring(text)
        if rest.hasPrefix("http://") { rest = rest.dropFirst(7) }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        var port = 80
        var host = rest
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = rest[rest.index(after: rest.startIndex)..<end]
            let after = rest[rest.index(after: end)...]
            if !after.isEmpty {
                guard after.hasPrefix(":"), let number = Int(after.dropFirst()) else { return nil }
                port = number
            }
        } else if let colon = rest.lastIndex(of: ":") {
            guard let number = Int(rest[rest.index(after: colon)...]) else { return nil }
            port = number
            host = rest[..<colon]
        }
        let allowed = host.utf8.allSatisfy { byte in
            byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        guard !host.isEmpty, allowed, (1...65_535).contains(port) else { return nil }
        self.init(host: String(host), port: port)
    }

    /// `http://host:port`.
    var description: String { host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)" }
}
