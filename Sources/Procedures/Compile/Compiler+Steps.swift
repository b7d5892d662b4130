import Notices
import WorkingTime

/// A step that is going to be a node: all are named before any is compiled, so that outcomes can lead forward.
struct StepPlan {
    /// What the node is made of.
    enum Source {
        /// A step, or a branch that is a single step.
        case step(isBranch: Bool)
        /// The request of this outcome of the step at `of`.
        case ask(outcome: String, of: Int)
    }

    /// The full name.
    var name: String
    var body: Draft
    var source: Source
    var block: Node.Block
    /// What names of the same block begin with.
    var prefix: String
}

extension Compiler {
    static let stepCountMax = 300

    mutating func planSteps() {
        planBlock(draft["steps"], prefix: "", block: .root, depth: 0)
        for (place, plan) in plans.enumerated() {
            if index[plan.name] != nil {
                log.error(
                    .v18, at: plan.body, "Tên bước “\(plan.name)” bị trùng.",
                    "The step name “\(plan.name)” is used twice.")
                isBroken = true
            }
            index[plan.name] = place
        }
    }

    private mutating func planBlock(_ steps: Draft?, prefix: String, block: Node.Block, depth: Int) {
        for entry in steps?.entries ?? [] {
            plan(prefix + entry.key, marked(entry), prefix: prefix, block: block, isBranch: false, depth: depth)
        }
    }

    private mutating func plan(
        _ name: String, _ body: Draft, prefix: String, block: Node.Block, isBranch: Bool, depth: Int
    ) {
        guard depth < 8, plans.count < Self.stepCountMax else {
            isBroken = true
            log.error(.v01, at: body, "Quá nhiều bước hoặc lồng quá sâu.", "Too many steps, or nested too deep.")
            return
        }
        let place = plans.count
        plans.append(StepPlan(name: name, body: body, source: .step(isBranch: isBranch), block: block, prefix: prefix))
        for outcome in body["outcomes"]?.entries ?? [] {
            guard let ask = outcome.value["ask"] else { continue }
            plans.append(
                StepPlan(
                    name: name + "." + outcome.key, body: ask, source: .ask(outcome: outcome.key, of: place),
                    block: block, prefix: prefix))
        }
        for (number, branch) in (body["parallel"]?["branches"]?.entries ?? []).enumerated() {
            let block = Node.Block.branch(fork: NodeIndex(place), branch: number)
            let inner = name + "/" + branch.key
            if let steps = branch.value["steps"] {
                planBlock(steps, prefix: inner + "/", block: block, depth: depth + 1)
            } else {
                plan(inner, marked(branch), prefix: inner + "/", block: block, isBranch: true, depth: depth + 1)
            }
        }
    }

    /// The value at the place of its key: what is wrong with a whole step is shown at its name.
    private func marked(_ entry: Draft.Entry) -> Draft {
        Draft(entry.value.content, path: entry.value.path, spot: entry.spot)
    }

    /// The position of the step that a text names, seen from a block; an error where there is none.
    mutating func stepIndex(_ draft: Draft, prefix: String) -> Int? {
        guard let name = draft.text else { return nil }
        if let place = index[prefix + name] ?? index[name] { return place }
        isBroken = true
        log.error(
            .v03, at: draft, "Không có bước “\(name)”.", "There is no step “\(name)”.",
            fix: meant(
                name, among: plans.map { $0.name.hasPrefix(prefix) ? String($0.name.dropFirst(prefix.count)) : $0.name }
            ))
        return nil
    }

    /// The position of a step of the same block (V07); an error where it stands elsewhere or nowhere.
    mutating func target(_ draft: Draft, of plan: StepPlan) -> Int? {
        guard let place = stepIndex(draft, prefix: plan.prefix), plans.indices.contains(place) else { return nil }
        guard plans[place].block == plan.block else {
            isBroken = true
            log.error(
                .v07, at: draft, "“\(draft.text ?? "")” nằm ở khối khác; kết quả chỉ dẫn trong khối của mình.",
                "“\(draft.text ?? "")” stands in another block; an outcome leads within its own block only.",
                fix: BilingualText(
                    vi: "Kết thúc nhánh bằng “result:” và để bước song song dẫn tiếp.",
                    en: "End the branch with “result:”, and let the outcome of the parallel step lead on."))
            return nil
        }
        return place
    }

    mutating func compileNodes() {
        for plan in plans {
            switch plan.source {
            case .step(let isBranch): nodes.append(node(plan, isBranch: isBranch))
            case .ask(let outcome, let of): nodes.append(askNode(plan, outcome: outcome, of: of))
            }
        }
        // An answer still counts until the refusal is signed: the silence step gets the same way out.
        for (place, ask) in silences.sorted(by: { $0.key < $1.key }) {
            guard nodes.indices.contains(ask), let answered = nodes[ask].outcomes.first else { continue }
            if nodes[place].outcome(named: "answered") != nil {
                isBroken = true
                log.error(
                    .v18, at: plans[place].body["outcomes"], "“answered” được thêm tự động; hãy đặt tên khác.",
                    "“answered” is added to this step by itself; name the outcome otherwise.")
            }
            nodes[place].outcomes.append(answered)
        }
        fillBranchResults()
        fillReviews()
    }

