/// When a limit ends, and the day from which it was counted.
package struct DueDate: Hashable, Sendable {
    /// The last moment that is in time.
    package let instant: Instant
    /// The effective day of receipt R (clock.md, rule 3); for limits in hours the day of the first office minute.
    package let effectiveDay: CivilDate
}

/// The day on which something that arrived at `a` counts as received (clock.md, rule 3).
/// With a cut-off the first working day whose cut-off is not before `a`; without one the date of `a`, working or not.
/// - Throws: `.outsideCalendar`.
package func effectiveDay(
    of a: Instant, cutOff: CutOff?, in calendar: OfficeCalendar
) throws(CalendarError) -> CivilDate {
    try calendar.require(a.date)
    guard let cutOff else { return a.date }
    let first = a <= Instant(date: a.date, time: cutOff.at) ? a.date : a.date.adding(days: 1)
    return try calendar.firstCounted(from: first)
}

/// When `limit` ends for something that arrived at `a` (clock.md, rules 4, 5, 6 and 8); never before `a`.
/// Days end at the close of office. For a limit in days no day from the date of a pause's start to the effective day of
/// its end counts; for a limit in hours the paused time does not run. The cut-off does not touch limits in hours.
/// A restart is this function again with the new instant and no pauses.
/// - Throws: `.outsideCalendar`, `.limitOutOfRange`, `.countingMismatch` (see ``CountingMode/suits(_:)``).
package func due(
    after a: Instant, limit: TimeLimit, counting: CountingMode = .nextDay, cutOff: CutOff? = nil,
    pauses: [Pause] = [], calendar: OfficeCalendar
) throws(CalendarError) -> DueDate {
    try dueDate(after: a, limit, counting, cutOff, pauses, calendar) { _, _ in }
}

/// What happened to one day between receipt and due date.
enum DayMark {
    /// The effective day, which is not counted itself.
    case received
    /// Arrived after the cut-off of this day.
    case afterCutOff
    /// The n-th day of the limit.
    case counted(Int)
    /// Office time used on this day, microseconds.
    case used(Int64)
    /// The clock was paused.
    case paused
    /// Not a working day, or (for calendar days) one to which the end may not fall.
    case notCounted
}

func dueDate(
    after a: Instant, _ limit: TimeLimit, _ counting: CountingMode, _ cutOff: CutOff?, _ pauses: [Pause],
    _ calendar: OfficeCalendar, visit: (CivilDate, DayMark) -> Void
) throws(CalendarError) -> DueDate {
    guard limit.isInRange else {
        throw CalendarError(
            .limitOutOfRange, vi: "Thời hạn “\(limit.wording.vi)” nằm ngoài 1…3650.",
            en: "The limit “\(limit)” is outside 1…3650.")
    }
    guard counting.suits(limit) else {
        throw CalendarError(
            .countingMismatch,
            vi: "Cách tính “\(counting.rawValue)” không dùng được cho thời hạn “\(limit.wording.vi)”.",
            en: "Counting “\(counting.rawValue)” has no meaning for the limit “\(limit)”.")
    }
    // What ended before the receipt cannot hold its clock; what began before holds it from the receipt on.
    let live = pauses.filter { $0.until > a }.map { Pause(from: max($0.from, a), until: $0.until) }
    if case .workingMinutes(let minutes) = limit {
        return try dueByMinutes(after: a, minutes, pauses: live, calendar, visit: visit)
    }
    let received = try effectiveDay(of: a, cutOff: cutOff, in: calendar)
    var day = a.date
    while day < received {
        visit(day, try calendar.isCounted(day) ? .afterCutOff : .notCounted)
        day = day.adding(days: 1)
    }
    let walk = DayWalk(
        calendar: calendar, received: received, paused: try pausedDays(live, cutOff: cutOff, calendar: calendar))
    let last = try walk.end(of: limit, counting, visit: visit)
    if counting == .sameHour, case .workingDays = limit {
        return DueDate(instant: try sameHour(a, received: received, on: last, calendar), effectiveDay: received)
    }
    var instant = try calendar.close(of: last)
    if instant <= a {
        // Arrived after office on the only day of the limit: nothing can be due before it has arrived.
        instant = try calendar.close(of: walk.next(after: last, visit: visit))
    }
    return DueDate(instant: instant, effectiveDay: received)
}

/// The days on which pauses stop a limit in days: from the date of the start to the effective day of the end.
private func pausedDays(
    _ pauses: [Pause], cutOff: CutOff?, calendar: OfficeCalendar
) throws(CalendarError) -> [ClosedRange<CivilDate>] {
    var days: [ClosedRange<CivilDate>] = []
    for pause in union(of: pauses) {
        let resumed = try effectiveDay(of: pause.until, cutOff: cutOff, in: calendar)
        days.append(pause.from.date...max(pause.from.date, resumed))
    }
    return days
}

/// The hour of `a` on `day`, clamped into a session; the lunch break belongs to the morning.
private func sameHour(
    _ a: Instant, received: CivilDate, on day: CivilDate, _ calendar: OfficeCalendar
) throws(CalendarError) -> Instant {
    // Moved by the cut-off, it arrives when the effective day opens; on a rest day, when the day before closes.
    if received > a.date { return try calendar.opening(of: day) }
    guard try calendar.isCounted(received) else { return try calendar.close(of: day) }
    let shift = Int64(day.daysSinceEpoch - a.date.daysSinceEpoch)
    let wanted = a.adding(microseconds: shift * Instant.day)
    var result = try calendar.opening(of: day)
    for session in try calendar.sessions(on: day) {
        let opens = Instant(date: day, time: session.opens)
        if wanted >= opens { result = min(wanted, Instant(date: day, time: session.closes)) }
    }
    return result
}

private func dueByMinutes(
    after a: Instant, _ minutes: Int, pauses: [Pause], _ calendar: OfficeCalendar,
    visit: (CivilDate, DayMark) -> Void
) throws(CalendarError) -> DueDate {
    let paused = union(of: pauses)
    var remaining = Int64(minutes) * 60_000_000
    var effective: CivilDate?
    var day = a.date
    while true {
        var used: Int64 = 0
        for stretch in try calendar.openStretches(on: day, from: a, to: .latest, paused: paused) {
            effective = effective ?? day
            // Not "<": a limit that ends with the session ends there, never at the start of the next.
            if remaining <= stretch.length {
                visit(day, .used(used + remaining))
                return DueDate(
                    instant: stretch.from.adding(microseconds: remaining), effectiveDay: effective ?? day)
            }
            remaining -= stretch.length
            used += stretch.length
        }
        let wasOpen = try !calendar.openStretches(on: day, from: a, to: .latest, paused: []).isEmpty
        visit(day, used > 0 ? .used(used) : wasOpen ? .paused : .notCounted)
        day = day.adding(days: 1)
    }
}
