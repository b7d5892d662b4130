import WorkingTime

/// Lets many stories share one legal clock: it moves on only when every story waits for a later time, and then to the
/// earliest of them. So what a story does at a time is done before the time is over, however slow the machine is.
actor Conductor {
    private let clock: SettableClock
    private var present: Int
    private var waiting: [(until: Instant, go: CheckedContinuation<Void, Never>)] = []

    /// - Parameter count: how many stories take part; each must ``leave()`` once.
    init(_ clock: SettableClock, count: Int) {
        self.clock = clock
        present = count
    }

    /// Waits for a legal time.
    func reach(_ instant: Instant) async {
        await withCheckedContinuation { go in
            waiting.append((instant, go))
            moveOn()
        }
    }

    /// A story is over.
    func leave() {
        present -= 1
        moveOn()
    }

    private func moveOn() {
        guard !waiting.isEmpty, waiting.count == present else { return }
        let next = waiting.map(\.until).min() ?? clock.now
        if next > clock.now { clock.set(next) }
        let due = waiting.filter { $0.until <= next }
        waiting.removeAll { $0.until <= next }
        for story in due { story.go.resume() }
    }
}
