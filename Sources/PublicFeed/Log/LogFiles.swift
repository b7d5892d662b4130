internal import OwnerFiles

/// Why a file of the log cannot be used; one line for the operator, without any key.
package struct LogFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line.
    package let description: String

    init(_ description: String) { self.description = description }

    /// What the room of files says of it.
    init(_ error: OwnerFileError) { self.init(error.description) }
}

/// The folder of what the log keeps outside the database: its key, and the last checkpoint of each province.
///
/// A backup of the database must not bring it back to an older state: it is what tells that a tree has shrunk.
package struct LogFolder: Sendable {
    /// The folder's path.
    package let path: String

    /// The folder at a path; made, for its owner only, when it is not there. The folder above must exist.
    /// - Throws: ``LogFileError``.
    package init(_ path: String) throws(LogFileError) {
        self.path = path
        try LogFolder.said { () throws(OwnerFileError) in try OwnerFolder.make(path) }
    }

    /// The file of the signing key.
    package var keyFile: String { "\(path)/key" }

    /// The file of a province's last checkpoint.
    package func checkpointFile(_ province: Int16) -> String { "\(path)/\(province).checkpoint" }

    /// The provinces of which a checkpoint is kept, in order.
    /// - Throws: ``LogFileError``.
    package func provinces() throws(LogFileError) -> [Int16] {
        let names = try LogFolder.said { () throws(OwnerFileError) in try OwnerFolder.names(in: path) }
        return names.filter { $0.hasSuffix(".checkpoint") }
            .compactMap { Int16($0.dropLast(".checkpoint".count)) }.sorted()
    }

    /// The province's last checkpoint as it was written; nil when none was.
    /// - Throws: ``LogFileError``.
    package func checkpoint(_ province: Int16) throws(LogFileError) -> String? {
        let bytes = try LogFolder.said { () throws(OwnerFileError) in
            // Everybody has seen what stands in it.
            try OwnerOnlyFile.contents(of: checkpointFile(province), isSecret: false)
        }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Replaces a province's last checkpoint in one step; on disk when this returns.
    /// - Throws: ``LogFileError``; then the old one stands.
    package func keep(_ note: String, of province: Int16) throws(LogFileError) {
        try LogFolder.said { () throws(OwnerFileError) in
            try OwnerOnlyFile.replace(checkpointFile(province), note)
        }
    }

    /// The file of what was signed last of a province's ratings.
    private func satisfactionFile(_ province: Int16) -> String { "\(path)/\(province).satisfaction" }

    /// What was signed last of a province's ratings; nil when nothing was.
    func satisfaction(_ province: Int16) throws(LogFileError) -> String? {
        let bytes = try LogFolder.said { () throws(OwnerFileError) in
            try OwnerOnlyFile.contents(of: satisfactionFile(province), isSecret: false)
        }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Replaces it in one step; on disk when this returns.
    func keep(satisfaction note: String, of province: Int16) throws(LogFileError) {
        try LogFolder.said { () throws(OwnerFileError) in
            try OwnerOnlyFile.replace(satisfactionFile(province), note)
        }
    }

    /// Runs `body` unless another process of this folder is in one of its own.
    /// - Returns: nil when it was not run.
    /// - Throws: ``LogFileError``, and what `body` throws.
    package func exclusively<Value>(_ body: () async throws -> Value) async throws -> Value? {
        do { return try await OwnerFolder.ifFree(path, body) } catch {
            if let error = error as? OwnerFileError { throw LogFileError(error) }
            throw error
        }
    }

    /// The key's file; nil when there is none.
    func key() throws(LogFileError) -> [UInt8]? {
        try LogFolder.said { () throws(OwnerFileError) in try OwnerOnlyFile.contents(of: keyFile) }
    }

    /// Makes the key's file; leaves one that is there as it is.
    func createKey(_ text: String) throws(LogFileError) {
        try LogFolder.said { () throws(OwnerFileError) in try OwnerOnlyFile.create(keyFile, text) }
    }

    private static func said<R>(_ work: () throws(OwnerFileError) -> R) throws(LogFileError) -> R {
        do throws(OwnerFileError) { return try work() } catch { throw LogFileError(error) }
    }
}
