import NIOCore
import NIOPosix

/// The desks of Da Nang that the dossiers go through, as Workflows/agencies/da-nang.yaml names them.
struct Desks: Sendable {
    /// One commune: its area, its civil status officer and its chairman.
    struct Commune: Sendable {
        let area: String
        let agency: String
        let officer: String
        let chairman: String
    }

    static let centre = "000.00.01.H17"
    static let reception = "dn-mc1-tiepnhan-01"
    static let connector = "civil-registry"
    static let communes = [
        Commune(
            area: "48001", agency: "000.01.01.H17", officer: "dn-haichau-hotich-01", chairman: "dn-haichau-chutich-01"),
        Commune(
            area: "48002", agency: "000.01.02.H17", officer: "dn-hoacuong-hotich-01", chairman: "dn-hoacuong-chutich-01"
        ),
        Commune(
            area: "48003", agency: "000.01.03.H17", officer: "dn-thanhkhe-hotich-01", chairman: "dn-thanhkhe-chutich-01"
        ),
    ]

    /// Access tokens by agency or connector.
    let tokens: [String: String]

    /// Gets a token for each client of the file: agency or connector, id and secret, with tabs between.
    init(clients file: String, port: Int) async throws {
        var tokens: [String: String] = [:]
        for line in try TextFile.read(file).split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            guard parts.count == 3 else { continue }
            tokens[parts[0]] = try await Self.token(id: parts[1], secret: parts[2], port: port)
        }
        let needed = [Self.centre, Self.connector] + Self.communes.map(\.agency)
        for name in needed where tokens[name] == nil { throw BenchFailure("\(file) has no client for \(name)") }
        self.tokens = tokens
    }

    private static func token(id: String, secret: String, port: Int) async throws -> String {
        let body = "grant_type=client_credentials&client_id=\(id)&client_secret=\(secret)"
        let errand = OneRequest(
            "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let answer = try await errand.send(port: port)
        guard answer.status == 200, let text = answer.body.getString(at: 0, length: answer.body.readableBytes),
            let start = text.firstRange(of: "\"access_token\":\"")
        else { throw BenchFailure("no token for \(id): \(answer.status) \(answer.excerpt)") }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
}

/// A single request with its answer.
struct OneRequest: Sendable {
    private let text: String

    init(_ text: String) { self.text = text }

    func send(port: Int) async throws -> Answer {
        let text = text
        let answers = LockedAnswer()
        let load = Load(port: port, connectionCount: 1, warmUp: .zero, extent: .untilDone(atMost: .seconds(15)))
        let result = try await load.run { _ in Once(text, answers) }
        guard let answer = answers.value else {
            throw BenchFailure("no answer on port \(port): \(result.errors.joined(separator: "; "))")
        }
        return answer
    }

    private final class Once: Errand {
        private var text: String?
        private let answers: LockedAnswer

        init(_ text: String, _ answers: LockedAnswer) {
            self.text = text
            self.answers = answers
        }

        func writeRequest(into buffer: inout ByteBuffer) -> Bool {
            guard let text else { return false }
            buffer.writeString(text)
            self.text = nil
            return true
        }

        func take(_ answer: Answer) -> Verdict {
            answers.value = answer
            return .counted
        }
    }
}
