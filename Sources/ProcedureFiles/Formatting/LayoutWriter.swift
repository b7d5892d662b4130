import Yams

/// Writes a layout in the one form that files of this language have: two spaces a level, lists two deeper than their key,
/// brackets without padding, at most one empty line, comments where they were.
struct LayoutWriter {
    private var lines: [String] = []

    /// The text, with one line break at its end.
    static func write(_ root: LayoutNode) -> String {
        var writer = LayoutWriter()
        if root.isBlock { writer.block(root, indent: 0) } else { writer.lines.append(flow(root)) }
        writer.gap(root.footer, indent: 0)
        return writer.lines.joined(separator: "\n") + "\n"
    }

    private mutating func block(_ node: LayoutNode, indent: Int) {
        for (place, entry) in node.entries.enumerated() {
            // An empty line between a key and what stands under it says nothing.
            let before = place == 0 ? Array(entry.before.drop { $0 == .empty }) : entry.before
            gap(before, indent: indent)
            let mark = entry.key.map { Self.text($0) + ":" } ?? "-"
            self.entry(entry, String(repeating: " ", count: indent) + mark, indent: indent)
        }
        if indent > 0 { gap(node.footer, indent: indent) }
    }

    private mutating func entry(_ entry: LayoutEntry, _ mark: String, indent: Int) {
        let value = entry.value
        if value.isBlock {
            if entry.key == nil, entry.comment == nil, value.entries.first?.before.contains(where: \.isComment) != true
            {
                // The first key stands behind the dash.
                let start = lines.count
                block(value, indent: indent + 2)
                if lines.indices.contains(start) { lines[start] = mark + lines[start].dropFirst(mark.count) }
            } else {
                lines.append(commented(mark, entry))
                block(value, indent: indent + 2)
            }
            return
        }
        if case .scalar(let scalar) = value.content, case .block(let header, let text) = scalar.style {
            lines.append(commented("\(mark) \(header)", entry))
            let margin = String(repeating: " ", count: indent + 2)
            lines += text.map { $0.isEmpty ? "" : margin + $0 }
            return
        }
        let text = Self.flow(value)
        lines.append(commented(text.isEmpty ? mark : "\(mark) \(text)", entry))
    }

    /// The line with its comment, in the column where it was if there is room.
    private func commented(_ line: String, _ entry: LayoutEntry) -> String {
        guard let comment = entry.comment else { return line }
        let width = line.unicodeScalars.count
        return line + String(repeating: " ", count: max(2, comment.column - 1 - width)) + comment.text
    }

    private mutating func gap(_ gap: [LayoutLine], indent: Int) {
        for line in gap {
            switch line {
            case .empty: if lines.last?.isEmpty == false { lines.append("") }
            case .comment(let text): lines.append(String(repeating: " ", count: indent) + text)
            }
        }
    }

    // MARK: Values in one line

    static func flow(_ node: LayoutNode) -> String {
        switch node.content {
        case .scalar(let scalar): text(scalar)
        case .list(let items): "[" + items.map { flow($0.value) }.joined(separator: ", ") + "]"
        case .map(let entries):
            "{" + entries.map { ($0.key.map(text) ?? "") + ": " + flow($0.value) }.joined(separator: ", ") + "}"
        }
    }

    /// How long a value is in one line does not depend on its comments.
    static func flow(_ node: Yams.Node) -> String {
        switch node {
        case .scalar(let scalar):
            text(LayoutScalar(text: scalar.string, style: scalar.style == .plain ? .plain : .quoted))
        case .sequence(let sequence): "[" + sequence.map(flow).joined(separator: ", ") + "]"
        case .mapping(let mapping):
            "{" + mapping.map { flow($0.key) + ": " + flow($0.value) }.joined(separator: ", ") + "}"
        case .alias: ""
        }
    }

    /// A quoted text stays quoted, since quotes can make a number a text; in double quotes unless it holds some.
    static func text(_ scalar: LayoutScalar) -> String {
        if scalar.style == .plain { return scalar.text }
        let isPlainText = scalar.text.unicodeScalars.allSatisfy { !needsEscape($0) }
        if isPlainText, scalar.text.contains(where: { $0 == "\"" || $0 == "\\" }) {
            return "'" + scalar.text.replacing("'", with: "''") + "'"
        }
        var quoted = "\""
        for character in scalar.text.unicodeScalars {
            switch character {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where needsEscape(character):
                let digits = String(character.value, radix: 16)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
            default: quoted.unicodeScalars.append(character)
            }
        }
        return quoted + "\""
    }

    /// What cannot stand in a text of one line, or cannot be seen.
    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0xFEFF, 0x2028, 0x2029: true
        default: false
        }
    }
}

extension LayoutLine {
    /// Whether it says something.
    var isComment: Bool { self != .empty }
}
