import Logging
import Notices
import Postgres
import PublicFeed
import ServiceLifecycle
import TestSupport
import Testing

@Suite struct OutageTests {
    enum Lost: CaseIterable { case source, feed }

    @Test(arguments: Lost.allCases)
    func `the follower outlives the loss of a database and misses nothing`(lost: Lost) async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            let running = Task { try await follower.run() }
            try await world.sequence(Some.traffic(20))
            try await arrival(of: 20, in: world)
            let database = lost == .source ? world.sourceDatabase : world.feedDatabase
            try await allow(false, on: database)
            try await condition("the lag shows") { follower.lag.worstSeconds() > 0.3 }
            try await allow(true, on: database)
            try await world.sequence(Some.traffic(30, from: 20))
            try await arrival(of: 50, in: world)
            try await condition("the lag is gone") { follower.lag.worstSeconds() < 0.3 }
            running.cancel()
            try await running.value
        }
    }

    @Test func `the follower ends when it is asked to`() async throws {
        try await FeedWorld.with { world in
            let follower = world.follower()
            let group = ServiceGroup(
                configuration: .init(services: [.init(service: follower)], logger: TestDatabase.logger))
            let running = Task { try await group.run() }
            try await world.sequence(Some.traffic(4))
            try await arrival(of: 4, in: world)
            await group.triggerGracefulShutdown()
            try await running.value
        }
    }

    @Test func `a reader serves what it knows while the database is away`() async throws {
        try await FeedWorld.with { world in
            try await world.sequence([.init(n: 0, notice: Some.notice(1, 1), lookUp: Some.code(1))])
            try await world.catchUp(world.follower())
            let reader = ProgressReader(feed: world.feed, lifetime: .zero)
            let known = try #require(try await reader.family(of: Some.code(1)))
            try await allow(false, on: world.feedDatabase)
            let served = try await reader.family(of: Some.code(1))
            #expect(served?.version == known.version)
            await #expect(throws: PostgresError.self) { try await reader.family(of: Some.code(2)) }
            try await allow(true, on: world.feedDatabase)
        }
    }

    private func arrival(of count: Int64, in world: FeedWorld) async throws {
        try await condition("\(count) notices are here") {
            // While the database is away nobody can count.
            (try? await world.count(FeedWorld.noticeCount)) == count
        }
    }

    private func condition(_ what: String, _ holds: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !holds() {
            guard ContinuousClock.now < deadline else { throw Failure("waited in vain until \(what)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Takes a database away from its clients, or gives it back.
    private func allow(_ isAllowed: Bool, on database: TestDatabase) async throws {
        let words = database.connectionString.split(separator: " ")
        let name = try #require(words.first { $0.hasPrefix("dbname=") }?.dropFirst("dbname=".count))
        let server = try EphemeralServer.shared.get()
        let pool = TestDatabase.administrator(server)
        do {
            try await pool.withSession { session in
                try session.execute("ALTER DATABASE \(name) ALLOW_CONNECTIONS \(isAllowed)")
                if !isAllowed {
                    try session.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'")
                }
            }
            await pool.shutdown()
        } catch {
            await pool.shutdown()
            throw error
        }
    }
}

extension TestDatabase {
    fileprivate static func administrator(_ server: EphemeralServer) -> ConnectionPool {
        var configuration = PostgresConfiguration(server.connectionString(database: "postgres"))
        configuration.allowsLossyCommits = true
        return ConnectionPool(configuration, size: 1, logger: logger)
    }
}
