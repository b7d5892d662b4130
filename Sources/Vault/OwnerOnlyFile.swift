#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A small file that only its owner can read: made whole or not at all, and on disk before anybody relies on it.
enum OwnerOnlyFile {
    private static let greatestByteCount = 65_536

    /// The bytes of the file; nil when there is none.
    static func contents(of path: String) throws(VaultError) -> [UInt8]? {
        let file = retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("inspect", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw VaultError(.keyFileUnusable, "key file \(path) is not a regular file; name one that is")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw VaultError(
                .keyFileTooOpen, "key file \(path) is open to group or others; run: chmod 600 \(path)")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = retrying { chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) } }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= greatestByteCount else {
                throw VaultError(
                    .keyFileMalformed, "key file \(path) is longer than any key file; restore it from its own backup")
            }
        }
    }

    /// Makes the file; leaves a file that is there already as it is.
    static func create(_ path: String, _ text: String) throws(VaultError) {
        let draft = try writeDraft(beside: path, text, like: nil)
        defer { unlink(draft) }
        // A link appears whole or not at all and never replaces, as O_EXCL would, but with the content complete.
        guard link(draft, path) == 0 || errno == EEXIST else { throw failure("create", path) }
        try synchroniseFolder(of: path)
    }

    /// Replaces the file in one step; the new one belongs to the owner of the old one.
    static func replace(_ path: String, _ text: String) throws(VaultError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("inspect", path) }
        let draft = try writeDraft(beside: path, text, like: status)
        guard rename(draft, path) == 0 else {
            let error = failure("replace", path)
            unlink(draft)
            throw error
        }
        try synchroniseFolder(of: path)
    }

    /// Runs `body` while no other process runs one for a file of the same folder.
    static func exclusively<R>(_ path: String, _ body: () throws(VaultError) -> R) throws(VaultError) -> R {
        let folder = try openFolder(of: path)
        defer { close(folder) }
        guard retrying({ flock(folder, LOCK_EX) }) == 0 else { throw failure("lock the folder of", path) }
        return try body()
    }

    private static func writeDraft(
        beside path: String, _ text: String, like old: stat?
    ) throws(VaultError) -> String {
        let draft = "\(path).\(UInt64.random(in: .min ... .max)).new"
        let file = retrying { open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600) }
        guard file >= 0 else { throw failure("create", draft) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = retrying { rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } }
            guard count > 0 else { throw abandon(file, draft, "write") }
            rest = rest.dropFirst(count)
        }
        if let old, old.st_uid != geteuid() || old.st_gid != getegid() {
            // An administrator who rotates as root must not lock the service out.
            guard fchown(file, old.st_uid, old.st_gid) == 0 else { throw abandon(file, draft, "hand over") }
        }
        // umask can only take rights away; 0600 is what the owner needs.
        guard fchmod(file, 0o600) == 0, fsync(file) == 0 else { throw abandon(file, draft, "save") }
        guard close(file) == 0 else {
            let error = failure("save", draft)
            unlink(draft)
            throw error
        }
        return draft
    }

    private static func abandon(_ file: Int32, _ path: String, _ verb: String) -> VaultError {
        let error = failure(verb, path)
        close(file)
        unlink(path)
        return error
    }

    private static func synchroniseFolder(of path: String) throws(VaultError) {
        let folder = try openFolder(of: path)
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("save the folder of", path) }
    }

    private static func openFolder(of path: String) throws(VaultError) -> Int32 {
        let folder =
            switch path.lastIndex(of: "/") {
            case nil: "."
            case path.startIndex?: "/"
            case let slash?: String(path[..<slash])
            }
        let file = retrying { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard file >= 0 else { throw failure("open", folder) }
        return file
    }

    private static func retrying<N: SignedInteger>(_ call: () -> N) -> N {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }

    /// Reads `errno`: to be called right after the call that failed.
    private static func failure(_ verb: String, _ path: String) -> VaultError {
        let reason = String(cString: strerror(errno))
        return VaultError(
            .keyFileUnusable,
            "cannot \(verb) \(path) (\(reason)); check that the folder exists and belongs to this user")
    }
}
