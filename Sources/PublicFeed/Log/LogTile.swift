/// The name of a tile: 256 neighbouring hashes of the tree, at a height that is a multiple of eight (C2SP tlog-tiles).
package struct LogTile: Hashable, Sendable {
    /// How many hashes a full tile holds.
    package static let width = 256
    /// The height of the tree within one tile.
    static let height = 8
    /// The highest level that a tree of 2^63 leaves can have.
    static let levelMax = 7

    /// 0 for leaf hashes; each level above holds the roots of the full tiles below.
    package let level: Int
    /// The place among the tiles of the level, from 0.
    package let place: Int64

    /// The tile at a place of a level.
    package init(level: Int, place: Int64) {
        self.level = level
        self.place = place
    }

    /// How many of its hashes a tree of `size` leaves has: 0…256.
    package func width(in size: Int64) -> Int {
        guard level >= 0, level <= LogTile.levelMax, place >= 0, size > 0 else { return 0 }
        let count = size >> Int64(level * LogTile.height)
        guard place <= count >> 8 else { return 0 }
        return Int(min(Int64(LogTile.width), count - place << 8))
    }

    /// The path below `tile/`: level, place in groups of three digits, and the width of a partial tile.
    package func path(width: Int = LogTile.width) -> String {
        var groups: [String] = []
        var rest = place
        repeat {
            let digits = String(rest % 1_000)
            groups.append(String(repeating: "0", count: 3 - digits.utf8.count) + digits)
            rest /= 1_000
        } while rest > 0
        let name = groups.reversed().enumerated().map { $0.offset < groups.count - 1 ? "x" + $0.element : $0.element }
        return "\(level)/" + name.joined(separator: "/") + (width < LogTile.width ? ".p/\(width)" : "")
    }

    /// Reads a path as ``path(width:)`` writes it, and no other way, so that every tile has one address.
    package static func parse(_ parts: [Substring]) -> (tile: LogTile, width: Int)? {
        guard (2...10).contains(parts.count), parts.allSatisfy({ $0.utf8.count <= 8 }) else { return nil }
        var names = parts.dropFirst().map(String.init)
        var width = LogTile.width
        if names.count >= 2, names[names.count - 2].hasSuffix(".p") {
            guard let asked = Int(names.removeLast()), (1..<LogTile.width).contains(asked) else { return nil }
            width = asked
            names[names.count - 1].removeLast(2)
        }
        guard let level = Int(parts[0]), (0...LogTile.levelMax).contains(level) else { return nil }
        var place: Int64 = 0
        for name in names {
            let digits = name.hasPrefix("x") ? String(name.dropFirst()) : name
            guard let group = Int64(digits), (0...999).contains(group), place < 1_000_000_000_000_000 else {
                return nil
            }
            place = place * 1_000 + group
        }
        let tile = LogTile(level: level, place: place)
        guard tile.path(width: width) == parts.joined(separator: "/") else { return nil }
        return (tile, width)
    }
}

/// The hashes of tiles as they are written, ready to be looked up.
struct TileBytes: Sendable {
    let bytes: [UInt8]

    /// The hash at a place of the tile; nil beyond its width.
    func hash(_ place: Int) -> MerkleHash? {
        guard place >= 0, (place + 1) * MerkleHash.byteCount <= bytes.count else { return nil }
        return MerkleHash(bytes: bytes[place * MerkleHash.byteCount..<(place + 1) * MerkleHash.byteCount])
    }
}

extension MerkleTree {
    /// The tree of the first `size` leaves over tiles; `tile` gives each by name, nil for one that is not there.
    /// - Throws: from its methods, ``LogFault/missingTile`` and what `tile` throws.
    init(size: Int64, tiles tile: @escaping (LogTile) throws -> TileBytes?) {
        self.init(size: size) { height, place in
            let level = height / LogTile.height
            let count = 1 << (height % LogTile.height)
            // `count` neighbours of the tile's level make the subtree; they never leave their tile.
            let first = place * Int64(count)
            let name = LogTile(level: level, place: first >> 8)
            guard let bytes = try tile(name) else { throw LogFault.missingTile(name) }
            var hashes: [MerkleHash] = []
            for offset in 0..<count {
                guard let hash = bytes.hash(Int(first & 0xFF) + offset) else { throw LogFault.missingTile(name) }
                hashes.append(hash)
            }
            while hashes.count > 1 {
                hashes = stride(from: 0, to: hashes.count, by: 2).map { .node(hashes[$0], hashes[$0 + 1]) }
            }
            return hashes[0]
        }
    }
}

/// What is wrong with a stored log.
package enum LogFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// A tile that the tree's size calls for is not there, or too short.
    case missingTile(LogTile)
    /// The stored tree does not have the root that was signed.
    case notWhatWasSigned(province: Int16)

    /// One line for the operator.
    package var description: String {
        switch self {
        case .missingTile(let tile): "the tile \(tile.path()) of the log is missing or too short"
        case .notWhatWasSigned(let province): "the log of province \(province) is not what was signed"
        }
    }
}
