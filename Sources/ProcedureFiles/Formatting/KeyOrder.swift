import Procedures

/// The order of keys: that of the grammar's tables where they are the grammar's own, and the file's where the file has
/// chosen them, as of steps and fields, whose order says something.
enum KeyOrder {
    /// The grammar of a file, by the key that shows what it is; nil for a file of no kind.
    static func kind(of draft: Draft) -> ValueKind? {
        WorkflowFolder.kind(of: draft).map(ValueKind.shape)
    }

    /// Puts the keys of a value and of all that it holds in order. A map with an unknown key stays as it is.
    static func sort(_ node: LayoutNode, as kind: ValueKind?) {
        for entry in node.entries { sort(entry.value, as: inner(kind, entry.key?.text)) }
        guard case .map(let entries) = node.content, case .shape(let name)? = kind else { return }
        let order = Grammar.shape(name).keys.map(\.name)
        let places = entries.map { entry in order.firstIndex { $0 == entry.key?.text } }
        guard !places.contains(nil) else { return }
        // What stands before the first is the head of the block, whatever comes first.
        let head = entries.first?.before ?? []
        entries.first?.before = []
        let sorted = zip(places.map { $0 ?? 0 }, entries).sorted { $0.0 < $1.0 }.map(\.1)
        if let first = sorted.first { first.before = head + first.before }
        node.content = .map(sorted)
    }

    /// Whether two readings say the same: maps of the grammar in any order, all else in the same.
    static func sayTheSame(_ left: Draft, _ right: Draft, as kind: ValueKind?) -> Bool {
        switch (left.content, right.content) {
        case (.scalar(let text, let isQuoted), .scalar(let other, let isOtherQuoted)):
            return text == other && isQuoted == isOtherQuoted
        case (.list(let items), .list(let others)):
            return items.count == others.count
                && zip(items, others).allSatisfy { sayTheSame($0, $1, as: inner(kind, nil)) }
        case (.map(let entries), .map(let others)):
            guard entries.count == others.count else { return false }
            if case .shape? = kind {
                return entries.allSatisfy { entry in
                    guard let other = others.first(where: { $0.key == entry.key }) else { return false }
                    return sayTheSame(entry.value, other.value, as: inner(kind, entry.key))
                }
            }
            return zip(entries, others).allSatisfy { entry, other in
                entry.key == other.key && sayTheSame(entry.value, other.value, as: inner(kind, entry.key))
            }
        default: return false
        }
    }

    /// What may stand under a key, or in a list.
    private static func inner(_ kind: ValueKind?, _ key: String?) -> ValueKind? {
        switch kind {
        case .shape(let name): Grammar.shape(name).keys.first { $0.name == key }?.kind
        case .map(_, let value, _): value
        case .list(let item, _): item
        case .oneOrList(let item): key == nil ? item : nil
        default: nil
        }
    }
}
