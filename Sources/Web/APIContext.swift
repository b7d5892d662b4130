package import Edge
package import Hummingbird
package import Logging

/// The context of a request to the API: Hummingbird's part and the edge's stamp.
///
/// Who calls is not here but handed to the handler, so that a handler without an authenticated caller does not compile.
package struct APIContext: EdgeRequestContext {
    /// Hummingbird's own part.
    package var coreContext: CoreRequestContextStorage
    /// The edge's stamp.
    package var edge: EdgeStamp

    /// The context of a request on a connection.
    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        edge = EdgeStamp(peer: RemoteAddress(source.channel.remoteAddress))
    }

    /// A context without a connection, for calling the responder directly.
    package init(logger: Logger, peer: RemoteAddress? = nil) {
        coreContext = CoreRequestContextStorage(source: LoggerSource(logger: logger))
        edge = EdgeStamp(peer: peer)
    }
}
