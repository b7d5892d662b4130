import Notices
import WorkingTime

extension Compiler {
    /// A checked condition, or nil where the file has none or it was refused.
    mutating func condition(_ draft: Draft?) -> Condition? {
        condition(draft, in: scope, notesReads: true)
    }

    /// A checked condition over the facts of `scope`; with `notesReads` the form fields it reads become facts here.
    mutating func condition(_ draft: Draft?, in scope: ConditionScope, notesReads: Bool) -> Condition? {
        guard let draft, case .scalar(let text, let quoted) = draft.content else { return nil }
        do throws(ConditionProblem) {
            let parsed = try ConditionParser.parse(text, scope: scope)
            if notesReads { for name in parsed.used { note(read: name) } }
            return parsed.condition
        } catch {
            let spot = draft.spot.moved(by: error.offset + (quoted ? 1 : 0))
            log.add(Finding(error.rule, path: draft.path, spot: spot, message: error.message, fix: error.fix))
            return nil
        }
    }

    mutating func note(read name: String) {
        if name.hasPrefix("form."), !readFields.contains(name) { readFields.append(name) }
    }

    /// Reads `centre`, `agency`, `KIND of form.FIELD` or `KIND of facts.NAME`.
    mutating func agencyRule(_ text: some StringProtocol, at draft: Draft) -> AgencyRule? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        if words == ["centre"] { return .centre }
        if words == ["agency"] { return .agency }
        guard words.count == 3, words[1] == "of", Spelling.isKebab(words[0]) else {
            log.error(
                .v01, at: draft, "Không hiểu cơ quan “\(text)”.", "The agency rule “\(text)” does not read.",
                fix: BilingualText(
                    vi: "Viết “centre”, “agency” hoặc “police of form.residence.commune”.",
                    en: "Write “centre”, “agency” or “police of form.residence.commune”."))
            return nil
        }
        let kind = String(words[0])
        let name = String(words[2])
        checkKind(kind, at: draft)
        if scope.personal.contains(name) {
            log.error(
                .v22, at: draft, "“\(name)” là dữ liệu cá nhân, không được dùng để tìm cơ quan.",
                "“\(name)” is personal; an agency may not be found by it.")
            return nil
        }
        guard let type = scope.facts[name] else {
            log.error(
                .v17, at: draft, "Không có trường hay dữ kiện “\(name)”.", "There is no field or fact “\(name)”.",
                fix: meant(name, among: scope.facts.keys.sorted()))
            return nil
        }
        guard type == .area else {
            log.error(
                .v17, at: draft, "“\(name)” không phải địa bàn.", "“\(name)” is not an area.")
            return nil
        }
        if let field = fields.first(where: { "form." + $0.name == name }), !field.required {
            log.error(
                .v11, at: draft, "“\(name)” không bắt buộc, có thể không tìm được cơ quan.",
                "“\(name)” is not required, so that no agency might be found.",
                fix: BilingualText(vi: "Thêm “required: true” cho trường.", en: "Give the field “required: true”."))
        }
        note(read: name)
        return .kind(kind, of: name)
    }

    private mutating func checkKind(_ kind: String, at draft: Draft) {
        let kinds = Set(catalogue.directory.agencies.values.map(\.kind))
        guard !kinds.isEmpty, !kinds.contains(kind) else { return }
        log.error(
            .v11, at: draft, "Không có loại cơ quan “\(kind)”.", "There is no agency of the kind “\(kind)”.",
            fix: meant(kind, among: kinds.sorted()))
    }

    /// Reads `ROLE at RULE`.
    mutating func performer(_ draft: Draft?) -> (role: String, at: AgencyRule)? {
        guard let draft, let text = draft.text else { return nil }
        guard let space = text.firstIndex(of: " "), text[space...].hasPrefix(" at "), Spelling.isKebab(text[..<space])
        else {
            log.error(
                .v01, at: draft, "Không hiểu người thực hiện “\(text)”.", "The performer “\(text)” does not read.",
                fix: BilingualText(vi: "Viết “reception at centre”.", en: "Write “reception at centre”."))
            return nil
        }
        let role = String(text[..<space])
        let roles = Set(catalogue.directory.officers.values.flatMap(\.roles))
        if !roles.isEmpty, !roles.contains(role) {
            log.error(
                .v11, at: draft, "Không ai giữ vai trò “\(role)”.", "Nobody anywhere holds the role “\(role)”.",
                fix: meant(role, among: roles.sorted()))
        }
        guard let rule = agencyRule(text[space...].dropFirst(4), at: draft) else { return nil }
        return (role, rule)
    }

    /// A value of a fact, or nil (and an error) where it is of another type.
    mutating func factValue(_ draft: Draft, _ type: FactType, rule: Rule) -> FactValue? {
        let value: FactValue? =
            switch (type, draft.content) {
            case (.yesNo, _): draft.yesNo.map(FactValue.yesNo)
            case (.number, _): draft.whole.map(FactValue.number)
            case (.date, .scalar(let text, _)): CivilDate(text).map(FactValue.date)
            case (.choice(let codes), .scalar(let text, _)): codes.contains(text) ? .text(text) : nil
            case (.text, .scalar(let text, _)), (.area, .scalar(let text, _)): .text(text)
            default: nil
            }
        if value == nil {
            let hint: BilingualText? =
                if case .choice(let codes) = type {
                    BilingualText(
                        vi: "Chọn: \(codes.joined(separator: ", ")).", en: "One of: \(codes.joined(separator: ", ")).")
                } else { nil }
            log.error(
                rule, at: draft, "Giá trị không thuộc kiểu \(ConditionParser.name(type)).",
                "The value is not a \(ConditionParser.name(type)).", fix: hint)
        }
        return value
    }

    /// What citizens read, or nil where the file says nothing.
    mutating func words(_ draft: Draft?) -> PublicWords? {
        guard let draft, let number = draft["status"]?.whole,
            let status = NationalStatus(rawValue: Int(clamping: number))
        else { return nil }
        return words(draft, status: status)
    }

    mutating func words(_ draft: Draft, status: NationalStatus) -> PublicWords {
        checkPlaceholders(draft["vi"])
        checkPlaceholders(draft["en"])
        if let milestone = draft["milestone"], let key = milestone.text,
            !milestones.contains(where: { $0.key == key })
        {
            log.error(
                .v03, at: milestone, "Không có mốc “\(key)”.", "There is no milestone “\(key)”.",
                fix: meant(key, among: milestones.map(\.key)))
        }
        var stage = PublicStage(of: status)
        if let named = draft.text("stage").flatMap(PublicStage.init(rawValue:)) {
            stage = named
            if named.status != status {
                log.error(
                    .v14, at: draft["stage"], "Thẻ “\(named.rawValue)” không thuộc mã trạng thái \(status.rawValue).",
                    "The stage “\(named.rawValue)” does not belong to the national status \(status.rawValue).")
            }
        }
        return PublicWords(
            text: localText(draft), stage: stage, status: status, milestone: draft.text("milestone"))
    }

    static let placeholders = ["promised", "due", "first-promised", "day", "agency", "missing", "reason", "parts"]

    /// V13: braces enclose a known placeholder only.
    private mutating func checkPlaceholders(_ draft: Draft?) {
        guard let draft, let text = draft.text else { return }
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            let after = rest[rest.index(after: brace)...]
            guard rest[brace] == "{", let close = after.firstIndex(of: "}") else {
                log.error(.v13, at: draft, "Dấu ngoặc nhọn không khớp.", "The braces do not match.")
                return
            }
            let name = String(after[..<close])
            if !Self.placeholders.contains(name) {
                let list = Self.placeholders.map { "{\($0)}" }.joined(separator: ", ")
                log.error(
                    .v13, at: draft, "Không có ô điền “{\(name)}”.", "There is no placeholder “{\(name)}”.",
                    fix: meant(name, among: Self.placeholders)
                        ?? BilingualText(vi: "Chọn: \(list).", en: "One of: \(list)."))
            }
            rest = after[after.index(after: close)...]
        }
    }
}
