/// Writes tables as CSV: RFC 4180, UTF-8 with a byte order mark, which spreadsheets need to see that it is UTF-8.
struct CSVWriter {
    /// What is written so far.
    private(set) var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Adds a line.
    mutating func line(_ cells: [Cell]) {
        for (place, cell) in cells.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            switch cell {
            case .number(let number): bytes.append(contentsOf: String(number).utf8)
            case .text(let text): bytes.append(contentsOf: CSVWriter.quoted(CSVWriter.harmless(text)).utf8)
            }
        }
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    /// A cell.
    enum Cell: Hashable, Sendable {
        case text(String)
        case number(Int64)
    }

    /// A spreadsheet takes what begins so for a formula: an apostrophe makes it a text.
    private static func harmless(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) else {
            return text
        }
        return "'" + text
    }

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { byte in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0D || byte == 0x0A
        }
        guard needsQuotes else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
