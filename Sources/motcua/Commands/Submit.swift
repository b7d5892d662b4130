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

            For a child of the same birth give the first one's dossier and a file with what differs: the rest of the form \
            is copied, which is reading it, so that the officer must be named.

            Examples:
              MOTCUA_SECRET=… motcua submit dossier.json --client dn-desk
              MOTCUA_SECRET=… motcua submit second.json --client dn-desk \\
                --sibling ID --officer dn-mc1-tiepnhan-01
            """)

    @Argument(help: "The file, or - for the standard input.")
    var file: String

    @OptionGroup(title: "API")
    var api: APIOptions

    @Option(help: "The officer who receives it, by the directory's id; without it the applicant submits.")
    var officer: String?

    @Option(help: "The dossier of another child of the same birth, by its id.")
    var sibling: String?

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() async throws {
        let bytes = try LocalFiles.bytes(file == "-" ? "/dev/stdin" : file, byteCountMax: 1 << 20)
        let request: (body: JSONValue, key: String)
        do throws(JSONError) { request = try Self.request(bytes, sibling: sibling) } catch {
            throw CommandFailure(.no, "\(file == "-" ? "the standard input" : file) is no JSON: \(error.message.en)")
        }
        let client = try api.makeClient()
        do {
            let dossier = try await client.post(
                "/v1/dossiers", request.body, key: request.key, officer: officer
            ).json
            DossierCard(dossier).show(format)
        } catch let failure as APIFailure {
            throw CommandFailure(failure.pause == nil ? .no : .notNow, failure.description)
        }
    }

    /// What is sent, and under which key: the same file is the same request, unless it is sent for another sibling.
    static func request(
        _ bytes: [UInt8], sibling: String?
    ) throws(JSONError) -> (body: JSONValue, key: String) {
        var body = try JSONValue.parse(bytes)
        if let sibling, var submission = body.objectValue {
            submission["sibling"] = .string(sibling)
            body = .object(submission)
        }
        return (body, "file-\(ProcedureFile.contentHash(bytes + (sibling ?? "").utf8).prefix(40))")
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

    private var siblings: [String] { dossier["siblings"]?.arrayValue?.compactMap(\.stringValue) ?? [] }

    /// What is there, in order.
    var lines: [(String, String)] {
        let found: [(String, String?)] = [
            ("Mã tra cứu / look-up code", dossier["lookUpCode"]?.stringValue),
            ("Mã hồ sơ / legal code", dossier["code"]?.stringValue),
            ("Trạng thái / stage", dossier["stage"]?["tag"]?["vi"]?.stringValue),
            ("Hẹn trả / promised", dossier["promised"]?.stringValue.map(DossierCard.inWords)),
            ("Hạn / due", dossier["due"]?.stringValue.map(DossierCard.inWords)), ("Id", dossier["id"]?.stringValue),
            ("Hồ sơ của trẻ sinh cùng lần / siblings", siblings.isEmpty ? nil : siblings.joined(separator: ", ")),
        ]
        return found.compactMap { label, value in value.map { (label, $0) } }
    }
}
