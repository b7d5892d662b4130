import Procedures
import Yams

/// Reads a text, whose values ``TextFile`` has read without a finding, into a ``LayoutNode``.
struct LayoutReader {
    /// A bracketed value over several lines that would be longer than this in one becomes a block.
    static let flowWidthMax = 160

    private let scan: SourceScan
    /// Brackets that hold comments, or are too long for a line.
    private var opened: Set<Spot> = []
    /// The entries of blocks, in the order of the text.
    private var entries: [LayoutEntry] = []

    /// The layout, and every comment in the order of the text; nil where the text has something that this reader does not
    /// know, so that nothing is ever lost.
    static func read(_ text: String) -> (root: LayoutNode, comments: [String])? {
        guard let lines = SourceScan.lines(of: text) else { return nil }
        guard let parser = try? Parser(yaml: text), let root = try? parser.singleRoot() else { return nil }
        return withExtendedLifetime(parser) {
            var starts = SourceScan.Starts()
            find(root, holder: 0, lines, &starts)
            var reader = LayoutReader(SourceScan(lines, starts))
            let layout = reader.node(root, holder: nil)
            reader.attach(to: layout)
            return (layout, reader.scan.comments.map(\.text))
        }
    }

    private init(_ scan: SourceScan) {
        self.scan = scan
        for comment in scan.comments { opened.formUnion(comment.inside) }
    }

    /// Whether a list or map stands in brackets: the reader below says the style of what ends, which is always none.
    private static func isBracketed(_ spot: Spot, _ lines: [[Unicode.Scalar]]) -> Bool {
        guard lines.indices.contains(spot.line - 1), lines[spot.line - 1].indices.contains(spot.column - 1) else {
            return false
        }
        let scalar = lines[spot.line - 1][spot.column - 1]
        return scalar == "{" || scalar == "["
    }

    private static func spot(_ mark: Mark?) -> Spot { Spot(line: mark?.line ?? 0, column: mark?.column ?? 0) }

    // MARK: Where values begin

    /// - Parameter holder: the column of the key or dash under which the value stands; lines of a block text are deeper.
    private static func find(
        _ node: Yams.Node, holder: Int, _ lines: [[Unicode.Scalar]], _ starts: inout SourceScan.Starts
    ) {
        switch node {
        case .scalar(let scalar):
            switch scalar.style {
            case .singleQuoted, .doubleQuoted: starts.quoted.insert(spot(scalar.mark))
            case .literal, .folded:
                starts.hiddenLines.formUnion(blockLines(below: spot(scalar.mark).line, holder: holder, lines))
            default: break
            }
        case .mapping(let mapping):
            if isBracketed(spot(mapping.mark), lines) { starts.brackets.insert(spot(mapping.mark)) }
            for pair in mapping {
                find(pair.key, holder: holder, lines, &starts)
                find(pair.value, holder: spot(pair.key.mark).column, lines, &starts)
            }
        case .sequence(let sequence):
            if isBracketed(spot(sequence.mark), lines) { starts.brackets.insert(spot(sequence.mark)) }
            for item in sequence {
                find(item, holder: dash(before: spot(item.mark), lines).column, lines, &starts)
            }
        case .alias: break
        }
    }

    /// The lines of a `|` or `>` text: those that are deeper than its key, and empty ones between.
    private static func blockLines(below line: Int, holder: Int, _ lines: [[Unicode.Scalar]]) -> [Int] {
        var found: [Int] = []
        var empty: [Int] = []
        for next in line..<max(line, lines.count) {
            if lines[next].allSatisfy({ $0 == " " || $0 == "\t" }) {
                empty.append(next + 1)
            } else {
                guard lines[next].prefix(while: { $0 == " " }).count >= holder else { break }
                found += empty + [next + 1]
                empty = []
            }
        }
        return found
    }

    /// Where the dash of a list's item stands, whose value begins at `spot`: before it in its line, or alone in a line
    /// above. In brackets there is none.
    private static func dash(before spot: Spot, _ lines: [[Unicode.Scalar]]) -> Spot {
        guard lines.indices.contains(spot.line - 1) else { return spot }
        let before = lines[spot.line - 1].prefix(max(0, spot.column - 1))
        if let place = before.lastIndex(where: { $0 != " " && $0 != "\t" }) {
            return before[place] == "-" ? Spot(line: spot.line, column: place + 1) : spot
        }
        for line in (0..<spot.line - 1).reversed() {
            let text = lines[line].drop { $0 == " " || $0 == "\t" }
            if text.isEmpty || text.first == "#" { continue }
            return lastDash(lines[line]).map { Spot(line: line + 1, column: $0 + 1) } ?? spot
        }
        return spot
    }

    /// The last dash of a line that has nothing but dashes, and perhaps a comment.
    private static func lastDash(_ line: [Unicode.Scalar]) -> Int? {
        var last: Int?
        for (place, scalar) in line.enumerated() {
            switch scalar {
            case " ", "\t": continue
            case "-": last = place
            case "#": return last
            default: return nil
            }
        }
        return last
    }

    // MARK: The tree

