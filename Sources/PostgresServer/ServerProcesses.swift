import Glibc

/// What runs on a data folder, by `/proc`: a server's processes have it as their working folder.
struct ServerProcesses: Sendable {
    let data: String

    /// The pid and socket folder that postmaster.pid names; nil when there is no such file.
    func recorded() -> (pid: pid_t, socket: String)? {
        guard let text = ServerFolder.read("\(data)/postmaster.pid") else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let pid = pid_t(first), pid > 0 else { return nil }
        return (pid, lines.count > 4 ? String(lines[4]) : "")
    }

    /// True for a process, not a zombie, that works in the data folder.
    func isOurs(_ pid: pid_t) -> Bool {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/\(pid)/cwd", &buffer, buffer.count)
        guard count > 0 else { return false }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) == data
    }

    /// The running postmaster; nil when there is none.
    func postmaster() -> (pid: pid_t, socket: String)? {
        guard let recorded = recorded(), isOurs(recorded.pid) else { return nil }
        return recorded
    }

    /// Every process that works in the data folder.
    func all() -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let pid = pid_t(name), isOurs(pid) { found.append(pid) }
        }
        return found
    }

    /// Removes a postmaster.pid whose number now belongs to another program, which would keep PostgreSQL from starting.
    ///
    /// While an old backend lives the file stays: it carries the shared memory key by which PostgreSQL notices it.
    func removeRecycledFile() {
        guard let recorded = recorded(), !isOurs(recorded.pid), kill(recorded.pid, 0) == 0 || errno == EPERM else {
            return
        }
        if all().isEmpty { unlink("\(data)/postmaster.pid") }
    }

    /// Ends a postmaster: fast shutdown, then immediate, then by force.
    func stop(_ pid: pid_t) async {
        await end(pid, by: [(SIGINT, .seconds(20)), (SIGQUIT, .seconds(5)), (SIGKILL, .seconds(5))])
    }

    /// Ends a backend without a postmaster, whose work is lost already: at once, then by force.
    func stopBackend(_ pid: pid_t) async {
        await end(pid, by: [(SIGQUIT, .seconds(5)), (SIGKILL, .seconds(5))])
    }

    private func end(_ pid: pid_t, by steps: [(Int32, Duration)]) async {
        for (signal, limit) in steps {
            kill(pid, signal)
            if await isGone(pid, within: limit) { return }
        }
    }

    private func isGone(_ pid: pid_t, within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while isOurs(pid) {
            guard ContinuousClock.now < deadline else { return false }
            await pause(.milliseconds(50))
        }
        return true
    }
}

/// Sleeps even in a cancelled task: a shutdown is not cut short.
func pause(_ duration: Duration) async {
    // A detached sleep is never cancelled, so its error cannot occur.
    await Task.detached { try? await Task.sleep(for: duration) }.value
}
