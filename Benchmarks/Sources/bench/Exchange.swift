import NIOCore

/// What a connection sends next, and what becomes of the answer. Lives on its connection's event loop.
protocol Errand: AnyObject {
    /// Whether there is nothing to ask just now; of a connection with a pace, which looks again when its time comes.
    var isWaiting: Bool { get }

    /// Writes the next request, whole, into the buffer; false when there is nothing left to ask.
    func writeRequest(into buffer: inout ByteBuffer) -> Bool

    /// Takes the answer to the request that was written last.
    func take(_ answer: Answer) -> Verdict
}

extension Errand {
    var isWaiting: Bool { false }
}

/// What an answer was worth.
enum Verdict: Hashable, Sendable {
    /// Part of what is measured.
    case counted
    /// Needed, but not what is measured.
    case aside
    /// Not the answer that was expected.
    case failed(String)
}

/// An answer of the server: status, the headers that errands read, and the body.
struct Answer: Sendable {
    var status: Int
    var eTag: String?
    var body: ByteBuffer

    /// The start of the body, for messages.
    var excerpt: String { body.getString(at: body.readerIndex, length: min(300, body.readableBytes)) ?? "" }
}

/// Reads one HTTP/1.1 answer with a `Content-Length`; anything else is an error, since servers of ours send nothing else
/// for small bodies. A parser of everything would take CPU from the server that is measured on the same machine.
struct AnswerReader {
    enum Failure: Error { case malformed }

    private struct Head {
        var status = 0
        var length = 0
        var eTag: String?
    }

    private var head: Head?

    /// The next answer, or nil while it is incomplete.
    mutating func next(_ buffer: inout ByteBuffer) throws -> Answer? {
        if head == nil { head = try Self.readHead(&buffer) }
        guard let head, let body = buffer.readSlice(length: head.length) else { return nil }
        self.head = nil
        return Answer(status: head.status, eTag: head.eTag, body: body)
    }

    private static func readHead(_ buffer: inout ByteBuffer) throws -> Head? {
        let found = buffer.withUnsafeReadableBytes { bytes -> (head: Head, end: Int)? in
            guard let end = Bytes.position(of: "\r\n\r\n", in: bytes) else { return nil }
            var head = Head()
            guard end >= 12, let status = Bytes.number(in: bytes[9..<12]) else { return (head, -1) }
            head.status = status
            var isSized = status == 304 || status == 204
            var line = Bytes.position(of: "\r\n", in: bytes) ?? end
            while line < end {
                let start = line + 2
                let next = Bytes.position(of: "\r\n", in: bytes[start...]) ?? end
                if let value = Bytes.value(of: "content-length: ", in: bytes[start..<next]) {
                    guard let length = Bytes.number(in: value) else { return (head, -1) }
                    head.length = status == 304 ? 0 : length
                    isSized = true
                } else if let value = Bytes.value(of: "etag: ", in: bytes[start..<next]) {
                    head.eTag = String(decoding: value, as: UTF8.self)
                }
                line = next
            }
            return isSized ? (head, end + 4) : (head, -1)
        }
        guard let found else {
            if buffer.readableBytes > 64 << 10 { throw Failure.malformed }
            return nil
        }
        guard found.end >= 0 else { throw Failure.malformed }
        buffer.moveReaderIndex(forwardBy: found.end)
        return found.head
    }
}

/// Small searches in bytes.
enum Bytes {
    typealias Part = Slice<UnsafeRawBufferPointer>

    /// Where `text` begins, as an index of `bytes`.
    static func position(of text: StaticString, in bytes: Part) -> Int? {
        let count = text.utf8CodeUnitCount
        guard count > 0, bytes.count >= count else { return nil }
        let first = text.utf8Start[0]
        var index = bytes.startIndex
        let last = bytes.endIndex - count
        while index <= last {
            if bytes[index] == first {
                var matched = 1
                while matched < count, bytes[index + matched] == text.utf8Start[matched] { matched += 1 }
                if matched == count { return index }
            }
            index += 1
        }
        return nil
    }

    /// Where `text` begins.
    static func position(of text: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
        position(of: text, in: bytes[...])
    }

    /// What follows a header's name (given in lower case, with colon and space); nil for another header.
    static func value(of name: StaticString, in line: Part) -> Part? {
        let count = name.utf8CodeUnitCount
        guard line.count >= count else { return nil }
        for offset in 0..<count {
            let byte = line[line.startIndex + offset]
            let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            guard lower == name.utf8Start[offset] else { return nil }
        }
        return line.dropFirst(count)
    }

    /// Decimal digits alone.
    static func number(in digits: Part) -> Int? {
        guard (1...9).contains(digits.count) else { return nil }
        var number = 0
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }
}
