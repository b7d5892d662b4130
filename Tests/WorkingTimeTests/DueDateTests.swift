import Testing
import WorkingTime

@Suite struct DueDateTests {
    @Test(arguments: [
        // Nothing is due before it has arrived: after office, or on a rest day, the next working day.
        ("same working day", "2026-03-02T17:00", CountingMode.nextDay, "2026-03-03T17:00"),
        ("same working day", "2026-03-06T20:00", .nextDay, "2026-03-09T17:00"),
        ("same working day", "2026-03-07T09:00", .nextDay, "2026-03-09T17:00"),
        ("1 working day", "2026-03-02T20:00", .receivedDay, "2026-03-03T17:00"),
        ("1 working day", "2026-03-02T10:00", .receivedDay, "2026-03-02T17:00"),
        ("1 working day", "2026-03-02T10:00", .sameDay, "2026-03-02T17:00"),
        // The same hour is clamped into a session: the lunch break belongs to the morning.
        ("1 working day", "2026-03-02T10:15:30", .sameHour, "2026-03-03T10:15:30"),
        ("1 working day", "2026-03-02T12:10", .sameHour, "2026-03-03T11:30"),
        ("1 working day", "2026-03-02T06:00", .sameHour, "2026-03-03T07:30"),
        ("1 working day", "2026-03-02T21:00", .sameHour, "2026-03-03T17:00"),
        ("1 working day", "2026-03-07T10:00", .sameHour, "2026-03-09T17:00"),
        ("2 working days", "2026-04-24T10:00", .sameHour, "2026-04-29T10:00"),
        // Calendar days: the day of receipt is not one of them.
        ("1 calendar day", "2026-03-02T10:00", .nextDay, "2026-03-03T17:00"),
        ("5 calendar days", "2026-03-02T10:00", .nextDay, "2026-03-09T17:00"),
        ("5 calendar days", "2026-03-02T10:00", .receivedDay, "2026-03-06T17:00"),
        ("30 calendar days", "2026-03-02T10:00", .nextDay, "2026-04-01T17:00"),
        ("half working day", "2026-03-02T14:00", .nextDay, "2026-03-03T08:30"),
        ("half working day", "2026-03-02T07:30", .nextDay, "2026-03-02T11:30"),
        ("quarter working day", "2026-03-02T11:00", .sameDay, "2026-03-02T14:30"),
    ])
    func `each way of counting without a cut-off`(
        _ text: String, from: String, counting: CountingMode, expected: String
    ) throws {
        let result = try due(
            after: at(from), limit: limit(text), counting: counting, calendar: VietNamCalendar.state())
        #expect(result.instant == (try at(expected)))
    }

    @Test func `the same hour after the cut-off is the opening of the next day`() throws {
        let result = try due(
            after: at("2026-03-02T15:30"), limit: .workingDays(1), counting: .sameHour, cutOff: cutOff(),
            calendar: VietNamCalendar.state())
        #expect(result.instant == (try at("2026-03-04T07:30")))
    }

    @Test(arguments: [
        // The days of start and end are both lost, even for an hour.
        ("3 working days", [("2026-03-03T10:00", "2026-03-03T11:00")], "2026-03-06T17:00"),
        // A pause answered after the cut-off loses the next working day too.
        ("3 working days", [("2026-03-03T10:00", "2026-03-03T15:01")], "2026-03-09T17:00"),
        // Overlapping pauses are one.
        (
            "3 working days", [("2026-03-03T10:00", "2026-03-05T11:00"), ("2026-03-04T10:00", "2026-03-05T14:00")],
            "2026-03-10T17:00"
        ),
        // What began before the receipt, or never lasted, takes nothing.
        (
            "3 working days", [("2026-02-25T10:00", "2026-02-27T11:00"), ("2026-03-03T10:00", "2026-03-03T10:00")],
            "2026-03-05T17:00"
        ),
        ("3 working days", [("2026-03-04T10:00", "2026-03-03T10:00")], "2026-03-05T17:00"),
        // Calendar days do not run either.
        ("4 calendar days", [("2026-03-03T10:00", "2026-03-04T11:00")], "2026-03-09T17:00"),
        ("same working day", [("2026-03-02T10:00", "2026-03-03T11:00")], "2026-03-04T17:00"),
        // Hours lose the minutes between.
        ("4 working hours", [("2026-03-02T09:30", "2026-03-02T10:30")], "2026-03-02T15:30"),
        (
            "4 working hours", [("2026-03-02T10:00", "2026-03-03T14:00"), ("2026-03-02T09:30", "2026-03-02T10:30")],
            "2026-03-04T08:00"
        ),
        // A limit that ends when the pause starts ends there, not after it.
        ("1 working hour", [("2026-03-02T10:00", "2026-03-03T14:00")], "2026-03-02T10:00"),
    ])
    func `a paused clock does not advance`(
        _ text: String, pauses: [(String, String)], expected: String
    ) throws {
        let result = try due(
            after: at("2026-03-02T09:00"), limit: limit(text), cutOff: cutOff(),
            pauses: pauses.map { Pause(from: try at($0.0), until: try at($0.1)) }, calendar: VietNamCalendar.state())
        #expect(result.instant == (try at(expected)))
    }

