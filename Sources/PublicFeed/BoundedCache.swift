/// A map of at most so many entries; the one that was used longest ago goes first. Constant time.
package struct BoundedCache<Key: Hashable, Value> {
    private struct Entry {
        let key: Key
        var value: Value
        var newer: Int?
        var older: Int?
    }

    private var places: [Key: Int] = [:]
    private var entries: [Entry] = []
    private var newest: Int?
    private var oldest: Int?
    /// How many entries there may be, at least 1.
    package let countMax: Int

    /// An empty cache.
    package init(countMax: Int) { self.countMax = max(1, countMax) }

    /// How many entries there are.
    package var count: Int { places.count }

    /// The value under the key, nil when there is none; counts as a use.
    package mutating func value(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        touch(place)
        return entries[place].value
    }

    /// Puts a value; the entry used longest ago makes room.
    package mutating func put(_ key: Key, _ value: Value) {
        if let place = places[key] {
            entries[place].value = value
            touch(place)
            return
        }
        if entries.count < countMax {
            entries.append(Entry(key: key, value: value, newer: nil, older: nil))
            places[key] = entries.count - 1
            lead(entries.count - 1)
        } else if let place = oldest {
            unlink(place)
            places[entries[place].key] = nil
            entries[place] = Entry(key: key, value: value, newer: nil, older: nil)
            places[key] = place
            lead(place)
        }
    }

    private mutating func touch(_ place: Int) {
        guard newest != place else { return }
        unlink(place)
        lead(place)
    }

    private mutating func lead(_ place: Int) {
        entries[place].newer = nil
        entries[place].older = newest
        if let newest { entries[newest].newer = place }
        newest = place
        if oldest == nil { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        let newer = entries[place].newer
        let older = entries[place].older
        if let newer { entries[newer].older = older } else { newest = older }
        if let older { entries[older].newer = newer } else { oldest = newer }
    }
}
