import Postgres
package import WorkingTime

/// Keeps what people said of their dossiers, in the feed's own tables.
package struct RatingStore: Sendable {
    let feed: ConnectionPool

    /// What was said of a dossier; nil when nothing was.
    /// - Throws: ``PostgresError`` when the database is away.
    package func rating(of dossier: RatedDossier) async throws -> DossierRating? {
        try await feed.withSession(timeout: .seconds(5)) { try $0.run(RatingStatements.rating, dossier).first }
    }

    /// Keeps a choice, the first or a changed one; the same again changes nothing.
    /// - Returns: whether it stands; false when there is an earlier one that may not be changed any more.
    /// - Throws: ``PostgresError`` when the database is away or takes nothing.
    package func put(_ level: SatisfactionLevel, of dossier: RatedDossier, on day: CivilDate) async throws -> Bool {
        try await feed.withSession(timeout: .seconds(5)) { session in
            try !session.run(RatingStatements.put, (dossier: dossier, level: level, day: day)).isEmpty
        }
    }
}

/// The statements on what single dossiers were rated.
enum RatingStatements {
    static let rating = Statement<RatedDossier, DossierRating>(
        name: "feed_rating",
        sql: "SELECT given_on, level FROM feed.rating WHERE province = $1 AND dossier = $2::text::uuid",
        encode: {
            $1.int2($0.province)
            $1.text($0.dossier)
        },
        decode: { row in
            let day = CivilDate(daysSinceEpoch: Int(try row.date()))
            return DossierRating(givenOn: day, level: try row.int2OrNull().flatMap(SatisfactionLevel.init))
        })

    /// Gives back a row when the choice stands: two at once take turns at the row, and both are heard.
    static let put = Statement<(dossier: RatedDossier, level: SatisfactionLevel, day: CivilDate), Bool>(
        name: "feed_rating_put",
        sql: """
            INSERT INTO feed.rating AS r (province, dossier, given_on, level, agency)
            VALUES ($1, $2::text::uuid, $3, $4, $5)
            ON CONFLICT (province, dossier) DO UPDATE SET level = excluded.level
            WHERE r.level IS NOT NULL AND excluded.given_on <= r.given_on + $6
            RETURNING true
            """,
        encode: {
            $1.int2($0.dossier.province)
            $1.text($0.dossier.dossier)
            $1.date(Int32(clamping: $0.day.daysSinceEpoch))
            $1.int2($0.level.rawValue)
            $1.text($0.dossier.agency)
            $1.int4(Int32(DossierRating.changeableForDays))
        },
        decode: { try $0.bool() })

    /// With a dossier's erasure goes what was said of it; a month that is counted keeps its counts, which name nobody.
    static let erase = Statement<(province: Int16, dossiers: [String]), Void>(
        name: "feed_rating_erase",
        sql: """
            DELETE FROM feed.rating r
            USING unnest($2::text[]) AS g (dossier)
            WHERE r.province = $1 AND r.dossier = g.dossier::uuid
            """,
        encode: {
            $1.int2($0.province)
            $1.textArray($0.dossiers)
        })
}
