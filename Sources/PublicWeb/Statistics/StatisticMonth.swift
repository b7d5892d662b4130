import WorkingTime

/// A month of a report.
struct StatisticMonth: Hashable, Comparable, Sendable {
    /// The first day.
    let first: CivilDate

    /// The month of a day.
    init(of day: CivilDate) { first = day.adding(days: 1 - day.day) }

    /// Reads `2026-03`; nil for anything else.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count == 7, let day = CivilDate("\(text)-01") else { return nil }
        first = day
    }

    /// The last day.
    var last: CivilDate { next.first.adding(days: -1) }
    /// The month after.
    var next: StatisticMonth { StatisticMonth(of: first.adding(days: 31)) }
    /// The month before.
    var previous: StatisticMonth { StatisticMonth(of: first.adding(days: -1)) }

    /// So many months earlier.
    func earlier(by count: Int) -> StatisticMonth {
        var month = self
        for _ in 0..<max(0, count) { month = month.previous }
        return month
    }

    /// `2026-03`.
    var text: String { String(first.description.dropLast(3)) }
    /// `Tháng 3/2026`.
    var vietnamese: String { "Tháng \(first.month)/\(first.year)" }
    /// `March 2026`.
    var english: String { String(first.english.dropFirst(2)) }

    static func < (left: StatisticMonth, right: StatisticMonth) -> Bool { left.first < right.first }
}
