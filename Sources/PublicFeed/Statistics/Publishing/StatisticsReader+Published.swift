import Postgres
import WorkingTime

extension StatisticsReader {
    /// What everybody is told of a month; of a settled one as it was published.
    /// - Parameter month: whose province, first and last day; the rest of it is not looked at.
    /// - Throws: ``PostgresError`` when the database is away and nothing is known.
    package func published(_ month: StatisticQuery) async throws -> PublishedMonth {
        var key = month
        (key.shape, key.scope, key.isAsPublished) = (.province, "", true)
        let titles = try await titles(key.province)
        return try await months.value(key) { [feed, key] known in
            // What is settled does not change any more.
            if let known, known.isSettled { return known }
            let tables = try await feed.withSession(timeout: .seconds(30)) { session in
                try StatisticsReader.tables(key, titles, session)
            }
            return await PublishedMonth(yielding: tables)
        } ?? PublishedMonth(.init(agencies: [], fields: [], procedures: [], parts: nil, fieldOfProcedure: [:]))
    }

    private static func tables(
        _ month: StatisticQuery, _ titles: StatisticTitles, _ session: Session
    ) throws -> MonthTables {
        func read(_ shape: StatisticShape, _ scopes: [String] = [""]) throws -> [String: [StatisticRow]] {
            var query = month
            query.shape = shape
            return try rows(query, scopes: scopes, session).rows
        }
        var tables = MonthTables(
            agencies: try read(.agency)[""] ?? [], fields: try read(.field)[""] ?? [],
            procedures: try read(.procedure)[""] ?? [], parts: nil, fieldOfProcedure: [:])
        var whole = month
        whole.shape = .province
        if try rows(whole, scopes: [""], session).isFrozen {
            let agencies = tables.agencies.map(\.item)
            let fields = try read(.agencyField, agencies)
            let procedures = try read(.agencyProcedure, agencies)
            tables.parts = Dictionary(
                agencies.map { ($0, .init(fields: fields[$0] ?? [], procedures: procedures[$0] ?? [])) },
                uniquingKeysWith: { first, _ in first })
        }
        let keys = tables.procedures.map(\.item) + (tables.parts ?? [:]).values.flatMap { $0.procedures.map(\.item) }
        for key in keys { tables.fieldOfProcedure[key] = titles.field(ofProcedure: key) }
        return tables
    }
}
