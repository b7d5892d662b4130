package import Procedures
import WorkingTime
import Yams

/// Reads YAML text into a ``Procedures/Draft``: nodes only, with the place of every key and value.
///
/// Refused: more than 256 KB, deeper than 32, anchors, aliases, explicit tags, `<<`, keys that are no plain text, a key
/// twice, more than one document, invalid UTF-8 and NUL. No input traps.
package enum TextFile {
    /// The most bytes that a file may have.
    package static let byteCountMax = 256 * 1024
    static let depthMax = 32

    /// What the text says, or why it does not read; a draft may come with findings, and then it is incomplete.
    package static func draft(_ bytes: [UInt8]) -> (draft: Draft?, findings: [Finding]) {
        guard bytes.count <= byteCountMax else {
            return refused("Tệp lớn hơn 256 KB.", "The file is larger than 256 KB.", Spot(line: 1, column: 1))
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            return refused("Tệp không phải UTF-8.", "The file is not valid UTF-8 text.", Spot(line: 1, column: 1))
        }
        if let spot = tooDeep(bytes) {
            return refused("Lồng quá \(depthMax) tầng.", "It is nested deeper than \(depthMax) levels.", spot)
        }
        do {
            let parser = try Parser(yaml: text)
            guard let root = try parser.singleRoot() else {
                return refused("Tệp trống.", "The file is empty.", Spot(line: 1, column: 1))
            }
            var walk = NodeWalk()
            // Yams keeps anchors weakly: they are gone with the parser.
            let draft = withExtendedLifetime(parser) { walk.draft(root, path: "", depth: 0) }
            return (draft, walk.findings)
        } catch {
            return explain(error, text)
        }
    }

    private static func refused(_ vi: String, _ en: String, _ spot: Spot) -> (draft: Draft?, findings: [Finding]) {
        (nil, [Finding(.v01, path: "", spot: spot, message: BilingualText(vi: vi, en: en))])
    }

    /// Where the text opens more brackets or list marks than any lawful file: the parser below recurses once for each.
    private static func tooDeep(_ bytes: [UInt8]) -> Spot? {
        var line = 1
        var column = 0
        var brackets = 0
        var marks = 0
        var startsLine = true
        for byte in bytes {
            column += 1
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                column = 0
                marks = 0
                startsLine = true
            case UInt8(ascii: "\r"):
                // Alone it ends a line for the parser too; for people a line ends with what follows it.
                column = 0
                marks = 0
                startsLine = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                brackets += 1
                startsLine = false
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                brackets = max(0, brackets - 1)
                startsLine = false
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
                if startsLine { marks += 1 }
            case UInt8(ascii: " "), UInt8(ascii: "\t"): break
            default: startsLine = false
            }
            let isIndented = startsLine && column > 400
            if brackets > 2 * depthMax || marks > depthMax || isIndented { return Spot(line: line, column: column) }
        }
        return nil
    }

    private static func explain(_ error: any Error, _ text: String) -> (draft: Draft?, findings: [Finding]) {
        guard let error = error as? YamlError else {
            return refused("Không đọc được YAML.", "The YAML does not read.", Spot(line: 1, column: 1))
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return refused(
                "YAML sai cú pháp: \(problem).", "The YAML does not read: \(problem).",
                Spot(line: mark.line, column: mark.column))
        case .duplicatedKeysInMapping(let keys, let context):
            let first = Spot(line: context.mark.line, column: context.mark.column)
            let key = keys.first ?? ""
            let spot = RepeatedKey.spot(of: key, after: first, in: text)
            let message = BilingualText(
                vi: "Khóa “\(key)” đã có ở dòng \(first.line).",
                en: "The key “\(key)” already stands in line \(first.line).")
            return (nil, [Finding(.v18, path: "", spot: spot, message: message)])
        case .reader(let problem, _, _, _):
            return refused(
                "Không đọc được YAML: \(problem).", "The YAML does not read: \(problem).", Spot(line: 1, column: 1))
        default:
            return refused("Không đọc được YAML.", "The YAML does not read.", Spot(line: 1, column: 1))
        }
    }
}

/// Walks Yams' nodes; what it refuses it does not enter, so that aliases cannot make the walk long.
private struct NodeWalk {
    private(set) var findings: [Finding] = []

