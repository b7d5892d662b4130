import HTTPTypes
package import Hummingbird
import JSONText
import NIOHTTP1

extension Problem {
    /// What the caller is told of any error; nil for one that nobody foresaw.
    init?(expected error: any Error) {
        switch error {
        case let error as any ProblemConvertible: self = error.problem
        case is CancellationError: self = .unavailable(retryAfterSeconds: 1)
        case is HTTPParserError:
            self = .badRequest(vi: "Không đúng HTTP.", en: "This is not proper HTTP.")
            closesConnection = true
        case let error as any HTTPResponseError: self.init(status: error.status)
        default: return nil
        }
    }

    /// The problem that a bare status stands for.
    init(status: HTTPResponse.Status) {
        switch status {
        case .notFound: self = .notFound
        case .contentTooLarge:
            self.init(
                "content-too-large", status: status, vi: "Nội dung quá lớn", en: "The request body is too large")
            closesConnection = true
        case .unauthorized:
            self.init("unauthorized", status: status, vi: "Cần xác thực", en: "Authentication is required")
        case .forbidden: self.init("forbidden", status: status, vi: "Không có quyền", en: "This is not permitted")
        case _ where status.kind == .clientError:
            self.init("bad-request", status: status, vi: "Yêu cầu không hợp lệ", en: "The request is not valid")
        case .serviceUnavailable: self = .unavailable(retryAfterSeconds: 5)
        default: self = .internalError
        }
    }

    /// The answer.
    package func response(language: EdgeLanguage, traceID: String) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json; charset=utf-8"
        headers[.contentLanguage] = language.rawValue
        headers[.cacheControl] = "no-store"
        headers[.vary] = "Accept-Language"
        if closesConnection { headers[.connection] = "close" }
        let document = document(language: language, traceID: traceID)
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: document)))
    }
}
