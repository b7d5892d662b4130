import Notices
import Procedures
import WorkingTime

extension TrainingProcedures {
    /// Birth registration: 0 receive, 1 sign-refusal, 2 check, 3 check.supplement, 4 register, 5 obstacle, 6 sign,
    /// 7 refuse-unanswered, 8 refuse, 9 receive.supplement, 10 withdrawal.confirm.
    static func birth() throws -> Procedure {
        func to(_ index: Int) -> Outcome.Target { .node(NodeIndex(index)) }
        let nodes = [
            person(
                "receive", "reception", .centre,
                words("Bộ phận Một cửa đang kiểm tra, trả lời chậm nhất {due}.", .submitted, milestone: "received"),
                [
                    outcome(
                        "accept", to(2), accepts: true, words: words("Đã tiếp nhận. Hẹn trả: {promised}.", .accepted)),
                    outcome("supplement", to(9), needs: [missing], atMost: 1),
                    outcome("refuse", .end(EndIndex(0)), needs: [reason]), outcome("not-ours", .reroute),
                ], clock: .reception),
            person(
                "sign-refusal", "reception", .centre, words("Đã quá thời hạn bổ sung.", .needsDocuments),
                [outcome("sign", .end(EndIndex(0)), needs: [reason]), answered(to(0), byApplicant: true)],
                clock: .reception, within: .workingDays(1)),
            person(
                "check", "civil-status", registry, words("Cán bộ hộ tịch {agency} đang kiểm tra.", .processing),
                [
                    outcome("ok", to(4)), outcome("supplement", to(3), needs: [missing], atMost: 1),
                    outcome("unfit", to(8)), outcome("wrong-commune", .reroute, needs: [why]),
                ]),
            asking(
                "check.supplement", words("Bạn cần bổ sung {missing} trước {due}.", .needsDocuments), silence: 7,
                clock: .restart, then: 2),
            Node(
                name: "register", title: text("register"),
                kind: .call(
                    Call(
                        connector: "civil-registry", operation: "register", downAfter: .workingMinutes(240),
                        downTo: NodeIndex(5), attempts: 3)),
                words: words("Đang ghi sổ khai sinh.", .processing),
                outcomes: [outcome("number", to(6)), outcome("mismatch", to(2))]),
            person(
                "obstacle", "civil-status", registry, words("Số định danh chưa được cấp.", .processing),
                [outcome("number", to(6))]),
            person(
                "sign", "chairman", registry, words("Chủ tịch {agency} đang ký.", .processing),
                [
                    outcome("sign", .end(EndIndex(1)), gives: ["birth-certificate"]),
                    outcome("send-back", to(2), atMost: 2), outcome("refuse", to(8)),
                ], notBy: [2]),
            person(
                "refuse-unanswered", "chairman", registry, words("Đã quá thời hạn bổ sung.", .needsDocuments),
                [outcome("sign", .end(EndIndex(2)), needs: [reason]), answered(to(2), byApplicant: true)],
                clock: .paused, within: .workingDays(1)),
            person(
                "refuse", "chairman", registry, words("{agency} đang xem xét việc từ chối.", .processing),
                [outcome("sign", .end(EndIndex(2)), needs: [reason]), outcome("send-back", to(2), atMost: 2)]),
            asking(
                "receive.supplement", words("Hồ sơ còn thiếu {missing}. Bổ sung trước {due}.", .needsDocuments),
                silence: 1, clock: .receptionHeld, then: 0),
            confirm(),
        ]
        return try procedure(
            "birth-registration", code: "1.001193", facts: [declared("registration.commune", .area)],
            deadline: Deadline(limits: [.init(within: .sameWorkingDay)], cutOff: cutOff),
            groups: [StepGroup(steps: [2, 4, 5, 6].map(NodeIndex.init), within: .sameWorkingDay)],
            ends: [
                end("not-accepted", .notAccepted, [.notAccepted], "Chưa tiếp nhận vì {reason}."),
                end("issued", .issued, [.decided, .returned]),
                end("refused", .refused, [.decided, .returned], "{agency} không đăng ký được vì {reason}."),
                end("withdrawn", .withdrawn, [.withdrawn]),
            ],
            nodes: nodes, linkedStart: 2, withdrawal: withdrawal(confirm: 10, end: 3, partial: 3))
    }

    static let cutOff = TimeOfDay("15:00").map(CutOff.init(at:))

    static func confirm() -> Node {
        person(
            "withdrawal.confirm", "reception", .centre, nil,
            [outcome("confirm", .stop), outcome("reject", .resume)], clock: .held, within: .workingDays(1),
            block: .withdrawal)
    }