    private mutating func node(_ plan: StepPlan, isBranch: Bool) -> Node {
        let body = plan.body
        let kind = kind(plan, isBranch: isBranch)
        var node = Node(
            name: plan.name, title: localText(body["title"]), kind: kind ?? .time, block: plan.block,
            words: words(body["public"]), within: limit(body["within"]),
            clock: body.text("clock").flatMap(ClockEffect.init(rawValue:)) ?? .runs,
            legalBasis: body.text("legal-basis"))
        if case .time = node.kind, let after = limit(body["after"]) { node.within = after }
        node.interruptions = interruptions(body["on"], of: plan)
        openWait(plan, &node)
        remind(plan, &node)
        for entry in body["outcomes"]?.entries ?? [] {
            if let outcome = outcome(entry, of: plan) { node.outcomes.append(outcome) }
        }
        if kind == nil { isBroken = true }
        if case .link(let link)? = kind { finish(&node, link, plan, isBranch: isBranch) }
        if case .fork(let fork)? = kind { checkForkOutcomes(node, fork, plan) }
        checkOutcomes(node, plan)
        return node
    }

    private func keys(of performer: String) -> [String] {
        switch performer {
        case "by": ["not-by", "within", "remind", "tell"]
        case "call": ["down", "within"]
        case "procedure": ["at", "limits", "counts-from", "waits", "copies"]
        default: []
        }
    }

    /// Exactly one performer, and only the keys that go with it.
    private mutating func kind(_ plan: StepPlan, isBranch: Bool) -> Node.Kind? {
        let all = ["by", "call", "after", "no-limit", "procedure", "parallel"]
        let given = plan.body.entries.filter { all.contains($0.key) }
        guard given.count == 1, let performer = given.first else {
            log.error(
                .v01, at: given.last?.value ?? plan.body, "Bước cần đúng một trong: \(all.joined(separator: ", ")).",
                "A step needs exactly one of: \(all.joined(separator: ", ")).")
            return nil
        }
        let own = keys(of: performer.key)
        let others = [
            "not-by", "within", "remind", "tell", "down", "at", "limits", "counts-from", "waits", "copies",
        ]
        for entry in plan.body.entries where others.contains(entry.key) && !own.contains(entry.key) {
            log.error(
                .v01, at: entry, "“\(entry.key)” không đi với “\(performer.key)”.",
                "“\(entry.key)” does not go with “\(performer.key)”.")
        }
        switch performer.key {
        case "by":
            let notBy = (plan.body["not-by"]?.items ?? []).compactMap { stepIndex($0, prefix: plan.prefix) }
            guard let found = self.performer(performer.value) else { return nil }
            return .person(role: found.role, at: found.at, notBy: notBy.map(NodeIndex.init))
        case "call": return call(plan)
        case "procedure": return link(plan)
        case "parallel": return fork(plan)
        default: return .time
        }
    }

    private mutating func call(_ plan: StepPlan) -> Node.Kind? {
        guard let draft = plan.body["call"], let text = draft.text else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(Spelling.isKebab) else {
            log.error(
                .v01, at: draft, "Không hiểu “\(text)”.", "“\(text)” does not read.",
                fix: BilingualText(vi: "Viết “civil-registry.register”.", en: "Write “civil-registry.register”."))
            return nil
        }
        let connector = String(parts[0])
        if !catalogue.connectors.isEmpty {
            let operations = catalogue.connectors.flatMap { name, list in list.map { name + "." + $0 } }.sorted()
            if !operations.contains(text) {
                log.error(
                    .v11, at: draft, "Không có kết nối “\(text)”.", "There is no connector operation “\(text)”.",
                    fix: meant(text, among: operations))
            }
        }
        guard let down = plan.body["down"] else {
            log.error(
                .v08, at: draft, "Khi hệ thống ngoài không trả lời thì chưa ai xử lý.",
                "Nobody takes over when the outside system does not answer.",
                fix: BilingualText(
                    vi: "Thêm “down: {after: 4 working hours, then: …}”.",
                    en: "Add “down: {after: 4 working hours, then: …}”."))
            return nil
        }
        guard let after = limit(down["after"]), let then = down["then"], let place = target(then, of: plan) else {
            return nil
        }
        return .call(
            Call(
                connector: connector, operation: String(parts[1]), downAfter: after, downTo: NodeIndex(place),
                attempts: Int(clamping: down["attempts"]?.whole ?? 10)))
    }
}
