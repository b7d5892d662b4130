import Dossiers
import Edge
import HTTPTypes
import JSONText

/// Every type of problem that the API answers with; the raw value is the last part of the type URI.
///
/// The contract (OpenAPI) and the guide list exactly these.
enum ProblemKind: String, CaseIterable, Sendable {
    // What any request can meet.
    case badRequest = "bad-request"
    case invalidQuery = "invalid-query"
    case invalidJSON = "invalid-json"
    case invalidFields = "invalid-fields"
    case bodyBrokenOff = "body-broken-off"
    case requestTimeout = "request-timeout"
    case contentTooLarge = "content-too-large"
    case unsupportedMediaType = "unsupported-media-type"
    case methodNotAllowed = "method-not-allowed"
    case notFound = "not-found"
    case tooManyRequests = "too-many-requests"
    case internalError = "internal-error"
    case unavailable
    // Who calls.
    case unauthorized
    case missingScope = "missing-scope"
    case officerRequired = "officer-required"
    case unknownOfficer = "unknown-officer"
    case noAgency = "no-agency"
    // Commands.
    case idempotencyKeyRequired = "idempotency-key-required"
    case invalidIdempotencyKey = "invalid-idempotency-key"
    case idempotencyKeyReused = "idempotency-key-reused"
    case requestInProgress = "request-in-progress"
    case ifMatchRequired = "if-match-required"
    case invalidIfMatch = "invalid-if-match"
    case staleVersion = "stale-version"
    // Submission.
    case unknownProcedure = "unknown-procedure"
    case notACentre = "not-a-centre"
    case referenceTaken = "reference-taken"
    // Documents.
    case wrongContent = "wrong-content"
    // Procedure files.
    case procedureRefused = "procedure-refused"
    case duplicateVersion = "duplicate-version"
    // Administration.
    case ownClient = "own-client"
    case notEnded = "not-ended"
    case erased
    // The dossier's own refusals.
    case notInForce = "not-in-force"
    case alreadyThere = "already-there"
    case ended
    case notOpen = "not-open"
    case noSuchOutcome = "no-such-outcome"
    case notOffered = "not-offered"
    case tooOften = "too-often"
    case badData = "bad-data"
    case noRole = "no-role"
    case heldByOther = "held-by-other"
    case notHeld = "not-held"
    case fourEyes = "four-eyes"
    case tooLate = "too-late"
    case noCompetentAgency = "no-competent-agency"
    case badDate = "bad-date"

    /// The kind of a refusal. What another agency may not know of, and what is not there, look the same.
    init(_ code: Refusal.Code) {
        switch code {
        case .notInForce: self = .notInForce
        case .alreadyThere: self = .alreadyThere
        case .notThere, .otherAgency: self = .notFound
        case .ended: self = .ended
        case .notOpen: self = .notOpen
        case .noSuchOutcome: self = .noSuchOutcome
        case .notOffered: self = .notOffered
        case .tooOften: self = .tooOften
        case .badData: self = .badData
        case .noRole: self = .noRole
        case .heldByOther: self = .heldByOther
        case .notHeld: self = .notHeld
        case .fourEyes: self = .fourEyes
        case .tooLate: self = .tooLate
        case .noCompetentAgency: self = .noCompetentAgency
        case .badDate: self = .badDate
        }
    }

    /// Its HTTP status.
    var status: Int { entry.status }

    /// What kind of problem it is, in both languages.
    var title: JSONMessage { JSONMessage(vi: entry.vi, en: entry.en) }

    /// The problem, with a sentence on this occurrence where the title does not say it all.
    func problem(_ detail: JSONMessage? = nil, faults: [JSONProblem] = []) -> Problem {
        Problem(
            rawValue, status: HTTPResponse.Status(code: status), title: title, detail: detail, faults: faults)
    }
}

