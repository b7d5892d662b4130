import Notices
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

/// What is told of months is what the leaves come to, and whoever changes it is found out.
@Suite struct FigureAuditTests {
    private struct Tampering {
        let table: String
        let sql: String
        let what: String
    }

    private static let tamperings: [Tampering] = [
        .init(
            table: "statistic_told",
            sql:
                "UPDATE feed.statistic_told SET figures[1] = coalesce(figures[1], 0) + 7 WHERE month = '2026-03-01' AND shape = 3",
            what: "feed.statistic_told 2026-03-01: procedure “”: it does not tell"),
        .init(
            table: "statistic_told",
            sql: "UPDATE feed.statistic_told SET figures = array_replace(figures, NULL, 2) WHERE month = '2026-03-01'",
            what: "feed.statistic_told 2026-03-01"),
        .init(
            table: "statistic_told",
            sql: "UPDATE feed.statistic_told SET items[1] = 'X' WHERE month = '2026-03-01' AND shape = 1",
            what: "feed.statistic_told 2026-03-01: agency “”: it does not tell"),
        .init(
            table: "statistic_told", sql: "DELETE FROM feed.statistic_told WHERE month = '2026-03-01' AND shape = 2",
            what: "feed.statistic_told 2026-03-01: field “”: the row is gone"),
        .init(
            table: "statistic_told",
            sql: "INSERT INTO feed.statistic_told VALUES (48, '2026-03-01', 4, 'X', '{}', '{}')",
            what: "feed.statistic_told 2026-03-01: agencyField “X”: there is no such table"),
        // An open month too.
        .init(
            table: "statistic_told",
            sql: "UPDATE feed.statistic_told SET figures[1] = coalesce(figures[1], 0) + 7 WHERE month = '2026-08-01'",
            what: "feed.statistic_told 2026-08-01"),
        .init(
            table: "statistic_month", sql: "UPDATE feed.statistic_month SET period[2] = 9 WHERE month = '2026-03-01'",
            what: "feed.statistic_month 2026-03-01: the province's own figures"),
        .init(
            table: "statistic_month",
            sql: "UPDATE feed.statistic_month SET identity = sha256(identity) WHERE month = '2026-03-01'",
            what: "feed.statistic_month 2026-03-01: its figures"),
        .init(
            table: "statistic_month",
            sql: "UPDATE feed.statistic_month SET fields[1] = 'another' WHERE month = '2026-03-01'",
            what: "feed.statistic_month 2026-03-01: no notice says"),
        .init(
            table: "statistic_month",
            sql: "UPDATE feed.statistic_month SET is_settled = true WHERE month = '2026-08-01'",
            what: "feed.statistic_month 2026-08-01: it is told as settled before its time"),
        .init(
            table: "statistic_month",
            sql: "UPDATE feed.statistic_month SET through = '2026-03-30' WHERE month = '2026-03-01'",
            what: "feed.statistic_month 2026-03-01: it is told as settled before its time, or up to a wrong day"),
        .init(
            table: "statistic_correction",
            sql: "UPDATE feed.statistic_correction SET received_online = received_online + 1 WHERE shape = 0",
            what: "correction of "),
        .init(
            table: "statistic_correction", sql: "UPDATE feed.statistic_correction SET dated = dated + 1",
            what: "correction of "),
        .init(table: "statistic_correction", sql: "DELETE FROM feed.statistic_correction", what: "correction of "),
        .init(
            table: "statistic_standing",
            sql: "UPDATE feed.statistic_standing SET frozen = frozen + interval '1 month'",
            what: "the last month that is published"),
        .init(
            table: "statistic_standing",
            sql: "UPDATE feed.statistic_standing SET legal_now = legal_now + interval '1 day'",
            what: "the latest legal instant"),
        // What hides corrections up to its day.
        .init(
            table: "statistic_recount",
            sql: "INSERT INTO feed.statistic_recount VALUES (48, 1, 1, 3, '2099-01-01')",
            what: "a change of the rules"),
        .init(
            table: "statistic_name", sql: "UPDATE feed.statistic_name SET vi = 'Cơ quan khác' WHERE kind = 0",
            what: "the name of agency"),
        .init(
            table: "statistic_name", sql: "INSERT INTO feed.statistic_name VALUES (48, 0, 'X', 'Không có thật')",
            what: "the name of agency “X”"),
    ]

    private static let today = Histories.day("2026-08-20")

    /// Histories whose months are settled on the way and corrected afterwards, published up to the last one.
    private static func fill(_ world: FeedWorld, seed: UInt64, batchSize: Int32 = 40) async throws {
        try await world.allowRepeatedLeaves()
        let ordered = Histories.mixed(60, seed: seed)
            .sorted { ($0.at, $0.dossier, $0.number) < ($1.at, $1.dossier, $1.number) }
        // Every ninth comes when all others are there.
        let late = ordered.enumerated().filter { $0.offset % 9 == 4 }.map(\.element)
        let rest = ordered.enumerated().filter { $0.offset % 9 != 4 }.map(\.element)
        try await world.sequence(Histories.sequenced(rest + late))
        try await world.catchUp(world.follower(batchSize: batchSize))
        try await publish(world)
    }

