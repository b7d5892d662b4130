import Notices
import WorkingTime

extension Compiler {
    /// Examples with every name resolved; their outcome is for the core to show (V23).
    mutating func compileExamples(_ procedure: Procedure) -> [Example] {
        (draft["examples"]?.items ?? []).compactMap { draft in
            guard let given = draft["given"], let submitted = instant(given["submitted"]) else { return nil }
            if !effective.covers(submitted.date) {
                log.error(
                    .v23, at: given["submitted"], "Ngày nộp nằm ngoài thời gian hiệu lực.",
                    "The version is not in force on the day of submission.")
            }
            var form: [String: FactValue] = [:]
            for entry in given["form"]?.entries ?? [] {
                if let value = exampleField(entry) { form[entry.key] = value }
            }
            var actions: [Example.Action] = []
            var last = submitted
            for row in draft["when"]?.items ?? [] {
                guard let action = action(row, procedure, on: submitted.date) else { continue }
                if action.at < last {
                    log.error(
                        .v23, at: row["at"], "Việc này xảy ra trước việc đứng trên.",
                        "It happens before the row above it.")
                }
                last = action.at
                actions.append(action)
            }
            var expectations =
                draft["then"].map { self.expectations($0, path: "", procedure, on: submitted.date) } ?? []
            if draft["then"]?["refused"]?.yesNo == true { expectations.append(.refused) }
            return Example(
                name: draft.text("name") ?? "", submitted: submitted, channel: given.text("channel"), form: form,
                actions: actions,
                expectations: expectations)
        }
    }

    private func instant(_ draft: Draft?) -> Instant? { draft?.text.flatMap { Instant(iso8601: $0) } }

    private mutating func exampleField(_ entry: Draft.Entry) -> FactValue? {
        guard let field = fields.first(where: { $0.name == entry.key }) else {
            log.error(
                .v23, at: entry, "Không có trường “\(entry.key)”.", "There is no field “\(entry.key)”.",
                fix: meant(entry.key, among: fields.map(\.name)))
            return nil
        }
        if field.personal {
            log.error(
                .v22, at: entry, "Trường cá nhân không đứng trong ví dụ.",
                "A personal field has no place in an example.")
            return nil
        }
        guard let type = field.type.factType else {
            log.error(
                .v23, at: entry, "Trường này không có một giá trị duy nhất.", "This field does not hold a single value."
            )
            return nil
        }
        return factValue(entry.value, type, rule: .v23)
    }

    private mutating func action(_ row: Draft, _ procedure: Procedure, on day: CivilDate) -> Example.Action? {
        guard let at = instant(row["at"]) else { return nil }
        let acts = row.entries.filter { ["do", "answer", "tell", "withdraw", "reappoint", "wait"].contains($0.key) }
        guard acts.count == 1, let act = acts.first else {
            log.error(
                .v23, at: row, "Mỗi dòng có một việc: do, answer, tell, withdraw, reappoint, wait.",
                "Each row has one act: do, answer, tell, withdraw, reappoint, wait.")
            return nil
        }
        for (key, of) in [("outcome", "do"), ("to", "reappoint")] where (row[key] != nil) != (act.key == of) {
            log.error(
                .v23, at: row[key] ?? row, "“\(key)” đi cùng “\(of)”.", "“\(key)” goes together with “\(of)”.")
            return nil
        }
        guard let text = act.value.text else { return nil }
        switch act.key {
        case "withdraw": return Example.Action(at: at, act: .withdraw)
        case "wait": return Example.Action(at: at, act: .wait)
        case "reappoint":
            let path = text == "whole" ? "" : text
            guard let to = instant(row["to"]), path.isEmpty || linked(act.value, procedure, on: day) != nil else {
                return nil
            }
            return Example.Action(at: at, act: .reappoint(path: path, to: to))
        case "tell": return tell(act.value, text, procedure, on: day).map { Example.Action(at: at, act: $0) }
        case "answer":
            guard let found = step(act.value, procedure, on: day) else { return nil }
            guard found.procedure[found.node].outcomes.contains(where: \.byApplicant) else {
                log.error(
                    .v23, at: act.value, "Bước này không chờ người dân.", "This step does not wait for the applicant.")
                return nil
            }
            return Example.Action(at: at, act: .answer(path: text))
        default:
            guard let found = step(act.value, procedure, on: day), let name = row["outcome"], let outcome = name.text
            else { return nil }
            let node = found.procedure[found.node]
            guard node.outcome(named: outcome) != nil else {
                log.error(
                    .v23, at: name, "Bước “\(text)” không có kết quả “\(outcome)”.",
                    "The step “\(text)” has no outcome “\(outcome)”.",
                    fix: meant(outcome, among: node.outcomes.map(\.name)))
                return nil
            }
            return Example.Action(at: at, act: .complete(path: text, outcome: outcome))
        }
    }

