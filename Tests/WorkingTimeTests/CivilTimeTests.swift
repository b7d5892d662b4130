import Testing
import WorkingTime

@Suite struct CivilTimeTests {
    @Test func `two centuries of dates agree with counting them one by one`() throws {
        var expected = (year: 1900, month: 1, day: 1, weekday: 1)  // 1 January 1900 was a Monday
        var date = try #require(CivilDate(year: 1900, month: 1, day: 1))
        #expect(date.daysSinceEpoch == -25_567)
        while expected.year <= 2100 {
            guard date.parts == (expected.year, expected.month, expected.day),
                date.weekday.rawValue == expected.weekday,
                CivilDate(year: expected.year, month: expected.month, day: expected.day) == date,
                CivilDate(date.description) == date
            else {
                Issue.record("\(expected) is \(date)")
                return
            }
            let isLeap = expected.year % 400 == 0 || (expected.year % 4 == 0 && expected.year % 100 != 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            #expect(
                CivilDate(year: expected.year, month: expected.month, day: lengths[expected.month - 1] + 1) == nil)
            expected.day += 1
            if expected.day > lengths[expected.month - 1] { (expected.day, expected.month) = (1, expected.month + 1) }
            if expected.month > 12 { (expected.month, expected.year) = (1, expected.year + 1) }
            expected.weekday = expected.weekday % 7 + 1
            date = date.adding(days: 1)
        }
        #expect(date == CivilDate(year: 2101, month: 1, day: 1))
    }

