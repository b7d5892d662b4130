import Edge
import Engine
import HTTPTypes
import Hummingbird
import JSONText

/// Gives clients their access tokens: OAuth 2.0, client credentials (RFC 6749, 4.4).
struct TokenController: Sendable {
    static let path = "/oauth2/token"

    let engine: DossierEngine
    let keys: TokenKeys
    let nowSeconds: @Sendable () -> Int64

    var routes: [Route] {
        [
            Route(
                open: .post, Self.path,
                Operation(
                    id: "issueToken", group: "Access", summary: "Get an access token for ten minutes.",
                    details: "Grant `client_credentials`; the client's id and secret by HTTP Basic or in the form. "
                        + "Errors are those of RFC 6749, 5.2.",
                    body: .init(types: [FormFields.contentType], schema: "TokenRequest", example: "tokenRequest"),
                    answers: [
                        .init(status: 200, text: "The token.", schema: "Token", example: "token"),
                        .init(
                            status: 400, text: "The request is not valid.", schema: "TokenError", example: "tokenError"),
                        .init(
                            status: 401, text: "The client is not known, or its secret is wrong.", schema: "TokenError"),
                    ], problems: [.contentTooLarge]), issue)
        ]
    }

    @Sendable private func issue(_ request: Request, _ context: APIContext) async throws -> Response {
        do throws(TokenRefusal) {
            let form = try await FormFields(request)
            guard form["grant_type"] == "client_credentials" else { throw .unsupportedGrant }
            let record = try await authenticated(request, form)
            let caller = Caller(record)
            let scopes = try Self.scopes(asked: form["scope"], of: caller)
            return try await answer(caller, scopes)
        } catch {
            if let problem = error.problem { throw problem }
            return error.response
        }
    }

    private func answer(_ caller: Caller, _ scopes: Set<Scope>) async throws(TokenRefusal) -> Response {
        let token = AccessToken(caller, scopes: scopes, nowSeconds: nowSeconds())
        guard let text = try? await keys.sign(token) else { throw .other(.internalError) }
        let body = JSONWriter.bytes { json in
            json.member("access_token", text)
            json.member("token_type", "Bearer")
            json.member("expires_in", AccessToken.lifeSeconds)
            json.member("scope", token.scope)
        }
        return .json(body, headers: [.cacheControl: "no-store"])
    }

    private func authenticated(_ request: Request, _ form: FormFields) async throws(TokenRefusal) -> ClientRecord {
        let credentials = try ClientCredentials(request, form)
        let record: ClientRecord?
        do { record = try await engine.client(id: credentials.id) } catch let error as CommandError {
            throw .other(error.problem)
        } catch { throw .other(.internalError) }
        // An unknown client costs the same hash and comparison as a known one.
        let presented = ClientSecret.hash(credentials.secret, with: engine)
        let stored = record?.secretHash ?? [UInt8](repeating: 0, count: presented.count)
        guard ClientSecret.isSame(presented, stored), let record, !record.isDisabled else {
            throw .invalidClient(byBasic: credentials.isBasic)
        }
        return record
    }

    /// The scopes that the token gets: those asked for, all of which the client must have; all of the client's if none is.
    private static func scopes(asked: String?, of caller: Caller) throws(TokenRefusal) -> Set<Scope> {
        guard let asked, !asked.isEmpty else { return caller.scopes }
        var scopes: Set<Scope> = []
        for word in asked.split(separator: " ") {
            guard let scope = Scope(rawValue: String(word)), caller.scopes.contains(scope) else { throw .invalidScope }
            scopes.insert(scope)
        }
        return scopes
    }
}

/// Why no token is given, in the words of RFC 6749.
enum TokenRefusal: Error, Sendable {
    case invalidRequest(String)
    case invalidClient(byBasic: Bool)
    case unsupportedGrant
    case invalidScope
    /// A fault that is not OAuth's.
    case other(Problem)

    /// What is answered as a problem; nil for OAuth's own errors.
    var problem: Problem? {
        if case .other(let problem) = self { problem } else { nil }
    }

    /// RFC 6749, 5.2.
    var response: Response {
        let (code, text, status): (String, String, HTTPResponse.Status) =
            switch self {
            case .invalidRequest(let text): ("invalid_request", text, .badRequest)
            case .invalidClient: ("invalid_client", "The client is not known, or its secret is wrong.", .unauthorized)
            case .unsupportedGrant: ("unsupported_grant_type", "Only client_credentials is supported.", .badRequest)
            case .invalidScope: ("invalid_scope", "The client does not have all of these scopes.", .badRequest)
            case .other: ("server_error", "", .internalServerError)
            }
        var headers: HTTPFields = [.cacheControl: "no-store"]
        if status == .unauthorized { headers[.wwwAuthenticate] = "Basic realm=\"motcua\"" }
        let body = JSONWriter.bytes { json in
            json.member("error", code)
            if !text.isEmpty { json.member("error_description", text) }
        }
        return .json(body, status: status, headers: headers)
    }
}
