/// The office hours and working days of one kind of office over some years; a date outside them is an error.
package struct OfficeCalendar: Hashable, Sendable {
    /// The name by which procedure files refer to it: `vn-state`.
    package let id: String
    /// What people call it.
    package let name: BilingualText
    /// The first year that it knows.
    package let firstYear: Int
    /// The last year that it knows.
    package let lastYear: Int
    /// Years whose holidays the Prime Minister has not fixed yet; dates in them may move later.
    package let provisionalYears: Set<Int>
    /// The weeks in order of `from`; the first starts no later than `firstYear`-01-01.
    package let hours: [WeeklyHours]
    /// Days off by date, only those in force.
    package let daysOff: [CivilDate: DayOff]
    /// Swapped days by date.
    package let swappedDays: [CivilDate: SwappedDay]
    /// The hash of the file that it was read from, recorded beside every promise; supplied by the loader.
    package let contentHash: String

    /// Checks and makes a calendar; the plain arrays are those of a calendar file, whose keys stand at the head of
    /// `Workflows/calendars/vn-state.yaml`. Days off that are not in force are dropped.
    /// - Throws: `.invalidCalendar` with the first contradiction.
    package init(
        id: String, name: BilingualText, firstYear: Int, lastYear: Int, provisionalYears: [Int] = [],
        hours: [WeeklyHours], daysOff: [DayOff], workingDays: [SwappedDay], contentHash: String
    ) throws(CalendarError) {
        self.id = id
        self.name = name
        self.firstYear = firstYear
        self.lastYear = lastYear
        self.provisionalYears = Set(provisionalYears)
        self.hours = hours.sorted { $0.from < $1.from }
        self.contentHash = contentHash
        let span = try OfficeCalendar.span(id: id, firstYear: firstYear, lastYear: lastYear)
        try OfficeCalendar.check(id: id, hours: self.hours, from: span.lowerBound)
        self.daysOff = try OfficeCalendar.index(id: id, daysOff: daysOff, within: span)
        self.swappedDays = try OfficeCalendar.index(id: id, workingDays: workingDays, within: span)
        for year in provisionalYears where !(firstYear...lastYear).contains(year) {
            throw .invalid(
                id, vi: "năm tạm tính \(year) nằm ngoài lịch", en: "provisional year \(year) is outside the calendar")
        }
        for swap in self.swappedDays.values.sorted(by: { $0.date < $1.date }) { try check(swap) }
    }

    /// A calendar that `extends:` this one: its own hours (this one's when nil) and its own days added to this one's.
    /// A day off of the same date replaces this one's.
    /// - Throws: `.invalidCalendar` with the first contradiction.
    package func extended(
        id: String, name: BilingualText, hours: [WeeklyHours]?, daysOff: [DayOff], workingDays: [SwappedDay],
        contentHash: String
    ) throws(CalendarError) -> OfficeCalendar {
        let own = Set(daysOff.filter(\.isInForce).map(\.date))
        let ownWork = Set(workingDays.map(\.date))
        return try OfficeCalendar(
            id: id, name: name, firstYear: firstYear, lastYear: lastYear, provisionalYears: Array(provisionalYears),
            hours: hours ?? self.hours, daysOff: self.daysOff.values.filter { !own.contains($0.date) } + daysOff,
            workingDays: swappedDays.values.filter { !ownWork.contains($0.date) } + workingDays,
            contentHash: contentHash)
    }

    private static func span(id: String, firstYear: Int, lastYear: Int) throws(CalendarError) -> ClosedRange<CivilDate>
    {
        guard firstYear <= lastYear, lastYear <= 9998, lastYear - max(firstYear, 1) < 200,
            let first = CivilDate(year: firstYear, month: 1, day: 1),
            let last = CivilDate(year: lastYear, month: 12, day: 31)
        else {
            throw .invalid(
                id, vi: "khoảng năm \(firstYear)–\(lastYear) không hợp lệ (tối đa 200 năm)",
                en: "the years \(firstYear)–\(lastYear) are no range of at most 200 years")
        }
        return first...last
    }

    private static func check(id: String, hours: [WeeklyHours], from first: CivilDate) throws(CalendarError) {
        guard let start = hours.first, start.from <= first else {
            throw .invalid(
                id, vi: "chưa có giờ làm việc cho ngày \(first.vietnamese)",
                en: "no office hours are given for \(first)")
        }
        for (week, next) in zip(hours, hours.dropFirst()) where week.from == next.from {
            throw .invalid(
                id, vi: "hai bộ giờ làm việc cùng bắt đầu ngày \(week.from.vietnamese)",
                en: "two weeks of office hours start on \(week.from)")
        }
        for week in hours {
            guard !week.counted.isEmpty else {
                throw .invalid(
                    id, vi: "từ \(week.from.vietnamese) không có ngày làm việc nào",
                    en: "from \(week.from) no weekday is counted")
            }
            for weekday in week.counted.sorted() where week.sessions[weekday, default: []].isEmpty {
                throw .invalid(
                    id, vi: "\(weekday.vietnamese) là ngày làm việc nhưng không có giờ mở cửa",
                    en: "\(weekday.english) is counted but has no sessions")
            }
            for (weekday, sessions) in week.sessions {
                for (early, late) in zip(sessions, sessions.dropFirst()) where late.opens <= early.closes {
                    throw .invalid(
                        id, vi: "\(weekday.vietnamese): các buổi \(early) và \(late) chồng nhau hoặc sai thứ tự",
                        en: "\(weekday.english): sessions \(early) and \(late) touch, overlap or are out of order")
                }
            }
        }
    }

    private static func index(
        id: String, daysOff: [DayOff], within span: ClosedRange<CivilDate>
    ) throws(CalendarError) -> [CivilDate: DayOff] {
        var found: [CivilDate: DayOff] = [:]
        for day in daysOff where day.isInForce {
            guard span.contains(day.date) else {
                throw .invalid(
                    id, vi: "ngày nghỉ \(day.date.vietnamese) nằm ngoài lịch", en: "day off \(day.date) is outside it")
            }
            guard found.updateValue(day, forKey: day.date) == nil else {
                throw .invalid(
                    id, vi: "ngày nghỉ \(day.date.vietnamese) ghi hai lần", en: "day off \(day.date) is listed twice")
            }
        }
        return found
    }

    private static func index(
        id: String, workingDays: [SwappedDay], within span: ClosedRange<CivilDate>
    ) throws(CalendarError) -> [CivilDate: SwappedDay] {
        var found: [CivilDate: SwappedDay] = [:]
        for day in workingDays {
            guard span.contains(day.date), span.contains(day.insteadOf) else {
                throw .invalid(
                    id, vi: "ngày làm bù \(day.date.vietnamese) nằm ngoài lịch",
                    en: "working day \(day.date) or the day it replaces is outside it")
            }
            guard found.updateValue(day, forKey: day.date) == nil else {
                throw .invalid(
                    id, vi: "ngày làm bù \(day.date.vietnamese) ghi hai lần",
                    en: "working day \(day.date) is listed twice")
            }
        }
        return found
    }

    private func check(_ swap: SwappedDay) throws(CalendarError) {
        let date = swap.date
        guard daysOff[date] == nil, !week(of: date).counted.contains(date.weekday) else {
            throw .invalid(
                id, vi: "ngày làm bù \(date.vietnamese) phải là ngày nghỉ hằng tuần, không phải ngày lễ",
                en: "working day \(date) must be a weekly day off and no holiday")
        }
        guard daysOff[swap.insteadOf] != nil, week(of: swap.insteadOf).counted.contains(swap.insteadOf.weekday) else {
            throw .invalid(
                id,
                vi: "ngày làm bù \(date.vietnamese) thay cho \(swap.insteadOf.vietnamese), vốn không phải ngày nghỉ",
                en: "working day \(date) replaces \(swap.insteadOf), which is no weekday off")
        }
        guard !week(of: date).sessions[swap.insteadOf.weekday, default: []].isEmpty else {
            throw .invalid(
                id, vi: "ngày làm bù \(date.vietnamese) không có giờ làm việc",
                en: "working day \(date) has no sessions")
        }
    }

    /// The week in force on `date`; before the first one, the first.
    func week(of date: CivilDate) -> WeeklyHours {
        hours.last { $0.from <= date } ?? hours[0]
    }
}
