/// A file as it is written: its values with the way they are laid out, and its comments. Unlike a ``Procedures/Draft`` it
/// loses nothing that an administrator wrote.
final class LayoutNode {
    enum Content {
        case scalar(LayoutScalar)
        case list([LayoutEntry])
        case map([LayoutEntry])
    }

    var content: Content
    /// Whether it stands in brackets or braces, in one line.
    let isFlow: Bool
    /// Comments behind the last entry of a block.
    var footer: [LayoutLine] = []

    init(_ content: Content, isFlow: Bool = false) {
        self.content = content
        self.isFlow = isFlow
    }

    var entries: [LayoutEntry] {
        switch content {
        case .scalar: []
        case .list(let entries), .map(let entries): entries
        }
    }

    /// Whether it has lines of its own below its key.
    var isBlock: Bool {
        if case .scalar = content { false } else { !isFlow && !entries.isEmpty }
    }
}

/// An item of a list, or a key with its value.
final class LayoutEntry {
    /// Nil in a list.
    let key: LayoutScalar?
    var value = LayoutNode(.scalar(LayoutScalar(text: "", style: .plain)))
    /// Where its key, or its dash, stands; both count from 1.
    let line: Int
    let column: Int
    /// Comments and empty lines before it.
    var before: [LayoutLine] = []
    /// The comment behind it, in its line.
    var comment: (text: String, column: Int)?
    /// The entry under which it stands; nil in the root.
    private(set) weak var holder: LayoutEntry?

    init(key: LayoutScalar?, line: Int, column: Int, holder: LayoutEntry?) {
        self.key = key
        self.line = line
        self.column = column
        self.holder = holder
    }
}

/// A line without a value.
enum LayoutLine: Equatable {
    case empty
    /// From the `#` on.
    case comment(String)
}

/// A key, or a value that is neither list nor map.
struct LayoutScalar: Equatable {
    enum Style: Equatable {
        case plain
        case quoted
        /// `|` or `>` with its indicators; the lines as they are written, without their common indentation.
        case block(header: String, lines: [String])
    }

    var text: String
    var style: Style
}
