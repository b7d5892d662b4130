import Notices
import PublicFeed

/// Why the legal clock did not run, as far as the published states tell.
enum PauseReason: String, Hashable, Sendable {
    case documents
    case payment
    case withdrawal
    case suspension

    /// The reason of one picture; nil while the clock runs, or when its state says nothing of why it does not.
    init?(_ notice: Notice) {
        guard notice.paused || Punctuality.waitsForApplicant(notice.stage) else { return nil }
        switch notice.stage {
        case .needsDocuments: self = .documents
        case .needsPayment: self = .payment
        case .withdrawing: self = .withdrawal
        case .suspended: self = .suspension
        case .submitted, .accepted, .refused, .processing, .withdrawn, .terminated, .decided, .returned: return nil
        }
    }

    /// All reasons of a dossier's life, the earliest first, each once.
    static func all(of dossier: DossierStand) -> [PauseReason] {
        var reasons: [PauseReason] = []
        for reason in dossier.history.reversed().compactMap({ PauseReason($0) }) where !reasons.contains(reason) {
            reasons.append(reason)
        }
        return reasons
    }

    /// In words, to stand within a sentence.
    var text: LocalText {
        switch self {
        case .documents: LocalText(vi: "chờ bạn bổ sung hồ sơ", en: "waiting for papers from you")
        case .payment:
            LocalText(vi: "chờ nộp phí hoặc nghĩa vụ tài chính", en: "waiting for a fee or a financial obligation")
        case .withdrawal: LocalText(vi: "chờ xác nhận việc rút hồ sơ", en: "waiting for the withdrawal to be confirmed")
        case .suspension: LocalText(vi: "cơ quan tạm dừng giải quyết", en: "suspended by the agency")
        }
    }
}