    /// `MESSAGE`, or `STEP/MESSAGE` for the dossier linked by that step.
    private mutating func tell(
        _ draft: Draft, _ text: String, _ procedure: Procedure, on day: CivilDate
    ) -> Example.Act? {
        var path = ""
        var name = text
        var hearer = procedure
        if let slash = text.lastIndex(of: "/") {
            path = String(text[..<slash])
            name = String(text[text.index(after: slash)...])
            let link = Draft(.scalar(path, quoted: true), path: draft.path, spot: draft.spot)
            guard let child = linked(link, procedure, on: day) else { return nil }
            hearer = child
        }
        guard !hearer.interruptions(byMessage: name).isEmpty else {
            log.error(
                .v23, at: draft, "Không bước nào chờ tin báo “\(name)”.", "Nothing waits for the message “\(name)”.")
            return nil
        }
        return .tell(path: path, message: name)
    }

    private mutating func expectations(
        _ draft: Draft, path: String, _ procedure: Procedure, on day: CivilDate
    ) -> [Example.Expectation] {
        var all: [Example.Expectation] = []
        for entry in draft.entries {
            switch entry.key {
            case "promised":
                all.append(.promised(path: path, instant(entry.value)))
            case "first-promised":
                all.append(.firstPromised(path: path, instant(entry.value)))
            case "due":
                for row in entry.value.entries {
                    let key = Draft(.scalar(row.key, quoted: true), path: row.value.path, spot: row.spot)
                    guard let at = instant(row.value), let found = step(key, procedure, on: day) else { continue }
                    let name = found.procedure[found.node].name
                    all.append(.due(path: join(path, found.path), step: name, at))
                }
            case "open":
                // Steps of linked dossiers count in their own dossier.
                var steps: [String: [String]] = ["": []]
                for item in entry.value.items {
                    guard let found = step(item, procedure, on: day) else { continue }
                    steps[found.path, default: []].append(found.procedure[found.node].name)
                }
                if steps.count > 1, steps[""]?.isEmpty == true { steps[""] = nil }
                for (inner, names) in steps.sorted(by: { $0.key < $1.key }) {
                    all.append(.open(path: join(path, inner), steps: names))
                }
            case "status":
                let status = entry.value.whole.flatMap { NationalStatus(rawValue: Int(clamping: $0)) }
                if let status { all.append(.status(path: path, status)) }
            case "ended":
                guard let name = entry.value.text else { continue }
                if !procedure.ends.contains(where: { $0.name == name }) {
                    log.error(
                        .v23, at: entry.value, "Không có kết thúc “\(name)”.", "There is no end “\(name)”.",
                        fix: meant(name, among: procedure.ends.map(\.name)))
                }
                all.append(.ended(path: path, end: name))
            case "late":
                if let late = entry.value.yesNo { all.append(.late(path: path, late)) }
            case "linked":
                for row in entry.value.entries {
                    let key = Draft(.scalar(row.key, quoted: true), path: row.value.path, spot: row.spot)
                    guard let child = linked(key, procedure, on: day) else { continue }
                    all += expectations(row.value, path: join(path, row.key), child, on: day)
                }
            default: break
            }
        }
        return all
    }

    private func join(_ left: String, _ right: String) -> String {
        left.isEmpty ? right : right.isEmpty ? left : left + "/" + right
    }

    /// The procedure linked by the step that a text names; an error where there is none.
    private mutating func linked(_ draft: Draft, _ procedure: Procedure, on day: CivilDate) -> Procedure? {
        guard let found = step(draft, procedure, on: day) else { return nil }
        guard case .link(let link) = found.procedure[found.node].kind,
            let child = catalogue.procedure(named: link.procedure, on: day)
        else {
            log.error(.v23, at: draft, "Bước này không liên thông.", "This step links no procedure.")
            return nil
        }
        return child
    }

    /// The step that a path names, here or in a linked dossier: the longest step that links is entered.
    private mutating func step(
        _ draft: Draft, _ procedure: Procedure, on day: CivilDate
    ) -> (path: String, procedure: Procedure, node: NodeIndex)? {
        guard let text = draft.text else { return nil }
        if let found = Self.find(text, in: procedure, catalogue, on: day) { return found }
        log.error(
            .v23, at: draft, "Không có bước “\(text)”.", "There is no step “\(text)”.",
            fix: meant(text, among: procedure.nodes.map(\.name)))
        return nil
    }

    private static func find(
        _ text: String, in procedure: Procedure, _ catalogue: Catalogue, on day: CivilDate
    ) -> (path: String, procedure: Procedure, node: NodeIndex)? {
        var procedure = procedure
        var rest = text
        var path = ""
        // Links form no cycle (the folder refuses one), and each turn shortens the rest.
        while true {
            if let node = procedure.node(named: rest) { return (path, procedure, node) }
            let links = procedure.nodes.filter { node in
                if case .link = node.kind { rest.hasPrefix(node.name + "/") } else { false }
            }
            guard let entered = links.max(by: { $0.name.utf8.count < $1.name.utf8.count }),
                case .link(let link) = entered.kind,
                let child = catalogue.procedure(named: link.procedure, on: day)
            else { return nil }
            rest = String(rest.dropFirst(entered.name.count + 1))
            path = path.isEmpty ? entered.name : path + "/" + entered.name
            procedure = child
        }
    }
}
