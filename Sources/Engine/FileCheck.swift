import Dossiers
import Notices
import ProcedureFiles
package import Procedures
import WorkingTime

/// The one way by which a procedure file is checked: at upload, on the command line and at start.
package enum FileCheck {
    /// Reads, verifies and compiles a file, and runs its examples on the real core (V23).
    /// - Parameter name: the file's name, as the report shows it.
    package static func check(_ bytes: [UInt8], name: String, in catalogue: Catalogue) -> FileReport {
        let loaded = ProcedureFile.read(bytes, name: name, catalogue: catalogue)
        var findings = loaded.report.rows.map(\.finding)
        guard let procedure = loaded.procedure else { return FileReport(findings: findings, procedure: nil) }
        findings += examples(of: procedure, in: catalogue, text: bytes)
        let isRefused = findings.contains { $0.severity == .error }
        return FileReport(findings: findings, procedure: isRefused ? nil : procedure)
    }

    /// The examples of a compiled procedure that differ from what the core does, each at the line of its name.
    package static func examples(
        of procedure: Procedure, in catalogue: Catalogue, text: [UInt8]
    ) -> [Finding] {
        let failures = ExampleRunner.run(procedure, in: catalogue)
        guard !failures.isEmpty else { return [] }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return failures.map { failure in
            let line = lines.firstIndex { $0.contains("name:") && $0.contains(failure.example) } ?? 0
            return Finding(
                .v23, path: "examples", spot: Spot(line: line + 1, column: 1),
                message: BilingualText(
                    vi: "Ví dụ “\(failure.example)”: \(failure.message.vi)",
                    en: "Example “\(failure.example)”: \(failure.message.en ?? failure.message.vi)"))
        }
    }
}
