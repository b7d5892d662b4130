/// A map of at most so many entries, or of entries that weigh at most so much together; those that were used longest ago
/// go first. Constant time.
package struct BoundedCache<Key: Hashable, Value> {
    private struct Entry {
        let key: Key
        var value: Value
        var weight: Int
        var newer: Int?
        var older: Int?
    }

    private var places: [Key: Int] = [:]
    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var newest: Int?
    private var oldest: Int?
    private var asked = RecentKeys()
    /// How many entries there may be, at least 1.
    package let countMax: Int
    /// How much the entries may weigh together; one that weighs more is not kept.
    package let weightMax: Int
    /// How much the entries weigh together.
    package private(set) var weight = 0

    /// An empty cache.
    package init(countMax: Int, weightMax: Int = .max) {
        self.countMax = max(1, countMax)
        self.weightMax = weightMax
    }

    /// How many entries there are.
    package var count: Int { places.count }

    /// The value under the key, nil when there is none; counts as a use.
    package mutating func value(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        touch(place)
        return entries[place]?.value
    }

    /// Whether a value is worth a place: while there is room, when the key is here already, or when it was asked for
    /// lately. What is asked for once must not push out what is asked for again and again.
    package mutating func admits(_ key: Key, weight: Int = 1) -> Bool {
        if places[key] != nil { return true }
        if places.count < countMax, self.weight + weight <= weightMax { return true }
        return asked.note(key.hashValue)
    }

    /// Puts a value; the entries used longest ago make room.
    package mutating func put(_ key: Key, _ value: Value, weight: Int = 1) {
        remove(key)
        guard weight <= weightMax else { return }
        while let place = oldest, places.count >= countMax || self.weight > weightMax - weight { drop(place) }
        let entry = Entry(key: key, value: value, weight: weight, newer: nil, older: nil)
        let place: Int
        if let reused = free.popLast() {
            place = reused
            entries[place] = entry
        } else {
            place = entries.count
            entries.append(entry)
        }
        places[key] = place
        self.weight += weight
        lead(place)
    }

    /// Forgets an entry.
    package mutating func remove(_ key: Key) {
        if let place = places[key] { drop(place) }
    }

    private mutating func drop(_ place: Int) {
        unlink(place)
        guard let entry = entries[place] else { return }
        weight -= entry.weight
        places[entry.key] = nil
        entries[place] = nil
        free.append(place)
    }

    private mutating func touch(_ place: Int) {
        guard newest != place else { return }
        unlink(place)
        lead(place)
    }

    private mutating func lead(_ place: Int) {
        entries[place]?.newer = nil
        entries[place]?.older = newest
        if let newest { entries[newest]?.newer = place }
        newest = place
        if oldest == nil { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        let newer = entries[place]?.newer
        let older = entries[place]?.older
        if let newer { entries[newer]?.older = older } else { newest = older }
        if let older { entries[older]?.newer = newer } else { oldest = newer }
    }
}

/// Which keys came lately, about: of two in one place the later is known.
private struct RecentKeys {
    private static var count: Int { 1 << 15 }
    /// Empty until something has to be remembered.
    private var hashes: [Int] = []

    /// Notes a key by its hash; true when it was known.
    mutating func note(_ hash: Int) -> Bool {
        if hashes.isEmpty { hashes = [Int](repeating: 0, count: RecentKeys.count) }
        let place = hash & (RecentKeys.count - 1)
        defer { hashes[place] = hash }
        return hashes[place] == hash
    }
}
