import Notices
package import WorkingTime

extension Compiler {
    /// V14: the national statuses come in a lawful order on every path.
    mutating func verifyStatuses(_ procedure: Procedure, _ graph: StepGraph) {
        var accepting: [Int] = []
        for outcome in nodes.flatMap(\.outcomes) where outcome.accepts {
            if case .node(let target) = outcome.target { accepting.append(target.value) }
        }
        accepting += procedure.interruptions.compactMap { $0.target?.value }
        let linked = procedure.linkedStart.map { [$0.value] } ?? []
        let after = graph.reach(accepting + linked)
        let before = graph.reach([procedure.start.value]) { !$0.accepts }
        for (place, node) in nodes.enumerated() where node.block != .withdrawal && node.block != .beside {
            if let status = node.words?.status { check(status, at: place, after: after, before: before, procedure) }
            for outcome in node.outcomes { check(outcome, of: place, isAfter: after.contains(place)) }
            checkAskClock(node, at: place, isAfter: after.contains(place))
        }
        if procedure.code != nil, !nodes.contains(where: { $0.outcomes.contains { $0.accepts } }) {
            log.error(
                .v09, at: draft["steps"], "Không kết quả nào tiếp nhận hồ sơ (“accepts: true”).",
                "No outcome accepts the dossier (“accepts: true”), so that the legal clock never starts.")
        }
    }

    private mutating func check(
        _ status: NationalStatus, at place: Int, after: Set<Int>, before: Set<Int>, _ procedure: Procedure
    ) {
        let draft = self.place(of: place)?["public"]?["status"]
        switch status {
        case .notAccepted, .withdrawn, .returned:
            log.error(
                .v14, at: draft, "Mã \(status.rawValue) là kết thúc, không thể là mã của một bước.",
                "Status \(status.rawValue) is final; a step cannot have it.")
        case .submitted where after.contains(place):
            log.error(
                .v14, at: draft, "Mã 1 đứng sau khi hồ sơ đã được tiếp nhận.", "Status 1 comes after the acceptance.")
        case .accepted, .processing, .decided:
            guard procedure.code != nil, before.contains(place), !after.contains(place) else { return }
            log.error(
                .v14, at: draft, "Mã \(status.rawValue) đứng trước khi tiếp nhận.",
                "Status \(status.rawValue) comes before the acceptance.")
        default: break
        }
    }

    private mutating func check(_ outcome: Outcome, of place: Int, isAfter: Bool) {
        guard case .end(let index) = outcome.target, ends.indices.contains(index.value) else { return }
        let end = ends[index.value]
        let draft = self.place(of: place)?["outcomes"]?[outcome.name]?["end"] ?? self.place(of: place)
        if isAfter || outcome.accepts, end.statuses.contains(.notAccepted) {
            log.error(
                .v14, at: draft, "Mã 3 (không tiếp nhận) đứng sau mã 2 (đã tiếp nhận).",
                "Status 3 (not accepted) comes after status 2 (accepted).")
        }
        guard end.statuses.contains(.returned), !end.statuses.contains(.decided) else { return }
        // A step without words of its own keeps what stood before it, which is not known here.
        guard let status = nodes[place].words?.status, status != .decided else { return }
        log.error(
            .v14, at: draft, "Mã 10 (đã trả) không đứng sau mã 9 (đã xử lý xong).",
            "Status 10 (returned) does not come after status 9 (decided).",
            fix: BilingualText(vi: "Ghi “status: [9, 10]” ở kết thúc.", en: "Give the end “status: [9, 10]”."))
    }

    /// V15: before the acceptance only the reception clock can be held, after it only the legal clock.
    private mutating func checkAskClock(_ node: Node, at place: Int, isAfter: Bool) {
        guard case .applicant = node.kind else { return }
        let draft = plans[place].body["clock"]
        let isReception = node.clock == .reception || node.clock == .receptionHeld
        if isAfter == isReception {
            log.error(
                .v15, at: draft, "Đồng hồ “\(node.clock.rawValue)” không chạy vào lúc này.",
                "The clock “\(node.clock.rawValue)” is not the one that runs at this point.",
                fix: isAfter
                    ? BilingualText(
                        vi: "Chọn “restart”, “paused” hoặc “runs”.", en: "Take “restart”, “paused” or “runs”.")
                    : BilingualText(vi: "Chọn “reception-held”.", en: "Take “reception-held”."))
        }
        if let most = plans[place].body["at-most"]?.whole, most > 1 {
            log.warn(
                .v15, at: plans[place].body["at-most"], "Yêu cầu bổ sung quá một lần bị tính vào chỉ số 766.",
                "More than one request counts against the agency (QĐ 766).")
        }
    }

    /// V08: a wait ends by itself or falls to a person.
    mutating func verifyWaits(_ procedure: Procedure) {
        for (place, node) in nodes.enumerated() {
            switch node.kind {
            case .person:
                if node.within == nil, [.paused, .restart, .held].contains(node.clock) {
                    conflict(
                        .v08, at: self.place(of: place), "Đồng hồ dừng ở “\(node.name)” mà bước này không có hạn.",
                        "The clock stands at “\(node.name)”, and the step has no limit of its own.",
                        fix: BilingualText(vi: "Thêm “within:”.", en: "Add “within:”."))
                }
                if node.clock == .reception, node.within == nil, procedure.reception == nil {
                    conflict(
                        .v09, at: self.place(of: place), "Chưa khai thời hạn tiếp nhận (“reception”).",
                        "The reception clock is not declared (“reception: {within: …}”).")
                }
            case .time where node.within == nil:
                log.error(.v08, at: self.place(of: place), "Bước chờ không có hạn.", "The step waits without limit.")
            default: break
            }
        }
        let accepts = nodes.contains { $0.outcomes.contains { $0.accepts } }
        if accepts, procedure.deadline == nil {
            conflict(
                .v09, at: draft["steps"], "Hồ sơ được tiếp nhận nhưng không có thời hạn giải quyết.",
                "Dossiers are accepted, but there is no “deadline”.")
        }
    }

