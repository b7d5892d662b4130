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

        init(_ key: String, _ title: String, isNumber: Bool = false) {
            self.key = key
            self.title = title
            self.isNumber = isNumber
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

    /// The table in columns, with rules of light lines.
    ///
    /// Widths count grapheme clusters: Vietnamese letters with their marks take one column each.
    func text(_ terminal: Terminal) -> String {
        let all = [columns.map(\.title)] + rows + (total.map { [$0] } ?? [])
        let widths = columns.indices.map { place in
            all.map { place < $0.count ? $0[place].count : 0 }.max() ?? 0
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "──")
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

/// How a list is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text
    case json
}
