import CoreMetrics
import Edge
import HTTPTypes
import Hummingbird
import JSONText
import Logging
import NIOCore
import Synchronization

/// Log lines kept for looking at.
final class KeptLog: Sendable {
    let lines = Mutex<[String]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: KeptLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = self.metadata.merging(event.metadata ?? [:]) { $1 }
            log.lines.withLock { $0.append("\(event.level) \(event.message) \(all)") }
        }
    }
}

/// An answer whose body has been read.
struct Answer {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSONValue { get throws { try JSONValue.parse(bytes) } }
}

/// A face whose responder is called without a socket.
struct BareFace {
    let responder: EdgeResponder<EdgeContext>
    let log = KeptLog()
    let registry: PrometheusRegistry

    init(
        _ router: Router<EdgeContext> = testRouter(), registry: PrometheusRegistry = PrometheusRegistry(),
        proxies: TrustedProxies = .none,
        renderProblem: @escaping @Sendable (Problem, Request, EdgeContext) -> Response? = { _, _, _ in nil }
    ) {
        self.registry = registry
        let face = EdgeFace<EdgeContext>(
            name: "test", securityHeaders: .api, trustedProxies: proxies, nowMicroseconds: { 1_777_000_000_000_000 },
            makeTraceID: { "0123456789abcdef0123456789abcdef" }, renderProblem: renderProblem)
        responder = EdgeResponder(router: router, face: face, metrics: registry)
    }

    func call(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: [UInt8] = [],
        peer: RemoteAddress? = nil
    ) async throws -> Answer {
        let head = HTTPRequest(
            method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body)))
        let context = EdgeContext(logger: log.logger, peer: peer)
        let response = try await responder.respond(to: request, context: context)
        let kept = KeptBody()
        try await response.body.write(KeptBody.Writer(kept: kept))
        return Answer(status: response.status.code, headers: response.headers, bytes: kept.bytes.withLock { $0 })
    }
}

/// Where a response's body goes when there is no socket.
final class KeptBody: Sendable {
    let bytes = Mutex<[UInt8]>([])

    struct Writer: ResponseBodyWriter {
        let kept: KeptBody

        func write(_ buffer: ByteBuffer) async throws {
            kept.bytes.withLock { $0.append(contentsOf: buffer.readableBytesView) }
        }

        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}

/// An error as a database room would throw it.
struct SecretError: Error, CustomStringConvertible {
    var description: String { "SELECT secret FROM person" }
}

/// The routes of the tests.
func testRouter() -> Router<EdgeContext> {
    let router = Router(context: EdgeContext.self, options: [.autoGenerateHeadEndpoints])
    router.get("hello/{name}") { _, context in
        Response.json(Array("{\"hello\":\"\(context.parameters.get("name") ?? "")\"}".utf8))
    }
    router.post("hello/{name}") { request, _ in
        let length = try await request.json { f in f.string("text", maxLength: 100) }.count
        return Response.json(Array("{\"length\":\(length)}".utf8))
    }
    router.post("bytes") { request, _ in
        Response.json(Array("\(try await request.body(upTo: 1000).count)".utf8))
    }
    router.get("secret") { _, _ -> Response in throw SecretError() }
    router.get("bare") { _, _ -> Response in throw HTTPError(.forbidden, message: "inner words") }
    router.get("page") { _, _ in Response(status: .notFound, headers: [.contentType: "text/html"]) }
    router.get("large/{count}") { _, context in
        let count = context.parameters.get("count", as: Int.self) ?? 0
        return Response.json(Array(repeating: UInt8(ascii: "x"), count: count))
    }
    router.get("stamp") { _, context in
        Response.json(
            JSONWriter.bytes { json in
                json.member("arrived", context.edge.arrivedMicroseconds)
                json.member("client", context.edge.client?.description ?? "")
            })
    }
    return router
}
