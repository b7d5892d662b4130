package import Logging
import Metrics
package import Postgres
import ServiceLifecycle
import WorkingTime

/// Publishes every province's months as their counters change, so that whoever asks for one only reads what is there.
///
/// A month that goes on is published anew some seconds after each change, a settled one when it is settled, and months of
/// a feed from before there was this, the newest first, one a round. Any number may run at once: one publishes at a time.
package actor StatisticsPublisher: Service {
    /// What a province's months were published of.
    private struct Published: Equatable {
        let standing: PublishingStanding
        let today: CivilDate
    }

    /// Months are published this far back whether anything happened in them or not: they can be chosen on every page.
    private static let monthCount = 24
    /// The pause after a round with changes or without; at most a fifth of the time is spent on them.
    private static let pause = Duration.seconds(5)
    private static let restFactor = 4

    private let feed: ConnectionPool
    private let logger: Logger
    private let nowMicroseconds: @Sendable () -> Int64
    private let signing: SatisfactionSigning?
    private var published: [Int16: Published] = [:]
    /// The day on which was last looked for months of ratings to count.
    private var countedOn: CivilDate?

    /// A publisher of the feed's database.
    /// - Parameters:
    ///   - signing: signs months of ratings, which nothing but a signature can prove; nil leaves them unsigned.
    ///   - nowMicroseconds: the time on the pages, microseconds since 1970: a month that goes on is told up to that day.
    package init(
        feed: ConnectionPool, signing: SatisfactionSigning? = nil, logger: Logger,
        nowMicroseconds: @escaping @Sendable () -> Int64
    ) {
        self.feed = feed
        self.signing = signing
        self.logger = logger
        self.nowMicroseconds = nowMicroseconds
    }

    /// Publishes until asked to stop; no failure ends it.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.publish() }
    }

    private func publish() async {
        var hasFailed = false
        while !Task.isCancelled {
            let began = ContinuousClock.now
            var isDone = true
            do {
                isDone = try await round()
                hasFailed = false
            } catch {
                guard !Task.isCancelled else { return }
                // The first of a series; the rest would say the same.
                if !hasFailed { logger.error("months could not be published", metadata: ["error": "\(error)"]) }
                hasFailed = true
                Counter(label: "feed_statistics_publishing_failures_total").increment()
            }
            let spent = ContinuousClock.now - began
            Timer(label: "feed_statistics_publishing_seconds").recordSeconds(spent / .seconds(1))
            // Settled months of an old feed are waited for.
            let rest = isDone ? max(StatisticsPublisher.pause, spent * StatisticsPublisher.restFactor) : spent
            // Cancellation ends the sleep and then the loop.
            try? await Task.sleep(for: rest)
        }
    }

    /// Publishes what changed; of each province at most one settled month.
    /// - Returns: whether nothing is left.
    /// - Throws: the first failure, after all provinces had their turn.
    package func round() async throws -> Bool {
        var failure: (any Error)?
        let today = Instant(microseconds: nowMicroseconds()).date
        var isDone = true
        if countedOn != today {
            do {
                try await SatisfactionCounting.count(on: today, feed, signing: signing)
                countedOn = today
            } catch {
                failure = error
            }
        }
        for standing in try await feed.withSession({ try $0.run(PublishedStatements.standings) }) {
            // Counted by another build: it, or this one at its next start, counts the province anew.
            guard standing.rules == Contribution.rules else { continue }
            let new = Published(standing: standing, today: today)
            guard published[standing.province] != new else { continue }
            do {
                if try await publish(standing, today) { published[standing.province] = new } else { isDone = false }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return isDone
    }

    /// Publishes a province's months that are not of the newest figures; the settled ones one by one.
    private func publish(_ standing: PublishingStanding, _ today: CivilDate) async throws -> Bool {
        let current = Contribution.month(of: today.daysSinceEpoch)
        let (heads, known) = try await feed.withSession { session in
            let heads = session.enqueue(PublishedStatements.heads, standing.province)
            let months = try session.run(PublishedStatements.months, (standing.province, current))
            return (try heads.rows, months)
        }
        let kept = Dictionary(heads.map { ($0.month, $0) }) { $1 }
        let late = StatisticsPublisher.months(known, current).filter { month in
            kept[month].map {
                !MonthPublication.isCurrent($0, standing, through: StatisticsPublisher.through(month, today))
            } ?? true
        }
        let frozen = standing.frozen ?? .min
        let settled = late.filter { $0 <= frozen }
        for month in late.filter({ $0 > frozen }) + settled.prefix(1) {
            let through = StatisticsPublisher.through(month, today)
            try await MonthPublication.publish(
                MonthKey(province: standing.province, month: month), through: through, feed)
        }
        return settled.count <= 1
    }

    /// The last day of a month that figures can tell of.
    private static func through(_ month: Int, _ today: CivilDate) -> Int {
        min(StatisticSpan.nextMonth(after: month) - 1, today.daysSinceEpoch)
    }

    /// The months that are published, newest first: those in which anything happened, and the last ones since the first.
    private static func months(_ known: [Int], _ current: Int) -> [Int] {
        guard let first = known.min() else { return [] }
        var months = Set(known)
        var month = current
        for _ in 0..<monthCount where month >= first {
            months.insert(month)
            month = Contribution.month(of: month - 1)
        }
        return months.sorted(by: >)
    }
}
