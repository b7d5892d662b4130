import Edge
import Glibc
import Hummingbird
import Notices
import Postgres
import PublicFeed
import PublicSamples
import PublicWeb
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import WorkingTime

/// The public site on a port of its own: sample notices in a real database, followed and served as in production.
struct SampleSite: Sendable {
    /// Where it listens.
    let address: PublicAddress
    private let sight: Sight

    /// What the site's clocks say.
    private final class Sight: Sendable {
        let legal = Mutex(Samples.now)
        let isBehind = Mutex(false)
    }

    @TaskLocal static var scoped: SampleSite?

    /// The site of the suite that carries `.sampleSite`.
    static var current: SampleSite {
        get throws {
            guard let site = scoped else { throw Failure("the suite lacks the trait .sampleSite") }
            return site
        }
    }

    /// The moment at which pages are looked at, and whether the feed was complete an hour before the last time.
    func look(at instant: Instant, isBehind: Bool) {
        sight.legal.withLock { $0 = instant }
        sight.isBehind.withLock { $0 = isBehind }
    }

    /// The look-up code of a sample, by its name; each sample is a dossier of its own here.
    static func code(of sample: String) -> LookUpCode {
        let place = (try? samples.get().firstIndex { $0.name == sample }) ?? 29
        return LookUpCode(values: [UInt8(place % 30), 2, 18, 10, 20, 0, 27, 21, 7, 1, 15])
    }

    /// The states that pages show, and a dossier whose life is too long for one page.
    static let samples = Result {
        let long = LocalText(
            vi: "Hồ sơ đang được chuyển qua nhiều cơ quan có thẩm quyền giải quyết và xác minh thông tin cư trú.",
            en: "The dossier is passing through several competent agencies, which verify where the child lives.")
        let life = (1...60).map { number in
            Samples.notice(number) {
                ($0.at, $0.sentence) = ($0.at.adding(seconds: Int64(number) * 60), long)
            }
        }
        let parts = (1...9).map { [Samples.part($0, long, long)] }
        return try Samples.all() + [
            ("long", try Samples.family(life, parts: parts), Samples.now),
            ("erased", try Samples.family(Samples.earlier), Samples.now),
        ]
    }

