import ArgumentParser
import Foundation
import Notices
import Postgres
import PublicSamples
import Synchronization
import TestSupport
import Testing
import WorkingTime

@testable import motcua

/// `motcua feed` alone, through what happens to a process and its database.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct FeedProcessTests {
    private static let dossierCount = 60
    private static let code = "/ho-so/\(Samples.code)"

    /// A province's notices in the order in which a sequencer numbers them; the first dossier has a look-up code.
    private static func notices() -> [SampleFeed.Sequenced] {
        let told = SampleProvince.notices(dossierCount).sorted { ($0.at, $0.dossier) < ($1.at, $1.dossier) }
        let first = told[0].dossier
        return told.enumerated().map { n, notice in
            SampleFeed.Sequenced(n: Int64(n), notice: notice, lookUp: notice.dossier == first ? Samples.code : nil)
        }
    }

    @Test func `it goes on without the engine, catches up after a week, and signs nothing smaller after an old backup`()
        async throws
    {
        let folder = "/tmp/motcua-feed-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try Installation.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let all = Self.notices()
        let early = Array(all.prefix(20))
        let (engine, own) = ("\(folder)/engine", "\(folder)/own")
        try await Self.withPostgres(own) { addresses in
            let database = try #require(addresses.owner)
            var feed = try await Self.withPostgres(engine) { source in
                try await Self.sequence(early, into: try #require(source.owner))
                let feed = try await FeedProcess.start(folder, source: source.feed, database: database)
                try await Self.expectAll(early.count, feed)
                let metrics = try await feed.operation("/metrics").text
                #expect(metrics.contains(#"feed_lag_seconds{province="48"}"#))
                return feed
            }
            // The engine's database is gone.
            let page = try await feed.page(Self.code)
            #expect(page.status == 200 && page.text.contains("<html lang=\"vi\">"))
            #expect(try await feed.page("/thong-ke/48").status == 200)
            #expect(try await feed.page("\(Self.code)/danh-gia").status == 200)
            #expect(try await feed.page("/thong-ke/48/hai-long").status == 200)
            #expect(try await feed.operation("/livez").status == 200)
            await feed.kill9()
            let backup = try await Self.copy(database, to: "backup")

            // A week passes without the feed.
            feed = try await Self.withPostgres(engine) { source in
                try await Self.sequence(Array(all.dropFirst(early.count)), into: try #require(source.owner))
                let feed = try await FeedProcess.start(folder, source: source.feed, database: database)
                try await Self.expectAll(all.count, feed)
                return feed
            }
            try await Self.expectOnce(all, in: database)
            try await Self.expectReport(all, in: database, folder)
            await feed.kill9()

            // The feed's database is yesterday's, and the engine is not there to catch up from.
            let source = "host='\(engine)/postgres/socket' user=motcua_feed dbname=motcua connect_timeout=2"
            feed = try await FeedProcess.start(folder, source: source, database: backup)
            let refused = try await eventually("it says that it does not sign", within: .seconds(60)) {
                let ready = try await feed.operation("/readyz")
                return ready.status == 503 && ready.text.contains("signed") ? ready.text : nil
            }
            #expect(refused.contains("\(early.count)") && refused.contains("\(all.count)"))
            #expect(try await feed.page(Self.code).status == 200)
            #expect(try await Self.size(feed) ?? 0 <= early.count)
            let rejoined = feed
            try await Self.withPostgres(engine) { _ in
                try await Self.expectAll(all.count, rejoined)
                _ = try await eventually("it is ready again", within: .seconds(60)) {
                    try await rejoined.operation("/readyz").status == 200 ? true : nil
                }
            }
            try await Self.expectOnce(all, in: backup)
            await feed.kill9()
        }
    }

    /// Waits until the feed has signed so many leaves, which it does only when it has taken them.
    private static func expectAll(_ count: Int, _ feed: FeedProcess) async throws {
        _ = try await eventually("\(count) leaves are signed", within: .seconds(60)) {
            try await size(feed) == count ? true : nil
        }
        #expect(try await feed.page(code).status == 200)
    }

    /// The size of the newest checkpoint; nil before there is one.
    private static func size(_ feed: FeedProcess) async throws -> Int? {
        let answer = try await feed.page("/log/48/checkpoint")
        guard answer.status == 200 else { return nil }
        return answer.text.split(separator: "\n").dropFirst().first.flatMap { Int($0) }
    }

    /// Every notice once, none else.
    private static func expectOnce(_ all: [SampleFeed.Sequenced], in address: String) async throws {
        try await withDatabase(address) { database in
            let found = try await database.rows(
                "SELECT n || ' ' || dossier || ' ' || number FROM feed.notice ORDER BY n")
            #expect(found == all.map { "\($0.n) \($0.notice.dossier) \($0.notice.number)" })
        }
    }

    /// The complete form is handed out from the feed's database, to its owner alone, and a figure leads to its dossiers.
    private static func expectReport(
        _ all: [SampleFeed.Sequenced], in address: String, _ folder: String
    ) async throws {
        let place = ["--province", "48", "--month", "2026-03", "--feed-database", address]
        let file = "\(folder)/form.csv"
        try await Reports.Form.parse(place + ["--to", file]).run()
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\r\n")
        let total = try #require(lines.last).split(separator: ",", omittingEmptySubsequences: false)
        let accepted = Set(
            all.map(\.notice).filter { $0.stage == .accepted && $0.accepted?.date.month == 3 }.map(\.dossier))
        #expect(total.count == 13 && total[3...4].compactMap { Int($0) }.reduce(0, +) == accepted.count)
        let table = try await Reports.Dossiers.parse(["received"] + place).table()
        #expect(Set(table.rows.compactMap(\.last)) == accepted)
        #expect(table.rows.allSatisfy { $0.first?.contains("-2601") == true })
    }

    private static func sequence(_ notices: [SampleFeed.Sequenced], into address: String) async throws {
        try await withDatabase(address) { try await SampleFeed.sequence(notices, into: $0.pool) }
    }

    /// A copy of a database that nobody is connected to, beside it; its address.
    private static func copy(_ address: String, to name: String) async throws -> String {
        let words = address.split(separator: " ").map { $0.hasPrefix("dbname=") ? "dbname=\(name)" : String($0) }
        let own = try #require(address.split(separator: " ").first { $0.hasPrefix("dbname=") }).dropFirst(7)
        let maintenance = address.replacing("dbname=\(own)", with: "dbname=postgres")
        let pool = ConnectionPool(PostgresConfiguration(maintenance), size: 1, logger: TestDatabase.logger)
        let outcome: Result<Void, any Error>
        do {
            _ = try await eventually("nobody is connected", within: .seconds(60)) {
                do {
                    try await pool.withSession(timeout: .seconds(60)) {
                        try $0.execute("CREATE DATABASE \(name) TEMPLATE \(own)")
                    }
                    return true
                } catch let error as PostgresError where error.sqlState == "55006" { return nil }
            }
            outcome = .success(())
        } catch { outcome = .failure(error) }
        await pool.shutdown()
        try outcome.get()
        return words.joined(separator: " ")
    }

    private static func withDatabase(_ address: String, _ body: (Database) async throws -> Void) async throws {
        let database = try await Database.open(PostgresConfiguration(address))
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(database)) } catch { outcome = .failure(error) }
        await database.pool.shutdown()
        try outcome.get()
    }

    /// Runs the body while a PostgreSQL of MotCua's own runs in a folder, with the schemas of engine and feed.
    private static func withPostgres<Value: Sendable>(
        _ folder: String, _ body: @escaping @Sendable (DatabaseAddresses) async throws -> Value
    ) async throws -> Value {
        var options = try DataOptions.parse([])
        options.data = folder
        let made = Made<Value>()
        try await Installation.run(options, logger: TestDatabase.logger, signals: false, mayBegin: true) {
            installation in
            made.put(try await body(installation.addresses))
        }
        return try #require(made.value)
    }

    private final class Made<Value: Sendable>: Sendable {
        private let held = Mutex<Value?>(nil)
        var value: Value? { held.withLock { $0 } }
        func put(_ value: Value) { held.withLock { $0 = value } }
    }
}
