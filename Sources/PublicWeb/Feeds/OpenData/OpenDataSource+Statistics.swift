package import PublicFeed
import WorkingTime

extension OpenDataSource {
    /// The settled months of the statistics' counters, as they were published: later corrections are dated rows of the
    /// statistics' own pages, and do not change a file that somebody has.
    package init(_ statistics: StatisticsReader) {
        self.init(
            provinces: { try await statistics.provinces() },
            months: { province in
                let whole = StatisticQuery(
                    province: province, shape: .province, from: CivilDate.earliest, through: CivilDate.latest)
                let months = try await statistics.trend(whole, item: "", byDay: false).map(\.start).reversed()
                // Months are settled in their order: the newest settled one tells of all before it.
                for (place, month) in months.enumerated() {
                    let query = OpenDataSource.query(province, .province, "", month)
                    if try await statistics.table(query).isFrozen { return Array(months.dropFirst(place).prefix(240)) }
                }
                return []
            },
            rows: { province, month in
                let query = OpenDataSource.query(province, .province, "", month)
                let titles = try await statistics.titles(province)
                return try await statistics.publishedParts(query).map { OpenDataRow($0, titles) }
            })
    }

    private static func query(
        _ province: Int16, _ shape: StatisticShape, _ scope: String, _ month: CivilDate
    ) -> StatisticQuery {
        let next = month.adding(days: 31)
        return StatisticQuery(
            province: province, shape: shape, scope: scope, from: month, through: next.adding(days: -next.day),
            isAsPublished: true)
    }
}

extension OpenDataRow {
    fileprivate init(_ part: PublishedMonth.Part, _ titles: StatisticTitles) {
        self.init(
            agency: part.agency, agencyName: titles.agency(part.agency), procedure: part.row.item,
            procedureCode: titles.code(ofProcedure: part.row.item), procedureName: titles.procedure(part.row.item),
            figures: part.row.figures.compactMapValues { $0 }, meanSeconds: part.meanSeconds)
    }
}
