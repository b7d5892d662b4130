package import Logging
import Metrics
import Notices
package import Postgres
import ServiceLifecycle

/// Fills the shelf from the feed's tables, the newest dossiers of every province first; again when it was emptied, and every
/// half hour. What is new or has changed it takes up as soon as the watch has seen it.
///
/// Takes half a connection's time at most: look-ups and the follower come first.
package final class ShelfKeeper: Service {
    private let feed: ConnectionPool
    private let watch: FeedWatch
    private let logger: Logger
    private let pageSize: Int32
    /// Between two passes.
    private let pause: Duration
    /// Between two looks for news: a dossier that goes through several steps at once is read once.
    private static let newsPause = Duration.milliseconds(500)

    /// A keeper of the watch's shelf.
    package init(
        feed: ConnectionPool, watch: FeedWatch, logger: Logger, pageSize: Int32 = 200, pause: Duration = .seconds(1_800)
    ) {
        self.feed = feed
        self.watch = watch
        self.logger = logger
        self.pageSize = pageSize
        self.pause = pause
    }

    /// Fills until asked to stop; no failure ends it.
    package func run() async throws {
        guard watch.shelf.byteCountMax > 0 else {
            // A service that returns would end the others.
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            var hasFailed = false
            var done: (emptiedCount: Int, at: ContinuousClock.Instant)?
            while !Task.isCancelled {
                var pause = Self.newsPause
                do {
                    let count = self.watch.shelf.emptiedCount
                    let isDue = done.map { $0.emptiedCount != count || .now - $0.at >= self.pause } ?? true
                    // Before the first look nothing that is read stands.
                    if self.watch.isLooking {
                        try await self.takeUp()
                        if isDue {
                            try await self.pass()
                            done = (count, .now)
                        }
                    }
                    hasFailed = false
                } catch {
                    // The first of a series; the rest would say the same.
                    if !hasFailed, !Task.isCancelled {
                        self.logger.warning("pictures cannot be read ahead", metadata: ["error": "\(error)"])
                    }
                    hasFailed = true
                    pause = .seconds(5)
                }
                self.record()
                // Cancellation ends the sleep and then the loop.
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Reads a page of every province, the next page of every province, and so on until the shelf is full: where memory does
    /// not suffice for all dossiers, each province has its newest there.
    /// - Throws: ``PostgresError`` when the database is away.
    package func pass() async throws {
        let began = ContinuousClock.now
        var tookUpAt = began
        var places = try await feed.withSession { try $0.run(WatchStatements.provinces) }.map {
            Place(province: $0.province, before: AuditStatements.last)
        }
        while !places.isEmpty {
            var next: [Place] = []
            for place in places {
                if .now - tookUpAt >= Self.newsPause {
                    try await takeUp()
                    tookUpAt = .now
                }
                if let before = try await paced({ try await page(place, passBegan: began) }) {
                    next.append(Place(province: place.province, before: before))
                }
                record()
            }
            places = next
        }
    }

    /// Puts what the watch has seen to be new or to have changed on the shelf, ahead of everything that is only read ahead.
    /// - Throws: ``PostgresError`` when the database is away.
    package func takeUp() async throws {
        var codes = watch.shelf.takeNews()[...]
        while !codes.isEmpty {
            let page = Array(codes.prefix(Int(pageSize)))
            do {
                try await paced {
                    let reading = watch.beginReading()
                    let families = try await feed.withSession { try FamilyMember.read(page, $0) }
                    put(Array(zip(page, families)), reading, .isNews)
                }
            } catch {
                watch.shelf.note(codes)
                throw error
            }
            codes = codes.dropFirst(page.count)
        }
    }

    /// Where a pass is in a province: at the dossiers before this one.
    private struct Place {
        let province: Int16
        let before: String
    }

    /// Waits after the work for as long as it took.
    private func paced<Value>(_ work: () async throws -> Value) async throws -> Value {
        let began = ContinuousClock.now
        let value = try await work()
        try await Task.sleep(for: max(.milliseconds(2), .now - began))
        return value
    }

    /// Puts a page of dossiers; says where the next one begins, nil after the last, and when none of them finds room.
    private func page(_ place: Place, passBegan: ContinuousClock.Instant) async throws -> String? {
        let reading = watch.beginReading()
        let asked = (province: place.province, before: place.before, limit: pageSize)
        let (last, families) = try await feed.withSession { session in
            let rows = try session.run(ReaderStatements.codes, asked)
            let codes = rows.compactMap(\.code)
            let last = rows.count < Int(asked.limit) ? nil : rows.last?.dossier
            return (last, Array(zip(codes, try FamilyMember.read(codes, session))))
        }
        let (count, thereCount) = put(families, reading, .readAhead(since: passBegan))
        return count > 0 && thereCount == 0 ? nil : last
    }

    /// Puts families; says how many of them can lie on a shelf, and how many found a place.
    @discardableResult
    private func put(
        _ families: [(code: String, members: [FamilyMember])], _ reading: FeedReading, _ reason: PictureShelf.Reason
    ) -> (count: Int, thereCount: Int) {
        var (count, thereCount) = (0, 0)
        for (code, members) in families {
            guard let key = CodeKey(compact: code), !members.isEmpty,
                let family = ShelvedFamily(members, reading, watch.shelf.table)
            else { continue }
            count += 1
            if watch.shelve(key, family, reason) { thereCount += 1 }
        }
        return (count, thereCount)
    }

    private func record() {
        let size = watch.shelf.size
        Gauge(label: "feed_shelf_families").record(size.count)
        Gauge(label: "feed_shelf_bytes").record(size.byteCount)
    }
}
