/// What is counted. The raw value is the place in ``StatisticCounts`` and the column's order in `feed.statistic`.
///
/// The first are flows, of the day on which they happened in law. The others are changes of a stock: what came in less
/// what left on a day, so that the sum of all days up to one is the stock at its end, on whatever day it is asked.
package enum StatisticMeasure: Int, Sendable, CaseIterable {
    /// Accepted at the counter (channel 1, and any that the national list does not have).
    case receivedCounter
    /// Accepted after an online submission (channel 2).
    case receivedOnline
    /// Accepted after it came by post (channel 3).
    case receivedPost
    /// With a result before the promised date.
    case finishedEarly
    /// With a result on the promised date.
    case finishedOnTime
    /// With a result after the promised date.
    case finishedLate
    /// With a result, and no date was ever promised.
    case finishedUndated
    /// Withdrawn or stopped after acceptance: no promise was kept or broken.
    case finishedOther
    /// Of the early, on time and undated: those whose applicant was asked for papers more than once.
    case finishedRepeat
    /// With a result after the date that was promised first, whatever was promised since.
    case finishedLateFirst
    /// Not accepted (status 3); stands outside the grid, which begins with acceptance.
    case declined
    /// Seconds from acceptance to the result, without the time in which the clock waited for the applicant; summed over
    /// the early, on time, late and undated.
    case netSeconds
    /// Stock: submitted, not yet accepted.
    case pending
    /// Stock: accepted, the clock runs, the promised date has not passed.
    case running
    /// Stock: accepted, the clock runs, the promised date has passed.
    case late
    /// Stock: the clock waits, and was in time when it began to.
    case waiting
    /// Stock: the clock waits, and the promised date had passed before.
    case waitingLate
    /// Stock, of `waiting`: for something else than papers (a payment, a suspension, a withdrawal to be confirmed).
    case waitingOther
    /// Stock, of `waiting` and `waitingLate`: asked for papers more than once.
    case waitingRepeat

    /// Whether it is summed from the first day on.
    package var isStock: Bool { rawValue >= StatisticMeasure.pending.rawValue }
}

/// An amount of each measure.
package struct StatisticCounts: Hashable, Sendable {
    /// In the order of the measures.
    private(set) var amounts: [Int64]

    /// Nothing of anything.
    package init() { amounts = Array(repeating: 0, count: StatisticMeasure.allCases.count) }

    /// The amounts in the order of the measures; nil for another number of them.
    init?(_ amounts: [Int64]) {
        guard amounts.count == StatisticMeasure.allCases.count else { return nil }
        self.amounts = amounts
    }

    /// The amount of one measure.
    package subscript(measure: StatisticMeasure) -> Int64 {
        get { amounts[measure.rawValue] }
        set { amounts[measure.rawValue] = newValue }
    }

    /// Whether every amount is 0.
    package var isZero: Bool { amounts.allSatisfy { $0 == 0 } }

    /// Adds each amount.
    package static func += (left: inout StatisticCounts, right: StatisticCounts) {
        for place in left.amounts.indices { left.amounts[place] &+= right.amounts[place] }
    }

    /// Takes each amount away.
    package static func -= (left: inout StatisticCounts, right: StatisticCounts) {
        for place in left.amounts.indices { left.amounts[place] &-= right.amounts[place] }
    }

    /// The sum of both.
    package static func + (left: StatisticCounts, right: StatisticCounts) -> StatisticCounts {
        var sum = left
        sum += right
        return sum
    }

    /// The difference of both.
    package static func - (left: StatisticCounts, right: StatisticCounts) -> StatisticCounts {
        var difference = left
        difference -= right
        return difference
    }
}
