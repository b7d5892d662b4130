import Testing

@testable import PublicFeed

/// A tree as RFC 6962 defines it, in its own words and without any cleverness.
enum NaiveTree {
    static func root(_ leaves: ArraySlice<MerkleHash>) -> MerkleHash {
        guard leaves.count > 1 else { return leaves.first ?? .ofEmptyTree }
        let k = split(leaves.count)
        return .node(root(leaves.prefix(k)), root(leaves.dropFirst(k)))
    }

    static func path(_ m: Int, _ leaves: ArraySlice<MerkleHash>) -> [MerkleHash] {
        guard leaves.count > 1 else { return [] }
        let k = split(leaves.count)
        return m < k
            ? path(m, leaves.prefix(k)) + [root(leaves.dropFirst(k))]
            : path(m - k, leaves.dropFirst(k)) + [root(leaves.prefix(k))]
    }

    static func proof(_ m: Int, _ leaves: ArraySlice<MerkleHash>, isKnown: Bool = true) -> [MerkleHash] {
        if m == leaves.count { return isKnown ? [] : [root(leaves)] }
        let k = split(leaves.count)
        return m <= k
            ? proof(m, leaves.prefix(k), isKnown: isKnown) + [root(leaves.dropFirst(k))]
            : proof(m - k, leaves.dropFirst(k), isKnown: false) + [root(leaves.prefix(k))]
    }

    private static func split(_ count: Int) -> Int {
        var k = 1
        while k * 2 < count { k *= 2 }
        return k
    }
}

/// Leaves in tiles, as the database would hold them.
struct TileBox {
    private(set) var frontier = MerkleFrontier()
    private(set) var tiles: [LogTile: [UInt8]] = [:]

    mutating func append(_ leaves: [MerkleHash]) {
        for row in LogWriter.tiles(of: leaves, behind: &frontier) { tiles[row.tile, default: []] += row.hashes }
    }

    func tree(_ size: Int64) -> MerkleTree {
        let tiles = tiles
        return MerkleTree(size: size, tiles: { tiles[$0].map(TileBytes.init) })
    }
}

@Suite struct MerkleTests {
    private static let leaves = MerkleVectors.entries.map { MerkleHash.leaf(MerkleVectors.bytes($0)) }
    private static let many = (0..<1_400).map { MerkleHash.leaf([UInt8($0 >> 8), UInt8($0 & 0xFF)]) }

    private func box(_ leaves: [MerkleHash] = leaves) -> TileBox {
        var box = TileBox()
        box.append(leaves)
        return box
    }

    @Test(arguments: 0...8)
    func `the roots are those of RFC 6962's vectors`(size: Int) throws {
        var frontier = MerkleFrontier()
        for leaf in Self.leaves.prefix(size) { frontier.append(leaf) }
        #expect(MerkleVectors.hex(frontier.root) == MerkleVectors.roots[size])
        #expect(try MerkleVectors.hex(box().tree(Int64(size)).root()) == MerkleVectors.roots[size])
    }

    @Test(arguments: MerkleVectors.inclusion)
    func `audit paths are those of RFC 6962's vectors, and lead to the root`(path: MerkleVectors.Path) throws {
        let proof = try #require(try box().tree(path.size).inclusionProof(of: path.from))
        #expect(proof.map(MerkleVectors.hex) == path.hashes)
        let root = MerkleProof.root(
            leaf: Self.leaves[Int(path.from)], n: path.from, size: path.size, path: proof)
        #expect(root.map(MerkleVectors.hex) == MerkleVectors.roots[Int(path.size)])
    }

