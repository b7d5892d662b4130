package import Logging
import Metrics
package import Postgres
import ServiceLifecycle

/// Follows the engine's sequenced notices into the feed's own database, each exactly once in effect (R6, R20).
///
/// Any number may run at once, and either database may go away for as long as it likes: the cursor moves only in the
/// transaction that records the notices, and every write is one that may be repeated.
package actor FeedFollower: Service {
    /// How fast it goes.
    package struct Pace: Sendable {
        /// Leaves a transaction.
        package var batchSize: Int32 = 500
        /// The pause when nothing is left to read and nothing came.
        package var idle: Duration = .milliseconds(100)
        /// The pause when nothing is left to read but something came: more will come.
        package var busy: Duration = .milliseconds(30)
        /// The longest pause after failures in a row.
        package var backoffMax: Duration = .seconds(5)
        /// How often the tables are told that nothing is left to read.
        package var caughtUpEvery: Duration = .seconds(10)

        /// The usual pace.
        package init() {}
    }

    /// What one look at the source came to.
    package enum Round: Hashable, Sendable {
        /// A batch was full or another follower moved on: look again at once.
        case more
        /// Everything was read.
        case idle
        /// Something is missing in a province's sequence; the others were read.
        case hole
    }

    /// How far behind the feed is.
    package nonisolated let lag: FeedLag
    private let source: ConnectionPool
    let feed: ConnectionPool
    let logger: Logger
    let pace: Pace
    /// The next leaf of each province, as far as we know; nil until read.
    private var cursors: [Int16: Int64]?
    private var toldCaughtUp: [Int16: ContinuousClock.Instant] = [:]
    var holes: [Int16: FeedBatch.Hole] = [:]
    /// Provinces all of whose dossiers have pictures, as far as was looked.
    private var pictured: Set<Int16> = []
    /// Whether the last look found anything.
    private var hasTaken = false

    /// A follower of everything that `source`, the engine's database, has sequenced; `feed` may be the same database.
    package init(
        source: ConnectionPool, feed: ConnectionPool, logger: Logger, pace: Pace = Pace(), lag: FeedLag = FeedLag()
    ) {
        self.source = source
        self.feed = feed
        self.logger = logger
        self.pace = pace
        self.lag = lag
    }

    /// Follows until asked to stop; no failure ends it.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.follow() }
    }

    private func follow() async {
        var failures = 0
        while !Task.isCancelled {
            var pause = pace.idle
            do {
                let outcome = try await round()
                if failures > 0 { logger.notice("the feed follows again") }
                failures = 0
                if outcome == .idle, hasTaken { pause = min(pace.busy, pace.idle) }
                if outcome == .more { pause = .zero }
                if outcome == .hole { pause = pace.backoffMax }
            } catch {
                guard !Task.isCancelled else { return }
                failures += 1
                cursors = nil
                lag.outOfSight()
                // The first of a series; the rest would say the same.
                if failures == 1 { logger.error("the feed cannot follow", metadata: ["error": "\(error)"]) }
                Counter(label: "feed_follow_failures_total").increment()
                pause = backoff(after: failures)
            }
            lag.record()
            // Cancellation ends the sleep and then the loop.
            if pause > .zero { try? await Task.sleep(for: pause) }
        }
    }

    /// 100 ms, doubled up to the longest, of which a random half at least: several followers must not knock in step.
    private func backoff(after failures: Int) -> Duration {
        let ceiling = min(pace.backoffMax, .milliseconds(100 << min(failures, 10)))
        return ceiling * Double.random(in: 0.5...1)
    }

    /// Looks once at every province and takes at most one batch of each.
    package func round() async throws -> Round {
        var known = try await knownCursors()
        let heads = try await source.withSession { try $0.run(SourceStatements.heads) }
        var outcome = Round.idle
        hasTaken = false
        var caughtUp: [(province: Int16, at: Int64)] = []
        for head in heads {
            let next = known[head.province] ?? 0
            guard head.lastN >= next else {
                caughtUp.append((head.province, head.now))
                continue
            }
            let batch = try await take(head.province, from: next, now: head.now)
            hasTaken = hasTaken || batch.next > next
            known[head.province] = batch.next
            cursors = known
            if batch.next > head.lastN {
                caughtUp.append((head.province, head.now))
            } else if batch.isHole {
                if outcome == .idle { outcome = .hole }
            } else {
                outcome = .more
            }
        }
        try await note(caughtUp)
        for head in heads where !pictured.contains(head.province) {
            if try await PictureKeeper.fill(head.province, feed) {
                pictured.insert(head.province)
            } else if outcome == .idle {
                outcome = .more
            }
        }
        return outcome
    }

    private func knownCursors() async throws -> [Int16: Int64] {
        if let cursors { return cursors }
        var read: [Int16: Int64] = [:]
        for cursor in try await feed.withSession({ try $0.run(FeedStatements.cursors) }) {
            read[cursor.province] = cursor.next
            try await countAnewIfNeeded(cursor.province)
            try await readAgain(cursor.province)
        }
        cursors = read
        return read
    }

    /// Takes one batch of a province; says where the cursor then stands.
    private func take(_ province: Int16, from next: Int64, now: Int64) async throws -> (next: Int64, isHole: Bool) {
        let limit = pace.batchSize
        let leaves = try await source.withSession {
            try $0.run(SourceStatements.leaves, (province: province, from: next, limit: limit))
        }
        if let oldest = leaves.first {
            lag.behind(province, by: .microseconds(max(0, now - oldest.sequencedAt)))
        }
        let batch = FeedBatch(province: province, next: next, leaves: leaves)
        report(batch.hole, of: province)
        guard batch.next > next else { return (next, batch.hole != nil) }
        let (stands, written) = try await feed.transaction { transaction in
            try FeedFollower.record(batch, from: next, in: transaction)
        }
        report(written, of: batch)
        return (stands, batch.hole != nil)
    }

    /// Writes a batch and moves the cursor, unless another follower has moved it since.
    private static func record(
        _ batch: FeedBatch, from next: Int64, in transaction: Transaction
    ) throws -> (next: Int64, standings: [DossierStanding]) {
        _ = transaction.enqueue(FeedStatements.makeCursor, batch.province)
        let cursor = transaction.enqueue(FeedStatements.lockCursor, batch.province)
        let tree = try transaction.run(LogStatements.tree, batch.province).first
        let stands = try cursor.first ?? 0
        guard stands == next else { return (stands, []) }
        switch LogWriter.standing(tree, next: next) {
        case .level(let frontier): LogWriter.append(batch.hashes, to: frontier, of: batch.province, in: transaction)
        case .behind(let size): return (try goBack(to: size, batch.province, transaction), [])
        case .unusable:
            LogWriter.empty(batch.province, in: transaction)
            return (try goBack(to: 0, batch.province, transaction), [])
        }
        let pictures = PictureUpdate(batch, in: transaction)
        let added = try transaction.run(
            FeedStatements.addNotices,
            (province: batch.province, leaves: batch.notices, openings: batch.openings))
        _ = transaction.enqueue(
            FeedStatements.addPlaceholders, (province: batch.province, named: batch.named))
        if !batch.unread.isEmpty {
            _ = transaction.enqueue(FeedStatements.addUnread, (province: batch.province, unread: batch.unread))
        }
        let following = FollowingRecord(batch, added: added, in: transaction)
        let rows = try pictures.applied(to: batch.rows(added: added), added: added, in: transaction)
        let standings = try transaction.run(FeedStatements.putDossiers, (province: batch.province, rows: rows))
        try following?.write(in: transaction)
        // After the dossiers: what overtook is folded anew from all notices of theirs.
        try StatisticsApplier.apply(batch.counting(added), of: batch.province, in: transaction)
        _ = transaction.enqueue(FeedStatements.moveCursor, (province: batch.province, next: batch.next))
        return (batch.next, standings)
    }

    /// Lets the province be read again from a leaf on, because its tree lacks what follows; notices that are here count
    /// once.
    private static func goBack(to n: Int64, _ province: Int16, _ transaction: Transaction) throws -> Int64 {
        _ = transaction.enqueue(FeedStatements.moveCursor, (province: province, next: n))
        try transaction.sync()
        Counter(label: "feed_log_rebuilds_total").increment()
        return n
    }

    /// Tells lag and tables which provinces have nothing left to read.
    private func note(_ caughtUp: [(province: Int16, at: Int64)]) async throws {
        let now = ContinuousClock.now
        for province in caughtUp { lag.caughtUp(province.province, now: now) }
        let due = caughtUp.filter { province in
            toldCaughtUp[province.province].map { now - $0 >= pace.caughtUpEvery } ?? true
        }
        guard !due.isEmpty else { return }
        _ = try await feed.withSession { try $0.run(FeedStatements.noteCaughtUp, due) }
        for province in due {
            toldCaughtUp[province.province] = now
            // Somebody may have asked for new ones.
            pictured.remove(province.province)
            let count = try await LogErasure.takeOver(province.province, from: source, to: feed)
            if count > 0 {
                logger.notice(
                    "salts were erased", metadata: ["province": "\(province.province)", "leaves": "\(count)"])
            }
        }
    }
}
