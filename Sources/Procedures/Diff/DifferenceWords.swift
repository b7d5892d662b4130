import WorkingTime

/// How things of a file are called in sentences about it.
enum DifferenceWords {
    /// A key as people call it; of a key that the grammar does not know the key itself.
    static func label(_ key: String) -> BilingualText {
        labels[key].map { BilingualText(vi: $0.0, en: $0.1) } ?? BilingualText(vi: "“\(key)”", en: "“\(key)”")
    }

    /// The key by which labels are found: in examples `when` and `then` say what happens, not a condition and a way.
    static func key(_ key: String, in shape: String) -> String {
        labels["\(shape).\(key)"] == nil ? key : "\(shape).\(key)"
    }

    /// Something that the file names: `bước “check” (Kiểm tra)`.
    static func name(_ entry: Draft.Entry, in key: String) -> BilingualText {
        let single = singles[key] ?? ("mục", "entry")
        let title = title(of: entry.value)
        return BilingualText(
            vi: "\(single.0) “\(entry.key)”" + (title.vi.isEmpty ? "" : " (\(title.vi))"),
            en: "\(single.1) “\(entry.key)”" + (title.en.isEmpty ? "" : " (\(title.en))"))
    }

    /// The place that a key of the grammar opens; texts, words and lists are told by their label instead.
    static func place(of key: String, _ kind: ValueKind?, in place: DifferencePlace) -> DifferencePlace {
        switch kind {
        case .shape?: place.inside(label(key))
        default: place
        }
    }

    /// By what a row of a list is known in both files: what it is about, or else all that it says.
    static func identity(_ item: Draft, in shape: String) -> String {
        guard let keys = identities[shape] else { return plain(item) }
        return keys.map { item[$0].map(plain) ?? "" }.joined(separator: "\u{1F}")
    }

    /// A row of a list as a place.
    static func row(_ item: Draft, in shape: String, key: String) -> BilingualText {
        let name = (identities[shape] ?? []).compactMap { item[$0].map(plain) }.joined(separator: ", ")
        let label = label(key)
        return name.isEmpty
            ? label : BilingualText(vi: "\(label.vi) (\(name))", en: "\(label.en) (\(name))")
    }

    /// A value in one line, in words where it is a time or a yes-no.
    /// - Parameter shortens: long ones are cut, for what was removed.
    static func inWords(_ value: Draft, _ kind: ValueKind?, shortens: Bool) -> BilingualText {
        switch value.content {
        case .scalar(let text, let isQuoted):
            if case .limit? = kind, let limit = TimeLimit(text) { return limit.wording }
            if !isQuoted, text == "true" { return BilingualText(vi: "có", en: "yes") }
            if !isQuoted, text == "false" { return BilingualText(vi: "không", en: "no") }
            switch kind {
            case .text?, .condition?, nil: return BilingualText(vi: "“\(text)”", en: "“\(text)”")
            default: return BilingualText(vi: text, en: text)
            }
        case .list(let items):
            var inner: ValueKind?
            if case .list(let item, _)? = kind { inner = item }
            let words = items.map { inWords($0, inner, shortens: shortens) }
            return joined(words, shortens: shortens)
        case .map(let entries):
            if case .shape("text")? = kind { return title(value) }
            return joined(entries.map { part($0, kind, shortens: shortens) }, shortens: shortens)
        }
    }

    /// What is worth saying of something new: who does it, until when, and what it holds.
    static func summary(_ value: Draft, _ kind: ValueKind) -> BilingualText {
        guard case .map(let entries) = value.content, case .shape(let name) = kind, name != "text" else {
            if case .map? = Optional(value.content) { return BilingualText(vi: "", en: "") }
            return inWords(value, kind, shortens: false)
        }
        return joined(
            entries.filter { $0.key != "title" }.map { part($0, kind, shortens: true) }, shortens: false)
    }

    private static func part(_ entry: Draft.Entry, _ kind: ValueKind?, shortens: Bool) -> BilingualText {
        var inner: ValueKind?
        var label = BilingualText(vi: entry.key, en: entry.key)
        if case .shape(let name)? = kind {
            inner = Grammar.shape(name).keys.first { $0.name == entry.key }?.kind
            if inner != nil { label = self.label(key(entry.key, in: name)) }
        }
        if case .map(_, let value, _)? = kind { inner = value }
        if case .map(let named) = entry.value.content, case .map? = inner {
            let names = named.map(\.key).joined(separator: ", ")
            return BilingualText(vi: "\(label.vi): \(names)", en: "\(label.en): \(names)")
        }
        let words = inWords(entry.value, inner, shortens: shortens)
        return BilingualText(vi: "\(label.vi) \(words.vi)", en: "\(label.en) \(words.en)")
    }

    private static func joined(_ words: [BilingualText], shortens: Bool) -> BilingualText {
        func cut(_ text: String) -> String { shortens && text.count > 120 ? text.prefix(119) + "…" : text }
        return BilingualText(
            vi: cut(words.map(\.vi).joined(separator: "; ")), en: cut(words.map(\.en).joined(separator: "; ")))
    }

    /// Both languages of a text, in quotes.
    private static func title(_ text: Draft) -> BilingualText {
        let vi = text["vi"]?.text ?? ""
        return BilingualText(vi: "“\(vi)”", en: "“\(text["en"]?.text ?? vi)”")
    }

    private static func title(of value: Draft) -> BilingualText {
        let text = value["title"] ?? value
        let vi = text["vi"]?.text ?? ""
        return BilingualText(vi: vi, en: text["en"]?.text ?? vi)
    }

    /// `3 → 5 ngày làm việc` where the unit stays, both limits in full where it changes.
    static func limits(_ old: TimeLimit, _ new: TimeLimit) -> BilingualText {
        func split(_ text: String) -> (number: Substring, unit: Substring) {
            let number = text.prefix { $0.isNumber }
            return (number, text.dropFirst(number.count))
        }
        let (from, to) = (split(old.wording.vi), split(new.wording.vi))
        let (fromEnglish, toEnglish) = (split(old.wording.en), split(new.wording.en))
        guard !from.number.isEmpty, from.unit == to.unit, !fromEnglish.number.isEmpty, !toEnglish.number.isEmpty else {
            return BilingualText(
                vi: "\(old.wording.vi) → \(new.wording.vi)", en: "\(old.wording.en) → \(new.wording.en)")
        }
        return BilingualText(
            vi: "\(from.number) → \(new.wording.vi)", en: "\(fromEnglish.number) → \(new.wording.en)")
    }

    /// What a draft says, in one line, the same for two that say the same; quotes that change the type count.
    static func plain(_ draft: Draft) -> String {
        switch draft.content {
        case .scalar(let text, let isQuoted):
            return isQuoted && (text == "true" || text == "false" || Int64(text) != nil) ? "\"\(text)\"" : text
        case .list(let items): return "[" + items.map(plain).joined(separator: ", ") + "]"
        case .map(let entries):
            return "{"
                + entries.map { "\($0.key): \(plain($0.value))" }.sorted().joined(separator: ", ") + "}"
        }
    }
}
