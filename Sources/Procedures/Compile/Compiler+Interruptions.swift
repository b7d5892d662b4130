import Notices
import WorkingTime

extension Compiler {
    /// What interrupts a step (`on:` of the step).
    mutating func interruptions(_ draft: Draft?, of plan: StepPlan) -> [Interruption] {
        guard let draft else { return [] }
        var all: [Interruption] = []
        if let deadline = draft["deadline"] {
            let within = limit(deadline["within"])
            let outcome = interruption(Interruption.deadlineName, Self.passed, deadline, of: plan, setsAs: plan)
            if let within, let outcome {
                all.append(Interruption(trigger: .deadline(within: within), outcome: outcome))
            }
        }
        return all + messages(draft, of: plan) { _ in plan }
    }

    /// What interrupts the whole, besides the withdrawal (`on:` of the file).
    mutating func compileInterruptions() {
        guard let draft = draft["on"] else { return }
        let whole = StepPlan(name: "on", body: draft, source: .step(isBranch: false), block: .root, prefix: "")
        if let draft = draft["deadline"] {
            if deadline == nil {
                log.error(
                    .v09, at: draft, "Không có “deadline” nào để quá hạn.", "There is no “deadline” that could pass.")
            }
            if let outcome = interruption(Interruption.deadlineName, Self.passed, draft, of: whole, setsAs: whole) {
                interruptions.append(Interruption(trigger: .deadline(within: nil), outcome: outcome))
            }
        }
        interruptions += messages(draft, of: whole) { name in
            var plan = whole
            plan.name = name
            return plan
        }
    }

    private static let passed = LocalText(vi: "Đã quá hạn", en: "The deadline has passed")

    private mutating func messages(
        _ draft: Draft, of plan: StepPlan, setsAs: (String) -> StepPlan
    ) -> [Interruption] {
        var all: [Interruption] = []
        for entry in draft["messages"]?.entries ?? [] {
            let name = Interruption.name(of: entry.key)
            if name == Interruption.deadlineName {
                log.error(
                    .v18, at: entry, "“deadline” là hạn đã qua; hãy đặt tên khác cho tin báo.",
                    "“deadline” is a passed deadline; name the message otherwise.")
            }
            guard let from = connector(entry.value["from"]),
                let outcome = interruption(
                    name, localText(entry.value["title"]), entry.value, of: plan, setsAs: setsAs(name))
            else { continue }
            all.append(Interruption(trigger: .message(from: from), outcome: outcome))
        }
        return all
    }

    private mutating func connector(_ draft: Draft?) -> String? {
        guard let draft, let name = draft.text else { return nil }
        if !catalogue.connectors.isEmpty, catalogue.connectors[name] == nil {
            log.error(
                .v11, at: draft, "Không có kết nối “\(name)”.", "There is no connector “\(name)”.",
                fix: meant(name, among: catalogue.connectors.keys.sorted()))
        }
        return name
    }

    /// - Parameter setsAs: by which step's name the facts that it sets are declared.
    private mutating func interruption(
        _ name: String, _ title: LocalText, _ draft: Draft, of plan: StepPlan, setsAs: StepPlan
    ) -> Outcome? {
        guard let then = draft["then"], let place = personStep(then, of: plan) else { return nil }
        return Outcome(
            name: name, title: title, target: .node(NodeIndex(place)), needs: needs(draft["needs"]),
            sets: sets(draft["sets"], by: setsAs), atMost: draft["at-most"]?.whole.map { Int(clamping: $0) },
            byPerformer: false, legalBasis: draft.text("legal-basis"))
    }

    /// V08: where no person chose the way, a person decides how it goes on.
    mutating func personStep(_ draft: Draft, of plan: StepPlan) -> Int? {
        guard let place = target(draft, of: plan) else { return nil }
        if plans[place].body["by"] == nil {
            log.error(
                .v08, at: draft, "Sau đó phải có người quyết định; bước “\(plans[place].name)” không do người làm.",
                "A person must decide what follows; the step “\(plans[place].name)” is not performed by a person.")
        }
        return place
    }

    /// A wait without limit is a step of time that a person reviews, with reminders (V08).
    mutating func openWait(_ plan: StepPlan, _ node: inout Node) {
        guard let draft = plan.body["no-limit"] else { return }
        if let outcomes = plan.body.entry("outcomes") {
            log.error(
                .v01, at: outcomes, "Bước chờ không thời hạn kết thúc bằng “on: {messages: …}” hoặc “review”.",
                "A wait without limit ends by “on: {messages: …}” or by its “review”.")
        }
        if plan.body["on"]?["messages"] == nil {
            log.error(
                .v08, at: draft, "Chưa nói tin báo nào kết thúc việc chờ.", "Nothing says which message ends the wait.",
                fix: BilingualText(vi: "Thêm “on: {messages: …}”.", en: "Add “on: {messages: …}”."))
        }
        if node.clock == .runs {
            log.error(
                .v08, at: draft, "Đồng hồ không thể chạy trong khi chờ không thời hạn.",
                "The clock cannot run through a wait without limit.",
                fix: BilingualText(
                    vi: "Thêm “clock: paused” hoặc “clock: restart”.", en: "Add “clock: paused” or “clock: restart”."))
        }
        if plan.body["public"] == nil {
            log.error(
                .v13, at: plan.body, "Bước “\(plan.name)” chưa có câu cho người dân.",
                "The step “\(plan.name)” has no public sentence.",
                fix: BilingualText(vi: "Thêm “public:”.", en: "Add “public:”."))
        }
        guard let review = draft["review"], let then = review["then"], let place = personStep(then, of: plan),
            let after = limit(review["after"]), let remind = limit(draft["remind"])
        else {
            isBroken = true
            return
        }
        node.within = after
        node.wait = OpenWait(
            basis: draft.text("basis") ?? "", remind: remind,
            holder: draft.text("holder").flatMap(OpenWait.Holder.init(rawValue:)) ?? .applicant)
        node.outcomes = [
            Outcome(
                name: "review", title: LocalText(vi: "Đến kỳ xem xét", en: "Time to review"),
                target: .node(NodeIndex(place)), byPerformer: false)
        ]
    }

    /// A person's step that waits for the citizen to come tells so again and again.
    mutating func remind(_ plan: StepPlan, _ node: inout Node) {
        guard let draft = plan.body["remind"] else { return }
        node.remind = limit(draft)
        if node.words == nil {
            log.error(
                .v13, at: draft, "Bước “\(plan.name)” chưa có câu để nhắc người dân.",
                "The step “\(plan.name)” has no public sentence to tell again.",
                fix: BilingualText(vi: "Thêm “public:”.", en: "Add “public:”."))
        }
    }

    /// What is waited for still counts while a person reviews the wait: the review step hears the same messages.
    mutating func fillReviews() {
        for place in plans.indices where nodes.indices.contains(place) && nodes[place].wait != nil {
            guard case .node(let review)? = nodes[place].outcomes.first?.target, nodes.indices.contains(review.value)
            else { continue }
            for interruption in nodes[place].interruptions {
                guard case .message = interruption.trigger,
                    !nodes[review.value].interruptions.contains(where: { $0.outcome.name == interruption.outcome.name })
                else { continue }
                nodes[review.value].interruptions.append(interruption)
            }
        }
    }
}
