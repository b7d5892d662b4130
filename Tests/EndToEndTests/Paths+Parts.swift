import JSONText
import TestSupport
import Testing
import WorkingTime

@testable import motcua

private let deskName = "Trung tâm Phục vụ hành chính công phường Hải Châu"

/// What happens at the police and at social insurance.
extension Story {
    /// The parts stand in the order in which the agencies ended them.
    private func ready(_ residence: String, _ card: String, isCardFirst: Bool = false) -> String {
        var parts = ["Đăng ký thường trú: \(residence)", "Thẻ bảo hiểm y tế: \(card)"]
        if isCardFirst { parts.reverse() }
        return "Hồ sơ đã có kết quả: Đăng ký khai sinh: có kết quả; \(parts.joined(separator: "; ")). "
            + "Mời bạn nhận tại \(deskName)."
    }

    func partial() async throws {
        try await born()
        try await at("03-03T09:00")
        try await act("register", "refuse", .residence, by: Officer.police)
        try await act("refuse", "sign", .residence, by: Officer.policeHead, said: ["reason": ["code": "not-eligible"]])
        try await shows(
            .residence,
            .init(
                status: 10,
                sentence: "Công an chưa đăng ký thường trú cho bé vì không thuộc trường hợp được giải quyết. Giấy khai "
                    + "sinh vẫn có giá trị; bạn có thể nộp lại riêng phần này.", result: "refused"))
        try await shows(.init(status: 4))
        try await cardIssued()
        try await shows(
            .init(status: 9, sentence: ready("không (không thuộc trường hợp được giải quyết)", "có kết quả")))
        try await deskSees("issued", ["birth-certificate", "health-card"])
        try await at("03-04T08:00")
        try await act("return-result", "handed-over", by: Officer.desk)
        try await shows(.init(status: 10))
        try await went([1, 2, 4, 9, 10])
    }

    func verification() async throws {
        try await born(FlagshipForm(livesWith: "other"))
        try await at("03-03T09:00")
        try await shows(.init(promised: "03-05T17:00"))
        try await act("register", "verify", .residence, by: Officer.police)
        try await shows(
            .residence,
            .init(
                status: 4,
                sentence: "Công an cần xác minh nơi thường trú. Hẹn trả mới: \(words("03-09T17:00")) (trước là "
                    + "\(words("03-04T17:00"))).", promised: "03-09T17:00", firstPromised: "03-04T17:00"))
        try await shows(.init(status: 4, promised: "03-09T17:00", firstPromised: "03-05T17:00", isLate: false))
        try await cardIssued()
        try await at("03-09T10:00")
        try await act(
            "verify", "done", .residence, by: Officer.police,
            said: ["record": "9 giờ ngày 6/3/2026, tại 12 Bạch Đằng, tổ trưởng dân phố và chủ hộ."])
        try await shows(.init(status: 9, sentence: ready("có kết quả", "có kết quả", isCardFirst: true), isLate: false))
    }

    /// Consent is asked for on Tuesday at 10:00, at the latest on Thursday of the next week.
    private func consentAsked() async throws {
        try await born()
        try await at("03-03T10:00")
        try await act("register", "consent", .residence, by: Officer.police)
        try await shows(
            .residence,
            .init(
                status: 5,
                sentence: "Chủ hộ hoặc cha, mẹ cần xác nhận đồng ý trên VNeID trước 24 giờ Thứ Năm, 12/03/2026."))
        try await shows(.init(status: 5))
        try await act("issue", "issue", .card, by: Officer.card, said: ["card-number": "TE1480000000002"])
    }

    func consent() async throws {
        try await consentAsked()
        try await at("03-09T14:00")
        try await answer("register.consent", .residence)
        try await shows(.residence, .init(status: 4, promised: "03-11T17:00"))
        try await shows(.init(status: 4, promised: "03-11T17:00", firstPromised: "03-05T17:00", isLate: false))
        try await at("03-10T09:00")
        try await act("register", "done", .residence, by: Officer.police)
        try await shows(.init(status: 9, sentence: ready("có kết quả", "có kết quả", isCardFirst: true), isLate: false))
    }

    func consentSilence() async throws {
        try await consentAsked()
        try await at("03-13T08:00")
        try await act(
            "refuse-unanswered", "sign", .residence, by: Officer.policeHead, said: ["reason": ["code": "no-consent"]])
        try await shows(
            .init(
                status: 9,
                sentence: ready(
                    "không (chưa có ý kiến đồng ý của chủ hộ hoặc cha, mẹ)", "có kết quả", isCardFirst: true),
                isLate: false))
    }

    func cardSupplement() async throws {
        try await born()
        try await at("03-03T09:00")
        try await act("issue", "supplement", .card, by: Officer.card, said: ["missing": ["birth-certificate"]])
        try await shows(
            .card,
            .init(
                status: 5,
                sentence: "Bạn cần bổ sung giấy khai sinh trước 24 giờ Thứ Năm, 12/03/2026 để được cấp thẻ bảo hiểm y "
                    + "tế."))
        try await act("register", "done", .residence, by: Officer.police)
        try await shows(.init(status: 5))
        try await at("03-04T09:00")
        try await answer("issue.supplement", .card)
        try await shows(.card, .init(status: 4, promised: "03-06T17:00"))
        try await shows(.init(status: 4, promised: "03-06T17:00", firstPromised: "03-05T17:00"))
        try await act("issue", "issue", .card, by: Officer.card, said: ["card-number": "TE1480000000003"])
        try await shows(.init(status: 9))
    }

    func cardRefused() async throws {
        try await born()
        try await at("03-03T09:00")
        try await act("issue", "refuse", .card, by: Officer.card)
        try await act("refuse", "sign", .card, by: Officer.cardHead, said: ["reason": ["code": "already-issued"]])
        try await shows(
            .card,
            .init(
                status: 10,
                sentence: "Chưa cấp được thẻ vì trẻ đã được cấp thẻ. Giấy khai sinh không bị ảnh hưởng.",
                result: "refused"))
        try await act("register", "done", .residence, by: Officer.police)
        try await shows(
            .init(status: 9, sentence: ready("có kết quả", "không (trẻ đã được cấp thẻ)", isCardFirst: true)))
        try await deskSees("issued", ["birth-certificate", "residence-notice"])
    }

    func twoOfThree() async throws {
        try await born(FlagshipForm(wantsInsurance: false))
        try await at("03-03T09:00")
        try await act("register", "done", .residence, by: Officer.police)
        try await shows(
            .init(
                status: 9,
                sentence: "Hồ sơ đã có kết quả: Đăng ký khai sinh: có kết quả; Đăng ký thường trú: có kết quả. Mời bạn "
                    + "nhận tại \(deskName)."))
        try await deskSees("issued", ["birth-certificate", "residence-notice"])
    }

    func otherProvince() async throws {
        try await born(FlagshipForm(residence: "45001"))
        try await shows(
            .residence, .init(status: 4, sentence: "Công an phường Đông Hà đang đăng ký thường trú cho bé."))
        try await at("03-03T09:00")
        try await act("register", "done", .residence, by: "qt-dongha-congan-01")
        try await shows(.init(status: 4, promised: "03-05T17:00"))
        try await at("03-03T10:00")
        try await act("issue", "issue", .card, by: "qt-bhxh1-01", said: ["card-number": "TE1450000000001"])
        try await shows(.init(status: 9, sentence: ready("có kết quả", "có kết quả")))
        try await deskSees("issued", ["birth-certificate", "residence-notice", "health-card"])
    }
}
