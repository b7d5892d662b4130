import Engine
import Synchronization
import WorkingTime

/// The legal clock of a demo day: it runs fast while there is work, faster over lunch, and at its own pace afterwards.
///
/// It never goes back, whatever speeds it is given.
final class DayClock: Sendable {
    private let state: Mutex<(legal: Instant, real: ContinuousClock.Instant, speed: Int64)>

    /// Starts at `start`, standing still until a speed is set.
    init(start: Instant) {
        state = Mutex((start, ContinuousClock.now, 0))
    }

    /// The legal time now.
    func now() -> Instant {
        state.withLock { DayClock.read($0, ContinuousClock.now) }
    }

    /// Runs on at `speed` times the machine's clock, 0…10,000.
    func run(at speed: Int) {
        state.withLock { state in
            let real = ContinuousClock.now
            state = (DayClock.read(state, real), real, Int64(min(max(speed, 0), 10_000)))
        }
    }

    /// The clock as the engine takes it.
    var engineClock: EngineClock { EngineClock(isTraining: true) { self.now() } }

    private static func read(
        _ state: (legal: Instant, real: ContinuousClock.Instant, speed: Int64), _ real: ContinuousClock.Instant
    ) -> Instant {
        let (seconds, attoseconds) = (real - state.real).components
        let elapsed = min(max(seconds, 0), 10_000_000) * 1_000_000 + attoseconds / 1_000_000_000_000
        return state.legal.adding(microseconds: max(elapsed, 0) * state.speed)
    }
}
