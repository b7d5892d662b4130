import CLibpq
import Dispatch
import Glibc
import Synchronization

/// An eventfd that interrupts a connection's `poll`; closed when its last user lets go, so never a recycled descriptor.
final class Wake: Sendable {
    let descriptor: Int32

    init() throws(PostgresError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard descriptor >= 0 else {
            throw PostgresError(.connectionLost, "eventfd failed, errno \(errno): too many open files?")
        }
    }

    deinit { close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        // A full counter (EAGAIN) is awake already.
        _ = write(descriptor, &one, 8)
    }

    func drain() {
        var count: UInt64 = 0
        // EAGAIN only says that nobody signalled.
        _ = read(descriptor, &count, 8)
    }
}

/// One flag a unit of work, raised by the cancellation of its Swift task.
final class CancelToken: Sendable {
    private let flag = Atomic<Bool>(false)

    var isCancelled: Bool { flag.load(ordering: .acquiring) }
    func cancel() { flag.store(true, ordering: .releasing) }
}

/// A cancel request under way. `PQcancel` blocks (it opens a connection of its own), so it runs beside the
/// connection's thread, which must not send another statement before `isDone`: the cancel could hit that one.
final class CancelRequest: Sendable {
    private let done = Atomic<Bool>(false)
    let reason: PostgresError.Code
    /// When to give up on the server's answer.
    let limit: ContinuousClock.Instant

    var isDone: Bool { done.load(ordering: .acquiring) }

    init(of connection: OpaquePointer, reason: PostgresError.Code, limit: ContinuousClock.Instant, wake: Wake) {
        self.reason = reason
        self.limit = limit
        // The handle crosses to another thread as a number: libpq allows PQcancel from any thread.
        let handle = PQgetCancel(connection).map { UInt(bitPattern: $0) }
        DispatchQueue.global().async {
            if let handle, let cancel = OpaquePointer(bitPattern: handle) {
                var buffer = [CChar](repeating: 0, count: 256)
                // When it fails, `limit` discards the connection.
                _ = PQcancel(cancel, &buffer, 256)
                PQfreeCancel(cancel)
            }
            self.done.store(true, ordering: .releasing)
            wake.signal()
        }
    }
}
