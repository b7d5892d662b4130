/// The members of a JSON object, in order, each key once.
///
/// Look-up is linear up to ``indexThreshold`` members and constant above.
package struct JSONObject: Sendable {
    /// One key with its value.
    package struct Member: Hashable, Sendable {
        /// The key, unescaped.
        package let key: String
        /// The value under the key.
        package var value: JSONValue
    }

    /// The members in the order of the text or of insertion.
    package private(set) var members: [Member] = []

    /// Positions by key, once there are enough members for it to pay; nil below.
    private var positions: [String: Int]?

    /// Up to here comparing keys one by one beats hashing: short keys are compared by two words.
    private static let indexThreshold = 32

    /// An object without members.
    package init() {}

    /// An object of these members; of a repeated key the last value stays, at the first place.
    package init(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members { self[key] = value }
    }

    /// How many members there are.
    package var count: Int { members.count }

    /// Whether there is no member.
    package var isEmpty: Bool { members.isEmpty }

    /// The keys in order.
    package var keys: [String] { members.map(\.key) }

    /// The value under the key, or nil if absent; setting nil removes the member and keeps the order of the others.
    package subscript(_ key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (nil, let value?): append(key, value)
            case (let place?, nil):
                members.remove(at: place)
                positions = nil
                indexIfLarge()
            case (nil, nil): break
            }
        }
    }

    /// Adds a member unless its key is there already; returns whether it was added.
    @discardableResult
    mutating func insert(_ key: String, _ value: JSONValue) -> Bool {
        if position(of: key) != nil { return false }
        append(key, value)
        return true
    }

    /// Whether the key is there.
    func contains(_ key: String) -> Bool { position(of: key) != nil }

    private func position(of key: String) -> Int? {
        if let positions { return positions[key] }
        // Comparing what differs is a call; most keys differ in length already.
        let count = key.utf8.count
        return members.firstIndex { $0.key.utf8.count == count && $0.key == key }
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        // Growing by doubling from one would cost most objects three allocations instead of one.
        if members.isEmpty { members.reserveCapacity(4) }
        members.append(Member(key: key, value: value))
        if positions != nil { positions?[key] = members.count - 1 } else { indexIfLarge() }
    }

    private mutating func indexIfLarge() {
        guard members.count > Self.indexThreshold else { return }
        var positions: [String: Int] = [:]
        for place in members.indices { positions[members[place].key] = place }
        self.positions = positions
    }
}

extension JSONObject: Hashable {
    /// Whether both have the same members, in whatever order.
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    /// Adds the members up, so that their order does not matter.
    package func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members { sum &+= member.hashValue }
        hasher.combine(count)
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object literal in its written order; of a repeated key the last value stays.
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
