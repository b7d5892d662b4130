/// One stretch of office hours, for example 07:30–11:30.
package struct OfficeSession: Hashable, Sendable, CustomStringConvertible {
    /// When the office opens.
    package let opens: TimeOfDay
    /// When it closes; later than `opens`.
    package let closes: TimeOfDay

    /// Makes a session; nil unless it closes after it opens.
    package init?(opens: TimeOfDay, closes: TimeOfDay) {
        guard opens < closes else { return nil }
        self.opens = opens
        self.closes = closes
    }

    /// Reads `07:30-11:30`, the spelling of calendar files; nil for anything else.
    package init?(_ text: String) {
        let sides = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        guard sides.count == 2, let opens = TimeOfDay(String(sides[0])), let closes = TimeOfDay(String(sides[1]))
        else { return nil }
        self.init(opens: opens, closes: closes)
    }

    /// `07:30-11:30`.
    package var description: String { "\(opens)-\(closes)" }
}

/// The office hours of a week, in force from a date until the next ``WeeklyHours`` of the calendar.
package struct WeeklyHours: Hashable, Sendable {
    /// The first date on which these hours hold.
    package let from: CivilDate
    /// The sessions of each weekday in order; a weekday not listed is closed.
    package let sessions: [Weekday: [OfficeSession]]
    /// The weekdays that are working days of the law. A Saturday can have sessions and yet not be counted.
    package let counted: Set<Weekday>

    /// Makes a week; `OfficeCalendar` checks it.
    package init(from: CivilDate, sessions: [Weekday: [OfficeSession]], counted: Set<Weekday>) {
        self.from = from
        self.sessions = sessions
        self.counted = counted
    }
}

/// A date on which the office is closed although its weekday is usual, or a statutory holiday on a weekend.
package struct DayOff: Hashable, Sendable {
    /// The date.
    package let date: CivilDate
    /// Why, for people: `Tết Nguyên đán`.
    package let reason: BilingualText
    /// The decision or article that says so; empty when the file gives none.
    package let basis: String
    /// True when nobody has compared the date with the published decision yet.
    package let isUnverified: Bool
    /// False for a holiday that is written down but not law yet: it changes nothing.
    package let isInForce: Bool

    /// Makes a day off.
    package init(
        _ date: CivilDate, reason: BilingualText, basis: String = "", isUnverified: Bool = false,
        isInForce: Bool = true
    ) {
        self.date = date
        self.reason = reason
        self.basis = basis
        self.isUnverified = isUnverified
        self.isInForce = isInForce
    }

    /// The same day off for each date from `first` through `last`; empty when `last` is earlier, nil beyond 366 days.
    package static func range(
        _ first: CivilDate, through last: CivilDate, reason: BilingualText, basis: String = "",
        isUnverified: Bool = false, isInForce: Bool = true
    ) -> [DayOff]? {
        let count = last.daysSinceEpoch - first.daysSinceEpoch + 1
        guard count <= 366 else { return nil }
        return (0..<max(0, count)).map { offset in
            DayOff(
                first.adding(days: offset), reason: reason, basis: basis, isUnverified: isUnverified,
                isInForce: isInForce)
        }
    }
}

/// A rest day worked in exchange for a day off (làm bù): it is counted and has the sessions of the day it replaces.
package struct SwappedDay: Hashable, Sendable {
    /// The date that is worked, usually a Saturday.
    package let date: CivilDate
    /// The day off that it replaces; its weekday gives the sessions.
    package let insteadOf: CivilDate
    /// The decision that says so; empty when the file gives none.
    package let basis: String
    /// True when nobody has compared the date with the published decision yet.
    package let isUnverified: Bool

    /// Makes a swapped day.
    package init(_ date: CivilDate, insteadOf: CivilDate, basis: String = "", isUnverified: Bool = false) {
        self.date = date
        self.insteadOf = insteadOf
        self.basis = basis
        self.isUnverified = isUnverified
    }
}
