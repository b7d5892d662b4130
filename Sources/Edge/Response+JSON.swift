package import HTTPTypes
package import Hummingbird

extension Response {
    /// A JSON answer of finished bytes.
    package static func json(
        _ bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:],
        contentType: String = "application/json; charset=utf-8"
    ) -> Response {
        var headers = headers
        headers[.contentType] = contentType
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A JSON answer under an entity tag: 304 without a body if the caller has it already.
    /// - Parameter bytes: called only if the caller does not have it.
    package static func json<Failure>(
        for request: Request, tag: ETag, cache: CacheControl, headers: HTTPFields = [:],
        _ bytes: () async throws(Failure) -> [UInt8]
    ) async throws(Failure) -> Response {
        var headers = headers
        headers[.eTag] = tag.description
        headers[.cacheControl] = cache.value
        if request.has(tag) {
            var unchanged = Response(status: .notModified, headers: headers)
            // A 304 may only tell the length of the full answer (RFC 9110, 8.6), which nobody has made.
            unchanged.headers[.contentLength] = nil
            return unchanged
        }
        return .json(try await bytes(), headers: headers)
    }
}

/// Who may keep an answer, and how long.
package struct CacheControl: Hashable, Sendable {
    /// The header's value.
    package let value: String

    /// Nobody: personal data and errors.
    package static let noStore = CacheControl(value: "no-store")
    /// The caller alone, who asks each time whether it is still good.
    package static let revalidate = CacheControl(value: "private, no-cache")
    /// Everyone, for ever: what lies under a content hash.
    package static let immutable = CacheControl(value: "public, max-age=31536000, immutable")
    /// Everyone, for so many seconds.
    package static func shared(seconds: Int) -> CacheControl {
        CacheControl(value: "public, max-age=\(max(0, seconds))")
    }
}
