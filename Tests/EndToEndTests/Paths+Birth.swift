import JSONText
import TestSupport
import Testing
import WorkingTime

@testable import motcua

/// What happens at the registry of births.
extension Story {
    func birthRefused() async throws {
        try await accepted()
        try await at("03-02T10:00")
        try await act("check", "unfit", .birth, by: Officer.civilStatus)
        try await shows(
            .birth, .init(status: 4, sentence: "UBND phường Hải Châu đang xem xét việc từ chối đăng ký khai sinh."))
        try await at("03-02T11:00")
        // Who checks does not sign refusals: the head of the registry does.
        try await refused(403, "no-role") {
            try await act(
                "refuse", "sign", .birth, by: Officer.civilStatus, said: ["reason": ["code": "not-eligible"]])
        }
        try await act("refuse", "sign", .birth, by: Officer.chairman, said: ["reason": ["code": "not-eligible"]])
        try await shows(
            .init(
                status: 10,
                sentence: "UBND phường Hải Châu không đăng ký khai sinh được vì không thuộc trường hợp được giải "
                    + "quyết. Bạn có quyền khiếu nại tại cơ quan đã ra quyết định.", result: "refused"))
        try await went([1, 2, 4, 9, 10])
        try await deskSees("issued", [])
    }

    func otherCommune() async throws {
        try await accepted()
        try await at("03-02T10:00")
        try await act(
            "check", "wrong-commune", .birth, by: Officer.civilStatus, said: ["agency": ["agency": "000.01.02.H17"]])
        try await shows(
            .birth,
            .init(status: 4, sentence: "Cán bộ hộ tịch UBND phường Hòa Cường đang kiểm tra thông tin khai sinh."))
        try await act("check", "ok", .birth, by: "dn-hoacuong-hotich-01")
        try await at("03-02T10:30")
        try await cast.registry.answer(dossier(.birth), "number")
        try await at("03-02T11:00")
        try await act("sign", "sign", .birth, by: "dn-hoacuong-chutich-01")
        try await shows(.init(status: 4, promised: "03-05T17:00"))
        try await shows(.birth, .init(status: 10, result: "issued"))
    }

    /// Asked on Monday at 14:00.
    private func askedAtTheRegistry() async throws {
        try await accepted()
        try await at("03-02T14:00")
        try await act("check", "supplement", .birth, by: Officer.civilStatus, said: Story.missing)
        try await shows(
            .birth,
            .init(
                status: 5,
                sentence: "Bạn cần bổ sung giấy chứng sinh hoặc giấy tờ thay thế trước 24 giờ Thứ Tư, 11/03/2026. Ngày "
                    + "hẹn trả sẽ được tính lại khi hồ sơ đủ."))
        // No new date while papers are missing.
        try await shows(.init(status: 5, promised: "", firstPromised: "03-05T17:00"))
    }

    func birthSupplement() async throws {
        try await askedAtTheRegistry()
        try await at("03-04T10:00")
        try await answer("check.supplement", .birth)
        try await shows(.init(status: 4, promised: "03-09T17:00", firstPromised: "03-05T17:00"))
        try await deskSees("late", false)
        try await at("03-04T10:30")
        try await act("check", "ok", .birth, by: Officer.civilStatus)
        try await shows(.birth, .init(status: 4, sentence: "Đang ghi sổ khai sinh và xin cấp số định danh cho bé."))
    }

    func birthSilence() async throws {
        try await askedAtTheRegistry()
        try await at("03-12T08:00")
        try await shows(.init(status: 5))
        try await act(
            "refuse-unanswered", "sign", .birth, by: Officer.chairman, said: ["reason": ["code": "no-answer"]])
        try await shows(.init(status: 10, result: "refused"))
        try await went([1, 2, 4, 5, 9, 10])
    }