    @Test(arguments: MerkleVectors.consistency)
    func `consistency proofs are those of RFC 6962's vectors, and hold`(path: MerkleVectors.Path) throws {
        let proof = try #require(try box().tree(path.size).consistencyProof(from: path.from))
        #expect(proof.map(MerkleVectors.hex) == path.hashes)
        #expect(
            MerkleProof.isConsistent(
                oldSize: path.from, oldRoot: try box().tree(path.from).root(), newSize: path.size,
                newRoot: try box().tree(path.size).root(), proof: proof))
    }

    @Test(arguments: [1, 2, 3, 5, 8, 31, 64, 65, 100])
    func `every proof of a small tree is the naive one, and no other leaf or tree passes`(size: Int) throws {
        let leaves = Self.many.prefix(size)
        let tree = box(Array(leaves)).tree(Int64(size))
        let root = NaiveTree.root(leaves)
        let other = MerkleHash.leaf(Array("other".utf8))
        for n in 0..<size {
            let path = try #require(try tree.inclusionProof(of: Int64(n)))
            #expect(path == NaiveTree.path(n, leaves))
            let place = Int64(n)
            func leads(_ leaf: MerkleHash, _ n: Int64, _ path: [MerkleHash]) -> Bool {
                MerkleProof.root(leaf: leaf, n: n, size: Int64(size), path: path) == root
            }
            #expect(leads(leaves[n], place, path))
            #expect(!leads(other, place, path) && !leads(leaves[n], place, path + [other]))
            #expect(!leads(leaves[n], Int64(size), path) && !leads(leaves[n], -1, path))
            if size > 1 {
                #expect(!leads(leaves[n], (place + 1) % Int64(size), path))
                #expect(!leads(leaves[n], place, Array(path.dropLast())))
            }
        }
        for old in 1...size {
            let proof = try #require(try tree.consistencyProof(from: Int64(old)))
            #expect(proof == NaiveTree.proof(old, leaves))
            let oldRoot = NaiveTree.root(leaves.prefix(old))
            func holds(_ oldRoot: MerkleHash, _ newRoot: MerkleHash, _ proof: [MerkleHash]) -> Bool {
                MerkleProof.isConsistent(
                    oldSize: Int64(old), oldRoot: oldRoot, newSize: Int64(size), newRoot: newRoot, proof: proof)
            }
            #expect(holds(oldRoot, root, proof))
            #expect(!holds(other, root, proof) && !holds(oldRoot, other, proof))
            #expect(!holds(oldRoot, root, proof + [other]))
            if !proof.isEmpty { #expect(!holds(oldRoot, root, Array(proof.dropLast()))) }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `a tree grown in batches of any size is the naive tree, at every size it had`(seed: UInt64) throws {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var box = TileBox()
        var taken = 0
        while taken < Self.many.count {
            let batch = Self.many[taken..<min(taken + 1 + random(300), Self.many.count)]
            box.append(Array(batch))
            taken += batch.count
            #expect(box.frontier.size == Int64(taken))
            #expect(box.frontier.root == NaiveTree.root(Self.many.prefix(taken)), "seed \(seed), size \(taken)")
            let edge = MerkleFrontier(size: box.frontier.size, peakBytes: box.frontier.peakBytes)
            #expect(edge == box.frontier)
        }
        for _ in 0..<20 {
            let size = 1 + random(taken)
            let leaves = Self.many.prefix(size)
            let tree = box.tree(Int64(size))
            #expect(try tree.root() == NaiveTree.root(leaves), "seed \(seed), size \(size)")
            let n = random(size)
            #expect(try tree.inclusionProof(of: Int64(n)) == NaiveTree.path(n, leaves), "seed \(seed), \(n)/\(size)")
            let old = 1 + random(size)
            #expect(try tree.consistencyProof(from: Int64(old)) == NaiveTree.proof(old, leaves), "seed \(seed)")
        }
        for (tile, bytes) in box.tiles {
            #expect(bytes.count == tile.width(in: Int64(taken)) * 32)
        }
    }

    @Test func `tiles of a tree of 70,000 leaves are those that C2SP counts`() {
        func widths(_ level: Int, _ places: [Int64]) -> [Int] {
            places.map { LogTile(level: level, place: $0).width(in: 70_000) }
        }
        #expect(widths(0, [0, 272, 273, 274, -1]) == [256, 256, 112, 0, 0])
        #expect(widths(1, [0, 1, 2]) == [256, 17, 0])
        #expect(widths(2, [0, 1]) == [1, 0])
        #expect(widths(3, [0]) == [0])
        #expect(LogTile(level: 1, place: 0).width(in: 256) == 1)
        #expect(LogTile(level: 0, place: .max).width(in: .max) == 0)
    }

    @Test(arguments: [
        ("0/000", 0, 0, 256), ("0/x001/x234/067", 0, 1_234_067, 256), ("2/005.p/17", 2, 5, 17),
        ("0/x273/000.p/255", 0, 273_000, 255),
    ])
    func `a tile has the path of C2SP`(path: String, level: Int, place: Int64, width: Int) throws {
        let read = try #require(LogTile.parse(path.split(separator: "/")))
        #expect(read.tile == LogTile(level: level, place: place) && read.width == width)
        #expect(read.tile.path(width: width) == path)
    }

    @Test(arguments: [
        "0", "0/0", "00/000", "8/000", "-1/000", "0/0000", "0/001/000", "0/x000/001", "0/x001", "0/000.p/0",
        "0/000.p/256", "0/000.p/01", "0/000.p", "0/00a", "0/x999/x999/x999/x999/x999/x999/x999/x999/999", "a/000",
        "0/+01", "0/000.p/+1",
    ])
    func `no other path names a tile`(path: String) {
        #expect(LogTile.parse(path.split(separator: "/", omittingEmptySubsequences: false)) == nil)
    }

    @Test func `a leaf is the hash of salt, body's hash and head`() throws {
        let salt = [UInt8](repeating: 7, count: 16)
        let head = [UInt8](repeating: 9, count: 32)
        let opening = try #require(LeafOpening(salt: salt, head: head))
        let body = Array("{}".utf8)
        #expect(opening.leafHash(of: body) == .leaf(salt + MerkleHash.plain(body) + head))
        #expect(LeafOpening(salt: Array(salt.dropLast()), head: head) == nil)
        #expect(LeafOpening(salt: nil, head: head) == nil)
    }
}
