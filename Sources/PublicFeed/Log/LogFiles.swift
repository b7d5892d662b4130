#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Why a file of the log cannot be used; one line for the operator, without any key.
package struct LogFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// The folder of what the log keeps outside the database: its key, and the last checkpoint of each province.
///
/// A backup of the database must not bring it back to an older state: it is what tells that a tree has shrunk.
package struct LogFolder: Sendable {
    private static let byteCountMax = SignedNote.byteCountMax

    /// The folder's path.
    package let path: String

    /// The folder at a path; made, for its owner only, when it is not there. The folder above must exist.
    /// - Throws: ``LogFileError``.
    package init(_ path: String) throws(LogFileError) {
        self.path = path
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw LogFolder.failure("make the folder", path) }
    }

    /// The file of the signing key.
    package var keyFile: String { "\(path)/key" }

    /// The file of a province's last checkpoint.
    package func checkpointFile(_ province: Int16) -> String { "\(path)/\(province).checkpoint" }

    /// The provinces of which a checkpoint is kept, in order.
    /// - Throws: ``LogFileError``.
    package func provinces() throws(LogFileError) -> [Int16] {
        guard let folder = opendir(path) else { throw LogFolder.failure("read the folder", path) }
        defer { closedir(folder) }
        var provinces: [Int16] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasSuffix(".checkpoint"), let province = Int16(name.dropLast(".checkpoint".count)) else {
                continue
            }
            provinces.append(province)
        }
        return provinces.sorted()
    }

    /// The province's last checkpoint as it was written; nil when none was.
    /// - Throws: ``LogFileError``.
    package func checkpoint(_ province: Int16) throws(LogFileError) -> String? {
        guard let bytes = try LogFolder.contents(of: checkpointFile(province), ownerOnly: false) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces a province's last checkpoint in one step; on disk when this returns.
    /// - Throws: ``LogFileError``; then the old one stands.
    package func keep(_ note: String, of province: Int16) throws(LogFileError) {
        let target = checkpointFile(province)
        let draft = try LogFolder.writeDraft(beside: target, note)
        guard rename(draft, target) == 0 else {
            let error = LogFolder.failure("replace", target)
            unlink(draft)
            throw error
        }
        try synchronise()
    }

    /// Runs `body` unless another process of this folder is in one of its own.
    /// - Returns: nil when it was not run.
    /// - Throws: ``LogFileError``, and what `body` throws.
    package func exclusively<Value>(_ body: () async throws -> Value) async throws -> Value? {
        let folder = LogFolder.retrying { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard folder >= 0 else { throw LogFolder.failure("open", path) }
        // Closing gives the lock back.
        defer { close(folder) }
        guard LogFolder.retrying({ flock(folder, LOCK_EX | LOCK_NB) }) == 0 else {
            if errno == EWOULDBLOCK { return nil }
            throw LogFolder.failure("lock", path)
        }
        return try await body()
    }

    /// Makes a file that only its owner reads; leaves one that is there as it is.
    func create(_ file: String, _ text: String) throws(LogFileError) {
        let draft = try LogFolder.writeDraft(beside: file, text)
        defer { unlink(draft) }
        // A link appears whole or not at all and never replaces.
        guard link(draft, file) == 0 || errno == EEXIST else { throw LogFolder.failure("create", file) }
        try synchronise()
    }

    /// The bytes of a file; nil when there is none.
    static func contents(of path: String, ownerOnly: Bool) throws(LogFileError) -> [UInt8]? {
        let file = retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("inspect", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw LogFileError("\(path) is not a regular file") }
        guard !ownerOnly || status.st_mode & 0o077 == 0 else {
            throw LogFileError("\(path) is open to group or others; run: chmod 600 \(path)")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = retrying { chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) } }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= byteCountMax else { throw LogFileError("\(path) is longer than it can be") }
        }
    }

    private static func writeDraft(beside path: String, _ text: String) throws(LogFileError) -> String {
        let draft = "\(path).\(UInt64.random(in: .min ... .max)).new"
        let file = retrying { open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600) }
        guard file >= 0 else { throw failure("create", draft) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = retrying { rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } }
            guard count > 0 else { throw abandon(file, draft, "write") }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw abandon(file, draft, "save") }
        guard close(file) == 0 else {
            let error = failure("save", draft)
            unlink(draft)
            throw error
        }
        return draft
    }

    private static func abandon(_ file: Int32, _ path: String, _ verb: String) -> LogFileError {
        let error = failure(verb, path)
        close(file)
        unlink(path)
        return error
    }

    private func synchronise() throws(LogFileError) {
        let folder = LogFolder.retrying { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard folder >= 0 else { throw LogFolder.failure("open", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw LogFolder.failure("save the folder", path) }
    }

    private static func retrying<N: SignedInteger>(_ call: () -> N) -> N {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }

    /// Reads `errno`: to be called right after the call that failed.
    private static func failure(_ verb: String, _ path: String) -> LogFileError {
        LogFileError("cannot \(verb) \(path) (\(String(cString: strerror(errno)))); check that it belongs to this user")
    }
}
