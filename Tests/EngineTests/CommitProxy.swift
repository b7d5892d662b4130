import Glibc
import Synchronization
import TestSupport

/// A Unix socket before the server that cuts one connection at a COMMIT which writes answers, each time it is armed.
final class CommitProxy: Sendable {
    enum Fault: Int, CaseIterable, Sendable {
        /// The server carries the COMMIT out; its answer never arrives.
        case answerLost = 1
        /// The COMMIT never reaches the server.
        case requestLost = 2
    }

    let folder: String
    private let target: String
    private let listener: Int32
    private let armed = Atomic<Int>(0)
    private let met = Atomic<Int>(0)

    /// How many COMMITs have met a fault.
    var count: Int { met.load(ordering: .acquiring) }

    init(before server: EphemeralServer) throws {
        target = "\(server.folder)/.s.PGSQL.5432"
        var template = Array("/tmp/motcua-proxy-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure("mkdtemp failed") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let path = "\(folder)/.s.PGSQL.5432"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let bound = withAddress(path) { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 64) == 0 else { throw Failure("cannot listen on \(path)") }
        onThread { proxy in
            while true {
                let client = accept(proxy.listener, nil, nil)
                guard client >= 0 else { return }
                proxy.onThread { $0.serve(client) }
            }
        }
    }

    /// The next COMMIT that writes answers meets this fault.
    func arm(_ fault: Fault) { armed.store(fault.rawValue, ordering: .releasing) }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        unlink("\(folder)/.s.PGSQL.5432")
        rmdir(folder)
    }

    private func serve(_ client: Int32) {
        let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(client)
            close(server)
        }
        guard withAddress(target, { connect(server, $0, $1) }) == 0 else { return }
        var watch = Watch()
        var isMuted = false
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var ends = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&ends, 2, -1) > 0 else { return }
            if ends[0].revents != 0 {
                let count = read(client, &buffer, buffer.count)
                guard count > 0 else { return }
                if watch.isWritingCommit(buffer.prefix(count)),
                    let fault = Fault(rawValue: armed.exchange(0, ordering: .acquiringAndReleasing))
                {
                    met.add(1, ordering: .releasing)
                    if fault == .requestLost { return }
                    isMuted = true
                }
                guard write(server, buffer, count) == count else { return }
            }
            if ends[1].revents != 0 {
                let count = read(server, &buffer, buffer.count)
                // The answer is here, so the server has committed; the client never learns it.
                guard count > 0, !isMuted, write(client, buffer, count) == count else { return }
            }
        }
    }

    /// Finds a COMMIT behind an insert of answers, wherever the bytes were cut into pieces.
    private struct Watch {
        private var tail: [UInt8] = []
        private var writes = false

        mutating func isWritingCommit(_ bytes: ArraySlice<UInt8>) -> Bool {
            let text = tail + bytes
            tail = Array(text.suffix(32))
            if Watch.contains("answer_insert/", text) { writes = true }
            guard writes, Watch.contains("COMMIT\0", text) else { return false }
            writes = false
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
}

private func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
