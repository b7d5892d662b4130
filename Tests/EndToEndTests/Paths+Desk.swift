import JSONText
import TestSupport
import Testing
import WorkingTime

@testable import motcua

private let deskName = "Trung tâm Phục vụ hành chính công phường Hải Châu"
private let asked =
    "Hồ sơ còn thiếu giấy chứng sinh hoặc giấy tờ thay thế. Bạn vui lòng bổ sung trước 24 giờ Thứ Tư, 11/03/2026. "
    + "Thời hạn giải quyết chỉ tính khi hồ sơ đã đủ."

/// What happens at the one-stop desk.
extension Story {
    func complete() async throws {
        try await at("03-02T08:30")
        try await submit()
        try await shows(
            .init(
                status: 1,
                sentence: "Bộ phận Một cửa đang kiểm tra hồ sơ của bạn và sẽ trả lời chậm nhất "
                    + "\(words("03-03T08:30")).", promised: ""))
        try await strangersSeeNothing()
        try await at("03-02T09:00")
        try await act("receive", "accept", by: Officer.desk)
        try await shows(
            .init(
                status: 4, sentence: "UBND phường Hải Châu đang giải quyết việc khai sinh.", promised: "03-05T17:00",
                firstPromised: "03-05T17:00", isLate: false))
        try await told(["Hồ sơ đã được tiếp nhận. Hẹn trả kết quả: \(words("03-05T17:00"))."])
        try await shows(
            .birth,
            .init(status: 4, sentence: "Cán bộ hộ tịch UBND phường Hải Châu đang kiểm tra thông tin khai sinh."))
        try await legalCodeShowsCompletionOnly()
        try await strangersSeeNothing(.birth)
        try await at("03-02T10:00")
        try await act("check", "ok", .birth, by: Officer.civilStatus)
        try await shows(.birth, .init(sentence: "Đang ghi sổ khai sinh và xin cấp số định danh cho bé."))
        try await at("03-02T10:30")
        try await cast.registry.answer(dossier(.birth), "number")
        try await shows(.birth, .init(sentence: "Chủ tịch UBND phường Hải Châu đang ký Giấy khai sinh."))
        try await at("03-02T11:00")
        try await act("sign", "sign", .birth, by: Officer.chairman)
        try await shows(
            .init(status: 4, sentence: "Giấy khai sinh đã được chuyển tới Công an và Bảo hiểm xã hội."))
        try await told([
            "Giấy khai sinh của bé đã có. Bạn xem trên VNeID; bản giấy nhận tại Bộ phận Một cửa.",
            "Giấy khai sinh đã được chuyển tới Công an và Bảo hiểm xã hội.",
        ])
        try await shows(.birth, .init(status: 10, result: "issued"))
        try await completeParts()
    }

    private func completeParts() async throws {
        try await shows(
            .residence, .init(status: 4, sentence: "Công an phường Hải Châu đang đăng ký thường trú cho bé."))
        try await shows(.card, .init(status: 4, sentence: "Bảo hiểm xã hội đang cấp thẻ bảo hiểm y tế cho bé."))
        try await strangersSeeNothing(.residence)
        try await at("03-03T09:00")
        try await act("register", "done", .residence, by: Officer.police)
        try await cardIssued()
        let parts =
            "Đăng ký khai sinh: có kết quả; Đăng ký thường trú: có kết quả; Thẻ bảo hiểm y tế: có kết quả"
        try await shows(
            .init(status: 9, sentence: "Hồ sơ đã có kết quả: \(parts). Mời bạn nhận tại \(deskName).", isLate: false))
        try await deskSees("issued", ["birth-certificate", "residence-notice", "health-card"])
        try await at("03-04T08:00")
        try await act("return-result", "handed-over", by: Officer.desk)
        try await shows(
            .init(
                status: 10, sentence: "Kết quả đã được trả ngày 04/03/2026: \(parts).", result: "issued", isLate: false)
        )
        try await went([1, 2, 4, 9, 10])
        try await legalCodeShowsCompletionOnly()
        try await strangersSeeNothing()
    }

