import Notices
import WorkingTime

extension Compiler {
    /// Reads the fields without their conditions, and opens them to conditions.
    mutating func compileFields() {
        for entry in draft["form"]?.entries ?? [] {
            let field = field(entry.key, entry.value, depth: 0)
            if let clash = fields.first(where: {
                $0.name.hasPrefix(entry.key + ".") || entry.key.hasPrefix($0.name + ".")
            }) {
                log.error(
                    .v18, at: entry, "“\(entry.key)” và “\(clash.name)” không thể cùng là trường.",
                    "“\(entry.key)” and “\(clash.name)” cannot both be fields: one is inside the other.")
            }
            fields.append(field)
            let name = "form." + field.name
            if field.personal {
                scope.personal.insert(name)
            } else if let type = field.type.factType {
                scope.facts[name] = type
            } else {
                scope.compound.insert(name)
            }
        }
    }

    mutating func compileFieldConditions() {
        for (position, entry) in (draft["form"]?.entries ?? []).enumerated() where position < fields.count {
            fields[position].when = condition(entry.value["when"])
        }
    }

    private mutating func field(_ name: String, _ draft: Draft, depth: Int) -> Field {
        if depth > 0, let when = draft["when"] {
            log.error(
                .v01, at: when, "Trường trong nhóm không có điều kiện.", "A field inside a group has no condition.")
        }
        let personal = draft["personal"]?.yesNo ?? false
        let type = fieldType(draft, depth: depth)
        switch type {
        case .nationalID, .phone, .address:
            if depth == 0, !personal {
                log.error(
                    .v22, at: draft["type"], "Trường kiểu này luôn là dữ liệu cá nhân.",
                    "A field of this type is always personal.",
                    fix: BilingualText(vi: "Thêm “personal: true”.", en: "Add “personal: true”."))
            }
        default: break
        }
        return Field(
            name: name, title: localText(draft["title"]), type: type, required: draft["required"]?.yesNo ?? false,
            personal: personal)
    }

    private mutating func fieldType(_ draft: Draft, depth: Int) -> FieldType {
        let type = draft.text("type") ?? ""
        checkOptions(draft, type)
        let least = draft["min"]?.whole
        let most = draft["max"]?.whole
        if let least, let most, least > most {
            log.error(.v01, at: draft["min"], "“min” lớn hơn “max”.", "“min” is larger than “max”.")
        }
        switch type {
        case "number": return .number(min: least ?? 0, max: max(most ?? 1_000_000_000_000, least ?? 0))
        case "date": return .date(notAfterSubmission: draft.text("not-after") != nil)
        case "yes-no": return .yesNo
        case "choice": return .choice(choices(draft))
        case "national-id": return .nationalID
        case "phone": return .phone
        case "address": return .address
        case "area": return .area
        case "list":
            let inner = draft["of"].map { fieldType($0, depth: depth + 1) } ?? .text(max: 200)
            let top = max(1, min(most ?? 50, 200))
            return .list(inner, min: Int(clamping: max(0, min(least ?? 0, top))), max: Int(clamping: top))
        case "group":
            guard depth < 3 else {
                log.error(.v01, at: draft, "Nhóm lồng quá sâu.", "Groups are nested too deep.")
                return .group([])
            }
            return .group((draft["fields"]?.entries ?? []).map { field($0.key, $0.value, depth: depth + 1) })
        default: return .text(max: Int(clamping: max(1, min(most ?? 200, 10_000))))
        }
    }

    private mutating func choices(_ draft: Draft) -> [FieldType.Choice] {
        (draft["choices"]?.entries ?? []).map { FieldType.Choice(code: $0.key, title: localText($0.value)) }
    }

    /// Keys that go with some types only, and those that a type needs.
    private mutating func checkOptions(_ draft: Draft, _ type: String) {
        let allowed: [String: [String]] = [
            "max": ["text", "number", "list"], "min": ["number", "list"], "not-after": ["date"],
            "choices": ["choice"], "of": ["list"], "fields": ["group"],
        ]
        for entry in draft.entries {
            guard let types = allowed[entry.key], !types.contains(type) else { continue }
            log.error(
                .v01, at: entry, "“\(entry.key)” không dùng với kiểu \(type).",
                "“\(entry.key)” does not go with the type \(type).")
        }
        for (key, of) in [("choices", "choice"), ("of", "list"), ("fields", "group")] where type == of {
            if draft[key] == nil {
                log.error(
                    .v01, at: draft, "Kiểu \(type) cần “\(key)”.", "A field of the type \(type) needs “\(key)”.")
            }
        }
    }

    mutating func compileFormRules() -> [FormRule] {
        (draft["form-rules"]?.items ?? []).compactMap { row in
            condition(row["check"]).map { FormRule(check: $0, message: localText(row["message"])) }
        }
    }

    mutating func compileDocuments() {
        for entry in draft["documents"]?.entries ?? [] {
            documents.append(
                DocumentRule(
                    name: entry.key, title: localText(entry.value["title"]),
                    oneOf: (entry.value["one-of"]?.items ?? []).compactMap(\.text),
                    required: entry.value["required"]?.yesNo ?? false, when: condition(entry.value["when"])))
        }
    }

    /// Facts found at work; their steps are checked when the steps are known.
    mutating func compileFacts() {
        for entry in draft["facts"]?.entries ?? [] {
            let codes = (entry.value["choices"]?.items ?? []).compactMap(\.text)
            let type: FactType =
                switch entry.value.text("type") {
                case "text": .text
                case "number": .number
                case "date": .date
                case "choice": .choice(codes)
                case "area": .area
                default: .yesNo
                }
            if entry.value.text("type") == "choice", codes.isEmpty {
                log.error(.v01, at: entry.value, "Kiểu choice cần “choices”.", "A choice needs “choices”.")
            }
            scope.facts["facts." + entry.key] = type
            facts.append(
                Fact(name: "facts." + entry.key, type: type, source: .step(entry.value.text("set-by") ?? "")))
        }
    }
}

extension FieldType {
    /// The type of the fact that a field of this type becomes, or nil where it holds no single value.
    package var factType: FactType? {
        switch self {
        case .text, .nationalID, .phone: .text
        case .number: .number
        case .date: .date
        case .yesNo: .yesNo
        case .choice(let choices): .choice(choices.map(\.code))
        case .area: .area
        case .address, .list, .group: nil
        }
    }
}
