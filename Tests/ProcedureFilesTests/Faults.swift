import Procedures

/// One fault each; `¦` is where the finding must stand.
enum Faults {
    static let all: [Fault] = form + names + graph + law + conditions + money + sentences + texts

    static let form: [Fault] = [
        Fault(.v01, "field: mau", "¦feild: mau", "no key “feild”"),
        Fault(.v01, "field: mau\n", "", "missing").at("¦procedure: sample"),
        Fault(.v01, "version: 1", "version: ¦\"1\"", "not a whole number"),
        Fault(.v01, "version: 1", "version: ¦0", "not within"),
        Fault(.v01, "code: \"1.000001\"", "code: ¦1.000001", "is a text here"),
        Fault(.v01, "accepts: true", "accepts: ¦\"true\"", "neither true nor false"),
        Fault(.v01, "accepts: true", "accepts: ¦yes", "neither true nor false"),
        Fault(.v01, "effective: {from: 2024-01-01}", "effective: {from: ¦2024-02-30}", "not a date"),
        Fault(.v01, "cut-off: {at: \"15:00\"}", "cut-off: {at: ¦\"25:00\"}", "not a time of day"),
        Fault(.v01, "clock: stopped", "clock: ¦stoped", "not one of the words"),
        Fault(.v01, "  receive:\n", "  ¦Receive:\n", "not spelt"),
        Fault(.v01, "legal-basis: Luật mẫu", "legal-basis: ¦[Luật]", "must be a single value"),
        Fault(.v01, "milestones:\n  received:", "milestones: ¦[]\nx:\n  received:", "must be named entries"),
        Fault(.v01, "by: reception at centre", "by: ¦reception", "performer “reception” does not read"),
        Fault(.v01, "call: registry.enter", "call: ¦registry", "does not read"),
        Fault(
            .v01, "after: 1 working day", "after: 1 working day\n    ¦within: 1 working day", "does not go with “after”"
        ),
        Fault(
            .v01, "after: 1 working day", "after: 1 working day\n    ¦tell: reception-head at centre",
            "does not go with “after”"
        ),
        Fault(
            .v01, "type: area, required: true, title: {vi: Xã", "type: area, ¦max: 5, title: {vi: Xã",
            "does not go with the type"),
        Fault(
            .v01, "    call: registry.enter", "    by: clerk at bureau of form.place\n    call: ¦registry.enter",
            "exactly one of"),
        Fault(.v10, "within: 8 working hours", "within: ¦8", "not a duration with its unit"),
        Fault(.v10, "within: 8 working hours", "within: ¦P3D", "not a duration with its unit"),
        Fault(.v10, "within: 8 working hours", "within: ¦8 days", "not a duration with its unit"),
    ]

    static let names: [Fault] = [
        Fault(.v03, "then: enter}", "then: ¦entre}", "no step “entre”"),
        Fault(.v03, "end: returned", "end: ¦return", "no end “return”"),
        Fault(.v03, "milestone: received", "milestone: ¦receive", "no milestone"),
        Fault(.v03, "procedure: part", "procedure: ¦port", "no procedure “port”"),
        Fault(.v03, "results: [{all-good", "results: [¦{al-good", "no outcome “al-good”"),
        Fault(.v03, "all issued}", "¦all isued}", "No branch ends with “isued”"),
        Fault(.v03, "sets: {urgent: true}", "sets: {¦urgnt: true}", "no fact “facts.urgnt”"),
        Fault(.v03, "copies: [found]", "copies: [¦urgent]", "must be a fact of both"),
        Fault(.v03, "set-by: check", "set-by: ¦sign", "never sets this fact"),
        Fault(.v11, "calendar: office", "calendar: ¦ofice", "no calendar “ofice”"),
        Fault(.v11, "clerk at bureau of form.place", "¦clerc at bureau of form.place", "holds the role “clerc”"),
        Fault(.v11, "clerk at bureau of form.place", "¦clerk at buro of form.place", "no agency of the kind “buro”"),
        Fault(.v11, "registry.enter", "¦registry.entre", "no connector operation"),
        Fault(.v11, "documents:\n  proof: {title: {vi: Giấy tờ, en: Proof}, required: true}\n", "", "no “documents”")
            .at("¦missing: {type: documents"),
        Fault(.v18, "version: 1\n", "version: 1\n¦version: 2\n", "already stands in line 2"),
        Fault(
            .v18, "{vi: Tiếp nhận, en: Receive}", "{vi: Tiếp nhận, ¦vi: Nhận, en: Receive}", "already stands in line"),
        Fault(.v18, "  hand-over:\n", "  ¦receive:\n", "already stands in line"),
        Fault(
            .v18, "  name: {type: text",
            "  ¦place.more: {type: yes-no, title: {vi: Nữa, en: More}}\n  name: {type: text", "cannot both be fields"),
    ]

