import Notices
import WorkingTime

/// Where in its province's sequence a notice took effect: at its own leaf, or, when it had been set aside, just before the
/// leaf at which the cursor stood when it was read again.
struct NoticePlace: Hashable, Comparable, Sendable {
    private let at: Int64
    private let isOwn: Bool
    private let n: Int64

    /// The place of leaf `n`.
    /// - Parameter readAt: where the cursor stood when it was read again; nil for a notice that was read at once.
    init(_ n: Int64, readAt: Int64? = nil) {
        self.n = n
        at = readAt ?? n
        isOwn = readAt == nil
    }

    static func < (left: NoticePlace, right: NoticePlace) -> Bool {
        if left.at != right.at { return left.at < right.at }
        if left.isOwn != right.isOwn { return right.isOwn }
        return left.n < right.n
    }
}

/// A notice that counts, and where it took effect.
struct PlacedNotice: Sendable {
    let place: NoticePlace
    let notice: Notice
}

/// How the legal clock of a province went from notice to notice. Pure.
///
/// With it every correction of a published month can be found again from the notices alone, in whatever order they are read.
struct StatisticsCourse: Sendable {
    /// From after a place on.
    private var steps: [(after: NoticePlace, standing: StatisticsStanding)] = []
    /// After the last notice that was taken.
    private(set) var standing = StatisticsStanding(rules: Contribution.rules, legalNow: nil, frozen: nil)

    /// Takes the instant of the next notice; they come in the order of their places.
    mutating func see(_ instant: Instant, at place: NoticePlace) {
        let day = standing.legalNow?.date
        standing.see(instant)
        // Only its day is ever looked at.
        if standing.legalNow?.date != day { steps.append((place, standing)) }
    }

    /// How it stood just before a place: that decides where a change is noted.
    func before(_ place: NoticePlace) -> StatisticsStanding {
        var (low, high) = (0, steps.count)
        while low < high {
            let middle = (low + high) / 2
            if steps[middle].after < place { low = middle + 1 } else { high = middle }
        }
        return low == 0
            ? StatisticsStanding(rules: Contribution.rules, legalNow: nil, frozen: nil) : steps[low - 1].standing
    }
}
