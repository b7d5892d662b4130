/// Where an applicant answers, which decides the last hour of the last day.
package enum ApplicantChannel: String, Hashable, Sendable, CaseIterable {
    /// Until 24:00.
    case online
    /// Until the desk closes.
    case desk
}

/// The last moment for an applicant told at `noticeAt` (clock.md, rule 18): the day of the notice is not counted.
/// Online it is 24:00, that is 00:00 of the next date: show it with ``Instant/vietnameseDeadline``.
/// A limit in hours is counted in office minutes; `same working day` is the day of the notice or the next working day.
/// - Throws: `.outsideCalendar`, `.limitOutOfRange`.
package func applicantDeadline(
    noticeAt: Instant, limit: TimeLimit, channel: ApplicantChannel, calendar: OfficeCalendar
) throws(CalendarError) -> Instant {
    let end = try due(after: noticeAt, limit: limit, calendar: calendar).instant
    if case .workingMinutes = limit { return end }
    switch channel {
    case .desk: return end
    case .online: return Instant(date: end.date, time: .endOfDay)
    }
}

/// The last moment to apologise and give a new date (Decree 61/2018, art. 19.9: at the latest one day before; clock.md,
/// rule 17): the close of the last working day no later than one calendar day before the promised date.
/// - Throws: `.outsideCalendar`.
package func latestApology(promised: Instant, calendar: OfficeCalendar) throws(CalendarError) -> Instant {
    // A promise at 24:00 belongs to the day that ends, not to the next.
    let day = promised.adding(microseconds: -1).date
    try calendar.require(day)
    return try calendar.close(of: calendar.lastCounted(through: day.adding(days: -1)))
}

/// When a paper dossier goes on from the desk (Decree 61/2018, art. 18; clock.md, rule 7a): at once up to the cut-off,
/// otherwise when the office opens on the next working day. The effective day of receipt does not move by this.
/// - Throws: `.outsideCalendar`.
package func handOver(of a: Instant, cutOff: CutOff, calendar: OfficeCalendar) throws(CalendarError) -> Instant {
    let day = try effectiveDay(of: a, cutOff: cutOff, in: calendar)
    return day == a.date ? a : try calendar.opening(of: day)
}

/// How an end compares with the promise, as it is published.
package enum Lateness: String, Hashable, Sendable, CaseIterable {
    /// Trước hạn: before the promised date.
    case early
    /// Đúng hạn: on the promised date.
    case onTime = "on-time"
    /// Quá hạn: after the promised date.
    case late
}

/// Compares an end with a promise (clock.md, rule 19): by date, for same-day and hour limits by instant.
package func lateness(finished: Instant, promised: Instant, limit: TimeLimit) -> Lateness {
    if limit.isJudgedByInstant {
        return finished < promised ? .early : finished == promised ? .onTime : .late
    }
    // A promise at 24:00 belongs to the day that ends, not to the next.
    let (end, promise) = (finished.date, promised.adding(microseconds: -1).date)
    return end < promise ? .early : end == promise ? .onTime : .late
}
