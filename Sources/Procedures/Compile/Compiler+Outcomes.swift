import Notices
import WorkingTime

extension Compiler {
    mutating func outcome(_ entry: Draft.Entry, of plan: StepPlan) -> Outcome? {
        let body = entry.value
        guard let target = outcomeTarget(entry, of: plan) else {
            isBroken = true
            return nil
        }
        return Outcome(
            name: entry.key, title: localText(body["title"]), target: target, when: condition(body["when"]),
            needs: needs(body["needs"]), sets: sets(body["sets"], by: plan), accepts: body["accepts"]?.yesNo ?? false,
            atMost: (body["ask"]?["at-most"] ?? body["at-most"])?.whole.map { Int(clamping: $0) },
            words: words(body["public"]),
            gives: (body["gives"]?.entries ?? []).map { Gift(component: $0.key, title: localText($0.value)) },
            legalBasis: body.text("legal-basis"))
    }

    /// Where an outcome leads: exactly one of `then`, `end`, `result`, `re-route`.
    private mutating func outcomeTarget(_ entry: Draft.Entry, of plan: StepPlan) -> Outcome.Target? {
        let body = entry.value
        let given = body.entries.filter { ["then", "end", "result", "re-route"].contains($0.key) }
        guard given.count <= 1 else {
            log.error(
                .v01, at: given[1], "Kết quả chỉ dẫn đến một nơi.", "An outcome leads to one place only.")
            return nil
        }
        guard let way = given.first else {
            log.error(
                body["ask"] == nil ? .v03 : .v15, at: entry, "Kết quả “\(entry.key)” không dẫn đến đâu.",
                "The outcome “\(entry.key)” leads nowhere.",
                fix: BilingualText(vi: "Thêm “then:” hoặc “end:”.", en: "Add “then:” or “end:”."))
            return nil
        }
        if body["ask"] != nil {
            guard way.key == "then", body["at-most"] == nil, let ask = index[plan.name + "." + entry.key] else {
                log.error(
                    .v15, at: entry, "Yêu cầu bổ sung cần “then:”, và “at-most” nằm trong “ask”.",
                    "A request needs “then:”, and its “at-most” stands inside “ask”.")
                return nil
            }
            return .node(NodeIndex(ask))
        }
        switch way.key {
        case "then": return target(way.value, of: plan).map { .node(NodeIndex($0)) }
        case "end":
            guard plan.block == .root else {
                log.error(
                    .v07, at: way, "Nhánh song song không thể tự kết thúc cả hồ sơ.",
                    "A branch cannot end the whole dossier.",
                    fix: BilingualText(
                        vi: "Dùng “result:” và để bước song song kết thúc.",
                        en: "Use “result:”, and let an outcome of the parallel step end it."))
                return nil
            }
            return endIndex(way.value).map { .end(EndIndex($0)) }
        case "result":
            guard plan.block != .root, let result = way.value.text else {
                log.error(
                    .v07, at: way, "“result” chỉ dùng trong nhánh song song.", "“result” ends branches only.",
                    fix: BilingualText(vi: "Dùng “end:”.", en: "Use “end:”."))
                return nil
            }
            return .branch(result: result)
        default: return reroute(way, plan)
        }
    }

    private mutating func reroute(_ way: Draft.Entry, _ plan: StepPlan) -> Outcome.Target? {
        guard way.value.yesNo == true, plan.body["by"] != nil else {
            log.error(
                .v01, at: way, "“re-route: true” chỉ dùng cho bước do người làm.",
                "“re-route: true” goes with a step that a person performs.")
            return nil
        }
        return .reroute
    }

    mutating func needs(_ draft: Draft?) -> [Need] {
        (draft?.entries ?? []).map { entry in
            let kind: Need.Kind =
                switch entry.value.text("type") {
                case "reason": .reason
                case "documents": .documents
                case "date": .date
                case "instant": .instant
                case "yes-no": .yesNo
                default: .sealed
                }
            if kind == .reason, reasons.isEmpty {
                log.error(
                    .v11, at: entry, "Chưa có danh mục “reasons”.", "There is no catalogue “reasons” to choose from.")
            }
            if kind == .documents, documents.isEmpty {
                log.error(
                    .v11, at: entry, "Chưa có danh mục “documents”.", "There are no “documents” to choose from.")
            }
            return Need(
                name: entry.key, title: localText(entry.value["title"]), kind: kind,
                required: !(entry.value["optional"]?.yesNo ?? false))
        }
    }

