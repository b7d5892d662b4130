extension JSONValue {
    /// The compact text, members in their order, UTF-8.
    package var bytes: [UInt8] { written(.compact) }

    /// The canonical text (RFC 8785): no spaces, keys by their UTF-16 code units, integers in decimal.
    ///
    /// A number with fraction or exponent stays as its source text, which is more than the RFC's doubles can hold:
    /// what is hashed here holds integers only.
    package var canonicalBytes: [UInt8] { written(.canonical) }

    /// The text for people: two spaces a level, a member a line, a line feed at the end.
    package var prettyBytes: [UInt8] { written(.pretty) + [UInt8(ascii: "\n")] }

    private func written(_ style: Style) -> [UInt8] {
        var bytes: [UInt8] = []
        write(into: &bytes, style: style)
        return bytes
    }

    enum Style { case compact, canonical, pretty }

    /// What is left to write of one open array or object.
    private enum Frame {
        case array(ArraySlice<JSONValue>)
        case object(ArraySlice<JSONObject.Member>)
    }

    /// Writes with a stack of its own, so that a value built by code may be as deep as it likes.
    func write(into bytes: inout [UInt8], style: Style) {
        var open: [Frame] = []
        self.start(into: &bytes, style: style, open: &open)
        while let frame = open.popLast() {
            switch frame {
            case .array(var rest):
                guard let element = rest.popFirst() else {
                    Self.newLine(into: &bytes, style: style, level: open.count)
                    bytes.append(UInt8(ascii: "]"))
                    continue
                }
                if bytes.last != UInt8(ascii: "[") { bytes.append(UInt8(ascii: ",")) }
                open.append(.array(rest))
                Self.newLine(into: &bytes, style: style, level: open.count)
                element.start(into: &bytes, style: style, open: &open)
            case .object(var rest):
                guard let member = rest.popFirst() else {
                    Self.newLine(into: &bytes, style: style, level: open.count)
                    bytes.append(UInt8(ascii: "}"))
                    continue
                }
                if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
                open.append(.object(rest))
                Self.newLine(into: &bytes, style: style, level: open.count)
                JSONWriter.appendQuoted(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if style == .pretty { bytes.append(UInt8(ascii: " ")) }
                member.value.start(into: &bytes, style: style, open: &open)
            }
        }
    }
    /// Writes a scalar or an empty container whole; opens any other container.
    private func start(into bytes: inout [UInt8], style: Style, open: inout [Frame]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let number): JSONWriter.append(number, to: &bytes)
        case .number(let text): bytes.append(contentsOf: text.utf8)
        case .string(let text): JSONWriter.appendQuoted(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            if elements.isEmpty { bytes.append(UInt8(ascii: "]")) } else { open.append(.array(elements[...])) }
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            let members = style == .canonical ? object.membersByUTF16 : object.members
            if members.isEmpty { bytes.append(UInt8(ascii: "}")) } else { open.append(.object(members[...])) }
        }
    }

    private static func newLine(into bytes: inout [UInt8], style: Style, level: Int) {
        guard style == .pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<level { bytes.append(contentsOf: "  ".utf8) }
    }
}

extension JSONObject {
    /// The members in the order of RFC 8785, which differs from byte order beyond the basic plane.
    fileprivate var membersByUTF16: [Member] {
        // Without code points beyond the basic plane, whose UTF-8 begins with F0 or more, both orders are the same.
        guard members.allSatisfy({ $0.key.utf8.allSatisfy { $0 < 0xF0 } }) else {
            return members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
        }
        return members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
