import Postgres
import Synchronization

/// The tiles of all provinces as trees are computed from them; full ones are remembered, for they never change.
final class LogTiles: Sendable {
    private struct Key: Hashable {
        let province: Int16
        let tile: LogTile
    }

    /// 512 of 8 kB: 4 MB.
    private let full = Mutex(BoundedCache<Key, TileBytes>(countMax: 512))

    /// The province's tree of `size` leaves, its tiles read in this session as they are needed.
    func tree(_ province: Int16, size: Int64, in session: Session) -> MerkleTree {
        var read: [LogTile: TileBytes] = [:]
        return MerkleTree(
            size: size,
            tiles: { tile in
                if let known = read[tile] { return known }
                let found = try self.tile(province, tile, in: session)
                read[tile] = found
                return found
            })
    }

    /// The tile as wide as it is stored; nil when there is none.
    func tile(_ province: Int16, _ tile: LogTile, in session: Session) throws -> TileBytes? {
        let key = Key(province: province, tile: tile)
        if let known = full.withLock({ $0.value(key) }) { return known }
        guard let bytes = try session.run(LogStatements.tile, (province: province, tile: tile)).first else {
            return nil
        }
        let found = TileBytes(bytes: bytes)
        if bytes.count == LogTile.width * MerkleHash.byteCount { full.withLock { $0.put(key, found) } }
        return found
    }

    /// A full tile that is remembered; nil when it must be asked for.
    func known(_ province: Int16, _ tile: LogTile) -> TileBytes? {
        full.withLock { $0.value(Key(province: province, tile: tile)) }
    }
}
