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
                let agencies = try await statistics.table(OpenDataSource.query(province, .agency, "", month))
                var rows: [OpenDataRow] = []
                for agency in agencies.rows.map(\.item) {
                    let table = try await statistics.table(
                        OpenDataSource.query(province, .agencyProcedure, agency, month))
                    rows += table.rows.map { OpenDataRow($0, agency: agency, table.titles) }
                }
                return rows
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
    fileprivate init(_ row: StatisticRow, agency: String, _ titles: StatisticTitles) {
        self.init(
            agency: agency, agencyName: titles.agency(agency), procedure: row.item,
            procedureCode: titles.code(ofProcedure: row.item), procedureName: titles.procedure(row.item),
            counts: [
                .carried: row.carried, .received: row.received, .online: row[.receivedOnline],
                .counter: row[.receivedCounter], .post: row[.receivedPost], .finished: row.finished,
                .early: row[.finishedEarly], .onTime: row[.finishedOnTime], .late: row[.finishedLate],
                .undated: row[.finishedUndated], .other: row[.finishedOther], .underWay: row.underWay,
                .inTime: row[.running], .overdue: row[.late], .waiting: row.waiting,
                .counted766: Indicator.onTime.denominator.value(row), .onTime766: Indicator.onTime.numerator.value(row),
            ], netSeconds: row[.netSeconds])
    }
}