    static func withdrawal(confirm: Int, end: Int, partial: Int) -> Withdrawal {
        Withdrawal(
            confirm: NodeIndex(confirm), end: EndIndex(end), partialEnd: EndIndex(partial),
            words: words("Bạn đã yêu cầu rút hồ sơ.", .withdrawn, stage: .withdrawing))
    }

    /// Permanent residence: 0 receive, 1 register, 2 verify, 3 register.consent, 4 refuse-unanswered, 5 refuse.
    static func residence() throws -> Procedure {
        func to(_ index: Int) -> Outcome.Target { .node(NodeIndex(index)) }
        let nodes = [
            person(
                "receive", "reception", .centre, words("Đang kiểm tra.", .submitted),
                [outcome("accept", to(1), accepts: true)], clock: .reception),
            person(
                "register", "police", police, words("{agency} đang đăng ký thường trú.", .processing),
                [
                    outcome("done", .end(EndIndex(0)), gives: ["residence-notice"]),
                    outcome(
                        "verify", to(2), when: equals("form.residence.with", "other"),
                        sets: ["verification": .yesNo(true)]),
                    outcome("consent", to(3), atMost: 1), outcome("refuse", to(5)),
                ]),
            person(
                "verify", "police", police,
                words("Hẹn trả mới: {promised} (trước là {first-promised}).", .processing),
                [outcome("done", .end(EndIndex(0)), gives: ["residence-notice"]), outcome("refuse", to(5))]),
            asking(
                "register.consent", words("Chủ hộ cần xác nhận trước {due}.", .needsDocuments), silence: 4,
                clock: .restart, then: 1),
            person(
                "refuse-unanswered", "police-head", police, words("Đã quá thời hạn xác nhận.", .needsDocuments),
                [outcome("sign", .end(EndIndex(1)), needs: [reason]), answered(to(1), byApplicant: true)],
                clock: .paused, within: .workingDays(1)),
            person(
                "refuse", "police-head", police, words("{agency} đang xem xét việc từ chối.", .processing),
                [outcome("sign", .end(EndIndex(1)), needs: [reason]), outcome("send-back", to(1), atMost: 2)]),
        ]
        return try procedure(
            "permanent-residence", code: "1.004222",
            facts: [
                verification, declared("residence.commune", .area),
                declared("residence.with", .choice(["parents", "other"])),
            ],
            deadline: Deadline(limits: [.init(within: .workingDays(7))]), late: LateRule(warnAhead: .workingDays(1)),
            ends: [
                end("issued", .issued, [.decided, .returned]),
                end("refused", .refused, [.decided, .returned], "Chưa đăng ký được vì {reason}."),
                end("withdrawn", .withdrawn, [.withdrawn]),
            ], nodes: nodes, linkedStart: 1)
    }

    /// The card: 0 issue, 1 refuse.
    static func card() throws -> Procedure {
        let nodes = [
            person(
                "issue", "social-insurance", insurance, words("Bảo hiểm xã hội đang cấp thẻ.", .processing),
                [outcome("issue", .end(EndIndex(0)), gives: ["health-card"]), outcome("refuse", .node(NodeIndex(1)))]),
            person(
                "refuse", "social-insurance-head", insurance, words("Đang xem xét việc từ chối.", .processing),
                [outcome("sign", .end(EndIndex(1)), needs: [reason])]),
        ]
        return try procedure(
            "child-health-card", code: nil, facts: [declared("residence.commune", .area)],
            deadline: Deadline(limits: [.init(within: .workingDays(5))]), reception: nil,
            ends: [
                end("issued", .issued, [.decided, .returned]), end("refused", .refused, [.decided, .returned]),
                end("withdrawn", .withdrawn, [.withdrawn]),
            ], nodes: nodes, linkedStart: 0)
    }

