import Metrics
import Synchronization

/// How far behind the engine the feed is, a province; shared between the follower and whoever asks.
package final class FeedLag: Sendable {
    private struct Sight {
        /// When last nothing was left to read, by a clock that never jumps.
        var caughtUp: ContinuousClock.Instant
        /// The oldest leaf not yet taken was this old when last seen; nil when nothing waits.
        var backlog: Duration?
    }

    private let started = ContinuousClock.now
    private let sights = Mutex<[Int16: Sight]>([:])

    /// Nothing is known yet.
    package init() {}

    /// Seconds since the province was last known to be complete; for one never seen, since the follower started.
    package func seconds(province: Int16, now: ContinuousClock.Instant = .now) -> Double {
        sights.withLock { sights in
            guard let sight = sights[province] else { return FeedLag.seconds(now - started) }
            return FeedLag.seconds(sight.backlog ?? (now - sight.caughtUp))
        }
    }

    /// The worst of all provinces, in seconds; since the start when none is known.
    package func worstSeconds(now: ContinuousClock.Instant = .now) -> Double {
        let provinces = sights.withLock { Array($0.keys) }
        return provinces.map { seconds(province: $0, now: now) }.max() ?? FeedLag.seconds(now - started)
    }

    /// Nothing is left to read.
    func caughtUp(_ province: Int16, now: ContinuousClock.Instant = .now) {
        sights.withLock { $0[province] = Sight(caughtUp: now, backlog: nil) }
    }

    /// Leaves wait, the oldest for so long.
    func behind(_ province: Int16, by backlog: Duration) {
        sights.withLock { $0[province, default: Sight(caughtUp: started, backlog: nil)].backlog = backlog }
    }

    /// The source did not answer: what was a backlog is now a matter of time passing.
    func outOfSight() {
        sights.withLock { sights in
            for province in sights.keys { sights[province]?.backlog = nil }
        }
    }

    /// Writes the metric `feed_lag_seconds` of each province.
    func record() {
        for province in sights.withLock({ Array($0.keys) }) {
            Gauge(label: "feed_lag_seconds", dimensions: [("province", "\(province)")])
                .record(seconds(province: province))
        }
    }

    private static func seconds(_ duration: Duration) -> Double {
        let parts = duration.components
        return Double(max(0, parts.seconds)) + Double(max(0, parts.attoseconds)) / 1e18
    }
}
