/// Every day between receipt and due date with what it counted for: what `motcua due` prints and a court can follow.
package struct DueExplanation: Hashable, Sendable {
    /// One day of the explanation.
    package struct Day: Hashable, Sendable {
        /// The date.
        package let date: CivilDate
        /// Whether the limit advanced on this day.
        package let isCounted: Bool
        /// What it counted for, or why it did not.
        package let reason: BilingualText
    }

    /// When the clock started.
    package let start: Instant
    /// The limit.
    package let limit: TimeLimit
    /// How days were counted.
    package let counting: CountingMode
    /// The result, the same as that of ``due(after:limit:counting:cutOff:pauses:calendar:)``.
    package let due: DueDate
    /// The days from the date of `start` to the due date, in order, each once.
    package let days: [Day]
    /// True when the due date falls in a year whose holidays are not fixed yet.
    package let isProvisional: Bool

    /// Computes the due date and keeps every day on the way.
    /// - Throws: as ``due(after:limit:counting:cutOff:pauses:calendar:)``.
    package init(
        after start: Instant, limit: TimeLimit, counting: CountingMode = .nextDay, cutOff: CutOff? = nil,
        pauses: [Pause] = [], calendar: OfficeCalendar
    ) throws(CalendarError) {
        var marks: [(CivilDate, DayMark)] = []
        self.due = try dueDate(after: start, limit, counting, cutOff, pauses, calendar) { marks.append(($0, $1)) }
        self.start = start
        self.limit = limit
        self.counting = counting
        var days: [Day] = []
        for (date, mark) in marks {
            days.append(DueExplanation.explain(date, mark, limit, cutOff, try calendar.kind(of: date)))
        }
        self.days = days
        self.isProvisional = calendar.isProvisional(due.instant.date)
    }

    private static func explain(
        _ date: CivilDate, _ mark: DayMark, _ limit: TimeLimit, _ cutOff: CutOff?, _ kind: DayKind
    ) -> Day {
        switch mark {
        case .received:
            return Day(
                date: date, isCounted: false,
                reason: BilingualText(vi: "ngày tiếp nhận, không tính", en: "day of receipt, not counted"))
        case .afterCutOff:
            let hour = cutOff.map { $0.at.description } ?? "24:00"
            return Day(
                date: date, isCounted: false,
                reason: BilingualText(
                    vi: "tiếp nhận sau \(hour), tính như tiếp nhận ngày làm việc kế tiếp",
                    en: "arrived after \(hour), counts as received on the next working day"))
        case .counted(let number):
            return Day(date: date, isCounted: true, reason: counted(number, limit, kind))
        case .used(let microseconds):
            let minutes = microseconds / 60_000_000
            return Day(
                date: date, isCounted: true,
                reason: BilingualText(vi: "dùng \(minutes) phút làm việc", en: "\(minutes) office minutes used"))
        case .paused:
            return Day(
                date: date, isCounted: false,
                reason: BilingualText(vi: "đồng hồ tạm dừng, không tính", en: "clock paused, not counted"))
        case .notCounted:
            return Day(date: date, isCounted: false, reason: skipped(date, kind))
        }
    }

    private static func counted(_ number: Int, _ limit: TimeLimit, _ kind: DayKind) -> BilingualText {
        var text =
            limit == .sameWorkingDay
            ? BilingualText(vi: "hạn trong ngày làm việc này", en: "due within this working day")
            : BilingualText(vi: "ngày thứ \(number)", en: "day \(number)")
        if case .swapped(let swap) = kind {
            text.vi += " (làm bù cho ngày \(swap.insteadOf.vietnamese))"
            text.en += " (worked instead of \(swap.insteadOf))"
        }
        return text
    }

    private static func skipped(_ date: CivilDate, _ kind: DayKind) -> BilingualText {
        switch kind {
        case .off(let off): off.reason
        case .weeklyRest:
            BilingualText(
                vi: "\(date.weekday.vietnamese), ngày nghỉ hằng tuần", en: "\(date.weekday.english), weekly day off")
        case .working, .swapped:
            BilingualText(vi: "ngoài giờ làm việc", en: "after office hours")
        }
    }
}
