/// A map of at most so many entries, or of entries that weigh at most so much together; those that were used longest ago
/// go first. Constant time. Uses count from when it is half full: before, nothing will have to go for long, and to note each
/// would cost whoever asks more than the answer.
/// Public, like few others here: the compiler takes what is inlinable into other modules only from public types.
public struct BoundedCache<Key: Hashable, Value> {
    @usableFromInline struct Entry {
        @usableFromInline let key: Key
        @usableFromInline var value: Value
        @usableFromInline var weight: Int
        @usableFromInline var newer: Int?
        @usableFromInline var older: Int?

        @inlinable init(key: Key, value: Value, weight: Int) {
            self.key = key
            self.value = value
            self.weight = weight
        }
    }

    @usableFromInline var places: [Key: Int] = [:]
    @usableFromInline var entries: [Entry?] = []
    @usableFromInline var free: [Int] = []
    @usableFromInline var newest: Int?
    @usableFromInline var oldest: Int?
    @usableFromInline var asked = RecentKeys()
    /// How many entries there may be, at least 1.
    public let countMax: Int
    /// How much the entries may weigh together; one that weighs more is not kept.
    public let weightMax: Int
    /// How much the entries weigh together.
    @inlinable package var weight: Int { held }
    @usableFromInline var held = 0

    /// An empty cache.
    @inlinable package init(countMax: Int, weightMax: Int = .max) {
        self.countMax = max(1, countMax)
        self.weightMax = weightMax
    }

    /// How many entries there are.
    @inlinable package var count: Int { places.count }

    /// The value under the key, nil when there is none; counts as a use.
    @inlinable package mutating func value(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        if places.count > countMax / 2 || held > weightMax / 2 { touch(place) }
        return entries[place]?.value
    }

    /// Whether there is a value under the key; no use of it.
    @inlinable package func contains(_ key: Key) -> Bool { places[key] != nil }

    /// Whether a value is worth a place: while there is room, when the key is here already, or when it was asked for
    /// lately. What is asked for once must not push out what is asked for again and again.
    @inlinable package mutating func admits(_ key: Key, weight: Int = 1) -> Bool {
        if places[key] != nil { return true }
        if places.count < countMax, held + weight <= weightMax { return true }
        return asked.note(key.hashValue)
    }

    /// Puts a value; the entries used longest ago make room.
    @inlinable package mutating func put(_ key: Key, _ value: Value, weight: Int = 1) {
        remove(key)
        guard weight <= weightMax else { return }
        while let place = oldest, places.count >= countMax || held > weightMax - weight { drop(place) }
        lead(add(Entry(key: key, value: value, weight: weight)))
    }

    /// Puts a value that nothing makes room for: in the place of the one under the key, or as the next that will make room.
    /// - Returns: whether it is here; where there is no room nothing is left under the key.
    @inlinable package mutating func fill(_ key: Key, _ value: Value, weight: Int = 1) -> Bool {
        if let place = places[key], let known = entries[place] {
            guard held - known.weight + weight <= weightMax else {
                drop(place)
                return false
            }
            entries[place]?.value = value
            entries[place]?.weight = weight
            held += weight - known.weight
            return true
        }
        guard places.count < countMax, held + weight <= weightMax else { return false }
        follow(add(Entry(key: key, value: value, weight: weight)))
        return true
    }

    /// Forgets the first of the entries used longest ago whose value may go, of so many that are looked at.
    /// - Returns: whether there was one.
    @inlinable package mutating func dropOldest(of countMax: Int, where mayGo: (Value) -> Bool) -> Bool {
        var next = oldest
        for _ in 0..<countMax {
            guard let place = next, let entry = entries[place] else { return false }
            if mayGo(entry.value) {
                drop(place)
                return true
            }
            next = entry.newer
        }
        return false
    }

    /// Forgets an entry.
    @inlinable package mutating func remove(_ key: Key) {
        if let place = places[key] { drop(place) }
    }

    @inlinable mutating func drop(_ place: Int) {
        unlink(place)
        guard let entry = entries[place] else { return }
        held -= entry.weight
        places[entry.key] = nil
        entries[place] = nil
        free.append(place)
    }

    @inlinable mutating func add(_ entry: Entry) -> Int {
        let place: Int
        if let reused = free.popLast() {
            place = reused
            entries[place] = entry
        } else {
            place = entries.count
            entries.append(entry)
        }
        places[entry.key] = place
        held += entry.weight
        return place
    }

    @inlinable mutating func touch(_ place: Int) {
        guard newest != place else { return }
        unlink(place)
        lead(place)
    }

    @inlinable mutating func lead(_ place: Int) {
        entries[place]?.newer = nil
        entries[place]?.older = newest
        if let newest { entries[newest]?.newer = place }
        newest = place
        if oldest == nil { oldest = place }
    }

    @inlinable mutating func follow(_ place: Int) {
        entries[place]?.newer = oldest
        entries[place]?.older = nil
        if let oldest { entries[oldest]?.older = place }
        oldest = place
        if newest == nil { newest = place }
    }

    @inlinable mutating func unlink(_ place: Int) {
        let newer = entries[place]?.newer
        let older = entries[place]?.older
        if let newer { entries[newer]?.older = older } else { newest = older }
        if let older { entries[older]?.newer = newer } else { oldest = newer }
    }
}

/// Which keys came lately, about: of two in one place the later is known.
@usableFromInline struct RecentKeys {
    @usableFromInline static var count: Int { 1 << 15 }
    /// Empty until something has to be remembered.
    @usableFromInline var hashes: [Int] = []

    @inlinable init() {}

    /// Notes a key by its hash; true when it was known.
    @inlinable mutating func note(_ hash: Int) -> Bool {
        if hashes.isEmpty { hashes = [Int](repeating: 0, count: RecentKeys.count) }
        let place = hash & (RecentKeys.count - 1)
        defer { hashes[place] = hash }
        return hashes[place] == hash
    }
}
