import Notices
import WorkingTime

extension Compiler {
    /// The versions of a linked procedure that are in force while this one is.
    func linkable(_ name: String) -> [Procedure] {
        catalogue.versions(of: name).filter(overlaps)
    }

    mutating func link(_ plan: StepPlan) -> Node.Kind? {
        let body = plan.body
        guard let draft = body["procedure"], let name = draft.text else { return nil }
        guard let at = body["at"], let text = at.text else {
            log.error(
                .v11, at: draft, "Chưa nói cơ quan nào giải quyết (“at”).",
                "“at” is missing: which agency is competent?")
            return nil
        }
        let rule = agencyRule(text, at: at)
        let children = linkable(name)
        guard let newest = children.last else {
            let names = Set(catalogue.procedures.map(\.name))
            log.error(
                .v03, at: draft,
                names.contains(name)
                    ? "“\(name)” không có phiên bản nào trong thời gian này." : "Không có thủ tục “\(name)”.",
                names.contains(name)
                    ? "“\(name)” has no version in force in this time." : "There is no procedure “\(name)”.",
                fix: meant(name, among: names.sorted().filter { $0 != name }))
            return nil
        }
        checkCoverage(children, draft)
        for child in children { checkContract(child, draft) }
        var childScope = ConditionScope(facts: Self.commonFacts(children))
        childScope.facts[Condition.channelFact] = .choice(Self.channels)
        let limits = limitRows(body["limits"], in: childScope, notesReads: false)
        if limits.isEmpty, newest.deadline == nil {
            log.error(
                .v08, at: draft, "“\(name)” không có thời hạn, và ở đây cũng không đặt.",
                "“\(name)” has no deadline of its own, and none is given here.")
        }
        checkWaits(plan, children)
        guard let rule else { return nil }
        return .link(
            Link(
                procedure: name, at: rule, limits: limits,
                countsFrom: body.text("counts-from").flatMap(Link.CountsFrom.init(rawValue:)) ?? .transfer,
                waits: body.text("waits").flatMap(Link.ParentEffect.init(rawValue:)) ?? .extend,
                copies: copies(plan, children)))
    }

    private static func commonFacts(_ children: [Procedure]) -> [String: FactType] {
        var common: [String: FactType] = [:]
        for fact in children.first?.facts ?? [] {
            let isCommon = children.allSatisfy { child in
                child.facts.contains { $0.name == fact.name && $0.type == fact.type }
            }
            if isCommon { common[fact.name] = fact.type }
        }
        return common
    }

    /// R17: on every day on which a dossier can be received, a version of the linked procedure is in force.
    private mutating func checkCoverage(_ children: [Procedure], _ draft: Draft) {
        var day = effective.from
        for child in children.sorted(by: { $0.effective.from < $1.effective.from }) {
            if child.effective.from > day { break }
            guard let until = child.effective.until else { return }
            if until >= day { day = until.adding(days: 1) }
        }
        if let until = effective.until, day > until { return }
        let name = children.first?.name ?? ""
        log.error(
            .v03, at: draft, "Ngày \(day.vietnamese) không có phiên bản nào của “\(name)”.",
            "On \(day) no version of “\(name)” is in force.")
    }

    /// R17: the linked procedure can be linked, and what it requires is in this form.
    private mutating func checkContract(_ child: Procedure, _ draft: Draft) {
        if child.linkedStart == nil {
            log.error(
                .v03, at: draft, "“\(child.name)” không khai “linked: {start: …}”.",
                "“\(child.name)” does not say “linked: {start: …}”, so that it cannot be linked.")
        }
        for field in child.form {
            guard let own = fields.first(where: { $0.name == field.name }) else {
                if field.required {
                    log.error(
                        .v19, at: draft, "“\(child.name)” cần trường “\(field.name)” mà biểu mẫu này không có.",
                        "“\(child.name)” requires the field “\(field.name)”, which this form does not have.")
                }
                continue
            }
            if !own.type.fits(field.type) {
                log.error(
                    .v19, at: draft, "Trường “\(field.name)” khác kiểu với “\(child.name)”.",
                    "The field “\(field.name)” is of another type in “\(child.name)”.")
            }
            if field.required, !own.required {
                log.error(
                    .v19, at: draft, "“\(child.name)” cần trường “\(field.name)”, ở đây không bắt buộc.",
                    "“\(child.name)” requires the field “\(field.name)”, which is not required here.")
            }
            if own.personal, !field.personal {
                log.error(
                    .v22, at: draft, "Trường “\(field.name)” là cá nhân ở đây nhưng không ở “\(child.name)”.",
                    "The field “\(field.name)” is personal here and not in “\(child.name)”.")
            }
        }
    }

    /// V15 (R18): where the linked dossier can wait, the file says what that does to this one.
    private mutating func checkWaits(_ plan: StepPlan, _ children: [Procedure]) {
        let canWait = children.contains { child in
            child.nodes.contains { node in
                switch node.clock {
                case .paused, .restart: true
                default: false
                }
            }
        }
        guard canWait, plan.body["waits"] == nil else { return }
        log.error(
            .v15, at: plan.body["procedure"], "Hồ sơ liên thông có thể chờ người dân; chưa nói ảnh hưởng (“waits”).",
            "The linked dossier can wait for the applicant; “waits” must say what that does here.",
            fix: BilingualText(vi: "Thêm “waits: extend”.", en: "Add “waits: extend”, “restart” or “own”."))
    }

