/// A text in Vietnamese, with English beside it.
///
/// Vietnamese is the text that binds; `en` is nil where nobody translated it yet, and readers then see the Vietnamese.
package struct LocalText: Hashable, Sendable {
    /// The Vietnamese text, NFC, never empty.
    package var vi: String
    /// The English text, or nil where there is none.
    package var en: String?

    /// Joins both languages.
    package init(vi: String, en: String? = nil) {
        self.vi = vi
        self.en = en
    }

    /// The text in the reader's language, Vietnamese where the other is missing.
    package func text(in language: Language) -> String {
        language == .en ? en ?? vi : vi
    }
}

/// A language that MotCua speaks.
package enum Language: String, Sendable, CaseIterable {
    case vi
    case en
}

/// The ten national statuses of a dossier (codes of the national public service portal).
package enum NationalStatus: Int, Sendable, CaseIterable, Comparable {
    /// Mới đăng ký: submitted, waiting for acceptance.
    case submitted = 1
    /// Được tiếp nhận: accepted; the dossier has a code and a promised date.
    case accepted = 2
    /// Không được tiếp nhận: refused at intake. Final, and never after 2.
    case notAccepted = 3
    /// Đang xử lý: an agency works on it.
    case processing = 4
    /// Yêu cầu bổ sung giấy tờ: waiting for the applicant.
    case needsDocuments = 5
    /// Yêu cầu thực hiện nghĩa vụ tài chính: waiting for a payment.
    case needsPayment = 6
    /// Công dân yêu cầu rút hồ sơ: withdrawn.
    case withdrawn = 7
    /// Dừng xử lý: stopped by the agency.
    case stopped = 8
    /// Đã xử lý xong: the result is ready.
    case decided = 9
    /// Đã trả kết quả: the result was handed over. Final.
    case returned = 10

    /// Orders by code; not an order in time.
    package static func < (left: NationalStatus, right: NationalStatus) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The name of the status in the national list.
    package var name: LocalText {
        switch self {
        case .submitted: LocalText(vi: "Mới đăng ký", en: "Newly submitted")
        case .accepted: LocalText(vi: "Được tiếp nhận", en: "Accepted")
        case .notAccepted: LocalText(vi: "Không được tiếp nhận", en: "Not accepted")
        case .processing: LocalText(vi: "Đang xử lý", en: "Being processed")
        case .needsDocuments: LocalText(vi: "Yêu cầu bổ sung giấy tờ", en: "Papers requested")
        case .needsPayment: LocalText(vi: "Yêu cầu thực hiện nghĩa vụ tài chính", en: "Payment requested")
        case .withdrawn: LocalText(vi: "Công dân yêu cầu rút hồ sơ", en: "Withdrawn by the applicant")
        case .stopped: LocalText(vi: "Dừng xử lý", en: "Stopped")
        case .decided: LocalText(vi: "Đã xử lý xong", en: "Decided")
        case .returned: LocalText(vi: "Đã trả kết quả", en: "Result returned")
        }
    }
}

/// What the citizen's page calls the state of a dossier: few, adjectival, one tag a state.
package enum PublicStage: String, Sendable, CaseIterable {
    case submitted
    case accepted
    case refused
    case processing
    case needsDocuments = "needs-documents"
    case needsPayment = "needs-payment"
    case withdrawing
    case withdrawn
    case suspended
    case terminated
    case decided
    case returned

    /// The stage that a national status stands for where a file names none (8 is read as `terminated`).
    package init(of status: NationalStatus) {
        switch status {
        case .submitted: self = .submitted
        case .accepted: self = .accepted
        case .notAccepted: self = .refused
        case .processing: self = .processing
        case .needsDocuments: self = .needsDocuments
        case .needsPayment: self = .needsPayment
        case .withdrawn: self = .withdrawn
        case .stopped: self = .terminated
        case .decided: self = .decided
        case .returned: self = .returned
        }
    }

    /// The national status of this stage.
    package var status: NationalStatus {
        switch self {
        case .submitted: .submitted
        case .accepted: .accepted
        case .refused: .notAccepted
        case .processing: .processing
        case .needsDocuments: .needsDocuments
        case .needsPayment: .needsPayment
        case .withdrawing, .withdrawn: .withdrawn
        case .suspended, .terminated: .stopped
        case .decided: .decided
        case .returned: .returned
        }
    }

    /// The tag shown on the page.
    package var tag: LocalText {
        switch self {
        case .submitted: LocalText(vi: "Đã nộp, chờ tiếp nhận", en: "Submitted, waiting for acceptance")
        case .accepted: LocalText(vi: "Đã tiếp nhận", en: "Accepted")
        case .refused: LocalText(vi: "Không tiếp nhận", en: "Not accepted")
        case .processing: LocalText(vi: "Đang xử lý", en: "Being processed")
        case .needsDocuments: LocalText(vi: "Chờ bạn bổ sung", en: "Waiting for you")
        case .needsPayment: LocalText(vi: "Chờ nộp phí", en: "Waiting for payment")
        case .withdrawing: LocalText(vi: "Đang rút", en: "Being withdrawn")
        case .withdrawn: LocalText(vi: "Đã rút", en: "Withdrawn")
        case .suspended: LocalText(vi: "Tạm dừng", en: "Suspended")
        case .terminated: LocalText(vi: "Dừng xử lý", en: "Stopped")
        case .decided: LocalText(vi: "Đã có kết quả", en: "Result ready")
        case .returned: LocalText(vi: "Đã trả kết quả", en: "Result returned")
        }
    }
}
