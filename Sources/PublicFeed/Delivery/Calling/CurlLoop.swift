import CLibcurl
import Synchronization

/// The one thread on which libcurl moves all transfers.
final class CurlLoop: Sendable {
    private struct Inbox {
        var starts: [CurlTransfer] = []
        var isStopped = false
    }

    private let inbox = Mutex(Inbox())
    /// libcurl's handle as a number: it belongs to the thread, but may be woken from anywhere.
    private let multi: UInt

    /// Once a process, before any thread calls libcurl.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_SSL | CURL_GLOBAL_WIN32)) == CURLE_OK

    init() {
        let handle = Self.isReady ? curl_multi_init() : nil
        multi = UInt(bitPattern: handle)
        // Connections that are kept open for the next call: a few for each of some receivers.
        if let handle { _ = motcua_curl_multi_set_number(handle, CURLMOPT_MAXCONNECTS, 64) }
        let hasStarted = handle != nil && OwnThread.start { [self] in self.work() }
        if !hasStarted { inbox.withLock { $0.isStopped = true } }
    }

    /// Ends all transfers and the thread.
    func stop() {
        inbox.withLock { inbox in
            guard !inbox.isStopped else { return }
            inbox.isStopped = true
            wake()
        }
    }

    /// Runs a transfer to its end; a cancelled task ends it at once.
    func run(
        _ call: OutgoingCall, to addresses: [InternetAddress], within limit: Duration
    ) async -> Result<OutgoingAnswer, CallFailure> {
        let flag = CancelFlag()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let transfer = CurlTransfer(call, to: addresses, within: limit, flag: flag, continuation)
                let isTaken = inbox.withLock { inbox in
                    guard !inbox.isStopped else { return false }
                    inbox.starts.append(transfer)
                    wake()
                    return true
                }
                if !isTaken { transfer.finish(.failure(CallFailure(.cancelled, "no calls are made any more"))) }
            }
        } onCancel: {
            flag.raise()
            inbox.withLock { inbox in
                if !inbox.isStopped { wake() }
            }
        }
    }

    /// Called with the inbox locked: the handle is there until the thread has seen `isStopped` under the same lock.
    private func wake() {
        if let handle = UnsafeMutableRawPointer(bitPattern: multi) { curl_multi_wakeup(handle) }
    }

    private func work() {
        guard let handle = UnsafeMutableRawPointer(bitPattern: multi) else { return }
        var running: [UInt: CurlTransfer] = [:]
        while true {
            let (starts, isStopped) = inbox.withLock { inbox in
                defer { inbox.starts = [] }
                return (inbox.starts, inbox.isStopped)
            }
            if isStopped {
                for transfer in starts {
                    transfer.finish(.failure(CallFailure(.cancelled, "no calls are made any more")))
                }
                return end(handle, running)
            }
            for transfer in starts { start(transfer, on: handle, &running) }
            for (easy, transfer) in running where transfer.flag.isRaised {
                drop(easy, of: handle, from: &running)
                transfer.finish(.failure(CallFailure(.cancelled, "cancelled")))
            }
            var left: Int32 = 0
            curl_multi_perform(handle, &left)
            collect(handle, &running)
            curl_multi_poll(handle, nil, 0, 10_000, nil)
        }
    }

    private func start(
        _ transfer: CurlTransfer, on handle: UnsafeMutableRawPointer, _ running: inout [UInt: CurlTransfer]
    ) {
        guard let easy = transfer.open() else { return }
        guard curl_multi_add_handle(handle, easy) == CURLM_OK else {
            return transfer.finish(.failure(CallFailure(.unusable, "libcurl refuses the transfer")))
        }
        running[UInt(bitPattern: easy)] = transfer
    }

    private func collect(_ handle: UnsafeMutableRawPointer, _ running: inout [UInt: CurlTransfer]) {
        var queued: Int32 = 0
        while let message = curl_multi_info_read(handle, &queued) {
            guard message.pointee.msg == CURLMSG_DONE, let pointer = message.pointee.easy_handle else { continue }
            let easy = UInt(bitPattern: pointer)
            guard let transfer = running[easy] else { continue }
            // The message goes with its handle.
            let code = motcua_curl_result(message)
            transfer.complete(code)
            drop(easy, of: handle, from: &running)
        }
    }

    private func drop(_ easy: UInt, of handle: UnsafeMutableRawPointer, from running: inout [UInt: CurlTransfer]) {
        running[easy] = nil
        curl_multi_remove_handle(handle, UnsafeMutableRawPointer(bitPattern: easy))
    }

    private func end(_ handle: UnsafeMutableRawPointer, _ running: [UInt: CurlTransfer]) {
        for (easy, transfer) in running {
            curl_multi_remove_handle(handle, UnsafeMutableRawPointer(bitPattern: easy))
            transfer.finish(.failure(CallFailure(.cancelled, "no calls are made any more")))
        }
        curl_multi_cleanup(handle)
    }
}

/// Raised when a task is cancelled; read by the thread.
final class CancelFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isRaised: Bool { flag.load(ordering: .acquiring) }
    func raise() { flag.store(true, ordering: .releasing) }
}
