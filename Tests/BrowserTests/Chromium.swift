import Foundation
import Glibc
import JSONText
import Synchronization
import TestSupport

/// A headless Chromium, spoken to in the Chrome DevTools Protocol through a pipe: JSON messages, each ended by NUL.
///
/// The browser ends by itself when the pipe closes, so that none outlives the test process, however that ends. It can
/// reach nothing but the loopback.
final class Chromium: Sendable {
    /// What an event of the browser said.
    struct Event: Sendable {
        let session: String
        let method: String
        let parameters: JSONValue
    }

    private struct State {
        var lastCall: Int64 = 0
        var calls: [Int64: CheckedContinuation<JSONValue, any Error>] = [:]
        var events: [Event] = []
        var waiters: [(session: String, method: String, resume: CheckedContinuation<Void, any Error>)] = []
        var end: Failure?
    }

    private let state = Mutex(State())
    private let output: Int32
    private let input: Int32

    /// The one of this process; started at first use.
    static let shared = Result { try Chromium() }

    /// How long the browser may be silent before whoever waits for it fails: a slow machine is no fault.
    private static let silenceMax: Int32 = 120_000

    private init() throws {
        let folder = "/tmp/motcua-browser-\(getpid())"
        let toBrowser = try Chromium.pipe()
        let fromBrowser = try Chromium.pipe()
        input = fromBrowser.read
        output = toBrowser.write
        try Chromium.start(folder: folder, reads: toBrowser.read, writes: fromBrowser.write)
        close(toBrowser.read)
        close(fromBrowser.write)
        Thread.detachNewThread { [self] in
            read()
            // The profile is of no use to anybody; what cannot be removed lies in /tmp.
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    /// Both ends high enough not to be in the way of 3 and 4, and not for children.
    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw Failure("no pipe: errno \(errno)") }
        let high = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        ends.forEach { close($0) }
        guard high.allSatisfy({ $0 >= 0 }) else { throw Failure("no pipe: errno \(errno)") }
        return (high[0], high[1])
    }

    private static func start(folder: String, reads: Int32, writes: Int32) throws {
        let programs: [String] = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
        guard let program = programs.first(where: { access($0, X_OK) == 0 }) else {
            throw Failure("Chromium is not installed: run scripts/install-browser.sh")
        }
        var arguments = [
            program, "--headless=new", "--remote-debugging-pipe", "--user-data-dir=\(folder)", "--no-first-run",
            "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--no-default-browser-check", "--hide-scrollbars",
            "--force-color-profile=srgb", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "about:blank",
        ]
        // Root has no sandbox in Chromium; it sees only our own pages here.
        if geteuid() == 0 { arguments.insert("--no-sandbox", at: 1) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "\(folder).log", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        posix_spawn_file_actions_adddup2(&actions, reads, 3)
        posix_spawn_file_actions_adddup2(&actions, writes, 4)
        let copies = arguments.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        var pid: pid_t = 0
        let status = posix_spawn(&pid, program, &actions, nil, copies + [nil], environ)
        guard status == 0 else { throw Failure("cannot start \(program): errno \(status)") }
    }

    // MARK: - Messages

    /// Calls a method of the protocol and waits for its result.
    func call(_ method: String, _ parameters: JSONObject = [:], session: String? = nil) async throws -> JSONValue {
        try await withCheckedThrowingContinuation { continuation in
            let message: [UInt8]? = state.withLock { state in
                if let end = state.end {
                    continuation.resume(throwing: end)
                    return nil
                }
                state.lastCall += 1
                state.calls[state.lastCall] = continuation
                var message: JSONObject = [
                    "id": .integer(state.lastCall), "method": .string(method), "params": .object(parameters),
                ]
                if let session { message["sessionId"] = .string(session) }
                return JSONValue.object(message).bytes + [0]
            }
            if let message { write(message) }
        }
    }

    /// What has happened since the last time, of one session.
    func events(of session: String) -> [Event] {
        state.withLock { state in
            let own = state.events.filter { $0.session == session }
            state.events.removeAll { $0.session == session }
            return own
        }
    }

    /// Waits until an event comes that has not been taken by ``events(of:)``.
    func awaitEvent(_ method: String, session: String) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            state.withLock { state in
                if let end = state.end {
                    continuation.resume(throwing: end)
                } else if state.events.contains(where: { $0.session == session && $0.method == method }) {
                    continuation.resume()
                } else {
                    state.waiters.append((session, method, continuation))
                }
            }
        }
    }

    private func write(_ message: [UInt8]) {
        var rest = message[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            // A pipe that is gone: the reader finds the same and tells those who wait.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    // MARK: - The reader's thread

    private func read() {
        var buffer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var ready = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            let count = poll(&ready, 1, Chromium.silenceMax) > 0 ? Glibc.read(input, &piece, piece.count) : -1
            guard count != 0 else { return end(Failure("Chromium has ended, see /tmp/motcua-browser-\(getpid()).log")) }
            guard count > 0 else {
                if isWaitedFor { return end(Failure("Chromium does not answer")) }
                continue
            }
            for byte in piece[..<count] {
                guard byte == 0 else {
                    buffer.append(byte)
                    continue
                }
                take(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
    }

    private var isWaitedFor: Bool { state.withLock { !$0.calls.isEmpty || !$0.waiters.isEmpty } }

    private func take(_ bytes: [UInt8]) {
        let limits = JSONLimits(byteCountMax: 1 << 26, depthMax: 128, valueCountMax: 1_000_000, keyByteCountMax: 4_096)
        let message: JSONValue
        do { message = try JSONValue.parse(bytes, limits: limits) } catch {
            return end(Failure("Chromium says what is no JSON: \(error)"))
        }
        if let id = message["id"]?.integerValue {
            guard let call = state.withLock({ $0.calls.removeValue(forKey: id) }) else { return }
            if let error = message["error"] {
                call.resume(throwing: Failure("Chromium: \(error["message"]?.stringValue ?? "\(error)")"))
            } else {
                call.resume(returning: message["result"] ?? .null)
            }
        } else if let method = message["method"]?.stringValue {
            let event = Event(
                session: message["sessionId"]?.stringValue ?? "", method: method,
                parameters: message["params"] ?? .null)
            let waiters = state.withLock { state in
                state.events.append(event)
                let due = state.waiters.filter { $0.session == event.session && $0.method == method }
                state.waiters.removeAll { $0.session == event.session && $0.method == method }
                return due.map(\.resume)
            }
            waiters.forEach { $0.resume() }
        }
    }

    private func end(_ failure: Failure) {
        let (calls, waiters) = state.withLock { state in
            state.end = failure
            defer { (state.calls, state.waiters) = ([:], []) }
            return (Array(state.calls.values), state.waiters.map(\.resume))
        }
        calls.forEach { $0.resume(throwing: failure) }
        waiters.forEach { $0.resume(throwing: failure) }
    }
}