    @Test(arguments: [
        "2026-02-30", "2025-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "2026-1-1", "26-01-01",
        "2026-01-01 ", " 2026-01-01", "2026/01/01", "", "2026-01-0a", "-026-01-01", "２０２６-01-01", "10000-01-01",
    ])
    func `what is no date is refused`(_ text: String) { #expect(CivilDate(text) == nil) }

    @Test func `arithmetic stops at the ends of time`() {
        #expect(CivilDate.latest.adding(days: .max) == .latest)
        #expect(CivilDate.earliest.adding(days: .min) == .earliest)
        #expect(CivilDate.latest.description == "9999-12-31")
        #expect(CivilDate.earliest.description == "0001-01-01")
        #expect(Instant.latest.adding(seconds: .max) == .latest)
        #expect(Instant.earliest.adding(seconds: .min) == .earliest)
        #expect(Instant.latest.iso8601 == "9999-12-31T23:59:59.999999+07:00")
        #expect(Instant.earliest.iso8601 == "0001-01-01T00:00:00+07:00")
        #expect(Instant(date: .latest, time: .endOfDay) == .latest)
        #expect(Instant.earliest.vietnameseDeadline == "Thứ Hai, 01/01/0001, 24:00")
    }

    @Test(arguments: [
        ("2026-02-27T16:30:00+07:00", Int64(1_772_184_600_000_000), "2026-02-27T16:30:00+07:00"),
        ("2026-02-27T16:30", 1_772_184_600_000_000, "2026-02-27T16:30:00+07:00"),
        ("2026-02-27T09:30:00Z", 1_772_184_600_000_000, "2026-02-27T16:30:00+07:00"),
        ("2026-02-27T09:30:00.5Z", 1_772_184_600_500_000, "2026-02-27T16:30:00.500000+07:00"),
        ("2026-02-26T23:00:00.000001-10:30", 1_772_184_600_000_001, "2026-02-27T16:30:00.000001+07:00"),
        ("2026-02-26T24:00", 1_772_125_200_000_000, "2026-02-27T00:00:00+07:00"),
        ("1970-01-01T00:00:00Z", 0, "1970-01-01T07:00:00+07:00"),
        ("1969-12-31T23:59:59.999999Z", -1, "1970-01-01T06:59:59.999999+07:00"),
        ("1969-12-31T16:59:59Z", -25_201_000_000, "1969-12-31T23:59:59+07:00"),
    ])
    func `instants are read and written in ISO 8601`(_ text: String, microseconds: Int64, printed: String) throws {
        let instant = try #require(Instant(iso8601: text))
        #expect(instant.microseconds == microseconds)
        #expect(instant.iso8601 == printed)
    }

    @Test(arguments: [
        "", "2026-02-27", "2026-02-27T16", "2026-02-27 16:30", "2026-02-27T25:00", "2026-02-27T24:01",
        "2026-02-27T16:60", "2026-02-27T16:30:61", "2026-02-27T16:30:00.", "2026-02-27T16:30:00.1234567",
        "2026-02-27T16:30:00+7", "2026-02-27T16:30:00+15:00", "2026-02-27T16:30:00+07:60", "2026-02-27T16:30:00z",
        "2026-02-27T24:00:00.5", "2026-02-27T16:30x", "2026-02-30T16:30", "2026-02-27T16:30:00+07:00 ",
        String(repeating: "2", count: 100_000),
    ])
    func `what is no instant is refused`(_ text: String) { #expect(Instant(iso8601: text) == nil) }

    @Test func `a notice says the day of the week`() throws {
        let instant = try at("2026-02-27T16:30:45")
        #expect(instant.vietnamese == "Thứ Sáu, 27/02/2026, 16:30")
        #expect(instant.english == "Friday, 27 February 2026, 16:30")
        #expect(try at("2026-03-01T00:00").vietnamese == "Chủ Nhật, 01/03/2026, 00:00")
        #expect(Set(Weekday.allCases.map(\.vietnamese)).count == 7)
        #expect(Weekday.allCases.allSatisfy { Weekday(key: $0.key) == $0 })
        #expect(Weekday(key: "Monday") == nil)
    }

    @Test(arguments: ["00:00", "07:30", "15:00", "15:00:01", "23:59:59", "24:00"])
    func `times of day round-trip`(_ text: String) { #expect(TimeOfDay(text)?.description == text) }

    @Test(arguments: ["", "7:30", "24:01", "24:00:01", "12:60", "12:00:60", "12", "12:00:", "12:00:00:00", "ab:cd"])
    func `what is no time is refused`(_ text: String) { #expect(TimeOfDay(text) == nil) }

    @Test(arguments: ["", "07:30", "07:30-07:30", "11:30-07:30", "07:30-11:30-13:00", "07:30–11:30", "-", "07:30-"])
    func `what is no session is refused`(_ text: String) { #expect(OfficeSession(text) == nil) }

    @Test(arguments: [
        ("same working day", TimeLimit.sameWorkingDay, "same working day", "trong ngày làm việc"),
        ("1 working day", .workingDays(1), "1 working day", "1 ngày làm việc"),
        ("3 working days", .workingDays(3), "3 working days", "3 ngày làm việc"),
        ("3650 working days", .workingDays(3650), "3650 working days", "3650 ngày làm việc"),
        ("half working day", .workingMinutes(240), "4 working hours", "4 giờ làm việc"),
        ("quarter working day", .workingMinutes(120), "2 working hours", "2 giờ làm việc"),
        ("1 working hour", .workingMinutes(60), "1 working hour", "1 giờ làm việc"),
        ("90 working minutes", .workingMinutes(90), "90 working minutes", "90 phút làm việc"),
        ("30 calendar days", .calendarDays(30), "30 calendar days", "30 ngày"),
    ])
    func `limits are read and written in the language's words`(
        _ text: String, expected: TimeLimit, printed: String, vietnamese: String
    ) throws {
        let limit = try #require(TimeLimit(text))
        #expect(limit == expected)
        #expect(limit.description == printed)
        #expect(TimeLimit(limit.description) == limit)
        #expect(limit.wording.vi == vietnamese)
    }

    @Test(arguments: [
        "", "3", "P3D", "3 days", "0 working days", "-1 working days", "3651 working days", "3651 working hours",
        "219001 working minutes", "1 working days", "3 working day", "3  working days", " 3 working days",
        "03 working days", "3 Working days", "99999999999999999999 working days", "١ working day", "working days",
        "3.5 working days", "3 working days ",
    ])
    func `what is no limit is refused`(_ text: String) { #expect(TimeLimit(text) == nil) }
}
