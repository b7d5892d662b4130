import ProcedureFiles
import Procedures

/// A small sound procedure with every construct, and what it needs around it.
enum Sample {
    static let calendar = """
        calendar: office
        title: {vi: Lịch, en: Office}
        years: {from: 2024, to: 2027}
        hours:
          - from: 2023-01-01
            counted: [monday, tuesday, wednesday, thursday, friday]
            sessions: {monday: ["08:00-12:00"], tuesday: ["08:00-12:00"], wednesday: ["08:00-12:00"], thursday: ["08:00-12:00"], friday: ["08:00-12:00"]}
        """

    static let province = """
        province: north
        number: 1
        title: {vi: Bắc, en: North}
        identifier: H01
        calendar: office
        areas: {"001": {vi: Xã Một, en: One}, "002": {vi: Xã Hai, en: Two}}
        agencies:
          01.H01: {kind: centre, title: {vi: Một cửa, en: Desk}, serves: ["001", "002"]}
          02.H01: {kind: bureau, title: {vi: Phòng, en: Bureau}, serves: ["001", "002"]}
        officers:
          a-01: {agency: 01.H01, roles: [reception]}
          b-01: {agency: 02.H01, roles: [clerk, head]}
          b-02: {agency: 02.H01, roles: [clerk]}
        """

    static let connectors = """
        connectors:
          registry: {title: {vi: Sổ, en: Register}, operations: [enter]}
        """

    static let child = """
        procedure: part
        version: 1
        field: mau
        title: {vi: Phần, en: Part}
        legal-basis: Luật
        effective: {from: 2020-01-01}
        calendar: office
        facts:
          found: {type: yes-no, set-by: work}
        deadline: {limits: [{within: 2 working days}]}
        form:
          place: {type: area, required: true, title: {vi: Xã, en: Commune}}
          name: {type: text, max: 50, required: true, personal: true, title: {vi: Tên, en: Name}}
        linked: {start: work}
        steps:
          work:
            title: {vi: Làm, en: Work}
            by: clerk at bureau of form.place
            public: {status: 4, vi: Đang làm., en: At work.}
            outcomes:
              done: {title: {vi: Xong, en: Done}, end: issued}
              hard: {title: {vi: Khó, en: Hard}, sets: {found: true}, then: think}
          think:
            title: {vi: Nghĩ, en: Think}
            by: head at bureau of form.place
            clock: paused
            within: 1 working day
            public: {status: 4, vi: Đang xem xét., en: Being considered.}
            outcomes:
              no: {title: {vi: Không, en: "No"}, end: refused}
        ends:
          issued: {result: issued, status: [9, 10], vi: Có., en: Issued.}
          refused: {result: refused, status: [9, 10], vi: Không., en: Refused.}
        """

