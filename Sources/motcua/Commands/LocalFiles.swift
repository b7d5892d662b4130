import Glibc

/// Reads files named on the command line.
enum LocalFiles {
    /// A file's bytes.
    /// - Throws: ``CommandFailure`` when it cannot be read or is larger than `byteCountMax`.
    static func bytes(_ path: String, byteCountMax: Int = 16 << 20) throws(CommandFailure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { return bytes }
            guard bytes.count + count <= byteCountMax else {
                throw CommandFailure(.notNow, "\(path) is larger than \(byteCountMax >> 20) MiB")
            }
            bytes.append(contentsOf: part[..<count])
        }
    }

    /// The YAML files that `paths` name: files as given, folders with what is below them, each with its text.
    /// - Throws: ``CommandFailure`` when one cannot be read, or nothing is found.
    static func workflows(_ paths: [String]) throws(CommandFailure) -> [String: [UInt8]] {
        var texts: [String: [UInt8]] = [:]
        for path in paths {
            for file in try isFolder(path) ? yamlFiles(below: path, depth: 0) : [path] {
                texts[file] = try bytes(file, byteCountMax: 1 << 20)
            }
        }
        guard !texts.isEmpty else {
            throw CommandFailure(.notNow, "no .yaml file in \(paths.joined(separator: ", "))")
        }
        return texts
    }

    /// Puts other bytes in a file's place: whoever reads it meanwhile sees the old ones or the new ones, whole.
    /// - Throws: ``CommandFailure``; the file is then as it was.
    static func replace(_ path: String, with bytes: [UInt8]) throws(CommandFailure) {
        // Behind a link it is the file itself that is replaced.
        let target = realpath(path, nil).map { place in
            defer { free(place) }
            return String(cString: place)
        }
        guard let target else { throw unreadable(path) }
        var about = stat()
        guard stat(target, &about) == 0 else { throw unreadable(path) }
        let draft = "\(target).\(getpid()).new"
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, about.st_mode & 0o777)
        guard file >= 0 else { throw unwritable(path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        let isSafe = rest.isEmpty && fchmod(file, about.st_mode & 0o777) == 0 && fsync(file) == 0
        guard close(file) == 0, isSafe, rename(draft, target) == 0 else {
            let failure = unwritable(path)
            unlink(draft)
            throw failure
        }
    }

    /// Whether the path is a folder.
    /// - Throws: ``CommandFailure`` when there is nothing of that name.
    static func isFolder(_ path: String) throws(CommandFailure) -> Bool {
        var about = stat()
        guard stat(path, &about) == 0 else { throw unreadable(path) }
        return about.st_mode & S_IFMT == S_IFDIR
    }

    private static func yamlFiles(below folder: String, depth: Int) throws(CommandFailure) -> [String] {
        // A link back to a folder above would go on for ever.
        guard depth <= 8 else { return [] }
        guard let handle = opendir(folder) else { throw unreadable(folder) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        var files: [String] = []
        for name in names.sorted() {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            if try isFolder(path) {
                files += try yamlFiles(below: path, depth: depth + 1)
            } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                files.append(path)
            }
        }
        return files
    }

    private static func unwritable(_ path: String) -> CommandFailure {
        CommandFailure(.notNow, "cannot write \(path): \(String(cString: strerror(errno)))")
    }

    private static func unreadable(_ path: String) -> CommandFailure {
        CommandFailure(.notNow, "cannot read \(path): \(String(cString: strerror(errno)))")
    }
}
