package import WorkingTime

/// Something in which two files differ, as one sentence.
package struct Difference: Hashable, Sendable {
    /// Where it stands in the newer file, or in the older one for what was removed: `steps/check/within`.
    package var path: String
    /// The sentence, without its full stop.
    package var sentence: BilingualText
}

extension Draft {
    /// In what two files differ, in the order of the newer one; empty when they say the same. Nothing is left out: what no
    /// sentence was made for is told by its key.
    ///
    /// Comments, layout and the order of the grammar's keys say nothing; the order of steps, fields and other things that
    /// the file names itself does.
    /// - Parameter shape: what kind of file both are: `procedure`, `province`, `calendar` or `connectors`.
    package static func differences(from old: Draft, to new: Draft, as shape: String) -> [Difference] {
        var walk = DifferenceWalk()
        walk.compare(old, new, .shape(shape), at: DifferencePlace(), key: "")
        return walk.found
    }
}

/// A place in words: “Bước “check”, kết quả “ok””.
struct DifferencePlace {
    private(set) var words = BilingualText(vi: "", en: "")

    func inside(_ part: BilingualText) -> DifferencePlace {
        var place = self
        place.words =
            words.vi.isEmpty
            ? part : BilingualText(vi: words.vi + ", " + part.vi, en: words.en + ", " + part.en)
        return place
    }

    /// A sentence about something here.
    func sentence(_ text: BilingualText) -> BilingualText {
        words.vi.isEmpty
            ? BilingualText(vi: text.vi.capitalizedFirst, en: text.en.capitalizedFirst)
            : BilingualText(
                vi: words.vi.capitalizedFirst + ": " + text.vi, en: words.en.capitalizedFirst + ": " + text.en)
    }
}

extension String {
    /// With a capital at its beginning.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// Compares two drafts beside the grammar, whose table bounds its depth.
struct DifferenceWalk {
    private(set) var found: [Difference] = []

    mutating func compare(_ old: Draft, _ new: Draft, _ kind: ValueKind?, at place: DifferencePlace, key: String) {
        switch (old.content, new.content, kind) {
        case (.map(let before), .map(let after), .shape(let name)?):
            shape(before, after, Grammar.shape(name), at: place)
        case (.map(let before), .map(let after), .map(_, let inner, _)?):
            named(before, after, inner, at: place, key: key)
        case (.list(let before), .list(let after), _):
            list(before, after, kind, new, at: place, key: key)
        default:
            if DifferenceWords.plain(old) != DifferenceWords.plain(new) { changed(old, new, kind, at: place, key: key) }
        }
    }

    private mutating func say(_ path: String, _ place: DifferencePlace, _ vi: String, _ en: String) {
        found.append(Difference(path: path, sentence: place.sentence(BilingualText(vi: vi, en: en))))
    }

    // MARK: Keys of the grammar

    private mutating func shape(_ old: [Draft.Entry], _ new: [Draft.Entry], _ shape: Shape, at place: DifferencePlace) {
        let known = shape.keys.map(\.name)
        // Keys that the grammar does not know are told too.
        let others = (old + new).map(\.key).filter { !known.contains($0) }
        var seen: Set<String> = []
        for key in known + others where seen.insert(key).inserted {
            let kind = shape.keys.first { $0.name == key }?.kind
            let before = old.first { $0.key == key }?.value
            let after = new.first { $0.key == key }?.value
            let key = DifferenceWords.key(key, in: shape.name)
            switch (before, after) {
            case (let before?, let after?):
                compare(before, after, kind, at: DifferenceWords.place(of: key, kind, in: place), key: key)
            case (nil, let after?): appeared(after, kind, at: place, key: key, isNew: true)
            case (let before?, nil): appeared(before, kind, at: place, key: key, isNew: false)
            case (nil, nil): break
            }
        }
    }

    /// A key that only one of the files has.
    private mutating func appeared(
        _ value: Draft, _ kind: ValueKind?, at place: DifferencePlace, key: String, isNew: Bool
    ) {
        // The file's own names are told one by one.
        if case .map(let entries) = value.content, case .map(_, let inner, _)? = kind {
            for entry in entries { one(entry, inner, at: place, key: key, isNew: isNew) }
            return
        }
        let label = DifferenceWords.label(key)
        let words = DifferenceWords.inWords(value, kind, shortens: !isNew)
        if isNew {
            say(value.path, place, "thêm \(label.vi): \(words.vi)", "\(label.en) added: \(words.en)")
        } else {
            say(value.path, place, "bỏ \(label.vi) (\(words.vi))", "\(label.en) removed (\(words.en))")
        }
    }

    // MARK: Names of the file's own

