import Edge
import HTTPTypes
import Hummingbird
import JSONText

/// A page of a list, with the way to the next one.
enum PageResponse {
    /// `{"items": […], "next": "/v1/…"}` and the same as a Link header; no `next` on the last page.
    static func response(
        _ asked: APIRequest, next cursor: String?, items: (inout JSONWriter) -> Void
    ) -> Response {
        var headers: HTTPFields = [.cacheControl: CacheControl.noStore.value]
        let next = cursor.map { address(asked, cursor: $0) }
        if let next { headers[.link] = "<\(next)>; rel=\"next\"" }
        let body = JSONWriter.bytes { json in
            json.array("items") { items(&$0) }
            json.member("next", ifPresent: next)
        }
        return .json(body, headers: headers)
    }

    /// The request's own address with another cursor; its other parameters stay as they were sent.
    private static func address(_ asked: APIRequest, cursor: String) -> String {
        let uri = asked.request.uri
        var parts = (uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("cursor=") }.map(String.init)
        parts.append("cursor=\(cursor)")
        return "\(uri.path)?\(parts.joined(separator: "&"))"
    }
}
