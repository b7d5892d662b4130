package import Notices
import WorkingTime

extension Procedure {
    /// The procedure in lines of text: its head, then every step with who does it, its limit and where it leads.
    package func describe(in language: Language) -> [String] {
        var lines = ["\(title.text(in: language)) (\(code ?? name), \(legalBasis))"]
        for limit in deadline?.limits ?? [] {
            let wording = language == .vi ? limit.within.wording.vi : limit.within.wording.en
            lines.append("  \(wording)" + (limit.when.map { " ⟵ \($0.source)" } ?? ""))
        }
        for (place, node) in nodes.enumerated() {
            var line = "\(place + 1). \(node.name): \(node.title.text(in: language)) [\(performer(of: node))]"
            if let within = node.within {
                line += language == .vi ? ", \(within.wording.vi)" : ", \(within.wording.en)"
            }
            lines.append(line)
            for outcome in node.ways {
                let when = outcome.when.map { " ⟵ \($0.source)" } ?? ""
                lines.append("   \(outcome.name) → \(name(of: outcome.target))\(when)")
            }
        }
        return lines
    }

    /// The public milestones in order, each with the steps and ends that light it.
    package var milestoneSteps: [(milestone: Milestone, steps: [String])] {
        milestones.map { milestone in
            let steps = nodes.filter { $0.words?.milestone == milestone.key }.map(\.name)
            let last = ends.filter { $0.words.milestone == milestone.key }.map(\.name)
            return (milestone, steps + last)
        }
    }

    private func performer(of node: Node) -> String {
        switch node.kind {
        case .person(let role, let at, _): "\(role) at \(at)"
        case .applicant(let ask): "\(ask.who), \(ask.within)"
        case .call(let call): "\(call.connector).\(call.operation)"
        case .time: "time"
        case .fork(let fork): fork.branches.map(\.name).joined(separator: " ∥ ")
        case .link(let link): "\(link.procedure) at \(link.at)"
        }
    }

    private func name(of target: Outcome.Target) -> String {
        switch target {
        case .node(let index): self[index].name
        case .branch(let result): "(\(result))"
        case .end(let index): "■ \(self[index].name)"
        case .reroute: "↺"
        case .resume: "↩"
        case .stop: "■"
        case .done: "✓"
        }
    }
}

extension AgencyRule: CustomStringConvertible {
    /// As files write it: `civil-status of form.registration.commune`.
    package var description: String {
        switch self {
        case .centre: "centre"
        case .agency: "agency"
        case .kind(let kind, let field): "\(kind) of \(field)"
        }
    }
}
