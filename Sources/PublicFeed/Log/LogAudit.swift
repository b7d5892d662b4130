import Notices
package import Postgres

/// Reads a province's whole log and everything that is published beside it, and names every row that is not what was
/// signed. Reads only; a log of a million leaves takes minutes.
///
/// The tree's tiles are proven by the signed checkpoints; each notice, in the feed and in the engine, is proven by its
/// leaf in the tiles; what the feed knows of a dossier is computed anew from its notices.
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
        /// Leaves of which the feed has no notice: those of something else, or rows that are gone. With the engine's
        /// database at hand the second are findings.
        package let withoutNoticeCount: Int
        /// What is wrong; at most 1,000.
        package let findings: [Finding]
    }

    private static let findingCountMax = 1_000
    private let feed: ConnectionPool
    private let source: ConnectionPool?
    private let keys: [NoteKey]
    private let folder: LogFolder?

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
        if let source {
            try await walkEngine(province, source, leaves, seen, &notes)
        }
        return Outcome(
            size: leaves.size, signed: leaves.signed, erasedCount: seen.erased.count,
            withoutNoticeCount: seen.missingCount, findings: notes.findings)
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
        /// Rows whose leaf came after the tree was read, or never.
        var beyond: [ReceiptRow] = []

        init(size: Int64) { isThere = [Bool](repeating: false, count: Int(size)) }

        /// False when the leaf does not exist or was seen already.
        mutating func note(_ n: Int64) -> Bool {
            guard n >= 0, n < isThere.count, !isThere[Int(n)] else { return false }
            isThere[Int(n)] = true
            return true
        }

        func has(_ n: Int64) -> Bool { n >= 0 && n < isThere.count && isThere[Int(n)] }

        var missingCount: Int { isThere.count { !$0 } }
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

    /// Every kept checkpoint by size, its signature verified.
    private func signatures(_ province: Int16, _ notes: inout Notes) async throws -> [Int64: Checkpoint] {
        var trusted = keys.filter { $0.name.hasSuffix("/log/\(province)") }
        if keys.isEmpty, let folder, let own = try LogKeys.existing(folder)?.key(province) { trusted = [own] }
        if trusted.isEmpty, keys.isEmpty {
            let named = try await feed.withSession { try $0.run(AuditStatements.signer, province).first }
            trusted = named.flatMap { NoteKey($0) }.map { [$0] } ?? []
        }
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

extension LogAudit {
    /// Reads every notice and dossier of the feed.
    private func walkFeed(
        _ province: Int16, _ leaves: Leaves, _ seen: inout Seen, _ notes: inout Notes
    ) async throws {
        var after = AuditStatements.first
        while true {
            let from = after
            // One snapshot: the follower may be at work.
            let options = TransactionOptions(isolation: .repeatableRead, isReadOnly: true)
            let (dossiers, rows, until) = try await feed.transaction(options: options) { transaction in
                let dossiers = try transaction.run(AuditStatements.dossiers, (province: province, after: from))
                // The last page goes to the end: notices whose dossier's row is gone are found too.
                let isLast = dossiers.count < AuditStatements.pageSize
                let until = isLast ? AuditStatements.last : dossiers.last?.dossier ?? AuditStatements.last
                let range = (province: province, after: from, until: until)
                return (dossiers, try transaction.run(AuditStatements.notices, range), until)
            }
            for row in rows { check(row, leaves, &seen, &notes) }
            compare(dossiers, with: rows, province, &notes)
            guard until != AuditStatements.last else { break }
            after = until
        }
        let size = try await feed.withSession { try $0.run(LogStatements.tree, province).first?.size ?? 0 }
        for row in seen.beyond where row.n < 0 || row.n >= size {
            notes.add(
                n: row.n, dossier: row.dossier, number: row.number, "feed.notice: its leaf is not in the tree")
        }
    }

    private func check(_ row: ReceiptRow, _ leaves: Leaves, _ seen: inout Seen, _ notes: inout Notes) {
        func add(_ what: String) { notes.add(n: row.n, dossier: row.dossier, number: row.number, what) }
        guard let hash = leaves.hash(row.n) else { return seen.beyond.append(row) }
        guard let opening = LeafOpening(salt: row.salt, head: row.head) else {
            seen.erased.insert(row.n)
            if !seen.note(row.n) { add("feed.notice: another row has the same leaf") }
            return
        }
        guard opening.leafHash(of: row.body) == hash else {
            _ = seen.note(row.n)
            return add("feed.notice: body, salt, head or leaf number was changed")
        }
        if !seen.note(row.n) { add("feed.notice: another row has the same leaf") }
        // One that this build cannot read was set aside, and is proven all the same.
        guard let said = try? Notice(decoding: row.body) else { return }
        if said.dossier != row.dossier || said.number != Int(row.number) {
            add("feed.notice: the body is that of another dossier or number")
        }
    }

    /// Computes what the feed knows of each dossier from its notices.
    private func compare(
        _ dossiers: [AuditStatements.DossierKnown], with rows: [ReceiptRow], _ province: Int16, _ notes: inout Notes
    ) {
        let byDossier = Dictionary(grouping: rows, by: \.dossier)
        let roots = Dictionary(dossiers.map { ($0.dossier, $0.root) }, uniquingKeysWith: { first, _ in first })
        for dossier in byDossier.keys.sorted() where roots[dossier] == nil {
            notes.add(dossier: dossier, "feed.dossier: the row is gone")
        }
        for known in dossiers {
            let own = byDossier[known.dossier] ?? []
            let root = own.compactMap { try? Notice(decoding: $0.body).root }.last
            let stored = own.map { row in
                (
                    n: row.n,
                    notice: SequencedNotice(
                        dossier: row.dossier, number: row.number, root: root ?? known.root, lookUp: nil, body: row.body)
                )
            }
            let batch = FeedBatch(province: province, unread: stored)
            let expected = batch.rows(added: own.map { ($0.dossier, $0.number) }).first
            func differs(_ column: String) {
                notes.add(dossier: known.dossier, "feed.dossier: \(column) is not what the notices say")
            }
            if known.number != expected?.number ?? 0 { differs("number") }
            if known.taken != expected?.added ?? 0 { differs("taken") }
            guard let expected, let root else { continue }
            if known.root != root { differs("root") }
            if known.parent != expected.parent { differs("parent") }
            if known.legalCode != expected.legalCode { differs("legal_code") }
        }
    }
}

extension LogAudit {
    /// Reads every leaf of the engine with its notice.
    private func walkEngine(
        _ province: Int16, _ source: ConnectionPool, _ leaves: Leaves, _ seen: Seen, _ notes: inout Notes
    ) async throws {
        var next: Int64 = 0
        while next < leaves.size {
            let from = next
            let page = try await source.withSession {
                try $0.run(AuditStatements.leaves, (province: province, size: from))
            }
            let codes = page.filter { $0.lookUp != nil }.compactMap(\.dossier)
            let known = try await feed.withSession {
                try $0.run(AuditStatements.lookUps, (province: province, dossiers: codes))
            }
            let lookUps = Dictionary(known.map { ($0.dossier, $0.lookUp) }, uniquingKeysWith: { first, _ in first })
            for leaf in page where leaf.n < leaves.size {
                for gone in next..<max(next, leaf.n) { notes.add(n: gone, "engine.leaf: the row is gone") }
                next = leaf.n + 1
                check(leaf, leaves, seen, &notes)
                if let dossier = leaf.dossier, let lookUp = leaf.lookUp, lookUps[dossier] ?? nil != lookUp {
                    notes.add(dossier: dossier, "feed.dossier: look_up is not the engine's")
                }
            }
            if (page.last?.n ?? .max) >= leaves.size { break }
        }
        for gone in next..<max(next, leaves.size) where !notes.isFull {
            notes.add(n: gone, "engine.leaf: the row is gone")
        }
    }

    private func check(_ leaf: AuditStatements.EngineLeaf, _ leaves: Leaves, _ seen: Seen, _ notes: inout Notes) {
        func add(_ what: String) { notes.add(n: leaf.n, dossier: leaf.dossier, number: leaf.number, what) }
        if leaf.hash != leaves.hash(leaf.n)?.bytes { add("engine.leaf: the hash is not the one in the tree") }
        guard leaf.dossier != nil else { return }
        guard let body = leaf.body else { return add("engine.notice: the row is gone") }
        if !seen.has(leaf.n) { add("feed.notice: the row is gone") }
        guard let opening = LeafOpening(salt: leaf.salt, head: leaf.head) else {
            if leaf.salt != nil { add("engine.leaf: salt or head has another length") }
            return
        }
        if opening.leafHash(of: body) != leaves.hash(leaf.n) {
            add("engine.notice or engine.leaf: body, head or salt was changed")
        }
        if seen.erased.contains(leaf.n) { add("feed.notice: salt and head are gone, the engine has them") }
    }
}
