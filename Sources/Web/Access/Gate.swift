import Edge
import Engine
import FoundationEssentials
import HTTPTypes
import Hummingbird
import JWTKit

/// Lets requests in that bear a valid access token, and says who sends them.
final class Gate: Sendable {
    private let engine: DossierEngine
    private let keys: TokenKeys
    private let cache = TokenCache()
    /// The machine's clock in seconds: tokens do not follow a training clock.
    private let nowSeconds: @Sendable () -> Int64

    init(engine: DossierEngine, keys: TokenKeys, nowSeconds: @escaping @Sendable () -> Int64) {
        self.engine = engine
        self.keys = keys
        self.nowSeconds = nowSeconds
    }

    /// Who sends the request.
    /// - Parameter scopes: one of these is needed; empty lets every client in.
    /// - Throws: ``Problem`` 401 without a valid token, 403 without the scope.
    func admit(_ request: Request, needs scopes: [Scope]) async throws -> Caller {
        let caller = try await caller(of: request)
        guard scopes.isEmpty || !caller.scopes.isDisjoint(with: scopes) else { throw Problem.missingScope(scopes) }
        return caller
    }

    private func caller(of request: Request) async throws -> Caller {
        guard let token = try Self.bearerToken(request) else { throw Problem.noToken }
        let now = nowSeconds()
        let hash = engine.fingerprint(Array("access-token:".utf8) + Array(token.utf8))
        if let caller = cache.caller(hash, nowSeconds: now) {
            guard !engine.isShutOut(caller.client) else { throw Problem.badToken }
            return caller
        }
        guard let claims = await keys.verify(token), claims.iat <= now + 60, now < claims.exp else {
            throw Problem.badToken
        }
        // The record may have changed since the token was issued: what it no longer allows is gone at once.
        guard let record = try await engine.client(id: claims.sub), !record.isDisabled else { throw Problem.badToken }
        let caller = claims.caller.limited(to: Caller(record))
        cache.insert(hash, caller, expires: claims.exp, nowSeconds: now)
        return caller
    }

    /// The token of `Authorization: Bearer …`; nil without the header.
    private static func bearerToken(_ request: Request) throws(Problem) -> String? {
        guard let header = request.headers[.authorization] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 8192 else { throw .badToken }
        return String(parts[1])
    }
}

extension Caller {
    /// The client of a record, with all that it may do.
    init(_ record: ClientRecord) {
        self.init(
            client: record.id, province: record.province, agency: record.agency, roles: record.roles,
            scopes: Set(record.scopes.compactMap(Scope.init(rawValue:))), connector: record.connector)
    }

    /// The same caller with no more than `other` may do, for the agency that `other` stands for.
    func limited(to other: Caller) -> Caller {
        Caller(
            client: client, province: other.province, agency: other.agency,
            roles: roles.filter(other.roles.contains), scopes: scopes.intersection(other.scopes),
            connector: other.connector)
    }
}

/// Signs and checks access tokens: HS256 with the installation's token key.
struct TokenKeys: Sendable {
    private let keys: JWTKeyCollection

    /// - Parameter key: 32 bytes, derived from the installation's key file for this purpose alone.
    init(key: [UInt8]) async {
        keys = await JWTKeyCollection().add(hmac: HMACKey(from: key), digestAlgorithm: .sha256)
    }

    /// The token's text.
    func sign(_ token: AccessToken) async throws -> String {
        try await keys.sign(token)
    }

    /// What a token says; nil if it does not read or was not signed here.
    func verify(_ token: String) async -> AccessToken? {
        // Why a token is no good is nobody's business but its forger's.
        try? await keys.verify(token, as: AccessToken.self)
    }
}