    private mutating func named(
        _ old: [Draft.Entry], _ new: [Draft.Entry], _ kind: ValueKind, at place: DifferencePlace, key: String
    ) {
        for entry in old where !new.contains(where: { $0.key == entry.key }) {
            one(entry, kind, at: place, key: key, isNew: false)
        }
        for entry in new {
            guard let before = old.first(where: { $0.key == entry.key }) else {
                one(entry, kind, at: place, key: key, isNew: true)
                continue
            }
            compare(
                before.value, entry.value, kind, at: place.inside(DifferenceWords.name(entry, in: key)), key: key)
        }
        let common = old.map(\.key).filter { name in new.contains { $0.key == name } }
        let order = new.map(\.key).filter { common.contains($0) }
        guard common != order, let first = new.first else { return }
        let label = DifferenceWords.label(key)
        let list = order.map { "“\($0)”" }.joined(separator: ", ")
        say(
            first.value.path, place, "thứ tự của \(label.vi) đổi thành \(list)",
            "the order of \(label.en) is now \(list)")
    }

    private mutating func one(
        _ entry: Draft.Entry, _ kind: ValueKind, at place: DifferencePlace, key: String, isNew: Bool
    ) {
        let name = DifferenceWords.name(entry, in: key)
        let about = DifferenceWords.summary(entry.value, kind)
        let (vi, en) = (about.vi.isEmpty ? "" : ": \(about.vi)", about.en.isEmpty ? "" : ": \(about.en)")
        if isNew {
            say(entry.value.path, place, "thêm \(name.vi)\(vi)", "\(name.en) added\(en)")
        } else {
            say(entry.value.path, place, "bỏ \(name.vi)", "\(name.en) removed")
        }
    }

    // MARK: Lists and single values

    private mutating func list(
        _ old: [Draft], _ new: [Draft], _ kind: ValueKind?, _ whole: Draft, at place: DifferencePlace, key: String
    ) {
        var inner: ValueKind?
        if case .list(let item, _)? = kind { inner = item }
        if case .oneOrList(let item)? = kind { inner = item }
        guard case .shape(let shape)? = inner else {
            let (before, after) = (old.map(DifferenceWords.plain), new.map(DifferenceWords.plain))
            guard before != after else { return }
            let label = DifferenceWords.label(key)
            let (from, to) = (before.joined(separator: ", "), after.joined(separator: ", "))
            return say(whole.path, place, "\(label.vi) [\(from)] → [\(to)]", "\(label.en) [\(from)] → [\(to)]")
        }
        var rest = old
        var pairs: [(old: Draft?, new: Draft)] = []
        for item in new {
            let name = DifferenceWords.identity(item, in: shape)
            let match = rest.firstIndex { DifferenceWords.identity($0, in: shape) == name }
            pairs.append((match.map { rest.remove(at: $0) }, item))
        }
        let kept = pairs.compactMap(\.old)
        for item in rest { row(item, inner, at: place, key: key, isNew: false) }
        for (before, item) in pairs {
            guard let before else {
                row(item, inner, at: place, key: key, isNew: true)
                continue
            }
            compare(before, item, inner, at: place.inside(DifferenceWords.row(item, in: shape, key: key)), key: key)
        }
        let order = old.filter { item in kept.contains { $0.path == item.path } }.map(\.path)
        if order != kept.map(\.path) {
            let label = DifferenceWords.label(key)
            say(whole.path, place, "thứ tự của \(label.vi) đã đổi", "the order of \(label.en) has changed")
        }
    }

    private mutating func row(
        _ item: Draft, _ kind: ValueKind?, at place: DifferencePlace, key: String, isNew: Bool
    ) {
        let label = DifferenceWords.label(key)
        let words = DifferenceWords.inWords(item, kind, shortens: false)
        if isNew {
            say(item.path, place, "thêm vào \(label.vi): \(words.vi)", "added to \(label.en): \(words.en)")
        } else {
            say(item.path, place, "bỏ khỏi \(label.vi): \(words.vi)", "removed from \(label.en): \(words.en)")
        }
    }

    private mutating func changed(
        _ old: Draft, _ new: Draft, _ kind: ValueKind?, at place: DifferencePlace, key: String
    ) {
        let label = DifferenceWords.label(key)
        if case .limit? = kind, let from = old.text.flatMap({ TimeLimit($0) }),
            let to = new.text.flatMap({ TimeLimit($0) })
        {
            let words = DifferenceWords.limits(from, to)
            return say(new.path, place, "\(label.vi) \(words.vi)", "\(label.en) \(words.en)")
        }
        let (from, to) = (
            DifferenceWords.inWords(old, kind, shortens: false), DifferenceWords.inWords(new, kind, shortens: false)
        )
        say(new.path, place, "\(label.vi) \(from.vi) → \(to.vi)", "\(label.en) \(from.en) → \(to.en)")
    }
}
