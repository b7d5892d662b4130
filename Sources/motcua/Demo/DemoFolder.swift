import Glibc

/// The folder of a demo's data: whatever an earlier demo left is removed, and nothing that no demo made.
enum DemoFolder {
    private static let mark = "motcua-demo"

    /// Makes the folder empty.
    /// - Throws: ``CommandFailure`` when it holds something that no demo made, or another demo still runs on it.
    static func empty(_ path: String) throws(CommandFailure) {
        let names = entries(path)
        guard names.isEmpty || names.contains(mark) else {
            throw CommandFailure(.notNow, "\(path) is not empty and no demo made it: give another folder by --data")
        }
        if names.contains("postgres") { try checkIsFree("\(path)/postgres") }
        for name in names { remove("\(path)/\(name)") }
        try Installation.makeFolder(path)
        let file = open("\(path)/\(mark)", O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw CommandFailure(.notNow, "cannot write in \(path): \(String(cString: strerror(errno)))")
        }
        close(file)
    }

    /// The lock of the engine that runs the PostgreSQL there.
    private static func checkIsFree(_ folder: String) throws(CommandFailure) {
        let lock = open("\(folder)/lock", O_RDWR | O_CLOEXEC)
        guard lock >= 0 else { return }
        defer { close(lock) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw CommandFailure(
                .notNow, "another demo runs on \(folder): end it first, or give another folder by --data")
        }
    }

    private static func entries(_ path: String) -> [String] {
        guard let handle = opendir(path) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a file, or a folder with what is in it; follows no link.
    static func remove(_ path: String, depth: Int = 0) {
        var about = stat()
        guard depth < 64, lstat(path, &about) == 0 else { return }
        if about.st_mode & S_IFMT == S_IFDIR {
            for name in entries(path) { remove("\(path)/\(name)", depth: depth + 1) }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
