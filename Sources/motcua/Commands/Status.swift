import ArgumentParser
import JSONText
import Notices

/// `motcua status`: what a citizen sees.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows where a dossier stands, as the citizens' pages do.",
        discussion: """
            By the look-up code on the receipt: where it is, what the applicant must do, the promised date. By the legal \
            code, which can be guessed, only how complete it is.

            Example:
              motcua status 74MC-P2XQ-93HQ
            """)

    @Argument(help: "The look-up code or the legal code.")
    var code: String

    @Option(help: ArgumentHelp("Where the citizens' pages are. (MOTCUA_PAGES)", valueName: "url"))
    var pages: String?

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() async throws {
        let text = pages ?? DataOptions.environment("MOTCUA_PAGES") ?? "http://127.0.0.1:8081"
        guard let address = ServerAddress(text) else {
            throw ValidationError("“\(text)” is no address such as http://127.0.0.1:8081.")
        }
        let path = "/v1/progress/\(Status.escaped(code))"
        let answer = APIAnswer(
            try await HTTPClient(address).send(HTTPCall(.get, path, headers: [("Accept-Language", "vi, en;q=0.5")])))
        guard answer.status == 200 else {
            throw Status.failure(APIFailure(answer), code)
        }
        if format == .json { return Terminal.standard.write(String(decoding: answer.json.prettyBytes, as: UTF8.self)) }
        for line in Status.lines(answer.json) { Terminal.standard.line(line) }
    }

    /// What a refusal of the pages means for whoever typed the code.
    static func failure(_ failure: APIFailure, _ code: String) -> CommandFailure {
        switch failure.code {
        case "not-found":
            CommandFailure(
                .no,
                "no dossier is known as “\(code.prefix(60))”: give the look-up code of the receipt, such as 74MC-P2XQ-93HQ, "
                    + "or the legal code")
        case "mistyped-code":
            CommandFailure(.no, "“\(code.prefix(60))” has a wrong symbol: compare it with the receipt, one by one")
        default: CommandFailure(failure.pause == nil ? .no : .notNow, failure.description)
        }
    }

    /// The picture as lines, Vietnamese first.
    static func lines(_ json: JSONValue) -> [String] {
        var lines: [String] = []
        func add(_ label: String, _ value: String?) {
            if let value { lines.append("\(label): \(value)") }
        }
        if let sentence = json["sentence"] {
            lines.append(sentence["vi"]?.stringValue ?? "")
            if let english = sentence["en"]?.stringValue { lines.append(english) }
        }
        add("Trạng thái / stage", both(json["stage"]?["tag"]))
        add("Việc bạn cần làm / what you must do", both(json["action"]?["text"]))
        add("Đang ở / now at", both(json["holder"]?["name"]))
        add("Hẹn trả / promised", json["promisedAt"]?.stringValue.map(DossierCard.inWords))
        for part in json["parts"]?.arrayValue ?? [] {
            add("  \(both(part["part"]) ?? "")", both(part["stage"]?["tag"]))
        }
        return lines
    }

    private static func both(_ text: JSONValue?) -> String? {
        guard let vi = text?["vi"]?.stringValue else { return nil }
        return text?["en"]?.stringValue.map { "\(vi) / \($0)" } ?? vi
    }

    /// The code as a part of a path: whatever is typed reaches the server as one segment.
    static func escaped(_ code: String) -> String {
        var text = ""
        for byte in code.utf8.prefix(200) {
            let letter = byte | 0x20
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return text
    }
}
