import Notices
import WorkingTime

/// Where the steps of a compiled procedure lead.
struct StepGraph {
    let nodes: [Node]

    /// Steps that can follow a step, inside its block and into its branches.
    func successors(_ place: Int) -> [Int] {
        let node = nodes[place]
        var next: [Int] = []
        for outcome in node.ways {
            if case .node(let target) = outcome.target { next.append(target.value) }
        }
        switch node.kind {
        case .call(let call): next.append(call.downTo.value)
        case .fork(let fork): next += fork.branches.map(\.start.value)
        default: break
        }
        return next
    }

    /// Every step that can be reached from these, themselves included; `through` says which outcomes count.
    func reach(_ starts: [Int], through counts: (Outcome) -> Bool = { _ in true }) -> Set<Int> {
        var seen: Set<Int> = []
        var todo = starts.filter(nodes.indices.contains)
        while let place = todo.popLast() {
            guard seen.insert(place).inserted else { continue }
            let node = nodes[place]
            for outcome in node.ways where counts(outcome) {
                if case .node(let target) = outcome.target { todo.append(target.value) }
            }
            if case .call(let call) = node.kind { todo.append(call.downTo.value) }
            if case .fork(let fork) = node.kind { todo += fork.branches.map(\.start.value) }
        }
        return seen
    }

    /// Steps from which the end of the block (or the dossier) can be reached.
    func live() -> Set<Int> {
        var live: Set<Int> = []
        var grew = true
        while grew {
            grew = false
            for place in nodes.indices where !live.contains(place) {
                let ends = nodes[place].ways.contains { outcome in
                    switch outcome.target {
                    case .end, .branch, .resume, .stop, .done: true
                    case .node(let target): live.contains(target.value)
                    case .reroute: false
                    }
                }
                if ends {
                    live.insert(place)
                    grew = true
                }
            }
        }
        return live
    }
}

extension Compiler {
    /// Where a step stands in the file.
    func place(of node: Int) -> Draft? {
        plans.indices.contains(node) ? plans[node].body : besides[node] ?? draft["on"]?["withdrawal"]?["confirm"]
    }

    /// The proofs over the whole graph, once every name has been resolved.
    mutating func verify(_ procedure: Procedure) {
        let graph = StepGraph(nodes: nodes)
        verifyEnds(procedure, reached: verifyReach(procedure, graph))
        verifyWords()
        verifyStatuses(procedure, graph)
        verifyTexts(procedure, graph)
        verifyWaits(procedure)
        verifySum(procedure)
        verifyHolders(procedure)
        verifyUsers(procedure)
    }

    /// V04: an end that is written and never comes is often one that was forgotten at the step.
    private mutating func verifyEnds(_ procedure: Procedure, reached: Set<Int>) {
        var ends = Set(
            reached.flatMap { nodes[$0].ways }.compactMap { outcome in
                if case .end(let end) = outcome.target { end.value } else { nil }
            })
        if let withdrawal = procedure.withdrawal {
            ends.formUnion([withdrawal.end.value, withdrawal.partialEnd.value])
        }
        // How a linked dossier ends when its parent stops.
        if let stopped = procedure.ends.firstIndex(where: { $0.result == .withdrawn || $0.result == .stopped }) {
            ends.insert(stopped)
        }
        for (place, end) in procedure.ends.enumerated() where !ends.contains(place) {
            guard let entry = draft["ends"]?.entries.first(where: { $0.key == end.name }) else { continue }
            log.warn(
                .v04, at: entry, "Không có gì dẫn đến kết thúc “\(end.name)”.",
                "Nothing leads to the end “\(end.name)”.",
                fix: BilingualText(
                    vi: "Bỏ kết thúc này, hoặc cho một kết quả dẫn đến nó: “end: \(end.name)”.",
                    en: "Remove it, or let an outcome lead to it: “end: \(end.name)”."))
        }
    }

    /// V04 and V05; the steps that are reached.
    private mutating func verifyReach(_ procedure: Procedure, _ graph: StepGraph) -> Set<Int> {
        var starts = [procedure.start.value]
        if let linked = procedure.linkedStart { starts.append(linked.value) }
        if let withdrawal = procedure.withdrawal { starts.append(withdrawal.confirm.value) }
        starts += [procedure.late.warnStep, procedure.late.breachStep].compactMap { $0?.value }
        starts += procedure.interruptions.compactMap { $0.target?.value }
        var reached = graph.reach(starts)
        reached.formUnion(reached.compactMap { nodes[$0].tells?.value })
        let live = graph.live()
        for place in nodes.indices {
            let name = nodes[place].name
            if !reached.contains(place) {
                log.error(
                    .v04, at: self.place(of: place), "Không có gì dẫn đến bước “\(name)”.",
                    "Nothing leads to the step “\(name)”.",
                    fix: BilingualText(vi: "Bỏ bước này hoặc dẫn đến nó.", en: "Remove it, or lead to it."))
            }
            if !live.contains(place) {
                log.error(
                    .v05, at: self.place(of: place), "Từ bước “\(name)” không thể đi đến kết thúc nào.",
                    "No end can be reached from the step “\(name)”.")
            }
            let outcomes = nodes[place].outcomes
            if case .person = nodes[place].kind,
                outcomes.allSatisfy({ $0.when != nil || $0.atMost != nil || $0.target == .reroute })
            {
                log.error(
                    .v16, at: self.place(of: place), "Bước “\(name)” có thể không còn lối ra nào được phép.",
                    "The step “\(name)” can be left without an outcome that is still allowed.",
                    fix: BilingualText(
                        vi: "Cho một kết quả không điều kiện và không giới hạn số lần.",
                        en: "Let one outcome have neither “when” nor “at-most”."))
            }
        }
        return reached
    }

    /// V13: where somebody waits, the citizen reads why.
    private mutating func verifyWords() {
        for (place, node) in nodes.enumerated() where node.words == nil && node.block != .beside {
            switch node.kind {
            case .person, .call, .applicant:
                // A missing key inside `public` has been reported already.
                guard let body = self.place(of: place), body["public"] == nil else { continue }
                log.error(
                    .v13, at: body, "Bước “\(node.name)” chưa có câu cho người dân.",
                    "The step “\(node.name)” has no public sentence.",
                    fix: BilingualText(vi: "Thêm “public:”.", en: "Add “public:”."))
            case .time, .fork, .link: break
            }
        }
    }
}
