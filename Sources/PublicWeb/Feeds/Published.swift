import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Notices
import PublicFeed
import Synchronization

/// A finished document with its tag.
struct Published: Sendable {
    let tag: ETag
    let body: ByteBuffer

    init(_ bytes: [UInt8]) {
        tag = ETag(hash: ContentHash.number(of: bytes))
        body = ByteBuffer(bytes: bytes)
    }

    /// The document, or that the caller has it already.
    /// - Parameters:
    ///   - isPublic: other sites' scripts may read it, too. Never for what only a code opens.
    ///   - isListed: search engines may list it.
    func response(
        to request: Request, _ type: String, _ cache: Edge.CacheControl, isPublic: Bool, isListed: Bool = false
    ) -> Response {
        var headers: HTTPFields = [
            .eTag: tag.description, .cacheControl: cache.value, .vary: "Accept-Language",
        ]
        if isPublic {
            headers[.accessControlAllowOrigin] = "*"
            headers[.crossOriginResourcePolicy] = "cross-origin"
        } else {
            headers[.robots] = isListed ? nil : "noindex, nofollow"
            headers[.referrerPolicy] = "no-referrer"
        }
        if request.has(tag) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = type
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}

/// Documents as they were last written, so that one that everybody reads is written once.
final class WrittenDocuments<Key: Hashable & Sendable>: Sendable {
    private let documents: Mutex<BoundedCache<Key, (version: Int64, document: Published)>>

    init(countMax: Int) { documents = Mutex(BoundedCache(countMax: countMax)) }

    /// The document of that version, from memory or newly written.
    func document<Failure>(
        _ key: Key, version: Int64, _ write: () async throws(Failure) -> [UInt8]
    ) async throws(Failure) -> Published {
        if let known = documents.withLock({ $0.value(key) }), known.version == version { return known.document }
        let document = Published(try await write())
        documents.withLock { $0.put(key, (version, document)) }
        return document
    }
}

extension HTTPField.Name {
    fileprivate static func checked(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
        return field
    }

    static let crossOriginResourcePolicy = checked("Cross-Origin-Resource-Policy")
    static let robots = checked("X-Robots-Tag")
    static let referrerPolicy = checked("Referrer-Policy")
    /// Asks reverse proxies (nginx) to pass on each piece at once.
    static let accelBuffering = checked("X-Accel-Buffering")
    static let lastEventID = checked("Last-Event-ID")
}