    /// An error, unless the file says that the law itself has it so.
    private mutating func conflict(
        _ rule: Rule, at draft: Draft?, _ vi: String, _ en: String, fix: BilingualText? = nil
    ) {
        let accepted = (self.draft["accept-conflict"]?.items ?? []).contains { $0.text("rule") == rule.rawValue }
        if !accepted { log.error(rule, at: draft, vi, en, fix: fix) }
    }

    /// V09: the limits of the steps after the clock's start, along the longest way, do not exceed the whole.
    mutating func verifySum(_ procedure: Procedure) {
        guard let deadline = procedure.deadline else { return }
        var starts: [Int] = []
        for outcome in nodes.flatMap(\.outcomes) where outcome.accepts {
            if case .node(let target) = outcome.target { starts.append(target.value) }
        }
        if let linked = procedure.linkedStart { starts.append(linked.value) }
        var sum = LimitSum(compiler: self, groups: procedure.groups)
        var longest = starts.map { sum.from($0) }.max() ?? 0
        if deadline.countsFrom == .receiptSlip, let reception = procedure.reception {
            longest += LimitSum.minutes(reception)
        }
        let allowed = deadline.limits.map { LimitSum.minutes($0.within) }.max() ?? 0
        guard longest > allowed else { return }
        conflict(
            .v09, at: draft["deadline"]?["limits"],
            "Các bước cộng lại \(LimitSum.days(longest)) ngày làm việc, luật cho \(LimitSum.days(allowed)).",
            "The steps add up to \(LimitSum.days(longest)) working days; the law gives \(LimitSum.days(allowed)).",
            fix: BilingualText(
                vi: "Giảm thời hạn các bước, hoặc khai “accept-conflict” với căn cứ.",
                en: "Shorten the steps, or say “accept-conflict” with its basis."))
    }
}

extension Procedure {
    /// Whether some limit of the whole is longer than this.
    package func isShortened(by limit: TimeLimit) -> Bool {
        (deadline?.limits ?? []).contains { LimitSum.minutes($0.within) > LimitSum.minutes(limit) }
    }
}

/// Adds the limits along the longest way; a step that leads back is passed once (clock.md, rule 12).
struct LimitSum {
    private let nodes: [Node]
    private let links: [String: Int]
    private let groups: [StepGroup]
    private var known: [Int: Int] = [:]
    private var open: Set<Int> = []

    init(compiler: Compiler, groups: [StepGroup]) {
        nodes = compiler.nodes
        self.groups = groups
        var links: [String: Int] = [:]
        for case .link(let link) in compiler.nodes.map(\.kind) {
            let versions = compiler.linkable(link.procedure)
            links[link.procedure] =
                versions.flatMap { $0.deadline?.limits ?? [] }.map { Self.minutes($0.within) }.max() ?? 0
        }
        self.links = links
    }

    /// In minutes of office time; a calendar day is counted as five sevenths of a working day of eight hours.
    static func minutes(_ limit: TimeLimit) -> Int {
        switch limit {
        case .sameWorkingDay: 0
        case .workingDays(let count): count * 480
        case .workingMinutes(let count): count
        case .calendarDays(let count): count * 480 * 5 / 7
        }
    }

    /// In working days, rounded up to a quarter.
    static func days(_ minutes: Int) -> String {
        let quarters = (minutes + 119) / 120
        let rest = ["", ".25", ".5", ".75"][quarters % 4]
        return "\(quarters / 4)\(rest)"
    }

    mutating func from(_ place: Int) -> Int { group(of: place) + walk(place) }

    private mutating func walk(_ place: Int) -> Int {
        if let sum = known[place] { return sum }
        guard open.insert(place).inserted else { return 0 }
        defer { open.remove(place) }
        let node = nodes[place]
        var longest = 0
        for outcome in node.ways {
            guard case .node(let target) = outcome.target else { continue }
            longest = max(longest, entering(target.value, from: place) + walk(target.value))
        }
        if case .call(let call) = node.kind {
            longest = max(longest, entering(call.downTo.value, from: place) + walk(call.downTo.value))
        }
        var sum = longest + own(node, at: place)
        if case .fork(let fork) = node.kind {
            sum += fork.branches.map { branch in walk(branch.start.value) }.max() ?? 0
        }
        known[place] = sum
        return sum
    }

    private func own(_ node: Node, at place: Int) -> Int {
        guard node.clock == .runs, groupIndex(of: place) == nil else { return 0 }
        if case .link(let link) = node.kind {
            if link.limits.isEmpty { return links[link.procedure] ?? 0 }
            return link.limits.map { Self.minutes($0.within) }.max() ?? 0
        }
        return node.within.map(Self.minutes) ?? 0
    }

    private func groupIndex(of place: Int) -> Int? {
        groups.firstIndex { $0.steps.contains(NodeIndex(place)) }
    }

    private func group(of place: Int) -> Int {
        groupIndex(of: place).map { Self.minutes(groups[$0].within) } ?? 0
    }

    private func entering(_ place: Int, from previous: Int) -> Int {
        let group = groupIndex(of: place)
        return group == groupIndex(of: previous) ? 0 : self.group(of: place)
    }
}
