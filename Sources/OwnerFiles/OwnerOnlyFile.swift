#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A small file that only its owner can read: made whole or not at all, and on disk before anybody relies on it.
package enum OwnerOnlyFile {
    private static let byteCountMax = 65_536

    /// The bytes of a file; nil when there is none.
    /// - Parameter isSecret: refuses a file that group or others can touch.
    /// - Throws: ``OwnerFileError``.
    package static func contents(of path: String, isSecret: Bool = true) throws(OwnerFileError) -> [UInt8]? {
        let file = retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("inspect", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw OwnerFileError(.unusable, "\(path) is not a regular file; name one that is")
        }
        guard !isSecret || status.st_mode & 0o077 == 0 else {
            throw OwnerFileError(.tooOpen, "\(path) is open to group or others; run: chmod 600 \(path)")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = retrying { chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) } }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= byteCountMax else {
                throw OwnerFileError(
                    .tooLong, "\(path) is longer than any such file; restore it from its own backup")
            }
        }
    }

    /// Makes the file; leaves one that is there already as it is.
    /// - Throws: ``OwnerFileError``.
    package static func create(_ path: String, _ text: String) throws(OwnerFileError) {
        let draft = try writeDraft(beside: path, Array(text.utf8), like: nil)
        defer { unlink(draft) }
        // A link appears whole or not at all and never replaces, as O_EXCL would, but with the content complete.
        guard link(draft, path) == 0 || errno == EEXIST else { throw failure("create", path) }
        try synchroniseFolder(of: path)
    }

    /// Replaces the file in one step, or makes it; a new one belongs to the owner of the old one.
    /// - Throws: ``OwnerFileError``; then the old one stands.
    package static func replace(_ path: String, _ text: String) throws(OwnerFileError) {
        try replace(path, Array(text.utf8))
    }

    /// Replaces the file in one step, or makes it, with bytes that need not be text.
    /// - Throws: ``OwnerFileError``; then the old one stands.
    package static func replace(_ path: String, _ bytes: [UInt8]) throws(OwnerFileError) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        guard isThere || errno == ENOENT else { throw failure("inspect", path) }
        let draft = try writeDraft(beside: path, bytes, like: isThere ? status : nil)
        guard rename(draft, path) == 0 else {
            let error = failure("replace", path)
            unlink(draft)
            throw error
        }
        try synchroniseFolder(of: path)
    }

    private static func writeDraft(
        beside path: String, _ bytes: [UInt8], like old: stat?
    ) throws(OwnerFileError) -> String {
        let draft = "\(path).\(UInt64.random(in: .min ... .max)).new"
        let file = retrying { open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600) }
        guard file >= 0 else { throw failure("create", draft) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = retrying { rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } }
            guard count > 0 else { throw abandon(file, draft, "write") }
            rest = rest.dropFirst(count)
        }
        if let old, old.st_uid != geteuid() || old.st_gid != getegid() {
            // An administrator who works as root must not lock the service out.
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

    private static func abandon(_ file: Int32, _ path: String, _ verb: String) -> OwnerFileError {
        let error = failure(verb, path)
        close(file)
        unlink(path)
        return error
    }

    private static func synchroniseFolder(of path: String) throws(OwnerFileError) {
        let folder = try OwnerFolder.open(OwnerFolder.path(of: path))
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("save the folder of", path) }
    }

    static func retrying<N: SignedInteger>(_ call: () -> N) -> N {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }

    /// Reads `errno`: to be called right after the call that failed.
    static func failure(_ verb: String, _ path: String) -> OwnerFileError {
        let reason = String(cString: strerror(errno))
        return OwnerFileError(
            .unusable, "cannot \(verb) \(path) (\(reason)); check that the folder exists and belongs to this user")
    }
}
