package import Postgres

/// Reads a province's whole log and everything that is published beside it, and names every row that is not what was
/// signed. Reads only; a log of a million leaves takes minutes.
///
/// The tree's tiles are proven by the signed checkpoints; each notice, in the feed and in the engine, is proven by its
/// leaf in the tiles; what the feed knows of a dossier, the public streams and the counters are computed anew from the
/// notices.
package struct LogAudit: Sendable {
    /// One thing that is wrong.
    package struct Finding: Hashable, Sendable {
        /// The province.
        package let province: Int16
        /// The leaf; nil when no leaf is at fault.
        package let n: Int64?
        /// The dossier whose row is at fault; nil when it is none's, or not known.
        package let dossier: String?
        /// The notice's number within the dossier; nil when no notice is at fault.
        package let number: Int32?
        /// The table and what is wrong with it, in English.
        package let what: String
    }

    /// What a province's audit came to.
    package struct Outcome: Sendable {
        /// How many leaves the tree has.
        package let size: Int64
        /// The largest checkpoint whose signature and root are right; nil when there is none.
        package let signed: Checkpoint?
        /// Leaves whose salt was erased: they stand, what they said cannot be checked.
        package let erasedCount: Int
        /// Leaves of which the feed has no notice, and nothing at hand tells why: a day's heads, or rows that are gone.
        /// With the engine's database at hand there is none: the first are ``heads``, the second findings.
        package let unexplained: [Int64]
        /// Leaves whose notice could not be read when it came, which is why the public streams tell nothing of it.
        package let setAside: [Int64]
        /// What of the figures could not be computed again.
        package let figures: Figures
        /// Leaves of no notice, by which the engine commits once a day to the heads that moved without one (R19); nil
        /// without the engine's database.
        package let heads: Heads?
        /// What is wrong; at most 1,000.
        package let findings: [Finding]
    }

    /// The heads leaves of a province.
    package struct Heads: Hashable, Sendable {
        /// How many there are.
        package internal(set) var count = 0
        /// Whether each was computed again from what it commits to, which not every role may read.
        package internal(set) var isChecked = true
    }

    private static let findingCountMax = 1_000
    let feed: ConnectionPool
    private let source: ConnectionPool?
    private let keys: [NoteKey]
    let folder: LogFolder?

    /// An audit.
    /// - Parameters:
    ///   - source: the engine's database, as motcua_feed; nil leaves it out.
    ///   - keys: the keys that may have signed; empty takes the folder's, or the one that the database names.
    ///   - folder: where the log's key and last checkpoints are kept; nil when it is not at hand.
    package init(feed: ConnectionPool, source: ConnectionPool?, keys: [NoteKey], folder: LogFolder?) {
        self.feed = feed
        self.source = source
        self.keys = keys
        self.folder = folder
    }

    /// The provinces that have a tree here, or had one.
    /// - Throws: ``PostgresError``, ``LogFileError``.
    package func provinces() async throws -> [Int16] {
        let stored = try await feed.withSession { try $0.run(LogStatements.trees) }
        return Set(stored).union(try folder?.provinces() ?? []).sorted()
    }

    /// Audits one province.
    /// - Throws: ``PostgresError``, ``LogFileError``.
    package func run(_ province: Int16) async throws -> Outcome {
        var notes = Notes(province: province)
        let leaves = try await walkTree(province, &notes)
        var seen = Seen(size: leaves.size)
        try await walkFeed(province, leaves, &seen, &notes)
        try await walkStreams(province, seen.said, &notes)
        var figures = try await walkFigures(province, seen.said, &notes)
        figures.unsignedMonths = try await walkSatisfaction(province, &notes)
        var heads: Heads?
        if let source { heads = try await walkEngine(province, source, leaves, seen, &notes) }
        return Outcome(
            size: leaves.size, signed: leaves.signed, erasedCount: seen.erased.count,
            unexplained: heads == nil ? seen.missing : [], setAside: seen.setAside.sorted(), figures: figures,
            heads: heads, findings: notes.findings)
    }

    /// What is found on the way.
    struct Notes {
        let province: Int16
        private(set) var findings: [Finding] = []
        var isFull: Bool { findings.count >= findingCountMax }

        init(province: Int16) { self.province = province }

        mutating func add(n: Int64? = nil, dossier: String? = nil, number: Int32? = nil, _ what: String) {
            guard !isFull else { return }
            findings.append(Finding(province: province, n: n, dossier: dossier, number: number, what: what))
        }
    }

    /// The leaf hashes that the tiles hold: 32 bytes a leaf in memory.
    struct Leaves: Sendable {
        fileprivate(set) var bytes: [UInt8] = []
        fileprivate(set) var signed: Checkpoint?

        var size: Int64 { Int64(bytes.count / MerkleHash.byteCount) }

        func hash(_ n: Int64) -> MerkleHash? {
            guard n >= 0, n < size else { return nil }
            let start = Int(n) * MerkleHash.byteCount
            return MerkleHash(bytes: bytes[start..<start + MerkleHash.byteCount])
        }
    }

    /// Which leaves have their notice in the feed.
    struct Seen {
        private var isThere: [Bool]
        var erased: Set<Int64> = []
        /// Notices that could not be read when they came.
        var setAside: [Int64] = []
        /// What the notices call things.
        var said: Said
        /// Rows whose leaf came after the tree was read, or never.
        var beyond: [ReceiptRow] = []

        init(size: Int64) {
            isThere = [Bool](repeating: false, count: Int(size))
            said = Said(before: size)
        }

        /// False when the leaf does not exist or was seen already.
        mutating func note(_ n: Int64) -> Bool {
            guard n >= 0, n < isThere.count, !isThere[Int(n)] else { return false }
            isThere[Int(n)] = true
            return true
        }

        func has(_ n: Int64) -> Bool { n >= 0 && n < isThere.count && isThere[Int(n)] }

        /// The leaves without one, in order.
        var missing: [Int64] { isThere.indices.lazy.filter { !isThere[$0] }.map { Int64($0) } }
    }
}

