import Glibc
import NIOCore

/// A process whose processor time is watched while load runs.
struct WatchedProcess: Hashable, Sendable {
    let name: String
    let pid: Int32
    /// Whether its children count too, as PostgreSQL's do.
    let withChildren: Bool

    /// Seconds of processor time used so far, by process.
    func processorSeconds() -> [Int32: Double] {
        var seconds: [Int32: Double] = [:]
        for pid in withChildren ? [pid] + Self.children(of: pid) : [pid] { seconds[pid] = Self.seconds(pid) }
        return seconds
    }

    /// Seconds used since then; a child that ended in between takes its own with it.
    func processorSeconds(since before: [Int32: Double]) -> Double {
        processorSeconds().reduce(0) { $0 + max(0, $1.value - (before[$1.key] ?? 0)) }
    }

    private static func seconds(_ pid: Int32) -> Double {
        // After the name in parentheses, which may hold spaces: state is the first field, utime the twelfth.
        guard let text = ProcFile.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return 0 }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    }

    private static func children(of pid: Int32) -> [Int32] {
        guard let text = ProcFile.read("/proc/\(pid)/task/\(pid)/children") else { return [] }
        return text.split(separator: " ").compactMap { Int32($0) }
    }
}

/// Small files of the kernel.
enum ProcFile {
    /// The text, at most 64 kB; nil when it cannot be read.
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}

/// Reads processor times at both ends of the measured time.
enum Watch {
    static func run(_ watched: [WatchedProcess], _ schedule: Schedule) async throws -> [(name: String, value: Double)] {
        let all = watched + [WatchedProcess(name: "load", pid: getpid(), withChildren: false)]
        try await sleep(until: schedule.measureFrom)
        let before = all.map { $0.processorSeconds() }
        let stolenBefore = stolenSeconds()
        let began = NIODeadline.now()
        try await sleep(until: schedule.measureUntil)
        let seconds = Double((NIODeadline.now() - began).nanoseconds) / 1e9
        let stolen = stolenSeconds() - stolenBefore
        return zip(all, before).map { process, before in
            (process.name, seconds > 0 ? process.processorSeconds(since: before) / seconds : 0)
        } + [("stolen", seconds > 0 ? stolen / seconds : 0)]
    }

    /// What a virtual machine was kept from running, over all its processors, since it started.
    private static func stolenSeconds() -> Double {
        guard let line = ProcFile.read("/proc/stat")?.split(separator: "\n").first else { return 0 }
        let fields = line.split(separator: " ")
        guard fields.count > 8, let ticks = Double(fields[8]) else { return 0 }
        return ticks / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    }

    private static func sleep(until deadline: NIODeadline) async throws {
        let left = (deadline - .now()).nanoseconds
        if left > 0 { try await Task.sleep(for: .nanoseconds(left)) }
    }
}
