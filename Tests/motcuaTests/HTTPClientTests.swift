import JSONText
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import motcua

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    @Test func `answers come whole and the connection is used again`() async throws {
        try await withServer { server in
            let client = HTTPClient(server.address)
            for number in 1...3 {
                let answer = try await client.send(HTTPCall(.post, "/echo", body: Array("số \(number)".utf8)))
                #expect(answer.status == 200)
                #expect(String(decoding: answer.body, as: UTF8.self) == "số \(number)")
                #expect(answer.header("x-connection") == "1")
            }
            await client.close()
        }
    }

    @Test func `a kept connection that the server has closed is replaced`() async throws {
        try await withServer { server in
            let client = HTTPClient(server.address)
            _ = try await client.send(HTTPCall(.get, "/then-drop"))
            // The server closes without a word; whether we notice before or after sending, the answer comes.
            let answer = try await client.send(HTTPCall(.get, "/echo"))
            #expect(answer.status == 200)
            #expect(answer.header("x-connection") == "2")
            await client.close()
        }
    }

    @Test func `a command that may not be repeated is not sent twice`() async throws {
        try await withServer { server in
            let client = HTTPClient(server.address)
            let call = HTTPCall(.post, "/drop", body: [1], isRepeatable: false)
            await #expect(throws: HTTPFailure.broken(isUntouched: true)) { try await client.send(call) }
            await client.close()
        }
    }

    @Test func `a connection that the server will close is not kept`() async throws {
        try await withServer { server in
            let client = HTTPClient(server.address)
            let last = try await client.send(HTTPCall(.get, "/close"))
            let next = try await client.send(HTTPCall(.get, "/echo"))
            #expect(!last.staysOpen)
            #expect(next.header("x-connection") == "2")
            await client.close()
        }
    }

    @Test func `silence ends in time`() async throws {
        try await withServer { server in
            let client = HTTPClient(server.address, patience: .milliseconds(50))
            await #expect(throws: HTTPFailure.timedOut) { try await client.send(HTTPCall(.get, "/silent")) }
        }
    }

    @Test func `an answer that is too large is refused`() async throws {
        try await withServer { server in
            let client = HTTPClient(server.address, byteCountMax: 1000)
            await #expect(throws: HTTPFailure.tooLarge) { try await client.send(HTTPCall(.get, "/large")) }
        }
    }

    @Test func `nobody there is said in one line`() async throws {
        let address = try await withServer { server async throws in server.address }
        await #expect(throws: HTTPFailure.unreachable(address.description)) {
            try await HTTPClient(address).send(HTTPCall(.get, "/"))
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("é:ß", "w6k6w58="),
    ])
    func `Base64 is that of the RFC`(_ text: String, _ coded: String) {
        #expect(Base64.text(Array(text.utf8)) == coded)
    }

    @Test(arguments: [("7K4M-Q2XP-93HT", "7K4M-Q2XP-93HT"), ("a b/ạ", "a%20b%2F%E1%BA%A1"), ("../x", "..%2Fx")])
    func `a typed code stays one segment of the path`(_ typed: String, _ path: String) {
        #expect(Status.escaped(typed) == path)
    }

    @Test func `a problem is one line with its faults`() throws {
        let body: JSONValue = [
            "type": "urn:motcua:problem:invalid-fields", "title": "Dữ liệu chưa đúng", "status": 422,
            "errors": [["pointer": "/form/child", "detail": "Bắt buộc phải có."]],
        ]
        let answer = APIAnswer(HTTPAnswer(status: 422, headers: [], body: body.bytes, staysOpen: true))
        let failure = APIFailure(answer)
        #expect(failure.code == "invalid-fields")
        #expect(failure.description == "422 Dữ liệu chưa đúng (/form/child: Bắt buộc phải có.)")
        #expect(failure.pause == nil)
        let refused: JSONValue = ["error": "invalid_client", "error_description": "The client is not known."]
        #expect(
            APIFailure(APIAnswer(HTTPAnswer(status: 401, headers: [], body: refused.bytes, staysOpen: true)))
                .description
                == "401 The client is not known; check --client and --secret-file")
    }

    @Test func `a server that is busy says when to come again`() {
        let headers = [("Retry-After", "2")]
        let answer = APIAnswer(HTTPAnswer(status: 503, headers: headers, body: [], staysOpen: true))
        #expect(APIFailure(answer).pause == .seconds(2) + .milliseconds(100))
    }

    private struct Server {
        let address: ServerAddress
    }

    /// Runs a server of canned answers; `X-Connection` numbers its connections from 1.
    private func withServer<Value>(_ body: (Server) async throws -> Value) async throws -> Value {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connections = ConnectionCounter()
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                let number = connections.number()
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(CannedAnswers(connection: number))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Value, any Error>
        do {
            let port = try #require(channel.localAddress?.port)
            result = .success(try await body(Server(address: ServerAddress(host: "127.0.0.1", port: port))))
        } catch {
            result = .failure(error)
        }
        try await channel.close()
        try await group.shutdownGracefully()
        return try result.get()
    }
}

/// Numbers connections from 1.
private final class ConnectionCounter: Sendable {
    private let count = Atomic(0)

    func number() -> Int { count.add(1, ordering: .relaxed).newValue }
}

/// Answers by path: `/echo`, `/close`, `/drop`, `/then-drop`, `/large`; anything else is never answered.
private final class CannedAnswers: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: Int
    private var path = ""
    private var body = ByteBuffer()

    init(connection: Int) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            path = head.uri
            body = ByteBuffer()
        case .body(var part): body.writeBuffer(&part)
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        switch path {
        case "/echo": write(body, close: false, context)
        case "/close": write(body, close: true, context)
        case "/large": write(ByteBuffer(repeating: 1, count: 5000), close: false, context)
        case "/then-drop":
            write(body, close: false, context)
            context.close(promise: nil)
        case "/drop": context.close(promise: nil)
        default: break
        }
    }

    private func write(_ body: ByteBuffer, close: Bool, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders([("X-Connection", "\(connection)"), ("Content-Length", "\(body.readableBytes)")])
        if close { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
