import ArgumentParser
import Engine
import Notices
import ProcedureFiles
import Procedures

/// `motcua check`: files proved sound before they run.
struct Check: ParsableCommand {
    /// How findings are printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case sarif
    }

    static let configuration = CommandConfiguration(
        abstract: "Checks procedures, calendars and agencies, and runs the examples of procedures.",
        discussion: """
            Each finding is one line: file:line:column, the verifier's rule, what is wrong and what to do. Examples run on \
            the engine's own core in simulated time. Exit code 1 when a file must be refused; warnings alone are 0.

            What the files name (calendars, agencies, linked procedures) is looked for among the files given and in \
            --with, whose own findings are not shown.

            Examples:
              motcua check Workflows
              motcua check my-procedure.yaml --with Workflows --format sarif > report.sarif
            """)

    @Argument(help: "Files, or folders with files below them.")
    var files: [String]

    @Option(help: "A folder whose files may be named by those that are checked.")
    var with: String?

    @Option(help: "text, json or sarif.")
    var format: Format = .text

    @Option(help: "The language of text findings: vi or en.")
    var language = "en"

    func validate() throws {
        guard Language(rawValue: language) != nil else { throw ValidationError("--language is vi or en.") }
    }

    func run() throws {
        let given = try LocalFiles.workflows(files)
        var texts = given
        if let with {
            // A file that is checked stands for its older self in the folder.
            let hashes = Set(given.values.map(ProcedureFile.contentHash))
            for (name, bytes) in try LocalFiles.workflows([with])
            where !hashes.contains(ProcedureFile.contentHash(bytes)) {
                texts[name] = texts[name] ?? bytes
            }
        }
        let report = Check.report(texts, about: Set(given.keys))
        let terminal = Terminal.standard
        switch format {
        case .json: terminal.write(String(decoding: report.json(), as: UTF8.self) + "\n")
        case .sarif: terminal.write(String(decoding: report.sarif(), as: UTF8.self) + "\n")
        case .text:
            terminal.write(report.text(in: Language(rawValue: language) ?? .en))
            let examples = Check.exampleCount(texts, about: Set(given.keys))
            if !report.hasErrors {
                terminal.line(
                    Check.counted(given.count, "file is", "files are") + " sound; "
                        + Check.counted(examples, "example", "examples") + " came out as the files say.")
            }
        }
        if report.hasErrors { throw ExitCode(CommandFailure.Kind.no.rawValue) }
    }

    private static func counted(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    /// Everything that is wrong in the files named, examples included.
    static func report(_ texts: [String: [UInt8]], about names: Set<String>) -> Report {
        let loaded = WorkflowFolder.read(texts: texts)
        var report = Report(loaded.report.rows.filter { names.contains($0.file) })
        for (name, procedure) in procedures(loaded.catalogue, texts, about: names) {
            let findings = FileCheck.examples(of: procedure, in: loaded.catalogue, text: texts[name] ?? [])
            report.append(Report(file: name, findings: findings))
        }
        return report
    }

    private static func exampleCount(_ texts: [String: [UInt8]], about names: Set<String>) -> Int {
        let loaded = WorkflowFolder.read(texts: texts)
        return procedures(loaded.catalogue, texts, about: names).reduce(0) { $0 + $1.1.examples.count }
    }

    private static func procedures(
        _ catalogue: Catalogue, _ texts: [String: [UInt8]], about names: Set<String>
    ) -> [(String, Procedure)] {
        names.sorted().compactMap { name in
            texts[name].flatMap { bytes in
                catalogue.procedure(hash: ProcedureFile.contentHash(bytes)).map { (name, $0) }
            }
        }
    }
}
