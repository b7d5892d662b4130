/// Why a date could not be computed, or why a calendar was refused, in plain words.
package struct CalendarError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure; callers branch on these, people read ``CalendarError/message``.
    package enum Code: String, Hashable, Sendable {
        /// The calendar does not list the year: a date is never guessed.
        case outsideCalendar = "outside-calendar"
        /// The office has no session on that day.
        case closedDay = "closed-day"
        /// A limit outside 1…3650 days or hours.
        case limitOutOfRange = "limit-out-of-range"
        /// A counting mode that has no meaning for this kind of limit.
        case countingMismatch = "counting-mismatch"
        /// The calendar itself contradicts itself.
        case invalidCalendar = "invalid-calendar"
    }

    /// The kind of failure.
    package let code: Code
    /// What happened, for people.
    package let message: BilingualText

    /// Makes an error of `code` that says `vi` and `en`.
    package init(_ code: Code, vi: String, en: String) {
        self.code = code
        self.message = BilingualText(vi: vi, en: en)
    }

    /// The code and the English message.
    package var description: String { "\(code.rawValue): \(message.en)" }

    static func outside(_ date: CivilDate, _ calendar: OfficeCalendar) -> CalendarError {
        CalendarError(
            .outsideCalendar,
            vi: "Ngày \(date.vietnamese) nằm ngoài lịch \(calendar.id) (\(calendar.firstYear)–\(calendar.lastYear)).",
            en: "\(date) is outside calendar \(calendar.id) (\(calendar.firstYear)–\(calendar.lastYear)).")
    }

    static func invalid(_ id: String, vi: String, en: String) -> CalendarError {
        CalendarError(.invalidCalendar, vi: "Lịch \(id): \(vi)", en: "Calendar \(id): \(en)")
    }
}