    mutating func sets(_ draft: Draft?, by plan: StepPlan) -> [String: FactValue] {
        var values: [String: FactValue] = [:]
        for entry in draft?.entries ?? [] {
            let name = "facts." + entry.key
            guard let type = scope.facts[name], let fact = facts.first(where: { $0.name == name }) else {
                log.error(
                    .v03, at: entry, "Không có dữ kiện “\(name)”.", "There is no fact “\(name)”.",
                    fix: meant(entry.key, among: facts.map { String($0.name.dropFirst(6)) }))
                continue
            }
            if fact.source != .step(plan.name) {
                log.error(
                    .v03, at: entry, "“\(name)” không do bước này xác định.", "“\(name)” is not set by this step.",
                    fix: BilingualText(
                        vi: "Ghi “set-by: \(plan.name)” ở dữ kiện.", en: "Say “set-by: \(plan.name)” at the fact."))
            }
            if let value = factValue(entry.value, type, rule: .v17) { values[name] = value }
        }
        return values
    }

    /// A request becomes a waiting step of the applicant with the outcomes `answered` and `silent`.
    mutating func askNode(_ plan: StepPlan, outcome: String, of asking: Int) -> Node {
        let owner = plans[asking]
        let then = owner.body["outcomes"]?[outcome]?["then"]
        let silence = plan.body["silence"].flatMap { target($0, of: owner) }
        let answer = then.flatMap { index[owner.prefix + ($0.text ?? "")] ?? index[$0.text ?? ""] }
        var node = Node(
            name: plan.name, title: localText(owner.body["outcomes"]?[outcome]?["title"]), kind: .time,
            block: plan.block, words: words(plan.body["public"]),
            clock: plan.body.text("clock").flatMap(ClockEffect.init(rawValue:)) ?? .paused)
        guard let silence, let within = limit(plan.body["within"]) else {
            isBroken = true
            return node
        }
        if let then, let answer, plans.indices.contains(answer), plans[answer].block != owner.block {
            _ = target(then, of: owner)
        }
        guard let answer else {
            if let then { _ = stepIndex(then, prefix: owner.prefix) }
            isBroken = true
            return node
        }
        checkSilence(silence, plan)
        node.kind = .applicant(
            Ask(who: plan.body.text("who") ?? "applicant", within: within, silence: NodeIndex(silence)))
        node.outcomes = [
            Outcome(
                name: "answered", title: LocalText(vi: "Đã bổ sung, trả lời", en: "Answered"),
                target: .node(NodeIndex(answer)), byPerformer: false, byApplicant: true),
            Outcome(
                name: "silent", title: LocalText(vi: "Quá hạn, chưa trả lời", en: "No answer in time"),
                target: .node(NodeIndex(silence)), byPerformer: false),
        ]
        return node
    }

    /// V15: silence opens a person's task of its own.
    private mutating func checkSilence(_ silence: Int, _ plan: StepPlan) {
        if let other = silences[silence] {
            isBroken = true
            log.error(
                .v15, at: plan.body["silence"],
                "Bước này đã dùng cho “\(plans[other].name)”; mỗi yêu cầu có bước im lặng riêng.",
                "This step already serves “\(plans[other].name)”; each request has a silence step of its own.")
        }
        if plans[silence].body["by"] == nil {
            log.error(
                .v15, at: plan.body["silence"], "Sau khi quá hạn phải có người ký; bước này không do người làm.",
                "After silence a person must sign; this step is not performed by a person.")
        }
        silences[silence] = nodes.count
    }

    /// V05 and V16: every step ends, and at least one way out is always open.
    mutating func checkOutcomes(_ node: Node, _ plan: StepPlan) {
        if (plan.body["outcomes"]?.entries ?? []).isEmpty {
            guard node.outcomes.isEmpty, plan.body["no-limit"] == nil else { return }
            isBroken = true
            log.error(
                .v05, at: plan.body, "Bước “\(node.name)” không có kết quả nào.",
                "The step “\(node.name)” has no outcome.",
                fix: BilingualText(vi: "Thêm “outcomes:”.", en: "Add “outcomes:”."))
            return
        }
        if !node.outcomes.isEmpty, !isBroken, node.outcomes.allSatisfy({ $0.when != nil }) {
            log.error(
                .v16, at: plan.body["outcomes"], "Mọi kết quả đều có điều kiện: có trường hợp không còn lối ra.",
                "Every outcome has a condition, so that some case has no way out.")
        }
        switch node.kind {
        case .time where node.outcomes.count != 1 && !isBroken:
            log.error(
                .v01, at: plan.body["outcomes"], "Bước theo thời gian có đúng một kết quả.",
                "A step of time alone has exactly one outcome.")
        case .call, .link, .fork, .time:
            for entry in plan.body["outcomes"]?.entries ?? [] {
                for key in ["ask", "when"] where entry.value[key] != nil {
                    log.error(
                        .v01, at: entry.value[key], "“\(key)” chỉ dùng ở bước do người làm.",
                        "“\(key)” goes with a step that a person performs.")
                }
            }
        default: break
        }
    }
}