    private static func publish(_ world: FeedWorld) async throws {
        let publisher = StatisticsPublisher(feed: world.feed, logger: TestDatabase.logger) { today.microseconds }
        for _ in 1...100 {
            if try await publisher.round() { return }
        }
        throw Failure("the publisher never came to rest")
    }

    private static func audit(_ world: FeedWorld) async throws -> LogAudit.Outcome {
        try await LogAudit(feed: world.feed, source: world.source, keys: [], folder: nil).run(48)
    }

    @Test func `whoever changes what is told of a month by SQL is found out, whatever row it was`() async throws {
        try await FeedWorld.with { world in
            try await Self.fill(world, seed: 31)
            let whole = try await Self.audit(world)
            #expect(whole.findings == [])
            #expect(whole.figures == .init())
            for tampering in Self.tamperings {
                let table = "feed.\(tampering.table)"
                try await world.feed.withSession { session in
                    try session.execute("CREATE TABLE kept AS TABLE \(table)")
                    try session.execute(tampering.sql)
                }
                let findings = try await Self.audit(world).findings
                #expect(
                    findings.contains { $0.province == 48 && $0.what.contains(tampering.what) },
                    "\(tampering.sql): \(findings.map(\.what))")
                try await world.feed.withSession { session in
                    try session.execute("DELETE FROM \(table); INSERT INTO \(table) TABLE kept; DROP TABLE kept")
                }
            }
            #expect(try await Self.audit(world).findings == [])
        }
    }

    @Test func `a month that is being published anew, or was published by another build, is said and not judged`()
        async throws
    {
        try await FeedWorld.with { world in
            try await Self.fill(world, seed: 32)
            func figures(_ sql: String) async throws -> LogAudit.Figures {
                try await world.feed.withSession { try $0.execute(sql) }
                let outcome = try await Self.audit(world)
                #expect(outcome.findings == [], "\(sql)")
                return outcome.figures
            }
            let march = try #require(CivilDate("2026-03-01"))
            let august = try #require(CivilDate("2026-08-01"))
            let late = try await figures("UPDATE feed.statistic_standing SET changes = changes + 1")
            #expect(late.lateMonths.contains(august) && !late.lateMonths.contains(march))
            try await Self.publish(world)
            #expect(try await figures("SELECT 1").lateMonths == [])
            let gone = try await figures("DELETE FROM feed.statistic_month WHERE month = '2026-03-01'")
            #expect(gone.lateMonths == [march])
            try await Self.publish(world)
            let foreign = try await figures("UPDATE feed.statistic_month SET layout = 1 WHERE month = '2026-03-01'")
            #expect(foreign.foreignMonths == [march])
            try await world.feed.withSession { try $0.execute("UPDATE feed.statistic_standing SET rules = 1") }
            #expect(try await Self.audit(world).figures.otherRules == 1)
            // Nor are they made by this build's rules behind the other's back.
            try await StatisticsKeeper(feed: world.feed, logger: TestDatabase.quietLogger) { 0 }.check(48)
            #expect(try await Self.audit(world).figures.otherRules == 1)
        }
    }

    @Test func `what notices say that came while the audit read is known when streams and months are compared`()
        async throws
    {
        try await FeedWorld.with { world in
            try await Self.fill(world, seed: 38)
            let audit = LogAudit(feed: world.feed, source: nil, keys: [], folder: nil)
            var notes = LogAudit.Notes(province: 48)
            // As if all of them had come since.
            try await audit.walkStreams(48, LogAudit.Said(before: 0), &notes)
            _ = try await audit.walkFigures(48, LogAudit.Said(before: 0), &notes)
            #expect(notes.findings == [])
        }
    }

    @Test func `by which fields an older build published a month is kept at the first look`() async throws {
        try await FeedWorld.with { world in
            try await Self.fill(world, seed: 39)
            try await world.feed.withSession { session in
                try session.execute("UPDATE feed.statistic_month SET procedures = NULL, fields = NULL")
                _ = try session.run(PublishedStatements.doubt, 48)
            }
            try await Self.publish(world)
            #expect(try await world.count(Self.fieldless) == 0)
            #expect(try await Self.audit(world).findings == [])
        }
    }

    private static let fieldless = Statement<Void, Int64>(
        name: "test_months_without_fields",
        sql: "SELECT count(*) FROM feed.statistic_month WHERE procedures IS NULL OR fields IS NULL",
        decode: { try $0.int8() })

    @Test(arguments: [33, 34] as [UInt64])
    func `R21 what is noted against published months depends on the leaves alone, not on the batches they came in`(
        seed: UInt64
    ) async throws {
        var dumps: [[String]] = []
        for batchSize in [1, 23, 500] as [Int32] {
            try await FeedWorld.with { world in
                try await Self.fill(world, seed: seed, batchSize: batchSize)
                #expect(try await StatisticsRecount.check(48, world.feed).map(\.description) == [])
                dumps.append(try await world.feed.withSession { try $0.run(Self.corrections) })
            }
        }
        #expect(dumps[0].count > 20 && dumps[0] == dumps[1] && dumps[1] == dumps[2])
    }

    private static let corrections = Statement<Void, String>(
        name: "test_dump_corrections",
        sql: """
            SELECT c::text FROM feed.statistic_correction c
            WHERE (received_counter, received_online, received_post, finished_early, finished_on_time, finished_late,
                finished_undated, finished_other, declined, net_seconds, pending, running, late, waiting, waiting_late)
                <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            ORDER BY 1
            """, decode: { try $0.text() })

    @Test func `counters that somebody changed are put right, and do not become published figures`() async throws {
        try await FeedWorld.with { world in
            try await Self.fill(world, seed: 35)
            let before = try await world.feed.withSession { try $0.run(Self.corrections) }
            for sql in [
                "UPDATE feed.statistic SET received_online = received_online + 3 WHERE start = '2026-03-01'",
                "UPDATE feed.statistic_correction SET finished_late = finished_late + 3",
                "DELETE FROM feed.statistic_name",
            ] {
                try await world.feed.withSession { try $0.execute(sql) }
                #expect(try await StatisticsRecount.check(48, world.feed) != [])
                try await StatisticsKeeper(feed: world.feed, logger: TestDatabase.quietLogger) { 0 }.check(48)
                #expect(try await StatisticsRecount.check(48, world.feed).map(\.description) == [], "\(sql)")
                #expect(try await world.feed.withSession { try $0.run(Self.corrections) } == before)
            }
            try await Self.publish(world)
            #expect(try await Self.audit(world).findings == [])
        }
    }

    @Test func `what is told of a month is put right at night, settled or not`() async throws {
        try await FeedWorld.with { world in
            try await Self.fill(world, seed: 37)
            let told = try await world.feed.withSession { try $0.run(Self.told) }
            let keeper = StatisticsKeeper(feed: world.feed, logger: TestDatabase.quietLogger) { 0 }
            for sql in [
                "UPDATE feed.statistic_told SET figures[1] = coalesce(figures[1], 0) + 7",
                "UPDATE feed.statistic_month SET period[2] = 9", "DELETE FROM feed.statistic_told WHERE shape = 1",
                "INSERT INTO feed.statistic_recount VALUES (48, 1, 1, 3, '2099-01-01')",
            ] {
                try await world.feed.withSession { try $0.execute(sql) }
                #expect(try await Self.audit(world).findings != [], "\(sql)")
                try await keeper.check(48)
                try await Self.publish(world)
                #expect(try await Self.audit(world).findings == [], "\(sql)")
                #expect(try await world.feed.withSession { try $0.run(Self.told) } == told, "\(sql)")
            }
        }
    }

    private static let told = Statement<Void, String>(
        name: "test_dump_told", sql: "SELECT t::text FROM feed.statistic_told t ORDER BY 1", decode: { try $0.text() })

    @Test func `by other rules published months stay as they were, and the audit says that it cannot compute them`()
        async throws
    {
        try await FeedWorld.with { world in
            try await Self.fill(world, seed: 36)
            try await world.feed.withSession { session in
                try session.execute("UPDATE feed.statistic_standing SET rules = -1")
                try session.execute(
                    "UPDATE feed.statistic SET late = late + 1 WHERE start = '2026-03-01' AND period = 1")
            }
            try await world.catchUp(world.follower())
            try await Self.publish(world)
            let outcome = try await Self.audit(world)
            #expect(outcome.findings == [])
            let legalNow = try #require(
                try await world.feed.withSession { try $0.run(StatisticsStatements.standing, 48) }.first?.legalNow)
            #expect(outcome.figures.rulesChangedOn == legalNow.date)
            // Afterwards corrections are compared again.
            let accepted = Histories.day("2026-03-03")
            let next = legalNow.adding(seconds: 3 * 86_400)
            let from = try await world.count(FeedWorld.noticeCount)
            try await world.sequence(
                Histories.sequenced(
                    [
                        Histories.notice(900, 1, at: next, .processing, submitted: accepted, accepted: accepted),
                        Histories.notice(901, 1, at: next, .processing, submitted: accepted, accepted: accepted),
                    ], from: from))
            try await world.catchUp(world.follower())
            #expect(try await StatisticsRecount.check(48, world.feed).map(\.description) == [])
            try await world.feed.withSession { session in
                try session.execute(
                    """
                    UPDATE feed.statistic_correction SET pending = pending + 1
                    WHERE dated > (SELECT max(dated) FROM feed.statistic_recount)
                    """)
            }
            let found = try await StatisticsRecount.check(48, world.feed)
            #expect(!found.isEmpty && found.allSatisfy { $0.description.hasPrefix("correction of \(next.date)") })
        }
    }
}
