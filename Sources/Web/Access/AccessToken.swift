package import JWTKit

/// What an access token says of its bearer (RFC 9068, as far as it applies).
package struct AccessToken: JWTPayload, Hashable {
    /// Who issues and who reads these tokens: the API itself.
    static let party = "motcua-api"
    /// How long a token lives.
    static let lifeSeconds: Int64 = 600

    var iss: String
    var aud: String
    /// The client's id.
    var sub: String
    /// Issued at and expires at, in seconds since 1970 of the machine's clock.
    var iat: Int64
    var exp: Int64
    var province: Int16
    var agency: String?
    var roles: [String]
    /// Space-separated, as OAuth has it.
    var scope: String
    var connector: String?

    /// Checks issuer and audience; its time is checked against the gate's clock, not the process's.
    package func verify(using algorithm: some JWTAlgorithm) throws {
        guard iss == AccessToken.party, aud == AccessToken.party else {
            throw JWTError.claimVerificationFailure(failedClaim: nil, reason: "not a token of this API")
        }
    }

    /// The token of a client for these scopes.
    init(_ caller: Caller, scopes: Set<Scope>, nowSeconds: Int64) {
        iss = AccessToken.party
        aud = AccessToken.party
        sub = caller.client
        iat = nowSeconds
        exp = nowSeconds + AccessToken.lifeSeconds
        province = caller.province
        agency = caller.agency
        roles = caller.roles
        scope = scopes.map(\.rawValue).sorted().joined(separator: " ")
        connector = caller.connector
    }

    /// Whose it is.
    var caller: Caller {
        Caller(
            client: sub, province: province, agency: agency, roles: roles,
            scopes: Set(scope.split(separator: " ").compactMap { Scope(rawValue: String($0)) }), connector: connector)
    }
}
