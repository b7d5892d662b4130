package import Logging
import Metrics
package import Postgres
import ServiceLifecycle
import Synchronization

/// Signs the provinces' trees as they grow, and refuses where what it would sign is not what it signed before, longer.
///
/// What was signed last is kept in two places, the database and the folder of the log, and the tree must have grown out
/// of both. So a database that was restored from an older state, or tampered with, is found out: its tree is shorter or
/// another one. Nothing is signed then, `/readyz` says why, and everything else goes on.
///
/// Any number of processes may run one. Those of one folder take turns by its lock and read the last checkpoint anew under
/// it; those of one database are kept to one key by its `signer`. So no two can sign trees that differ.
package actor LogSigner: Service {
    /// How often it signs, at most, and looks whether it must.
    private let every: Duration
    private let feed: ConnectionPool
    private let folder: LogFolder
    private let keys: LogKeys
    private let logger: Logger
    // A cache of its own would hide what was changed in the database: each round reads the tiles it needs.
    private nonisolated let refusals = Mutex<[Int16: LogRefusal]>([:])
    /// What keeps the folder from being used; nil when nothing does.
    private nonisolated let failure = Mutex<String?>(nil)
    /// The last error that was logged; nil when the last round came to its end.
    private var lastError: String?

    /// A signer of every tree in the feed's database.
    package init(
        feed: ConnectionPool, folder: LogFolder, keys: LogKeys, logger: Logger, every: Duration = .seconds(5)
    ) {
        self.feed = feed
        self.folder = folder
        self.keys = keys
        self.logger = logger
        self.every = every
    }

    /// Signs until asked to stop; no failure ends it.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.sign() }
    }

    /// Why something is not signed, for `/readyz`; nil when all is well.
    package nonisolated var complaint: String? {
        let refused = refusals.withLock { $0 }.sorted { $0.key < $1.key }
        if refused.isEmpty { return failure.withLock { $0 } }
        return refused.map { "province \($0.key): \($0.value)" }.joined(separator: "; ")
    }

    /// The provinces that are refused now, with the reason.
    package nonisolated var refused: [Int16: LogRefusal] { refusals.withLock { $0 } }

    private func sign() async {
        while !Task.isCancelled {
            do {
                try await round()
            } catch {
                guard !Task.isCancelled else { return }
                note(error)
            }
            // Cancellation ends the sleep and then the loop.
            try? await Task.sleep(for: every)
        }
    }

    private func note(_ error: any Error) {
        let text = "the log cannot be signed: \(error)"
        // A database that is away comes back by itself, and the pages are served without it.
        if error is LogFileError { failure.withLock { $0 = text } }
        if lastError != text { logger.error("\(text)") }
        lastError = text
    }

    /// Looks at every tree once and signs those that have grown.
    /// - Throws: ``LogFileError``, ``PostgresError``.
    package func round() async throws {
        // Another process of this folder is at it: then the work is done.
        guard
            let refused = try await folder.exclusively({
                let stored = try await self.feed.withSession { try $0.run(LogStatements.trees) }
                // A province whose tree is gone has still been signed.
                let provinces = Set(stored).union(try self.folder.provinces()).sorted()
                var refused: [Int16: LogRefusal] = [:]
                for province in provinces { refused[province] = try await self.sign(province) }
                return refused
            })
        else { return }
        report(refused)
        failure.withLock { $0 = nil }
        lastError = nil
    }

    private func report(_ refused: [Int16: LogRefusal]) {
        let before = refusals.withLock { refusals in
            defer { refusals = refused }
            return refusals
        }
        for (province, reason) in refused where before[province] != reason {
            Counter(label: "feed_log_refusals_total").increment()
            logger.critical(
                "the log of a province is not signed any more",
                metadata: ["province": "\(province)", "why": "\(reason)"])
        }
        for province in before.keys where refused[province] == nil {
            logger.notice("the log of a province is signed again", metadata: ["province": "\(province)"])
        }
    }

    /// Signs a province's tree if it has grown.
    /// - Returns: why it may not be signed; nil when it was, or there is nothing new.
    private func sign(_ province: Int16) async throws -> LogRefusal? {
        guard let signer = keys.signer(province) else { return .unusableKey }
        let kept: Checkpoint?
        switch Self.read(try folder.checkpoint(province), signer.key) {
        case .success(let checkpoint): kept = checkpoint
        case .failure(let refusal): return refusal
        }
        let origin = keys.origin(province)
        let look = try await feed.withSession { session in
            try Self.look(at: province, origin: origin, kept: kept, key: signer.key, session)
        }
        switch look {
        case .refused(let refusal): return refusal
        case .unchanged: return nil
        case .grown(let checkpoint):
            let signature = try signer.sign(checkpoint.text)
            let note = SignedNote(text: checkpoint.text, signatures: [signature]).description
            // On disk before anybody can see it: what was shown can never be forgotten.
            try folder.keep(note, of: province)
            let place = (province: province, size: checkpoint.size)
            _ = try await feed.withSession { session in
                _ = session.enqueue(LogStatements.addCheckpoint, (place: place, note: note))
                return try session.run(LogStatements.forgetCheckpoints, place)
            }
            Gauge(label: "feed_log_size", dimensions: [("province", "\(province)")]).record(checkpoint.size)
            return nil
        }
    }

    private enum Look: Sendable {
        case unchanged
        case grown(Checkpoint)
        case refused(LogRefusal)
    }

    /// Compares the tree with what was signed last, here and in the database.
    private static func look(
        at province: Int16, origin: String, kept: Checkpoint?, key: NoteKey, _ session: Session
    ) throws -> Look {
        let stored = try session.run(LogStatements.newestCheckpoint, province).first
        let known: Checkpoint?
        switch read(stored?.note, key) {
        case .success(let checkpoint): known = checkpoint
        case .failure(let refusal): return .refused(refusal)
        }
        let row = try session.run(LogStatements.tree, province).first ?? TreeRow(size: 0, peaks: [])
        guard let frontier = MerkleFrontier(size: row.size, peakBytes: row.peaks) else {
            return .refused(.brokenTree)
        }
        for signed in [kept, known].compactMap({ $0 }) where signed.size > frontier.size {
            return .refused(.smaller(size: frontier.size, signed: signed.size))
        }
        if let known, known.size == frontier.size, known.root == frontier.root, kept == known { return .unchanged }
        guard frontier.size > 0 else { return .unchanged }
        let tiles = LogTiles()
        do {
            for signed in [kept, known].compactMap({ $0 }) {
                guard try tiles.tree(province, size: signed.size, in: session).root() == signed.root else {
                    return .refused(.forked(signed: signed.size))
                }
            }
            // What is signed is what is served: the tiles, not only the edge.
            guard try tiles.tree(province, size: frontier.size, in: session).root() == frontier.root else {
                return .refused(.brokenTree)
            }
        } catch is LogFault {
            return .refused(.brokenTree)
        }
        let claim = (province: province, signer: key.description)
        guard try session.run(LogStatements.claimTree, claim).first == true else {
            return .refused(.anotherSigner)
        }
        return .grown(Checkpoint(origin: origin, size: frontier.size, root: frontier.root))
    }

    /// A kept checkpoint, which must be of our own making.
    private static func read(_ note: String?, _ key: NoteKey) -> Result<Checkpoint?, LogRefusal> {
        guard let note else { return .success(nil) }
        guard let signed = SignedNote(note), signed.isSigned(by: key),
            let checkpoint = Checkpoint(text: signed.text), checkpoint.origin == key.name
        else { return .failure(.foreignCheckpoint) }
        return .success(checkpoint)
    }
}

