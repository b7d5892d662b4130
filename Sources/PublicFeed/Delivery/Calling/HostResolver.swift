import Glibc
import Synchronization

/// Looks up names, each on a thread of its own, because `getaddrinfo` cannot be interrupted.
final class HostResolver: Sendable {
    private let runningCount = Atomic<Int>(0)
    private let runningMax: Int

    /// At most so many look-ups at once; beyond, a name counts as not found for now.
    init(runningMax: Int = 64) { self.runningMax = runningMax }

    /// The addresses of a name, in the system's order, at most 8; never empty.
    /// - Throws: ``CallFailure``: `.noHost`, `.timedOut`, `.cancelled`.
    func addresses(of host: String, within limit: Duration) async throws(CallFailure) -> [InternetAddress] {
        let answer = OneAnswer()
        guard runningCount.add(1, ordering: .relaxed).newValue <= runningMax else {
            runningCount.subtract(1, ordering: .relaxed)
            throw CallFailure(.noHost, "too many names are being looked up")
        }
        let hasStarted = OwnThread.start {
            answer.give(HostResolver.lookUp(host))
            self.runningCount.subtract(1, ordering: .relaxed)
        }
        guard hasStarted else {
            runningCount.subtract(1, ordering: .relaxed)
            throw CallFailure(.noHost, "no thread is left to look up a name")
        }
        // The timer only answers for a look-up that is late; it is stopped below.
        let timer = Task {
            try await Task.sleep(for: limit)
            answer.give(.failure(CallFailure(.timedOut, "the name \(host) was not looked up in time")))
        }
        defer { timer.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { answer.wait($0) }
        } onCancel: {
            answer.give(.failure(CallFailure(.cancelled, "cancelled")))
        }
        return try result.get()
    }

    private static func lookUp(_ host: String) -> Result<[InternetAddress], CallFailure> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard status == 0 else {
            return .failure(
                CallFailure(.noHost, "the name \(host) is not known: \(String(cString: gai_strerror(status)))"))
        }
        var found: [InternetAddress] = []
        var next = list
        while let entry = next, found.count < 8 {
            if let address = entry.pointee.ai_addr.flatMap({ InternetAddress($0) }), !found.contains(address) {
                found.append(address)
            }
            next = entry.pointee.ai_next
        }
        return found.isEmpty ? .failure(CallFailure(.noHost, "the name \(host) has no address")) : .success(found)
    }
}

/// The first answer counts; later ones are dropped.
private final class OneAnswer: Sendable {
    typealias Outcome = Result<[InternetAddress], CallFailure>

    private enum State {
        case nothing
        case waiting(CheckedContinuation<Outcome, Never>)
        case answered(Outcome)
        case done
    }

    private let state = Mutex(State.nothing)

    func give(_ outcome: Outcome) {
        let waiter: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            switch state {
            case .nothing:
                state = .answered(outcome)
                return nil
            case .waiting(let continuation):
                state = .done
                return continuation
            case .answered, .done: return nil
            }
        }
        waiter?.resume(returning: outcome)
    }

    func wait(_ continuation: CheckedContinuation<Outcome, Never>) {
        let outcome: Outcome? = state.withLock { state in
            if case .answered(let outcome) = state {
                state = .done
                return outcome
            }
            state = .waiting(continuation)
            return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
    }
}
