import NIOCore

/// What is looked up.
enum LookUpKind: String, CaseIterable, Sendable {
    /// `GET /v1/progress/{code}`
    case json
    /// The same for a few codes that everybody asks for.
    case hot
    /// `GET /ho-so/{code}`
    case page
    /// The JSON again, with the tag of the answer before.
    case unchanged
    /// Any page, by its path.
    case path
    /// `GET /` of the empty handler.
    case empty
}

/// Looks up codes, each time another one, as different people would: each request names another address, which the
/// server believes because the load generator is its trusted proxy. One address would be throttled.
final class Looking: Errand {
    private let kind: LookUpKind
    private let codes: [String]
    private var tags: [String?]
    private var place: Int
    private var address: Int

    init(kind: LookUpKind, codes: [String], connection: Int) {
        self.kind = kind
        self.codes = codes
        tags = Array(repeating: nil, count: codes.count)
        // Not where a run before began: what was asked for then may still be in memory.
        place = codes.isEmpty ? 0 : Int.random(in: codes.indices)
        address = connection &* 613
    }

    func writeRequest(into buffer: inout ByteBuffer) -> Bool {
        guard kind != .empty else {
            buffer.writeStaticString("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return true
        }
        guard !codes.isEmpty else { return false }
        place = (place + 1) % codes.count
        address = (address + 1) % 20_000
        let path =
            switch kind {
            case .page: "/ho-so/"
            case .path: ""
            default: "/v1/progress/"
            }
        buffer.writeString(
            "GET \(path)\(codes[place]) HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.\(address >> 8).\(address & 255).7\r\n"
        )
        if kind == .unchanged, let tag = tags[place] { buffer.writeString("If-None-Match: \(tag)\r\n") }
        buffer.writeStaticString("\r\n")
        return true
    }

    func take(_ answer: Answer) -> Verdict {
        if kind == .unchanged {
            if answer.status == 304 { return .counted }
            guard answer.status == 200, let tag = answer.eTag, tags[place] == nil else {
                return .failed("unchanged: \(answer.status) \(answer.excerpt)")
            }
            tags[place] = tag
            return .aside
        }
        return answer.status == 200 ? .counted : .failed("\(kind.rawValue): \(answer.status) \(answer.excerpt)")
    }
}