    static let graph: [Fault] = [
        Fault(.v02, "groups:\n", "start: ¦share/left/make\ngroups:\n", "must be a step of the main sequence"),
        Fault(
            .v04, "  rest:\n",
            "  ¦lost:\n    title: {vi: Lạc, en: Lost}\n    after: 1 working day\n    outcomes: {over: {title: {vi: Hết, en: Over}, then: rest}}\n  rest:\n",
            "Nothing leads to the step “lost”"),
        Fault(
            .v04, "      mixed: {title",
            "      ¦other: {title: {vi: Khác, en: Other}, then: rest}\n      mixed: {title",
            "No row of “results” chooses"),
        Fault(
            .v04, "  returned: {result",
            "  ¦unused: {result: issued, status: 10, vi: Đã trả., en: Returned.}\n  returned: {result",
            "Nothing leads to the end “unused”"),
        Fault(
            .v05, "      over: {title: {vi: Hết, en: Over}, then: hand-over}",
            "      over: {title: {vi: Hết, en: Over}, then: rest}", "No end can be reached"
        ).at("  ¦rest:\n"),
        Fault(.v05, "    outcomes:\n      over: {title: {vi: Hết, en: Over}, then: hand-over}\n", "", "has no outcome")
            .at("  ¦rest:\n"),
        Fault(
            .v07, "{title: {vi: Xong, en: Made}, result: issued}", "{title: {vi: Xong, en: Made}, then: ¦rest}",
            "stands in another block"),
        Fault(
            .v07, "{title: {vi: Xong, en: Made}, result: issued}", "{title: {vi: Xong, en: Made}, ¦end: returned}",
            "cannot end the whole"),
        Fault(.v07, "then: hand-over}\n      mixed", "¦result: issued}\n      mixed", "ends branches only"),
        Fault(.v07, "then: enter}", "then: ¦share/left/make}", "stands in another block"),
        Fault(.v07, "join: all\n", "join: ¦3 of 4\n", "does not read"),
        Fault(
            .v16, "    - {within: 5 working days}\n", "    - {within: 5 working days, when: ¦facts.urgent}\n",
            "some case has no limit"),
        Fault(
            .v16, "    - {within: 9 working days, when: facts.urgent}", "    - ¦{within: 9 working days}", "never tried"
        ),
        Fault(.v16, "{mixed: otherwise}", "{mixed: ¦any issued}", "last row"),
        Fault(
            .v16, "ok: {title: {vi: Được, en: In order}, then: enter}",
            "ok: {title: {vi: Được, en: In order}, at-most: 2, then: enter}", "without an outcome that is still allowed"
        ).at("  ¦check:\n"),
        Fault(
            .v03, "{title: {vi: Được, en: In order}, then: enter}", "{title: {vi: Được, en: In order}}", "leads nowhere"
        ).at("      ¦ok: {title"),
    ]

