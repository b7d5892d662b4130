/// Walks the days of a limit from the effective day on; the only place where days are counted.
struct DayWalk {
    let calendar: OfficeCalendar
    let received: CivilDate
    let paused: [ClosedRange<CivilDate>]

    /// The last day of a limit in days.
    func end(
        of limit: TimeLimit, _ counting: CountingMode, visit: (CivilDate, DayMark) -> Void
    ) throws(CalendarError) -> CivilDate {
        let fromReceived = counting == .receivedDay || counting == .sameDay
        switch limit {
        case .sameWorkingDay, .workingMinutes: return try nth(1, fromReceived: true, calendarDays: false, visit)
        case .workingDays(let count):
            return try nth(count, fromReceived: fromReceived, calendarDays: false, visit)
        case .calendarDays(let count):
            return try nth(count, fromReceived: fromReceived, calendarDays: true, visit)
        }
    }

    /// The first working day after `last` that is not paused.
    func next(after last: CivilDate, visit: (CivilDate, DayMark) -> Void) throws(CalendarError) -> CivilDate {
        var day = last.adding(days: 1)
        while true {
            if isPaused(day) {
                visit(day, .paused)
            } else if try calendar.isCounted(day) {
                visit(day, .counted(1))
                return day
            } else {
                visit(day, .notCounted)
            }
            day = day.adding(days: 1)
        }
    }

    private func nth(
        _ count: Int, fromReceived: Bool, calendarDays: Bool, _ visit: (CivilDate, DayMark) -> Void
    ) throws(CalendarError) -> CivilDate {
        var day = received
        if !fromReceived {
            visit(day, .received)
            day = day.adding(days: 1)
        }
        var passed = 0
        while true {
            let isWorking = try calendar.isCounted(day)
            if isPaused(day) {
                visit(day, .paused)
            } else if isWorking || (calendarDays && passed < count) {
                passed = min(passed + 1, count)
                // A last calendar day that is a rest day is passed over to the next working day.
                visit(day, isWorking || passed < count ? .counted(passed) : .notCounted)
                if passed == count && isWorking { return day }
            } else {
                visit(day, .notCounted)
            }
            day = day.adding(days: 1)
        }
    }

    private func isPaused(_ day: CivilDate) -> Bool { paused.contains { $0.contains(day) } }
}
