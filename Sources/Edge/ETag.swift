import HTTPTypes
package import Hummingbird

/// A strong entity tag (RFC 9110, 8.8.3).
package struct ETag: Hashable, Sendable, CustomStringConvertible {
    /// The tag in its quotes, as headers have it.
    let quoted: String
    /// What stands between the quotes.
    package var opaque: String { String(quoted.dropFirst().dropLast()) }

    /// The tag of a row version.
    package init(version: Int64) {
        self.quoted = "\"v\(version)\""
    }

    /// The tag of a hash of what is served: sixteen hexadecimal digits.
    package init(hash: UInt64) {
        let digits: StaticString = "0123456789abcdef"
        quoted = String(unsafeUninitializedCapacity: 18) { bytes in
            bytes[0] = UInt8(ascii: "\"")
            for place in 0..<16 {
                bytes[place + 1] = digits.utf8Start[Int(truncatingIfNeeded: hash >> UInt64(60 - 4 * place)) & 15]
            }
            bytes[17] = UInt8(ascii: "\"")
            return 18
        }
    }

    /// A tag of text; nil unless it is 1…128 visible ASCII characters without a quote.
    package init?(opaque: some StringProtocol) {
        guard (1...128).contains(opaque.utf8.count),
            opaque.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") })
        else { return nil }
        self.quoted = "\"\(opaque)\""
    }

    /// The row version that ``init(version:)`` made it from; nil for any other tag.
    package var version: Int64? {
        let opaque = opaque
        guard opaque.hasPrefix("v"), let version = Int64(opaque.dropFirst()), "v\(version)" == opaque else {
            return nil
        }
        return version
    }

    /// The tag in its quotes, as headers have it.
    package var description: String { quoted }
}

/// What a caller says in `If-Match` or `If-None-Match`.
package enum ETagList: Hashable, Sendable {
    /// `*`: any version.
    case any
    /// One of these.
    case tags([ETag])

    /// The list of a header's value; nil if it does not read. Weak tags count only where `acceptsWeak`.
    init?(_ header: String, acceptsWeak: Bool) {
        let text = header[...].trimming(while: { $0 == " " || $0 == "\t" })
        if text == "*" {
            self = .any
            return
        }
        var tags: [ETag] = []
        // A tag of ours has no comma, and one that has is nobody's.
        for part in text.split(separator: ",", omittingEmptySubsequences: false).prefix(64) {
            var part = part.trimming(while: { $0 == " " || $0 == "\t" })
            let isWeak = part.hasPrefix("W/")
            if isWeak { part = part.dropFirst(2) }
            guard part.count >= 3, part.first == "\"", part.last == "\"",
                let tag = ETag(opaque: part.dropFirst().dropLast())
            else { return nil }
            if !isWeak || acceptsWeak { tags.append(tag) }
        }
        self = .tags(tags)
    }

    /// Whether it names this tag.
    package func contains(_ tag: ETag) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains(tag)
        }
    }
}

extension Request {
    /// Whether `If-None-Match` says that the caller has this version. An unreadable header says nothing.
    package func has(_ tag: ETag) -> Bool {
        guard let header = headers[.ifNoneMatch] else { return false }
        // What nearly every caller sends is the one tag as it was given.
        return header == tag.quoted || ETagList(header, acceptsWeak: true)?.contains(tag) ?? false
    }

    /// The versions that the caller's command is meant for.
    /// - Throws: ``Problem`` 428 if `If-Match` is absent, 400 if it does not read.
    package func ifMatch() throws(Problem) -> ETagList {
        guard let header = headers[.ifMatch] else { throw .preconditionRequired }
        guard let list = ETagList(header, acceptsWeak: false) else {
            throw .badRequest(
                "invalid-if-match", vi: "If-Match không hợp lệ.", en: "The header If-Match does not read.")
        }
        return list
    }

    /// Checks that the caller's command is meant for this version.
    /// - Throws: ``Problem`` 428, 400, or 412 if the caller means another version.
    package func requireMatch(_ tag: ETag) throws(Problem) {
        guard try ifMatch().contains(tag) else { throw .preconditionFailed }
    }
}
