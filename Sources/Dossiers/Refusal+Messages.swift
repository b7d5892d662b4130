import Notices
import Procedures
import WorkingTime

/// Every refusal of the core, with its sentence: what happened, and what to do next.
extension Refusal {
    private static func make(_ code: Code, _ vi: String, _ en: String, field: String? = nil) -> Refusal {
        Refusal(code, LocalText(vi: vi, en: en), field: field)
    }

    static let hasEnded = make(.ended, "Hồ sơ đã kết thúc.", "The dossier has ended.")
    static let existsAlready = make(.alreadyThere, "Hồ sơ này đã có.", "This dossier is there already.")
    static let isNotThere = make(.notThere, "Không có hồ sơ này.", "There is no such dossier.")
    static let taskOver = make(
        .notOpen, "Việc này đã xong hoặc không còn. Hãy tải lại danh sách việc.",
        "This task is over or was never there. Reload your list.")
    static let nothingAsked = make(
        .notOpen, "Ở bước này người nộp không phải trả lời.", "Nothing is asked of the applicant at this step.")
    static let onlyOfficers = make(
        .noRole, "Việc này do cán bộ thực hiện.", "This is done by an officer.")
    static let notTheApplicant = make(
        .otherAgency, "Chỉ người nộp, hoặc Bộ phận Một cửa thay người nộp, làm được việc này.",
        "Only the applicant, or the centre for the applicant, can do this.")
    static let belongsElsewhere = make(
        .otherAgency, "Việc này thuộc cơ quan khác.", "The task belongs to another agency.")
    static let heldByAnother = make(
        .heldByOther, "Cán bộ khác đang giữ việc này.", "Another officer holds the task.")
    static let heldByNobody = make(
        .notHeld, "Chưa ai nhận việc này nên không thể trả lại.", "Nobody holds the task, so it cannot be released.")
    static let cannotWithdraw = make(
        .notOffered, "Không rút riêng được phần này; thủ tục không cho rút, hoặc phải rút cả hồ sơ chính.",
        "This cannot be withdrawn: the procedure does not allow it, or the whole must be withdrawn.")
    static let alreadyAsked = make(
        .tooLate, "Đã có yêu cầu rút, đang chờ xác nhận.", "A withdrawal was asked for and waits to be confirmed.")
    static let alreadyStopping = make(
        .tooLate, "Hồ sơ đang được dừng.", "The dossier is being stopped.")
    static let resultReady = make(
        .tooLate, "Kết quả đã có nên không thể thay đổi nữa.", "The result is ready; it is too late for this.")
    static let noPromise = make(
        .badDate, "Hồ sơ chưa có ngày hẹn, hoặc thời hạn đang tạm dừng.",
        "There is no promised date, or the clock is paused.")
    static let reappointedBefore = make(
        .tooLate, "Đã hẹn lại đủ số lần pháp luật cho phép.", "A new date was set as often as the law allows.")
    static let notAClose = make(
        .badDate, "Ngày hẹn mới phải là giờ đóng cửa của một ngày làm việc, sau ngày đã hẹn.",
        "The new date must be the close of a working day later than the promised one.")

    static func apologyTooLate(_ latest: Instant) -> Refusal {
        make(
            .tooLate, "Thư xin lỗi và hẹn lại chậm nhất phải trước \(latest.vietnamese).",
            "The apology with a new date was due by \(latest.english).")
    }

    static func notInForce(_ procedure: Procedure) -> Refusal {
        let effective = procedure.effective
        let until = effective.until?.vietnamese ?? "…"
        let next = effective.replacedBy.map { " Hãy dùng thủ tục \($0)." } ?? ""
        let nextEnglish = effective.replacedBy.map { " Use procedure \($0)." } ?? ""
        return make(
            .notInForce, "Thủ tục chỉ nhận hồ sơ từ \(effective.from.vietnamese) đến \(until).\(next)",
            "The procedure takes dossiers from \(effective.from) until \(effective.until?.description ?? "…").\(nextEnglish)"
        )
    }

