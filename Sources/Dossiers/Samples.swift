import Notices
import Procedures
import WorkingTime

/// What an example leaves open, filled in the same way every time.
struct Samples {
    let procedure: Procedure
    let versions: ProcedureVersions
    let directory: AgencyDirectory
    let day: CivilDate

    /// The receiving centre: the first that exists and serves the sampled area, else the first.
    var centre: String {
        let centres = directory.agencies.values.filter { $0.kind == "centre" && $0.exists(on: day) }
            .sorted { $0.code < $1.code }
        let areas = Set(facts(given: [:]).values)
        let serving = centres.first { centre in centre.serves.contains { areas.contains(.text($0)) } }
        return (serving ?? centres.first)?.code ?? ""
    }

    /// The declared facts, those of the example first.
    func facts(given form: [String: FactValue]) -> [String: FactValue] {
        var facts: [String: FactValue] = [:]
        for fact in procedure.facts {
            guard case .form(let field) = fact.source else { continue }
            facts[fact.name] = form[field] ?? form[fact.name] ?? sample(fact, field)
        }
        return facts
    }

    private func sample(_ fact: Fact, _ field: String) -> FactValue {
        switch fact.type {
        case .yesNo: .yesNo(true)
        case .text: .text("sample")
        case .number: .number(number(of: field))
        case .date: .date(day)
        case .choice(let choices): .text(choices.first ?? "")
        case .area: .text(area(for: fact.name))
        }
    }

    private func number(of field: String) -> Int64 {
        if case .number(let least, _)? = procedure.form.first(where: { $0.name == field })?.type { least } else { 0 }
    }

    /// The first area that every agency kind reached through this fact serves, here and in what is linked.
    private func area(for fact: String) -> String {
        let kinds = kinds(of: fact, in: procedure, depth: 0)
        let codes = directory.areas.keys.sorted()
        return codes.first { code in
            kinds.allSatisfy { directory.agency($0, serving: code, on: day) != nil }
        } ?? codes.first ?? ""
    }

    private func kinds(of fact: String, in procedure: Procedure, depth: Int) -> Set<String> {
        var kinds: Set<String> = []
        for node in procedure.nodes {
            switch node.kind {
            case .person(_, .kind(let kind, let field), _) where field == fact || "form." + field == fact:
                kinds.insert(kind)
            case .link(let link):
                if case .kind(let kind, let field) = link.at, field == fact || "form." + field == fact {
                    kinds.insert(kind)
                }
                // Links cannot form a circle in checked files; the depth holds for unchecked ones.
                if depth < 8, let linked = versions.find(name: link.procedure, on: day) {
                    kinds.formUnion(self.kinds(of: fact, in: linked, depth: depth + 1))
                }
            default: break
            }
        }
        return kinds
    }

    /// An officer who may do a task: of the directory where one holds the role, else a made-up one.
    static func officer(
        _ role: String, at agency: String, barred: [String], in directory: AgencyDirectory
    ) -> String {
        let holders = directory.officers.values.filter { $0.agency == agency && $0.roles.contains(role) }.map(\.id)
        let sample = ["sample-\(role)", "sample-\(role)-2"]
        return (holders.sorted() + sample).first { !barred.contains($0) } ?? "sample-\(role)-3"
    }

    /// What an outcome needs: the first reason, the first document, sealed samples.
    static func said(
        _ outcome: Outcome, at step: State.Running?, in world: World, on day: CivilDate
    ) -> [String: Said] {
        var said: [String: Said] = [:]
        for need in outcome.needs where need.required {
            switch need.kind {
            case .reason: said[need.name] = world.procedure.reasons.first.map { .reason(code: $0.code, note: nil) }
            case .documents: said[need.name] = world.procedure.documents.first.map { .documents([$0.name]) }
            case .date: said[need.name] = .date(day)
            case .instant: said[need.name] = .instant(Instant(date: day, time: .midnight))
            case .yesNo: said[need.name] = .yesNo(true)
            case .sealed:
                said[need.name] = .sealed(
                    SealedReference(section: "sample", commitment: [UInt8](repeating: 0, count: 32)))
            }
        }
        guard outcome.target == .reroute, let current = step?.agency else { return said }
        let kind = world.directory.agencies[current]?.kind
        let others = world.directory.agencies.values.filter { $0.kind == kind && $0.code != current }
        said["agency"] = others.map(\.code).min().map { .agency($0) }
        return said
    }
}
