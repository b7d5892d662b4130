package import Edge
package import Engine
package import Hummingbird
import JSONText
import WorkingTime

/// The HTTP API for centres, agencies, connectors and administrators.
package struct WebAPI: Sendable {
    private let routes: APIRoutes
    private let engine: DossierEngine

    /// The API over an engine.
    /// - Parameters:
    ///   - tokenKey: 32 bytes that sign access tokens, derived from the key file for this purpose alone.
    ///   - tokenLimiter: how often tokens may be asked for; the default is 60 a minute for a block of addresses.
    ///   - nowSeconds: the machine's clock, by which tokens live; never a training clock.
    package init(
        engine: DossierEngine, tokenKey: [UInt8], tokenLimiter: RateLimiter = WebAPI.tokenLimiter,
        nowSeconds: @escaping @Sendable () -> Int64 = { EdgeClock.systemMicroseconds() / 1_000_000 }
    ) async {
        let keys = await TokenKeys(key: tokenKey)
        self.engine = engine
        routes = APIRoutes(
            engine: engine, gate: Gate(engine: engine, keys: keys, nowSeconds: nowSeconds),
            tokens: TokenController(engine: engine, keys: keys, nowSeconds: nowSeconds), tokenLimiter: tokenLimiter)
    }

    /// 60 tokens a minute for a block of addresses, 600 for all: a client needs one every ten minutes.
    package static var tokenLimiter: RateLimiter {
        RateLimiter(name: "token", perBlock: Quota(count: 60, seconds: 60), overall: Quota(count: 600, seconds: 60))
    }

    /// The router, for an ``EdgeServer`` or ``EdgeResponder``.
    package func router() -> Router<APIContext> { routes.router() }

    /// The face: arrivals are stamped by the engine's clock, since law is computed from them.
    package func face(trustedProxies: TrustedProxies = .none) -> EdgeFace<APIContext> {
        EdgeFace(
            name: "api", securityHeaders: .api, trustedProxies: trustedProxies,
            nowMicroseconds: { [engine] in engine.clock.now().microseconds })
    }

    /// The contract (OpenAPI 3.1), as it is served.
    package var contract: [UInt8] { OpenAPIDocument(routes.table).value.prettyBytes }

    /// The table of routes, for tests.
    var table: [Route] { routes.table }
}
