internal import Synchronization

/// The keys of a running process: read again from their file when a value names a version that is not known here, since an
/// administrator adds versions while servers run.
final class KeyRing: Sendable {
    private struct Held {
        var keys: KeyFile
        var inUse: UInt32
    }

    private let held: Mutex<Held>
    private let path: String?

    init(_ keys: KeyFile, path: String?) {
        held = Mutex(Held(keys: keys, inUse: keys.currentVersion))
        self.path = path
    }

    var keys: KeyFile { held.withLock { $0.keys } }
    var inUse: UInt32 { held.withLock { $0.inUse } }

    /// The wrapping key of a version.
    /// - Throws: `.unknownKeyVersion` when the file does not hold it either.
    func wrappingKey(_ version: UInt32) throws(VaultError) -> SecretKey {
        if let key = keys.wrappingKey(version) { return key }
        try readAgain()
        if let key = keys.wrappingKey(version) { return key }
        throw VaultError(
            .unknownKeyVersion,
            "key version \(version) is not in the key file; put the newest key file in its place, from the server that added it or from its own backup"
        )
    }

    /// Wraps under a version from now on.
    func use(_ version: UInt32) throws(VaultError) {
        _ = try wrappingKey(version)
        held.withLock { $0.inUse = version }
    }

    /// Takes the file's keys if they are the same installation's, with more versions.
    private func readAgain() throws(VaultError) {
        guard let path else { return }
        let newer = try KeyFile.open(path, createIfMissing: false)
        held.withLock { held in
            guard newer.identity == held.keys.identity, newer.currentVersion > held.keys.currentVersion else { return }
            held.keys = newer
        }
    }
}
