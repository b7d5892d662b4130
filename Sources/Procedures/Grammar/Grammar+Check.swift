import JSONText
import WorkingTime

extension Grammar {
    /// Everything in `draft` that the shape does not allow: unknown and missing keys, values of the wrong kind.
    package static func check(_ draft: Draft, as shape: String) -> [Finding] {
        var check = ShapeCheck()
        check.shape(draft, Grammar.shape(shape), depth: 0)
        return check.log.findings
    }
}

/// Walks a draft beside the table. Its depth is bounded by the table, whose only cycles are groups and branches.
private struct ShapeCheck {
    var log = FindingLog()

    static let depthMax = 40
    static let itemCountMax = 5000

    mutating func shape(_ draft: Draft, _ shape: Shape, depth: Int) {
        guard depth < Self.depthMax else {
            log.error(.v01, at: draft, "Lồng quá sâu.", "Nested too deep.")
            return
        }
        guard case .map(let entries) = draft.content else {
            wrongKind(draft, "các khóa “khóa: giá trị”", "keys with values")
            return
        }
        let known = shape.keys.map(\.name)
        for entry in entries {
            guard let key = shape.keys.first(where: { $0.name == entry.key }) else {
                log.error(
                    .v01, at: entry, "Không có khóa “\(entry.key)” ở đây.",
                    "There is no key “\(entry.key)” here.", fix: hint(entry.key, known))
                continue
            }
            value(entry.value, key.kind, missing: missingRule(key), depth: depth + 1)
        }
        for key in shape.keys where !entries.contains(where: { $0.key == key.name }) {
            missing(key, in: draft)
        }
    }

    private func missingRule(_ key: Key) -> Rule {
        if case .required(let rule) = key.presence { rule } else { .v01 }
    }

    private func hint(_ key: String, _ known: [String]) -> BilingualText {
        if let near = meant(key, among: known) { return near }
        let list = known.prefix(12).joined(separator: ", ")
        return BilingualText(vi: "Các khóa được phép: \(list).", en: "Known keys: \(list).")
    }

    private mutating func missing(_ key: Key, in draft: Draft) {
        switch key.presence {
        case .optional: break
        case .required(let rule):
            log.error(
                rule, at: draft, "Thiếu khóa “\(key.name)”.", "The key “\(key.name)” is missing.",
                fix: BilingualText(vi: "Thêm “\(key.name)”.", en: "Add “\(key.name)”: \(key.about)"))
        case .advised(let rule):
            log.warn(rule, at: draft, "Thiếu “\(key.name)”.", "“\(key.name)” is missing.")
        }
    }

    private mutating func value(_ draft: Draft, _ kind: ValueKind, missing rule: Rule, depth: Int) {
        switch kind {
        case .shape(let name): shape(draft, Grammar.shape(name), depth: depth)
        case .list(let inner, let least): list(draft, inner, atLeast: least, rule, depth)
        case .map(let names, let inner, let least): map(draft, names, inner, atLeast: least, rule, depth)
        case .oneOrList(let inner):
            if case .list = draft.content {
                list(draft, inner, atLeast: 1, rule, depth)
            } else {
                value(draft, inner, missing: rule, depth: depth)
            }
        default: scalar(draft, kind)
        }
    }

    private mutating func list(_ draft: Draft, _ inner: ValueKind, atLeast: Int, _ rule: Rule, _ depth: Int) {
        guard case .list(let items) = draft.content else { return wrongKind(draft, "một danh sách", "a list") }
        count(items.count, atLeast, draft, rule)
        for item in items { value(item, inner, missing: rule, depth: depth + 1) }
    }

