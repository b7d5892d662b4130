import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Notices

extension LookUpDesk {
    static func html(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        var headers = pageHeaders
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = CacheControl.noStore.value
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A page that is the same for everybody, and that search engines may list.
    static func listed(_ bytes: [UInt8]) -> Response {
        var response = html(bytes)
        response.headers[.robots] = nil
        response.headers[.cacheControl] = CacheControl.shared(seconds: 300).value
        return response
    }

    /// The page's language depends on the caller; no search engine shall find it, no address it leads to learns of it.
    private static let pageHeaders: HTTPFields = {
        var headers: HTTPFields = [.vary: "Accept-Language"]
        headers[.robots] = "noindex, nofollow"
        headers[.referrerPolicy] = "no-referrer"
        return headers
    }()

    static func form(_ fault: EntryFault, _ context: some EdgeRequestContext, status: HTTPResponse.Status) -> Response {
        html(PageShell(language: context.language, path: "/").entry(fault), status: status)
    }

    static func redirect(to code: String, _ language: EdgeLanguage?) -> Response {
        var headers = pageHeaders
        headers[.location] = "/ho-so/\(code)" + (language.map { "?lang=\($0.rawValue)" } ?? "")
        headers[.cacheControl] = CacheControl.noStore.value
        return Response(status: .seeOther, headers: headers)
    }

    static func answer(_ answer: RenderedAnswer, to request: Request, _ type: String) -> Response {
        var headers = answerHeaders
        headers[.eTag] = answer.tag.description
        if request.has(answer.tag) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = type
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    /// The headers of every answer about a dossier, without its tag.
    static let answerHeaders: HTTPFields = {
        var headers = pageHeaders
        headers[.cacheControl] = CacheControl.revalidate.value
        return headers
    }()

    static func tagged(_ bytes: [UInt8], to request: Request, _ type: String) -> Response {
        answer(RenderedAnswer(bytes), to: request, type)
    }

    static func stylesheet(for request: Request) -> Response {
        let headers: HTTPFields = [
            .contentType: "text/css; charset=utf-8", .cacheControl: CacheControl.immutable.value,
        ]
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: Stylesheet.bytes)))
    }
}