extension ProblemKind {
    private var entry: (status: Int, vi: String, en: String) {
        switch self {
        case .badRequest: (400, "Yêu cầu không hợp lệ", "The request is not valid")
        case .invalidQuery: (400, "Tham số truy vấn chưa đúng", "The query parameters are not valid")
        case .invalidJSON: (400, "Nội dung không phải JSON hợp lệ", "The body is not valid JSON")
        case .invalidFields: (422, "Dữ liệu chưa đúng", "The data is not valid")
        case .bodyBrokenOff: (400, "Yêu cầu không hợp lệ", "The request is not valid")
        case .requestTimeout: (408, "Nội dung gửi đến quá chậm", "The request body came too slowly")
        case .contentTooLarge: (413, "Nội dung quá lớn", "The request body is too large")
        case .unsupportedMediaType: (415, "Kiểu nội dung không được hỗ trợ", "This content type is not supported")
        case .methodNotAllowed: (405, "Phương thức không được hỗ trợ", "This method is not supported here")
        case .notFound: (404, "Không tìm thấy", "Not found")
        case .tooManyRequests: (429, "Quá nhiều yêu cầu, hãy thử lại sau", "Too many requests; try again later")
        case .internalError: (500, "Lỗi của hệ thống", "The fault is ours")
        case .unavailable:
            (503, "Hệ thống tạm thời không phục vụ được", "The service is temporarily unavailable")
        case .unauthorized: (401, "Cần xác thực", "Authentication is required")
        case .missingScope: (403, "Ứng dụng không có phạm vi quyền này", "The client lacks the scope")
        case .officerRequired: (400, "Thiếu tiêu đề Officer-Id", "The header Officer-Id is required")
        case .unknownOfficer:
            (403, "Cán bộ không thuộc cơ quan của ứng dụng", "The officer does not belong to the client's agency")
        case .noAgency: (403, "Ứng dụng không thay mặt cơ quan nào", "The client acts for no agency")
        case .idempotencyKeyRequired, .invalidIdempotencyKey, .invalidIfMatch:
            (400, "Yêu cầu không hợp lệ", "The request is not valid")
        case .idempotencyKeyReused:
            (422, "Idempotency-Key đã dùng cho yêu cầu khác", "The Idempotency-Key was used for another request")
        case .requestInProgress:
            (409, "Yêu cầu cùng khóa đang được xử lý", "A request with this key is still being carried out")
        case .ifMatchRequired: (428, "Thiếu tiêu đề If-Match", "The header If-Match is required")
        case .staleVersion:
            (
                412, "Dữ liệu đã thay đổi, hãy đọc lại rồi thử lại",
                "The resource has changed; read it again and retry"
            )
        default: commandEntry
        }
    }

    private var commandEntry: (status: Int, vi: String, en: String) {
        switch self {
        case .unknownProcedure: (422, "Không có thủ tục này", "There is no such procedure")
        case .notACentre: (403, "Cơ quan không phải bộ phận một cửa", "The agency is not a one-stop centre")
        case .referenceTaken:
            (409, "Mã tham chiếu đã dùng cho hồ sơ khác", "The reference belongs to another dossier")
        case .wrongContent:
            (415, "Nội dung tệp không đúng kiểu đã khai", "The content is not of the declared type")
        case .procedureRefused: (422, "Tệp thủ tục có lỗi", "The procedure file has errors")
        case .duplicateVersion:
            (409, "Phiên bản đã tồn tại với nội dung khác", "The version exists with other content")
        case .ownClient: (409, "Không thể tự khóa ứng dụng của mình", "A client cannot shut itself out")
        case .notEnded: (409, "Hồ sơ chưa kết thúc", "The dossier has not ended")
        case .erased: (410, "Dữ liệu cá nhân đã được xóa", "The personal values have been erased")
        case .notInForce: (422, "Thủ tục không có hiệu lực", "The procedure is not in force")
        case .alreadyThere: (409, "Hồ sơ đã có", "The dossier exists already")
        case .ended: (409, "Hồ sơ đã kết thúc", "The dossier has ended")
        case .notOpen: (409, "Việc này không còn mở", "The task is not open")
        case .noSuchOutcome: (422, "Bước không có kết quả này", "The step has no such outcome")
        case .notOffered: (409, "Kết quả này không áp dụng cho hồ sơ", "The outcome is not offered in this case")
        case .tooOften: (409, "Đã chọn kết quả này đủ số lần", "The outcome was chosen as often as allowed")
        case .badData: (422, "Nội dung kèm theo chưa đúng", "What was said is not valid")
        case .noRole: (403, "Cán bộ không có vai trò này", "The officer lacks the role")
        case .heldByOther: (409, "Người khác đang giữ việc này", "Another officer holds the task")
        case .notHeld: (409, "Chưa ai nhận việc này", "Nobody holds the task")
        case .fourEyes:
            (409, "Người kiểm tra không được là người đã làm", "Who did the step may not check it")
        case .tooLate: (409, "Đã quá muộn cho việc này", "It is too late for this")
        case .noCompetentAgency: (422, "Không có cơ quan có thẩm quyền", "No agency is competent")
        case .badDate: (422, "Ngày không hợp lệ", "The date is not allowed")
        default: (500, "Lỗi của hệ thống", "The fault is ours")
        }
    }
}
