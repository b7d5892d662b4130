import Postgres
import WorkingTime

/// Counts the ratings of months that are over, once: from then on a month's counts stand, and what was chosen for single
/// dossiers is forgotten.
enum SatisfactionCounting {
    /// Counts every month whose time has come and of which there are ratings; and keeps what was signed last outside the
    /// database, where that has failed before.
    /// - Parameters:
    ///   - today: the day on the pages.
    ///   - signing: signs what was counted; nil leaves it unsigned.
    /// - Returns: how many months were counted now.
    @discardableResult
    static func count(
        on today: CivilDate, _ feed: ConnectionPool, signing: SatisfactionSigning? = nil
    ) async throws -> Int {
        let last = SatisfactionMonth.lastCounted(on: today)
        let due = try await feed.withSession {
            try $0.run(SatisfactionStatements.due, StatisticSpan.nextMonth(after: last.daysSinceEpoch))
        }
        var count = 0
        for key in due where try await self.count(key, feed, signing) { count += 1 }
        try await signing?.keepLast(feed)
        return count
    }

    /// Counts one month; whoever comes second waits for the first and finds that it is done.
    private static func count(
        _ key: MonthKey, _ feed: ConnectionPool, _ signing: SatisfactionSigning?
    ) async throws -> Bool {
        let (isOurs, note) = try await feed.transaction { transaction in
            guard try !transaction.run(SatisfactionStatements.claim, key).isEmpty else { return (false, String?.none) }
            var counts: [String: SatisfactionCounts] = [:]
            for row in try transaction.run(SatisfactionStatements.take, key) {
                counts[row.agency, default: SatisfactionCounts()][row.level] += row.count
            }
            let month = SatisfactionMonth(of: counts)
            if let whole = month.whole { _ = transaction.enqueue(SatisfactionStatements.putWhole, (key, whole)) }
            _ = transaction.enqueue(SatisfactionStatements.putAgencies, (key, month.agencies))
            var note: String?
            if let signing {
                let before = try transaction.run(SatisfactionNoteStatements.last, key.province).first
                let signed = SatisfactionNote(
                    month: key.month, number: (before?.number ?? 0) + 1,
                    note: try signing.note(month, of: key, after: before?.note))
                // Two that count other months meanwhile do not both follow the same: the second tries again later.
                _ = transaction.enqueue(SatisfactionNoteStatements.put, (province: key.province, note: signed))
                note = signed.note
            }
            try transaction.sync()
            return (true, note)
        }
        if let note { try signing?.keep(note, of: key.province) }
        return isOurs
    }
}

/// The statements on months of ratings.
enum SatisfactionStatements {
    /// Months before a day, given since 1970, of which ratings are not counted; the oldest first.
    static let due = Statement<Int, MonthKey>(
        name: "feed_satisfaction_due",
        sql: """
            SELECT DISTINCT r.province, date_trunc('month', r.given_on)::date AS month
            FROM feed.rating r
            WHERE r.level IS NOT NULL AND r.given_on < $1
            ORDER BY month, r.province
            """,
        encode: { $1.date(Int32(clamping: $0)) },
        decode: { MonthKey(province: try $0.int2(), month: Int(try $0.date())) })

    /// Gives back a row to the one who may count the month.
    static let claim = Statement<MonthKey, Bool>(
        name: "feed_satisfaction_claim",
        sql: """
            INSERT INTO feed.satisfaction (province, month, kind, agency) VALUES ($1, $2, 0, '')
            ON CONFLICT DO NOTHING
            RETURNING true
            """,
        encode: { $1.month($0) }, decode: { try $0.bool() })

