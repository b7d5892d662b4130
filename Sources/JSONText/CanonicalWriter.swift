/// Writes canonical JSON (RFC 8785) straight into bytes, without a tree in between.
///
/// Members may be written in any order: an object that ends with its members in disorder is put in order then, which costs a
/// copy of its text. The caller balances `begin…` and `end…`, puts a key before each value of an object, and gives no key twice.
package struct CanonicalWriter: Sendable {
    private var json: JSONWriter
    /// The members of all open objects, the outer ones first.
    private var members: [Member] = []
    /// For each open object how many of ``members`` belong to those around it.
    private var outer: [Int] = []

    /// Where a member stands in the text.
    private struct Member {
        /// The opening quote of its key.
        var start: Int
        /// The closing quote of its key.
        var keyEnd: Int
        /// Whether the key reads as it is written, and its bytes sort as its UTF-16 code units do.
        var isPlain: Bool
    }

    /// A writer with room for about so many bytes.
    package init(capacity: Int = 512) {
        json = JSONWriter(capacity: capacity)
        members.reserveCapacity(32)
    }

    /// What is written so far, UTF-8.
    package var bytes: [UInt8] { json.bytes }

    /// Opens an object.
    package mutating func beginObject() {
        json.beginObject()
        outer.append(members.count)
    }

    /// Closes the innermost object, its members in order.
    package mutating func endObject() {
        let first = outer.popLast() ?? 0
        if !isInOrder(from: first) { putInOrder(from: first) }
        members.removeLast(members.count - first)
        json.endObject()
    }

    /// Opens an array.
    package mutating func beginArray() { json.beginArray() }

    /// Closes the innermost array.
    package mutating func endArray() { json.endArray() }

    /// Writes a key; its value follows.
    package mutating func key(_ name: String) {
        let start = json.bytes.count + (json.needsComma ? 1 : 0)
        json.key(name)
        let keyEnd = json.bytes.count - 2
        let isPlain = keyEnd - start - 1 == name.utf8.count && !name.utf8.contains { $0 >= 0xF0 }
        members.append(Member(start: start, keyEnd: keyEnd, isPlain: isPlain))
    }

    /// Takes the last key and its value back if the value is an empty array or object.
    package mutating func dropIfEmpty() {
        guard let last = members.last else { return }
        let value = last.keyEnd + 2
        guard bytes.count == value + 2, [UInt8(ascii: "["), UInt8(ascii: "{")].contains(bytes[value]),
            [UInt8(ascii: "]"), UInt8(ascii: "}")].contains(bytes[value + 1])
        else { return }
        members.removeLast()
        let isFirst = members.count == outer.last
        json.written.removeLast(json.written.count - last.start + (isFirst ? 0 : 1))
        json.needsComma = !isFirst
    }

    /// Writes a string.
    package mutating func string(_ text: String) { json.string(text) }

    /// Writes an integer.
    package mutating func integer(_ number: Int64) { json.integer(number) }

    /// Writes `true` or `false`.
    package mutating func bool(_ flag: Bool) { json.bool(flag) }
}

extension CanonicalWriter {
    /// Writes an object whose members `body` puts.
    package mutating func object(_ body: (inout CanonicalWriter) -> Void) {
        beginObject()
        body(&self)
        endObject()
    }

    /// Writes an array whose elements `body` writes.
    package mutating func array(_ body: (inout CanonicalWriter) -> Void) {
        beginArray()
        body(&self)
        endArray()
    }

    /// Writes a member with a string; nil writes none.
    package mutating func member(_ name: String, _ text: String?) {
        guard let text else { return }
        key(name)
        string(text)
    }

    /// Writes a member with an integer; nil writes none.
    package mutating func member(_ name: String, _ number: Int64?) {
        guard let number else { return }
        key(name)
        integer(number)
    }
}

extension CanonicalWriter {
    private func isInOrder(from first: Int) -> Bool {
        guard members.count > first + 1 else { return true }
        return (first + 1..<members.count).allSatisfy { precedes(members[$0 - 1], members[$0]) }
    }

    private mutating func putInOrder(from first: Int) {
        let start = members[first].start
        var texts: [(member: Member, end: Int)] = []
        for place in first..<members.count {
            // A comma stands between a member and the next.
            let end = place + 1 < members.count ? members[place + 1].start - 1 : bytes.count
            texts.append((members[place], end))
        }
        texts.sort { precedes($0.member, $1.member) }
        var ordered: [UInt8] = []
        ordered.reserveCapacity(bytes.count - start)
        for text in texts {
            if !ordered.isEmpty { ordered.append(UInt8(ascii: ",")) }
            ordered.append(contentsOf: bytes[text.member.start..<text.end])
        }
        json.written.replaceSubrange(start..., with: ordered)
    }

    /// The order of keys by their UTF-16 code units.
    private func precedes(_ left: Member, _ right: Member) -> Bool {
        guard left.isPlain, right.isPlain else { return name(left).utf16.lexicographicallyPrecedes(name(right).utf16) }
        return bytes[left.start + 1..<left.keyEnd].lexicographicallyPrecedes(bytes[right.start + 1..<right.keyEnd])
    }

    /// A member's key, read back from its text.
    private func name(_ member: Member) -> String {
        let text = Array(bytes[member.start...member.keyEnd])
        // What this writer quoted can be read.
        return (try? JSONValue.parse(text))?.stringValue ?? String(decoding: text, as: UTF8.self)
    }
}
