import Glibc
import Synchronization

/// A Unix socket before the server that breaks one connection at a COMMIT, each time it is armed.
package final class CommitProxy: Sendable {
    /// What a COMMIT meets.
    package enum Fault: Int, CaseIterable, Sendable {
        /// The server carries the COMMIT out; the connection breaks before its answer arrives.
        case answerLost = 1
        /// The COMMIT never reaches the server, and the connection breaks.
        case requestLost = 2
        /// The server carries the COMMIT out; its answer never arrives, and nothing says so.
        case silence = 3
    }

    /// The folder of the socket: what a connection string names as `host`.
    package let folder: String
    private let target: String
    private let marker: String?
    private let listener: Int32
    private let armed = Atomic<Int>(0)
    private let met = Atomic<Int>(0)
    private let mute = Atomic<Bool>(false)

    /// How many COMMITs have met a fault; those that the server carries out are counted once it has.
    package var count: Int { met.load(ordering: .acquiring) }

    /// Listens in a folder of its own.
    /// - Parameter marker: only a COMMIT behind this text counts, as the name of a statement; nil: every one.
    package init(before server: EphemeralServer, marker: String? = nil) throws {
        target = "\(server.folder)/.s.PGSQL.5432"
        self.marker = marker
        var template = Array("/tmp/motcua-proxy-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure("mkdtemp failed") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let path = "\(folder)/.s.PGSQL.5432"
        listener = CommitProxy.newSocket()
        let bound = CommitProxy.withAddress(path) { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 64) == 0 else { throw Failure("cannot listen on \(path)") }
        onThread { proxy in
            while true {
                let client = accept(proxy.listener, nil, nil)
                guard client >= 0 else { return }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                proxy.onThread { $0.serve(client) }
            }
        }
    }

    /// The next COMMIT meets this fault.
    package func arm(_ fault: Fault) { armed.store(fault.rawValue, ordering: .releasing) }

    /// True lets nothing through in either direction, and breaks nothing either: a network that fell silent. What was sent
    /// meanwhile arrives when it is false again.
    package func setMute(_ isMute: Bool) { mute.store(isMute, ordering: .releasing) }

    /// Stops listening and removes the folder; connections that stand go on.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        unlink("\(folder)/.s.PGSQL.5432")
        rmdir(folder)
    }

    private func serve(_ client: Int32) {
        let server = CommitProxy.newSocket()
        defer {
            close(client)
            close(server)
        }
        guard CommitProxy.withAddress(target, { connect(server, $0, $1) }) == 0 else { return }
        var watch = Watch(marker: marker)
        var fault: Fault?
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            while mute.load(ordering: .acquiring) { usleep(5_000) }
            var ends = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&ends, 2, -1) > 0 else { return }
            if mute.load(ordering: .acquiring) { continue }
            if ends[0].revents != 0 {
                let count = read(client, &buffer, buffer.count)
                guard count > 0 else { return }
                if watch.isCommit(buffer.prefix(count)), fault == nil {
                    fault = Fault(rawValue: armed.exchange(0, ordering: .acquiringAndReleasing))
                    if fault == .requestLost {
                        met.add(1, ordering: .releasing)
                        return
                    }
                }
                guard write(server, buffer, count) == count else { return }
            }
            if ends[1].revents != 0 {
                let count = read(server, &buffer, buffer.count)
                guard count > 0 else { return }
                // The answer is here, so the server has committed; the client never learns it.
                if fault != nil { met.add(1, ordering: .releasing) }
                if fault == .answerLost { return }
                guard fault != nil || write(client, buffer, count) == count else { return }
            }
        }
    }

    /// Finds a COMMIT behind the marker, wherever the bytes were cut into pieces.
    private struct Watch {
        let marker: String?
        private var tail: [UInt8] = []
        private var isMarked: Bool

        init(marker: String?) {
            self.marker = marker
            isMarked = marker == nil
        }

        mutating func isCommit(_ bytes: ArraySlice<UInt8>) -> Bool {
            let text = tail + bytes
            tail = Array(text.suffix(32))
            if let marker, Watch.contains(marker, text) { isMarked = true }
            guard isMarked, Watch.contains("COMMIT\0", text) else { return false }
            isMarked = marker == nil
            tail = []
            return true
        }

        private static func contains(_ word: String, _ bytes: [UInt8]) -> Bool {
            let word = Array(word.utf8)
            return bytes.indices.contains { bytes[$0] == word[0] && bytes[$0...].starts(with: word) }
        }
    }

    private func onThread(_ work: @escaping @Sendable (CommitProxy) -> Void) {
        final class Job: Sendable {
            let proxy: CommitProxy
            let work: @Sendable (CommitProxy) -> Void
            init(_ proxy: CommitProxy, _ work: @escaping @Sendable (CommitProxy) -> Void) {
                self.proxy = proxy
                self.work = work
            }
        }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let job = Unmanaged<Job>.fromOpaque(context).takeRetainedValue()
                job.work(job.proxy)
                return nil
            }, Unmanaged.passRetained(Job(self, work)).toOpaque())
        pthread_detach(thread)
    }

    /// A Unix socket that no child inherits.
    private static func newSocket() -> Int32 {
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
