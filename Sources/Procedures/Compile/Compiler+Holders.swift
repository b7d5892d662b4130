import Notices
import WorkingTime

extension Compiler {
    /// V12: somebody must hold the role wherever the step can be done, and somebody else than who did the step that it
    /// may not be done by.
    mutating func verifyHolders(_ procedure: Procedure) {
        guard !catalogue.directory.officers.isEmpty else { return }
        let holders = RoleHolders(catalogue.directory)
        var reported: Set<String> = []
        for (place, node) in nodes.enumerated() {
            guard case .person(let role, let rule, let notBy) = node.kind, let kind = kind(of: rule) else { continue }
            let isStep = plans.indices.contains(place)
            let by = isStep ? plans[place].body["by"] : besides[place] ?? self.place(of: place)?["by"]
            let agencies = catalogue.directory.agencies.values.filter { $0.kind == kind }
            let empty = agencies.filter { holders.officers(role, at: $0.code).isEmpty }
            if !empty.isEmpty, reported.insert(role + "/" + kind).inserted {
                let names = Self.names(empty)
                log.warn(
                    .v12, at: by, "Chưa ai giữ vai trò “\(role)” tại \(empty.count) cơ quan: \(names).",
                    "Nobody holds the role “\(role)” at \(empty.count) agencies: \(names).")
            }
            for other in notBy where isStep {
                verifyOtherHolder(role, kind, than: other, agencies, holders, at: plans[place].body["not-by"])
            }
        }
    }

    /// Four eyes need two officers: where the only one who may do the step is also the only one who may do the other, every
    /// dossier is stuck.
    private mutating func verifyOtherHolder(
        _ role: String, _ kind: String, than other: NodeIndex, _ agencies: [AgencyDirectory.Agency],
        _ holders: RoleHolders, at place: Draft?
    ) {
        guard nodes.indices.contains(other.value),
            case .person(let otherRole, let otherRule, _) = nodes[other.value].kind, self.kind(of: otherRule) == kind
        else { return }
        let stuck = agencies.filter { agency in
            let able = holders.officers(role, at: agency.code)
            return able.count == 1 && able == holders.officers(otherRole, at: agency.code)
        }
        guard !stuck.isEmpty else { return }
        let (names, step) = (Self.names(stuck), nodes[other.value].name)
        log.warn(
            .v12, at: place,
            "Tại \(stuck.count) cơ quan, người duy nhất giữ vai trò “\(role)” cũng là người duy nhất làm bước “\(step)”, nên không ai "
                + "làm được bước này: \(names).",
            "At \(stuck.count) agencies the only holder of the role “\(role)” is also the only one who does the step “\(step)”, so "
                + "that nobody can do this one: \(names).")
    }

    /// The kind of agency at which a step is done; nil where the link says it.
    private func kind(of rule: AgencyRule) -> String? {
        switch rule {
        case .centre: "centre"
        case .agency: nil
        case .kind(let kind, _): kind
        }
    }

    private static func names(_ agencies: [AgencyDirectory.Agency]) -> String {
        agencies.map(\.name.vi).sorted().prefix(3).joined(separator: ", ") + (agencies.count > 3 ? ", …" : "")
    }
}

/// Who holds which role where.
private struct RoleHolders {
    private var holders: [String: Set<String>] = [:]

    init(_ directory: AgencyDirectory) {
        for officer in directory.officers.values {
            for role in officer.roles { holders[role + "/" + officer.agency, default: []].insert(officer.id) }
        }
    }

    func officers(_ role: String, at agency: String) -> Set<String> { holders[role + "/" + agency] ?? [] }
}
