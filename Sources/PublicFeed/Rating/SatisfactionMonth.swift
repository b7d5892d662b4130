import WorkingTime

/// What everybody is told of how satisfied people were in a month.
package struct SatisfactionMonth: Hashable, Sendable {
    /// One line of it.
    package struct Agency: Hashable, Sendable {
        /// Its code; empty for all others together.
        package let key: String
        /// How many chose what.
        package let counts: SatisfactionCounts
    }

    /// Fewer ratings than this together are not told: of a handful one could guess whose they are.
    package static let leastCount: Int64 = 10
    /// So many days after its end a month is counted, as its other figures are published then.
    package static let countedAfterDays = StatisticsStanding.publishedAfterDays

    /// The whole province; nil when there are too few.
    package let whole: SatisfactionCounts?
    /// The agencies with enough ratings, the most rated first, and at the end all others together; empty where the
    /// province's line already says all that may be told.
    package let agencies: [Agency]

    /// A month as it was told.
    init(whole: SatisfactionCounts?, agencies: [Agency]) {
        self.whole = whole
        self.agencies = agencies
    }

    /// What may be told of a month.
    ///
    /// Whatever is told, and every difference of what is told, is of ``leastCount`` ratings at least: agencies with fewer
    /// are told together, and when they are too few even so, the smallest of the others is told with them.
    init(of counts: [String: SatisfactionCounts]) {
        let whole = counts.values.reduce(into: SatisfactionCounts()) { $0 += $1 }
        guard whole.total >= SatisfactionMonth.leastCount else {
            self.init(whole: nil, agencies: [])
            return
        }
        var told: [Agency] = []
        var others = SatisfactionCounts()
        for (key, counts) in counts {
            // Those whose agency nobody knows are told with the others.
            if counts.total >= SatisfactionMonth.leastCount, !key.isEmpty {
                told.append(Agency(key: key, counts: counts))
            } else {
                others += counts
            }
        }
        told.sort { $0.counts.total == $1.counts.total ? $0.key < $1.key : $0.counts.total > $1.counts.total }
        if others.total > 0, others.total < SatisfactionMonth.leastCount, let smallest = told.popLast() {
            others += smallest.counts
        }
        if told.isEmpty {
            self.init(whole: whole, agencies: [])
        } else {
            self.init(whole: whole, agencies: told + (others.total > 0 ? [Agency(key: "", counts: others)] : []))
        }
    }

    /// The first day of the last month that is counted on a day, the one that the statistics settle on it.
    static func lastCounted(on day: CivilDate) -> CivilDate {
        let settled = day.adding(days: -countedAfterDays).daysSinceEpoch
        return CivilDate(daysSinceEpoch: Contribution.month(of: Contribution.month(of: settled) - 1))
    }
}