    private mutating func map(
        _ draft: Draft, _ names: ValueKind.NameKind, _ inner: ValueKind, atLeast: Int, _ rule: Rule, _ depth: Int
    ) {
        guard case .map(let entries) = draft.content else {
            return wrongKind(draft, "các mục có tên", "named entries")
        }
        count(entries.count, atLeast, draft, rule)
        for entry in entries {
            if !Spelling.fits(entry.key, names) {
                let rule = BilingualText(vi: Spelling.rule(names).vi, en: Spelling.rule(names).en)
                log.error(
                    .v01, at: entry, "Tên “\(entry.key)” viết sai cách.",
                    "The name “\(entry.key)” is not spelt as it must be.", fix: rule)
            }
            value(entry.value, inner, missing: .v01, depth: depth + 1)
        }
    }

    private mutating func count(_ count: Int, _ least: Int, _ draft: Draft, _ rule: Rule) {
        if count < least { log.error(rule, at: draft, "Danh sách trống.", "There must be at least one entry.") }
        if count > Self.itemCountMax {
            log.error(
                .v01, at: draft, "Quá \(Self.itemCountMax) mục.", "There are more than \(Self.itemCountMax) entries.")
        }
    }

    private mutating func wrongKind(_ draft: Draft, _ vi: String, _ en: String) {
        log.error(.v01, at: draft, "Cần \(vi).", "There must be \(en) here.")
    }

    private mutating func scalar(_ draft: Draft, _ kind: ValueKind) {
        guard case .scalar(let text, let quoted) = draft.content else {
            return wrongKind(draft, "một giá trị", "a single value")
        }
        guard let complaint = ScalarRule.complaint(draft, text, quoted: quoted, kind) else { return }
        log.error(complaint.rule, at: draft, complaint.message.vi, complaint.message.en, fix: complaint.fix)
    }
}

/// How names are spelt.
enum Spelling {
    static func isKebab(_ text: some StringProtocol) -> Bool {
        guard (1...80).contains(text.utf8.count), let first = text.utf8.first, (0x61...0x7A).contains(first) else {
            return false
        }
        var last: UInt8 = 0x2D
        for byte in text.utf8 {
            switch byte {
            case 0x61...0x7A, 0x30...0x39: break
            case 0x2D: if last == 0x2D { return false }
            default: return false
            }
            last = byte
        }
        return last != 0x2D
    }

    static func isDotted(_ text: String) -> Bool {
        text.utf8.count <= 120 && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isKebab)
    }

    static func isStep(_ text: String) -> Bool {
        text.utf8.count <= 200
            && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { isDotted(String($0)) }
    }

    static func isIdentifier(_ text: String) -> Bool {
        (1...35).contains(text.utf8.count)
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
            }
    }

    static func fits(_ text: String, _ kind: ValueKind.NameKind) -> Bool {
        switch kind {
        case .kebab: isKebab(text)
        case .dotted: isDotted(text)
        case .step: isStep(text)
        case .digits: (1...10).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        case .identifier: isIdentifier(text)
        case .weekday: Grammar.weekdays.contains(text)
        }
    }

    static func rule(_ kind: ValueKind.NameKind) -> BilingualText {
        switch kind {
        case .kebab:
            BilingualText(
                vi: "Chữ thường không dấu, chữ số và gạch nối: “birth-proof”.",
                en: "Lower-case letters, digits and single hyphens, a letter first: “birth-proof”.")
        case .dotted:
            BilingualText(
                vi: "Các phần nối bằng dấu chấm: “child.full-name”.", en: "Parts joined by dots: “child.full-name”.")
        case .step:
            BilingualText(
                vi: "Các phần nối bằng “/”: “share/residence”.", en: "Parts joined by “/”: “share/residence”.")
        case .digits: BilingualText(vi: "Chỉ gồm chữ số, trong ngoặc kép.", en: "Digits only, in quotes.")
        case .identifier:
            BilingualText(
                vi: "Chữ số và chữ hoa nối bằng dấu chấm, tối đa 35.",
                en: "Digits and capitals joined by dots, at most 35 characters.")
        case .weekday: BilingualText(vi: "monday … sunday.", en: "monday … sunday.")
        }
    }
}