/// Why a tree is not signed.
package enum LogRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// It has fewer leaves than were signed: the database was brought back to an older state, or is being rebuilt.
    case smaller(size: Int64, signed: Int64)
    /// It is as long, but its first `signed` leaves are not those that were signed.
    case forked(signed: Int64)
    /// Its tiles and its edge do not fit together.
    case brokenTree
    /// The database or the folder holds a checkpoint that this key did not sign.
    case foreignCheckpoint
    /// Another key signs this tree.
    case anotherSigner
    /// The key file gives no key for this province.
    case unusableKey

    /// What happened and what to do, one line.
    package var description: String {
        switch self {
        case .smaller(let size, let signed):
            "the log has \(size) leaves, but \(signed) were signed; if the feed was restored from a backup it signs again "
                + "once it has caught up with the engine; if the engine was, leaves are lost: see docs/log.md"
        case .forked(let signed):
            "the first \(signed) leaves of the log are not those that were signed; run `motcua verify`, see docs/log.md"
        case .brokenTree: "the tiles of the log do not fit together; run `motcua verify`, see docs/log.md"
        case .foreignCheckpoint:
            "a kept checkpoint is not signed by this key; restore the folder of the log from its own backup"
        case .anotherSigner: "another key signs this log; restore the folder of the log from its own backup"
        case .unusableKey: "the key file gives no key for this province"
        }
    }
}
