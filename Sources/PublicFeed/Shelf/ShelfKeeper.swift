package import Logging
import Metrics
import Notices
package import Postgres
import ServiceLifecycle

/// Fills the shelf from the feed's tables, the newest dossiers first; again when it was emptied, and every half hour.
///
/// Takes half a connection's time at most: look-ups and the follower come first.
package final class ShelfKeeper: Service {
    private let feed: ConnectionPool
    private let watch: FeedWatch
    private let logger: Logger
    private let pageSize: Int32
    /// Between two passes.
    private let pause: Duration

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
                var pause = Duration.milliseconds(500)
                do {
                    let count = self.watch.shelf.emptiedCount
                    let isDue = done.map { $0.emptiedCount != count || .now - $0.at >= self.pause } ?? true
                    // Before the first look nothing that is read stands.
                    if isDue, self.watch.isLooking {
                        try await self.pass()
                        done = (count, .now)
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

    /// Reads all provinces until the shelf is full.
    /// - Throws: ``PostgresError`` when the database is away.
    package func pass() async throws {
        for province in try await feed.withSession({ try $0.run(WatchStatements.provinces) }) {
            try await fill(province.province)
        }
    }

    private func fill(_ province: Int16) async throws {
        var before = AuditStatements.last
        while true {
            let began = ContinuousClock.now
            guard let next = try await page(province, before: before) else { return }
            before = next
            record()
            try await Task.sleep(for: max(.milliseconds(2), .now - began))
        }
    }

    /// Puts a page of dossiers; says where the next one begins, nil after the last, and when the shelf is full.
    private func page(_ province: Int16, before: String) async throws -> String? {
        let reading = watch.beginReading()
        let place = (province: province, before: before, limit: pageSize)
        let (last, families) = try await feed.withSession { session in
            let rows = try session.run(ReaderStatements.codes, place)
            let codes = rows.compactMap(\.code)
            let last = rows.count < Int(place.limit) ? nil : rows.last?.dossier
            return (last, Array(zip(codes, try FamilyMember.read(codes, session))))
        }
        var isFull = false
        for (code, members) in families {
            guard let key = CodeKey(compact: code), !members.isEmpty,
                let family = ShelvedFamily(members, reading, watch.shelf.table)
            else { continue }
            isFull = !watch.shelve(key, family, onlyWhereRoomIs: true)
            // The boards fill at much the same pace.
            if isFull { break }
        }
        return isFull ? nil : last
    }

    private func record() {
        let size = watch.shelf.size
        Gauge(label: "feed_shelf_families").record(size.count)
        Gauge(label: "feed_shelf_bytes").record(size.byteCount)
    }
}
