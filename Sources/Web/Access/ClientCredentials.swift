import Edge
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// The id and secret that a client presents, by HTTP Basic or in the form, never by both (RFC 6749, 2.3.1).
struct ClientCredentials: Sendable {
    let id: String
    let secret: String
    let isBasic: Bool

    init(_ request: Request, _ form: FormFields) throws(TokenRefusal) {
        if let header = request.headers[.authorization] {
            guard form["client_secret"] == nil else {
                throw .invalidRequest("The client's secret came twice: by Basic and in the form.")
            }
            guard let (id, secret) = Self.basic(header) else { throw .invalidClient(byBasic: true) }
            self.id = id
            self.secret = secret
            isBasic = true
        } else {
            guard let id = form["client_id"], let secret = form["client_secret"] else {
                throw .invalidClient(byBasic: false)
            }
            self.id = id
            self.secret = secret
            isBasic = false
        }
        // What cannot be a client's id never reaches the database.
        guard id.isPlainName(maxLength: 255), (1...512).contains(secret.utf8.count) else {
            throw .invalidClient(byBasic: isBasic)
        }
    }

    private static func basic(_ header: String) -> (String, String)? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic", parts[1].utf8.count <= 2048,
            let data = Data(base64Encoded: String(parts[1])), let text = String(validating: data, as: UTF8.self),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        guard let id = FormFields.decoded(text[..<colon]),
            let secret = FormFields.decoded(text[text.index(after: colon)...])
        else { return nil }
        return (id, secret)
    }
}

/// The fields of a form-encoded body, each once.
struct FormFields: Sendable {
    static let contentType = "application/x-www-form-urlencoded"
    private static let byteCountMax = 8192
    private var values: [String: String] = [:]

    /// Reads the body of a request.
    init(_ request: Request) async throws(TokenRefusal) {
        let bytes: [UInt8]
        do {
            try request.requireContentType([Self.contentType])
            bytes = try await request.body(upTo: Self.byteCountMax)
        } catch let error as Problem {
            if error.status == .unsupportedMediaType {
                throw .invalidRequest("The body must be \(Self.contentType).")
            }
            throw .other(error)
        } catch {
            throw .other(.requestTimeout)
        }
        try self.init(bytes: bytes)
    }

    /// Reads `name=value&…`.
    init(bytes: [UInt8]) throws(TokenRefusal) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidRequest("Not valid UTF-8.") }
        for pair in text.split(separator: "&").prefix(32) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                throw .invalidRequest("A field does not read.")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .invalidRequest("A field came twice.")
            }
        }
    }

    /// The field of that name; nil if it is not there.
    subscript(_ name: String) -> String? { values[name] }

    /// The text behind `%41` and `+`; nil if it does not read or is no UTF-8.
    static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst(), let low = rest.popFirst(),
                    let value = Hexadecimal.bytes(String(decoding: [high, low], as: UTF8.self).lowercased())?.first
                else { return nil }
                bytes.append(value)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