    /// The flagship: 0 receive, 1 receive.supplement, 2 sign-refusal, 3 birth, 4 share, 5 share/residence,
    /// 6 share/insurance, 7 return-result, 8 withdrawal.confirm.
    static func flagship() throws -> Procedure {
        func to(_ index: Int) -> Outcome.Target { .node(NodeIndex(index)) }
        let fork = Fork(
            branches: [
                Fork.Branch(
                    name: "residence", title: text("Đăng ký thường trú"), start: NodeIndex(5),
                    when: isTrue("form.wants.residence"), results: []),
                Fork.Branch(
                    name: "insurance", title: text("Thẻ bảo hiểm y tế"), start: NodeIndex(6),
                    when: isTrue("form.wants.insurance"), results: []),
            ], join: .all,
            results: [
                .init(outcome: "complete", test: .all("issued")), .init(outcome: "partial", test: .otherwise),
            ])
        let nodes = [
            person(
                "receive", "reception", .centre,
                words("Bộ phận Một cửa đang kiểm tra, trả lời chậm nhất {due}.", .submitted, milestone: "received"),
                [
                    outcome(
                        "accept", to(3), accepts: true, words: words("Đã tiếp nhận. Hẹn trả: {promised}.", .accepted)),
                    outcome("supplement", to(1), needs: [missing], atMost: 1),
                    outcome("refuse", .end(EndIndex(0)), needs: [reason]),
                ], clock: .reception),
            asking(
                "receive.supplement", words("Hồ sơ còn thiếu {missing}. Bổ sung trước {due}.", .needsDocuments),
                silence: 2, clock: .receptionHeld, then: 0),
            person(
                "sign-refusal", "reception", .centre, words("Đã quá thời hạn bổ sung.", .needsDocuments),
                [outcome("sign", .end(EndIndex(0)), needs: [reason]), answered(to(0), byApplicant: true)],
                clock: .reception, within: .workingDays(1)),
            link(
                "birth", "Đăng ký khai sinh",
                Link(
                    procedure: "birth-registration", at: registry, limits: [.init(within: .sameWorkingDay)],
                    countsFrom: .acceptance, waits: .restart),
                words: words("{agency} đang giải quyết việc khai sinh.", .processing),
                outcomes: [
                    outcome(
                        "issued", to(4), words: words("Giấy khai sinh của bé đã có.", .processing),
                        gives: ["birth-certificate"]),
                    outcome("refused", .end(EndIndex(1))), outcome("otherwise", .end(EndIndex(3))),
                ]),
            Node(
                name: "share", title: text("share"), kind: .fork(fork),
                words: words("Đã chuyển Công an và Bảo hiểm xã hội.", .processing),
                outcomes: [outcome("complete", to(7)), outcome("partial", to(7))]),
            link(
                "share/residence", "Đăng ký thường trú",
                Link(
                    procedure: "permanent-residence", at: police,
                    limits: [
                        .init(within: .workingDays(5), when: isTrue("facts.verification")),
                        .init(within: .workingDays(2)),
                    ], copies: ["verification"]), block: .branch(fork: NodeIndex(4), branch: 0)),
            link(
                "share/insurance", "Thẻ bảo hiểm y tế",
                Link(procedure: "child-health-card", at: insurance, limits: [.init(within: .workingDays(2))]),
                block: .branch(fork: NodeIndex(4), branch: 1)),
            person(
                "return-result", "reception", .centre,
                words("Hồ sơ đã có kết quả: {parts}. Mời bạn nhận tại {agency}.", .decided),
                [outcome("handed-over", .end(EndIndex(2)))], clock: .stopped),
            confirm(),
        ]
        return try procedure(
            "birth-residence-insurance", code: "2.002621",
            facts: [
                verification, declared("wants.residence", .yesNo), declared("wants.insurance", .yesNo),
                declared("registration.commune", .area), declared("residence.commune", .area),
                declared("residence.with", .choice(["parents", "other"])),
            ],
            deadline: Deadline(
                limits: [
                    .init(within: .workingDays(5), when: isTrue("facts.verification")), .init(within: .workingDays(3)),
                ], cutOff: cutOff), late: LateRule(warnAhead: .workingDays(1)),
            ends: [
                end("not-accepted", .notAccepted, [.notAccepted], "Chưa tiếp nhận vì {reason}."),
                end("refused", .refused, [.decided, .returned], "{agency} không đăng ký khai sinh được vì {reason}."),
                end("returned", .issued, [.returned], "Kết quả đã được trả ngày {day}: {parts}."),
                end("stopped", .stopped, [.stopped]), end("withdrawn", .withdrawn, [.withdrawn]),
                end("partly-withdrawn", .partial, [.decided, .returned], "Các phần còn lại đã dừng: {parts}."),
            ],
            nodes: nodes, withdrawal: withdrawal(confirm: 8, end: 4, partial: 5))
    }

    private static func link(
        _ name: String, _ title: String, _ link: Link, block: Node.Block = .root, words: PublicWords? = nil,
        outcomes: [Outcome] = []
    ) -> Node {
        Node(name: name, title: text(title), kind: .link(link), block: block, words: words, outcomes: outcomes)
    }
}
