import HTTPTypes
import NIOCore

/// What all connections of a face share for their finished answers.
final class QuickDesk: Sendable {
    let answers: any QuickAnswers
    let proxies: TrustedProxies
    let nowMicroseconds: @Sendable () -> Int64
    let makeTraceID: @Sendable () -> String
    private let date = HTTPDate()
    private let meters: [FixedMeters]

    init<Context>(_ answers: any QuickAnswers, face: EdgeFace<Context>, meters: RequestMeters) {
        self.answers = answers
        proxies = face.trustedProxies
        nowMicroseconds = face.nowMicroseconds
        makeTraceID = face.makeTraceID
        self.meters = answers.routes.map { meters.fixed(route: $0, method: .get) }
    }

    /// Counts an answer.
    func record(_ head: QuickHead, route: Int, since start: ContinuousClock.Instant) {
        guard meters.indices.contains(route) else { return }
        meters[route].record(status: head.status, duration: start.duration(to: .now))
    }

    /// The head of a stream as it goes over the wire.
    func bytes(of stream: QuickStream, allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: stream.head.bytes.count + 160)
        start(stream.head, &buffer)
        buffer.writeStaticString("Transfer-Encoding: chunked\r\n\r\n")
        return buffer
    }

    private func start(_ head: QuickHead, _ buffer: inout ByteBuffer) {
        buffer.writeBytes(head.bytes)
        buffer.writeBytes(date.line(EdgeClock.systemMicroseconds()))
        buffer.writeStaticString("X-Request-Id: ")
        buffer.writeString(makeTraceID())
        buffer.writeStaticString("\r\n")
    }

    /// The whole answer as it goes over the wire.
    func bytes(of answer: QuickAnswer, closes: Bool, allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: answer.head.bytes.count + answer.body.count + 320)
        start(answer.head, &buffer)
        buffer.writeStaticString("ETag: ")
        buffer.writeString(answer.tag.quoted)
        buffer.writeStaticString("\r\n")
        answer.quota.write(into: &buffer)
        // A 304 may only tell the length of the full answer (RFC 9110, 8.6), and need not.
        if answer.head.status != .notModified {
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(answer.body.count))
            buffer.writeStaticString("\r\n")
        }
        if closes { buffer.writeStaticString("Connection: close\r\n") }
        buffer.writeStaticString("\r\n")
        buffer.writeBytes(answer.body)
        return buffer
    }
}
