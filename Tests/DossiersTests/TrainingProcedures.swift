import Notices
import WorkingTime

@testable import Procedures

/// The flagship and its three linked procedures, built in Swift: the same steps, limits and words as the files.
enum TrainingProcedures {
    static func text(_ vi: String) -> LocalText { LocalText(vi: vi, en: nil) }

    static func words(
        _ vi: String, _ status: NationalStatus, milestone: String? = nil, stage: PublicStage? = nil
    ) -> PublicWords {
        PublicWords(text: text(vi), stage: stage ?? PublicStage(of: status), status: status, milestone: milestone)
    }

    static func outcome(
        _ name: String, _ target: Outcome.Target, when: Condition? = nil, needs: [Need] = [],
        sets: [String: FactValue] = [:], accepts: Bool = false, atMost: Int? = nil, words: PublicWords? = nil,
        gives: [String] = []
    ) -> Outcome {
        Outcome(
            name: name, title: text(name), target: target, when: when, needs: needs, sets: sets, accepts: accepts,
            atMost: atMost, words: words, gives: gives.map { Gift(component: $0, title: text($0)) })
    }

    static func answered(_ target: Outcome.Target, byApplicant: Bool = false) -> Outcome {
        Outcome(
            name: "answered", title: text("answered"), target: target, byPerformer: false, byApplicant: byApplicant)
    }

    static func silent(_ target: Outcome.Target) -> Outcome {
        Outcome(name: "silent", title: text("silent"), target: target, byPerformer: false)
    }

    static let reason = Need(name: "reason", title: text("Lý do"), kind: .reason)
    static let why = Need(name: "reason", title: text("Lý do"), kind: .reason, required: false)
    static let missing = Need(name: "missing", title: text("Giấy tờ còn thiếu"), kind: .documents)

    static func isTrue(_ fact: String) -> Condition {
        Condition(source: fact, expression: .fact(fact, unset: .yesNo(false)))
    }

    static func equals(_ fact: String, _ value: String) -> Condition {
        Condition(
            source: "\(fact) == \(value)",
            expression: .compare(.equal, .fact(fact, unset: .text("")), .literal(.text(value))))
    }

    static func procedure(
        _ name: String, code: String?, facts: [Fact], deadline: Deadline?, reception: TimeLimit? = .workingMinutes(480),
        groups: [StepGroup] = [], late: LateRule = LateRule(), ends: [End], nodes: [Node], start: Int = 0,
        linkedStart: Int? = nil, withdrawal: Withdrawal? = nil, version: Int = 1, examples: [Example] = []
    ) throws -> Procedure {
        Procedure(
            name: name, version: version, contentHash: String(repeating: "a", count: 64), code: code, title: text(name),
            field: "ho-tich", legalBasis: "63/2024/NĐ-CP",
            effective: Effective(from: try TrainingCalendar.date("2016-01-01")),
            calendar: "vn-state", facts: facts,
            reasons: [
                Reason(code: "missing-paper", title: LocalText(vi: "thiếu giấy tờ bắt buộc", en: "a paper is missing")),
                Reason(code: "overload", title: text("số hồ sơ tăng đột biến")),
            ],
            form: [], formRules: [],
            documents: [
                DocumentRule(
                    name: "birth-proof", title: LocalText(vi: "Giấy chứng sinh", en: "Birth proof"), required: true)
            ],
            fees: [], reception: reception, deadline: deadline, late: late, groups: groups,
            milestones: [Milestone(key: "received", title: text("Tiếp nhận"))], ends: ends, nodes: nodes,
            start: NodeIndex(start), linkedStart: linkedStart.map(NodeIndex.init), withdrawal: withdrawal,
            examples: examples)
    }

    static func end(
        _ name: String, _ result: End.Result, _ statuses: [NationalStatus], _ vi: String = "Hồ sơ đã kết thúc."
    ) -> End {
        End(name: name, result: result, statuses: statuses, words: words(vi, statuses.last ?? .returned))
    }

    static func declared(_ name: String, _ type: FactType) -> Fact {
        Fact(name: "form." + name, type: type, source: .form(name))
    }

    static let registry = AgencyRule.kind("civil-status", of: "form.registration.commune")
    static let police = AgencyRule.kind("police", of: "form.residence.commune")
    static let insurance = AgencyRule.kind("social-insurance", of: "form.residence.commune")
    static let verification = Fact(name: "facts.verification", type: .yesNo, source: .step("register"))

    static func person(
        _ name: String, _ role: String, _ rule: AgencyRule, _ words: PublicWords?, _ outcomes: [Outcome],
        clock: ClockEffect = .runs, within: TimeLimit? = nil, notBy: [Int] = [], block: Node.Block = .root
    ) -> Node {
        Node(
            name: name, title: text(name), kind: .person(role: role, at: rule, notBy: notBy.map(NodeIndex.init)),
            block: block, words: words, within: within, clock: clock, outcomes: outcomes)
    }

    static func asking(
        _ name: String, _ words: PublicWords, silence: Int, clock: ClockEffect, then: Int,
        block: Node.Block = .root
    ) -> Node {
        Node(
            name: name, title: text(name),
            kind: .applicant(Ask(who: "applicant", within: .workingDays(7), silence: NodeIndex(silence))), block: block,
            words: words, clock: clock,
            outcomes: [answered(.node(NodeIndex(then))), silent(.node(NodeIndex(silence)))])
    }
}
