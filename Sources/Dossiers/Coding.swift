import JSONText
import WorkingTime

/// Why stored bytes could not be read back: a fault of the store or of a build that is too old, never of a person.
package struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected, and where.
    package var description: String

    init(_ description: String) { self.description = description }
}

/// A value of the log: written to canonical JSON (RFC 8785; keys of one or two letters, times in integer microseconds)
/// and read back to the same bytes, for decades (R5, R19).
protocol Stored {
    var json: JSONValue { get }
    init(json: JSONValue) throws(Unreadable)
}

/// The members of one stored object: read by key, written where there is something to say.
struct Members {
    private var object: JSONObject

    init() { object = JSONObject() }

    init(_ json: JSONValue) throws(Unreadable) {
        guard let object = json.objectValue else { throw Unreadable("an object was expected") }
        self.object = object
    }

    var json: JSONValue { .object(object) }

    /// Writes a member; nil and empty lists and maps write none.
    mutating func put(_ key: String, _ value: (some Stored)?) {
        guard let value else { return }
        let json = value.json
        if case .array(let elements) = json, elements.isEmpty { return }
        if case .object(let inner) = json, inner.isEmpty { return }
        object[key] = json
    }

    /// Writes `true`; false writes nothing.
    mutating func flag(_ key: String, _ value: Bool) {
        if value { object[key] = .bool(true) }
    }

    /// Writes a count; 0 writes nothing.
    mutating func count(_ key: String, _ value: Int) {
        if value != 0 { object[key] = .integer(Int64(value)) }
    }

    func get<Value: Stored>(_ key: String, as type: Value.Type = Value.self) throws(Unreadable) -> Value {
        guard let json = object[key] else { throw Unreadable("“\(key)” is missing") }
        return try Value(json: json)
    }

    func find<Value: Stored>(_ key: String, as type: Value.Type = Value.self) throws(Unreadable) -> Value? {
        guard let json = object[key] else { return nil }
        return try Value(json: json)
    }

    func list<Value: Stored>(_ key: String, of type: Value.Type = Value.self) throws(Unreadable) -> [Value] {
        try find(key, as: [Value].self) ?? []
    }

    func map<Value: Stored>(_ key: String, of type: Value.Type = Value.self) throws(Unreadable) -> [String: Value] {
        try find(key, as: [String: Value].self) ?? [:]
    }

    func flag(_ key: String) throws(Unreadable) -> Bool { try find(key) ?? false }
    func count(_ key: String) throws(Unreadable) -> Int { try find(key) ?? 0 }
}

extension Stored {
    /// The canonical bytes, as they are hashed and stored.
    var bytes: [UInt8] { json.canonicalBytes }

    /// Reads what `bytes` wrote.
    init(bytes: [UInt8]) throws(Unreadable) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue.parse(bytes, limits: JSONLimits(byteCountMax: 1 << 24))
        } catch {
            throw Unreadable(error.message.en)
        }
        try self.init(json: json)
    }
}

extension Int: Stored {
    var json: JSONValue { .integer(Int64(self)) }
    init(json: JSONValue) throws(Unreadable) {
        guard let number = json.integerValue else { throw Unreadable("an integer was expected") }
        self = Int(number)
    }
}

extension Int64: Stored {
    var json: JSONValue { .integer(self) }
    init(json: JSONValue) throws(Unreadable) {
        guard let number = json.integerValue else { throw Unreadable("an integer was expected") }
        self = number
    }
}

extension Bool: Stored {
    var json: JSONValue { .bool(self) }
    init(json: JSONValue) throws(Unreadable) {
        guard let flag = json.boolValue else { throw Unreadable("true or false was expected") }
        self = flag
    }
}

extension String: Stored {
    var json: JSONValue { .string(self) }
    init(json: JSONValue) throws(Unreadable) {
        guard let text = json.stringValue else { throw Unreadable("a text was expected") }
        self = text
    }
}

extension Array: Stored where Element: Stored {
    var json: JSONValue { .array(map(\.json)) }
    init(json: JSONValue) throws(Unreadable) {
        guard let elements = json.arrayValue else { throw Unreadable("a list was expected") }
        self = []
        reserveCapacity(elements.count)
        for element in elements { append(try Element(json: element)) }
    }
}

extension Dictionary: Stored where Key == String, Value: Stored {
    var json: JSONValue { .object(JSONObject(map { ($0.key, $0.value.json) })) }
    init(json: JSONValue) throws(Unreadable) {
        guard let object = json.objectValue else { throw Unreadable("an object was expected") }
        self = [:]
        for member in object.members { self[member.key] = try Value(json: member.value) }
    }
}

extension Instant: Stored {
    var json: JSONValue { .integer(microseconds) }
    init(json: JSONValue) throws(Unreadable) { self.init(microseconds: try Int64(json: json)) }
}

extension CivilDate: Stored {
    var json: JSONValue { .integer(Int64(daysSinceEpoch)) }
    init(json: JSONValue) throws(Unreadable) { self.init(daysSinceEpoch: try Int(json: json)) }
}

extension Pause: Stored {
    var json: JSONValue { .array([from.json, until.json]) }
    init(json: JSONValue) throws(Unreadable) {
        let ends = try [Instant](json: json)
        guard ends.count == 2 else { throw Unreadable("a pause has two ends") }
        self.init(from: ends[0], until: ends[1])
    }
}

/// Reads an enum by its raw text.
func stored<Value: RawRepresentable<String>>(
    _ text: String, as type: Value.Type = Value.self
) throws(Unreadable) -> Value {
    guard let value = Value(rawValue: text) else { throw Unreadable("“\(text)” is no \(type)") }
    return value
}

/// Reads an enum by its raw number.
func stored<Value: RawRepresentable<Int>>(
    _ number: Int, as type: Value.Type = Value.self
) throws(Unreadable) -> Value {
    guard let value = Value(rawValue: number) else { throw Unreadable("\(number) is no \(type)") }
    return value
}
