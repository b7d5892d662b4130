import JSONText
import TestSupport
import Testing
import WorkingTime

@testable import motcua

/// Withdrawals, apologies and lateness.
extension Story {
    func withdrawnBeforeAcceptance() async throws {
        try await at("03-02T08:30")
        try await submit()
        try await at("03-02T08:40")
        try await withdraw()
        try await shows(
            .init(status: 7, sentence: "Hồ sơ đã được rút theo yêu cầu của bạn.", promised: "", result: "withdrawn"))
        try await went([1, 7])
    }

    func withdrawnBeforeSignature() async throws {
        try await numbered()
        try await at("03-02T10:45")
        try await withdraw()
        try await shows(
            .init(
                status: 7, sentence: "Bạn đã yêu cầu rút hồ sơ; cơ quan đang xác nhận.", promised: "",
                stage: "withdrawing"))
        try await refused(409, "too-late") { try await withdraw() }
        try await at("03-02T13:30")
        try await act("withdrawal.confirm", "confirm", by: Officer.desk)
        try await shows(.init(status: 7, sentence: "Hồ sơ đã được rút theo yêu cầu của bạn.", result: "withdrawn"))
        try await shows(.birth, .init(status: 7, result: "withdrawn"))
        try await deskSees("issued", [])
    }

    func withdrawnAfterBirth() async throws {
        try await born()
        try await at("03-03T08:00")
        try await withdraw()
        try await at("03-03T09:00")
        try await act("withdrawal.confirm", "confirm", by: Officer.desk)
        let kept = "Giấy khai sinh đã cấp không thể rút; các phần còn lại đã dừng: Đăng ký khai sinh: có kết quả; "
        try await shows(
            .init(
                status: 10, sentence: kept + "Đăng ký thường trú: không; Thẻ bảo hiểm y tế: không.",
                orSentence: kept + "Thẻ bảo hiểm y tế: không; Đăng ký thường trú: không.", result: "partial"))
        for part in [Part.residence, .card] { try await shows(part, .init(status: 7, result: "withdrawn")) }
        try await deskSees("issued", ["birth-certificate"])
    }

    func withdrawalTooLate() async throws {
        try await born()
        try await at("03-03T09:00")
        try await act("register", "done", .residence, by: Officer.police)
        try await cardIssued()
        try await shows(.init(status: 9))
        try await refused(409, "too-late") { try await withdraw() }
        try await shows(.init(status: 9))
    }

    func withdrawalRejected() async throws {
        try await born()
        try await at("03-03T08:00")
        try await withdraw()
        try await shows(.init(status: 7, promised: ""))
        try await at("03-04T09:00")
        try await act("withdrawal.confirm", "reject", by: Officer.desk, said: ["reason": ["code": "at-request"]])
        // Tuesday and Wednesday do not count: Thursday, Friday and Monday do.
        try await shows(.init(status: 4, promised: "03-09T17:00", firstPromised: "03-05T17:00"))
    }

    func apology() async throws {
        try await born()
        try await at("03-03T09:00")
        try await refused(422, "bad-date") {
            try await reappoint(.residence, to: "03-10T16:00", by: Officer.policeHead)
        }
        try await reappoint(.residence, to: "03-10T17:00", by: Officer.policeHead)
        try await shows(.residence, .init(status: 4, promised: "03-10T17:00", firstPromised: "03-04T17:00"))
        try await shows(.init(status: 4, promised: "03-10T17:00", firstPromised: "03-05T17:00", isLate: false))
        try await refused(409, "too-late") {
            try await reappoint(.residence, to: "03-12T17:00", by: Officer.policeHead)
        }
        try await at("03-10T16:00")
        try await shows(.init(promised: "03-10T17:00", isLate: false))
        // The card was not apologised for.
        try await shows(.card, .init(promised: "03-04T17:00", isLate: true))
    }

    func late() async throws {
        try await accepted()
        try await at("03-05T17:00")
        try await shows(.init(status: 4, isLate: false))
        // The engine counts from the hour, with ten minutes of grace; the citizen reads it when the day has passed.
        try await at("03-05T17:30")
        try await shows(.init(status: 4, isLate: false))
        _ = try await eventually("the lateness is recorded") {
            try await desk()["late"]?.boolValue == true ? true : nil
        }
        try await at("03-06T00:01")
        try await shows(.init(status: 4, promised: "03-05T17:00", firstPromised: "03-05T17:00", isLate: true))
        // Lateness changes no status, and ends nothing.
        try await went([1, 2, 4])
        try await act("check", "ok", .birth, by: Officer.civilStatus)
    }

    /// A date as sentences have it.
    func words(_ time: String) -> String { (try? Story.instant(time).vietnamese) ?? "?" }
}