    static let law: [Fault] = [
        Fault(.v08, "    down: {after: 4 working hours, then: by-hand}\n", "", "Nobody takes over").at(
            "call: ¦registry.enter"),
        Fault(.v08, "    not-by: [check]\n", "    clock: paused\n    not-by: [check]\n", "no limit of its own").at(
            "  ¦by-hand:\n"),
        Fault(.v09, "reception: {within: 8 working hours}\n", "", "reception clock is not declared").at(
            "  ¦receive:\n"),
        Fault(.v09, "accepts: true, ", "", "legal clock never starts").at("steps:\n  ¦receive:\n"),
        Fault(.v09, "after: 1 working day", "after: 20 working days", "add up to").at("limits:\n    ¦- {within: 9"),
        Fault(
            .v13, "public: {status: 4, vi: Đang kiểm tra., en: Being checked.}",
            "public: ¦{status: 4, en: Being checked.}", "“vi” is missing"),
        Fault(
            .v13, "public: {status: 4, vi: Đang kiểm tra., en: Being checked.}",
            "public: ¦{status: 4, vi: Đang kiểm tra.}", "“en” is missing"),
        Fault(.v13, "    public: {status: 4, vi: Đang kiểm tra., en: Being checked.}\n", "", "has no public sentence")
            .at("  ¦check:\n"),
        Fault(.v13, "\"Chờ đến {due}.\"", "¦\"Chờ đến {dew}.\"", "no placeholder “{dew}”"),
        Fault(.v13, "\"Chờ đến {due}.\"", "¦\"Chờ đến {due.\"", "braces do not match"),
        Fault(
            .v13, "milestones:\n",
            "milestones:\n  ¦a: {vi: A, en: A}\n  b: {vi: B, en: B}\n  c: {vi: C, en: C}\n  d: {vi: D, en: D}\n  e: {vi: E, en: E}\n  f: {vi: F, en: F}\n",
            "at most 6"),
        Fault(.v14, "{status: 4, vi: Đang kiểm tra.", "¦{vi: Đang kiểm tra.", "“status” is missing"),
        Fault(.v14, "{status: 4, vi: Đang kiểm tra.", "{status: ¦3, vi: Đang kiểm tra.", "Status 3 is final"),
        Fault(.v14, "{status: 4, vi: Đang kiểm tra.", "{status: ¦1, vi: Đang kiểm tra.", "Status 1 comes after"),
        Fault(.v14, "then: enter}\n      hurry", "end: ¦not-accepted}\n      hurry", "comes after status 2"),
        Fault(.v14, "{status: 9, vi: Có kết quả.", "{status: 4, vi: Có kết quả.", "does not come after status 9").at(
            "end: ¦returned"),
        Fault(.v14, "status: 10, vi", "status: ¦[10, 9], vi", "cannot come after status 10"),
        Fault(.v14, "stage: withdrawing", "stage: ¦decided", "does not belong to the national status"),
        Fault(.v15, "          within: 7 working days\n", "", "“within” is missing").at(
            "          ¦clock: reception-held"),
        Fault(.v15, "          at-most: 1\n", "", "“at-most” is missing").at("          ¦within: 7"),
        Fault(.v15, "          clock: reception-held\n", "", "“clock” is missing").at("          ¦within: 7"),
        Fault(.v15, "          silence: sign\n", "", "“silence” is missing").at("          ¦within: 7"),
        Fault(.v15, "clock: reception-held", "clock: ¦restart", "not the one that runs"),
        Fault(.v15, "          at-most: 1\n", "          at-most: ¦2\n", "More than one request"),
        Fault(.v15, "          waits: extend\n", "", "“waits” must say").at("procedure: ¦part"),
        Fault(
            .v15,
            "      refuse: {title: {vi: Không, en: Refuse}, needs: {reason: {type: reason, title: {vi: Lý do, en: Reason}}}, end: not-accepted}\n",
            "      other:\n        title: {vi: Khác, en: Other}\n        ask: {within: 1 working day, clock: reception-held, at-most: 1, silence: ¦sign, public: {status: 5, vi: Chờ., en: Wait.}}\n        then: receive\n      refuse: {title: {vi: Không, en: Refuse}, needs: {reason: {type: reason, title: {vi: Lý do, en: Reason}}}, end: not-accepted}\n",
            "already serves"),
    ]

