import CoreMetrics
import HTTPTypes
import Synchronization

/// Counts the requests of one face, by route template, method and class of status: never by a path, which may hold a
/// look-up code.
final class RequestMeters: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let statusClass: Int
    }

    struct Meters {
        let count: any CounterHandler
        let duration: any TimerHandler
    }

    private let face: String
    private let factory: any MetricsFactory
    private let known = Mutex<[Key: Meters]>([:])

    /// Methods that count under their own name; a caller can invent any number of others.
    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    init(face: String, factory: (any MetricsFactory)?) {
        self.face = face
        self.factory = factory ?? MetricsSystem.factory
    }

    /// Records one answer.
    /// - Parameter duration: from the head of the request to the head of the answer.
    func record(route: String?, method: HTTPRequest.Method, status: HTTPResponse.Status, duration: Duration) {
        let key = Key(
            route: route ?? "none", method: Self.methods.contains(method.rawValue) ? method.rawValue : "other",
            statusClass: status.code / 100)
        let meters = meters(key)
        meters.count.increment(by: 1)
        meters.duration.recordNanoseconds(duration.nanoseconds)
    }

    /// The meters of a route whose answers are counted without a look into the table.
    func fixed(route: String, method: HTTPRequest.Method) -> FixedMeters {
        FixedMeters { self.meters(Key(route: route, method: method.rawValue, statusClass: $0)) }
    }

    private func meters(_ key: Key) -> Meters {
        known.withLock { known in
            if let meters = known[key] { return meters }
            let labels = [
                ("face", face), ("route", key.route), ("method", key.method), ("status", "\(key.statusClass)xx"),
            ]
            let meters = Meters(
                count: factory.makeCounter(label: "http_requests_total", dimensions: labels),
                duration: factory.makeTimer(label: "http_request_duration_seconds", dimensions: labels))
            known[key] = meters
            return meters
        }
    }
}

/// The meters of one route and method, for the two classes that finished answers have.
struct FixedMeters: Sendable {
    private let ok: RequestMeters.Meters
    private let unchanged: RequestMeters.Meters

    fileprivate init(_ meters: (Int) -> RequestMeters.Meters) {
        ok = meters(2)
        unchanged = meters(3)
    }

    func record(status: HTTPResponse.Status, duration: Duration) {
        let meters = status == .notModified ? unchanged : ok
        meters.count.increment(by: 1)
        meters.duration.recordNanoseconds(duration.nanoseconds)
    }
}

extension Duration {
    /// Whole nanoseconds, at most the 292 years that fit.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : nanoseconds &+ attoseconds / 1_000_000_000
    }
}
