import Notices
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

/// What is read of pictures is what is read of the notices.
@Suite struct PictureKeepingTests {
    /// All that a family shows.
    private struct Shown: Equatable {
        let version: Int64
        let leaf: Int64?
        let history: [[Notice]]
        let sentences: [LocalText?]
        let provinces: [Int16]?

        init(_ family: DossierFamily) {
            let stands = [family.dossier] + family.parts
            version = family.version
            leaf = family.leaf
            history = stands.map(\.history)
            sentences = stands.map(\.sentence)
            provinces = family.source?.provinces
        }
    }

    private func shown(_ codes: [LookUpCode], _ feed: ConnectionPool) async throws -> [Shown?] {
        let reader = ProgressReader(feed: feed, lifetime: .zero)
        var all: [Shown?] = []
        for code in codes { all.append(try await reader.family(of: code).map(Shown.init)) }
        return all
    }

    /// The same without pictures.
    private func shownOfNotices(_ codes: [LookUpCode], _ world: FeedWorld) async throws -> [Shown?] {
        try await world.feed.withSession {
            try $0.execute("CREATE TABLE kept AS SELECT province, dossier, picture FROM feed.dossier")
            try $0.execute("UPDATE feed.dossier SET picture = NULL")
        }
        let all = try await shown(codes, world.feed)
        try await world.feed.withSession {
            try $0.execute(
                """
                UPDATE feed.dossier d SET picture = k.picture FROM kept k
                WHERE d.province = k.province AND d.dossier = k.dossier;
                DROP TABLE kept
                """)
        }
        return all
    }

    /// Notices of some families, in any order, some of them twice, some of them never, some unreadable.
    private func traffic(_ source: inout SeededSource) -> (notices: [FeedWorld.Sequenced], codes: [LookUpCode]) {
        var told: [FeedWorld.Sequenced] = []
        let families = 1...4
        for family in families {
            let partCount = Int.random(in: 0...2, using: &source)
            for part in 0...partCount {
                let id = family * 10 + part
                let province: Int16 = part == 2 ? 79 : 48
                for var notice in PictureLives.random(id, &source) {
                    notice.province = province
                    notice.root = Some.id(family * 10)
                    if part > 0 {
                        notice.parent = Some.id(part == 2 && family % 2 == 0 ? family * 10 + 1 : family * 10)
                        notice.part = LocalText(vi: "Phần \(part)", en: "Part \(part)")
                    }
                    // Gaps.
                    if Int.random(in: 0..<15, using: &source) == 0 { continue }
                    var sequenced = FeedWorld.Sequenced(n: 0, notice: notice, lookUp: Some.code(id))
                    if Int.random(in: 0..<20, using: &source) == 0 { sequenced.body = Array("{\"format\":9}".utf8) }
                    told.append(sequenced)
                    if Int.random(in: 0..<10, using: &source) == 0 { told.append(sequenced) }
                }
            }
        }
        if Bool.random(using: &source) { told.shuffle(using: &source) }
        var next: [Int16: Int64] = [:]
        for place in told.indices {
            told[place].n = next[told[place].notice.province, default: 0]
            next[told[place].notice.province, default: 0] += 1
        }
        return (told, families.flatMap { family in (0...2).map { Some.code(family * 10 + $0) } })
    }

    @Test(arguments: 1...6)
    func `a family is the same by its pictures as by its notices, halfway and at the end`(seed: UInt64) async throws {
        var source = SeededSource(seed: seed)
        let (notices, codes) = traffic(&source)
        let (first, second) = (notices.prefix(notices.count / 2), notices.dropFirst(notices.count / 2))
        let size = Int32.random(in: 1...40, using: &source)
        try await FeedWorld.with { world in
            try await world.allowRepeatedLeaves()
            let follower = world.follower(batchSize: size)
            for part in [first, second] {
                try await world.sequence(Array(part))
                try await world.catchUp(follower)
                let byPictures = try await shown(codes, world.feed)
                #expect(byPictures.contains { $0 != nil })
                #expect(byPictures == (try await shownOfNotices(codes, world)))
            }
            let dump = try await world.dump()
            // As if an older build had followed so far: the pictures are made of the notices.
            try await world.feed.withSession {
                try $0.execute("UPDATE feed.dossier SET picture = NULL; UPDATE feed.cursor SET picture_format = 0")
            }
            try await world.catchUp(world.follower())
            #expect(try await world.dump() == dump)
            // And read from leaf 0 by one who takes everything at once.
            try await world.feed.withSession {
                try $0.execute(
                    "TRUNCATE feed.cursor, feed.notice, feed.dossier, feed.unread, feed.log_tree, feed.log_tile")
            }
            try await world.catchUp(world.follower(batchSize: 500))
            #expect(try await world.dump() == dump)
        }
    }

    @Test func `what an older build adds beside this one is seen, and gets its picture with the next notice`()
        async throws
    {
        try await FeedWorld.with { world in
            let follower = world.follower()
            try await world.sequence([.init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(1))])
            try await world.catchUp(follower)
            // The older build's way.
            try await world.feed.withSession {
                _ = try $0.run(
                    Statement<[UInt8], Void>(
                        name: "test_older_build",
                        sql: """
                            WITH n AS (
                                INSERT INTO feed.notice (province, dossier, number, n, body, salt, head)
                                SELECT province, dossier, 2, 1, $1, substr(sha256($1), 1, 16), sha256($1)
                                FROM feed.dossier RETURNING dossier
                            )
                            UPDATE feed.dossier d SET number = 2, taken = 2 FROM n WHERE d.dossier = n.dossier
                            """, encode: { $1.bytea($0) }), Some.notice(1, 2).encoded())
            }
            let reader = ProgressReader(feed: world.feed, lifetime: .zero)
            #expect(try await reader.family(of: Some.code(1))?.dossier.history.map(\.number) == [2, 1])
            try await world.sequence([.init(n: 1, notice: Some.notice(1, 3))])
            try await world.catchUp(follower)
            let rows = try await world.feed.withSession {
                try $0.run(PictureStatements.known, (province: 1, dossiers: [Some.id(1)]))
            }
            #expect(rows.first?.usable?.entries.map(\.number) == [1, 2, 3])
        }
    }

    @Test func `a notice that is read after an upgrade comes into the picture`() async throws {
        try await FeedWorld.with { world in
            let good = Some.notice(1, 2)
            try await world.sequence([
                .init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(1)),
                .init(n: 1, notice: good, body: Array("{\"format\":2}".utf8)),
            ])
            try await world.catchUp(world.follower())
            try await world.feed.withSession {
                _ = try $0.run(
                    Statement<[UInt8], Void>(
                        name: "test_upgrade", sql: "UPDATE feed.notice SET body = $1 WHERE number = 2",
                        encode: { $1.bytea($0) }), good.encoded())
            }
            try await world.catchUp(world.follower())
            let family = try await shown([Some.code(1)], world.feed)
            #expect(family.first??.history.first?.map(\.number) == [2, 1])
            #expect(family == (try await shownOfNotices([Some.code(1)], world)))
        }
    }

    @Test func `a simple dossier's row stays small`() async throws {
        var source = SeededSource(seed: 3)
        var life = Histories.random(1, &source)
        while life.count < 6 { life = Histories.random(1, &source) }
        var picture = DossierPicture()
        picture.add(life.prefix(6).map { (n: 1, notice: $0) }, number: 6, taken: 6)
        #expect(picture.encoded().count < 700)
    }
}