    @Test(arguments: [
        (TimeLimit.workingDays(0), CountingMode.nextDay, CalendarError.Code.limitOutOfRange),
        (.workingDays(-1), .nextDay, .limitOutOfRange), (.workingDays(.max), .nextDay, .limitOutOfRange),
        (.workingMinutes(.max), .nextDay, .limitOutOfRange), (.calendarDays(3651), .nextDay, .limitOutOfRange),
        (.workingMinutes(0), .nextDay, .limitOutOfRange),
        (.workingDays(2), .sameDay, .countingMismatch), (.calendarDays(1), .sameHour, .countingMismatch),
        (.calendarDays(1), .sameDay, .countingMismatch),
        (.workingDays(3650), .nextDay, .outsideCalendar), (.calendarDays(3650), .nextDay, .outsideCalendar),
        (.workingMinutes(219_000), .nextDay, .outsideCalendar),
    ])
    func `a limit that cannot be computed is an error, never a guess`(
        _ limit: TimeLimit, counting: CountingMode, code: CalendarError.Code
    ) throws {
        let calendar = try VietNamCalendar.state()
        let start = try at("2027-03-01T09:00")
        let error = #expect(throws: CalendarError.self) {
            try due(after: start, limit: limit, counting: counting, calendar: calendar)
        }
        #expect(error?.code == code)
        #expect(error?.message.vi.isEmpty == false)
    }

    @Test(arguments: ["2022-12-31T10:00", "2028-01-01T10:00", "9999-12-31T23:59:59", "0001-01-01T00:00"])
    func `an arrival outside the calendar is an error`(_ text: String) throws {
        let calendar = try VietNamCalendar.state()
        let start = try at(text)
        for limit in [TimeLimit.sameWorkingDay, .workingDays(1), .workingMinutes(1), .calendarDays(1)] {
            let error = #expect(throws: CalendarError.self) { try due(after: start, limit: limit, calendar: calendar) }
            #expect(error?.code == .outsideCalendar)
        }
        #expect(throws: CalendarError.self) { try latestApology(promised: start, calendar: calendar) }
        #expect(throws: CalendarError.self) { try calendar.nextOpen(after: start) }
    }

    @Test func `the explanation names every day and why it did not count`() throws {
        let explained = try DueExplanation(
            after: at("2026-04-24T15:30"), limit: .workingDays(3), cutOff: cutOff(),
            calendar: VietNamCalendar.state())
        let lines = explained.days.map { "\($0.date) \($0.isCounted ? "+" : "-") \($0.reason.en)" }
        #expect(
            lines == [
                "2026-04-24 - arrived after 15:00, counts as received on the next working day",
                "2026-04-25 - Saturday, weekly day off",
                "2026-04-26 - Holiday",
                "2026-04-27 - Holiday",
                "2026-04-28 - day of receipt, not counted",
                "2026-04-29 + day 1",
                "2026-04-30 - Holiday",
                "2026-05-01 - Holiday",
                "2026-05-02 - Saturday, weekly day off",
                "2026-05-03 - Sunday, weekly day off",
                "2026-05-04 + day 2",
                "2026-05-05 + day 3",
            ])
        #expect(!explained.isProvisional)
    }

    @Test func `the explanation of hours tells closed, paused and used days apart`() throws {
        let explained = try DueExplanation(
            after: at("2026-08-20T18:00"), limit: .workingMinutes(8 * 60 + 30),
            pauses: [Pause(from: at("2026-08-21T07:00"), until: at("2026-08-21T23:00"))],
            calendar: VietNamCalendar.state())
        let lines = explained.days.map { "\($0.date) \($0.isCounted ? "+" : "-") \($0.reason.vi)" }
        #expect(
            lines == [
                "2026-08-20 - ngoài giờ làm việc", "2026-08-21 - đồng hồ tạm dừng, không tính",
                "2026-08-22 + dùng 480 phút làm việc", "2026-08-23 - Chủ Nhật, ngày nghỉ hằng tuần",
                "2026-08-24 + dùng 30 phút làm việc",
            ])
        let swapped = try DueExplanation(
            after: at("2026-08-21T10:00"), limit: .workingDays(1), calendar: VietNamCalendar.state())
        #expect(swapped.days.last?.reason.vi == "ngày thứ 1 (làm bù cho ngày 31/08/2026)")
        let later = try DueExplanation(
            after: at("2027-03-01T10:00"), limit: .workingDays(1), calendar: VietNamCalendar.state())
        #expect(later.isProvisional)
    }
}
