package import Hummingbird
package import Logging

/// What the edge knows of every request, stamped once before any handler sees it.
package struct EdgeStamp: Sendable {
    /// The request's id in answers, logs and problems: 32 hexadecimal digits.
    package var traceID: String
    /// The language of the answer.
    package var language: EdgeLanguage
    /// When the request's head was taken in, in microseconds since 1970 UTC: the law's `arrived` (R7).
    package var arrivedMicroseconds: Int64
    /// The other end of the connection; nil without a socket.
    package var peer: RemoteAddress?
    /// The caller as far as listed proxies vouch for it, else the peer; nil without a socket.
    package var client: RemoteAddress?

    /// A stamp of a request that no responder has seen yet.
    package init(peer: RemoteAddress? = nil) {
        self.traceID = ""
        self.language = .vi
        self.arrivedMicroseconds = 0
        self.peer = peer
        self.client = peer
    }
}

/// A request context that carries the edge's stamp; a face with identities has a type of its own.
package protocol EdgeRequestContext: RequestContext
where Source == ApplicationRequestContextSource, Encoder == NoCoder, Decoder == NoCoder {
    /// The edge's stamp, filled in by ``EdgeResponder``.
    var edge: EdgeStamp { get set }
}

extension EdgeRequestContext {
    /// The logger whose lines name the request. Made by whoever has something to say: it costs more than most requests' routing.
    package var tracedLogger: Logger {
        var logger = logger
        logger[metadataKey: "trace"] = .string(edge.traceID)
        return logger
    }

    /// None: answers are written by `JSONWriter`.
    package var responseEncoder: NoCoder { NoCoder() }
    /// None: bodies are read by `JSONFields`.
    package var requestDecoder: NoCoder { NoCoder() }
}

/// Stands where Hummingbird wants a coder. Its own errors, whose words are not ours, would otherwise leave as JSON; so
/// they leave empty, and ``EdgeResponder`` makes them problems.
package struct NoCoder: RequestDecoder, ResponseEncoder {
    /// An empty answer.
    package func encode(_ value: some Encodable, from request: Request, context: some RequestContext) -> Response {
        Response(status: .ok)
    }

    /// - Throws: always, ``Problem`` 500: the route must use `request.json`.
    @concurrent package func decode<T: Decodable>(
        _ type: T.Type, from request: Request, context: some RequestContext
    ) async throws -> T {
        throw Problem.internalError
    }
}

/// The context of a face whose callers have no identity.
package struct EdgeContext: EdgeRequestContext {
    /// Hummingbird's own part.
    package var coreContext: CoreRequestContextStorage
    /// The edge's stamp.
    package var edge: EdgeStamp

    /// The context of a request on a connection.
    package init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.edge = EdgeStamp(peer: RemoteAddress(source.channel.remoteAddress))
    }

    /// A context without a connection, for calling a responder directly.
    package init(logger: Logger, peer: RemoteAddress? = nil) {
        self.coreContext = CoreRequestContextStorage(source: LoggerSource(logger: logger))
        self.edge = EdgeStamp(peer: peer)
    }
}

/// The least from which a context's core can be made.
package struct LoggerSource: RequestContextSource {
    /// The request's logger.
    package let logger: Logger

    /// A source that has a logger and no connection.
    package init(logger: Logger) {
        self.logger = logger
    }
}
