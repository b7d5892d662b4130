import Metrics
import Postgres
import Synchronization

/// The courier's metrics, one series a receiver: `delivery_delivered_total`, `delivery_failures_total`,
/// `delivery_waiting_places`, `delivery_lag_seconds`, `delivery_set_aside`, `delivery_dead_letters`, `delivery_active`.
final class DeliveryMeters: Sendable {
    private struct State {
        var reportedAt: ContinuousClock.Instant?
        var caughtUp: [String: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())

    /// What a round came to.
    func count(_ verdict: RoundVerdict, _ id: String) {
        let dimensions = [("receiver", id)]
        if verdict.deliveredCount > 0 {
            Counter(label: "delivery_delivered_total", dimensions: dimensions).increment(by: verdict.deliveredCount)
        }
        if verdict.failedCount > 0 {
            Counter(label: "delivery_failures_total", dimensions: dimensions).increment(by: verdict.failedCount)
        }
    }

    /// Reads and records how far the receivers are, every ten seconds at most.
    func report(_ feed: ConnectionPool) async throws {
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            if let last = state.reportedAt, now - last < .seconds(10) { return false }
            state.reportedAt = now
            return true
        }
        guard isDue else { return }
        for row in try await feed.withSession({ try $0.run(DeskStatements.list) }) {
            let lag = state.withLock { state in
                if row.waitingCount == 0 { state.caughtUp[row.id] = now }
                let since = state.caughtUp[row.id, default: now]
                state.caughtUp[row.id] = since
                return now - since
            }
            let dimensions = [("receiver", row.id)]
            Gauge(label: "delivery_waiting_places", dimensions: dimensions).record(row.waitingCount)
            Gauge(label: "delivery_lag_seconds", dimensions: dimensions).record(lag.components.seconds)
            Gauge(label: "delivery_set_aside", dimensions: dimensions).record(row.openCount)
            Gauge(label: "delivery_dead_letters", dimensions: dimensions).record(row.deadCount)
            Gauge(label: "delivery_active", dimensions: dimensions).record(row.state == "active" ? 1 : 0)
        }
    }
}
