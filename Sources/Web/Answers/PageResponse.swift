import Edge
import HTTPTypes
import Hummingbird
import JSONText

/// A page of a list, with the way to those beside it.
enum PageResponse {
    /// `{"items": […], "prev": "/v1/…", "next": "/v1/…"}` and the same as a Link header; no `next` on the last page, and no
    /// `prev` on the first.
    static func response(
        _ asked: APIRequest, previous: String? = nil, next: String? = nil, items: (inout JSONWriter) -> Void
    ) -> Response {
        var headers: HTTPFields = [.cacheControl: CacheControl.noStore.value]
        let previous = previous.map { address(asked, cursor: $0) }
        let next = next.map { address(asked, cursor: $0) }
        let links = [("prev", previous), ("next", next)].compactMap { name, place in
            place.map { "<\($0)>; rel=\"\(name)\"" }
        }
        if !links.isEmpty { headers[.link] = links.joined(separator: ", ") }
        let body = JSONWriter.bytes { json in
            json.array("items") { items(&$0) }
            json.member("prev", ifPresent: previous)
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
