import JSONText
package import Notices
import WorkingTime

/// What was found in one or several files, in the order of the text.
package struct Report: Hashable, Sendable {
    /// A finding and the file in which it stands.
    package struct Row: Hashable, Sendable {
        /// The file's name, as it was given.
        package var file: String
        /// What was found.
        package var finding: Finding

        /// Joins the parts.
        package init(file: String, finding: Finding) {
            self.file = file
            self.finding = finding
        }
    }

    /// File by file, in the order in which they were read.
    package var rows: [Row]

    /// A report of these rows.
    package init(_ rows: [Row] = []) {
        self.rows = rows
    }

    /// A report of one file.
    package init(file: String, findings: [Finding]) {
        rows = findings.map { Row(file: file, finding: $0) }
    }

    /// Whether some file must be refused.
    package var hasErrors: Bool { rows.contains { $0.finding.severity == .error } }

    /// Puts another report behind this one.
    package mutating func append(_ other: Report) { rows += other.rows }

    /// One line a finding: `file:line:col  V03  error  sentence  fix`; empty where nothing was found.
    package func text(in language: Language) -> String {
        rows.map { row in
            let finding = row.finding
            var line = "\(row.file):\(finding.spot.line):\(finding.spot.column)  \(finding.rule.rawValue)"
            line += "  \(severity(finding, language))  \(language == .vi ? finding.message.vi : finding.message.en)"
            if let fix = finding.fix { line += "  \(language == .vi ? fix.vi : fix.en)" }
            return Self.printable(line) + "\n"
        }.joined()
    }

    /// What a file says may hold anything: control characters never reach a terminal, and a line stays short.
    private static func printable(_ line: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in line.unicodeScalars.prefix(1000) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            let isTurn = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            text.append(isControl || isTurn ? "\u{FFFD}" : scalar)
        }
        return String(text)
    }

    private func severity(_ finding: Finding, _ language: Language) -> String {
        switch (finding.severity, language) {
        case (.error, .vi): "lỗi"
        case (.error, .en): "error"
        case (.warning, .vi): "lưu ý"
        case (.warning, .en): "warning"
        }
    }

    /// An object `{errors, warnings, findings: […]}`, both languages in each finding.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("errors", count(.error))
            writer.member("warnings", count(.warning))
            writer.key("findings")
            writer.array { writer in
                for row in rows {
                    writer.object { writer in
                        let finding = row.finding
                        writer.member("file", row.file)
                        writer.member("line", finding.spot.line)
                        writer.member("column", finding.spot.column)
                        writer.member("path", finding.path)
                        writer.member("rule", finding.rule.rawValue)
                        writer.member("severity", finding.severity.rawValue)
                        writer.member(
                            "message", ["vi": .string(finding.message.vi), "en": .string(finding.message.en)])
                        if let fix = finding.fix {
                            writer.member("fix", ["vi": .string(fix.vi), "en": .string(fix.en)])
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private func count(_ severity: Finding.Severity) -> Int {
        rows.count { $0.finding.severity == severity }
    }

    /// A SARIF 2.1.0 log, for editors and code hosts.
    package func sarif() -> [UInt8] {
        let rules: [JSONValue] = Rule.allCases.map { ["id": .string($0.rawValue)] }
        let results: [JSONValue] = rows.map { row in
            let finding = row.finding
            let text = [finding.message.en, finding.fix?.en].compactMap { $0 }.joined(separator: " ")
            var location: JSONObject = ["artifactLocation": ["uri": .string(row.file)]]
            if finding.spot.line > 0 {
                location["region"] = [
                    "startLine": .integer(Int64(finding.spot.line)),
                    "startColumn": .integer(Int64(max(1, finding.spot.column))),
                ]
            }
            return [
                "ruleId": .string(finding.rule.rawValue), "level": .string(finding.severity.rawValue),
                "message": ["text": .string(text)], "locations": [["physicalLocation": .object(location)]],
            ]
        }
        let driver: JSONValue = ["name": "motcua", "rules": .array(rules)]
        let log: JSONValue = [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [["tool": ["driver": driver], "columnKind": "unicodeCodePoints", "results": .array(results)]],
        ]
        var writer = JSONWriter()
        writer.value(log)
        return writer.bytes
    }
}
