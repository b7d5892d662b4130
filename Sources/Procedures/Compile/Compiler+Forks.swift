import Notices
import WorkingTime

extension Compiler {
    mutating func fork(_ plan: StepPlan) -> Node.Kind? {
        guard let parallel = plan.body["parallel"] else { return nil }
        var branches: [Fork.Branch] = []
        for entry in parallel["branches"]?.entries ?? [] {
            let name = plan.name + "/" + entry.key
            let isBlock = entry.value["steps"] != nil
            let first = isBlock ? entry.value["steps"]?.entries.first.map { name + "/" + $0.key } : name
            guard let start = first.flatMap({ index[$0] }) else {
                isBroken = true
                continue
            }
            if isBlock {
                for key in ["by", "call", "after", "no-limit", "procedure", "parallel", "outcomes", "on", "public"] {
                    guard let extra = entry.value.entry(key) else { continue }
                    log.error(
                        .v01, at: extra, "Nhánh có “steps” thì không có “\(key)”.",
                        "A branch with “steps” has no “\(key)”.")
                }
            }
            branches.append(
                Fork.Branch(
                    name: entry.key, title: localText(entry.value["title"]), start: NodeIndex(start),
                    when: condition(entry.value["when"]), results: []))
        }
        guard let join = join(parallel["join"], count: branches.count) else {
            isBroken = true
            return nil
        }
        return .fork(Fork(branches: branches, join: join, results: resultRows(parallel["results"])))
    }

    private mutating func join(_ draft: Draft?, count: Int) -> Fork.Join? {
        guard let draft, let text = draft.text else { return nil }
        if text == "all" { return .all }
        if text == "any" { return .any }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        if words.count == 3, words[1] == "of", let wanted = Int(words[0]), let of = Int(words[2]), of == count,
            (1...count).contains(wanted)
        {
            return .count(wanted)
        }
        log.error(
            .v07, at: draft, "Không hiểu cách nhập nhánh “\(text)”.", "The join “\(text)” does not read.",
            fix: BilingualText(
                vi: "Viết “all”, “any” hoặc “1 of \(count)”.", en: "Write “all”, “any”, or “1 of \(count)”."))
        return nil
    }

    /// Rows `OUTCOME: TEST`; the last is `otherwise` (V16).
    private mutating func resultRows(_ list: Draft?) -> [Fork.ResultRow] {
        var rows: [Fork.ResultRow] = []
        let items = list?.items ?? []
        for (position, item) in items.enumerated() {
            guard item.entries.count == 1, let entry = item.entries.first, let text = entry.value.text else {
                log.error(
                    .v07, at: item, "Mỗi dòng có một kết quả: “complete: all issued”.",
                    "Each row has one outcome: “complete: all issued”.")
                continue
            }
            let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let test: Fork.ResultRow.Test? =
                switch (words.first, words.count) {
                case ("otherwise", 1): .otherwise
                case ("all", 2): .all(words[1])
                case ("any", 2): .any(words[1])
                case ("none", 2): Fork.ResultRow.Test.none(words[1])
                default: nil
                }
            guard let test else {
                log.error(
                    .v07, at: entry.value, "Không hiểu “\(text)”.", "“\(text)” does not read.",
                    fix: BilingualText(
                        vi: "Viết “all issued”, “any issued”, “none issued” hoặc “otherwise”.",
                        en: "Write “all issued”, “any issued”, “none issued” or “otherwise”."))
                isBroken = true
                continue
            }
            let isLast = position == items.count - 1
            if isLast != (test == .otherwise) {
                log.error(
                    .v16, at: entry.value, "“otherwise” đứng ở dòng cuối, và chỉ ở đó.",
                    "“otherwise” stands in the last row, and only there.")
            }
            rows.append(Fork.ResultRow(outcome: entry.key, test: test))
        }
        return rows
    }

    /// The rows choose among the outcomes, and every outcome is chosen by a row.
    mutating func checkForkOutcomes(_ node: Node, _ fork: Fork, _ plan: StepPlan) {
        let results = plan.body["parallel"]?["results"]
        let written = (plan.body["outcomes"]?.entries ?? []).map(\.key)
        for (row, item) in zip(fork.results, results?.items ?? []) where !written.contains(row.outcome) {
            isBroken = true
            log.error(
                .v03, at: item, "Không có kết quả “\(row.outcome)”.", "There is no outcome “\(row.outcome)”.",
                fix: meant(row.outcome, among: written))
        }
        for entry in plan.body["outcomes"]?.entries ?? []
        where !fork.results.contains(where: { $0.outcome == entry.key }) {
            log.error(
                .v04, at: entry, "Không dòng nào chọn “\(entry.key)”.", "No row of “results” chooses “\(entry.key)”.")
        }
    }

    /// What each branch can end with is known once its steps are compiled; tests must name such a result (V03).
    mutating func fillBranchResults() {
        for place in nodes.indices {
            guard case .fork(var fork) = nodes[place].kind else { continue }
            for number in fork.branches.indices {
                let block = Node.Block.branch(fork: NodeIndex(place), branch: number)
                var results: [String] = []
                for node in nodes where node.block == block {
                    for case .branch(let result) in node.outcomes.map(\.target) where !results.contains(result) {
                        results.append(result)
                    }
                }
                fork.branches[number].results = results
            }
            nodes[place].kind = .fork(fork)
            guard !isBroken else { continue }
            let known = fork.branches.flatMap(\.results)
            let items = plans[place].body["parallel"]?["results"]?.items ?? []
            for (row, item) in zip(fork.results, items) {
                switch row.test {
                case .all(let name), .any(let name), .none(let name):
                    guard !known.contains(name) else { continue }
                    log.error(
                        .v03, at: item.entries.first?.value, "Không nhánh nào kết thúc bằng “\(name)”.",
                        "No branch ends with “\(name)”.", fix: meant(name, among: known))
                case .otherwise: break
                }
            }
        }
    }
}
