package import Dossiers
import JSONText
import Notices
import Procedures
import Store

/// The dossier of another child of the same birth, from whose form a new one is completed.
package struct SiblingSource: Sendable {
    package var dossier: DossierRef
    /// Who reads its form for that.
    package var reader: Reader
    /// Whether it is the sender's business; any other is answered as if it were not there.
    package var mayBeRead: @Sendable (DossierView) -> Bool

    /// Joins the parts.
    package init(dossier: DossierRef, reader: Reader, mayBeRead: @escaping @Sendable (DossierView) -> Bool) {
        self.dossier = dossier
        self.reader = reader
        self.mayBeRead = mayBeRead
    }
}

extension DossierEngine {
    /// So many siblings a dossier may have when another is submitted with it: their list is part of its state (R11), and
    /// more children were never born at once.
    static let siblingsMax = 9

    /// The answer to a submission with a sibling that was sent before: it does not change with what became of the sibling
    /// since, and its form is not read again (R13).
    func answeredBefore(_ request: SubmitRequest, _ province: Int16) async throws(CommandError) -> StoredAnswer? {
        guard request.sibling != nil else { return nil }
        return try await answered(request.identity, province)
    }

    /// The submission with its whole form: what it does not give itself is the sibling's. Reading that form is recorded (R2).
    func completed(_ request: SubmitRequest, _ procedure: Procedure) async throws(CommandError) -> SubmitRequest {
        guard let source = request.sibling else { return request }
        guard let view = try await reading({ [self] _ in try await dossier(source.dossier) }), source.mayBeRead(view)
        else { throw .sibling(.unknown) }
        guard view.state.parent == nil else { throw .sibling(.isPart) }
        guard view.state.procedure == procedure.name else { throw .sibling(.otherProcedure(view.procedure.title)) }
        guard view.state.siblings.count < DossierEngine.siblingsMax else { throw .sibling(.tooMany) }
        let whole = try await reading { [self] _ in try await form(of: source.dossier, reader: source.reader) }
        guard let whole else { throw .sibling(.erased) }
        var request = request
        // A field that the version in force does not ask for any more is not the sender's to leave out.
        request.form = procedure.inherited(from: whole).patched(with: request.form)
        return request
    }
}

/// Why nothing can be taken over from a sibling.
private enum SiblingFault {
    case unknown
    case isPart
    case otherProcedure(LocalText)
    case tooMany
    case erased

    var problem: JSONProblem {
        let (code, vi, en) = words
        return JSONProblem(pointer: "/sibling", code: code, message: JSONMessage(vi: vi, en: en))
    }

    private var words: (code: String, vi: String, en: String) {
        switch self {
        case .unknown:
            (
                "unknown-dossier", "Cơ quan không có hồ sơ này; hãy xem lại mã của hồ sơ trẻ sinh cùng lần.",
                "The agency has no such dossier; look at the sibling's id again."
            )
        case .isPart:
            (
                "linked-part", "Đây chỉ là một phần của hồ sơ liên thông; hãy ghi mã của hồ sơ chính.",
                "This is only a part of another dossier; name the whole."
            )
        case .otherProcedure(let title):
            (
                "other-procedure",
                "Hồ sơ ấy theo thủ tục “\(title.vi)”; chỉ sao chép được từ hồ sơ của cùng thủ tục.",
                "That dossier is of the procedure “\(title.text(in: .en))”; only one of the same procedure can be copied from."
            )
        case .tooMany:
            (
                "too-many-siblings", "Hồ sơ ấy đã có \(DossierEngine.siblingsMax) hồ sơ của trẻ sinh cùng lần.",
                "That dossier has \(DossierEngine.siblingsMax) siblings already."
            )
        case .erased:
            (
                "erased",
                "Dữ liệu cá nhân của hồ sơ ấy đã được xoá nên không sao chép được; hãy nộp đủ biểu mẫu, không kèm “sibling”.",
                "The personal values of that dossier were erased, so nothing can be copied; send the whole form without `sibling`."
            )
        }
    }
}

extension CommandError {
    fileprivate static func sibling(_ fault: SiblingFault) -> CommandError { .invalid([fault.problem]) }
}

extension JSONValue {
    /// The value after a JSON Merge Patch (RFC 7396): objects are merged member by member, null takes a member out, and
    /// anything else stands in the place of what was there.
    func patched(with patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var result = objectValue ?? JSONObject()
        for change in changes.members {
            let old = result[change.key]
            result[change.key] = change.value.isNull ? JSONValue?.none : (old ?? .null).patched(with: change.value)
        }
        return .object(result)
    }
}
