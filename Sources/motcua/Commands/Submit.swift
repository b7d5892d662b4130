import ArgumentParser
import JSONText
import ProcedureFiles
import WorkingTime

/// `motcua submit`: a dossier from a JSON file.
struct Submit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Submits a dossier from a JSON file, through the API.",
        discussion: """
            The file is the body of POST /v1/dossiers: procedure, channel, form, documents. The client's agency is the \
            receiving centre. Sending the same file again is the same request: it makes no second dossier.

            Example:
              MOTCUA_SECRET=… motcua submit dossier.json --client dn-desk
            """)

    @Argument(help: "The file, or - for the standard input.")
    var file: String

    @OptionGroup(title: "API")
    var api: APIOptions

    @Option(help: "The officer who receives it, by the directory's id; without it the applicant submits.")
    var officer: String?

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() async throws {
        let bytes = try LocalFiles.bytes(file == "-" ? "/dev/stdin" : file, byteCountMax: 1 << 20)
        let body: JSONValue
        do throws(JSONError) { body = try JSONValue.parse(bytes) } catch {
            throw CommandFailure(.no, "\(file == "-" ? "the standard input" : file) is no JSON: \(error.message.en)")
        }
        let client = try api.makeClient()
        let key = "file-\(ProcedureFile.contentHash(bytes).prefix(40))"
        do {
            let dossier = try await client.post("/v1/dossiers", body, key: key, officer: officer).json
            DossierCard(dossier).show(format)
        } catch let failure as APIFailure {
            throw CommandFailure(failure.pause == nil ? .no : .notNow, failure.description)
        }
    }
}

/// A dossier as the API answers it, for a terminal.
struct DossierCard {
    let dossier: JSONValue

    init(_ dossier: JSONValue) {
        self.dossier = dossier
    }

    func show(_ format: OutputFormat, on terminal: Terminal = .standard) {
        if format == .json { return terminal.write(String(decoding: dossier.prettyBytes, as: UTF8.self)) }
        for (label, value) in lines { terminal.line("\(label): \(value)") }
    }

    /// An instant as notices say it; as it stands where it does not read.
    static func inWords(_ instant: String) -> String { Instant(iso8601: instant)?.vietnameseDeadline ?? instant }

    /// What is there, in order.
    var lines: [(String, String)] {
        let found: [(String, String?)] = [
            ("Mã tra cứu / look-up code", dossier["lookUpCode"]?.stringValue),
            ("Mã hồ sơ / legal code", dossier["code"]?.stringValue),
            ("Trạng thái / stage", dossier["stage"]?["tag"]?["vi"]?.stringValue),
            ("Hẹn trả / promised", dossier["promised"]?.stringValue.map(DossierCard.inWords)),
            ("Hạn / due", dossier["due"]?.stringValue.map(DossierCard.inWords)), ("Id", dossier["id"]?.stringValue),
        ]
        return found.compactMap { label, value in value.map { (label, $0) } }
    }
}
