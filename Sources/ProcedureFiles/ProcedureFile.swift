package import Procedures

/// Reads procedure files.
package enum ProcedureFile {
    /// What came of reading a file.
    package struct Loaded: Sendable {
        /// The compiled procedure; nil where the report has an error.
        package var procedure: Procedure?
        /// Every finding, in the order of the text.
        package var report: Report
    }

    /// Reads and compiles one file; procedures that it links must be in the catalogue.
    /// - Parameter name: The file's name, as the report shows it.
    package static func read(_ bytes: [UInt8], name: String, catalogue: Catalogue) -> Loaded {
        let text = TextFile.draft(bytes)
        guard let draft = text.draft else {
            return Loaded(procedure: nil, report: Report(file: name, findings: text.findings))
        }
        return read(draft, text.findings, hash: contentHash(bytes), name: name, catalogue: catalogue)
    }

    /// SHA-256 of a file's bytes, in lower-case hexadecimal: the name of a published version.
    package static func contentHash(_ bytes: [UInt8]) -> String { SHA256.hex(bytes) }

    static func read(
        _ draft: Draft, _ findings: [Finding], hash: String, name: String, catalogue: Catalogue
    ) -> Loaded {
        let compiled = Procedure.compile(draft, contentHash: hash, in: catalogue)
        let report = Report(file: name, findings: (findings + compiled.findings).sorted { $0.spot < $1.spot })
        return Loaded(procedure: report.hasErrors ? nil : compiled.procedure, report: report)
    }
}
