/// Writes JSON straight into bytes, placing the commas itself.
///
/// The caller balances `begin…` and `end…`, and puts a key before each value of an object; nothing checks it, for speed.
/// Public, like few others here: the compiler takes what is inlinable into other modules only from public types.
public struct JSONWriter: Sendable {
    /// What is written so far, UTF-8.
    @inlinable package var bytes: [UInt8] { written }
    @usableFromInline var written: [UInt8] = []

    /// A value stands before the cursor in the same array or object. One flag suffices for any depth: after an end the
    /// container itself is that value.
    @usableFromInline var needsComma = false

    /// A writer with room for about so many bytes.
    @inlinable package init(capacity: Int = 512) {
        written.reserveCapacity(capacity)
    }

    /// Opens an object.
    @inlinable package mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Closes the innermost object.
    @inlinable package mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Opens an array.
    @inlinable package mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Closes the innermost array.
    @inlinable package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes a key; its value follows.
    @inlinable package mutating func key(_ name: String) {
        comma()
        Self.appendQuoted(name, to: &written)
        written.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a string.
    @inlinable package mutating func string(_ text: String) {
        comma()
        Self.appendQuoted(text, to: &written)
    }

    /// Writes a member with a string that needs no escapes, such as a date.
    @inlinable @inline(__always) package mutating func member(_ name: String, plain write: (inout [UInt8]) -> Void) {
        key(name)
        comma()
        written.append(UInt8(ascii: "\""))
        write(&written)
        written.append(UInt8(ascii: "\""))
    }

    /// Writes an integer.
    @inlinable package mutating func integer(_ number: Int64) {
        comma()
        Self.append(number, to: &written)
    }

    /// Writes `true` or `false`.
    @inlinable package mutating func bool(_ flag: Bool) {
        comma()
        written.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    /// Writes `null`.
    @inlinable package mutating func null() {
        comma()
        written.append(contentsOf: "null".utf8)
    }

    /// Copies bytes that already are one JSON value, such as a jsonb column or a stored answer; or in an object, members
    /// with their keys and the commas between them.
    @inlinable package mutating func raw(_ json: some Collection<UInt8>) {
        comma()
        written.append(contentsOf: json)
    }

    /// Writes a value of any depth, members in their order.
    package mutating func value(_ value: JSONValue) {
        comma()
        value.write(into: &written, style: .compact)
    }

    /// Writes an object whose members `body` writes.
    @inlinable @inline(__always) package mutating func object<Failure>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        beginObject()
        try body(&self)
        endObject()
    }

    /// Writes an array whose elements `body` writes.
    @inlinable @inline(__always) package mutating func array<Failure>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        beginArray()
        try body(&self)
        endArray()
    }

    @inlinable mutating func open(_ bracket: UInt8) {
        comma()
        written.append(bracket)
        needsComma = false
    }

    @inlinable mutating func close(_ bracket: UInt8) {
        written.append(bracket)
        needsComma = true
    }

    @inlinable mutating func comma() {
        if needsComma { written.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}

extension JSONWriter {
    /// Writes a member with a string.
    @inlinable @inline(__always) package mutating func member(_ name: String, _ text: String) {
        key(name)
        string(text)
    }

    /// Writes a member with an integer.
    @inlinable @inline(__always) package mutating func member(_ name: String, _ number: Int64) {
        key(name)
        integer(number)
    }

    /// Writes a member with an integer.
    @inlinable @inline(__always) package mutating func member(_ name: String, _ number: Int) {
        key(name)
        integer(Int64(number))
    }

    /// Writes a member with a boolean.
    @inlinable @inline(__always) package mutating func member(_ name: String, _ flag: Bool) {
        key(name)
        bool(flag)
    }

    /// Writes a member with any value.
    package mutating func member(_ name: String, _ any: JSONValue) {
        key(name)
        value(any)
    }

    /// Writes a member with a string, or no member at all if it is nil.
    @inlinable @inline(__always) package mutating func member(_ name: String, ifPresent text: String?) {
        if let text { member(name, text) }
    }

    /// Writes a member with an integer, or no member at all if it is nil.
    @inlinable @inline(__always) package mutating func member(_ name: String, ifPresent number: Int64?) {
        if let number { member(name, number) }
    }

    /// Writes a member that is an object.
    @inlinable @inline(__always) package mutating func object<Failure>(
        _ name: String, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try object(body)
    }

    /// Writes a member that is an array.
    @inlinable @inline(__always) package mutating func array<Failure>(
        _ name: String, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try array(body)
    }

    /// The bytes of one object whose members `body` writes.
    @inlinable package static func bytes<Failure>(
        object body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8] {
        var writer = JSONWriter()
        try writer.object(body)
        return writer.written
    }
}
