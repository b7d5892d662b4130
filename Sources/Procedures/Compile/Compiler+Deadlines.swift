import Notices
import WorkingTime

extension Compiler {
    mutating func compileDeadline(_ draft: Draft) -> Deadline? {
        let limits = limitRows(draft["limits"], in: scope, notesReads: true)
        let counting = draft.text("counting").flatMap(CountingMode.init(rawValue:)) ?? .nextDay
        for (row, limit) in zip(draft["limits"]?.items ?? [], limits) where !counting.suits(limit.within) {
            log.error(
                .v09, at: row["within"], "Cách đếm “\(counting.rawValue)” không hợp với “\(limit.within)”.",
                "The counting “\(counting.rawValue)” has no meaning for “\(limit.within)”.")
        }
        guard !limits.isEmpty else { return nil }
        let countsFrom = draft.text("counts-from").flatMap(Deadline.Start.init(rawValue:)) ?? .acceptance
        if countsFrom == .receiptSlip, self.draft["reception"] == nil {
            log.error(
                .v09, at: draft["counts-from"], "Đếm từ lúc nhận đủ giấy tờ thì phải khai “reception”.",
                "To count from the receipt of the papers, “reception” must be declared.")
        }
        let cutOff = draft["cut-off"]
        return Deadline(
            limits: limits, counting: counting,
            cutOff: cutOff?.text("at").flatMap { TimeOfDay($0) }.map { CutOff(at: $0) },
            cutOffOf: cutOff?.text("of").flatMap(Deadline.CutOffInstant.init(rawValue:)) ?? .acceptance,
            cutOffChannels: (cutOff?["channels"]?.items ?? []).compactMap(\.text), countsFrom: countsFrom,
            legalBasis: draft.text("legal-basis"))
    }

    /// Rows that are tried in order (V16): the last has no condition, and no other is without.
    mutating func limitRows(_ list: Draft?, in scope: ConditionScope, notesReads: Bool) -> [Deadline.Limit] {
        guard let list else { return [] }
        var rows: [Deadline.Limit] = []
        let items = list.items
        for (position, item) in items.enumerated() {
            let isLast = position == items.count - 1
            if isLast, let when = item["when"] {
                log.error(
                    .v16, at: when, "Dòng cuối có điều kiện: có trường hợp không có thời hạn nào.",
                    "The last row has a condition, so that some case has no limit.",
                    fix: BilingualText(vi: "Thêm một dòng không điều kiện.", en: "Add a row without a condition."))
            }
            if !isLast, item["when"] == nil {
                log.error(
                    .v16, at: item, "Dòng này luôn đúng nên các dòng sau không bao giờ được dùng.",
                    "This row always holds, so that the rows after it are never tried.")
            }
            guard let within = limit(item["within"]) else { continue }
            rows.append(
                Deadline.Limit(
                    within: within, when: condition(item["when"], in: scope, notesReads: notesReads)))
        }
        return rows
    }

    mutating func compileLate() -> LateRule {
        let late = draft["late"]
        return LateRule(
            warnAhead: limit(late?["warn"]?["ahead"]),
            reappointments: Int(clamping: late?["re-appoint"]?["at-most"]?.whole ?? 1),
            warnStep: besideStep(
                "late.warn", LocalText(vi: "Sắp đến ngày hẹn trả kết quả", en: "The promised date is near"),
                late?["warn"]?["who"]),
            breachStep: besideStep(
                "late.breach", LocalText(vi: "Đã quá ngày hẹn trả kết quả", en: "The promised date has passed"),
                late?["breach"]?["tell"]))
    }

    /// Steps of which somebody is told at once; only now, so that their tasks stand behind all that have a place of their own.
    mutating func compileTells() {
        for (place, plan) in plans.enumerated() where nodes.indices.contains(place) {
            guard case .step = plan.source, let who = plan.body["tell"] else { continue }
            let title = nodes[place].title
            nodes[place].tells = besideStep(
                plan.name + ".tell",
                LocalText(vi: "Để biết: \(title.vi)", en: title.en.map { "For your notice: \($0)" }), who)
        }
    }

    /// A task beside the rest, by which an officer is told and says so; nil where the file names nobody.
    private mutating func besideStep(_ name: String, _ title: LocalText, _ who: Draft?) -> NodeIndex? {
        guard let who, let performer = performer(who) else { return nil }
        if index[name] != nil {
            isBroken = true
            log.error(.v18, at: who, "Tên “\(name)” đã có nghĩa riêng.", "The name “\(name)” has a meaning of its own.")
        }
        index[name] = nodes.count
        besides[nodes.count] = who
        nodes.append(
            Node(
                name: name, title: title, kind: .person(role: performer.role, at: performer.at, notBy: []),
                block: .beside, clock: .none,
                outcomes: [Outcome(name: "seen", title: LocalText(vi: "Đã biết", en: "Seen"), target: .done)]))
        return NodeIndex(nodes.count - 1)
    }

