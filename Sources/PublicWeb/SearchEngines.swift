import Edge
import Hummingbird
import NIOCore

/// What search engines and other robots may read of the site: what is the same for everybody, and nothing of one dossier.
enum SearchEngines {
    /// Whether a page of ours may be listed; without a query.
    static func mayList(_ path: String) -> Bool {
        listed.contains(path) || path == "/thong-ke" || path.hasPrefix("/thong-ke/")
    }

    private static let listed: Set<String> = ["/", "/rieng-tu", "/so-cong-khai", "/du-lieu-mo"]

    /// Whatever has a code in its address, is searched by one, or names dossiers by legal codes; and what asks for itself
    /// again and again. Those pages say `noindex` too: this is for robots that keep what they read and know no such word.
    static let closed = ["/bang-tin/", "/events", "/ho-so/", "/log/", "/nguon-tin", "/tra-cuu", "/v1/"]

    /// `/robots.txt` (RFC 9309).
    static let robots = Array("User-agent: *\n\(closed.map { "Disallow: \($0)\n" }.joined())".utf8)
}

/// Adds what browsers and robots ask every site for.
func searchRoutes<Context: EdgeRequestContext>(on router: some RouterMethods<Context>) {
    router.get("/robots.txt") { _, _ in
        LookUpDesk.file(SearchEngines.robots, "text/plain; charset=utf-8", seconds: 86_400)
    }
    router.get("/favicon.ico") { _, _ in
        LookUpDesk.file(SiteIcon.bytes, "image/x-icon", seconds: 30 * 86_400)
    }
}

extension LookUpDesk {
    /// A file that is the same for everybody.
    fileprivate static func file(_ bytes: [UInt8], _ type: String, seconds: Int) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: CacheControl.shared(seconds: seconds).value],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
