/// What a date is in a calendar.
package enum DayKind: Hashable, Sendable {
    /// An ordinary working day.
    case working
    /// A rest day worked in exchange for a day off; counted.
    case swapped(SwappedDay)
    /// A holiday, or a day off given by decision; not counted, closed.
    case off(DayOff)
    /// A weekday that is never counted; the desk may be open.
    case weeklyRest

    /// True for the days on which limits in working days advance.
    package var isCounted: Bool {
        switch self {
        case .working, .swapped: true
        case .off, .weeklyRest: false
        }
    }
}

extension OfficeCalendar {
    /// What `date` is here.
    /// - Throws: `.outsideCalendar`.
    package func kind(of date: CivilDate) throws(CalendarError) -> DayKind {
        try require(date)
        if let off = daysOff[date] { return .off(off) }
        if let swap = swappedDays[date] { return .swapped(swap) }
        return week(of: date).counted.contains(date.weekday) ? .working : .weeklyRest
    }

    /// Whether `date` is a working day (clock.md, rule 1).
    /// - Throws: `.outsideCalendar`.
    package func isCounted(_ date: CivilDate) throws(CalendarError) -> Bool { try kind(of: date).isCounted }

    /// The sessions of `date` in order; empty when the office is closed. A day that is not counted can have some.
    /// - Throws: `.outsideCalendar`.
    package func sessions(on date: CivilDate) throws(CalendarError) -> [OfficeSession] {
        switch try kind(of: date) {
        case .off: []
        case .swapped(let swap): week(of: date).sessions[swap.insteadOf.weekday, default: []]
        case .working, .weeklyRest: week(of: date).sessions[date.weekday, default: []]
        }
    }

    /// Whether the holidays of the year of `date` are not fixed by the Prime Minister yet.
    package func isProvisional(_ date: CivilDate) -> Bool { provisionalYears.contains(date.year) }

    /// When the office opens on `date`.
    /// - Throws: `.outsideCalendar`; `.closedDay` when it has no session.
    package func opening(of date: CivilDate) throws(CalendarError) -> Instant {
        guard let session = try sessions(on: date).first else { throw closed(date) }
        return Instant(date: date, time: session.opens)
    }

    /// When the office closes on `date`: the hour at which a limit in days ends.
    /// - Throws: `.outsideCalendar`; `.closedDay` when it has no session.
    package func close(of date: CivilDate) throws(CalendarError) -> Instant {
        guard let session = try sessions(on: date).last else { throw closed(date) }
        return Instant(date: date, time: session.closes)
    }

    /// The first working day on or after `date`.
    /// - Throws: `.outsideCalendar` when there is none before its end.
    package func firstCounted(from date: CivilDate) throws(CalendarError) -> CivilDate {
        var day = date
        while !(try isCounted(day)) { day = day.adding(days: 1) }
        return day
    }

    /// The first working day after `date`.
    /// - Throws: `.outsideCalendar` when there is none before its end.
    package func nextCounted(after date: CivilDate) throws(CalendarError) -> CivilDate {
        try firstCounted(from: date.adding(days: 1))
    }

    /// The last working day on or before `date`.
    /// - Throws: `.outsideCalendar` when there is none after its start.
    package func lastCounted(through date: CivilDate) throws(CalendarError) -> CivilDate {
        var day = date
        while !(try isCounted(day)) { day = day.adding(days: -1) }
        return day
    }

    /// The working days after `from` up to and including `to`; 0 when `to` is not later.
    /// - Throws: `.outsideCalendar`.
    package func countedDays(from: CivilDate, to: CivilDate) throws(CalendarError) -> Int {
        var count = 0
        var day = from.adding(days: 1)
        while day <= to {
            if try isCounted(day) { count += 1 }
            day = day.adding(days: 1)
        }
        return count
    }

    /// The first instant at or after `instant` at which the office is open; `instant` itself during a session.
    /// - Throws: `.outsideCalendar` when it does not open again before its end.
    package func nextOpen(after instant: Instant) throws(CalendarError) -> Instant {
        var day = instant.date
        while true {
            for session in try sessions(on: day) where instant < Instant(date: day, time: session.closes) {
                return max(instant, Instant(date: day, time: session.opens))
            }
            day = day.adding(days: 1)
        }
    }

    /// Refuses a date of a year that this calendar does not know.
    func require(_ date: CivilDate) throws(CalendarError) {
        guard (firstYear...lastYear).contains(date.year) else { throw .outside(date, self) }
    }

    private func closed(_ date: CivilDate) -> CalendarError {
        CalendarError(
            .closedDay, vi: "Ngày \(date.vietnamese) cơ quan không làm việc.",
            en: "The office is closed on \(date).")
    }
}
