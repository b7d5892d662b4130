import Testing
import WorkingTime

/// The fixtures 1–9 of the legal clock, computed by two independent programs before this one was written.
@Suite struct LegalClockFixtureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var number: String
        var from: String
        var limit: String
        var due: String
        var received: String?
        var counting = CountingMode.nextDay
        var cutOff: String? = "15:00"
        var pause: (String, String)?
        var testDescription: String { "\(number): \(limit) from \(from)" }
    }

    static let days: [Case] = [
        Case(
            number: "1a", from: "2026-04-24T15:30", limit: "3 working days", due: "2026-05-05T17:00",
            received: "2026-04-28"),
        Case(
            number: "1b", from: "2026-04-24T15:00:00", limit: "3 working days", due: "2026-05-04T17:00",
            received: "2026-04-24"),
        Case(
            number: "1c", from: "2026-04-24T15:00:01", limit: "3 working days", due: "2026-05-05T17:00",
            received: "2026-04-28"),
        Case(number: "1a birth", from: "2026-04-24T15:30", limit: "same working day", due: "2026-04-28T17:00"),
        Case(number: "1b birth", from: "2026-04-24T15:00", limit: "same working day", due: "2026-04-24T17:00"),
        Case(number: "1c birth", from: "2026-04-24T15:00:01", limit: "same working day", due: "2026-04-28T17:00"),
        Case(
            number: "1a received-day", from: "2026-04-24T15:30", limit: "3 working days", due: "2026-05-04T17:00",
            counting: .receivedDay),
        Case(
            number: "1b received-day", from: "2026-04-24T15:00", limit: "3 working days", due: "2026-04-29T17:00",
            counting: .receivedDay),
        Case(
            number: "2a", from: "2025-04-25T10:00", limit: "3 working days", due: "2025-04-29T17:00",
            received: "2025-04-25"),
        Case(
            number: "2b", from: "2025-04-25T15:01", limit: "3 working days", due: "2025-05-05T17:00",
            received: "2025-04-26"),
        Case(number: "2b birth", from: "2025-04-25T15:01", limit: "same working day", due: "2025-04-26T17:00"),
        Case(number: "3", from: "2026-02-12T14:00", limit: "3 working days", due: "2026-02-24T17:00"),
        Case(
            number: "4a", from: "2025-12-31T15:20", limit: "3 working days", due: "2026-01-08T17:00",
            received: "2026-01-05"),
        Case(
            number: "4b", from: "2025-12-31T15:20", limit: "5 working days", due: "2026-01-10T17:00",
            received: "2026-01-05"),
        Case(number: "4 birth", from: "2025-12-31T15:20", limit: "same working day", due: "2026-01-05T17:00"),
        Case(number: "5 whole", from: "2026-08-19T09:00", limit: "3 working days", due: "2026-08-22T17:00"),
        Case(number: "5 whole, verified", from: "2026-08-19T09:00", limit: "5 working days", due: "2026-08-25T17:00"),
        // A linked dossier has no cut-off of its own: transferred at 16:40, received the same day.
        Case(
            number: "5 residence", from: "2026-08-19T16:40", limit: "2 working days", due: "2026-08-21T17:00",
            cutOff: nil),
        Case(
            number: "5 residence, verified", from: "2026-08-19T16:40", limit: "5 working days", due: "2026-08-25T17:00",
            cutOff: nil),
        Case(number: "5 wrong", from: "2026-08-19T16:40", limit: "5 working days", due: "2026-08-26T17:00"),
        Case(number: "6 first", from: "2026-08-24T08:00", limit: "3 working days", due: "2026-08-27T17:00"),
        Case(
            number: "6a restart", from: "2026-08-28T15:05", limit: "3 working days", due: "2026-09-08T17:00",
            received: "2026-09-03"),
        Case(
            number: "6b restart", from: "2026-08-28T14:55", limit: "3 working days", due: "2026-09-07T17:00",
            received: "2026-08-28"),
        Case(number: "7 whole", from: "2026-03-02T09:00", limit: "3 working days", due: "2026-03-05T17:00"),
        Case(
            number: "7 residence", from: "2026-03-02T09:00", limit: "2 working days", due: "2026-03-04T17:00",
            cutOff: nil),
        // Consent is asked and given through the desk, so the cut-off holds for the restart of the child's clock.
        Case(
            number: "7a residence restart", from: "2026-03-09T14:00", limit: "2 working days", due: "2026-03-11T17:00"),
        Case(
            number: "7b residence restart", from: "2026-03-09T15:10", limit: "2 working days", due: "2026-03-12T17:00"),
        Case(
            number: "8 first", from: "2026-04-13T08:00", limit: "8 working days", due: "2026-04-23T17:00", cutOff: nil),
        Case(
            number: "8 one clock", from: "2026-04-13T08:00", limit: "8 working days", due: "2026-05-08T17:00",
            cutOff: nil,
            pause: ("2026-04-16T16:00", "2026-04-28T10:00")),
        Case(
            number: "8 phase 1", from: "2026-04-13T08:00", limit: "4 working days", due: "2026-04-17T17:00", cutOff: nil
        ),
        Case(
            number: "8 phase 2", from: "2026-04-28T10:00", limit: "4 working days", due: "2026-05-06T17:00", cutOff: nil
        ),
        Case(number: "9", from: "2025-08-29T16:00", limit: "4 working hours", due: "2025-09-03T10:30"),
        Case(number: "9", from: "2025-08-29T13:00", limit: "4 working hours", due: "2025-08-29T17:00"),
        Case(number: "9", from: "2026-03-10T10:30", limit: "2 working hours", due: "2026-03-10T14:00"),
        Case(number: "9", from: "2025-04-25T16:30", limit: "2 working hours", due: "2025-04-26T09:00"),
        Case(
            number: "9", from: "2026-03-07T20:00", limit: "8 working hours", due: "2026-03-09T17:00",
            received: "2026-03-09"),
        Case(number: "9", from: "2025-08-22T09:00", limit: "10 calendar days", due: "2025-09-03T17:00"),
    ]

    @Test(arguments: days) func `a limit ends when the law says`(_ row: Case) throws {
        let pauses = try row.pause.map { [Pause(from: try at($0.0), until: try at($0.1))] } ?? []
        let cut = try row.cutOff.map { try cutOff($0) }
        let calendar = try VietNamCalendar.state()
        let result = try due(
            after: try at(row.from), limit: try limit(row.limit), counting: row.counting, cutOff: cut, pauses: pauses,
            calendar: calendar)
        #expect(result.instant == (try at(row.due)))
        if let received = row.received { #expect(result.effectiveDay == (try date(received))) }

        let explained = try DueExplanation(
            after: try at(row.from), limit: try limit(row.limit), counting: row.counting, cutOff: cut, pauses: pauses,
            calendar: calendar)
        #expect(explained.due == result)
        #expect(explained.days.first?.date == (try at(row.from)).date)
        #expect(explained.days.last?.date == result.instant.date)
        #expect(zip(explained.days, explained.days.dropFirst()).allSatisfy { $0.date.adding(days: 1) == $1.date })
    }

    @Test(arguments: [
        ("3", "2026-02-13T10:00", "7 working days", "2026-03-03T24:00", ApplicantChannel.online),
        ("3 at the desk", "2026-02-13T10:00", "7 working days", "2026-03-03T17:00", .desk),
        ("6", "2026-08-26T14:00", "7 working days", "2026-09-09T24:00", .online),
        ("late in the day", "2026-08-26T23:59", "7 working days", "2026-09-09T24:00", .online),
        ("a last day that is off", "2025-08-22T23:00", "10 calendar days", "2025-09-03T24:00", .online),
        ("hours", "2026-03-10T10:30", "2 working hours", "2026-03-10T14:00", .online),
    ])
    func `an applicant has until the end of the last day`(
        _ name: String, notice: String, text: String, expected: String, channel: ApplicantChannel
    ) throws {
        let end = try applicantDeadline(
            noticeAt: try at(notice), limit: try limit(text), channel: channel, calendar: VietNamCalendar.state())
        #expect(end == (try at(expected)), "\(name)")
    }

    @Test func `24 o'clock is shown on the day that ends`() throws {
        let end = try at("2026-03-03T24:00")
        #expect(end.iso8601 == "2026-03-04T00:00:00+07:00")
        #expect(end.vietnameseDeadline == "Thứ Ba, 03/03/2026, 24:00")
        #expect(end.englishDeadline == "Tuesday, 3 March 2026, 24:00")
        #expect(try at("2026-03-03T17:00").vietnameseDeadline == "Thứ Ba, 03/03/2026, 17:00")
    }

    @Test(arguments: [
        ("2026-02-24T17:00", "2026-02-23T17:00"),  // fixture 3
        ("2026-02-23T17:00", "2026-02-13T17:00"),  // before Tết
        ("2026-05-04T17:00", "2026-04-29T17:00"),
        ("2026-08-22T17:00", "2026-08-21T17:00"),
        ("2026-08-24T17:00", "2026-08-22T17:00"),  // the swapped Saturday counts
        ("2026-03-03T24:00", "2026-03-02T17:00"),  // a promise at 24:00 is one of the third
    ])
    func `an apology leaves a day before the promise`(promised: String, latest: String) throws {
        #expect(try latestApology(promised: at(promised), calendar: VietNamCalendar.state()) == at(latest))
    }

    @Test(arguments: [
        ("2026-04-24T15:00", "2026-04-24T15:00"), ("2026-04-24T15:00:01", "2026-04-28T07:30"),
        ("2026-04-25T09:00", "2026-04-28T07:30"), ("2026-04-24T06:00", "2026-04-24T06:00"),
    ])
    func `paper after the cut-off goes on when the office next opens`(arrived: String, expected: String) throws {
        let calendar = try VietNamCalendar.state()
        #expect(try handOver(of: at(arrived), cutOff: cutOff(), calendar: calendar) == at(expected))
    }

    @Test(arguments: [
        ("2026-05-03T23:59", "2026-05-04T17:00", "3 working days", Lateness.early),
        ("2026-05-04T08:00", "2026-05-04T17:00", "3 working days", .onTime),
        ("2026-05-04T23:59", "2026-05-04T17:00", "3 working days", .onTime),
        ("2026-05-05T00:00", "2026-05-04T17:00", "3 working days", .late),
        ("2026-05-04T23:00", "2026-05-04T24:00", "30 calendar days", .onTime),
        ("2026-05-04T16:59", "2026-05-04T17:00", "same working day", .early),
        ("2026-05-04T17:00", "2026-05-04T17:00", "4 working hours", .onTime),
        ("2026-05-04T17:00:00.000001", "2026-05-04T17:00", "same working day", .late),
    ])
    func `lateness compares dates, and instants for short limits`(
        finished: String, promised: String, text: String, expected: Lateness
    ) throws {
        #expect(try lateness(finished: at(finished), promised: at(promised), limit: limit(text)) == expected)
    }
}
