import Notices
import Postgres
import TestSupport
import Testing

@testable import PublicFeed

@Suite struct LogAuditTests {
    /// Something that was done to the database behind everybody's back, and the row that must be named for it.
    struct Tampering: Sendable, CustomTestStringConvertible {
        let sql: String
        var isInEngine = false
        var n: Int64?
        var dossier: Int?
        let what: String

        var testDescription: String { sql }
    }

    static let one = "dossier = '\(Some.id(1_007))'"
    static let tamperings: [Tampering] = [
        .init(sql: "UPDATE feed.notice SET body = body || ' ' WHERE \(one)", n: 7, dossier: 1_007, what: "feed.notice"),
        .init(
            sql: "UPDATE feed.notice SET salt = substr(sha256(salt), 1, 16) WHERE \(one)", n: 7, dossier: 1_007,
            what: "feed.notice"),
        .init(
            sql: "UPDATE feed.notice SET head = sha256(head) WHERE \(one)", n: 7, dossier: 1_007, what: "feed.notice"),
        .init(sql: "UPDATE feed.notice SET n = 8 WHERE \(one)", n: 8, dossier: 1_007, what: "feed.notice"),
        .init(sql: "UPDATE feed.notice SET n = 4711 WHERE \(one)", n: 4_711, dossier: 1_007, what: "feed.notice"),
        .init(
            sql: "UPDATE feed.notice SET salt = NULL, head = NULL WHERE \(one)", n: 7, dossier: 1_007,
            what: "salt and head are gone"),
        .init(sql: "DELETE FROM feed.notice WHERE \(one)", n: 7, dossier: 1_007, what: "feed.notice: the row is gone"),
        .init(
            sql: "UPDATE feed.notice SET number = 2 WHERE \(one)", n: 7, dossier: 1_007,
            what: "another dossier or number"),
        .init(
            sql: """
                INSERT INTO feed.notice SELECT province, dossier, 2, n, body, salt, head FROM feed.notice WHERE \(one)
                """, n: 7, dossier: 1_007, what: "feed.notice: another row"),
        .init(sql: "DELETE FROM feed.dossier WHERE \(one)", dossier: 1_007, what: "feed.dossier: the row is gone"),
        .init(sql: "UPDATE feed.dossier SET number = 3 WHERE \(one)", dossier: 1_007, what: "feed.dossier: number"),
        .init(
            sql: "UPDATE feed.dossier SET picture = set_byte(picture, 40, get_byte(picture, 40) # 1) WHERE \(one)",
            dossier: 1_007, what: "feed.dossier: picture"),
        .init(
            sql: """
                UPDATE feed.dossier SET picture = (SELECT picture FROM feed.dossier WHERE dossier = '\(Some.id(1_008))')
                WHERE \(one)
                """, dossier: 1_007, what: "feed.dossier: picture"),
        .init(
            sql: "UPDATE feed.dossier SET legal_code = 'H17-260303-0001' WHERE \(one)", dossier: 1_007,
            what: "feed.dossier: legal_code"),
        .init(
            sql: "UPDATE feed.dossier SET root = '\(Some.id(1_008))' WHERE \(one)", dossier: 1_007,
            what: "feed.dossier: root"),
        .init(
            sql: "UPDATE feed.dossier SET parent = '\(Some.id(1_008))' WHERE \(one)", dossier: 1_007,
            what: "feed.dossier: parent"),
        .init(
            sql: "UPDATE feed.dossier SET look_up = '\(LogWorld.code(8).compact)' WHERE \(one)", dossier: 1_007,
            what: "feed.dossier: look_up"),
        .init(
            sql: "UPDATE engine.notice SET body = body || ' ' WHERE \(one)", isInEngine: true, n: 7, dossier: 1_007,
            what: "engine.notice"),
        .init(
            sql: "UPDATE engine.notice SET head = sha256(head) WHERE \(one)", isInEngine: true, n: 7, dossier: 1_007,
            what: "engine.notice"),
        .init(
            sql: "DELETE FROM engine.notice WHERE \(one)", isInEngine: true, n: 7, dossier: 1_007, what: "engine.notice"
        ),
        .init(
            sql: "UPDATE engine.leaf SET salt = substr(sha256(salt), 1, 16) WHERE \(one)", isInEngine: true, n: 7,
            dossier: 1_007, what: "engine.leaf"),
        .init(
            sql: "UPDATE engine.leaf SET hash = sha256(hash) WHERE \(one)", isInEngine: true, n: 7, dossier: 1_007,
            what: "engine.leaf: the hash"),
        .init(sql: "DELETE FROM engine.leaf WHERE n = 7", isInEngine: true, n: 7, what: "engine.leaf: the row is gone"),
        .init(
            sql: "UPDATE engine.leaf SET dossier = NULL, number = NULL WHERE \(one)", isInEngine: true, n: 7,
            what: "engine.leaf: it names no notice"),
        .init(
            sql: "DELETE FROM engine.leaf WHERE n = 299", isInEngine: true, n: 299, what: "engine.leaf: the row is gone"
        ),
        .init(
            sql:
                "UPDATE feed.log_tile SET hashes = overlay(hashes PLACING sha256('x') FROM 225) WHERE level = 0 AND tile = 0",
            n: 7, dossier: 1_007, what: "feed.notice"),
        .init(
            sql: "UPDATE feed.log_tile SET hashes = sha256('x') WHERE level = 1", what: "feed.log_tile 1/000"),
        .init(sql: "DELETE FROM feed.log_tile WHERE level = 1", what: "feed.log_tile 1/000"),
        .init(
            sql: "UPDATE feed.log_tree SET peaks = substr(peaks, 33) || sha256('x')", what: "feed.log_tree: the edge"),
        .init(sql: "UPDATE feed.log_checkpoint SET note = replace(note, '300', '299')", what: "feed.log_checkpoint"),
    ]

