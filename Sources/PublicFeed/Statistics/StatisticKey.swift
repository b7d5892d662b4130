import WorkingTime

/// By what figures are broken down: each is kept as counters of its own.
package enum StatisticShape: Int16, Sendable, CaseIterable {
    /// The whole province; one item, the empty text.
    case province = 0
    /// By receiving agency.
    case agency = 1
    /// By field.
    case field = 2
    /// By procedure.
    case procedure = 3
    /// One agency (the scope) by field.
    case agencyField = 4
    /// One agency (the scope) by procedure.
    case agencyProcedure = 5
}

/// A row of `feed.statistic`.
struct StatisticKey: Hashable, Sendable {
    enum Period: Int16, Sendable {
        case year = 0
        case month = 1
        case day = 2
    }

    var shape: StatisticShape
    /// The agency of which the items are parts; empty for the whole province.
    var scope: String
    var period: Period
    /// The first day of the period, since 1970.
    var start: Int
    /// Agency, field or procedure.
    var item: String

    /// The rows that hold a cell: a row a shape and period, so that no reader ever sums more than the days of a month,
    /// the months of a year and the years. An agency's procedures are not kept by day: their days would be as many as the
    /// dossiers.
    static func rows(of cell: StatisticCell) -> [StatisticKey] {
        let whole = [
            (Period.year, Contribution.year(of: cell.day)), (Period.month, Contribution.month(of: cell.day)),
        ]
        let all = whole + [(Period.day, cell.day)]
        return places(of: cell).flatMap { place in
            (place.shape == .agencyProcedure ? whole : all).map {
                StatisticKey(shape: place.shape, scope: place.scope, period: $0, start: $1, item: place.item)
            }
        }
    }

    /// Shape, scope and item of each breakdown that a cell belongs to.
    static func places(of cell: StatisticCell) -> [(shape: StatisticShape, scope: String, item: String)] {
        [
            (.province, "", ""), (.agency, "", cell.agency), (.field, "", cell.field),
            (.procedure, "", cell.procedure), (.agencyField, cell.agency, cell.field),
            (.agencyProcedure, cell.agency, cell.procedure),
        ]
    }
}

/// Rows of one period's kind with their first days in a range.
struct StatisticSpan: Hashable, Sendable {
    var period: StatisticKey.Period
    /// First days, both included; since 1970.
    var from: Int
    var through: Int

    /// The rows that together hold all months before that of `day`, each once, for any shape.
    static func monthsBefore(_ day: Int) -> [StatisticSpan] {
        // Never the days of a month: the last of them is the day before the next begins.
        upTo(Contribution.month(of: day) - 1)
    }

    /// The rows that together hold all days up to and with `day`, each once.
    static func upTo(_ day: Int) -> [StatisticSpan] {
        // Of the day after: a month or year that ends with `day` is read as one row, not day by day.
        let year = Contribution.year(of: day + 1)
        let month = Contribution.month(of: day + 1)
        let spans = [
            StatisticSpan(period: .year, from: CivilDate.earliest.daysSinceEpoch, through: year - 1),
            StatisticSpan(period: .month, from: year, through: month - 1),
            StatisticSpan(period: .day, from: month, through: day),
        ]
        return spans.filter { $0.from <= $0.through }
    }

    /// The rows that together hold the days of a range, each once; none when it is empty.
    static func days(_ from: Int, through: Int) -> [StatisticSpan] {
        guard from <= through else { return [] }
        let first = Contribution.month(of: from) == from ? from : nextMonth(after: from)
        let last = Contribution.month(of: through + 1)
        // Whole months in between, if there is one.
        guard first < last else { return [StatisticSpan(period: .day, from: from, through: through)] }
        var spans: [StatisticSpan] = []
        if from < first { spans.append(StatisticSpan(period: .day, from: from, through: first - 1)) }
        spans.append(StatisticSpan(period: .month, from: first, through: last - 1))
        if last <= through { spans.append(StatisticSpan(period: .day, from: last, through: through)) }
        return spans
    }

    /// The first day of the month after a day's, since 1970.
    static func nextMonth(after day: Int) -> Int { Contribution.month(of: Contribution.month(of: day) + 31) }
}
