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
    func write(to json: inout CanonicalWriter)
    init(json: JSONValue) throws(Unreadable)
}

extension CanonicalWriter {
    /// Writes a member; nil and empty lists and maps write none.
    mutating func put(_ name: String, _ value: (some Stored)?) {
        guard let value else { return }
        key(name)
        value.write(to: &self)
        dropIfEmpty()
    }

    /// Writes `true`; false writes nothing.
    mutating func flag(_ name: String, _ value: Bool) {
        guard value else { return }
        key(name)
        bool(true)
    }

    /// Writes a count; 0 writes nothing.
    mutating func count(_ name: String, _ value: Int) {
        if value != 0 { put(name, value) }
    }
}

/// The members of one stored object, read by key.
struct Members {
    private let object: JSONObject

    init(_ json: JSONValue) throws(Unreadable) {
        guard let object = json.objectValue else { throw Unreadable("an object was expected") }
        self.object = object
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
    var bytes: [UInt8] {
        var json = CanonicalWriter(capacity: 1_024)
        write(to: &json)
        return json.bytes
    }

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
    func write(to json: inout CanonicalWriter) { json.integer(Int64(self)) }
    init(json: JSONValue) throws(Unreadable) {
        guard let number = json.integerValue else { throw Unreadable("an integer was expected") }
        self = Int(number)
    }
}

extension Int64: Stored {
    func write(to json: inout CanonicalWriter) { json.integer(self) }
    init(json: JSONValue) throws(Unreadable) {
        guard let number = json.integerValue else { throw Unreadable("an integer was expected") }
        self = number
    }
}

extension Bool: Stored {
    func write(to json: inout CanonicalWriter) { json.bool(self) }
    init(json: JSONValue) throws(Unreadable) {
        guard let flag = json.boolValue else { throw Unreadable("true or false was expected") }
        self = flag
    }
}

extension String: Stored {
    func write(to json: inout CanonicalWriter) { json.string(self) }
    init(json: JSONValue) throws(Unreadable) {
        guard let text = json.stringValue else { throw Unreadable("a text was expected") }
        self = text
    }
}

extension Array: Stored where Element: Stored {
    func write(to json: inout CanonicalWriter) {
        json.array { list in for element in self { element.write(to: &list) } }
    }
    init(json: JSONValue) throws(Unreadable) {
        guard let elements = json.arrayValue else { throw Unreadable("a list was expected") }
        self = []
        reserveCapacity(elements.count)
        for element in elements { append(try Element(json: element)) }
    }
}

extension Dictionary: Stored where Key == String, Value: Stored {
    func write(to json: inout CanonicalWriter) {
        json.object { members in
            for (name, value) in self {
                members.key(name)
                value.write(to: &members)
            }
        }
    }
    init(json: JSONValue) throws(Unreadable) {
        guard let object = json.objectValue else { throw Unreadable("an object was expected") }
        self = [:]
        for member in object.members { self[member.key] = try Value(json: member.value) }
    }
}

extension Instant: Stored {
    func write(to json: inout CanonicalWriter) { json.integer(microseconds) }
    init(json: JSONValue) throws(Unreadable) { self.init(microseconds: try Int64(json: json)) }
}

extension CivilDate: Stored {
    func write(to json: inout CanonicalWriter) { json.integer(Int64(daysSinceEpoch)) }
    init(json: JSONValue) throws(Unreadable) { self.init(daysSinceEpoch: try Int(json: json)) }
}

extension Pause: Stored {
    func write(to json: inout CanonicalWriter) { [from, until].write(to: &json) }
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
