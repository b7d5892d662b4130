import ProcedureFiles
import Procedures

/// A procedure with a payment whose time the law leaves open, on the shipped calendars and agencies: fixture 8 of the
/// clock's rules, as one clock with a pause and as two phases.
enum PaymentFile {
    static let connectors = """
        connectors:
          tax-office: {title: {vi: Thuế, en: Tax office}, operations: [assess]}
        """

    /// One clock of eight working days, paused while the duty is not paid.
    static let paused = """
        procedure: transfer
        version: 1
        code: "9.000001"
        field: mau
        title: {vi: Thủ tục mẫu có nghĩa vụ tài chính, en: A sample with a duty to be paid}
        legal-basis: Luật mẫu
        effective: {from: 2024-01-01}
        calendar: vn-state
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
          duty: {title: {vi: Lệ phí trước bạ, en: Registration duty}, amount: 500000, timing: after, collector: civil-status of form.place, legal-basis: Luật mẫu}
        steps:
          receive:
            title: {vi: Tiếp nhận, en: Receive}
            by: reception at centre
            clock: reception
            public: {status: 1, vi: "Trả lời chậm nhất {due}.", en: "An answer by {due}."}
            outcomes:
              accept: {title: {vi: Nhận, en: Accept}, accepts: true, then: assess}
          assess:
            title: {vi: Thẩm định, en: Assess}
            by: civil-status at civil-status of form.place
            public: {status: 4, vi: Đang thẩm định., en: Being assessed.}
            outcomes:
              duty: {title: {vi: Báo nghĩa vụ, en: Send the duty}, then: pay}
          pay:
            title: {vi: Thực hiện nghĩa vụ tài chính, en: Pay the duty}
            no-limit: {basis: "Luật mẫu, điều 3", remind: 10 working days, review: {after: 30 working days, then: review-pay}}
            clock: paused
            public: {status: 6, vi: Bạn cần nộp lệ phí trước bạ., en: Please pay the registration duty.}
            on:
              messages:
                paid: {title: {vi: Đã nộp, en: Paid}, from: tax-office, sets: {paid: true}, then: issue}
          review-pay:
            title: {vi: Xem xét việc chưa nộp, en: Review what was not paid}
            by: civil-status at civil-status of form.place
            within: 2 working days
            clock: paused
            public: {status: 6, vi: Cơ quan đang xem xét việc bạn chưa nộp., en: The office is looking at the unpaid duty.}
            outcomes:
              wait-on: {title: {vi: Chờ tiếp, en: Wait on}, then: pay}
              refuse: {title: {vi: Từ chối, en: Refuse}, needs: {reason: {type: reason, title: {vi: Lý do, en: Reason}}}, end: refused}
          issue:
            title: {vi: Trả kết quả, en: Issue}
            by: civil-status at civil-status of form.place
            public: {status: 4, vi: "Đang ký, hẹn {promised}.", en: "Being signed, promised for {promised}."}
            outcomes:
              done: {title: {vi: Xong, en: Done}, end: issued}
        ends:
          issued: {result: issued, status: [9, 10], vi: Đã có kết quả., en: Issued.}
          refused: {result: refused, status: [9, 10], vi: "Từ chối vì {reason}.", en: "Refused: {reason}."}
        examples:
          - name: one clock with a pause
            given: {submitted: 2026-04-13T07:45}
            when:
              - {at: 2026-04-13T08:00, do: receive, outcome: accept}
              - {at: 2026-04-16T16:00, do: assess, outcome: duty}
              - {at: 2026-04-28T10:00, tell: paid}
            then: {first-promised: 2026-04-23T17:00, promised: 2026-05-08T17:00, open: [issue], status: 4}
          - name: no date is promised while the payment is waited for
            given: {submitted: 2026-04-13T07:45}
            when:
              - {at: 2026-04-13T08:00, do: receive, outcome: accept}
              - {at: 2026-04-16T16:00, do: assess, outcome: duty}
              - {at: 2026-04-20T10:00, wait: true}
            then: {promised: none, open: [pay], status: 6}
          - name: after thirty working days a person reviews, and the payment still counts
            given: {submitted: 2026-04-13T07:45}
            when:
              - {at: 2026-04-13T08:00, do: receive, outcome: accept}
              - {at: 2026-04-16T16:00, do: assess, outcome: duty}
              - {at: 2026-06-05T10:00, wait: true}
              - {at: 2026-06-05T10:30, tell: paid}
            then: {open: [issue]}
        """

    /// Two phases of four working days: the second counts afresh from the payment.
    static let phases =
        paused
        .replacing("limits: [{within: 8 working days}]", with: "limits: [{within: 4 working days}]")
        .replacing(
            "    clock: paused\n    public: {status: 6, vi: Bạn",
            with: "    clock: restart\n    public: {status: 6, vi: Bạn"
        )
        .replacing("one clock with a pause", with: "two phases")
        .replacing(
            "first-promised: 2026-04-23T17:00, promised: 2026-05-08T17:00",
            with: "first-promised: 2026-04-17T17:00, promised: 2026-05-06T17:00")

    /// The shipped calendars and agencies with this procedure.
    static func read(_ text: String) throws -> WorkflowFolder.Loaded {
        var texts = try Shipped.texts().filter { !$0.key.hasPrefix("procedures/") }
        texts["agencies/tax.yaml"] = Array(connectors.utf8)
        texts["procedures/transfer.yaml"] = Array(text.utf8)
        return WorkflowFolder.read(texts: texts)
    }
}
