package import Notices
package import Postgres
import Synchronization
import WorkingTime

/// Reads progress by code from the feed's database: what is remembered stands as long as ``FeedWatch`` says, and whoever
/// asks for something else at the same time asks the database together.
package final class ProgressReader: Sendable {
    /// Sees what changes.
    package let watch: FeedWatch
    private let feed: ConnectionPool
    private let families: Mutex<BoundedCache<String, DossierFamily>>
    private let reads: GatheredReads<String, DossierFamily>
    private let completions: FreshCache<LegalCode, Completion>
    /// Codes whose dossier was erased, as the last readings saw it: nobody else's code is asked for a second time.
    private let erased: ErasedCodes

    /// A reader that serves what it has for `lifetime` before it asks the database again, longer while the watch runs.
    /// - Parameters:
    ///   - familyCountMax: how many dossiers are remembered; about 20 kB each.
    ///   - watch: sees what changes, as a service of the process; nil: nobody looks, and `lifetime` alone counts.
    package init(
        feed: ConnectionPool, familyCountMax: Int = 2_000, lifetime: Duration = .seconds(1), watch: FeedWatch? = nil
    ) {
        let watch = watch ?? FeedWatch(feed: feed, pace: FeedWatch.Pace(trust: lifetime))
        self.watch = watch
        self.feed = feed
        families = Mutex(BoundedCache(countMax: familyCountMax))
        completions = FreshCache(countMax: familyCountMax, lifetime: lifetime)
        let durations = UsualDurations(lifetime: lifetime * 60)
        let erased = ErasedCodes()
        self.erased = erased
        reads = GatheredReads { codes in
            let reading = watch.beginReading()
            return try await feed.withSession(timeout: .seconds(5)) { session in
                try ProgressReader.families(codes, reading, watch, durations, erased, session)
            }
        }
    }

    /// The dossier of a look-up code with its parts; nil when there is none, or no notice of it yet.
    ///
    /// When the database is away, what was read before is served with its old ``DossierFamily/caughtUpAt``.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func family(of code: LookUpCode) async throws -> DossierFamily? {
        try await withCheckedThrowingContinuation { continuation in
            family(of: code) { continuation.resume(with: $0) }
        }
    }

    /// The same for one who does not wait: `receiver` is called once, at once or on another thread, and must not block.
    package func family(
        of code: LookUpCode, _ receiver: @escaping @Sendable (Result<DossierFamily?, any Error>) -> Void
    ) {
        let known = families.withLock { $0.value(code.compact) }
        if let known, let source = known.source, stands(source) {
            return receiver(.success(known.seen(watch.standing(of: source.provinces))))
        }
        reads.value(code.compact) { [self] result in
            switch result {
            case .success(let family?):
                families.withLock { families in
                    if families.admits(code.compact) { families.put(code.compact, family) }
                }
                receiver(result)
            case .success(nil):
                families.withLock { $0.remove(code.compact) }
                receiver(result)
            // An old answer that says its age is better than none.
            case .failure: receiver(known.map { .success($0) } ?? result)
            }
        }
    }

    /// What is left to say under a look-up code that shows nothing because its dossier was erased; nil for every other code,
    /// and for one of which ``family(of:)`` was not asked before.
    /// - Throws: ``PostgresError`` when the database is away.
    package func erased(_ code: LookUpCode) async throws -> ErasedFamily? {
        guard erased.contains(code.compact) else { return nil }
        let rows = try await feed.withSession(timeout: .seconds(5)) {
            try $0.run(ReaderStatements.erased, code.compact)
        }
        guard let first = rows.first, rows.allSatisfy({ $0.asked == first.asked }) else { return nil }
        return ErasedFamily(
            legalCode: first.legalCode, members: rows.map { .init(province: $0.province, dossier: $0.dossier) })
    }

    /// Whether what was read there still stands.
    package func stands(_ source: FamilySource, now: ContinuousClock.Instant = .now) -> Bool {
        watch.holds(source.reading, of: source.root, now: now)
    }

    private static func families(
        _ codes: [String], _ reading: FeedReading, _ watch: FeedWatch, _ durations: UsualDurations,
        _ erased: ErasedCodes, _ session: Session
    ) throws -> [String: DossierFamily] {
        let provinces = watch.isLooking ? nil : session.enqueue(WatchStatements.provinces)
        let members = try FamilyMember.read(codes, session)
        if let provinces { watch.note(try provinces.rows) }
        var families: [String: DossierFamily] = [:]
        families.reserveCapacity(codes.count)
        for (code, members) in zip(codes, members) {
            guard var family = FamilyMember.family(of: members, reading, watch) else {
                if FamilyMember.isErased(members) { erased.note(code) }
                continue
            }
            let notice = family.dossier.newest
            if notice.finished == nil {
                let key = DurationKey(province: notice.province, procedure: StatisticText.key(notice.procedure))
                family.usual = try durations.value(key, session)
            }
            families[code] = family
        }
        return families
    }

    /// How complete the dossier of a legal code is; nil when there is none.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func completion(of code: LegalCode) async throws -> Completion? {
        try await completions.value(code) { [feed] _ in
            let rows = try await feed.withSession(timeout: .seconds(5)) {
                try $0.run(ReaderStatements.completion, code.text)
            }
            guard let first = rows.first, rows.allSatisfy({ $0.notice.dossier == first.notice.dossier }) else {
                return nil
            }
            // As above: the newest that can be read.
            guard let notice = rows.lazy.compactMap({ try? FeedBatch.read($0.notice) }).first else { return nil }
            return Completion(
                code: code, status: notice.status, stage: notice.stage,
                caughtUpAt: first.caughtUpAt.map(Instant.init(microseconds:)))
        }
    }
}

/// Some codes whose dossiers were erased.
private final class ErasedCodes: Sendable {
    private let codes = Mutex(BoundedCache<String, Bool>(countMax: 5_000))

    func note(_ code: String) { codes.withLock { $0.put(code, true) } }
    func contains(_ code: String) -> Bool { codes.withLock { $0.value(code) } ?? false }
}

/// The usual durations that pages show: a handful of procedures, of which each is worked out once a minute.
private final class UsualDurations: Sendable {
    private struct Known: Sendable {
        let value: UsualDuration?
        let readAt: ContinuousClock.Instant
    }

    private let lifetime: Duration
    private let known = Mutex(BoundedCache<DurationKey, Known>(countMax: 5_000))

    init(lifetime: Duration) { self.lifetime = lifetime }

    func value(_ key: DurationKey, _ session: Session) throws -> UsualDuration? {
        let now = ContinuousClock.now
        if let known = known.withLock({ $0.value(key) }), now - known.readAt < lifetime { return known.value }
        let value = try UsualDuration.read(key, session)
        known.withLock { $0.put(key, Known(value: value, readAt: now)) }
        return value
    }
}
