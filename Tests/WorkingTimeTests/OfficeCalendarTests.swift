import Foundation
import Testing
import WorkingTime

@Suite struct OfficeCalendarTests {
    @Test(arguments: [
        ("2026-04-24", true), ("2026-04-25", false), ("2026-04-26", false), ("2026-04-27", false),
        ("2026-08-22", true), ("2026-08-31", false), ("2025-04-26", true), ("2024-05-04", true),
        ("2026-11-24", true), ("2027-02-11", false), ("2023-01-02", false), ("2027-12-31", true),
    ])
    func `working days are those of the published calendar`(_ day: String, counted: Bool) throws {
        #expect(try VietNamCalendar.state().isCounted(date(day)) == counted)
    }

    @Test(arguments: ["2022-12-31", "2028-01-01", "0001-01-01", "9999-12-31"])
    func `a date outside the calendar is an error`(_ day: String) throws {
        let calendar = try VietNamCalendar.state()
        let outside = try date(day)
        let error = #expect(throws: CalendarError.self) { try calendar.isCounted(outside) }
        #expect(error?.code == .outsideCalendar)
        #expect(throws: CalendarError.self) { try calendar.sessions(on: outside) }
    }

    @Test func `an hours change holds from its date`() throws {
        let calendar = try VietNamCalendar.make(hours: [
            VietNamCalendar.week(from: "2026-04-16", sessions: ["07:00-11:30", "13:30-17:00"]),
            VietNamCalendar.week(from: "2023-01-01"),
        ])
        #expect(try calendar.opening(of: date("2026-04-15")) == at("2026-04-15T07:30"))
        #expect(try calendar.opening(of: date("2026-04-16")) == at("2026-04-16T07:00"))
        #expect(try calendar.sessions(on: date("2026-04-16")).map(\.description) == ["07:00-11:30", "13:30-17:00"])
    }

    @Test func `a Saturday desk is open, but its Saturdays are not counted`() throws {
        let tet = DayOff(try date("2026-02-14"), reason: VietNamCalendar.holiday)
        let desk = try VietNamCalendar.state().extended(
            id: "vn-state-saturday", name: BilingualText(vi: "Sáng thứ Bảy", en: "Saturday mornings"),
            hours: [VietNamCalendar.week(from: "2023-01-01", saturday: ["07:30-11:30"])], daysOff: [tet],
            workingDays: [], contentHash: "desk")
        #expect(try !desk.isCounted(date("2026-03-07")))
        #expect(try desk.close(of: date("2026-03-07")) == at("2026-03-07T11:30"))
        #expect(try desk.sessions(on: date("2026-02-14")).isEmpty)
        #expect(try desk.sessions(on: date("2027-05-01")).isEmpty, "a holiday on a Saturday closes the desk")
        #expect(try desk.close(of: date("2026-08-22")) == at("2026-08-22T17:00"), "a swapped Saturday is a full day")
        #expect(try desk.nextOpen(after: at("2026-03-06T17:00")) == at("2026-03-07T07:30"))
        let days = try due(after: at("2026-03-06T10:00"), limit: .workingDays(1), calendar: desk)
        #expect(days.instant == (try at("2026-03-09T17:00")))
        let hours = try due(after: at("2026-03-06T16:00"), limit: .workingMinutes(180), calendar: desk)
        #expect(hours.instant == (try at("2026-03-07T09:30")))
    }

    @Test(arguments: [
        ("2026-03-02T06:00", "2026-03-02T07:30"), ("2026-03-02T07:30", "2026-03-02T07:30"),
        ("2026-03-02T11:30", "2026-03-02T13:00"), ("2026-03-02T16:59:59", "2026-03-02T16:59:59"),
        ("2026-03-02T17:00", "2026-03-03T07:30"), ("2026-02-13T17:00", "2026-02-23T07:30"),
    ])
    func `the office opens next`(_ from: String, expected: String) throws {
        #expect(try VietNamCalendar.state().nextOpen(after: at(from)) == at(expected))
    }

