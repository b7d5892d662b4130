import Logging
import Notices
import Postgres
import PublicFeed
import TestSupport
import Testing
import WorkingTime

@Suite struct StatisticsCounterTests {
    private static func expectNoMismatch(_ world: FeedWorld, _ when: Comment) async throws {
        let found = try await StatisticsRecount.check(48, world.feed)
        #expect(found.map(\.description) == [], when)
    }

    private static func query(
        _ shape: StatisticShape, _ from: String, _ through: String, scope: String = "", asPublished: Bool = false
    ) throws -> StatisticQuery {
        StatisticQuery(
            province: 48, shape: shape, scope: scope, from: try #require(CivilDate(from)),
            through: try #require(CivilDate(through)), isAsPublished: asPublished)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `R21 the counters are what a recount from the notices says, batch after batch`(seed: UInt64) async throws {
        try await FeedWorld.with { world in
            let follower = world.follower(batchSize: 23)
            let notices = Histories.sequenced(Histories.mixed(40, seed: seed))
            for part in [notices.prefix(60), notices.dropFirst(60)] {
                try await world.sequence(Array(part))
                try await world.catchUp(follower)
                try await Self.expectNoMismatch(world, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `R21 notices that repeat or overtake each other count as if they had come in order`(seed: UInt64) async throws
    {
        var source = SeededSource(seed: seed)
        let notices = Histories.mixed(15, seed: seed)
        let shuffled = (notices + notices.prefix(20)).shuffled(using: &source)
        let inOrder = try await Self.dump(notices)
        let outOfOrder = try await Self.dump(shuffled)
        #expect(Set(inOrder).symmetricDifference(outOfOrder).sorted() == [])
        #expect(inOrder.count > 50)
    }

    @Test func `R21 a notice and its difference to the counters are recorded together, or not at all`() async throws {
        try await FeedWorld.with { world in
            let notices = Histories.sequenced(Histories.mixed(20, seed: 6))
            let follower = world.follower()
            try await world.sequence(Array(notices.prefix(30)))
            try await world.catchUp(follower)
            let before = try await world.count(FeedWorld.noticeCount)
            // From now on no counter can be written.
            try await world.feed.withSession {
                try $0.execute("ALTER TABLE feed.statistic ADD CONSTRAINT closed CHECK (false) NOT VALID")
            }
            try await world.sequence(Array(notices.dropFirst(30)))
            await #expect(throws: PostgresError.self) { try await world.catchUp(follower) }
            #expect(try await world.count(FeedWorld.noticeCount) == before)
            try await world.feed.withSession {
                try $0.execute("ALTER TABLE feed.statistic DROP CONSTRAINT closed")
            }
            try await Self.expectNoMismatch(world, "while the counters were closed")
            try await world.catchUp(follower)
            #expect(try await world.count(FeedWorld.noticeCount) == Int64(notices.count))
            try await Self.expectNoMismatch(world, "after they were opened again")
        }
    }

    /// The counters after these notices.
    private static func dump(_ notices: [Notice]) async throws -> [String] {
        try await TestDatabase.withWorld { world in
            try await world.allowRepeatedLeaves()
            try await world.sequence(Histories.sequenced(notices))
            try await world.catchUp(world.follower(batchSize: 7))
            try await expectNoMismatch(world, "after \(notices.count) notices")
            return try await world.feed.withSession { try $0.run(dumpCounters) }
        }
    }

    private static let dumpCounters = Statement<Void, String>(
        name: "test_dump_counters",
        sql: """
            SELECT s::text FROM feed.statistic s
            WHERE (received_counter, received_online, received_post, finished_early, finished_on_time, finished_late,
                finished_undated, finished_other, declined, pending, running, late, waiting, waiting_late)
                <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            ORDER BY 1
            """, decode: { try $0.text() })

    @Test func `every breakdown comes to the same total, and it reconciles`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Histories.sequenced(Histories.mixed(60, seed: 9)))
            try await world.catchUp(world.follower(batchSize: 100))
            let reader = StatisticsReader(feed: world.feed, lifetime: .zero)
            #expect(try await reader.provinces() == [48])
            for (from, through) in [
                ("2026-01-01", "2026-12-31"), ("2026-03-01", "2026-03-31"), ("2026-02-10", "2026-05-20"),
            ] {
                let whole = try await reader.table(Self.query(.province, from, through)).total
                #expect(whole.received > 0)
                #expect(whole.carried + whole.received == whole.finished + whole.underWay)
                for shape in [StatisticShape.agency, .field, .procedure] {
                    let total = try await reader.table(Self.query(shape, from, through)).total
                    #expect(total == whole, "\(shape), \(from)…\(through)")
                }
                var sum = StatisticRow(item: "")
                for agency in Histories.agencies {
                    let part = try await reader.table(Self.query(.agencyField, from, through, scope: agency)).total
                    sum = StatisticRow.total([sum, part])
                }
                #expect(sum == whole, "\(from)…\(through)")
            }
            // A year later what is carried over stands in the row of the year.
            for (from, through) in [("2026-03-01", "2026-03-31"), ("2027-02-01", "2027-02-28")] {
                var carried: Int64 = 0
                for agency in Histories.agencies {
                    let parts = try Self.query(.agencyProcedure, from, through, scope: agency)
                    let byField = try Self.query(.agencyField, from, through, scope: agency)
                    // What is over long since stands in no row.
                    let totals = try await [reader.table(parts).total, reader.table(byField).total].map {
                        [$0.carried, $0.received, $0.finished, $0.underWay, $0[.late], $0.waiting, $0[.pending]]
                    }
                    #expect(totals[0] == totals[1], "\(agency) \(from)")
                    carried += totals[0][0]
                }
                #expect(carried > 0, "\(from)")
            }
        }
    }

    @Test func `R21 a published month stays as it was published, and what changes later is a dated row`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            let accepted = Histories.day("2026-03-03")
            let promised = Histories.day("2026-03-20", "17:00")
            func accept(_ dossier: Int, at: Instant, told: Instant? = nil) -> Notice {
                Histories.notice(
                    dossier, 1, at: told ?? at, .accepted, submitted: at, accepted: at, promised: promised)
            }
            let later = Histories.day("2026-04-15")
            try await world.sequence(
                Histories.sequenced([accept(3, at: accepted), accept(6, at: accepted), accept(9, at: later)]))
            try await world.catchUp(follower)
            let reader = StatisticsReader(feed: world.feed, lifetime: .zero)
            let published = try Self.query(.province, "2026-03-01", "2026-03-31", asPublished: true)
            let before = try await reader.table(published)
            #expect(before.isFrozen)
            #expect(before.total.received == 2)
            #expect(before.total[.late] == 2)
            #expect(before.corrections == [])
            // A desk tells in April what it accepted in March, and what it had finished then.
            let done = Histories.notice(
                3, 2, at: Histories.day("2026-03-10"), .decided, submitted: accepted, accepted: accepted,
                promised: promised, finished: Histories.day("2026-03-10"))
            try await world.sequence([
                .init(n: 3, notice: accept(12, at: accepted, told: Histories.day("2026-04-16"))),
                .init(n: 4, notice: done),
            ])
            try await world.catchUp(follower)
            let after = try await reader.table(published)
            #expect(after.total == before.total)
            let corrections = after.corrections
            #expect(corrections.reduce(0) { $0 + $1.counts[.receivedCounter] } == 1)
            #expect(corrections.reduce(0) { $0 + $1.counts[.finishedEarly] } == 1)
            #expect(Set(corrections.map(\.dated.description)).isSubset(of: ["2026-04-15", "2026-04-16"]))
            let live = try await reader.table(Self.query(.province, "2026-03-01", "2026-03-31")).total
            #expect(live.received == 3)
            #expect(live[.finishedEarly] == 1)
            try await Self.expectNoMismatch(world, "with corrections")
        }
    }