    static func onlyLinked(_ procedure: Procedure) -> Refusal {
        make(
            .notInForce, "“\(procedure.title.vi)” chỉ chạy như một phần của thủ tục liên thông.",
            "“\(procedure.title.text(in: .en))” runs only as a part of another procedure.")
    }

    static func noLinkedProcedure(_ name: String) -> Refusal {
        make(
            .notInForce, "Chưa có thủ tục liên thông “\(name)”; báo quản trị viên.",
            "The linked procedure “\(name)” is not loaded; tell an administrator.")
    }

    static func unknownOutcome(_ name: String) -> Refusal {
        make(.noSuchOutcome, "Bước này không có kết quả “\(name)”.", "The step has no outcome “\(name)”.")
    }

    static func notInThisCase(_ title: LocalText) -> Refusal {
        make(
            .notOffered, "“\(title.vi)” không áp dụng cho trường hợp này.",
            "“\(title.text(in: .en))” is not offered in this case.")
    }

    static func oftenEnough(_ title: LocalText, _ most: Int) -> Refusal {
        make(
            .tooOften, "“\(title.vi)” chỉ được chọn \(most) lần trong một hồ sơ.",
            "“\(title.text(in: .en))” can be chosen \(most) \(most == 1 ? "time" : "times") in one dossier.")
    }

    static func lacksRole(_ role: String) -> Refusal {
        make(.noRole, "Việc này cần vai trò “\(role)”.", "This needs the role “\(role)”.")
    }

    static func onlyConnector(_ name: String) -> Refusal {
        make(.noRole, "Bước này do hệ thống “\(name)” trả lời.", "This step is answered by the system “\(name)”.")
    }

    static let onlyConnectors = make(
        .noRole, "Tin báo do hệ thống bên ngoài gửi.", "A message is told by an outside system.")

    static func unknownMessage(_ name: String) -> Refusal {
        make(
            .noSuchOutcome, "Thủ tục này không chờ tin báo “\(name)”.",
            "The procedure knows no message “\(name)”.")
    }

    static func noSuchOfficer(_ id: String) -> Refusal {
        make(
            .badData, "Không có cán bộ “\(id)” giữ vai trò này tại cơ quan.",
            "No officer “\(id)” holds this role at the agency.", field: "/officer")
    }

    static func sameEyes(_ step: LocalText) -> Refusal {
        make(
            .fourEyes, "Người đã làm bước “\(step.vi)” không được làm bước này.",
            "Whoever did “\(step.text(in: .en))” may not do this step.")
    }

    static func mustBeSaid(_ need: Need) -> Refusal {
        make(
            .badData, "Phải có “\(need.title.vi)”.", "“\(need.title.text(in: .en))” must be given.", field: need.name)
    }

    /// What was said with a need is of another kind, or no name that the procedure has.
    static func unfit(_ need: Need) -> Refusal {
        let isListed = need.kind == .reason || need.kind == .documents
        return make(
            .badData,
            isListed
                ? "“\(need.title.vi)”: hãy chọn trong danh mục của thủ tục." : "“\(need.title.vi)” không đúng kiểu.",
            isListed
                ? "“\(need.title.text(in: .en))”: choose from those that the procedure has."
                : "“\(need.title.text(in: .en))” is of another kind.", field: need.name)
    }

    static func badData(_ field: String) -> Refusal {
        make(
            .badData, "“\(field)” không hợp lệ hoặc không được hỏi ở đây.",
            "“\(field)” is not valid, or is not asked for here.", field: field)
    }

    static func noCompetentAgency(kind: String, field: String) -> Refusal {
        make(
            .noCompetentAgency, "Không có cơ quan “\(kind)” phụ trách địa bàn đã khai.",
            "No agency of the kind “\(kind)” serves the place that was declared.", field: field)
    }

    static func badDate(_ error: CalendarError) -> Refusal {
        make(.badDate, error.message.vi, error.message.en)
    }
}

extension LocalText {
    /// The name of the need that every apology has.
    static let reason = LocalText(vi: "Lý do", en: "Reason")
}
