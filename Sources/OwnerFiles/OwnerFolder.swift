#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A folder that only its owner can enter, and whose lock processes of one machine take in turns.
package enum OwnerFolder {
    /// Makes the folder when it is not there. The folder above must exist.
    /// - Throws: ``OwnerFileError``.
    package static func make(_ path: String) throws(OwnerFileError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw OwnerOnlyFile.failure("make the folder", path)
        }
    }

    /// The names in the folder, `.` and `..` among them, in no order.
    /// - Throws: ``OwnerFileError``.
    package static func names(in path: String) throws(OwnerFileError) -> [String] {
        guard let folder = opendir(path) else { throw OwnerOnlyFile.failure("read the folder", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    /// Runs `body` while no other process runs one for the same folder; waits for its turn.
    /// - Throws: what `body` throws, and an ``OwnerFileError`` as `refusal` says it.
    package static func exclusively<R, Failure: Error>(
        _ path: String, refusal: (OwnerFileError) -> Failure, _ body: () throws(Failure) -> R
    ) throws(Failure) -> R {
        let lock: Int32?
        do throws(OwnerFileError) { lock = try take(path, waits: true) } catch { throw refusal(error) }
        // Closing gives the lock back.
        defer { if let lock { close(lock) } }
        return try body()
    }

    /// Runs `body` unless another process is in one of its own for the same folder.
    /// - Returns: nil when it was not run.
    /// - Throws: ``OwnerFileError``, and what `body` throws.
    package static func ifFree<R>(_ path: String, _ body: () async throws -> R) async throws -> R? {
        guard let lock = try take(path, waits: false) else { return nil }
        defer { close(lock) }
        return try await body()
    }

    /// The open folder with its lock; nil when another process has it and `waits` is false.
    private static func take(_ path: String, waits: Bool) throws(OwnerFileError) -> Int32? {
        let folder = try open(path)
        guard OwnerOnlyFile.retrying({ flock(folder, waits ? LOCK_EX : LOCK_EX | LOCK_NB) }) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let error = OwnerOnlyFile.failure("lock", path)
            close(folder)
            if isTaken { return nil }
            throw error
        }
        return folder
    }

    static func open(_ path: String) throws(OwnerFileError) -> Int32 {
        let folder = OwnerOnlyFile.retrying { openFolder(path) }
        guard folder >= 0 else { throw OwnerOnlyFile.failure("open", path) }
        return folder
    }

    /// The folder in which a file lies.
    package static func path(of file: String) -> String {
        switch file.lastIndex(of: "/") {
        case nil: "."
        case file.startIndex?: "/"
        case let slash?: String(file[..<slash])
        }
    }
}

/// Outside of ``OwnerFolder``, whose own `open` hides the system's.
private func openFolder(_ path: String) -> Int32 { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