    static let procedure = """
        procedure: sample
        version: 1
        code: "1.000001"
        field: mau
        title: {vi: Thủ tục mẫu, en: Sample}
        legal-basis: Luật mẫu
        effective: {from: 2024-01-01}
        calendar: office
        facts:
          urgent: {type: yes-no, set-by: check}
          found: {type: yes-no, set-by: share/right}
        reception: {within: 8 working hours}
        deadline:
          limits:
            - {within: 9 working days, when: facts.urgent}
            - {within: 5 working days}
          cut-off: {at: "15:00"}
        milestones:
          received: {vi: Tiếp nhận, en: Received}
        reasons:
          no-answer: {vi: không trả lời, en: no answer}
        form:
          place: {type: area, required: true, title: {vi: Xã, en: Commune}}
          kind: {type: choice, required: true, title: {vi: Loại, en: Kind}, choices: {one: {vi: Một, en: One}, two: {vi: Hai, en: Two}}}
          name: {type: text, max: 50, required: true, personal: true, title: {vi: Tên, en: Name}}
        documents:
          proof: {title: {vi: Giấy tờ, en: Proof}, required: true}
        groups:
          - {steps: [check, enter], within: 1 working day}
        steps:
          receive:
            title: {vi: Tiếp nhận, en: Receive}
            by: reception at centre
            clock: reception
            public: {status: 1, milestone: received, vi: "Chờ đến {due}.", en: "Wait until {due}."}
            outcomes:
              accept: {title: {vi: Nhận, en: Accept}, accepts: true, then: check}
              supplement:
                title: {vi: Bổ sung, en: Ask}
                needs: {missing: {type: documents, title: {vi: Thiếu, en: Missing}}}
                ask:
                  within: 7 working days
                  clock: reception-held
                  at-most: 1
                  silence: sign
                  public: {status: 5, vi: "Thiếu {missing}.", en: "Missing: {missing}."}
                then: receive
              refuse: {title: {vi: Không, en: Refuse}, needs: {reason: {type: reason, title: {vi: Lý do, en: Reason}}}, end: not-accepted}
          sign:
            title: {vi: Ký, en: Sign}
            by: reception at centre
            within: 1 working day
            clock: reception
            public: {status: 5, vi: Quá hạn., en: Too late.}
            outcomes:
              sign: {title: {vi: Ký, en: Sign}, needs: {reason: {type: reason, title: {vi: Lý do, en: Reason}}}, end: not-accepted}
          check:
            title: {vi: Kiểm tra, en: Check}
            by: clerk at bureau of form.place
            public: {status: 4, vi: Đang kiểm tra., en: Being checked.}
            outcomes:
              ok: {title: {vi: Được, en: In order}, then: enter}
              hurry: {title: {vi: Gấp, en: Urgent}, when: 'form.kind == "one"', sets: {urgent: true}, then: enter}
          enter:
            title: {vi: Ghi sổ, en: Enter}
            call: registry.enter
            down: {after: 4 working hours, then: by-hand}
            public: {status: 4, vi: Đang ghi sổ., en: Being entered.}
            outcomes:
              entered: {title: {vi: Đã ghi, en: Entered}, then: share}
          by-hand:
            title: {vi: Ghi tay, en: By hand}
            by: clerk at bureau of form.place
            not-by: [check]
            public: {status: 4, vi: Đang ghi sổ., en: Being entered.}
            outcomes:
              entered: {title: {vi: Đã ghi, en: Entered}, then: share}
          share:
            title: {vi: Chia, en: Share}
            parallel:
              join: all
              results: [{all-good: all issued}, {mixed: otherwise}]
              branches:
                left:
                  title: {vi: Trái, en: Left}
                  steps:
                    make:
                      title: {vi: Làm, en: Make}
                      by: clerk at bureau of form.place
                      within: 1 working day
                      public: {status: 4, vi: Đang làm., en: Being made.}
                      outcomes:
                        made: {title: {vi: Xong, en: Made}, result: issued}
                        check: {title: {vi: Xem lại, en: Check}, then: view}
                    view:
                      title: {vi: Xem lại, en: View}
                      by: head at bureau of form.place
                      within: 1 working day
                      public: {status: 4, vi: Đang xem lại., en: Being viewed.}
                      outcomes:
                        good: {title: {vi: Tốt, en: Good}, result: issued}
                        bad: {title: {vi: Hỏng, en: Bad}, result: refused}
                right:
                  title: {vi: Phải, en: Right}
                  when: form.kind == "two"
                  procedure: part
                  at: bureau of form.place
                  limits: [{within: 4 working days, when: facts.found}, {within: 2 working days}]
                  waits: extend
                  copies: [found]
            outcomes:
              all-good: {title: {vi: Đủ, en: All}, then: hand-over}
              mixed: {title: {vi: Thiếu, en: Some}, then: rest}
          rest:
            title: {vi: Chờ, en: Rest}
            after: 1 working day
            outcomes:
              over: {title: {vi: Hết, en: Over}, then: hand-over}
          hand-over:
            title: {vi: Trả, en: Hand over}
            by: reception at centre
            clock: stopped
            public: {status: 9, vi: Có kết quả., en: Ready.}
            outcomes:
              handed: {title: {vi: Đã trả, en: Handed over}, end: returned}
        on:
          withdrawal:
            words: {status: 7, stage: withdrawing, vi: Đang rút., en: Withdrawing.}
            confirm: {title: {vi: Xác nhận, en: Confirm}, by: reception at centre, within: 1 working day}
            end: withdrawn
            partial-end: withdrawn
        ends:
          not-accepted: {result: not-accepted, status: 3, vi: "Không nhận vì {reason}.", en: "Not taken: {reason}."}
          returned: {result: issued, status: 10, vi: Đã trả., en: Returned.}
          withdrawn: {result: withdrawn, status: 7, vi: Đã rút., en: Withdrawn.}
        examples:
          - name: accepted in time
            given: {submitted: 2024-03-01T09:00, form: {kind: two}}
            when:
              - {at: 2024-03-01T10:00, do: receive, outcome: accept}
              - {at: 2024-03-01T11:00, do: check, outcome: ok}
            then: {open: [enter], due: {share/right/work: 2024-03-05T12:00}, status: 4}
        """

    static let fileName = "procedures/sample.yaml"

    /// Reads the sample, with `procedure` in place of the sound one.
    static func read(
        _ procedure: String, calendar: String = calendar, province: String = province, child: String = child
    )
        -> WorkflowFolder.Loaded
    {
        WorkflowFolder.read(texts: [
            "calendars/office.yaml": Array(calendar.utf8), "agencies/north.yaml": Array(province.utf8),
            "agencies/connectors.yaml": Array(connectors.utf8), "procedures/part.yaml": Array(child.utf8),
            fileName: Array(procedure.utf8),
        ])
    }

    /// The text with one part replaced, and where `¦` stands in the change (or in the fault's marker); `¦` is taken out.
    static func edited(_ text: String, _ fault: Fault) -> (text: String, line: Int, column: Int)? {
        guard let range = text.ranges(of: fault.part).first else { return nil }
        var marked = String(text[..<range.lowerBound]) + fault.change + String(text[range.upperBound...])
        if let marker = fault.marker {
            guard let place = marked.ranges(of: String(marker.filter { $0 != "¦" })).first else { return nil }
            marked = String(marked[..<place.lowerBound]) + marker + String(marked[place.upperBound...])
        }
        var line = 1
        var column = 1
        for character in marked {
            if character == "¦" { return (String(marked.filter { $0 != "¦" }), line, column) }
            column += 1
            if character == "\n" {
                line += 1
                column = 1
            }
        }
        return nil
    }
}
