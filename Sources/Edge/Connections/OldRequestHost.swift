import NIOCore
import NIOHTTP1

/// Gives a request of HTTP/1.0 that names no host an empty one.
///
/// It need not name any; later ones must (RFC 9112, 3.2). Stands at the wire side of the codec, behind which nobody knows the
/// version any more. Holds nothing, so that all connections share one.
final class OldRequestHost: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), head.version == .http1_0,
            !head.headers.contains(name: "Host")
        else { return context.fireChannelRead(data) }
        head.headers.add(name: "Host", value: "")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
