import Glibc
import Logging
import Notices
import Postgres
import TestSupport
import Testing

@testable import PublicFeed

@Suite struct LogTests {
    @Test func `what the follower takes is signed, served as tiles, and proven`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<600)
            let reader = world.reader()
            let signed = try #require(try await reader.checkpoint(1))
            let key = try #require(reader.key(1))
            #expect(signed.checkpoint.size == 600 && signed.note.isSigned(by: key))
            #expect(signed.checkpoint.origin == "test.example/log/1")
            // A client of the tiles alone comes to the same root.
            var hashes: [MerkleHash] = []
            for place in 0..<3 {
                let tile = LogTile(level: 0, place: Int64(place))
                let width = tile.width(in: 600)
                let bytes = try #require(try await reader.tile(1, tile, width: width))
                let read = TileBytes(bytes: bytes)
                hashes += (0..<width).compactMap { read.hash($0) }
            }
            #expect(hashes.count == 600 && NaiveTree.root(hashes[...]) == signed.checkpoint.root)
            let above = try #require(try await reader.tile(1, LogTile(level: 1, place: 0), width: 2))
            #expect(MerkleHash(bytes: above.prefix(32)) == NaiveTree.root(hashes.prefix(256)))
            #expect(try await reader.tile(1, LogTile(level: 0, place: 2), width: 89) == nil)
            #expect(try await reader.tile(1, LogTile(level: 0, place: 2), width: 10)?.count == 320)
            #expect(try await world.findings() == [])
        }
    }

    @Test func `two checkpoints of a growing log are consistent by the statement that is served`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<300)
            let reader = world.reader()
            let old = try #require(try await reader.checkpoint(1)).checkpoint
            try await world.publish(300..<777)
            let served = try #require(try await reader.consistency(1, from: 300)).description
            let statement = try #require(ConsistencyStatement(served))
            let new = try #require(Checkpoint(text: statement.note.text))
            #expect(new.size == 777)
            #expect(
                MerkleProof.isConsistent(
                    oldSize: old.size, oldRoot: old.root, newSize: new.size, newRoot: new.root, proof: statement.proof))
            #expect(try await reader.consistency(1, from: 778) == nil)
        }
    }

    @Test(arguments: [1, 7, 100] as [Int32])
    func `followers that are killed, repeat and race make the tree of one that is not`(batch: Int32) async throws {
        try await LogWorld.with { world in
            try await world.feedWorld.sequence(LogWorld.notices(0..<300))
            // A round is what a follower does before it may die; each next one starts without memory.
            for _ in 0..<3 { _ = try await world.feedWorld.follower(batchSize: batch).round() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask { try await world.feedWorld.catchUp(world.feedWorld.follower(batchSize: batch)) }
                }
                try await group.waitForAll()
            }
            try await world.signer().round()
            var frontier = MerkleFrontier()
            for leaf in try await world.leafHashes() { frontier.append(leaf) }
            let signed = try #require(try await world.reader().checkpoint(1)).checkpoint
            #expect(signed.size == 300 && signed.root == frontier.root)
            #expect(try await world.findings() == [])
        }
    }

    @Test func `a tree made again from leaf 0 is the one that was signed`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<400)
            let root = try #require(try await world.reader().checkpoint(1)).checkpoint.root
            for lost in [
                "TRUNCATE feed.cursor, feed.notice, feed.dossier, feed.log_tree, feed.log_tile, feed.log_checkpoint",
                "TRUNCATE feed.log_tree, feed.log_tile", "UPDATE feed.cursor SET next_n = 0",
                "UPDATE feed.log_tree SET size = 401",
            ] {
                try await world.tamper(lost)
                // The next leaf is what makes the follower look.
                let signer = world.signer()
                let size = try await world.leafHashes().count
                try await world.publish(size..<size + 1, signed: false)
                try await signer.round()
                #expect(signer.complaint == nil, "\(lost)")
                let statement = try #require(try await world.reader().consistency(1, from: 400), "\(lost)")
                let new = try #require(Checkpoint(text: statement.note.text))
                #expect(
                    MerkleProof.isConsistent(
                        oldSize: 400, oldRoot: root, newSize: new.size, newRoot: new.root, proof: statement.proof),
                    "\(lost)")
            }
            #expect(try await world.findings() == [])
        }
    }

    @Test func `a feed restored from an older state signs nothing smaller, says so, and goes on once it has caught up`()
        async throws
    {
        try await LogWorld.with { world in
            try await world.publish(0..<50)
            try await world.tamper(
                """
                CREATE SCHEMA backup; CREATE TABLE backup.tree AS TABLE feed.log_tree;
                CREATE TABLE backup.tile AS TABLE feed.log_tile; CREATE TABLE backup.cp AS TABLE feed.log_checkpoint;
                CREATE TABLE backup.cursor AS TABLE feed.cursor; CREATE TABLE backup.notice AS TABLE feed.notice
                """)
            try await world.publish(50..<80)
            try await world.tamper(
                """
                TRUNCATE feed.log_tree, feed.log_tile, feed.log_checkpoint, feed.cursor, feed.notice;
                INSERT INTO feed.log_tree TABLE backup.tree; INSERT INTO feed.log_tile TABLE backup.tile;
                INSERT INTO feed.log_checkpoint TABLE backup.cp; INSERT INTO feed.cursor TABLE backup.cursor;
                INSERT INTO feed.notice TABLE backup.notice
                """)
            let signer = world.signer()
            try await signer.round()
            #expect(signer.refused == [1: .smaller(size: 50, signed: 80)])
            #expect(signer.complaint?.contains("80 were signed") == true)
            #expect(try await world.reader().checkpoint(1)?.checkpoint.size == 50)
            // Pages are served meanwhile.
            let progress = ProgressReader(feed: world.feed)
            #expect(try await progress.family(of: LogWorld.code(3)) != nil)
            try await world.feedWorld.catchUp(world.feedWorld.follower())
            try await signer.round()
            #expect(signer.complaint == nil)
            #expect(try await world.reader().checkpoint(1)?.checkpoint.size == 80)
        }
    }

    @Test func `a tree that lost leaves and grew others is refused for ever`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<60)
            // The engine was restored too: from leaf 50 on the numbers are given anew.
            try await world.tamperEngine("DELETE FROM engine.leaf WHERE n >= 50")
            try await world.tamper(
                "TRUNCATE feed.cursor, feed.notice, feed.dossier, feed.log_tree, feed.log_tile, feed.log_checkpoint")
            let others = (50..<90).map {
                FeedWorld.Sequenced(n: Int64($0), notice: Some.notice(5_000 + $0, 1), lookUp: nil)
            }
            try await world.feedWorld.sequence(others)
            try await world.feedWorld.catchUp(world.feedWorld.follower())
            let signer = world.signer()
            for _ in 0..<2 {
                try await signer.round()
                #expect(signer.refused == [1: .forked(signed: 60)])
            }
            #expect(try await world.reader().checkpoint(1) == nil)
            let kept = try #require(try world.folder.checkpoint(1).flatMap { SignedNote($0) })
            #expect(Checkpoint(text: kept.text)?.size == 60)
            #expect(try await world.findings().contains { $0.what.contains("are not those that were signed") })
        }
    }

    @Test func `without the folder the database tells, and another key is refused`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<20)
            #expect(unlink(world.folder.checkpointFile(1)) == 0)
            try await world.tamper("UPDATE feed.log_tile SET hashes = substr(hashes, 1, 320)")
            try await world.signer().round()
            // The tree that was signed cannot be computed any more.
            let signer = world.signer()
            try await signer.round()
            #expect(signer.refused == [1: .brokenTree])
            let stranger = try #require(LogKeys(name: "test.example", secret: Array(repeating: 3, count: 32)))
            let other = LogSigner(feed: world.feed, folder: world.folder, keys: stranger, logger: TestDatabase.quiet)
            try await other.round()
            #expect(other.refused == [1: .foreignCheckpoint])
            try await world.tamper("DELETE FROM feed.log_checkpoint")
            try await world.tamper("UPDATE feed.cursor SET next_n = 0; DELETE FROM feed.log_tile")
            try await world.publish(20..<21, signed: false)
            try await other.round()
            #expect(other.refused == [1: .anotherSigner])
        }
    }

    @Test func `two signers at once sign one tree`() async throws {
        try await LogWorld.with { world in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await world.publish(0..<200, signed: false) }
                for _ in 0..<3 {
                    let signer = world.signer()
                    group.addTask { for _ in 0..<20 { try await signer.round() } }
                }
                try await group.waitForAll()
            }
            try await world.signer().round()
            #expect(try await world.findings() == [])
            let kept = try #require(try world.folder.checkpoint(1).flatMap { SignedNote($0) })
            #expect(Checkpoint(text: kept.text)?.size == 200)
        }
    }

    @Test func `a leaf without a notice is a leaf of the tree`() async throws {
        try await LogWorld.with { world in
            try await world.tamperEngine(
                "ALTER TABLE engine.leaf ALTER COLUMN dossier DROP NOT NULL, ALTER COLUMN number DROP NOT NULL")
            try await world.publish(0..<3)
            try await world.sequenceHeads(at: 3)
            try await world.publish(4..<6)
            let signed = try #require(try await world.reader().checkpoint(1)).checkpoint
            #expect(signed.size == 6)
            #expect(try await world.findings() == [])
        }
    }
}

extension TestDatabase {
    /// For what is provoked.
    static var quiet: Logger {
        var logger = TestDatabase.logger
        logger.logLevel = .critical
        return logger
    }
}

extension LogWorld {
    /// The engine's leaf hashes of province 1.
    func leafHashes() async throws -> [MerkleHash] {
        try await feedWorld.source.withSession { session in
            try session.run(
                Statement<Void, [UInt8]>(
                    name: "test_leaf_hashes", sql: "SELECT hash FROM engine.leaf WHERE province = 1 ORDER BY n",
                    decode: { try $0.bytea() }))
        }.compactMap { MerkleHash(bytes: $0) }
    }
}
