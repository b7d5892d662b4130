import Logging
import Notices
import Postgres
import TestSupport
import Testing
import WorkingTime

@testable import PublicFeed

/// Ratings in a real database, as the feed's own role keeps and counts them.
@Suite(.timeLimit(.minutes(2)))
struct RatingStoreTests {
    private static func dossier(_ number: Int, _ agency: String = "A", province: Int16 = 48) -> RatedDossier {
        RatedDossier(province: province, dossier: Some.id(number), agency: agency)
    }

    private static func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    private static func store(_ pool: ConnectionPool) -> RatingStore {
        ProgressReader(feed: pool, lifetime: .zero).ratings
    }

    @Test func `months are counted once, what was chosen is forgotten, and the counts stand`() async throws {
        try await FeedWorld.with { world in
            let store = Self.store(world.feed)
            let march = try Self.day("2026-03-31")
            for number in 1...12 {
                #expect(try await store.put(.satisfied, of: Self.dossier(number), on: march))
                #expect(try await store.put(.dissatisfied, of: Self.dossier(number, province: 1), on: march))
            }
            #expect(try await store.put(.verySatisfied, of: Self.dossier(13, "B"), on: march))
            let april = try Self.day("2026-04-01")
            #expect(try await store.put(.acceptable, of: Self.dossier(14), on: april))
            // Changed within a week, in the next month: counts where it was given first.
            #expect(try await store.put(.verySatisfied, of: Self.dossier(1), on: Self.day("2026-04-07")))
            #expect(try await SatisfactionCounting.count(on: Self.day("2026-04-10"), world.feed) == 0)
            let counted = try Self.day("2026-04-11")
            // Several processes look at once.
            let counts = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for _ in 0..<4 { tasks.addTask { try await SatisfactionCounting.count(on: counted, world.feed) } }
                return try await tasks.reduce(0, +)
            }
            #expect(counts == 2)
            let reader = StatisticsReader(feed: world.feed, lifetime: .zero)
            let month = try #require(try await reader.satisfaction(48, Self.day("2026-03-01")))
            #expect(month.whole?.row == [0, 0, 11, 2] && month.agencies.isEmpty)
            #expect(try await reader.satisfaction(1).map(\.whole?.row) == [[12, 0, 0, 0]])
            #expect(try await reader.satisfaction(48, Self.day("2026-04-01")) == nil)
            let rating = try #require(try await store.rating(of: Self.dossier(2)))
            #expect(rating == DossierRating(givenOn: march, level: nil))
            // Neither choice nor agency is left, and nothing can be chosen again.
            #expect(try await world.count(Self.unforgotten) == 1)
            #expect(try await !store.put(.satisfied, of: Self.dossier(2), on: counted))
            #expect(try await SatisfactionCounting.count(on: counted, world.feed) == 0)
        }
    }

    private static let unforgotten = Statement<Void, Int64>(
        name: "test_ratings_unforgotten",
        sql: "SELECT count(*) FROM feed.rating WHERE level IS NOT NULL OR agency IS NOT NULL", decode: { try $0.int8() }
    )

    @Test func `what comes too late for its month is counted in the next, and too few are not told`() async throws {
        try await FeedWorld.with { world in
            let store = Self.store(world.feed)
            #expect(try await store.put(.satisfied, of: Self.dossier(1), on: Self.day("2026-03-05")))
            #expect(try await SatisfactionCounting.count(on: Self.day("2026-04-11"), world.feed) == 1)
            for number in 2...12 {
                #expect(try await store.put(.satisfied, of: Self.dossier(number), on: Self.day("2026-03-06")))
            }
            #expect(try await SatisfactionCounting.count(on: Self.day("2026-04-12"), world.feed) == 0)
            #expect(try await store.put(.satisfied, of: Self.dossier(13), on: Self.day("2026-04-20")))
            #expect(try await SatisfactionCounting.count(on: Self.day("2026-05-11"), world.feed) == 1)
            let months = try await StatisticsReader(feed: world.feed, lifetime: .zero).satisfaction(48)
            #expect(months.map(\.first.description) == ["2026-04-01", "2026-03-01"])
            #expect(months.map(\.whole?.total) == [12, nil])
        }
    }

    @Test func `the publisher counts on each new day`() async throws {
        try await FeedWorld.with { world in
            let store = Self.store(world.feed)
            #expect(try await store.put(.satisfied, of: Self.dossier(1), on: Self.day("2026-03-05")))
            let publisher = StatisticsPublisher(feed: world.feed, logger: TestDatabase.logger) {
                Instant(iso8601: "2026-04-11T00:00")?.microseconds ?? 0
            }
            _ = try await publisher.round()
            #expect(try await StatisticsReader(feed: world.feed, lifetime: .zero).satisfaction(48).count == 1)
        }
    }

    @Test func `with a dossier's erasure goes its rating, and reading anew from leaf 0 keeps the others`() async throws
    {
        try await LogWorld.with { world in
            try await world.publish(0..<4)
            let store = Self.store(world.feed)
            let day = try Self.day("2026-03-05")
            let (erased, other) = (Self.dossier(1_001, province: 1), Self.dossier(1_002, province: 1))
            for dossier in [erased, other] { #expect(try await store.put(.satisfied, of: dossier, on: day)) }
            try await world.tamperEngine(
                "UPDATE engine.leaf SET salt = NULL, erased_at = now() WHERE dossier = '\(Some.id(1_001))'")
            try await world.publish(4..<6)
            #expect(try await store.rating(of: erased) == nil)
            try await world.tamper(
                "UPDATE feed.cursor SET next_n = 0; DELETE FROM feed.notice; DELETE FROM feed.dossier")
            try await world.publish(6..<7)
            #expect(try await store.rating(of: other) == DossierRating(givenOn: day, level: .satisfied))
        }
    }

    @Test func `all of it works as motcua_feed`() async throws {
        try await TestDatabase.with { database in
            var configuration = database.configuration
            configuration.connectionString = configuration.connectionString
                .split(separator: " ").map { $0.hasPrefix("user=") ? "user=motcua_feed" : String($0) }
                .joined(separator: " ")
            let pool = ConnectionPool(configuration, size: 2, logger: TestDatabase.logger)
            do {
                let store = Self.store(pool)
                #expect(try await store.put(.satisfied, of: Self.dossier(1), on: Self.day("2026-03-05")))
                #expect(try await store.put(.acceptable, of: Self.dossier(1), on: Self.day("2026-03-06")))
                #expect(try await store.rating(of: Self.dossier(1))?.level == .acceptable)
                #expect(try await SatisfactionCounting.count(on: Self.day("2026-04-11"), pool) == 1)
                let reader = StatisticsReader(feed: pool, lifetime: .zero)
                #expect(try await reader.satisfaction(48).map(\.whole) == [nil])
                #expect(try await reader.satisfaction(48, Self.day("2026-03-01"))?.agencies.isEmpty == true)
                _ = try await pool.withSession {
                    try $0.run(RatingStatements.erase, (province: 48, dossiers: [Some.id(1)]))
                }
                #expect(try await store.rating(of: Self.dossier(1)) == nil)
                await pool.shutdown()
            } catch {
                await pool.shutdown()
                throw error
            }
        }
    }

    @Test func `the agency of a rating is the one that received the dossier`() throws {
        var accepted = Some.notice(1, 2, legalCode: "000.00.41.H17-260303-0042")
        accepted.holder = Notice.Holder(agency: "other", name: LocalText(vi: "Khác"))
        var first = Some.notice(1, 1)
        first.holder = Notice.Holder(agency: "desk", name: LocalText(vi: "Bàn"))
        func agency(_ notices: [Notice]) throws -> String {
            let stand = try #require(DossierStand(notices: notices))
            return RatedDossier(DossierFamily(version: 1, dossier: stand, parts: [], caughtUpAt: nil)).agency
        }
        #expect(try agency([first, accepted]) == "000.00.41.H17")
        #expect(try agency([first]) == "desk")
        #expect(try agency([Some.notice(1, 1)]) == "")
    }
}
