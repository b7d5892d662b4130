import JSONText

/// What a desk does with a task of a sample dossier.
enum DeskDecision: Hashable, Sendable {
    /// Ends it with this outcome, saying this.
    case complete(outcome: String, said: JSONObject)
    /// The outside system could not be reached.
    case callFailed
    /// Leaves it for another day.
    case leave

    /// What the desk of `procedure` does at `step`, which the dossier reaches for the `visit`-th time (from 1).
    ///
    /// Steps that the table does not know are left: a demo must never decide what nobody wrote down.
    static func of(
        _ scenario: Scenario, procedure: String, step: String, visit: Int, child: SampleChild
    ) -> DeskDecision {
        let isFirst = visit == 1
        switch (procedure, step) {
        case (_, "withdrawal.confirm"): return .complete(outcome: "confirm", said: [:])
        case ("birth-residence-insurance", "receive"): return atReception(scenario, isFirst)
        case ("birth-residence-insurance", "return-result"):
            return scenario == .uncollected ? .leave : .complete(outcome: "handed-over", said: [:])
        case ("birth-residence-insurance", "sign-refusal"): return refusal("sign", "no-answer")
        case ("birth-registration", "check"): return atCivilStatus(scenario, isFirst)
        case ("birth-registration", "register"): return atRegister(scenario, isFirst, child)
        case ("birth-registration", "obstacle"): return .complete(outcome: "number", said: numbers(child))
        case ("birth-registration", "sign"):
            if scenario == .unsigned { return .leave }
            return .complete(outcome: scenario == .sentBack && isFirst ? "send-back" : "sign", said: [:])
        case ("birth-registration", "refuse"):
            return refusal("sign", "not-eligible", "Không có căn cứ xác định việc sinh tại địa chỉ đã khai.")
        case ("birth-registration", "refuse-unanswered"): return refusal("sign", "no-answer")
        case ("permanent-residence", let step): return atPolice(scenario, step, isFirst)
        case ("child-health-card", let step): return atInsurance(scenario, step, isFirst, child)
        default: return .leave
        }
    }

    private static func atReception(_ scenario: Scenario, _ isFirst: Bool) -> DeskDecision {
        switch scenario {
        case .untouched, .withdrawnEarly: .leave
        case .deskRefusal:
            refusal("refuse", "not-eligible", "Trẻ đã được đăng ký khai sinh tại xã khác.")
        case .deskSupplement where isFirst, .deskSupplementOpen where isFirst:
            missing("supplement", "Ảnh giấy chứng sinh mờ, vui lòng chụp lại cả hai mặt.")
        default: .complete(outcome: "accept", said: [:])
        }
    }

    private static func atCivilStatus(_ scenario: Scenario, _ isFirst: Bool) -> DeskDecision {
        switch scenario {
        case .birthSupplement where isFirst, .birthSupplementOpen where isFirst:
            missing(
                "supplement", "Tên mẹ trên giấy chứng sinh khác với căn cước; vui lòng bổ sung xác nhận của bệnh viện.")
        case .birthRefusal: .complete(outcome: "unfit", said: [:])
        case .withdrawnHeld: .leave
        default: .complete(outcome: "ok", said: [:])
        }
    }

    private static func atRegister(_ scenario: Scenario, _ isFirst: Bool, _ child: SampleChild) -> DeskDecision {
        switch scenario {
        case .registerMismatch where isFirst: .complete(outcome: "mismatch", said: [:])
        case .registerDown where isFirst: .callFailed
        default: .complete(outcome: "number", said: numbers(child))
        }
    }

    private static func atPolice(_ scenario: Scenario, _ step: String, _ isFirst: Bool) -> DeskDecision {
        let record: JSONObject = [
            "record": "Xác minh tại nơi ở, có tổ trưởng tổ dân phố chứng kiến; trẻ thực tế cư trú tại địa chỉ đã khai."
        ]
        switch (step, scenario) {
        case (_, .partsOpen), ("register", .withdrawnLate), ("verify", .residenceVerifying): return .leave
        case ("register", .residenceVerified), ("register", .residenceVerifying):
            return .complete(outcome: "verify", said: [:])
        case ("register", .residenceConsent) where isFirst: return .complete(outcome: "consent", said: [:])
        case ("register", .residenceRefusal): return .complete(outcome: "refuse", said: [:])
        case ("register", _): return .complete(outcome: "done", said: [:])
        case ("verify", _): return .complete(outcome: "done", said: record)
        case ("refuse", _):
            return refusal("sign", "not-living-there", "Qua kiểm tra, trẻ không cư trú tại địa chỉ đã khai.")
        case ("refuse-unanswered", _): return refusal("sign", "no-consent")
        default: return .leave
        }
    }

    private static func atInsurance(
        _ scenario: Scenario, _ step: String, _ isFirst: Bool, _ child: SampleChild
    ) -> DeskDecision {
        switch (step, scenario) {
        case (_, .partsOpen), ("issue", .withdrawnLate): return .leave
        case ("issue", .cardSupplement) where isFirst:
            return .complete(
                outcome: "supplement",
                said: ["missing": ["birth-certificate"], "note": "Vui lòng gửi lại bản điện tử Giấy khai sinh."])
        case ("issue", .cardRefusal): return .complete(outcome: "refuse", said: [:])
        case ("issue", _): return .complete(outcome: "issue", said: ["card-number": .string(child.cardNumber)])
        case ("refuse", _): return refusal("sign", "already-issued", "Trẻ đã được cấp thẻ tại tỉnh khác.")
        case ("refuse-unanswered", _): return refusal("sign", "no-answer")
        default: return .leave
        }
    }

    private static func missing(_ outcome: String, _ note: String) -> DeskDecision {
        .complete(outcome: outcome, said: ["missing": ["birth-proof"], "note": .string(note)])
    }

    private static func refusal(_ outcome: String, _ reason: String, _ note: String? = nil) -> DeskDecision {
        var said: JSONObject = ["code": .string(reason)]
        if let note { said["note"] = .string(note) }
        return .complete(outcome: outcome, said: ["reason": .object(said)])
    }

    private static func numbers(_ child: SampleChild) -> JSONObject {
        ["personal-number": .string(child.personalNumber), "register-number": .string(child.registerNumber)]
    }
}
