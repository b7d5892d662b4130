import Engine
import HTTPTypes
import JSONText
import Procedures
import Testing

@testable import Web

/// What the view of a version says of money, waits and interruptions.
struct ProcedureViewTests {
    private static let permit = """
        procedure: permit
        version: 1
        field: mau
        title: {vi: Giấy phép mẫu, en: A sample permit}
        legal-basis: Luật mẫu
        effective: {from: 2026-01-01}
        calendar: vn-state
        code: "9.000002"
        facts:
          paid: {type: yes-no, set-by: pay}
        reception: {within: 8 working hours}
        deadline:
          limits: [{within: 8 working days}]
        reasons:
          unpaid: {vi: chưa thực hiện nghĩa vụ tài chính, en: the duty was not paid}
        form:
          place: {type: area, required: true, title: {vi: Xã, en: Commune}}
        fees:
          duty: {title: {vi: Lệ phí, en: Duty}, amount: 500000, timing: before, collector: civil-status of form.place, refund: {by: reception at centre, within: 5 working days}, legal-basis: Luật mẫu}
          form: {title: {vi: Mẫu đơn, en: Form}, amount: 5000, timing: before, collector: centre, refund: {none: "Luật mẫu, điều 4"}}
          copy: {title: {vi: Bản sao, en: Copy}, amount: 8000, timing: after, collector: centre}
        steps:
          receive:
            title: {vi: Tiếp nhận, en: Receive}
            by: reception at centre
            clock: reception
            public: {status: 1, vi: "Trả lời chậm nhất {due}.", en: "An answer by {due}."}
            outcomes:
              accept: {title: {vi: Nhận, en: Accept}, accepts: true, then: pay}
          pay:
            title: {vi: Nộp tiền, en: Pay}
            no-limit: {basis: "Luật mẫu, điều 3", remind: 10 working days, review: {after: 30 working days, then: review}}
            clock: paused
            public: {status: 6, vi: Bạn cần nộp lệ phí., en: Please pay the duty.}
            on:
              messages:
                paid: {title: {vi: Đã nộp, en: Paid}, from: civil-registry, sets: {paid: true}, needs: {number: {type: sealed, title: {vi: Số, en: Number}}}, at-most: 1, then: issue}
          review:
            title: {vi: Xem xét, en: Review}
            by: civil-status at civil-status of form.place
            within: 2 working days
            clock: paused
            public: {status: 6, vi: Đang xem xét., en: Being looked at.}
            outcomes:
              refuse: {title: {vi: Từ chối, en: Refuse}, needs: {reason: {type: reason, title: {vi: Lý do, en: Reason}}}, end: refused}
          issue:
            title: {vi: Cấp, en: Issue}
            by: civil-status at civil-status of form.place
            public: {status: 4, vi: Đang ký., en: Being signed.}
            on:
              deadline: {within: 5 working days, then: review, legal-basis: "Luật mẫu, điều 5"}
            outcomes:
              done: {title: {vi: Xong, en: Done}, end: issued}
        on:
          deadline: {then: review}
          withdrawal:
            words: {status: 7, stage: withdrawing, vi: Bạn đã yêu cầu rút., en: You asked to withdraw.}
            confirm: {title: {vi: Xác nhận rút, en: Confirm}, by: reception at centre, within: 1 working day}
            end: withdrawn
            partial-end: withdrawn
        ends:
          issued: {result: issued, status: [9, 10], vi: Đã có kết quả., en: Issued.}
          refused: {result: refused, status: [9, 10], vi: "Từ chối vì {reason}.", en: "Refused: {reason}."}
          withdrawn: {result: withdrawn, status: 7, vi: Đã rút., en: Withdrawn.}
        """

    @Test func `a version shows its fees with collector and refund, its open waits and what interrupts it`()
        async throws
    {
        try await WebWorld.fresh { world in
            let loaded = try await world.send(
                .post, "/v1/procedures?file=permit.yaml", as: "admin", key: "k", body: Array(Self.permit.utf8),
                type: "application/yaml")
            #expect(loaded.status == 201, "\(loaded.json)")
            let view = try await world.send(.get, "/v1/procedures/permit/1", as: "registry").json
            let validator = SchemaValidator(contract: OpenAPIDocument([]).value)
            #expect(validator.problems(view, "Procedure") == [])
            let fees = view["fees"]?.arrayValue ?? []
            #expect(
                fees.map { $0["collector"] } == ["civil-status of form.place", "centre", "centre"])
            #expect(
                fees.map { $0["refund"] } == [
                    [
                        "kind": "paid-back", "role": "reception", "at": "centre",
                        "within": ["vi": "5 ngày làm việc", "en": "5 working days"],
                    ], ["kind": "kept", "basis": "Luật mẫu, điều 4"], nil,
                ])
            #expect(fees.first?["amount"] == 500_000)
            let steps = view["steps"]?.arrayValue ?? []
            let pay = try #require(steps.first { $0["name"] == "pay" })
            #expect(
                pay["wait"] == [
                    "basis": "Luật mẫu, điều 3", "remind": ["vi": "10 ngày làm việc", "en": "10 working days"],
                    "holder": "applicant",
                ])
            #expect(pay["clock"] == "paused")
            let paid = try #require(pay["interruptions"]?.arrayValue?.first)
            #expect(paid["name"] == "on.paid")
            #expect(paid["kind"] == "message")
            #expect(paid["from"] == "civil-registry")
            #expect(paid["then"] == "issue")
            #expect(paid["atMost"] == 1)
            #expect(paid["sets"]?.arrayValue?.count == 1)
            #expect(paid["needs"]?.arrayValue?.first?["name"] == "number")
            let issue = try #require(steps.first { $0["name"] == "issue" })
            let left = try #require(issue["interruptions"]?.arrayValue?.first)
            #expect(left["kind"] == "deadline")
            #expect(left["within"]?["en"] == "5 working days")
            #expect(left["legalBasis"] == "Luật mẫu, điều 5")
            let whole = view["interruptions"]?.arrayValue ?? []
            #expect(whole.map { $0["name"] } == ["on.deadline"])
            #expect(whole.first?["then"] == "review")
            #expect(whole.first?["within"] == nil)
            #expect(view["withdrawal"]?["confirm"] == "withdrawal.confirm")
            #expect(view["withdrawal"]?["end"] == "withdrawn")
        }
    }

    @Test func `every shipped version is shown as the contract says`() async throws {
        try await WebWorld.shared { world in
            let validator = SchemaValidator(contract: OpenAPIDocument([]).value)
            #expect(world.engine.catalogue.procedures.count >= 8)
            for procedure in world.engine.catalogue.procedures {
                let view = try JSONValue.parse(ProcedureText.bytes(procedure))
                #expect(validator.problems(view, "Procedure") == [], "\(procedure.name)")
            }
        }
    }
}
