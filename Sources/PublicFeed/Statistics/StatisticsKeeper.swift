package import Logging
import Metrics
package import Postgres
import ServiceLifecycle
package import WorkingTime

/// Compares every province's counters with its notices once a night, and what is told of its months with the counters; counts
/// and publishes anew what differs (R21).
package struct StatisticsKeeper: Service {
    private let feed: ConnectionPool
    private let logger: Logger
    private let nowMicroseconds: @Sendable () -> Int64

    /// A keeper of the feed's database.
    /// - Parameter nowMicroseconds: the real time, microseconds since 1970.
    package init(feed: ConnectionPool, logger: Logger, nowMicroseconds: @escaping @Sendable () -> Int64) {
        self.feed = feed
        self.logger = logger
        self.nowMicroseconds = nowMicroseconds
    }

    /// Looks every ten minutes whether a night's check is due; no failure ends it.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let now = Instant(microseconds: nowMicroseconds())
                // Between one and five: whoever reads statistics sleeps.
                if (1..<5).contains(now.timeOfDay.hour) {
                    do { try await checkAll(on: now.date) } catch {
                        guard !Task.isCancelled else { return }
                        logger.error("the statistics could not be checked", metadata: ["error": "\(error)"])
                    }
                }
                // Cancellation ends the sleep and then the loop.
                try? await Task.sleep(for: .seconds(600))
            }
        }
    }

    /// Checks each province that nobody has checked on this day.
    package func checkAll(on day: CivilDate) async throws {
        let provinces = try await feed.withSession { try $0.run(FeedStatements.cursors).map(\.province) }
        for province in provinces {
            let isOurs = try await feed.withSession { session in
                try session.run(
                    StatisticsStatements.claimCheck, (province: province, day: Int32(clamping: day.daysSinceEpoch)))
            }
            if !isOurs.isEmpty { try await check(province) }
        }
    }

    /// Checks one province; counts it anew when something differs, and lets the publisher make its wrong months anew.
    package func check(_ province: Int16) async throws {
        // Counted by another build, which is there too: it compares, or this one counts anew at its next start.
        guard try await StatisticsRecount.isCurrent(province, feed) else { return }
        let mismatches = try await StatisticsRecount.check(province, feed)
        if let first = mismatches.first {
            Counter(label: "feed_statistics_mismatches_total").increment(by: mismatches.count)
            logger.critical(
                "the statistics of a province differ from its notices and are counted anew",
                metadata: ["province": "\(province)", "differences": "\(mismatches.count)", "first": "\(first)"])
            try await StatisticsRecount.rebuild(province, feed)
        }
        var wrong: [MonthKey] = []
        for month in try await feed.withSession({ try $0.run(PublishedStatements.heads, province).map(\.month) }) {
            let key = MonthKey(province: province, month: month)
            guard let first = try await MonthCheck.run(key, nil, feed).wrong.first else { continue }
            Counter(label: "feed_statistics_mismatches_total").increment()
            logger.critical(
                "what is told of a month is not what was counted, and is published anew",
                metadata: [
                    "province": "\(province)", "month": "\(CivilDate(daysSinceEpoch: month))",
                    "first": "\(first.table): \(first.what)",
                ])
            wrong.append(key)
        }
        // After the look at all of them: from the first on, open months wait to be published anew.
        for key in wrong { try await MonthPublication.forget(key, feed) }
    }
}
