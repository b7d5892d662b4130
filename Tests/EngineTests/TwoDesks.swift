/// A procedure with two tasks open in one dossier at the same time.
enum TwoDesks {
    static let file = """
        procedure: two-desks
        version: 1
        code: "9.000001"
        field: mau
        title: {vi: Hai bàn, en: Two desks}
        legal-basis: Luật mẫu
        effective: {from: 2024-01-01}
        calendar: vn-state
        reception: {within: 8 working hours}
        deadline:
          limits: [{within: 5 working days}]
          cut-off: {at: "15:00"}
        milestones:
          received: {vi: Tiếp nhận, en: Received}
        reasons:
          wrong: {vi: sai, en: wrong}
        form:
          place: {type: area, required: true, title: {vi: Xã, en: Commune}}
        steps:
          receive:
            title: {vi: Tiếp nhận, en: Receive}
            by: reception at centre
            clock: reception
            public: {status: 1, milestone: received, vi: "Chờ đến {due}.", en: "Wait until {due}."}
            outcomes:
              accept: {title: {vi: Nhận, en: Accept}, accepts: true, then: share}
              refuse: {title: {vi: Không, en: Refuse}, end: not-accepted}
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
                      by: civil-status at civil-status of form.place
                      within: 1 working day
                      public: {status: 4, vi: Đang làm., en: Being made.}
                      outcomes:
                        made: {title: {vi: Xong, en: Made}, result: issued}
                        spoilt: {title: {vi: Hỏng, en: Spoilt}, result: refused}
                right:
                  title: {vi: Phải, en: Right}
                  steps:
                    view:
                      title: {vi: Xem, en: View}
                      by: police at police of form.place
                      within: 1 working day
                      public: {status: 4, vi: Đang xem., en: Being viewed.}
                      outcomes:
                        good: {title: {vi: Tốt, en: Good}, result: issued}
                        bad: {title: {vi: Xấu, en: Bad}, result: refused}
            outcomes:
              all-good: {title: {vi: Đủ, en: All}, then: hand-over}
              mixed: {title: {vi: Thiếu, en: Some}, then: hand-over}
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
          not-accepted: {result: not-accepted, status: 3, vi: Không nhận., en: Not taken.}
          returned: {result: issued, status: 10, vi: Đã trả., en: Returned.}
          withdrawn: {result: withdrawn, status: 7, vi: Đã rút., en: Withdrawn.}
        examples:
          - name: two tasks are open at once
            given: {submitted: 2026-03-02T08:00}
            when: [{at: 2026-03-02T09:00, do: receive, outcome: accept}]
            then: {open: [share/left/make, share/right/view], status: 4}
        """
}