extension LogAudit {
    /// Reads all tiles, computes every level and root again, and compares with what was signed.
    private func walkTree(_ province: Int16, _ notes: inout Notes) async throws -> Leaves {
        let signatures = try await signatures(province, &notes)
        let row = try await feed.withSession { try $0.run(LogStatements.tree, province).first }
        let size = row?.size ?? 0
        var leaves = Leaves()
        var frontier = MerkleFrontier()
        var upper = UpperTiles()
        while frontier.size < size {
            let tile = LogTile(level: 0, place: frontier.size >> 8)
            let width = tile.width(in: size)
            let stored = try await read(province, tile)
            for place in 0..<width {
                guard let leaf = stored?.hash(place) else {
                    notes.add(n: frontier.size, "feed.log_tile \(tile.path()): missing or too short")
                    return leaves
                }
                var made: [(LogTile, Int, MerkleHash)] = []
                frontier.append(leaf) { height, place, hash in
                    guard height > 0, height % LogTile.height == 0 else { return }
                    let above = LogTile(level: height / LogTile.height, place: place >> 8)
                    made.append((above, Int(place & 0xFF), hash))
                }
                leaves.bytes += leaf.bytes
                for (above, place, hash) in made {
                    if upper.tiles[above.level]?.tile != above {
                        upper.tiles[above.level] = (above, try await read(province, above))
                    }
                    if upper.tiles[above.level]?.bytes?.hash(place) != hash {
                        notes.add("feed.log_tile \(above.path()): hash \(place) is not made of the tile below")
                    }
                }
                if let signed = signatures[frontier.size] {
                    if signed.root == frontier.root {
                        leaves.signed = signed
                    } else {
                        notes.add(
                            "feed.log_tile: the first \(signed.size) leaves are not those that were signed")
                    }
                }
            }
        }
        for signed in signatures.values.sorted(by: { $0.size < $1.size }) where signed.size > size {
            notes.add("feed.log_tree: \(signed.size) leaves were signed, \(size) are here")
        }
        if frontier.peakBytes != row?.peaks ?? [] { notes.add("feed.log_tree: the edge is not that of the tiles") }
        return leaves
    }

    private struct UpperTiles {
        var tiles: [Int: (tile: LogTile, bytes: TileBytes?)] = [:]
    }

    private func read(_ province: Int16, _ tile: LogTile) async throws -> TileBytes? {
        try await feed.withSession { try $0.run(LogStatements.tile, (province: province, tile: tile)).first }
            .map(TileBytes.init)
    }

    /// The keys that a province's log may be signed with: those that were given, else the folder's, else the one that the
    /// database names.
    func trusted(_ province: Int16) async throws -> [NoteKey] {
        guard keys.isEmpty else { return keys.filter { $0.name.hasSuffix("/log/\(province)") } }
        if let folder, let own = try LogKeys.existing(folder)?.key(province) { return [own] }
        let named = try await feed.withSession { try $0.run(AuditStatements.signer, province).first }
        return named.flatMap { NoteKey($0) }.map { [$0] } ?? []
    }

    /// Every kept checkpoint by size, its signature verified.
    private func signatures(_ province: Int16, _ notes: inout Notes) async throws -> [Int64: Checkpoint] {
        let trusted = try await trusted(province)
        var texts: [(place: String, text: String)] = []
        if let kept = try folder?.checkpoint(province) { texts.append(("the kept checkpoint", kept)) }
        var after: Int64 = -1
        while true {
            let place = (province: province, size: after)
            let rows = try await feed.withSession { try $0.run(AuditStatements.checkpoints, place) }
            guard let last = rows.last else { break }
            after = last.size
            texts += rows.map { ("feed.log_checkpoint \($0.size)", $0.note) }
        }
        var found: [Int64: Checkpoint] = [:]
        for (place, text) in texts {
            do throws(ReceiptCheck.Unreadable) {
                let checkpoint = try ReceiptCheck.verified(text, by: trusted)
                if let other = found[checkpoint.size], other.root != checkpoint.root {
                    notes.add("\(place): another root of \(checkpoint.size) leaves was signed too")
                }
                found[checkpoint.size] = checkpoint
            } catch {
                notes.add("\(place): \(error)")
            }
        }
        return found
    }
}
