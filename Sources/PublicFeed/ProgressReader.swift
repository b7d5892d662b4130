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
    private let families: Mutex<BoundedCache<CodeKey, DossierFamily>>
    private let reads: GatheredReads<String, DossierFamily>
    private let durations: UsualDurations
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
        self.durations = durations
        let erased = ErasedCodes()
        self.erased = erased
        reads = GatheredReads { reads in
            try await feed.withSession(timeout: .seconds(5)) { session in
                // Under load the next batch waits when one is answered: it is read where the last one was, without another
                // thread and another connection. Not for ever, since others wait for a connection too.
                let until = ContinuousClock.now + .milliseconds(200)
                while try reads.answer({ codes in
                    try ProgressReader.families(codes, watch, durations, erased, session)
                }), .now < until {}
            }
        }
    }

    /// The dossier of a look-up code with its parts; nil when there is none, or no notice of it yet.
    ///
    /// When the database is away, what was read before is served with its old ``DossierFamily/caughtUpAt``.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func family(of code: LookUpCode) async throws -> DossierFamily? {
        if let family = ready(code) { return family }
        return try await withCheckedThrowingContinuation { continuation in
            read(code) { continuation.resume(with: $0) }
        }
    }

    /// The dossier of a look-up code, where memory has it as it stands; nil where the tables have to be asked.
    package func ready(_ code: LookUpCode) -> DossierFamily? {
        let key = CodeKey(code)
        if let known = families.withLock({ $0.value(key) }), let source = known.source, stands(source) {
            return known.seen(watch.standing(of: source.provinces))
        }
        guard let family = shelved(key) else { return nil }
        // In the place of an older one, which would be served instead when the database is away.
        keep(family, key)
        return family
    }

    /// Asks the tables: `receiver` is called once, on another thread, and must not block.
    package func read(
        _ code: LookUpCode, _ receiver: @escaping @Sendable (Result<DossierFamily?, any Error>) -> Void
    ) {
        let key = CodeKey(code)
        reads.value(code.compact) { [self] result in
            switch result {
            case .success(let family?):
                keep(family, key)
                receiver(result)
            case .success(nil):
                families.withLock { $0.remove(key) }
                receiver(result)
            // An old answer that says its age is better than none.
            case .failure: receiver(last(key).map { .success($0) } ?? result)
            }
        }
    }

    private func keep(_ family: DossierFamily, _ key: CodeKey) {
        families.withLock { families in
            if families.admits(key) { families.put(key, family) }
        }
    }

    /// The family on the shelf; nil when there is none, or the usual duration that belongs to it has to be read.
    private func shelved(_ key: CodeKey) -> DossierFamily? {
        guard let (shelved, reading) = watch.shelved(key), let members = shelved.members,
            var family = FamilyMember.family(of: members, reading, watch)
        else { return nil }
        if let key = UsualDurations.key(of: family) {
            guard let usual = durations.known(key) else { return nil }
            family.usual = usual
        }
        return family
    }

    /// What was known last, whether or not it stands.
    private func last(_ key: CodeKey) -> DossierFamily? {
        if let known = families.withLock({ $0.value(key) }) { return known }
        guard let shelved = watch.shelf.family(key), let members = shelved.members else { return nil }
        return FamilyMember.family(of: members, shelved.reading, watch)
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
        _ codes: [String], _ watch: FeedWatch, _ durations: UsualDurations, _ erased: ErasedCodes, _ session: Session
    ) throws -> [String: DossierFamily] {
        let reading = watch.beginReading()
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
            if let key = UsualDurations.key(of: family) { family.usual = try durations.value(key, session) }
            families[code] = family
            if watch.shelf.byteCountMax > 0, let key = CodeKey(compact: code),
                let shelved = ShelvedFamily(members, reading, watch.shelf.table)
            {
                watch.shelve(key, shelved, .askedFor)
            }
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

    /// Whose duration a family's page shows; nil when it shows none.
    static func key(of family: DossierFamily) -> DurationKey? {
        let notice = family.dossier.newest
        guard notice.finished == nil else { return nil }
        return DurationKey(province: notice.province, procedure: StatisticText.key(notice.procedure))
    }

    /// What is remembered; nil when it has to be read.
    func known(_ key: DurationKey) -> UsualDuration?? {
        guard let known = known.withLock({ $0.value(key) }), .now - known.readAt < lifetime else { return nil }
        return known.value
    }

    func value(_ key: DurationKey, _ session: Session) throws -> UsualDuration? {
        if let known = known(key) { return known }
        let now = ContinuousClock.now
        let value = try UsualDuration.read(key, session)
        known.withLock { $0.put(key, Known(value: value, readAt: now)) }
        return value
    }
}

extension ProgressReader {
    /// What people said of the dossiers, beside the tables that are read here.
    package var ratings: RatingStore { RatingStore(feed: feed) }
}
