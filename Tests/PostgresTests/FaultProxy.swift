import Glibc
import Synchronization
import TestSupport

/// A Unix socket before the server that cuts, or goes silent, once a client has sent COMMIT.
///
/// The server gets the COMMIT and carries it out; its answer never arrives.
final class FaultProxy: Sendable {
    enum Fault: Sendable { case cut, silence }

    let folder: String
    private let target: String
    private let fault: Fault
    private let listener: Int32
    private let commits = Atomic<Int>(0)

    /// How many COMMITs have met the fault.
    var commitCount: Int { commits.load(ordering: .acquiring) }

    init(before server: EphemeralServer, fault: Fault) throws {
        self.fault = fault
        target = "\(server.folder)/.s.PGSQL.5432"
        var template = Array("/tmp/motcua-proxy-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure("mkdtemp failed") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let path = "\(folder)/.s.PGSQL.5432"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let bound = withAddress(path) { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 16) == 0 else { throw Failure("cannot listen on \(path)") }
        onThread { proxy in
            while true {
                let client = accept(proxy.listener, nil, nil)
                guard client >= 0 else { return }
                proxy.onThread { $0.serve(client) }
            }
        }
    }

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
        var hasCommitted = false
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var ends = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&ends, 2, -1) > 0 else { return }
            if ends[0].revents != 0 {
                let count = read(client, &buffer, buffer.count)
                guard count > 0, write(server, buffer, count) == count else { return }
                if contains("COMMIT\0", in: buffer.prefix(count)) { hasCommitted = true }
            }
            if ends[1].revents != 0 {
                let count = read(server, &buffer, buffer.count)
                guard count > 0 else { return }
                if hasCommitted {
                    // The answer is here, so the server has committed; the client never learns it.
                    commits.add(1, ordering: .releasing)
                    if fault == .cut { return }
                } else {
                    guard write(client, buffer, count) == count else { return }
                }
            }
        }
    }

    private func contains(_ word: String, in bytes: ArraySlice<UInt8>) -> Bool {
        let word = Array(word.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: word) }
    }

    private func onThread(_ work: @escaping @Sendable (FaultProxy) -> Void) {
        final class Job: Sendable {
            let proxy: FaultProxy
            let work: @Sendable (FaultProxy) -> Void
            init(_ proxy: FaultProxy, _ work: @escaping @Sendable (FaultProxy) -> Void) {
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