    func deskRefusal() async throws {
        try await at("03-02T08:30")
        try await submit()
        try await at("03-02T09:00")
        try await act("receive", "refuse", by: Officer.desk, said: Story.reason)
        try await shows(
            .init(
                status: 3, sentence: "Hồ sơ chưa được tiếp nhận vì thiếu giấy tờ bắt buộc. Bạn có thể nộp lại.",
                promised: "", result: "not-accepted"))
        try await went([1, 3])
        try await deskSees("code", .null)
        try await refused(409, "ended") { try await withdraw() }
    }

    /// Asked for papers on Monday: seven working days, until midnight of Wednesday of the next week.
    private func askedAtTheDesk() async throws {
        try await at("03-02T08:30")
        try await submit()
        try await at("03-02T09:00")
        try await act("receive", "supplement", by: Officer.desk, said: Story.missing)
        try await shows(.init(status: 5, sentence: asked, promised: ""))
        try await at("03-11T23:59")
        try await shows(.init(status: 5, sentence: asked))
        try await at("03-12T08:00")
        try await shows(
            .init(
                status: 5,
                sentence: "Đã quá thời hạn bổ sung. Nếu bạn bổ sung trước khi phiếu từ chối được ký, hồ sơ vẫn được "
                    + "xem xét.", promised: ""))
    }

    func silence() async throws {
        try await askedAtTheDesk()
        try await act("sign-refusal", "sign", by: Officer.desk, said: ["reason": ["code": "no-answer"]])
        try await shows(
            .init(
                status: 3,
                sentence: "Hồ sơ chưa được tiếp nhận vì đã quá thời hạn bổ sung mà chưa nhận được giấy tờ. Bạn có thể "
                    + "nộp lại.", result: "not-accepted"))
        try await went([1, 5, 3])
    }

    func lateAnswer() async throws {
        try await askedAtTheDesk()
        try await answer("sign-refusal")
        try await shows(.init(status: 1))
        try await at("03-12T09:00")
        try await act("receive", "accept", by: Officer.desk)
        try await shows(.init(status: 4, promised: "03-17T17:00", firstPromised: "03-17T17:00"))
        try await went([1, 5, 1, 2, 4])
    }

    func twins() async throws {
        try await at("03-02T08:30")
        try await submit()
        let second = twin()
        try await second.submitTwin(of: self)
        let ids: [JSONValue] = [.string(try await dossier(.whole)), .string(try await second.dossier(.whole))]
        try await second.deskSees("siblings", [ids[0]])
        _ = try await eventually("the first hears of the second") {
            try await desk()["siblings"] == [ids[1]] ? true : nil
        }
        // Each goes its own way: the second is accepted, and its birth is checked, while the first still waits.
        try await at("03-02T09:00")
        try await second.act("receive", "accept", by: Officer.desk)
        try await second.shows(.init(status: 4, promised: "03-05T17:00"))
        try await at("03-02T09:30")
        try await second.act("check", "ok", .birth, by: Officer.civilStatus)
        try await shows(.init(status: 1, promised: ""))
        try await act("receive", "accept", by: Officer.desk)
        try await shows(.init(status: 4, promised: "03-05T17:00"))
        // Neither page leads to the other child's.
        let pages = try await [page(), second.page()]
        for (own, other) in [(0, 1), (1, 0)] {
            let text = String(decoding: pages[own].bytes, as: UTF8.self)
            let secrets = [
                ids[other].stringValue?.dropFirst("48.".count).description, pages[other]["legalCode"]?.stringValue,
                [lookUp, second.lookUp][other],
            ]
            for secret in secrets where secret.map(text.contains) ?? true {
                fault("the page of one child shows \(secret ?? "nothing") of the other", #_sourceLocation)
            }
        }
        if pages[0]["legalCode"] == nil || pages[0]["legalCode"] == pages[1]["legalCode"] {
            fault("the children share a legal code", #_sourceLocation)
        }
        try await second.strangersSeeNothing()
        takeFaults(of: second)
    }

    func notOurs() async throws {
        try await at("03-02T08:30")
        try await submit()
        try await at("03-02T08:45")
        try await act(
            "receive", "not-ours", by: Officer.desk, said: ["agency": ["agency": .string(Cast.otherCentre)]])
        try await shows(.init(status: 1))
        try await at("03-02T09:00")
        try await act("receive", "accept", by: Officer.otherDesk)
        try await shows(.init(status: 4, promised: "03-05T17:00"))
        try await legalCodeShowsCompletionOnly()
    }
}
