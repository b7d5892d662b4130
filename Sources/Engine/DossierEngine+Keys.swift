import Dossiers
import Logging
import Procedures
import Store
import Vault

/// Why an engine does not start: its key file is not the one under which the database was sealed.
package struct KeyMismatch: Error, Hashable, Sendable, CustomStringConvertible {
    /// The identity of the key file that the database belongs to.
    package let expected: String
    /// The identity of the one that was given.
    package let given: String

    /// What happened and what to do, one line.
    package var description: String {
        "the database was sealed under key file \(expected), and this is key file \(given): name the right one with --keys, "
            + "or restore it from its own backup"
    }
}

/// How the keys stand.
package struct KeyStanding: Hashable, Sendable {
    /// Names the key file, and tells nothing of it.
    package var identity: String
    /// The version under which data keys are wrapped.
    package var inUse: UInt32
    /// Whether no data key is wrapped under an older version any more.
    package var isRewrapped: Bool
}

/// The key file and the database belong together, and a new version of the file is taken up by all servers.
extension DossierEngine {
    /// Sees that the database belongs to this key file, and wraps under the version that the database names. The first
    /// engine of a database writes its own identity there.
    /// - Throws: ``KeyMismatch``; `VaultError` when the file lacks the version in use; `CommandError.unavailable` while the
    ///   database is away.
    @discardableResult
    package func checkKeys() async throws -> KeyStanding {
        let (identity, own) = (vault.identity, vault.versionInUse)
        guard let row = try await asking({ try await $0.installation(keyIdentity: identity, keyVersion: Int(own)) })
        else { throw CommandError.unavailable(retryAfterSeconds: 1) }
        guard row.keyIdentity == identity else { throw KeyMismatch(expected: row.keyIdentity, given: identity) }
        let version = UInt32(clamping: row.keyVersion)
        if version != own {
            try vault.use(version)
            logger.notice("data keys are wrapped under key version \(version) from now on")
        }
        return KeyStanding(identity: identity, inUse: version, isRewrapped: row.rewrappedVersion >= row.keyVersion)
    }

    /// Has every server wrap data keys under a version of the key file, which each of them must hold.
    /// - Returns: false when it is in use already, or a newer one is.
    package func useKeyVersion(_ version: UInt32) async throws -> Bool {
        try await checkKeys()
        let identity = vault.identity
        let isNew = try await asking { try await $0.useKeyVersion(Int(version), keyIdentity: identity) }
        if isNew { try await checkKeys() }
        return isNew
    }

    /// Takes up a new key version, and wraps again under it what is wrapped under others.
    func mindKeys() async {
        var complained = ""
        var nextSweep = ContinuousClock.now
        while !Task.isCancelled {
            do {
                let standing = try await checkKeys()
                if !standing.isRewrapped, ContinuousClock.now >= nextSweep {
                    if try await rewrapKeys(standing.inUse) == 0,
                        try await store.noteRewrapped(version: Int(standing.inUse))
                    {
                        logger.notice("every data key is wrapped under key version \(standing.inUse)")
                    }
                    nextSweep = .now + .seconds(60)
                }
                complained = ""
            } catch {
                // Said once: it stands until somebody mends it.
                if complained != "\(error)", !Task.isCancelled { logger.error("keys: \(error)") }
                complained = "\(error)"
            }
            await pause(settings.catalogueInterval)
        }
    }

    /// Wraps every data key that is under another version again, a page at a time; nothing is ever unreadable on the way,
    /// since older versions stay in the file.
    /// - Returns: how many were under another version.
    func rewrapKeys(_ version: UInt32) async throws -> Int {
        var found = 0
        var new: WrappedKey?
        for province in try await store.provincesKnown() {
            var after: DossierID?
            while !Task.isCancelled {
                let page = try await store.dataKeys(after: after, version: version, limit: 1_000, province: province)
                for (dossier, old) in page {
                    guard let old else { continue }
                    found += 1
                    do throws(VaultError) {
                        let wrapped = WrappedKey(bytes: old)
                        new = try vault.rewrapped(wrapped, province: String(province), dossier: dossier.description)
                    } catch {
                        // One broken key must not keep all others under the old version.
                        logger.error("the data key of \(province).\(dossier) cannot be wrapped again: \(error)")
                        continue
                    }
                    guard let new else { continue }
                    _ = try await store.rewrapDataKey(of: dossier, old: old, new: new.bytes, province: province)
                }
                guard let last = page.last?.dossier else { break }
                after = last
            }
        }
        // A sweep that was cut short has not looked everywhere.
        try Task.checkCancellation()
        return found
    }
}
