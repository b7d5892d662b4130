/// Where citizens find the public site: `https://hoso.danang.gov.vn`, with a path before its own where it has one.
///
/// It is told, not taken from requests: whoever sends a request chooses its Host, and QR codes are printed.
package struct PublicAddress: Hashable, Sendable {
    /// Without a slash at the end.
    package let text: String

    /// Reads an address of `http` or `https` without user, query or fragment; nil for anything else.
    package init?(_ typed: String) {
        guard let scheme = ["https://", "http://"].first(where: typed.hasPrefix) else { return nil }
        var rest = typed.dropFirst(scheme.count)
        while rest.hasSuffix("/") { rest.removeLast() }
        guard rest.utf8.count <= 100, rest.utf8.allSatisfy(PublicAddress.isAllowed),
            let host = rest.split(separator: "/", omittingEmptySubsequences: false).first, !host.isEmpty
        else { return nil }
        text = scheme + rest
    }

    /// An address of our own.
    private init(known text: String) { self.text = text }

    /// For a server whose port the system picks, in tests: the addresses in its feeds lead nowhere.
    package static let local = PublicAddress(known: "http://localhost")

    /// The address of a path of the site.
    /// - Parameter path: with its leading slash.
    package func url(_ path: String) -> String { text + path }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        // Brackets and colons: addresses of IPv6, ports.
        default: [".", "-", "_", "~", "/", ":", "[", "]"].contains(Character(Unicode.Scalar(byte)))
        }
    }
}
