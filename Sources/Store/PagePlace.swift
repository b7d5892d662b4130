/// Where a page of a list lies. A place is an item's key, not a number of items, so that what is inserted or leaves
/// elsewhere moves no page.
package enum PagePlace<Key: Hashable & Sendable>: Hashable, Sendable {
    /// At the list's beginning.
    case first
    /// The items that follow this one, which need not be there any more.
    case after(Key)
    /// The items that stand next before this one; nil: the last ones of the list.
    case before(Key?)

    /// Whether it is read from its end.
    package var isBackward: Bool {
        if case .before = self { true } else { false }
    }

    /// The item beside which it lies; nil for a place at an end of the list.
    package var key: Key? {
        switch self {
        case .first: nil
        case .after(let key): key
        case .before(let key): key
        }
    }
}

/// The items of a page in the list's order, and where its neighbours lie.
package struct ListPage<Item: Sendable, Key: Hashable & Sendable>: Sendable {
    package var items: [Item]
    /// Nil: nothing stands before.
    package var previous: PagePlace<Key>?
    /// Nil: nothing follows.
    package var next: PagePlace<Key>?

    /// Cuts a page from what was read at its place: up to `limit` items and one more, by which it shows that there are
    /// others, in the list's order.
    package init(_ read: [Item], at place: PagePlace<Key>, limit: Int, key: (Item) -> Key) {
        let hasMore = read.count > limit
        if place.isBackward {
            items = Array(read.suffix(limit))
            previous = hasMore ? items.first.map { .before(key($0)) } : nil
            // Whoever comes from behind knows that something follows; only the list's own end has nothing behind it.
            next = place.key == nil ? nil : items.last.map { .after(key($0)) } ?? .first
        } else {
            items = Array(read.prefix(limit))
            next = hasMore ? items.last.map { .after(key($0)) } : nil
            previous = place == .first ? nil : .before(items.first.map(key))
        }
    }
}
