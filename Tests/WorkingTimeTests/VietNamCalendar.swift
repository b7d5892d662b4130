import WorkingTime

/// The calendar of `Workflows/calendars/vn-state.yaml` in Swift; a test compares the two.
enum VietNamCalendar {
    struct Malformed: Error {
        let text: String
    }

    /// Days off in force: first and last date of each stretch.
    static let daysOff: [(String, String)] = [
        ("2023-01-01", "2023-01-02"), ("2023-01-20", "2023-01-26"), ("2023-04-29", "2023-05-03"),
        ("2023-09-01", "2023-09-02"), ("2023-09-04", "2023-09-04"),
        ("2024-01-01", "2024-01-01"), ("2024-02-08", "2024-02-14"), ("2024-04-18", "2024-04-18"),
        ("2024-04-29", "2024-05-01"), ("2024-09-02", "2024-09-03"),
        ("2025-01-01", "2025-01-01"), ("2025-01-27", "2025-01-31"), ("2025-04-07", "2025-04-07"),
        ("2025-04-30", "2025-05-02"), ("2025-09-01", "2025-09-02"),
        ("2026-01-01", "2026-01-02"), ("2026-02-16", "2026-02-20"), ("2026-04-26", "2026-04-27"),
        ("2026-04-30", "2026-05-01"), ("2026-08-31", "2026-09-02"),
        ("2027-01-01", "2027-01-01"), ("2027-02-05", "2027-02-11"), ("2027-04-16", "2027-04-16"),
        ("2027-04-30", "2027-05-01"), ("2027-05-03", "2027-05-03"), ("2027-09-02", "2027-09-03"),
    ]
    static let notInForce = ["2026-11-24", "2027-11-24"]
    static let swapped: [(String, String)] = [
        ("2024-05-04", "2024-04-29"), ("2025-04-26", "2025-05-02"), ("2026-01-10", "2026-01-02"),
        ("2026-08-22", "2026-08-31"),
    ]
    static let weekdays: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday]
    static let holiday = BilingualText(vi: "Ngày nghỉ lễ", en: "Holiday")

    static func state() throws -> OfficeCalendar {
        try make(hours: [week(from: "2023-01-01")])
    }

    static func make(
        firstYear: Int = 2023, lastYear: Int = 2027, provisional: [Int] = [2027], hours: [WeeklyHours],
        extraDaysOff: [DayOff] = [], extraWork: [SwappedDay] = []
    ) throws -> OfficeCalendar {
        var off = extraDaysOff
        for (first, last) in daysOff {
            guard let range = DayOff.range(try date(first), through: try date(last), reason: holiday) else {
                throw Malformed(text: first)
            }
            off += range
        }
        off += try notInForce.map { DayOff(try date($0), reason: holiday, isInForce: false) }
        return try OfficeCalendar(
            id: "vn-state", name: BilingualText(vi: "Cơ quan nhà nước", en: "State offices"), firstYear: firstYear,
            lastYear: lastYear, provisionalYears: provisional, hours: hours, daysOff: off,
            workingDays: try swapped.map { SwappedDay(try date($0.0), insteadOf: try date($0.1)) } + extraWork,
            contentHash: "fixture")
    }

    static func week(
        from: String, saturday: [String] = [], sessions: [String] = ["07:30-11:30", "13:00-17:00"],
        counted: [Weekday] = weekdays
    ) throws -> WeeklyHours {
        var days: [Weekday: [OfficeSession]] = [:]
        for day in weekdays { days[day] = try sessions.map(session) }
        if !saturday.isEmpty { days[.saturday] = try saturday.map(session) }
        return WeeklyHours(from: try date(from), sessions: days, counted: Set(counted))
    }

    static func session(_ text: String) throws -> OfficeSession {
        guard let session = OfficeSession(text) else { throw Malformed(text: text) }
        return session
    }
}

func date(_ text: String) throws -> CivilDate {
    guard let date = CivilDate(text) else { throw VietNamCalendar.Malformed(text: text) }
    return date
}

func at(_ text: String) throws -> Instant {
    guard let instant = Instant(iso8601: text) else { throw VietNamCalendar.Malformed(text: text) }
    return instant
}

func limit(_ text: String) throws -> TimeLimit {
    guard let limit = TimeLimit(text) else { throw VietNamCalendar.Malformed(text: text) }
    return limit
}

func cutOff(_ text: String = "15:00") throws -> CutOff {
    guard let time = TimeOfDay(text) else { throw VietNamCalendar.Malformed(text: text) }
    return CutOff(at: time)
}

/// SplitMix64: the same numbers from the same seed on every machine.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
