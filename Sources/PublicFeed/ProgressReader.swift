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
        reads = GatheredReads { codes in
            let reading = watch.beginReading()
            return try await feed.withSession(timeout: .seconds(5)) { session in
                try ProgressReader.families(codes, reading, watch, durations, session)
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
                families.withLock { $0.put(code.compact, family) }
                receiver(result)
            case .success(nil):
                families.withLock { $0.remove(code.compact) }
                receiver(result)
            // An old answer that says its age is better than none.
            case .failure: receiver(known.map { .success($0) } ?? result)
            }
        }
    }

    /// Whether what was read there still stands.
    package func stands(_ source: FamilySource, now: ContinuousClock.Instant = .now) -> Bool {
        watch.holds(source.reading, of: source.root, now: now)
    }

    private static func families(
        _ codes: [String], _ reading: FeedReading, _ watch: FeedWatch, _ durations: UsualDurations, _ session: Session
    ) throws -> [String: DossierFamily] {
        let provinces = session.enqueue(WatchStatements.provinces)
        let rows = try session.run(ReaderStatements.families, codes)
        watch.note(try provinces.rows)
        var families: [String: DossierFamily] = [:]
        for (code, rows) in Dictionary(grouping: rows, by: \.code) {
            guard var family = family(of: rows, reading, watch) else { continue }
            let notice = family.dossier.newest
            if notice.finished == nil {
                let key = DurationKey(province: notice.province, procedure: StatisticText.key(notice.procedure))
                family.usual = try durations.value(key, session)
            }
            families[code] = family
        }
        return families
    }

    private static func family(of rows: [FamilyRow], _ reading: FeedReading, _ watch: FeedWatch) -> DossierFamily? {
        // Two dossiers under one code would show one person's affairs to another: then nobody sees anything.
        guard let first = rows.first, rows.allSatisfy({ $0.asked == first.asked }) else { return nil }
        var notices: [String: [Notice]] = [:]
        var leaves: [Int: Int64] = [:]
        var numbers: [String: Int32] = [:]
        var provinces = Array(rows.filter { $0.dossier == first.asked }.map(\.province).prefix(1))
        for row in rows {
            numbers["\(row.province) \(row.dossier)"] = row.newest
            if !provinces.contains(row.province) { provinces.append(row.province) }
            guard let said = row.notice else { continue }
            let stored = SequencedNotice(
                dossier: row.dossier, number: said.number, root: row.root, lookUp: nil, body: said.body)
            // What this build cannot read the follower has reported; the newest that it can read stands.
            guard let notice = try? FeedBatch.read(stored) else { continue }
            notices[row.dossier, default: []].append(notice)
            if row.dossier == first.asked { leaves[notice.number] = said.n }
        }
        // Rises with each notice and each dossier of the family.
        let version = numbers.values.reduce(Int64(numbers.count)) { $0 + Int64($1) }
        var family = DossierFamily(
            asked: first.asked, notices: notices, version: version, standing: watch.standing(of: provinces),
            leaves: leaves)
        family?.source = FamilySource(root: first.family, provinces: provinces, reading: reading)
        return family
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
