/// A place in a file, for people: both count from 1; 0 where the text had no file.
package struct Spot: Hashable, Comparable, Sendable {
    /// The line.
    package var line: Int
    /// The column, in characters.
    package var column: Int

    /// Joins line and column.
    package init(line: Int = 0, column: Int = 0) {
        self.line = line
        self.column = column
    }

    /// Orders by line, then column.
    package static func < (left: Spot, right: Spot) -> Bool {
        left.line == right.line ? left.column < right.column : left.line < right.line
    }

    /// The place so many characters to the right.
    func moved(by columns: Int) -> Spot { Spot(line: line, column: column + columns) }
}

/// What a file says, unresolved: scalars, lists and named entries in the order of the text, each with its place.
///
/// It holds no meaning yet: ``Grammar`` says which keys may stand where, and compiling gives them their sense.
package struct Draft: Hashable, Sendable {
    /// The three forms of a value.
    package enum Content: Hashable, Sendable {
        /// A text as written; `quoted` when it stood in quotes, so that `"true"` is no yes-no. An empty plain scalar is
        /// what stands after a key without a value.
        case scalar(String, quoted: Bool)
        case list([Draft])
        /// In the order of the text, each key once (the reader has refused repeated ones).
        case map([Entry])
    }

    /// A key with its value.
    package struct Entry: Hashable, Sendable {
        /// The key as written.
        package var key: String
        /// Where the key stands.
        package var spot: Spot
        /// What stands under it.
        package var value: Draft

        /// Joins the parts.
        package init(key: String, spot: Spot = Spot(), value: Draft) {
            self.key = key
            self.spot = spot
            self.value = value
        }
    }

    /// What it says.
    package var content: Content
    /// Keys and positions (from 0) from the root, joined by `/`: `steps/receive/outcomes/accept`; empty for the root.
    package var path: String
    /// Where the value stands.
    package var spot: Spot

    /// Joins the parts.
    package init(_ content: Content, path: String = "", spot: Spot = Spot()) {
        self.content = content
        self.path = path
        self.spot = spot
    }

    /// The text of a scalar, or nil.
    var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The elements of a list; empty for everything else.
    var items: [Draft] {
        if case .list(let items) = content { items } else { [] }
    }

    /// The entries of a map; empty for everything else.
    var entries: [Entry] {
        if case .map(let entries) = content { entries } else { [] }
    }

    /// The entry of that key, or nil.
    func entry(_ key: String) -> Entry? { entries.first { $0.key == key } }

    /// What stands under a key, or nil.
    subscript(key: String) -> Draft? { entry(key)?.value }

    /// The text under a key, or nil.
    func text(_ key: String) -> String? { self[key]?.text }

    /// `true` or `false` without quotes, or nil.
    var yesNo: Bool? {
        switch content {
        case .scalar("true", quoted: false): true
        case .scalar("false", quoted: false): false
        default: nil
        }
    }

    /// A whole number without quotes, sign `-` allowed, no leading zeros; or nil.
    var whole: Int64? {
        guard case .scalar(let text, quoted: false) = content, text.utf8.count <= 19 else { return nil }
        guard let number = Int64(text), String(number) == text else { return nil }
        return number
    }
}