    static func with(_ body: (SampleSite) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            let pool = database.pool()
            do {
                try await publish(into: pool)
                try await serve(pool, body)
                await pool.shutdown()
            } catch {
                await pool.shutdown()
                throw error
            }
        }
    }

    private static func publish(into pool: ConnectionPool) async throws {
        var next: [Int16: Int64] = [:]
        for (place, sample) in try samples.get().enumerated() {
            let code = code(of: sample.name)
            var leaves: [SampleFeed.Sequenced] = []
            for stand in [sample.family.dossier] + sample.family.parts {
                for notice in stand.history.reversed() {
                    let notice = moved(notice, place)
                    leaves.append(
                        SampleFeed.Sequenced(
                            n: next[notice.province, default: 0], notice: notice,
                            lookUp: notice.dossier == notice.root ? code : nil))
                    next[notice.province, default: 0] += 1
                }
            }
            try await SampleFeed.sequence(leaves, into: pool)
        }
        let busy = SampleProvince.notices(400).sorted { $0.at < $1.at }.enumerated().map { n, notice in
            var notice = notice
            notice.province = 46
            return SampleFeed.Sequenced(n: Int64(n), notice: notice, lookUp: nil)
        }
        try await SampleFeed.sequence(busy, into: pool)
        try await follow(pool)
        try await pool.withSession {
            _ = try $0.run(
                Statement<String, Void>(
                    name: "test_sample_erase",
                    sql: """
                        UPDATE engine.leaf l SET salt = NULL, erased_at = clock_timestamp()
                        FROM engine.notice n
                        WHERE n.look_up = $1 AND l.province = n.province AND l.dossier = n.dossier
                        """, encode: { $1.text($0) }), code(of: "erased").compact)
        }
        try await follow(pool)
        try await rate(in: pool)
    }

    private static func follow(_ pool: ConnectionPool) async throws {
        let follower = FeedFollower(source: pool, feed: pool, logger: TestDatabase.logger)
        for _ in 0..<1_000 {
            if try await follower.round() == .idle { return }
        }
        throw Failure("the follower never came to rest")
    }

    /// One dossier that was rated, and two months that were counted.
    private static func rate(in pool: ConnectionPool) async throws {
        try await pool.withSession {
            try $0.execute(
                """
                INSERT INTO feed.rating (province, dossier, given_on, level, agency)
                SELECT province, dossier, '2026-03-06', 3, 'A' FROM feed.dossier
                WHERE look_up = '\(code(of: "withdrawn").compact)';
                INSERT INTO feed.satisfaction (province, month, kind, agency, counts) VALUES
                    (46, '2026-04-01', 0, '', '{23,107,1200,600}'), (46, '2026-04-01', 1, '000.00.02.H17', '{22,106,1000,500}'),
                    (46, '2026-04-01', 2, '', '{1,1,200,100}'), (46, '2026-03-01', 0, '', NULL)
                """)
        }
    }

    /// The samples are all one dossier; here each becomes one of its own.
    private static func moved(_ notice: Notice, _ place: Int) -> Notice {
        var notice = notice
        func own(_ dossier: String) -> String {
            String(dossier.prefix(4)) + String(1_000 + place) + String(dossier.dropFirst(8))
        }
        notice.dossier = own(notice.dossier)
        notice.root = own(notice.root)
        notice.parent = notice.parent.map(own)
        notice.legalCode = notice.legalCode.map { String($0.dropLast(4)) + String(1_000 + place) }
        return notice
    }

    private static func serve(_ pool: ConnectionPool, _ body: (SampleSite) async throws -> Void) async throws {
        let sight = Sight()
        let port = try Loopback.freePort()
        guard let address = PublicAddress("http://127.0.0.1:\(port)") else { throw Failure("no address") }
        // Every page is asked for many times by one block of addresses.
        let wide = Quota(count: 900_000, seconds: 60)
        var site = PublicSite(
            reader: ProgressReader(feed: pool, lifetime: .zero),
            throttle: LookUpThrottle(requests: wide, misses: wide, allMisses: wide), missTime: .zero, address: address)
        let folder = "/tmp/motcua-sample-log-\(getpid())"
        defer { _ = try? ChildProcess.run(["rm", "-rf", folder], log: "/dev/null") }
        site.log = LogReader(
            feed: pool, keys: try LogKeys.open(try LogFolder(folder), name: "hoso.example.vn"), witnesses: [])
        site.statistics = StatisticsReader(feed: pool)
        site.feeds = PublicFeeds(following: FollowingReader(feed: pool), live: nil, address: address)
        site.feeds?.openData = OpenDataSource(StatisticsReader(feed: pool))
        let real = EdgeClock.systemMicroseconds()
        site.systemMicroseconds = { real + (sight.isBehind.withLock { $0 } ? 3_600_000_000 : 0) }
        let router = Router(context: EdgeContext.self, options: [.autoGenerateHeadEndpoints])
        publicRoutes(on: router, site)
        let face = EdgeFace<EdgeContext>(
            name: "public", securityHeaders: .pages, nowMicroseconds: { sight.legal.withLock { $0 }.microseconds },
            renderProblem: publicProblemPage)
        let (ports, opened) = AsyncStream.makeStream(of: Int.self)
        let server = EdgeServer(router: router, face: face, port: port, logger: TestDatabase.logger) {
            opened.yield($0)
        }
        let group = ServiceGroup(services: [server], logger: TestDatabase.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { opened.finish() }
                try await group.run()
            }
            guard await ports.first(where: { _ in true }) != nil else {
                try await tasks.next()
                throw Failure("the site did not start")
            }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(SampleSite(address: address, sight: sight))) } catch {
                outcome = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try outcome.get()
        }
    }
}

/// Gives a suite a site of its own: `@Suite(.sampleSite) struct …` with `try SampleSite.current`.
struct SampleSiteTrait: SuiteTrait, TestScoping {
    /// Starts the site, runs the suite, stops the site.
    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await SampleSite.with { site in
            try await SampleSite.$scoped.withValue(site) { try await function() }
        }
    }
}

extension Trait where Self == SampleSiteTrait {
    static var sampleSite: Self { SampleSiteTrait() }
}
