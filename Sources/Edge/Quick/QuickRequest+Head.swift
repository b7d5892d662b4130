import NIOHTTP1

extension QuickRequest {
    /// The request of a head; nil when it has something that only the ordinary way knows.
    init?(_ head: HTTPRequestHead, peer: RemoteAddress?, desk: QuickDesk) {
        var ifNoneMatch: String?
        var acceptLanguage: String?
        var lastEventID: String?
        var forwardedFor: [String] = []
        var hostCount = 0
        for (name, value) in head.headers {
            switch QuickHeader(name) {
            case .ifNoneMatch:
                guard ifNoneMatch == nil else { return nil }
                ifNoneMatch = value
            case .acceptLanguage:
                guard acceptLanguage == nil else { return nil }
                acceptLanguage = value
            case .lastEventID:
                guard lastEventID == nil else { return nil }
                lastEventID = value
            case .host: hostCount += 1
            case .forwardedFor: forwardedFor.append(value)
            case .connection:
                guard QuickHeader.isKeepAlive(value) else { return nil }
            case .unusual: return nil
            case .other: break
            }
        }
        // What is amiss with it the ordinary way says.
        guard hostCount == 1 else { return nil }
        self.init(
            target: head.uri, client: peer.map { desk.proxies.client(peer: $0, forwardedFor: forwardedFor) },
            ifNoneMatch: ifNoneMatch, acceptLanguage: acceptLanguage, lastEventID: lastEventID,
            arrivedMicroseconds: desk.nowMicroseconds())
    }
}

/// The headers that matter for a finished answer, told apart by their length first.
private enum QuickHeader {
    case host, ifNoneMatch, acceptLanguage, lastEventID, forwardedFor, connection
    /// A body, or a wish that needs more than an answer.
    case unusual
    case other

    init(_ name: String) {
        switch name.utf8.count {
        case 4: self = Self.matches(name, "host") ? .host : .other
        case 6: self = Self.matches(name, "expect") ? .unusual : .other
        case 7: self = Self.matches(name, "upgrade") ? .unusual : .other
        case 10: self = Self.matches(name, "connection") ? .connection : .other
        case 13:
            if Self.matches(name, "if-none-match") {
                self = .ifNoneMatch
            } else {
                self = Self.matches(name, "last-event-id") ? .lastEventID : .other
            }
        case 14: self = Self.matches(name, "content-length") ? .unusual : .other
        case 15:
            if Self.matches(name, "x-forwarded-for") {
                self = .forwardedFor
            } else {
                self = Self.matches(name, "accept-language") ? .acceptLanguage : .other
            }
        case 17: self = Self.matches(name, "transfer-encoding") ? .unusual : .other
        default: self = .other
        }
    }

    static func isKeepAlive(_ value: String) -> Bool { matches(value, "keep-alive") }

    /// Compares ASCII text without regard to case; `lower` in lower case.
    private static func matches(_ text: String, _ lower: StaticString) -> Bool {
        guard text.utf8.count == lower.utf8CodeUnitCount else { return false }
        return lower.withUTF8Buffer { lower in
            zip(text.utf8, lower).allSatisfy { $0 == $1 || ($0 | 0x20 == $1 && $0 & 0x40 != 0) }
        }
    }
}
