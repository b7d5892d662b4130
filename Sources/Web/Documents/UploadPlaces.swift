import Edge
import Synchronization

/// Places for uploads in memory at the same time: a document is sealed as a whole, so each holds its bytes for a moment.
final class UploadPlaces: Sendable {
    private let countMax: Int
    private let taken = Mutex(0)

    init(countMax: Int = 16) { self.countMax = countMax }

    /// Runs an upload in a place of its own.
    /// - Throws: ``Problem`` 503 if all are taken.
    func occupy<Value: Sendable>(_ run: () async throws -> Value) async throws -> Value {
        let isFree = taken.withLock { taken in
            guard taken < countMax else { return false }
            taken += 1
            return true
        }
        guard isFree else { throw Problem.unavailable(retryAfterSeconds: 2) }
        defer { taken.withLock { $0 -= 1 } }
        return try await run()
    }
}
