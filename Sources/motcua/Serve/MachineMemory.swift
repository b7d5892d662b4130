import Glibc

/// The memory that this process may use.
enum MachineMemory {
    /// Bytes: the machine's, or less where a container has a limit (cgroup v2's `memory.max`).
    static var byteCount: Int {
        let machine = max(0, sysconf(Int32(_SC_PHYS_PAGES))) * max(0, sysconf(Int32(_SC_PAGESIZE)))
        guard let limit = firstLine(of: "/sys/fs/cgroup/memory.max").flatMap({ Int($0) }), limit > 0 else {
            return machine
        }
        return min(machine, limit)
    }

    /// What pictures in memory may take unless somebody says else: a sixteenth, at most a gigabyte.
    static var usualShelfByteCount: Int { min(byteCount / 16, 1 << 30) }

    private static func firstLine(of path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 64)
        guard fgets(&line, 64, file) != nil else { return nil }
        let bytes = line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