    @Test(arguments: tamperings)
    func `a row that was changed by SQL is named`(tampering: Tampering) async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<300)
            #expect(try await world.findings() == [])
            if tampering.isInEngine {
                try await world.tamperEngine(tampering.sql)
            } else {
                try await world.tamper(tampering.sql)
            }
            let findings = try await world.findings()
            #expect(
                findings.contains {
                    $0.what.contains(tampering.what) && (tampering.n == nil || $0.n == tampering.n)
                        && (tampering.dossier == nil || $0.dossier == tampering.dossier.map(Some.id))
                }, "\(findings)")
            #expect(findings.allSatisfy { $0.province == 1 })
        }
    }

    /// What was done to what is computed from notices, and what must be said of it.
    static let derived: [(sql: String, n: Int64?, what: String)] = [
        ("UPDATE feed.entry SET status = 3, stage = 'refused' WHERE n = 2", 2, "feed.entry: it is not"),
        ("UPDATE feed.entry SET legal_code = 'H17-260303-0009' WHERE n = 2", 2, "feed.entry: it is not"),
        ("UPDATE feed.entry SET agency = 'H18' WHERE n = 2", 2, "feed.entry: it is not"),
        ("UPDATE feed.entry SET procedure = 'death' WHERE n = 2", 2, "feed.entry: it is not"),
        ("UPDATE feed.entry SET at = at - interval '1 day' WHERE n = 2", 2, "feed.entry: it is not"),
        ("DELETE FROM feed.entry WHERE n = 2", 2, "feed.entry: the row is gone"),
        ("UPDATE feed.entry SET n = 3 WHERE n = 2", 3, "feed.entry: the notice tells nothing new"),
        ("UPDATE feed.entry SET n = 4711 WHERE n = 2", 4_711, "feed.entry: there is no such notice"),
        ("UPDATE feed.entry SET told_at = told_at - interval '1 day' WHERE n = 2", 2, "feed.entry: told_at is not"),
        ("UPDATE feed.entry SET told_at = told_at + interval '1 day' WHERE n = 2", 5, "told_at is before"),
        ("UPDATE feed.channel SET count = count + 1 WHERE kind = 1", nil, "feed.channel 1 “H17”: the count"),
        ("DELETE FROM feed.channel WHERE kind = 1", nil, "feed.channel 1 “H17”: the count"),
        ("UPDATE feed.channel SET told_at = now() WHERE kind = 0", nil, "feed.channel 0 “”: told_at"),
        ("UPDATE feed.channel SET name_vi = 'Thủ tục khác' WHERE kind = 2", nil, "no notice calls it so"),
        ("UPDATE feed.channel_page SET first_n = 1 WHERE kind = 2", nil, "feed.channel_page 2"),
        ("DELETE FROM feed.channel_page WHERE kind = 0", nil, "feed.channel_page 0 “”, page 0"),
        ("INSERT INTO feed.channel_page VALUES (1, 0, '', 9, 2)", nil, "feed.channel_page 0 “”, page 9"),
        ("UPDATE feed.statistic SET received_online = received_online + 5 WHERE shape = 0", nil, "feed.statistic"),
        ("DELETE FROM feed.statistic WHERE shape = 3", nil, "feed.statistic"),
    ]

    @Test(arguments: derived)
    func `what is computed from notices is named when it was changed by SQL`(
        _ sql: String, _ n: Int64?, _ what: String
    ) async throws {
        try await LogWorld.with { world in
            var accepted = Some.notice(1_001, 2, legalCode: "H17-260303-0007")
            (accepted.status, accepted.stage) = (.accepted, .accepted)
            (accepted.accepted, accepted.channel) = (accepted.at, 2)
            try await world.feedWorld.sequence([
                .init(n: 0, notice: Some.notice(1_001, 1), lookUp: Some.code(1)),
                .init(n: 1, notice: Some.notice(1_002, 1), lookUp: Some.code(2)),
                .init(n: 2, notice: accepted),
                .init(n: 3, notice: Some.notice(1_002, 2)),
                .init(n: 4, notice: Some.notice(1_003, 1), lookUp: Some.code(3)),
                .init(n: 5, notice: Some.notice(1_003, 2, legalCode: "H17-260303-0008")),
            ])
            try await world.feedWorld.catchUp(world.feedWorld.follower())
            try await world.signer().round()
            #expect(try await world.findings() == [])
            try await world.tamper(sql)
            let findings = try await world.findings()
            #expect(findings.contains { $0.what.contains(what) && $0.n == n }, "\(findings)")
        }
    }

    @Test func `a body and its hashes changed everywhere are still not what was signed`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<30)
            let hash = "sha256('\\x00'::bytea || salt || sha256(body) || head)"
            try await world.tamper("UPDATE feed.notice SET body = body || ' ' WHERE \(Self.one)")
            try await world.tamper(
                """
                UPDATE feed.log_tile SET hashes = overlay(hashes PLACING
                    (SELECT \(hash) FROM feed.notice WHERE \(Self.one)) FROM 225)
                """)
            try await world.tamperEngine("UPDATE engine.notice SET body = body || ' ' WHERE \(Self.one)")
            try await world.tamperEngine(
                """
                UPDATE engine.leaf l SET hash = sha256('\\x00'::bytea || l.salt || sha256(n.body) || n.head)
                FROM engine.notice n WHERE n.dossier = l.dossier AND l.\(Self.one)
                """)
            let findings = try await world.findings()
            #expect(findings.contains { $0.what.contains("the first 30 leaves are not those that were signed") })
            let signer = world.signer()
            try await world.publish(30..<31, signed: false)
            try await signer.round()
            #expect(signer.refused == [1: .forked(signed: 30)])
        }
    }

    @Test func `a day's heads are told from notices that are gone, and checked by who may read them`() async throws {
        try await LogWorld.with { world in
            try await world.publish(0..<10)
            try await world.sequenceHeads(at: 10)
            try await world.publish(11..<12)
            func outcome(_ source: ConnectionPool?) async throws -> LogAudit.Outcome {
                try await LogAudit(feed: world.feed, source: source, keys: [], folder: world.folder).run(1)
            }
            let whole = try await outcome(world.feedWorld.source)
            #expect(whole.findings == [] && whole.unexplained == [])
            #expect(whole.heads == .init(count: 1, isChecked: true))
            let alone = try await outcome(nil)
            #expect(alone.findings == [] && alone.unexplained == [10] && alone.heads == nil)
            let role = world.asFeed()
            let asFeed = try await outcome(role)
            await role.shutdown()
            #expect(asFeed.findings == [] && asFeed.heads == .init(count: 1, isChecked: false))
            // A dossier that vanished everywhere, and whose leaf was made to look like a day's heads.
            try await world.tamper(
                "DELETE FROM feed.notice WHERE \(Self.one); DELETE FROM feed.dossier WHERE \(Self.one)")
            try await world.tamperEngine("UPDATE engine.leaf SET dossier = NULL, number = NULL WHERE \(Self.one)")
            #expect(try await outcome(world.feedWorld.source).findings.compactMap(\.n) == [7])
            try await world.tamperEngine("UPDATE engine.heads SET body = 'other'")
            #expect(try await outcome(world.feedWorld.source).findings.compactMap(\.n) == [7, 10])
        }
    }

    @Test func `a notice that is not what its leaf commits to is told as it comes`() throws {
        let body = Array("{}".utf8)
        let notice = SequencedNotice(dossier: Some.id(1), number: 1, root: Some.id(1), lookUp: nil, body: body)
        let opening = try #require(
            LeafOpening(salt: Array(repeating: 1, count: 16), head: Array(repeating: 2, count: 32)))
        func batch(_ hash: MerkleHash) -> FeedBatch {
            let leaf = Leaf(n: 0, sequencedAt: 0, notice: notice, isBroken: false, hash: hash, opening: opening)
            return FeedBatch(province: 1, next: 0, leaves: [leaf])
        }
        #expect(batch(opening.leafHash(of: body)).doctored.isEmpty)
        #expect(batch(.leaf([])).doctored.map(\.n) == [0])
    }
}
