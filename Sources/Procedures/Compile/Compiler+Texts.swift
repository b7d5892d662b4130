import Notices
import WorkingTime

extension Compiler {
    /// V21: a sentence asks for what is known when it is told, and one event tells one sentence of its kind.
    mutating func verifyTexts(_ procedure: Procedure, _ graph: StepGraph) {
        var texts = TextCheck(procedure: procedure, nodes: nodes, graph: graph)
        texts.find()
        for (place, node) in nodes.enumerated() {
            let body = self.place(of: place)
            if let words = node.words, node.block != .withdrawal {
                report(texts.problem(words, at: place, isOpen: true), body?["public"])
            }
            for outcome in node.outcomes {
                guard let words = outcome.words else { continue }
                let draft = body?["outcomes"]?[outcome.name]?["public"]
                report(texts.problem(words, at: place, isOpen: false, outcome), draft)
                guard case .end = outcome.target else { continue }
                log.warn(
                    .v21, at: draft, "Kết quả này và kết thúc cùng có câu: người dân nhận hai thông báo một lúc.",
                    "This outcome and the end both have a sentence: the citizen gets two notices at once.")
            }
        }
        for end in ends { report(texts.problem(end), draft["ends"]?[end.name]) }
        if let words = procedure.withdrawal?.words, words.asks("due") {
            report(TextCheck.noDue, draft["on"]?["withdrawal"]?["words"])
        }
    }

    private mutating func report(_ problem: BilingualText?, _ draft: Draft?) {
        guard let problem else { return }
        log.error(.v21, at: draft, problem.vi, problem.en)
    }
}

/// What is known at each step when its sentence is told.
private struct TextCheck {
    let procedure: Procedure
    let nodes: [Node]
    let graph: StepGraph
    /// Steps that some way through a stated reason, or stated papers, leads to.
    private var withReason: Set<Int> = []
    private var withPapers: Set<Int> = []
    private var afterAcceptance: Set<Int> = []

    init(procedure: Procedure, nodes: [Node], graph: StepGraph) {
        self.procedure = procedure
        self.nodes = nodes
        self.graph = graph
    }

    static let noDue = BilingualText(
        vi: "“{due}” không có ngày nào ở câu này: không bước nào có hạn đang mở.",
        en: "“{due}” has no date in this sentence: no step with a limit is open.")

    mutating func find() {
        withReason = reached { node, outcome in outcome.says(.reason) || node.isPart }
        withPapers = reached { _, outcome in outcome.says(.documents) }
        afterAcceptance = reached { _, outcome in outcome.accepts }
        for interruption in procedure.interruptions {
            guard let target = interruption.target else { continue }
            let reached = graph.reach([target.value])
            afterAcceptance.formUnion(reached)
            // What ran before it can have said anything.
            if nodes.contains(where: { $0.outcomes.contains { $0.says(.reason) } }) { withReason.formUnion(reached) }
        }
        if let linked = procedure.linkedStart { afterAcceptance.formUnion(graph.reach([linked.value])) }
    }

    /// Steps that can be reached from outcomes for which `counts` holds.
    private func reached(_ counts: (Node, Outcome) -> Bool) -> Set<Int> {
        var starts: [Int] = []
        for node in nodes {
            for outcome in node.ways where counts(node, outcome) {
                switch outcome.target {
                case .node(let index): starts.append(index.value)
                // Re-routing and the ends of branches lead to where the fork leads.
                case .reroute, .branch: starts += forks(around: node)
                default: break
                }
            }
        }
        return graph.reach(starts)
    }

    private func forks(around node: Node) -> [Int] {
        guard case .branch(let fork, _) = node.block, nodes.indices.contains(fork.value) else { return [] }
        return [fork.value]
    }

    func problem(_ words: PublicWords, at place: Int, isOpen: Bool, _ outcome: Outcome? = nil) -> BilingualText? {
        let node = nodes[place]
        if words.asks("due"), !isOpen || !hasDue(node) { return Self.noDue }
        let knowsReason = withReason.contains(place) || outcome?.says(.reason) ?? false || isPartEnd(node, outcome)
        if words.asks("reason"), !knowsReason { return Self.unknown("reason") }
        if words.asks("missing"), !withPapers.contains(place), !(outcome?.says(.documents) ?? false) {
            return Self.unknown("missing")
        }
        if words.asks("parts"), !nodes.contains(where: \.isPart) { return Self.unknown("parts") }
        let isPromised = afterAcceptance.contains(place) || outcome?.accepts ?? false
        if words.asks("promised") || words.asks("first-promised"), !isPromised || !hasPromise {
            return Self.unknown("promised")
        }
        return nil
    }

    /// An end is told when the outcomes that lead to it are chosen.
    func problem(_ end: End) -> BilingualText? {
        if end.words.asks("due") { return Self.noDue }
        if end.words.asks("parts"), !nodes.contains(where: \.isPart) { return Self.unknown("parts") }
        guard let index = procedure.ends.firstIndex(of: end) else { return nil }
        for (place, node) in nodes.enumerated() {
            for outcome in node.outcomes where outcome.target == .end(EndIndex(index)) {
                let said = withReason.contains(place) || outcome.says(.reason) || node.isPart
                if end.words.asks("reason"), !said { return Self.unknown("reason") }
                if end.words.asks("missing"), !withPapers.contains(place), !outcome.says(.documents) {
                    return Self.unknown("missing")
                }
            }
        }
        return nil
    }

    private var hasPromise: Bool { procedure.deadline != nil || procedure.linkedStart != nil }

    private func isPartEnd(_ node: Node, _ outcome: Outcome?) -> Bool { outcome != nil && node.isPart }

    private func hasDue(_ node: Node) -> Bool {
        switch node.kind {
        case .applicant, .time: true
        case .fork: false
        case .person, .call, .link:
            switch node.clock {
            case .runs: node.within != nil || hasPromise
            case .reception: node.within != nil || procedure.reception != nil
            default: node.within != nil
            }
        }
    }

    private static func unknown(_ name: String) -> BilingualText {
        BilingualText(
            vi: "Khi câu này được báo thì chưa có gì để điền vào “{\(name)}”.",
            en: "Nothing is known to fill “{\(name)}” with when this sentence is told.")
    }
}

extension Node {
    /// Whether its parts are dossiers or branches of their own.
    fileprivate var isPart: Bool {
        switch kind {
        case .fork, .link: true
        case .person, .applicant, .call, .time: false
        }
    }
}

extension Outcome {
    fileprivate func says(_ kind: Need.Kind) -> Bool { needs.contains { $0.kind == kind } }
}

extension PublicWords {
    fileprivate func asks(_ name: String) -> Bool {
        text.vi.contains("{\(name)}") || text.en?.contains("{\(name)}") ?? false
    }
}
