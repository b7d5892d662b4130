import ArgumentParser
import JSONText
import Notices
import ProcedureFiles
import Procedures
import WorkingTime

/// `motcua diff`: in what two files differ, in sentences.
struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says in sentences in what two versions of a file differ.",
        discussion: """
            Steps, outcomes, limits, performers, texts, fees, papers, fields: each difference is one sentence, for the \
            officer who reads the new version beside the decree. Comments and layout are no difference. Works for \
            procedures, calendars and agencies; neither file need be sound.

            Exit code 0 when both say the same, 1 when they differ.

            Examples:
              motcua diff birth-registration-1.yaml birth-registration-2.yaml
              motcua diff old.yaml new.yaml --language vi
            """)

    @Argument(help: "The older file.")
    var old: String

    @Argument(help: "The newer file.")
    var new: String

    @Option(help: "vi, en or both.")
    var language = "both"

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        guard language == "both" || Language(rawValue: language) != nil else {
            throw ValidationError("--language is vi, en or both.")
        }
    }

    func run() throws {
        guard
            let found = FileDifference.between(
                try LocalFiles.bytes(old, byteCountMax: 1 << 20), try LocalFiles.bytes(new, byteCountMax: 1 << 20))
        else {
            throw CommandFailure(
                .notNow,
                "\(old) and \(new) cannot be compared: `motcua check` says what does not read, or they differ in kind")
        }
        let terminal = Terminal.standard
        switch format {
        case .json:
            let json = JSONWriter.bytes { json in
                json.array("differences") { json in
                    for difference in found {
                        json.object { json in
                            json.member("path", difference.path)
                            json.member("vi", difference.sentence.vi)
                            json.member("en", difference.sentence.en)
                        }
                    }
                }
            }
            terminal.write(String(decoding: json, as: UTF8.self) + "\n")
        case .text:
            for difference in found {
                if language != "en" { terminal.line("\(difference.sentence.vi).") }
                if language != "vi" { terminal.line((language == "both" ? "  " : "") + "\(difference.sentence.en).") }
            }
            if found.isEmpty { terminal.line("Hai tệp nói như nhau. / Both files say the same.") }
        }
        if !found.isEmpty { throw ExitCode(CommandFailure.Kind.no.rawValue) }
    }
}
