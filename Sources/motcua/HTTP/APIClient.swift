import JSONText
import Synchronization

/// A client of the API: gets its access token, sends commands under their keys, and asks again when told to.
final class APIClient: Sendable {
    /// Who it is (OAuth 2.0 client credentials).
    struct Credentials: Sendable {
        let id: String
        let secret: String
    }

    let credentials: Credentials
    private let http: HTTPClient
    private let token = Mutex<String?>(nil)
    private let tryCountMax: Int

    /// A client; several may share one HTTP client.
    init(_ http: HTTPClient, _ credentials: Credentials, tryCountMax: Int = 8) {
        self.http = http
        self.credentials = credentials
        self.tryCountMax = tryCountMax
    }

    /// Reads.
    /// - Throws: ``APIFailure`` for an answer that is no success; ``HTTPFailure`` for none.
    func get(_ path: String) async throws -> APIAnswer {
        try await send(HTTPCall(.get, path))
    }

    /// Sends a command. The same key with the same body has one effect, however often it is sent.
    /// - Parameters:
    ///   - key: nil for what is no command, such as leasing.
    ///   - officer: who acts, by the directory's id; nil for the applicant.
    ///   - tag: what the caller believes of the task or dossier, as it was read.
    /// - Throws: as ``get(_:)``.
    func post(
        _ path: String, _ body: JSONValue, key: String?, officer: String? = nil, tag: String? = nil
    ) async throws -> APIAnswer {
        var headers = [("Content-Type", "application/json")]
        if let key { headers.append(("Idempotency-Key", "\"\(key)\"")) }
        if let officer { headers.append(("Officer-Id", officer)) }
        if let tag { headers.append(("If-Match", tag)) }
        return try await send(HTTPCall(.post, path, headers: headers, body: body.bytes, isRepeatable: key != nil))
    }

    /// Sends bytes of another type than JSON, such as a procedure file.
    /// - Throws: as ``get(_:)``.
    func post(_ path: String, bytes: [UInt8], type: String, key: String) async throws -> APIAnswer {
        let headers = [("Content-Type", type), ("Idempotency-Key", "\"\(key)\"")]
        return try await send(HTTPCall(.post, path, headers: headers, body: bytes, isRepeatable: true))
    }

    private func send(_ call: HTTPCall) async throws -> APIAnswer {
        var tries = 0
        var hasRenewed = false
        while true {
            tries += 1
            var call = call
            call.headers.append(("Authorization", "Bearer \(try await bearer())"))
            call.headers.append(("Accept-Language", "vi, en;q=0.5"))
            let answer = APIAnswer(try await http.send(call))
            if (200..<300).contains(answer.status) { return answer }
            if answer.status == 401, !hasRenewed {
                hasRenewed = true
                token.withLock { $0 = nil }
                continue
            }
            let failure = APIFailure(answer)
            guard let pause = failure.pause, tries < tryCountMax else { throw failure }
            try await Task.sleep(for: pause)
        }
    }

    private func bearer() async throws -> String {
        if let token = token.withLock({ $0 }) { return token }
        let basic = Base64.text(Array("\(credentials.id):\(credentials.secret)".utf8))
        let call = HTTPCall(
            .post, "/oauth2/token",
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", "Basic \(basic)")],
            body: Array("grant_type=client_credentials".utf8), isRepeatable: true)
        let answer = APIAnswer(try await http.send(call))
        guard answer.status == 200, let token = answer.json["access_token"]?.stringValue else {
            throw APIFailure(answer)
        }
        self.token.withLock { $0 = token }
        return token
    }
}

/// A success.
struct APIAnswer: Sendable {
    let status: Int
    /// Null where the body is no JSON.
    let json: JSONValue
    /// As it goes into `If-Match`.
    let tag: String?
    let retryAfterSeconds: Int?

    init(_ answer: HTTPAnswer) {
        status = answer.status
        // A server of ours writes JSON; what is none has nothing to tell.
        json =
            (try? JSONValue.parse(answer.body, limits: JSONLimits(byteCountMax: 16 << 20, valueCountMax: 2_000_000)))
            ?? .null
        tag = answer.header("ETag")
        retryAfterSeconds = answer.header("Retry-After").flatMap { Int($0) }
    }
}

/// An answer that is no success, in the words of its problem document (RFC 9457) or of OAuth.
struct APIFailure: Error, Sendable, CustomStringConvertible {
    let status: Int
    /// The last part of the problem's type, such as `stale-version`.
    let code: String
    let title: String
    let detail: String?
    /// Each fault as `pointer: message`.
    let faults: [String]
    private let retryAfterSeconds: Int?

    init(_ answer: APIAnswer) {
        status = answer.status
        let json = answer.json
        let type = json["type"]?.stringValue ?? json["error"]?.stringValue ?? ""
        code = type.split(whereSeparator: { $0 == "/" || $0 == ":" || $0 == "#" }).last.map(String.init) ?? ""
        title = json["title"]?.stringValue ?? json["error_description"]?.stringValue ?? ""
        detail = json["detail"]?.stringValue
        faults = (json["errors"]?.arrayValue ?? []).map { fault in
            let place = fault["pointer"]?.stringValue ?? ""
            let text = fault["detail"]?.stringValue ?? fault["message"]?.stringValue ?? fault["code"]?.stringValue ?? ""
            return place.isEmpty ? text : "\(place): \(text)"
        }
        retryAfterSeconds = answer.retryAfterSeconds
    }

    /// How long to wait before the same is asked again; nil where asking again is of no use.
    var pause: Duration? {
        switch status {
        case 429, 503: .seconds(min(max(retryAfterSeconds ?? 1, 0), 30)) + .milliseconds(100)
        case 409 where code == "request-in-progress": .milliseconds(200)
        default: nil
        }
    }

    /// One line.
    var description: String {
        var text = "\(status) \(title)"
        if let detail { text += ": \(detail)" }
        // Its sentence goes on.
        if text.hasSuffix(".") { text.removeLast() }
        if !faults.isEmpty { text += " (\(faults.prefix(5).joined(separator: "; ")))" }
        if status == 401 { text += "; check --client and --secret-file" }
        return text
    }
}

/// Base64 (RFC 4648), for HTTP Basic.
enum Base64 {
    static func text(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).map { start + $0 < bytes.count ? UInt32(bytes[start + $0]) : 0 }
            let bits = group[0] << 16 | group[1] << 8 | group[2]
            for place in 0..<4 {
                let isPadding = start + place > bytes.count
                text.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