    @Test func `days and minutes are measured between two moments`() throws {
        let calendar = try VietNamCalendar.state()
        #expect(try calendar.countedDays(from: date("2026-04-24"), to: date("2026-05-05")) == 4)
        #expect(try calendar.countedDays(from: date("2026-05-05"), to: date("2026-04-24")) == 0)
        #expect(try calendar.countedDays(from: date("2026-05-05"), to: date("2026-05-05")) == 0)
        #expect(try calendar.workingMinutes(from: at("2026-03-02T11:00"), to: at("2026-03-03T08:00")) == 300)
        #expect(try calendar.workingMinutes(from: at("2026-03-03T08:00"), to: at("2026-03-02T11:00")) == 0)
        let pause = Pause(from: try at("2026-03-02T12:00"), until: try at("2026-03-02T14:00"))
        let minutes = try calendar.workingMinutes(
            from: at("2026-03-02T11:00"), to: at("2026-03-03T08:00"), pauses: [pause, pause])
        #expect(minutes == 240)
        #expect(throws: CalendarError.self) {
            try calendar.workingMinutes(from: .earliest, to: .latest)
        }
    }

    @Test(arguments: [
        "years", "years too many", "no hours", "hours start late", "same start", "nothing counted",
        "counted but closed",
        "overlap", "off twice", "off outside", "swap on a working day", "swap on a holiday", "swap for nothing",
        "swap twice", "provisional outside",
    ])
    func `a calendar that contradicts itself is refused`(_ fault: String) throws {
        let error = #expect(throws: CalendarError.self) { try faulty(fault) }
        #expect(error?.code == .invalidCalendar)
    }

    private func faulty(_ fault: String) throws {
        let week = try VietNamCalendar.week(from: "2023-01-01")
        func off(_ text: String) throws -> DayOff { DayOff(try date(text), reason: VietNamCalendar.holiday) }
        func swap(_ text: String, _ instead: String) throws -> SwappedDay {
            SwappedDay(try date(text), insteadOf: try date(instead))
        }
        func make(_ hours: [WeeklyHours], _ daysOff: [DayOff] = [], _ work: [SwappedDay] = []) throws {
            _ = try VietNamCalendar.make(hours: hours, extraDaysOff: daysOff, extraWork: work)
        }
        switch fault {
        case "years": _ = try VietNamCalendar.make(firstYear: 2027, lastYear: 2023, hours: [week])
        case "years too many": _ = try VietNamCalendar.make(firstYear: .min, lastYear: 2027, hours: [week])
        case "no hours": try make([])
        case "hours start late": try make([VietNamCalendar.week(from: "2023-01-02")])
        case "same start": try make([week, week])
        case "nothing counted": try make([VietNamCalendar.week(from: "2023-01-01", counted: [])])
        case "counted but closed": try make([VietNamCalendar.week(from: "2023-01-01", counted: [.saturday])])
        case "overlap": try make([VietNamCalendar.week(from: "2023-01-01", sessions: ["07:30-11:30", "11:00-17:00"])])
        case "off twice": try make([week], [off("2026-01-01")])
        case "off outside": try make([week], [off("2028-01-01")])
        case "swap on a working day": try make([week], [], [swap("2026-03-02", "2026-01-01")])
        case "swap on a holiday": try make([week], [], [swap("2026-04-26", "2026-04-27")])
        case "swap for nothing": try make([week], [], [swap("2026-03-07", "2026-03-06")])
        case "swap twice": try make([week], [], [swap("2026-08-22", "2026-09-01")])
        default: _ = try VietNamCalendar.make(provisional: [2028], hours: [week])
        }
    }

    /// The file and the fixture are written apart; a date changed in one of them only would make every other test lie.
    @Test func `the calendar file has the days of this fixture`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "Workflows/calendars/vn-state.yaml"), encoding: .utf8)
        var off: Set<CivilDate> = []
        var dormant: Set<CivilDate> = []
        var swapped: [CivilDate: CivilDate] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("  - {") {
            let dates = line.matches(of: /(?:date|from|to|instead-of): (\d{4}-\d{2}-\d{2})/).compactMap {
                CivilDate(String($0.1))
            }
            let first = try #require(dates.first)
            let last = try #require(dates.last)
            if line.contains("instead-of") {
                swapped[first] = last
            } else {
                let range = try #require(DayOff.range(first, through: last, reason: VietNamCalendar.holiday))
                #expect(!range.isEmpty)
                for day in range where line.contains("in-force: false") { dormant.insert(day.date) }
                for day in range where !line.contains("in-force: false") {
                    #expect(off.insert(day.date).inserted, "\(day.date) is listed twice")
                }
            }
        }
        let calendar = try VietNamCalendar.state()
        #expect(off == Set(calendar.daysOff.keys))
        #expect(dormant == Set(try VietNamCalendar.notInForce.map(date)))
        #expect(swapped == calendar.swappedDays.mapValues(\.insteadOf))
    }
}
