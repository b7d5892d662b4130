import Notices
package import Postgres

/// Reads what the log publishes: checkpoints, tiles, proofs.
package final class LogReader: Sendable {
    /// A checkpoint as it is served.
    package struct Signed: Sendable {
        /// What it says.
        package let checkpoint: Checkpoint
        /// The log's signature, and those of witnesses.
        package let note: SignedNote
    }

    private let feed: ConnectionPool
    private let keys: LogKeys
    /// The witnesses whose cosignatures are taken.
    package let witnesses: [NoteKey]
    private let tiles = LogTiles()
    private let newest: FreshCache<Int16, Signed>

    /// A reader that serves a checkpoint for `lifetime` before it looks for a newer one.
    package init(
        feed: ConnectionPool, keys: LogKeys, witnesses: [NoteKey] = [], lifetime: Duration = .seconds(1)
    ) {
        self.feed = feed
        self.keys = keys
        self.witnesses = witnesses
        newest = FreshCache(countMax: 100, lifetime: lifetime)
    }

    /// The key that verifies a province's checkpoints.
    package func key(_ province: Int16) -> NoteKey? { keys.key(province) }

    /// The newest checkpoint of a province; nil when none was signed yet. When the database is away, the last one known.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func checkpoint(_ province: Int16) async throws -> Signed? {
        try await newest.value(province) { [feed] _ in
            try await feed.withSession(timeout: .seconds(5)) { session in
                try Self.signed(try session.run(LogStatements.newestCheckpoint, province).first, province, session)
            }
        }
    }

    /// The newest checkpoint that a witness has cosigned; nil when none has.
    /// - Throws: ``PostgresError``.
    package func cosignedCheckpoint(_ province: Int16) async throws -> Signed? {
        try await feed.withSession(timeout: .seconds(5)) { session in
            try Self.signed(try session.run(LogStatements.cosignedCheckpoint, province).first, province, session)
        }
    }

    private static func signed(_ row: CheckpointRow?, _ province: Int16, _ session: Session) throws -> Signed? {
        guard let row, var note = SignedNote(row.note), let checkpoint = Checkpoint(text: note.text) else { return nil }
        let lines = try session.run(LogStatements.cosignatures, (province: province, size: row.size))
        note.signatures += lines.compactMap { SignedNote.Signature(line: $0) }
        return Signed(checkpoint: checkpoint, note: note)
    }

    /// The hashes of a tile as the newest checkpoint has it.
    /// - Parameter width: how many are asked for; 256 for a full tile.
    /// - Returns: nil when the signed tree has not so many.
    /// - Throws: ``PostgresError``.
    package func tile(_ province: Int16, _ tile: LogTile, width: Int) async throws -> [UInt8]? {
        guard (1...LogTile.width).contains(width), let signed = try await checkpoint(province),
            tile.width(in: signed.checkpoint.size) >= width
        else { return nil }
        let wanted = width * MerkleHash.byteCount
        if let known = tiles.known(province, tile) { return Array(known.bytes.prefix(wanted)) }
        let found = try await feed.withSession(timeout: .seconds(5)) { [tiles] session in
            try tiles.tile(province, tile, in: session)
        }
        guard let found, found.bytes.count >= wanted else { return nil }
        return Array(found.bytes.prefix(wanted))
    }

    /// The newest checkpoint with the proof that the tree of `old` leaves is its beginning.
    /// - Returns: nil when nothing is signed, or less than `old` leaves.
    /// - Throws: ``LogFault``, ``PostgresError``.
    package func consistency(_ province: Int16, from old: Int64) async throws -> ConsistencyStatement? {
        guard let signed = try await checkpoint(province) else { return nil }
        let size = signed.checkpoint.size
        let proof = try await feed.withSession(timeout: .seconds(5)) { [tiles] session in
            try tiles.tree(province, size: size, in: session).consistencyProof(from: old)
        }
        return proof.map { ConsistencyStatement(oldSize: old, proof: $0, note: signed.note) }
    }

    /// What came of a witness's signature lines.
    package enum CosignOutcome: Hashable, Sendable {
        /// So many of known witnesses are true and kept.
        case kept(Int)
        /// No line is a true cosignature of a known witness.
        case unknownWitness
        /// There is no such checkpoint: it was never signed, or long ago.
        case unknownCheckpoint
    }

    /// Takes cosignatures for a checkpoint of ours: the lines are verified against the witnesses that are configured.
    /// - Throws: ``PostgresError``.
    package func cosign(_ province: Int16, size: Int64, lines: String) async throws -> CosignOutcome {
        let place = (province: province, size: size)
        let row = try await feed.withSession(timeout: .seconds(5)) { try $0.run(LogStatements.checkpoint, place).first }
        guard let row, let note = SignedNote(row.note) else { return .unknownCheckpoint }
        let offered = lines.split(separator: "\n").prefix(SignedNote.signatureCountMax).compactMap {
            SignedNote.Signature(line: $0)
        }
        let truthful = offered.filter { signature in
            witnesses.contains { key in
                key.kind == .cosignature && key.name == signature.name && key.id == signature.keyID
                    && key.isTrue(signature, under: note.text)
            }
        }
        guard !truthful.isEmpty else { return .unknownWitness }
        try await feed.transaction { transaction in
            for signature in truthful {
                let line = String(signature.line.dropLast())
                _ = transaction.enqueue(
                    LogStatements.addCosignature, (place: place, witness: signature.name, line: line))
            }
            try transaction.sync()
        }
        return .kept(truthful.count)
    }

    /// The leaves of a family, by log, each with its proof under the newest checkpoint.
    /// - Throws: ``LogFault`` when the tree is not what was signed, ``PostgresError``.
    package func receipt(of family: DossierFamily) async throws -> LogReceipt {
        let stands = [family.dossier] + family.parts
        return try await receipt(of: stands.map { (province: $0.newest.province, dossier: $0.newest.dossier) })
    }

    /// The same of a family that was erased: its leaves stand, and say nothing, nor does one that came a moment too late to
    /// lose its salt with the others.
    /// - Throws: ``LogFault`` when the tree is not what was signed, ``PostgresError``.
    package func receipt(of family: ErasedFamily) async throws -> LogReceipt {
        try await receipt(of: family.members.map { (province: $0.province, dossier: $0.dossier) }, isErased: true)
    }

    private func receipt(
        of dossiers: [(province: Int16, dossier: String)], isErased: Bool = false
    ) async throws -> LogReceipt {
        let limit = Int32(LogReceipt.leafCountMax + 1)
        let rows = try await feed.withSession(timeout: .seconds(5)) {
            try $0.run(LogStatements.receipt, (dossiers: dossiers, limit: limit))
        }
        var logs: [LogReceipt.Log] = []
        let taken = rows.prefix(LogReceipt.leafCountMax)
        for province in Set(taken.map(\.province)).sorted() {
            guard let key = key(province) else { continue }
            let signed = try await checkpoint(province)
            let own = taken.filter { $0.province == province }.map { isErased ? $0.closed : $0 }
            let leaves = try await feed.withSession(timeout: .seconds(10)) { [tiles] session in
                try Self.leaves(own, under: signed?.checkpoint, tiles, session)
            }
            logs.append(LogReceipt.Log(province: province, key: key, note: signed?.note, leaves: leaves))
        }
        return LogReceipt(logs: logs, isComplete: rows.count <= LogReceipt.leafCountMax)
    }

    private static func leaves(
        _ rows: [ReceiptRow], under checkpoint: Checkpoint?, _ tiles: LogTiles, _ session: Session
    ) throws -> [LogReceipt.Leaf] {
        let size = checkpoint?.size ?? 0
        let province = rows.first?.province ?? 0
        let tree = tiles.tree(province, size: size, in: session)
        if let checkpoint, try tree.root() != checkpoint.root { throw LogFault.notWhatWasSigned(province: province) }
        return try rows.map { row in
            let opening = LeafOpening(salt: row.salt, head: row.head)
            var proven: LogReceipt.Proven?
            if let path = try tree.inclusionProof(of: row.n), let hash = try tree.leafHash(row.n) {
                proven = LogReceipt.Proven(hash: hash, path: path)
            }
            return LogReceipt.Leaf(
                n: row.n, dossier: row.dossier, number: row.number,
                content: opening.map { LogReceipt.Content(body: row.body, opening: $0) }, proven: proven)
        }
    }
}