    private mutating func node(_ node: Yams.Node, holder: LayoutEntry?) -> LayoutNode {
        switch node {
        case .scalar(let scalar): return LayoutNode(.scalar(self.scalar(scalar)))
        case .mapping(let mapping):
            let isFlow = isFlow(node)
            let entries = mapping.map { pair in
                let key: LayoutScalar
                if case .scalar(let scalar) = pair.key {
                    key = self.scalar(scalar)
                } else {
                    // The reader of values has refused it before.
                    key = LayoutScalar(text: "", style: .plain)
                }
                return entry(key, pair.value, at: Self.spot(pair.key.mark), holder, isFlow: isFlow)
            }
            return LayoutNode(.map(entries), isFlow: isFlow)
        case .sequence(let sequence):
            let isFlow = isFlow(node)
            let entries = sequence.map { item in
                let spot = Self.spot(item.mark)
                return entry(nil, item, at: isFlow ? spot : Self.dash(before: spot, scan.lines), holder, isFlow: isFlow)
            }
            return LayoutNode(.list(entries), isFlow: isFlow)
        case .alias: return LayoutNode(.scalar(LayoutScalar(text: "", style: .plain)))
        }
    }

    private mutating func entry(
        _ key: LayoutScalar?, _ value: Yams.Node, at spot: Spot, _ holder: LayoutEntry?, isFlow: Bool
    ) -> LayoutEntry {
        let entry = LayoutEntry(key: key, line: spot.line, column: spot.column, holder: holder)
        if !isFlow { entries.append(entry) }
        entry.value = node(value, holder: entry)
        return entry
    }

    /// Whether a bracketed value stays in one line: nothing in it needs lines of its own, and it is not too long.
    private func isFlow(_ node: Yams.Node) -> Bool {
        let spot = Self.spot(node.mark)
        guard Self.isBracketed(spot, scan.lines), !opened.contains(spot) else { return false }
        let isLong = LayoutWriter.flow(node).unicodeScalars.count > Self.flowWidthMax
        return !isLong || (scan.ends[spot] ?? spot.line) == spot.line
    }

    private func scalar(_ scalar: Yams.Node.Scalar) -> LayoutScalar {
        let style: LayoutScalar.Style
        switch scalar.style {
        case .literal, .folded: style = block(scalar)
        case .singleQuoted, .doubleQuoted: style = .quoted
        default: style = .plain
        }
        return LayoutScalar(text: scalar.string, style: style)
    }

    /// The lines of a `|` or `>` text as they are written; in quotes where its indicators say more than how it ends.
    private func block(_ scalar: Yams.Node.Scalar) -> LayoutScalar.Style {
        let spot = Self.spot(scalar.mark)
        guard scan.lines.indices.contains(spot.line - 1) else { return .quoted }
        let header = Self.string(
            scan.lines[spot.line - 1].dropFirst(spot.column - 1).prefix { $0 != " " && $0 != "\t" })
        guard ["|", "|-", ">", ">-"].contains(header) else { return .quoted }
        var lines: [[Unicode.Scalar]] = []
        for line in spot.line..<scan.lines.count {
            guard scan.hidden.contains(line + 1) else { break }
            lines.append(scan.lines[line])
        }
        let indent = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        // Without a line break at the end of the file the text has none either; written, the file has one.
        let ending = header.count == 1 && !scalar.string.hasSuffix("\n") ? "-" : ""
        return .block(header: header + ending, lines: lines.map { Self.string($0.dropFirst(min(indent, $0.count))) })
    }

    private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    // MARK: Comments

    /// Gives every comment, and every empty line between entries, its entry.
    private func attach(to root: LayoutNode) {
        for entry in entries where !startsWithinLine(entry) { entry.before = gap(before: entry.line) }
        for comment in scan.comments {
            let next = entries.first { $0.line > comment.line }
            let last = entries.last { ($0.line, $0.column) <= (comment.line, comment.column) }
            if !comment.isAlone, let last {
                if last.comment == nil {
                    last.comment = (comment.text, comment.column)
                } else {
                    last.before.append(.comment(comment.text))
                }
                continue
            }
            let lines = gap(before: comment.line) + [.comment(comment.text)]
            guard let next else {
                root.footer += lines
                continue
            }
            if comment.column > next.column, let block = block(of: comment, behind: last, before: next) {
                block.footer += lines
            } else {
                // What stands in `before` already is the gap right above the entry.
                let gap = next.before.last == .empty ? [LayoutLine.empty] : []
                next.before = next.before.dropLast(gap.count) + lines + gap
            }
        }
    }

    /// The innermost block around the last entry whose entries stand no deeper than the comment; nil where the next entry
    /// is one of its own.
    private func block(
        of comment: SourceScan.Comment, behind last: LayoutEntry?, before next: LayoutEntry
    ) -> LayoutNode? {
        var entry = last
        while let inner = entry {
            if inner.column <= comment.column {
                return inner.column <= next.column ? nil : inner.holder?.value
            }
            entry = inner.holder
        }
        return nil
    }

    /// Whether another entry begins in its line before it, as a list's item before its first key.
    private func startsWithinLine(_ entry: LayoutEntry) -> Bool {
        var holder = entry.holder
        while let outer = holder {
            if outer.line == entry.line { return true }
            holder = outer.holder
        }
        return false
    }

    private func gap(before line: Int) -> [LayoutLine] {
        line > 1 && scan.isEmpty(line - 1) && !scan.hidden.contains(line - 1) ? [.empty] : []
    }
}
