import Synchronization

/// Asks the readiness checks, and does not wait for those that hang.
final class ReadinessBoard: Sendable {
    private let checks: [ReadinessCheck]
    private let patience: Duration
    private let running = Mutex<Set<String>>([])

    init(checks: [ReadinessCheck], patience: Duration = .seconds(2)) {
        self.checks = checks
        self.patience = patience
    }

    /// Every check's answer, in their order.
    func ask() async -> [(name: String, state: Readiness)] {
        await withTaskGroup(of: (Int, Readiness).self) { group in
            for (place, check) in checks.enumerated() {
                group.addTask { (place, await self.ask(check)) }
            }
            var states = checks.map { (name: $0.name, state: Readiness.notReady("not asked")) }
            for await (place, state) in group { states[place].state = state }
            return states
        }
    }

    private func ask(_ check: ReadinessCheck) async -> Readiness {
        let isNew = running.withLock { $0.insert(check.name).inserted }
        guard isNew else { return .notReady("the last check has not answered yet") }
        let (answers, answer) = AsyncStream.makeStream(of: Readiness.self, bufferingPolicy: .bufferingOldest(1))
        // Unstructured, because a group would wait for a probe that never returns.
        Task {
            let state = await check.probe()
            self.running.withLock { _ = $0.remove(check.name) }
            answer.yield(state)
        }
        let timer = Task {
            // Cancelled when the answer came first.
            try? await Task.sleep(for: patience)
            answer.yield(.notReady("no answer in \(patience)"))
        }
        defer { timer.cancel() }
        for await state in answers { return state }
        return .notReady("cancelled")
    }
}
