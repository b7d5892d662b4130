package import Logging
import Metrics
import Notices
package import Postgres
import ServiceLifecycle
import Synchronization
package import WorkingTime

/// When something was read of the feed's tables, and after which changes of them.
package struct FeedReading: Hashable, Sendable {
    let change: UInt64
    let at: ContinuousClock.Instant
}

/// What is known of a province's tables beside its notices.
package struct FeedStanding: Hashable, Sendable {
    /// When the feed last was complete, by the engine's clock; nil when it never was.
    package var caughtUpAt: Instant?
    /// How many leaves the newest signed checkpoint covers; 0 before the first.
    package var signedSize: Int64

    /// The standing; at first nothing is known.
    package init(caughtUpAt: Instant? = nil, signedSize: Int64 = 0) {
        self.caughtUpAt = caughtUpAt
        self.signedSize = signedSize
    }
}

/// Sees which families of dossiers change, so that what was read of all others still stands.
///
/// Looks at the feed's tables itself, twenty times a second, whoever writes them: several followers may, and other
/// processes. What was read stands until a look sees a notice of its family. A look that does not come for a second
/// (``Pace/trust``) makes everything that is older than that be read anew; so that nothing that is served is older than
/// the tables by more than a second, whatever happens, and usually by less than a tenth of one.
package final class FeedWatch: Service {
    /// How often it looks, and how long that holds.
    package struct Pace: Sendable {
        /// The pause between two looks.
        package var poll: Duration = .milliseconds(50)
        /// How long what was read holds without another look.
        package var trust: Duration
        /// Then even what no look saw change is read anew.
        package var ageMax: Duration = .seconds(60)
        /// How many changed families are remembered; what was read before the oldest of them is read anew.
        package var changeCountMax = 50_000
        /// More notices in one look are not named one by one: everything is read anew.
        package var noticeCountMax: Int64 = 50_000
        /// So many are named by one query.
        package var runCountMax: Int64 = 5_000
        /// How old what is on the shelf may become, though no look saw a change of it.
        package var shelfAgeMax: Duration = .seconds(3_600)

        /// The usual pace.
        package init(trust: Duration = .seconds(1)) { self.trust = trust }
    }

    private let feed: ConnectionPool
    private let logger: Logger?
    private let pace: Pace
    private let state: Mutex<FeedChanges>
    /// What it takes changes from.
    package let shelf: PictureShelf

    /// - Parameters:
    ///   - feed: the feed's database.
    ///   - shelf: what it takes changes from; the usual one keeps nothing.
    package init(
        feed: ConnectionPool, pace: Pace = Pace(), shelf: PictureShelf = PictureShelf(byteCountMax: 0),
        logger: Logger? = nil
    ) {
        self.feed = feed
        self.shelf = shelf
        self.logger = logger
        self.pace = pace
        state = Mutex(FeedChanges(countMax: pace.changeCountMax))
    }

    /// Looks until asked to stop; no failure ends it.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                do {
                    try await self.look()
                    failures = 0
                } catch {
                    guard !Task.isCancelled else { return }
                    failures += 1
                    // What comes back may be another server, or the same one as it was yesterday.
                    if (error as? PostgresError)?.code == .connectionLost { self.state.withLock { $0.lose() } }
                    // The first of a series; the rest would say the same.
                    if failures == 1 {
                        self.logger?.error("changes of the feed cannot be seen", metadata: ["error": "\(error)"])
                    }
                    Counter(label: "feed_watch_failures_total").increment()
                }
                // Cancellation ends the sleep and then the loop.
                try? await Task.sleep(for: failures > 0 ? .seconds(1) : self.pace.poll)
            }
        }
    }

    /// Looks once.
    /// - Throws: ``PostgresError`` when the database is away.
    package func look() async throws {
        let began = ContinuousClock.now
        let provinces = try await feed.withSession(timeout: .seconds(5)) { try $0.run(WatchStatements.provinces) }
        let (ranges, erasures) = state.withLock { ($0.ranges(to: provinces), $0.erasures(to: provinces)) }
        guard let ranges, ranges.reduce(0, { $0 + $1.count }) <= pace.noticeCountMax else {
            state.withLock { $0.saw(provinces, changed: nil, at: began) }
            return shelf.removeAll()
        }
        var changed: [ChangedFamily] = []
        for run in NoticeRange.runs(of: ranges, countMax: pace.runCountMax) {
            changed += try await feed.withSession(timeout: .seconds(5)) { try $0.run(WatchStatements.families, run) }
        }
        if !erasures.isEmpty {
            changed += try await feed.withSession(timeout: .seconds(5)) { try $0.run(WatchStatements.erased, erasures) }
        }
        let roots = Array(Set(changed.map(\.root)))
        state.withLock { $0.saw(provinces, changed: roots, at: began) }
        // Afterwards, so that whoever puts something that was read before sees that it changed (``shelve(_:_:_:)``).
        shelf.remove(changed.lazy.compactMap { $0.code.flatMap(CodeKey.init(compact:)) })
        shelf.note(changed.lazy.compactMap(\.code))
    }

    /// Puts what was read on the shelf, unless it has changed since.
    /// - Returns: whether it found a place there.
    @discardableResult
    func shelve(_ code: CodeKey, _ family: ShelvedFamily, _ reason: PictureShelf.Reason) -> Bool {
        let isThere = shelf.put(code, family, reason)
        // A look that sees a change later than this takes it away itself.
        if state.withLock({ !$0.isUnchanged(family.root, since: family.reading.change) }) { shelf.remove([code]) }
        return isThere
    }

    /// A family of the shelf with the reading that it stands for now; nil when there is none that stands.
    func shelved(_ code: CodeKey) -> (family: ShelvedFamily, reading: FeedReading)? {
        guard let family = shelf.family(code) else { return nil }
        let now = ContinuousClock.now
        guard now - family.reading.at < pace.shelfAgeMax else { return nil }
        return state.withLock { state in
            guard state.isUnchangedOnShelf(family.root, since: family.reading.change), let lookedAt = state.lookedAt,
                now - lookedAt < pace.trust
            else { return nil }
            return (family, FeedReading(change: state.last, at: lookedAt))
        }
    }

    /// What a reading is marked with; taken before the tables are asked.
    func beginReading() -> FeedReading {
        FeedReading(change: state.withLock { $0.last }, at: .now)
    }

    /// Whether what was read of a family still stands.
    func holds(_ reading: FeedReading, of root: UUIDValue, now: ContinuousClock.Instant) -> Bool {
        let age = now - reading.at
        guard age < pace.ageMax || age < pace.trust else { return false }
        return state.withLock { state in
            guard state.isUnchanged(root, since: reading.change) else { return false }
            if age < pace.trust { return true }
            guard let lookedAt = state.lookedAt else { return false }
            return now - lookedAt < pace.trust
        }
    }

    /// Whether it looked lately: then it knows how the provinces stand.
    var isLooking: Bool {
        guard let lookedAt = state.withLock({ $0.lookedAt }) else { return false }
        return .now - lookedAt < pace.trust
    }

    /// How the provinces of a family stand: the one furthest behind, and the checkpoint of the first.
    package func standing(of provinces: [Int16]) -> FeedStanding {
        state.withLock { state in
            FeedStanding(
                caughtUpAt: provinces.compactMap { state.provinces[$0]?.caughtUpAt }.min(),
                signedSize: provinces.first.flatMap { state.provinces[$0]?.signedSize } ?? 0)
        }
    }

    /// Takes what a reader read of the provinces along the way.
    func note(_ provinces: [WatchedProvince]) { state.withLock { $0.note(provinces) } }
}