    @Test func `R21 counters that were tampered with are found and counted anew`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Histories.sequenced(Histories.mixed(20, seed: 11)))
            try await world.catchUp(world.follower())
            try await world.feed.withSession {
                try $0.execute("UPDATE feed.statistic SET received_online = received_online + 5 WHERE shape = 1")
                try $0.execute("DELETE FROM feed.statistic WHERE shape = 2 AND period = 1")
                try $0.execute("UPDATE feed.statistic_step SET seconds = seconds + 1")
                try $0.execute("DELETE FROM feed.statistic_duration")
            }
            let found = try await StatisticsRecount.check(48, world.feed)
            #expect(found.contains { $0.description.contains("receivedOnline -5") })
            let keeper = StatisticsKeeper(feed: world.feed, logger: TestDatabase.quietLogger) { 0 }
            try await keeper.checkAll(on: #require(CivilDate("2026-09-01")))
            try await Self.expectNoMismatch(world, "after the keeper")
        }
    }

    @Test func `a feed from before the statistics, or with other rules, is counted anew at the start`() async throws {
        try await FeedWorld.with { world in
            let notices = Histories.sequenced(Histories.mixed(20, seed: 12))
            try await world.sequence(notices)
            try await world.catchUp(world.follower())
            let reader = StatisticsReader(feed: world.feed, lifetime: .zero)
            let year = try Self.query(.agency, "2026-01-01", "2026-12-31")
            let rows = try await reader.table(year).rows
            try await world.feed.withSession {
                try $0.execute("TRUNCATE feed.statistic, feed.statistic_dossier, feed.statistic_standing")
            }
            try await world.catchUp(world.follower())
            #expect(try await reader.table(year).rows == rows)
            try await world.feed.withSession {
                try $0.execute("UPDATE feed.statistic_standing SET rules = -1")
                try $0.execute("UPDATE feed.statistic SET late = late + 1")
            }
            try await world.catchUp(world.follower())
            #expect(try await reader.table(year).rows == rows)
            try await Self.expectNoMismatch(world, "after the upgrade")
        }
    }

    @Test func `a notice with texts that no table can hold does not stop the feed`() async throws {
        try await FeedWorld.with { world in
            let long = String(repeating: "thủ tục ", count: 800)
            var notice = Histories.notice(3, 1, at: Histories.day("2026-03-02"), .submitted, submitted: .earliest)
            notice.procedure = long
            notice.field = "a\u{0}b"
            notice.procedureTitle = LocalText(vi: "Có\u{0} ký tự lạ")
            notice.milestone = long
            try await world.sequence(Histories.sequenced([notice]))
            try await world.catchUp(world.follower())
            #expect(try await world.count(FeedWorld.noticeCount) == 1)
            try await Self.expectNoMismatch(world, "odd texts")
        }
    }

    @Test func `each figure leads to its dossiers`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Histories.sequenced(Histories.mixed(30, seed: 13)))
            try await world.catchUp(world.follower(batchSize: 50))
            let reader = StatisticsReader(feed: world.feed, lifetime: .zero)
            let query = try Self.query(.field, "2026-02-01", "2026-06-30")
            for row in try await reader.table(query).rows {
                for number in ReportForm.numbers {
                    let formula = try #require(ReportForm.current.columns[number])
                    var dossiers: Set<String> = []
                    var after: String?
                    repeat {
                        let page = try await reader.dossiers(
                            behind: formula, query, item: row.item, after: after, read: 7)
                        dossiers.formUnion(page.dossiers)
                        after = page.next
                    } while after != nil
                    #expect(Int64(dossiers.count) == formula.value(row), "column \(number) of \(row.item)")
                }
            }
        }
    }

    @Test func `the usual duration comes with the dossier's page and leaves when it has ended`() async throws {
        try await FeedWorld.with { world in
            var notices: [Notice] = []
            for dossier in 1...12 {
                let accepted = Histories.day("2026-03-02")
                let finished = accepted.adding(seconds: Int64(dossier <= 11 ? 4 : 40) * 86_400)
                notices.append(
                    Histories.notice(
                        dossier * 3, 1, at: finished, .decided, submitted: accepted, accepted: accepted,
                        finished: finished))
            }
            let open = Histories.notice(
                3_000, 1, at: Histories.day("2026-04-20"), .accepted, submitted: Histories.day("2026-04-20"),
                accepted: Histories.day("2026-04-20"))
            var sequenced = Histories.sequenced(notices + [open])
            sequenced[12].lookUp = Some.code(1)
            sequenced[0].lookUp = Some.code(2)
            try await world.sequence(sequenced)
            try await world.catchUp(world.follower())
            let reader = ProgressReader(feed: world.feed)
            let usual = try #require(try await reader.family(of: Some.code(1))?.usual)
            #expect(usual.medianDays == 4)
            #expect(usual.ninthDecileDays == 4)
            #expect(usual.count == 12)
            #expect(try await reader.family(of: Some.code(2))?.usual == nil)
            let statistics = StatisticsReader(feed: world.feed)
            #expect(try await statistics.usualDuration(procedure: "birth", province: 48) == usual)
            #expect(try await statistics.usualDuration(procedure: "marriage", province: 48) == nil)
        }
    }

    @Test func `every statement of a page goes by an index`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence(Histories.sequenced(Histories.mixed(20, seed: 14)))
            try await world.catchUp(world.follower())
            // On a small table the planner would rather scan: here it only tells whether an index fits.
            let plan = try await world.feed.withSession { session in
                try session.execute("SET enable_seqscan = off")
                return try session.run(Self.explain)
            }
            #expect(plan.contains { $0.contains("Index") && $0.contains("statistic_pkey") })
            #expect(!plan.contains { $0.contains("Seq Scan on statistic") })
        }
    }

    private static let explain = Statement<Void, String>(
        name: "test_explain_statistics",
        sql: """
            EXPLAIN SELECT c.item, sum(c.late)
            FROM unnest(ARRAY[0, 1, 2]::smallint[], ARRAY['2020-01-01', '2026-01-01', '2026-03-01']::date[],
                ARRAY['2025-12-31', '2026-02-28', '2026-03-31']::date[]) AS s (period, low, high)
            JOIN feed.statistic c
                ON c.province = 48 AND c.shape = 1 AND c.scope = '' AND c.period = s.period
                AND c.start BETWEEN s.low AND s.high
            GROUP BY c.item
            """, decode: { try $0.text() })
}

extension TestDatabase {
    /// A world whose outcome is a value.
    fileprivate static func withWorld<Value: Sendable>(
        _ body: @escaping (FeedWorld) async throws -> Value
    ) async throws -> Value {
        var value: Value?
        try await FeedWorld.with { value = try await body($0) }
        return try #require(value)
    }

    /// For what is provoked.
    static var quietLogger: Logger {
        var logger = TestDatabase.logger
        logger.logLevel = .critical
        return logger
    }
}