    mutating func draft(_ node: Yams.Node, path: String, depth: Int) -> Draft {
        let spot = Self.spot(node.mark)
        guard depth <= TextFile.depthMax else {
            refuse(
                "Lồng quá \(TextFile.depthMax) tầng.", "It is nested deeper than \(TextFile.depthMax) levels.", path,
                spot)
            return Draft(.list([]), path: path, spot: spot)
        }
        switch node {
        case .scalar(let scalar):
            checkMarks(anchor: scalar.anchor != nil, tag: Self.isExplicit(scalar), path, spot)
            return Draft(.scalar(scalar.string, quoted: scalar.style != .plain), path: path, spot: spot)
        case .sequence(let sequence):
            guard checkMarks(anchor: sequence.anchor != nil, tag: !sequence.tag.description.isEmpty, path, spot) else {
                return Draft(.list([]), path: path, spot: spot)
            }
            let items = sequence.enumerated().map { place, node in
                draft(node, path: path.isEmpty ? "\(place)" : "\(path)/\(place)", depth: depth + 1)
            }
            return Draft(.list(items), path: path, spot: spot)
        case .mapping(let mapping):
            guard checkMarks(anchor: mapping.anchor != nil, tag: !mapping.tag.description.isEmpty, path, spot) else {
                return Draft(.map([]), path: path, spot: spot)
            }
            return Draft(.map(entries(mapping, path, depth)), path: path, spot: spot)
        case .alias:
            refuse("Không dùng bí danh (*).", "Aliases (*) are not allowed.", path, spot)
            return Draft(.list([]), path: path, spot: spot)
        }
    }

    private mutating func entries(_ mapping: Yams.Node.Mapping, _ path: String, _ depth: Int) -> [Draft.Entry] {
        var entries: [Draft.Entry] = []
        for pair in mapping {
            let spot = Self.spot(pair.key.mark)
            guard case .scalar(let key) = pair.key else {
                refuse("Khóa phải là văn bản.", "A key must be a text.", path, spot)
                continue
            }
            let inner = path.isEmpty ? key.string : path + "/" + key.string
            // Looking for repeated keys gives every key the tag that its text resolves to.
            let isOwn = Self.isExplicit(key) && !key.tag.description.hasPrefix("tag:yaml.org,2002:")
            checkMarks(anchor: key.anchor != nil, tag: isOwn, inner, spot)
            if key.string == "<<", key.style == .plain {
                refuse("Không dùng khóa gộp “<<”.", "The merge key “<<” is not allowed.", inner, spot)
                continue
            }
            entries.append(
                Draft.Entry(key: key.string, spot: spot, value: draft(pair.value, path: inner, depth: depth + 1)))
        }
        return entries
    }

    /// Yams marks a quoted scalar with the tag of text; any other tag of a scalar was written.
    private static func isExplicit(_ scalar: Yams.Node.Scalar) -> Bool {
        let tag = scalar.tag.description
        return !tag.isEmpty && !(tag == "tag:yaml.org,2002:str" && scalar.style != .plain)
    }

    @discardableResult
    private mutating func checkMarks(anchor: Bool, tag: Bool, _ path: String, _ spot: Spot) -> Bool {
        if anchor {
            refuse("Không dùng neo (&) và bí danh (*).", "Anchors (&) and aliases (*) are not allowed.", path, spot)
        }
        if tag { refuse("Không dùng nhãn kiểu (!).", "Explicit tags (!) are not allowed.", path, spot) }
        return !anchor && !tag
    }

    private mutating func refuse(_ vi: String, _ en: String, _ path: String, _ spot: Spot) {
        guard findings.count < 100 else { return }
        findings.append(Finding(.v01, path: path, spot: spot, message: BilingualText(vi: vi, en: en)))
    }

    private static func spot(_ mark: Mark?) -> Spot {
        Spot(line: mark?.line ?? 0, column: mark?.column ?? 0)
    }
}

/// Finds the second place of a key that stands twice in one map; the parser names the first only.
private enum RepeatedKey {
    static func spot(of key: String, after first: Spot, in text: String) -> Spot {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard first.line >= 1, first.line <= lines.count else { return first }
        let wanted = [Array(key.unicodeScalars), Array("\"\(key)\"".unicodeScalars), Array("'\(key)'".unicodeScalars)]
        let isBlock = lines[first.line - 1].unicodeScalars.prefix(max(0, first.column - 1)).allSatisfy {
            $0 == " " || $0 == "-"
        }
        for number in first.line...lines.count {
            let line = Array(lines[number - 1].unicodeScalars)
            let start = number == first.line ? first.column : 0
            if isBlock {
                // In a block map the second key stands in the same column.
                let column = max(0, first.column - 1)
                guard number > first.line, line.prefix(column).allSatisfy({ $0 == " " }) else { continue }
                if wanted.contains(where: { matches($0, line, at: column) }) {
                    return Spot(line: number, column: column + 1)
                }
            } else {
                for column in line.indices where column >= start {
                    guard column == 0 || "{, ".unicodeScalars.contains(line[column - 1]) else { continue }
                    if wanted.contains(where: { matches($0, line, at: column) }) {
                        return Spot(line: number, column: column + 1)
                    }
                }
            }
        }
        return first
    }

    private static func matches(_ key: [Unicode.Scalar], _ line: [Unicode.Scalar], at column: Int) -> Bool {
        guard column >= 0, column + key.count < line.count else { return false }
        return key.indices.allSatisfy { line[column + $0] == key[$0] }
            && line[(column + key.count)...].first { $0 != " " } == ":"
    }
}
