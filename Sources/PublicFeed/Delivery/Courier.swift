package import Logging
package import Postgres
import ServiceLifecycle

/// Brings the sequenced notices to those who subscribed: webhooks and the national portal (R6, R20).
///
/// Each receiver is worked on by itself, so that a slow or dead one holds up nobody else, and by one process at a time,
/// so that the order of each dossier holds. What was sent and not recorded as taken is sent again under the same id.
package actor Courier: Service {
    /// How it goes about it.
    package struct Pace: Sendable {
        /// How often receivers with something to do are looked for.
        package var idle: Duration = .milliseconds(500)
        /// How long a receiver belongs to this process without a sign of life.
        package var lease: Duration = .seconds(120)
        /// How long one round may go on sending; well within the lease.
        package var roundTime: Duration = .seconds(45)
        /// How long a receiver may take for one answer.
        package var callTime: Duration = .seconds(15)
        /// New letters a round.
        package var batchSize = 32
        /// Dossiers whose letters are under way to one receiver at the same time.
        package var parallelCount = 4
        /// When what failed is tried again.
        package var schedule = RetrySchedule()

        /// The usual pace.
        package init() {}
    }

    private let runner: CourierRunner
    private let logger: Logger
    private let pace: Pace
    private var busy: Set<String> = []

    /// A courier over the feed's database.
    /// - Parameters:
    ///   - key: opens the receivers' secrets.
    ///   - nowSeconds: the clock of signatures and of the portal's times, since 1970.
    package init(
        feed: ConnectionPool, key: DeliveryKey, logger: Logger, pace: Pace = Pace(),
        nowSeconds: @escaping @Sendable () -> Int64
    ) {
        let owner = String(UInt64.random(in: .min ... .max), radix: 16)
        runner = CourierRunner(
            store: DeliveryStore(feed: feed, owner: owner), key: key, caller: OutgoingCaller(), pace: pace,
            logger: logger, nowSeconds: nowSeconds)
        self.logger = logger
        self.pace = pace
    }

    /// Delivers until asked to stop; no failure ends it.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.deliver() }
    }

    private func deliver() async {
        await withDiscardingTaskGroup { group in
            var hasFailed = false
            while !Task.isCancelled {
                do {
                    for id in try await runner.due() where busy.insert(id).inserted {
                        group.addTask {
                            await self.runner.work(on: id)
                            await self.done(id)
                        }
                    }
                    await runner.report()
                    hasFailed = false
                } catch {
                    // The first of a series; the rest would say the same.
                    if !hasFailed, !Task.isCancelled {
                        logger.error("the courier cannot look for work", metadata: ["error": "\(error)"])
                    }
                    hasFailed = true
                }
                // Cancellation ends the sleep and then the loop.
                try? await Task.sleep(for: hasFailed ? max(pace.idle, .seconds(2)) : pace.idle)
            }
        }
    }

    private func done(_ id: String) { busy.remove(id) }

    /// Works once on every receiver that has something to do, and waits until all are done; for tests and commands.
    package func workOnce() async throws {
        let due = try await runner.due()
        await withDiscardingTaskGroup { group in
            for id in due {
                group.addTask { await self.runner.work(on: id) }
            }
        }
    }
}