    func mismatch() async throws {
        try await accepted()
        try await at("03-02T10:00")
        try await act("check", "ok", .birth, by: Officer.civilStatus)
        try await at("03-02T10:30")
        let call = try await cast.registry.answer(dossier(.birth), "mismatch")
        try await shows(
            .birth,
            .init(status: 4, sentence: "Cán bộ hộ tịch UBND phường Hải Châu đang kiểm tra thông tin khai sinh."))
        try await act("check", "ok", .birth, by: Officer.civilStatus)
        try await at("03-02T11:00")
        try await cast.registry.answer(dossier(.birth), "number", newerThan: call)
        try await shows(.birth, .init(sentence: "Chủ tịch UBND phường Hải Châu đang ký Giấy khai sinh."))
        try await shows(.init(promised: "03-05T17:00"))
    }

    func obstacleWithoutNumber() async throws {
        try await accepted()
        try await at("03-02T10:00")
        try await act("check", "ok", .birth, by: Officer.civilStatus)
        try await at("03-02T10:30")
        let first = try await cast.registry.fail(dossier(.birth), times: 10)
        // The head is told at once; the officer has the system asked again.
        try await act("obstacle.tell", "seen", .birth, by: Officer.chairman)
        try await act("obstacle", "still-down", .birth, by: Officer.civilStatus)
        let call = try await cast.registry.fail(dossier(.birth), times: 10, newerThan: first)
        try await shows(
            .birth,
            .init(
                status: 4,
                sentence:
                    "Số định danh của bé chưa được cấp do vướng mắc kết nối. Bạn không phải làm gì; chúng tôi đang "
                    + "xử lý."))
        // The clock runs on: our trouble is not the citizen's.
        try await shows(.init(status: 4, promised: "03-05T17:00"))
        try await at("03-02T11:00")
        try await act(
            "obstacle", "issue-without-number", .birth, by: Officer.civilStatus, said: ["reason": ["code": "outage"]])
        // The outside system's answer comes after all: recorded, without effect.
        try await cast.registry.late(dossier(.birth), call, "number")
        try await at("03-02T11:30")
        try await act("sign", "sign", .birth, by: Officer.chairman)
        try await shows(.birth, .init(status: 10, result: "issued"))
        try await deskSees("status", ["code": 4, "name": try desk()["status"]?["name"] ?? .null])
    }

    func registrySilent() async throws {
        try await accepted()
        try await at("03-02T10:00")
        try await act("check", "ok", .birth, by: Officer.civilStatus)
        // Four working hours, an hour and a half before lunch and two and a half after it: until 15:30.
        try await at("03-02T15:29")
        try await shows(.birth, .init(sentence: "Đang ghi sổ khai sinh và xin cấp số định danh cho bé."))
        try await at("03-02T15:41")
        try await act(
            "obstacle", "number", .birth, by: Officer.civilStatus,
            said: ["personal-number": "048326000999", "register-number": "13/2026"])
        try await act("sign", "sign", .birth, by: Officer.chairman)
        try await shows(.birth, .init(status: 10, result: "issued"))
    }

    func sendBack() async throws {
        try await accepted()
        var call = 0
        for (check, number, sign) in [("10:00", "10:10", "10:20"), ("10:30", "10:40", "10:50")] {
            try await at("03-02T\(check)")
            try await act("check", "ok", .birth, by: Officer.bothPosts)
            try await at("03-02T\(number)")
            call = try await cast.registry.answer(dossier(.birth), "number", newerThan: call)
            try await at("03-02T\(sign)")
            try await act("sign", "send-back", .birth, by: Officer.chairman)
        }
        try await at("03-02T11:00")
        try await act("check", "ok", .birth, by: Officer.bothPosts)
        try await cast.registry.answer(dossier(.birth), "number", newerThan: call)
        try await refused(409, "too-often") { try await act("sign", "send-back", .birth, by: Officer.chairman) }
        // Four eyes: holding both posts does not let one sign what one has checked.
        try await refused(409, "four-eyes") { try await act("sign", "sign", .birth, by: Officer.bothPosts) }
        try await shows(.birth, .init(status: 4, sentence: "Chủ tịch UBND phường Hải Châu đang ký Giấy khai sinh."))
        try await act("sign", "sign", .birth, by: Officer.chairman)
        try await shows(.birth, .init(status: 10, result: "issued"))
    }
}