/// What whoever holds a look-up code can keep, and check without us.
package struct LogReceipt: Sendable {
    /// More leaves than any family has; beyond them a receipt says that it is not complete.
    static let leafCountMax = 2_000

    /// What a leaf commits to.
    package struct Content: Hashable, Sendable {
        /// The notice's exact bytes.
        package let body: [UInt8]
        /// Salt and chain head.
        package let opening: LeafOpening
    }

    /// A leaf's place in the signed tree.
    package struct Proven: Hashable, Sendable {
        /// The leaf's hash as the tree has it.
        package let hash: MerkleHash
        /// The audit path.
        package let path: [MerkleHash]
    }

    /// One notice's leaf.
    package struct Leaf: Hashable, Sendable {
        /// Its number in the province's log, from 0.
        package let n: Int64
        /// The dossier's opaque identity.
        package let dossier: String
        /// The notice's number within the dossier, from 1.
        package let number: Int32
        /// Nil once the salt was erased: the leaf stands, what it said can no longer be shown.
        package let content: Content?
        /// Nil while no checkpoint covers it.
        package let proven: Proven?
    }

    /// The leaves in one province's log.
    package struct Log: Sendable {
        /// The province's number.
        package let province: Int16
        /// The key that verifies the checkpoint.
        package let key: NoteKey
        /// The checkpoint under which the leaves are proven; nil when none was signed yet.
        package let note: SignedNote?
        /// By number.
        package let leaves: [Leaf]
    }

    /// One for each province that the family's dossiers belong to.
    package let logs: [Log]
    /// False when there were more leaves than a receipt takes.
    package let isComplete: Bool
}