    static let conditions: [Fault] = [
        Fault(.v17, "form.kind == \"one\"", "form.kid == \"one\"", "no field or fact").at("'¦form.kid"),
        Fault(.v17, "form.kind == \"one\"", "form.kind == ¦\"uno\"", "not one of the choices"),
        Fault(.v17, "form.kind == \"one\"", "form.kind == ¦3", "compares a choice with a number"),
        Fault(.v17, "form.kind == \"one\"", "form.kind ¦< \"one\"", "numbers and dates only"),
        Fault(.v17, "form.kind == \"one\"", "¦form.kind", "must be yes or no"),
        Fault(.v17, "form.kind == \"one\"", "(form.kind == \"one\"¦", "“)” is expected"),
        Fault(.v17, "form.kind == \"one\"", "form.kind == \"one\" ¦; true", "has no meaning"),
        Fault(.v22, "form.kind == \"one\"", "form.kind == \"one\" && ¦form.name == \"An\"", "is personal"),
        Fault(.v22, "clerk at bureau of form.place", "¦clerk at bureau of form.name", "is personal"),
        Fault(.v17, "clerk at bureau of form.place", "¦clerk at bureau of form.kind", "is not an area"),
        Fault(.v11, "place: {type: area, required: true", "place: {type: area", "is not required").at(
            "by: ¦clerk at bureau"),
        Fault(.v23, "do: check, outcome: ok", "do: ¦chek, outcome: ok", "no step “chek”"),
        Fault(.v23, "do: check, outcome: ok", "do: check, outcome: ¦okay", "no outcome “okay”"),
        Fault(.v23, "2024-03-01T11:00, do", "¦2024-03-01T09:30, do", "before the row above"),
        Fault(.v23, "submitted: 2024-03-01T09:00", "submitted: ¦2023-03-01T09:00", "not in force"),
        Fault(.v23, "form: {kind: two}", "form: {¦kin: two}", "no field “kin”"),
        Fault(.v23, "form: {kind: two}", "form: {kind: ¦three}", "not a choice"),
        Fault(.v23, "due: {share/right/work", "due: {¦share/right/walk", "no step"),
        Fault(.v22, "form: {kind: two}", "form: {¦name: An}", "no place in an example"),
    ]

    private static let fee = "fees:\n  ¦stamp: {title: {vi: Lệ phí, en: Fee}, amount: 20000, timing: before"

    static let money: [Fault] = [
        Fault(
            .v20, "documents:", fee + ", refund: {none: điều 2}}\ndocuments:", "Nothing says which agency collects"),
        Fault(.v20, "documents:", fee + ", collector: centre}\ndocuments:", "nothing says how it is paid back"),
        Fault(
            .v20, "documents:",
            "fees:\n  stamp: {title: {vi: Lệ phí, en: Fee}, amount: 20000, timing: ¦none, collector: centre}\ndocuments:",
            "when it is due"),
        Fault(
            .v20, "documents:",
            "fees:\n  stamp: {title: {vi: Lệ phí, en: Fee}, amount: 20000, timing: before, collector: centre, refund: ¦{by: reception at centre}}\ndocuments:",
            "needs “by” and “within”"),
        Fault(
            .v20, "documents:",
            "fees:\n  stamp: {title: {vi: Lệ phí, en: Fee}, amount: 20000, timing: before, collector: centre, refund: {none: điều 2, within: ¦1 working day}}\ndocuments:",
            "does not go with “within”"),
    ]

    static let sentences: [Fault] = [
        Fault(.v21, "{status: 4, vi: Đang kiểm tra.", "¦{status: 4, vi: \"Vì {reason}.\"", "“{reason}”"),
        Fault(.v21, "        needs: {missing: {type: documents, title: {vi: Thiếu, en: Missing}}}\n", "", "“{missing}”")
            .at(
                "public: ¦{status: 5, vi: \"Thiếu"),
        Fault(.v21, "vi: \"Chờ đến {due}.\"", "vi: \"Hẹn {promised}.\"", "“{promised}”").at("¦{status: 1"),
        Fault(.v21, "vi: Đang rút.", "vi: \"Đến {due}.\"", "“{due}”").at("words: ¦{status: 7"),
        Fault(.v21, "vi: Có kết quả.", "vi: \"Đến {due}.\"", "“{due}”").at("public: ¦{status: 9"),
        Fault(.v21, "vi: Đã trả.", "vi: \"Vì {reason}, {due}.\"", "“{due}”").at("  returned: ¦{"),
        Fault(
            .v21, "needs: {reason: {type: reason, title: {vi: Lý do, en: Reason}}}, end: not-accepted",
            "needs: {reason: {type: reason, title: {vi: Lý do, en: Reason}}}, public: ¦{status: 5, vi: Ký., en: Signed.}, end: not-accepted",
            "two notices at once"),
    ]

    static let texts: [Fault] = [
        Fault(.v01, "legal-basis: Luật mẫu", "legal-basis: ¦&a Luật mẫu", "Anchors"),
        Fault(.v01, "legal-basis: Luật mẫu", "legal-basis: ¦!!str Luật mẫu", "Explicit tags"),
        Fault(.v01, "legal-basis: Luật mẫu", "legal-basis: Luật mẫu\n¦<<: {a: b}", "merge key"),
        Fault(.v01, "legal-basis: Luật mẫu", "legal-basis: ¦*a", "undefined alias"),
    ]
}
