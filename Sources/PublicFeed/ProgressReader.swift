package import Notices
package import Postgres
import WorkingTime

/// Reads progress by code from the feed's database, through a small cache so that a page that everybody looks at costs
/// one query a second.
package final class ProgressReader: Sendable {
    private let feed: ConnectionPool
    private let families: FreshCache<String, DossierFamily>
    private let completions: FreshCache<LegalCode, Completion>

    /// A reader that serves what it has for `lifetime` before it asks the database again.
    /// - Parameter familyCountMax: how many dossiers are remembered; about 20 kB each.
    package init(feed: ConnectionPool, familyCountMax: Int = 5_000, lifetime: Duration = .seconds(1)) {
        self.feed = feed
        families = FreshCache(countMax: familyCountMax, lifetime: lifetime)
        completions = FreshCache(countMax: familyCountMax, lifetime: lifetime)
    }

    /// The dossier of a look-up code with its parts; nil when there is none, or no notice of it yet.
    ///
    /// When the database is away, what was read before is served with its old ``DossierFamily/caughtUpAt``.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func family(of code: LookUpCode) async throws -> DossierFamily? {
        try await families.value(code.compact) { [feed] known in
            try await feed.withSession(timeout: .seconds(5)) { session in
                try ProgressReader.family(code.compact, known, session)
            }
        }
    }

    private static func family(
        _ code: String, _ known: DossierFamily?, _ session: Session
    ) throws -> DossierFamily? {
        if let known, let seen = try session.run(ReaderStatements.version, code).first, seen.askedCount == 1,
            seen.version == known.version
        {
            return known.seen(caughtUpAt: seen.caughtUpAt.map(Instant.init(microseconds:)))
        }
        let version = session.enqueue(ReaderStatements.version, code)
        let rows = try session.run(ReaderStatements.family, code)
        // Two dossiers under one code would show one person's affairs to another: then nobody sees anything.
        guard let asked = rows.first?.asked, rows.allSatisfy({ $0.asked == asked }), let seen = try version.first else {
            return nil
        }
        var notices: [String: [Notice]] = [:]
        var leaves: [Int: Int64] = [:]
        for row in rows {
            let stored = SequencedNotice(
                dossier: row.dossier, number: row.number, root: row.root, lookUp: nil, body: row.body)
            // What this build cannot read the follower has reported; the newest that it can read stands.
            guard let notice = try? FeedBatch.read(stored) else { continue }
            notices[row.dossier, default: []].append(notice)
            if row.dossier == asked { leaves[notice.number] = row.n }
        }
        var family = DossierFamily(
            asked: asked, notices: notices, version: seen.version,
            caughtUpAt: seen.caughtUpAt.map(Instant.init(microseconds:)), leaves: leaves)
        if let notice = family?.dossier.newest, notice.finished == nil {
            let key = DurationKey(province: notice.province, procedure: StatisticText.key(notice.procedure))
            family?.usual = try UsualDuration.read(key, session)
        }
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