    mutating func compileEnds() {
        for entry in draft["ends"]?.entries ?? [] {
            let status = entry.value["status"]
            let drafts = status.map { $0.items.isEmpty ? [$0] : $0.items } ?? []
            let statuses = drafts.compactMap { $0.whole.flatMap { NationalStatus(rawValue: Int(clamping: $0)) } }
            guard let last = statuses.last,
                let result = entry.value.text("result").flatMap(End.Result.init(rawValue:))
            else {
                isBroken = true
                continue
            }
            for (left, right) in zip(statuses, statuses.dropFirst()) where right <= left {
                log.error(
                    .v14, at: status, "Mã \(right.rawValue) không thể đứng sau mã \(left.rawValue).",
                    "Status \(right.rawValue) cannot come after status \(left.rawValue).")
            }
            checkResult(result, last, at: status)
            ends.append(
                End(
                    name: entry.key, result: result, statuses: statuses, words: words(entry.value, status: last),
                    legalBasis: entry.value.text("legal-basis")))
        }
    }

    /// V14: an end's status must be one in which a dossier can rest, and fit what the end means.
    private mutating func checkResult(_ result: End.Result, _ last: NationalStatus, at draft: Draft?) {
        let lawful: [NationalStatus] =
            switch result {
            case .issued, .partial: [.decided, .returned]
            case .refused: [.decided, .returned]
            case .notAccepted: [.notAccepted]
            case .withdrawn: [.withdrawn]
            case .stopped: [.stopped]
            }
        guard !lawful.contains(last) else { return }
        let list = lawful.map { String($0.rawValue) }.joined(separator: ", ")
        log.error(
            .v14, at: draft, "Kết thúc “\(result.rawValue)” phải dừng ở mã \(list).",
            "An end with the result “\(result.rawValue)” must rest at status \(list).")
    }

    mutating func compileGroups() -> [StepGroup] {
        (draft["groups"]?.items ?? []).compactMap { row in
            let steps = (row["steps"]?.items ?? []).compactMap { stepIndex($0, prefix: "") }
            guard let within = limit(row["within"]) else { return nil }
            return StepGroup(steps: steps.map(NodeIndex.init), within: within)
        }
    }

    /// V02: exactly one start, and it opens the main sequence.
    mutating func compileStart() -> Int? {
        if let start = draft["start"] {
            guard let place = stepIndex(start, prefix: "") else { return nil }
            if nodes.indices.contains(place), nodes[place].block != .root {
                log.error(
                    .v02, at: start, "Bước bắt đầu phải nằm trong dãy chính.",
                    "The start must be a step of the main sequence.")
            }
            return place
        }
        return plans.isEmpty ? nil : 0
    }

    mutating func compileWithdrawal() -> Withdrawal? {
        guard let draft = draft["on"]?["withdrawal"] else { return nil }
        let end = endIndex(draft["end"])
        let partial = endIndex(draft["partial-end"])
        guard let confirm = draft["confirm"], let performer = performer(confirm["by"]),
            let words = words(draft["words"])
        else {
            isBroken = true
            return nil
        }
        if index["withdrawal.confirm"] != nil {
            isBroken = true
            log.error(
                .v18, at: draft, "Tên “withdrawal.confirm” dành cho bước xác nhận rút.",
                "The name “withdrawal.confirm” belongs to the step that confirms the withdrawal.")
        }
        let reason = Need(name: "reason", title: LocalText(vi: "Lý do", en: "Reason"), kind: .reason)
        index["withdrawal.confirm"] = nodes.count
        nodes.append(
            Node(
                name: "withdrawal.confirm", title: localText(confirm["title"]),
                kind: .person(role: performer.role, at: performer.at, notBy: []), block: .withdrawal, words: words,
                within: limit(confirm["within"]), clock: .held,
                outcomes: [
                    Outcome(name: "confirm", title: LocalText(vi: "Xác nhận rút", en: "Confirm"), target: .stop),
                    Outcome(
                        name: "reject", title: LocalText(vi: "Không cho rút", en: "Reject"), target: .resume,
                        needs: [reason]),
                ], legalBasis: confirm.text("legal-basis")))
        if reasons.isEmpty {
            log.error(
                .v11, at: draft["confirm"], "Bước này cần danh mục “reasons”.",
                "This step needs the catalogue “reasons”.")
        }
        guard let end, let partial else { return nil }
        return Withdrawal(
            confirm: NodeIndex(nodes.count - 1), end: EndIndex(end), partialEnd: EndIndex(partial), words: words)
    }

    /// The position of the end that is named here; an error where there is none.
    mutating func endIndex(_ draft: Draft?) -> Int? {
        guard let draft, let name = draft.text else { return nil }
        if let place = ends.firstIndex(where: { $0.name == name }) { return place }
        // An end that was refused itself is not reported a second time.
        guard self.draft["ends"]?[name] == nil else { return nil }
        isBroken = true
        log.error(
            .v03, at: draft, "Không có kết thúc “\(name)”.", "There is no end “\(name)”.",
            fix: meant(name, among: ends.map(\.name)))
        return nil
    }
}