    private mutating func copies(_ plan: StepPlan, _ children: [Procedure]) -> [String] {
        let common = Self.commonFacts(children)
        return (plan.body["copies"]?.items ?? []).compactMap { item in
            let name = "facts." + (item.text ?? "")
            guard let own = facts.first(where: { $0.name == name }), common[name] == own.type else {
                log.error(
                    .v03, at: item, "“\(name)” phải có ở cả hai thủ tục, cùng kiểu.",
                    "“\(name)” must be a fact of both procedures, of one type.")
                return nil
            }
            if own.source != .step(plan.name) {
                log.error(
                    .v03, at: item, "“\(name)” không do bước này xác định.", "“\(name)” is not set by this step.",
                    fix: BilingualText(
                        vi: "Ghi “set-by: \(plan.name)” ở dữ kiện.", en: "Say “set-by: \(plan.name)” at the fact."))
            }
            return name
        }
    }

    /// Outcomes are named after the linked procedure's ends; a branch that names none takes them all as results.
    mutating func finish(_ node: inout Node, _ link: Link, _ plan: StepPlan, isBranch: Bool) {
        let children = linkable(link.procedure)
        var names: [String] = []
        for end in children.flatMap(\.ends) where !names.contains(end.name) { names.append(end.name) }
        let written = plan.body["outcomes"]?.entries ?? []
        if isBranch, written.isEmpty {
            node.outcomes = names.map { name in
                let end = children.lazy.flatMap(\.ends).first { $0.name == name }
                return Outcome(name: name, title: Self.title(of: end?.result), target: .branch(result: name))
            }
            return
        }
        for entry in written where entry.key != "otherwise" && !names.contains(entry.key) {
            log.error(
                .v03, at: entry, "“\(link.procedure)” không có kết thúc “\(entry.key)”.",
                "“\(link.procedure)” has no end “\(entry.key)”.", fix: meant(entry.key, among: names))
        }
        guard !written.contains(where: { $0.key == "otherwise" }) else { return }
        let left = names.filter { name in !written.contains { $0.key == name } }
        guard !left.isEmpty, !written.isEmpty else { return }
        log.error(
            .v03, at: plan.body["outcomes"], "Chưa nói khi kết thúc bằng: \(left.joined(separator: ", ")).",
            "Nothing is said for these ends: \(left.joined(separator: ", ")).",
            fix: BilingualText(vi: "Thêm chúng hoặc “otherwise”.", en: "Add them, or “otherwise”."))
    }

    private static func title(of result: End.Result?) -> LocalText {
        switch result {
        case .issued: LocalText(vi: "Đã cấp", en: "Issued")
        case .partial: LocalText(vi: "Cấp một phần", en: "Partly issued")
        case .refused: LocalText(vi: "Từ chối", en: "Refused")
        case .notAccepted: LocalText(vi: "Không tiếp nhận", en: "Not accepted")
        case .withdrawn: LocalText(vi: "Đã rút", en: "Withdrawn")
        case .stopped, nil: LocalText(vi: "Đã dừng", en: "Stopped")
        }
    }

    /// V03: a fact found at work is set by an outcome of its step, or copied by its link.
    mutating func checkFactSources() {
        guard !isBroken else { return }
        for fact in facts {
            guard case .step(let name) = fact.source else { continue }
            let entry = draft["facts"]?[String(fact.name.dropFirst(6))]
            if interruptions.contains(where: { $0.outcome.name == name && $0.outcome.sets[fact.name] != nil }) {
                continue
            }
            guard let place = index[name], nodes.indices.contains(place) else {
                log.error(
                    .v03, at: entry?["set-by"], "Không có bước “\(name)”.", "There is no step “\(name)”.",
                    fix: meant(name, among: plans.map(\.name)))
                continue
            }
            var isSet = nodes[place].ways.contains { $0.sets[fact.name] != nil }
            if case .link(let link) = nodes[place].kind { isSet = isSet || link.copies.contains(fact.name) }
            if !isSet {
                log.error(
                    .v03, at: entry?["set-by"], "Bước “\(name)” không xác định dữ kiện này.",
                    "The step “\(name)” never sets this fact.")
            }
        }
    }
}

extension FieldType {
    /// Whether every value of this type is one of `other` too.
    func fits(_ other: FieldType) -> Bool {
        switch (self, other) {
        case (.text(let own), .text(let most)): own <= most
        case (.number(let low, let high), .number(let least, let most)): low >= least && high <= most
        case (.date(let own), .date(let wanted)): own || !wanted
        case (.choice(let own), .choice(let all)): own.allSatisfy { one in all.contains { $0.code == one.code } }
        case (.list(let own, let low, let high), .list(let other, let least, let most)):
            own.fits(other) && low >= least && high <= most
        default: self == other
        }
    }
}
