package import Logging
import Metrics
package import Postgres
import ServiceLifecycle
import Synchronization

/// Tells open connections what has just come: looks at the feed's tables once for all of them.
///
/// Each event is written once for each thing that is followed, and shared by all who follow it; a connection that waits
/// is one entry of a table. Whoever reads too slowly is cut off and comes back with `Last-Event-ID`.
package final class LiveEvents: Service {
    /// How fast it goes and how much it holds.
    package struct Pace: Sendable {
        /// The pause between two looks at the tables.
        package var poll: Duration = .milliseconds(200)
        /// A connection that waits hears something at least this often.
        package var heartbeat: Duration = .seconds(15)
        /// Then a connection ends, and its reader opens another: nobody stays with a process for ever.
        package var lifetime: Duration = .seconds(3_600)
        /// Notices of a province in one look.
        package var batchSize: Int32 = 500
        /// Events of one look at what was missed.
        package var backlogSize: Int32 = 200
        /// Looks that are kept for readers who are busy writing.
        package var batchCountMax = 256
        /// The bytes of them.
        package var byteCountMax = 16 << 20

        /// The usual pace.
        package init() {}
    }

    /// Why nothing can be followed.
    package enum Refusal: Error, Hashable, Sendable {
        /// The feed knows nothing of this province.
        case unknownProvince
        /// The tables were not seen yet, or the process is about to end.
        case notNow
    }

    let pace: Pace
    let site: String
    private let feed: ConnectionPool
    private let backlog: ConnectionPool
    private let logger: Logger
    private let hub: Mutex<LiveHub>

    /// - Parameters:
    ///   - feed: the feed's database, for the one look.
    ///   - backlog: the same database, for those who come back: so few connections that they disturb nobody else.
    ///   - site: the public site's address, without a slash at its end.
    package init(
        feed: ConnectionPool, backlog: ConnectionPool, site: String, logger: Logger, pace: Pace = Pace()
    ) {
        self.feed = feed
        self.backlog = backlog
        self.site = site
        self.logger = logger
        self.pace = pace
        hub = Mutex(LiveHub(batchCountMax: pace.batchCountMax, byteCountMax: pace.byteCountMax))
    }

    /// How many connections are open.
    package var openCount: Int { hub.withLock { $0.seatCount } }

    /// The provinces that can be followed, in order; from memory.
    package var provinces: [Int16] { hub.withLock { $0.heads.keys.sorted() } }

    /// Looks and tells until asked to stop; then ends every connection.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.tell() }
        for waiter in hub.withLock({ $0.end() }) { waiter.resume(returning: .end) }
    }

    /// Begins to follow.
    /// - Parameter place: the last event that the reader has; nil for whatever comes from now on.
    package func open(_ following: LiveFollowing, after place: Int64?) throws(Refusal) -> LiveStream {
        let opened = hub.withLock { $0.open(following) }
        guard let opened else { throw hub.withLock({ $0.isReady }) ? .unknownProvince : .notNow }
        let seat = LiveSeat(number: opened.seat, following: following) { [weak self] seat in
            self?.hub.withLock { $0.leave(seat.number, seat.following) }
        }
        return LiveStream(live: self, seat: seat, next: opened.next, head: opened.head, after: place)
    }

    // MARK: telling

    private func tell() async {
        var failures = 0
        var beat = ContinuousClock.now
        while !Task.isCancelled {
            var isMore = false
            do {
                isMore = try await look()
                if failures > 0 { logger.notice("live events are told again") }
                failures = 0
            } catch {
                guard !Task.isCancelled else { return }
                failures += 1
                // The first of a series; the rest would say the same.
                if failures == 1 { logger.error("live events cannot be read", metadata: ["error": "\(error)"]) }
            }
            let now = ContinuousClock.now
            if now - beat >= pace.heartbeat / LiveHub.beatCount {
                beat = now
                for (waiter, wake) in hub.withLock({ $0.beat() }) { waiter.resume(returning: wake) }
                Gauge(label: "feed_streams_open").record(openCount)
            }
            // Cancellation ends the sleep and then the loop.
            if !isMore { try? await Task.sleep(for: pace.poll) }
        }
    }

    /// One look at the tables; whether there is more to see at once.
    func look() async throws -> Bool {
        let (open, heads) = hub.withLock { $0.beginLook() }
        guard !open.isEmpty else {
            let heads = try await feed.withSession(timeout: .seconds(5)) { try $0.run(LiveStatements.heads) }
            hub.withLock { $0.skip(to: heads) }
            return false
        }
        let limit = pace.batchSize
        let rows = try await feed.withSession(timeout: .seconds(5)) {
            try $0.run(LiveStatements.news, (heads: heads, limit: limit))
        }
        var seen: [Int16: (head: Int64, news: [LiveNews])] = [:]
        for row in rows {
            var province = seen[row.head.province] ?? (row.head.n, [])
            if let news = row.news { province.news.append(news) }
            seen[row.head.province] = province
        }
        var isMore = false
        var told = LiveBatch([], province: 0, for: open, site: site)
        var newHeads: [LiveHead] = []
        for (province, sight) in seen {
            // Leaves without a notice move the head, too; a full batch ends at its last notice.
            let isFull = sight.news.count >= Int(limit)
            isMore = isMore || isFull
            newHeads.append(LiveHead(province: province, n: isFull ? sight.news.last?.n ?? sight.head : sight.head))
            told.merge(LiveBatch(sight.news, province: province, for: open, site: site))
        }
        let woken = hub.withLock { hub in
            // Who began to follow while this was written has their place before it, and needs it, too.
            for following in hub.newcomers where open.counts[following] == nil {
                var alone = OpenFollowings()
                alone.add(following)
                for (province, sight) in seen {
                    told.merge(LiveBatch(sight.news, province: province, for: alone, site: site))
                }
            }
            return hub.publish(told, heads: newHeads)
        }
        for (waiter, wake) in woken { waiter.resume(returning: wake) }
        return isMore
    }

    // MARK: what a stream asks

    /// Waits for what comes next at or after batch `next`, or for a heartbeat, or for the end.
    func wait(_ seat: LiveSeat, from next: Int) async -> LiveHub.Wake {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let now = hub.withLock { $0.wait(seat.number, seat.following, from: next, waiter) }
                if let now { waiter.resume(returning: now) }
            }
        } onCancel: {
            hub.withLock { $0.cancel(seat.number, seat.following) }?.resume(returning: .end)
        }
    }

    /// Where the province is by now.
    func head(of province: Int16) -> Int64? { hub.withLock { $0.heads[province] } }

    /// The next batch of all, and how far the province was told before it; nil at the end.
    func place(of province: Int16) -> (next: Int, head: Int64)? { hub.withLock { $0.place(of: province) } }

    /// The frames of what was missed between two places, and how far they reach.
    func missed(
        _ following: LiveFollowing, after: Int64, until: Int64
    ) async throws -> (frames: [UInt8], upTo: Int64) {
        let limit = pace.backlogSize
        var frames: [UInt8] = []
        switch following {
        case .channel(let channel):
            let rows = try await backlog.withSession(timeout: .seconds(30)) {
                try $0.run(
                    FollowingReaderStatements.after, (channel: channel, after: after, until: until, limit: limit))
            }
            for entry in rows { if let entry { frames += LiveBatch.frame(entry, site: site) } }
            return (frames, rows.count < Int(limit) ? until : rows.last??.n ?? until)
        case .dossier(let dossier):
            let rows = try await backlog.withSession(timeout: .seconds(30)) {
                try $0.run(
                    LiveStatements.ofDossier,
                    (
                        province: dossier.province, dossier: dossier.dossier, after: after, until: until, limit: limit
                    ))
            }
            for news in rows {
                if let news, let frame = LiveBatch.frame(news, of: dossier, site: site) { frames += frame }
            }
            return (frames, rows.count < Int(limit) ? until : rows.last??.n ?? until)
        }
    }
}
