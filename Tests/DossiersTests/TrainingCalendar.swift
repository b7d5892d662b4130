import WorkingTime

/// Viet Nam's state offices 2025–2026, as far as these tests walk: the days of the fixtures in clock.md.
enum TrainingCalendar {
    static func state() throws -> OfficeCalendar {
        var sessions: [Weekday: [OfficeSession]] = [:]
        let days: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday]
        for day in days { sessions[day] = ["07:30-11:30", "13:00-17:00"].compactMap(OfficeSession.init(_:)) }
        let rest = [
            "2025-01-01", "2025-04-07", "2025-04-30", "2025-05-01", "2025-05-02", "2025-09-01", "2025-09-02",
            "2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20",
            "2026-04-27", "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02",
        ]
        let swaps = [("2025-04-26", "2025-05-02"), ("2026-01-10", "2026-01-02"), ("2026-08-22", "2026-08-31")]
        let start = try date("2023-01-01")
        return try OfficeCalendar(
            id: "vn-state", name: BilingualText(vi: "Cơ quan nhà nước", en: "State offices"), firstYear: 2023,
            lastYear: 2030, hours: [WeeklyHours(from: start, sessions: sessions, counted: Set(days))],
            daysOff: try rest.map { DayOff(try date($0), reason: BilingualText(vi: "Nghỉ", en: "Off")) },
            workingDays: try swaps.map { SwappedDay(try date($0.0), insteadOf: try date($0.1)) },
            contentHash: "calendar-1")
    }

    static func date(_ text: String) throws -> CivilDate {
        guard let date = CivilDate(text) else { throw NotADate(text: text) }
        return date
    }
}

struct NotADate: Error { var text: String }

/// An instant of Viet Nam's time, as `2026-02-27T16:30`.
func at(_ text: String) throws -> Instant {
    guard let instant = Instant(iso8601: text) else { throw NotADate(text: text) }
    return instant
}
