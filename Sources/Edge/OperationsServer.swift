import HTTPTypes
import Hummingbird
import JSONText
package import Logging
import ServiceLifecycle

/// Whether one thing that requests need is there.
package struct ReadinessCheck: Sendable {
    /// What is asked, such as `database`.
    package let name: String
    /// Asks; the reason is for operators and may not hold personal data.
    package let probe: @Sendable () async -> Readiness

    /// A check of that name.
    package init(name: String, probe: @escaping @Sendable () async -> Readiness) {
        self.name = name
        self.probe = probe
    }
}

/// The answer of a readiness check.
package enum Readiness: Hashable, Sendable {
    /// Requests can be served.
    case ready
    /// They cannot, and why.
    case notReady(String)
}

/// `/livez`, `/readyz` and `/metrics` on a listener of their own, which the limits of the public one do not reach.
///
/// Add it before the faces: a service group stops in reverse order, so that it answers until they are gone.
package struct OperationsServer: Service {
    private let responder: EdgeResponder<EdgeContext>
    private let listener: EdgeListener

    /// A server on the loopback unless said otherwise.
    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - checks: all must say ready within two seconds for `/readyz` to answer 200, else 503.
    ///   - onRunning: called with the port once connections are accepted.
    package init(
        host: String = "127.0.0.1", port: Int, checks: [ReadinessCheck], registry: PrometheusRegistry, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        let router = Router(context: EdgeContext.self, options: [.autoGenerateHeadEndpoints])
        let board = ReadinessBoard(checks: checks)
        router.get("livez") { _, _ in Response.json(Array(#"{"status":"alive"}"#.utf8), headers: Self.uncached) }
        router.get("readyz") { _, _ in
            let states = await board.ask()
            let isReady = states.allSatisfy { $0.state == .ready }
            return Response.json(
                Self.document(states, isReady), status: isReady ? .ok : .serviceUnavailable, headers: Self.uncached)
        }
        router.get("metrics") { _, _ in
            Response.json(
                registry.render(), headers: Self.uncached, contentType: "text/plain; version=0.0.4; charset=utf-8")
        }
        self.responder = EdgeResponder(
            router: router, face: EdgeFace(name: "operations", securityHeaders: .api), metrics: registry)
        self.listener = EdgeListener(
            host: host, port: port, limits: ConnectionLimits(), proxies: .none, logger: logger, onRunning: onRunning)
    }

    /// Serves until asked to stop.
    @concurrent package func run() async throws {
        try await listener.run(responder)
    }

    private static let uncached: HTTPFields = [.cacheControl: CacheControl.noStore.value]

    private static func document(_ states: [(name: String, state: Readiness)], _ isReady: Bool) -> [UInt8] {
        JSONWriter.bytes { json in
            json.member("status", isReady ? "ready" : "not-ready")
            json.object("checks") { json in
                for (name, state) in states {
                    json.object(name) { json in
                        json.member("ready", state == .ready)
                        if case .notReady(let reason) = state { json.member("reason", reason) }
                    }
                }
            }
        }
    }
}
