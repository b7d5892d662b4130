import Synchronization

/// How something ended that ran as a service: kept until the group has ended too.
final class BodyOutcome: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    /// Notes the first error.
    func set(_ error: any Error) {
        self.error.withLock { $0 = $0 ?? error }
    }

    /// Throws the error, if there was one.
    func get() throws {
        if let error = error.withLock({ $0 }) { throw error }
    }
}
