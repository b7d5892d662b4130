import HTTPTypes
package import JSONText

/// The problems that any face can meet.
extension Problem {
    /// 400: the request does not read.
    package static func badRequest(_ code: String = "bad-request", vi: String, en: String) -> Problem {
        Problem(
            code, status: .badRequest, title: JSONMessage(vi: "Yêu cầu không hợp lệ", en: "The request is not valid"),
            detail: JSONMessage(vi: vi, en: en))
    }

    /// 400: no host, or two. Who stands between may have taken another than we, so nothing more is read.
    static let oneHost: Problem = {
        var problem = Problem.badRequest(
            vi: "Phải có đúng một tiêu đề Host (RFC 9112, 3.2).",
            en: "Exactly one Host header is needed (RFC 9112, 3.2).")
        problem.closesConnection = true
        return problem
    }()

    /// 404: there is no such thing, or none that the caller may know of.
    package static let notFound = Problem("not-found", status: .notFound, vi: "Không tìm thấy", en: "Not found")

    /// 405: the resource has other methods.
    package static func methodNotAllowed(allow methods: [String]) -> Problem {
        var problem = Problem(
            "method-not-allowed", status: .methodNotAllowed, vi: "Phương thức không được hỗ trợ",
            en: "This method is not supported here")
        problem.headers[.allow] = methods.joined(separator: ", ")
        return problem
    }

    /// 406: the answer exists in other formats only.
    package static func notAcceptable(available: [String]) -> Problem {
        var problem = Problem(
            "not-acceptable", status: .notAcceptable, vi: "Không có định dạng được yêu cầu",
            en: "Not available in the requested format")
        problem.members["available"] = .array(available.map { .string($0) })
        return problem
    }

    /// 408: the body came too slowly, so the connection ends.
    package static let requestTimeout: Problem = {
        var problem = Problem(
            "request-timeout", status: .requestTimeout, vi: "Nội dung gửi đến quá chậm",
            en: "The request body came too slowly")
        problem.closesConnection = true
        return problem
    }()

    /// 413: the body is larger than the route takes; the rest is not read.
    package static func contentTooLarge(byteCountMax: Int) -> Problem {
        var problem = Problem(
            "content-too-large", status: .contentTooLarge, vi: "Nội dung quá lớn",
            en: "The request body is too large")
        problem.detail = JSONMessage(vi: "Nhiều nhất \(byteCountMax) byte.", en: "At most \(byteCountMax) bytes.")
        problem.closesConnection = true
        return problem
    }

    /// 415: the body is in another format.
    package static func unsupportedMediaType(expected: [String]) -> Problem {
        var problem = Problem(
            "unsupported-media-type", status: .unsupportedMediaType, vi: "Kiểu nội dung không được hỗ trợ",
            en: "This content type is not supported")
        problem.headers[.accept] = expected.joined(separator: ", ")
        return problem
    }

    /// 412: the resource has changed since the caller read it.
    package static let preconditionFailed = Problem(
        "stale-version", status: .preconditionFailed, vi: "Dữ liệu đã thay đổi, hãy đọc lại rồi thử lại",
        en: "The resource has changed; read it again and retry")

    /// 428: the caller must say which version it means.
    package static let preconditionRequired = Problem(
        "if-match-required", status: .preconditionRequired, vi: "Thiếu tiêu đề If-Match",
        en: "The header If-Match is required")

    /// 429: too many requests.
    package static func tooManyRequests(retryAfterSeconds: Int) -> Problem {
        Problem(
            "too-many-requests", status: .tooManyRequests, vi: "Quá nhiều yêu cầu, hãy thử lại sau",
            en: "Too many requests; try again later"
        ).retry(afterSeconds: retryAfterSeconds)
    }

    /// 500: the fault is ours; everything else about it is in the log under the trace id.
    package static let internalError = Problem(
        "internal-error", status: .internalServerError, vi: "Lỗi của hệ thống", en: "The fault is ours")

    /// 503: not now.
    package static func unavailable(retryAfterSeconds: Int) -> Problem {
        Problem(
            "unavailable", status: .serviceUnavailable, vi: "Hệ thống tạm thời không phục vụ được",
            en: "The service is temporarily unavailable"
        ).retry(afterSeconds: retryAfterSeconds)
    }

    /// 400 if the body is no JSON, 422 with every fault if it is JSON of the wrong shape.
    package init(_ problems: JSONProblems) {
        switch problems.kind {
        case .syntax:
            self.init(
                "invalid-json", status: .badRequest,
                title: JSONMessage(vi: "Nội dung không phải JSON hợp lệ", en: "The body is not valid JSON"),
                detail: problems.problems.first?.message, faults: problems.problems)
        case .fields:
            self.init(
                "invalid-fields", status: .unprocessableContent,
                title: JSONMessage(vi: "Dữ liệu chưa đúng", en: "The data is not valid"), faults: problems.problems)
        }
    }
}

extension JSONProblems: ProblemConvertible {
    /// 400 or 422, by their kind.
    package var problem: Problem { Problem(self) }
}

extension JSONError: ProblemConvertible {
    /// 400 with line and column.
    package var problem: Problem { Problem(JSONProblems(self)) }
}
