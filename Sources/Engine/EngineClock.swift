import Glibc
package import WorkingTime

/// What time it is in law: the system's clock, or a training clock that starts on another day and runs faster.
///
/// Deadlines and the order of days follow it. Token lives, time-outs and back-off follow the machine's own clocks.
package struct EngineClock: Sendable {
    /// Whether it is not the system's: such an engine may not serve real dossiers.
    package let isTraining: Bool
    private let read: @Sendable () -> Instant

    /// A clock that a caller reads for us, as tests do.
    package init(isTraining: Bool = true, _ read: @escaping @Sendable () -> Instant) {
        self.isTraining = isTraining
        self.read = read
    }

    /// The system's clock.
    package static let system = EngineClock(isTraining: false) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// Starts at `start` now, and runs `speed` times as fast as the machine's clock.
    /// - Parameter speed: 1…10,000; other values are brought into that range.
    package static func training(start: Instant, speed: Int = 1) -> EngineClock {
        let began = ContinuousClock.now
        let factor = Int64(min(max(speed, 1), 10_000))
        return EngineClock {
            let (seconds, attoseconds) = (ContinuousClock.now - began).components
            let elapsed = min(seconds, 10_000_000) * 1_000_000 + attoseconds / 1_000_000_000_000
            return start.adding(microseconds: elapsed * factor)
        }
    }

    /// The instant now.
    package func now() -> Instant { read() }

    /// What the database is told as the time of a batch: nil lets it use its own clock (R7).
    var recordedOverride: Instant? { isTraining ? read() : nil }
}