    /// Takes what was chosen up to a month's end, and forgets it. What a clock that went wrong let come too late for its
    /// own month is counted in this one.
    static let take = Statement<MonthKey, (agency: String, level: SatisfactionLevel, count: Int64)>(
        name: "feed_satisfaction_take",
        sql: """
            WITH chosen AS MATERIALIZED (
                SELECT r.dossier, r.agency, r.level
                FROM feed.rating r
                WHERE r.province = $1 AND r.level IS NOT NULL AND r.given_on < ($2 + interval '1 month')::date
                FOR UPDATE
            ), forgotten AS (
                UPDATE feed.rating r SET level = NULL, agency = NULL
                FROM chosen c
                WHERE r.province = $1 AND r.dossier = c.dossier
            )
            SELECT c.agency, c.level, count(*) FROM chosen c GROUP BY c.agency, c.level
            """,
        encode: { $1.month($0) },
        decode: { row in
            let agency = try row.text()
            guard let level = SatisfactionLevel(rawValue: try row.int2()) else {
                throw PostgresError(.conversion, "feed.rating has a level that this build does not know")
            }
            return (agency, level, try row.int8())
        })

    static let putWhole = Statement<(MonthKey, SatisfactionCounts), Void>(
        name: "feed_satisfaction_put_whole",
        sql: "UPDATE feed.satisfaction SET counts = $3 WHERE province = $1 AND month = $2 AND kind = 0",
        encode: {
            $1.month($0.0)
            $1.int8Array($0.1.row)
        })

    /// An empty key: all others together.
    static let putAgencies = Statement<(MonthKey, [SatisfactionMonth.Agency]), Void>(
        name: "feed_satisfaction_put_agencies",
        sql: """
            INSERT INTO feed.satisfaction (province, month, kind, agency, counts)
            SELECT $1, $2, CASE g.agency WHEN '' THEN 2 ELSE 1 END, g.agency, ARRAY[g.first, g.second, g.third, g.fourth]
            FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
                AS g (agency, first, second, third, fourth)
            """,
        encode: { parameters, binds in
            binds.month(parameters.0)
            binds.textArray(parameters.1.map(\.key))
            for level in SatisfactionLevel.allCases { binds.int8Array(parameters.1.map { $0.counts[level] }) }
        })

    /// The counted months of a province, the newest first, each with the province's own line.
    static let months = Statement<Int16, (month: Int, whole: SatisfactionCounts?)>(
        name: "feed_satisfaction_months",
        sql: """
            SELECT month, coalesce(counts, '{}') FROM feed.satisfaction
            WHERE province = $1 AND kind = 0
            ORDER BY month DESC
            LIMIT 24
            """,
        encode: { $1.int2($0) },
        decode: { row in
            (Int(try row.date()), try SatisfactionStatements.counts(row.int8Array()))
        })

    /// The province's own line of a month.
    static let month = Statement<MonthKey, SatisfactionCounts?>(
        name: "feed_satisfaction_month",
        sql: """
            SELECT coalesce(counts, '{}') FROM feed.satisfaction
            WHERE province = $1 AND month = $2 AND kind = 0
            """,
        encode: { $1.month($0) }, decode: { try SatisfactionStatements.counts($0.int8Array()) })

    /// The lines of a month: the agencies, the most rated first, and then all others together.
    static let agencies = Statement<MonthKey, SatisfactionMonth.Agency>(
        name: "feed_satisfaction_agencies",
        sql: """
            SELECT agency, counts FROM feed.satisfaction
            WHERE province = $1 AND month = $2 AND kind > 0 AND counts IS NOT NULL
            ORDER BY kind, counts[1] + counts[2] + counts[3] + counts[4] DESC, agency
            """,
        encode: { $1.month($0) },
        decode: { row in
            let key = try row.text()
            return SatisfactionMonth.Agency(
                key: key, counts: try SatisfactionStatements.counts(row.int8Array()) ?? SatisfactionCounts())
        })

    /// Nil for a row whose figures are not told.
    private static func counts(_ row: [Int64?]) throws -> SatisfactionCounts? {
        if row.isEmpty { return nil }
        guard let counts = SatisfactionCounts(row: row.compactMap(\.self)) else {
            throw PostgresError(.conversion, "feed.satisfaction has counts that this build does not know")
        }
        return counts
    }
}
