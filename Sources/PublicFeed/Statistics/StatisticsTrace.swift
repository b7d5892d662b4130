import Postgres
import WorkingTime

extension StatisticsReader {
    /// The dossiers behind a figure: for whoever may see them, never for a public page.
    ///
    /// Folds what is stored of each dossier by the very rules of the counters, page by page; it reads a part of the
    /// province's dossiers at a time and is not meant to be fast.
    /// - Parameters:
    ///   - formula: the figure, such as a column of ``ReportForm``.
    ///   - item: the row of `query` that it stands in.
    ///   - after: the last dossier seen; nil for the first page.
    ///   - read: how many dossiers are looked at.
    /// - Returns: those that the figure counts, and the place to go on from; nil at the end.
    /// - Throws: ``PostgresError`` when the database is away.
    package func dossiers(
        behind formula: StatisticFormula, _ query: StatisticQuery, item: String, after: String? = nil,
        read: Int32 = 5_000
    ) async throws -> (dossiers: [String], next: String?) {
        let place = after ?? "00000000-0000-0000-0000-000000000000"
        let rows = try await feed.withSession(timeout: .seconds(30)) { session in
            try session.run(
                StatisticsStatements.factsAfter, (province: query.province, after: place, limit: max(1, read)))
        }
        var found: [String] = []
        for row in rows {
            guard let facts = DossierFacts(decoding: row.facts) else { continue }
            if formula.value(StatisticsReader.row(of: facts, query, item: item)) != 0 { found.append(row.dossier) }
        }
        return (found, rows.count < Int(max(1, read)) ? nil : rows.last?.dossier)
    }

    /// The legal codes of dossiers, in their order; nil for one that has none.
    /// - Throws: ``PostgresError`` when the database is away.
    package func legalCodes(of dossiers: [String], province: Int16) async throws -> [String?] {
        let rows = try await feed.withSession(timeout: .seconds(30)) { session in
            try session.run(StatisticsStatements.legalCodes, (province: province, dossiers: dossiers))
        }
        let codes = Dictionary(rows.map { ($0.dossier, $0.code) }, uniquingKeysWith: { first, _ in first })
        return dossiers.map { codes[$0] ?? nil }
    }

    /// What one dossier adds to a row.
    static func row(of facts: DossierFacts, _ query: StatisticQuery, item: String) -> StatisticRow {
        var row = StatisticRow(item: item)
        for (cell, counts) in Contribution(facts).cells {
            let isInRow = StatisticKey.places(of: cell).contains {
                $0.shape == query.shape && $0.scope == query.scope && $0.item == item
            }
            guard isInRow, cell.day <= query.through.daysSinceEpoch else { continue }
            if cell.day < query.from.daysSinceEpoch { row.opening += counts } else { row.period += counts }
        }
        return row
    }
}
