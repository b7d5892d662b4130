import ArgumentParser
import JSONText

/// Rows under headings: columns for people, an array of objects for programs.
struct Table: Sendable {
    /// A column.
    struct Column: Sendable {
        /// The key in JSON, in camelCase.
        let key: String
        /// The heading.
        let title: String
        /// Whether it holds numbers, which stand right.
        let isNumber: Bool
        /// Whether it may stand under the column before it, where the terminal is too narrow for both.
        let maySink: Bool
        /// Whether it stands below its row under its own name, and not at all where it is empty, when the terminal is too
        /// narrow for the row.
        let isNote: Bool

        init(_ key: String, _ title: String, isNumber: Bool = false, maySink: Bool = false, isNote: Bool = false) {
            self.key = key
            self.title = title
            self.isNumber = isNumber
            self.maySink = maySink
            self.isNote = isNote
        }
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []
    /// Set apart below the rows; not in JSON.
    var total: [String]?

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; missing cells are empty, further ones are left out.
    mutating func add(_ cells: [String]) {
        rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : "" })
    }

    /// The table in columns, with rules of light lines. Where the terminal is too narrow, the columns that may sink stand
    /// under the one before them, and notes below their rows, broken between words.
    ///
    /// Widths count grapheme clusters: Vietnamese letters with their marks take one column each.
    func text(_ terminal: Terminal) -> String {
        if width > terminal.width {
            if columns.contains(where: \.maySink) { return narrowed(to: terminal.width).text(terminal) }
            if columns.contains(where: \.isNote) { return noted(on: terminal) }
        }
        let widths = widths
        var lines = [terminal.styled(line(columns.map(\.title), widths), .bold), rule]
        lines += rows.map { line($0, widths) }
        if let total { lines += [rule, line(total, widths)] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The rows as an array of objects; numbers as numbers where the cell is one.
    var json: JSONValue {
        .array(
            rows.map { row in
                var object = JSONObject()
                for (column, cell) in zip(columns, row) {
                    let number = column.isNumber ? Int64(cell) : nil
                    object[column.key] = number.map { .integer($0) } ?? .string(cell)
                }
                return .object(object)
            })
    }

    /// Writes it in the wanted form.
    func show(_ format: OutputFormat, on terminal: Terminal = .standard) {
        switch format {
        case .text: terminal.write(text(terminal))
        case .json: terminal.write(String(decoding: json.prettyBytes, as: UTF8.self))
        }
    }

    /// How wide it is with all its columns side by side.
    var width: Int { widths.reduce(0, +) + 2 * (widths.count - 1) }

    private var rule: String { widths.map { String(repeating: "─", count: $0) }.joined(separator: "──") }

    private var widths: [Int] {
        let all = [columns.map(\.title)] + rows + (total.map { [$0] } ?? [])
        return columns.indices.map { place in all.map { place < $0.count ? $0[place].count : 0 }.max() ?? 0 }
    }

    /// The same facts in a table without the columns that may sink: what they say stands in further rows.
    private func narrowed(to width: Int) -> Table {
        let kept = columns.indices.filter { !columns[$0].maySink }
        let sunk = columns.indices.filter { columns[$0].maySink }
        guard let last = kept.last else { return self }
        let left = kept.dropLast()
        let room = max(width - left.reduce(0) { $0 + widths[$1] + 2 }, 20)
        let title = ([last] + sunk).map { columns[$0].title }.joined(separator: " / ")
        var table = Table(left.map { columns[$0] } + [Column(columns[last].key, title)])
        for row in rows {
            let lines = ([last] + sunk).flatMap { broken(row[$0], into: room) }
            for (place, line) in lines.enumerated() {
                table.add(left.map { place == 0 ? row[$0] : "" } + [line])
            }
        }
        return table
    }

    /// The table without its notes, each of which stands below its row.
    private func noted(on terminal: Terminal) -> String {
        let kept = columns.indices.filter { !columns[$0].isNote }
        var table = Table(kept.map { columns[$0] })
        for row in rows { table.add(kept.map { row[$0] }) }
        table.total = total.map { total in kept.map { total[$0] } }
        let widths = table.widths
        var lines = [terminal.styled(table.line(table.columns.map(\.title), widths), .bold), table.rule]
        for (row, short) in zip(rows, table.rows) {
            lines.append(table.line(short, widths))
            for (place, column) in columns.enumerated() where column.isNote && !row[place].isEmpty {
                let note = broken("\(column.title): \(row[place])", into: terminal.width - 4)
                lines += note.enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
            }
        }
        if let total = table.total { lines += [table.rule, table.line(total, widths)] }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var parts: [String] = []
        for (place, column) in columns.enumerated() {
            let cell = place < cells.count ? cells[place] : ""
            let blank = String(repeating: " ", count: max(widths[place] - cell.count, 0))
            let isLast = place == columns.count - 1
            parts.append(column.isNumber ? blank + cell : isLast ? cell : cell + blank)
        }
        return parts.joined(separator: "  ")
    }
}

/// The text in lines of at most `width` characters, broken at spaces; a word that is longer has a line of its own.
func broken(_ text: String, into width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
        if let last = lines.last, last.count + 1 + word.count <= width {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(String(word))
        }
    }
    return lines.isEmpty ? [""] : lines
}

/// How a list is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text
    case json
}
