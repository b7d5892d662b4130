import ArgumentParser
import Notices
import ProcedureFiles
import Procedures

/// `motcua fmt`: files in their one form.
struct Format: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Writes procedures, calendars and agencies in the one form that the language has.",
        discussion: """
            Keys come in the order of the reference page, each level is two spaces, and brackets, quotes and empty lines are \
            written alike everywhere, so that a difference of two texts is a difference of what they say. Comments stay. \
            What a file says stays too: a file is written only after the new text was read back and compared.

            The bytes of a published version never change: format a file before you load it, not afterwards.

            Exit code 1 with --check when a file is not in its form, and always when one does not read.

            Examples:
              motcua fmt Workflows
              motcua fmt --check my-procedure.yaml
            """)

    @Argument(help: "Files, or folders with files below them.")
    var files: [String]

    @Flag(help: "Writes nothing; names the files that are not in their form.")
    var check = false

    func run() throws {
        let terminal = Terminal.standard
        var changed = 0
        var isRefused = false
        let texts = try LocalFiles.workflows(files)
        for (path, bytes) in texts.sorted(by: { $0.key < $1.key }) {
            switch FileFormatter.format(bytes) {
            case .formatted(let result):
                guard result != bytes else { continue }
                changed += 1
                terminal.line(path)
                if !check { try LocalFiles.replace(path, with: result) }
            case .unreadable(let findings):
                isRefused = true
                terminal.write(Report(file: path, findings: findings).text(in: .en))
            case .unproved:
                isRefused = true
                Terminal.complain("\(path): left as it is: its form cannot be proved to say the same")
            }
        }
        let unchanged = texts.count - changed
        terminal.line(
            check
                ? "\(changed) files are not in their form." : "\(changed) files written, \(unchanged) left as they are."
        )
        if isRefused || (check && changed > 0) { throw ExitCode(CommandFailure.Kind.no.rawValue) }
    }
}
