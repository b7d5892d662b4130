import Edge
import HTTPTypes
import Hummingbird
import JSONText
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Web

/// What came back.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    var json: JSONValue { (try? JSONValue.parse(bytes)) ?? .null }
    var code: String? { json["code"]?.stringValue }
    var etag: String { headers[.eTag] ?? "" }
    /// The faults of a problem, as `pointer code`.
    var faults: [String] {
        (json["errors"]?.arrayValue ?? []).map {
            "\($0["pointer"]?.stringValue ?? "?") \($0["code"]?.stringValue ?? "?")"
        }
    }
    /// The tag of the first task.
    var tag: String { json["tasks"]?.arrayValue?.first?["tag"]?.stringValue ?? "" }
    var id: String { json["id"]?.stringValue ?? "" }
}

/// Collects a response's body.
private final class Collected: Sendable {
    let bytes = Mutex<[UInt8]>([])
}

private struct Collector: ResponseBodyWriter {
    let collected: Collected

    mutating func write(_ buffer: ByteBuffer) async throws {
        collected.bytes.withLock { $0.append(contentsOf: buffer.readableBytesView) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension WebWorld {
    /// Sends a request; a body is JSON unless `type` says otherwise.
    func send(
        _ method: HTTPRequest.Method, _ path: String, as client: String? = nil, officer: String? = nil,
        key: String? = nil, ifMatch: String? = nil, body: [UInt8]? = nil, type: String = "application/json",
        headers more: [String: String] = [:]
    ) async throws -> Answer {
        var headers: HTTPFields = [:]
        if let client { headers[.authorization] = "Bearer \(try await token(client))" }
        if let officer { headers[try #require(HTTPField.Name("Officer-Id"))] = officer }
        if let key { headers[.idempotencyKey] = keyPrefix + key }
        if let ifMatch { headers[.ifMatch] = ifMatch }
        if let body {
            headers[.contentType] = type
            headers[.contentLength] = String(body.count)
        }
        for (name, value) in more { headers[try #require(HTTPField.Name(name))] = value }
        return try await send(method, path, headers, RequestBody(buffer: ByteBuffer(bytes: body ?? [])))
    }

    /// Sends a request of these very headers and body.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: RequestBody
    ) async throws -> Answer {
        let head = HTTPRequest(
            method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers)
        let response = try await responder.respond(
            to: Request(head: head, body: body), context: APIContext(logger: TestDatabase.logger))
        let collected = Collected()
        try await response.body.write(Collector(collected: collected))
        return Answer(
            status: response.status.code, headers: response.headers, bytes: collected.bytes.withLock { $0 })
    }

    /// Sends JSON text.
    func send(
        _ method: HTTPRequest.Method, _ path: String, as client: String? = nil, officer: String? = nil,
        key: String? = nil, ifMatch: String? = nil, json: JSONValue
    ) async throws -> Answer {
        try await send(method, path, as: client, officer: officer, key: key, ifMatch: ifMatch, body: json.bytes)
    }

    /// An access token of a client.
    func token(_ client: String) async throws -> String {
        if let token = tokens.value[client] { return token }
        let answer = try await askToken(
            "grant_type=client_credentials&client_id=\(client)&client_secret=\(Self.secret)")
        let token = try #require(answer.json["access_token"]?.stringValue, "no token for \(client)")
        tokens.set(tokens.value.merging([client: token]) { $1 })
        return token
    }

    /// Asks for a token with that form.
    func askToken(_ form: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send(
            .post, "/oauth2/token", body: Array(form.utf8), type: "application/x-www-form-urlencoded", headers: headers)
    }
}
