import Postgres

/// Appends a province's leaves to its tree, in the follower's transaction and under its cursor's lock.
enum LogWriter {
    /// Where the tree stands beside the cursor.
    enum Standing: Equatable, Sendable {
        /// It has the leaves before the cursor and no other.
        case level(MerkleFrontier)
        /// It has fewer: the cursor has to go back to this leaf.
        case behind(Int64)
        /// It has more, or its edge is broken: it has to be made anew.
        case unusable
    }

    /// Compares a stored edge, nil where there is none, with the cursor.
    static func standing(_ row: TreeRow?, next: Int64) -> Standing {
        guard let row else { return next == 0 ? .level(MerkleFrontier()) : .behind(0) }
        guard row.size <= next, let frontier = MerkleFrontier(size: row.size, peakBytes: row.peaks) else {
            return .unusable
        }
        return row.size == next ? .level(frontier) : .behind(row.size)
    }

    /// The hashes that leaves add to the tiles, and the edge behind them. Pure.
    static func tiles(of leaves: [MerkleHash], behind frontier: inout MerkleFrontier) -> [TileRow] {
        var rows: [TileRow] = []
        var places: [LogTile: Int] = [:]
        for leaf in leaves {
            frontier.append(leaf) { height, place, hash in
                guard height % LogTile.height == 0 else { return }
                let tile = LogTile(level: height / LogTile.height, place: place >> 8)
                if let row = places[tile] {
                    rows[row].hashes += hash.bytes
                } else {
                    places[tile] = rows.count
                    rows.append(TileRow(tile: tile, hashes: hash.bytes))
                }
            }
        }
        return rows
    }

    /// Enqueues what makes the tree longer by these leaves.
    static func append(
        _ leaves: [MerkleHash], to frontier: MerkleFrontier, of province: Int16, in transaction: Transaction
    ) {
        guard !leaves.isEmpty else { return }
        // Tiles without an edge are left over from a tree that was taken away.
        if frontier.size == 0 { _ = transaction.enqueue(LogStatements.dropTiles, province) }
        var frontier = frontier
        let rows = tiles(of: leaves, behind: &frontier)
        _ = transaction.enqueue(LogStatements.appendTiles, (province: province, tiles: rows))
        putTree(frontier, of: province, in: transaction)
    }

    /// Enqueues what empties the tree, to be made again from leaf 0. What was signed stays signed.
    static func empty(_ province: Int16, in transaction: Transaction) {
        _ = transaction.enqueue(LogStatements.dropTiles, province)
        putTree(MerkleFrontier(), of: province, in: transaction)
    }

    private static func putTree(_ frontier: MerkleFrontier, of province: Int16, in transaction: Transaction) {
        _ = transaction.enqueue(
            LogStatements.putTree,
            (province: province, tree: TreeRow(size: frontier.size, peaks: frontier.peakBytes)))
    }
}
