/// How long the law, a step or an applicant has.
package enum TimeLimit: Hashable, Sendable, CustomStringConvertible {
    /// Until the close of the effective day.
    case sameWorkingDay
    /// Working days, 1…3650.
    case workingDays(Int)
    /// Office minutes, at least 1; half a working day is 240, a quarter 120 (clock.md, rule 5).
    case workingMinutes(Int)
    /// Calendar days, 1…3650; a last day that is not counted moves to the next counted day (Civil Code, art. 148).
    case calendarDays(Int)

    /// The largest number of days or hours that a limit may have.
    package static let greatestCount = 3650

    /// Whether the number is within 1…3650 days or hours.
    package var isInRange: Bool {
        switch self {
        case .sameWorkingDay: true
        case .workingDays(let count), .calendarDays(let count): (1...TimeLimit.greatestCount).contains(count)
        case .workingMinutes(let count): (1...TimeLimit.greatestCount * 60).contains(count)
        }
    }

    /// Whether lateness is judged by the instant (same-day and hour limits) and not by the date (clock.md, rule 19).
    package var isJudgedByInstant: Bool {
        switch self {
        case .sameWorkingDay, .workingMinutes: true
        case .workingDays, .calendarDays: false
        }
    }

    /// The language's spelling, as ``init(_:)`` reads it: `3 working days`, `4 working hours`.
    package var description: String {
        switch self {
        case .sameWorkingDay: "same working day"
        case .workingDays(let count): "\(count) working \(count == 1 ? "day" : "days")"
        case .workingMinutes(let count) where count % 60 == 0:
            "\(count / 60) working \(count == 60 ? "hour" : "hours")"
        case .workingMinutes(let count): "\(count) working \(count == 1 ? "minute" : "minutes")"
        case .calendarDays(let count): "\(count) calendar \(count == 1 ? "day" : "days")"
        }
    }

    /// How notices say it: `3 ngày làm việc`, `3 working days`.
    package var wording: BilingualText {
        let vi =
            switch self {
            case .sameWorkingDay: "trong ngày làm việc"
            case .workingDays(let count): "\(count) ngày làm việc"
            case .workingMinutes(let count) where count % 60 == 0: "\(count / 60) giờ làm việc"
            case .workingMinutes(let count): "\(count) phút làm việc"
            case .calendarDays(let count): "\(count) ngày"
            }
        return BilingualText(vi: vi, en: description)
    }

    /// Reads the language's spelling: `same working day`, `half working day`, `quarter working day`, or a number from
    /// 1 to 3650 with `working day(s)`, `working hour(s)`, `calendar day(s)`; `working minutes` up to 219,000.
    /// Nil for anything else: a bare number, `3 days`, `P3D`, two spaces. 1 takes the singular, other numbers the
    /// plural.
    package init?(_ text: String) {
        switch text {
        case "same working day": self = .sameWorkingDay
        case "half working day": self = .workingMinutes(240)
        case "quarter working day": self = .workingMinutes(120)
        default:
            guard text.utf8.count <= 32, let space = text.firstIndex(of: " "),
                let count = TimeLimit.readCount(text[..<space])
            else { return nil }
            let unit = text[text.index(after: space)...]
            let limit: TimeLimit? =
                switch (unit, count == 1) {
                case ("working day", true), ("working days", false): .workingDays(count)
                case ("working hour", true), ("working hours", false):
                    count <= TimeLimit.greatestCount ? .workingMinutes(count * 60) : nil
                case ("working minute", true), ("working minutes", false): .workingMinutes(count)
                case ("calendar day", true), ("calendar days", false): .calendarDays(count)
                default: nil
                }
            guard let limit, limit.isInRange else { return nil }
            self = limit
        }
    }

    private static func readCount(_ text: Substring) -> Int? {
        guard text.utf8.count <= 6, text.utf8.first != 0x30, var cursor = TextCursor(String(text)),
            let count = cursor.digits(text.utf8.count), cursor.isAtEnd, count > 0
        else { return nil }
        return count
    }
}

/// From which day a limit in days counts (clock.md, rule 4); a limit in hours has none.
package enum CountingMode: String, Hashable, Sendable, CaseIterable {
    /// The day of receipt is not counted (Civil Code, art. 147). The default.
    case nextDay = "next-day"
    /// The day of receipt is day 1.
    case receivedDay = "received-day"
    /// The close of the day of receipt; only for one working day.
    case sameDay = "same-day"
    /// The n-th working day after receipt, at the hour of receipt.
    case sameHour = "same-hour"

    /// Whether this mode has a meaning for `limit`. ``due(after:limit:counting:cutOff:pauses:calendar:)`` refuses
    /// others.
    package func suits(_ limit: TimeLimit) -> Bool {
        switch (self, limit) {
        case (_, .sameWorkingDay), (_, .workingMinutes), (.nextDay, _), (.receivedDay, _): true
        case (.sameDay, .workingDays(let count)): count == 1
        case (.sameHour, .workingDays): true
        case (.sameDay, .calendarDays), (.sameHour, .calendarDays): false
        }
    }
}

/// The hour after which a receipt counts as the next working day's; the hour itself is still in time.
package struct CutOff: Hashable, Sendable {
    /// The last moment in time: 15:00:00 is in time, 15:00:00.000001 is not.
    package let at: TimeOfDay

    /// Makes a cut-off.
    package init(at: TimeOfDay) { self.at = at }
}

/// A stretch in which the clock does not run.
package struct Pause: Hashable, Sendable {
    /// When it began.
    package let from: Instant
    /// When it ended; a pause that is still open has no due date to compute.
    package let until: Instant

    /// Makes a pause; one that does not end after its start is ignored.
    package init(from: Instant, until: Instant) {
        self.from = from
        self.until = until
    }
}
