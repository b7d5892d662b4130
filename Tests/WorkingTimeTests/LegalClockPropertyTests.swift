import Testing
import WorkingTime

/// Laws of the clock on thousands of cases; the seed in the failure repeats the case.
@Suite struct LegalClockPropertyTests {
    static let seeds: [UInt64] = [1, 2, 3, 20_260_227, 0xDEAD_BEEF]
    static let countings: [CountingMode] = [.nextDay, .receivedDay, .sameDay, .sameHour]

    /// A draw from the middle of the calendar, with edges of sessions and cut-offs more often than chance.
    struct Draw {
        var generator: SplitMix64

        mutating func instant() throws -> Instant {
            let day = try date("2023-02-01").adding(days: Int.random(in: 0..<1500, using: &generator))
            let edges = ["07:30", "11:30", "13:00", "15:00", "17:00", "24:00", "00:00"].compactMap { TimeOfDay($0) }
            let edge = Instant(date: day, time: edges.randomElement(using: &generator) ?? .midnight)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: return edge
            case 1: return edge.adding(microseconds: Int64.random(in: -2...2, using: &generator))
            default: return edge.adding(seconds: Int64.random(in: -40_000...40_000, using: &generator))
            }
        }

        mutating func limit(for counting: CountingMode) -> TimeLimit {
            let count = Int.random(in: 1...20, using: &generator)
            let drawn: TimeLimit =
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: .sameWorkingDay
                case 1: .workingMinutes(count * 37)
                case 2: .calendarDays(count)
                default: .workingDays(count)
                }
            return counting.suits(drawn) ? drawn : .workingDays(1)
        }

        mutating func pauses() throws -> [Pause] {
            try (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                let from = try instant()
                return Pause(from: from, until: from.adding(seconds: Int64.random(in: -9...900_000, using: &generator)))
            }
        }

        mutating func near(_ instant: Instant) -> Instant {
            instant.adding(seconds: Int64.random(in: 0...400_000, using: &generator))
        }

        mutating func cut() throws -> CutOff? { Bool.random(using: &generator) ? try cutOff() : nil }
    }

    static func calendars() throws -> [OfficeCalendar] {
        let seasons = try [
            VietNamCalendar.week(from: "2023-01-01", saturday: ["07:30-11:30"]),
            VietNamCalendar.week(
                from: "2024-04-16", saturday: ["08:00-11:00"], sessions: ["07:00-11:30", "13:30-17:00"]),
            VietNamCalendar.week(from: "2025-10-16", sessions: ["08:00-12:00", "13:00-17:00"]),
        ]
        return [try VietNamCalendar.state(), try VietNamCalendar.make(hours: seasons)]
    }

    @Test(arguments: seeds) func `a later acceptance never gives an earlier due`(_ seed: UInt64) throws {
        var draw = Draw(generator: SplitMix64(seed: seed))
        for calendar in try Self.calendars() {
            for _ in 0..<1500 {
                let counting = Self.countings.randomElement(using: &draw.generator) ?? .nextDay
                let (limit, cut, early) = (draw.limit(for: counting), try draw.cut(), try draw.instant())
                let late = draw.near(early)
                let first = try due(after: early, limit: limit, counting: counting, cutOff: cut, calendar: calendar)
                let second = try due(after: late, limit: limit, counting: counting, cutOff: cut, calendar: calendar)
                #expect(
                    first.instant <= second.instant,
                    "seed \(seed): \(limit), \(counting), \(early) due \(first), \(late) due \(second)")
                #expect(first.effectiveDay <= second.effectiveDay)
            }
        }
    }

    @Test(arguments: seeds) func `a pause never makes a due earlier`(_ seed: UInt64) throws {
        var draw = Draw(generator: SplitMix64(seed: seed))
        let calendar = try VietNamCalendar.state()
        for _ in 0..<1500 {
            let counting = Self.countings.randomElement(using: &draw.generator) ?? .nextDay
            let (limit, cut, start) = (draw.limit(for: counting), try draw.cut(), try draw.instant())
            let from = draw.near(start)
            var pauses = [Pause(from: from, until: draw.near(from))]
            pauses += try draw.pauses()
            let plain = try due(after: start, limit: limit, counting: counting, cutOff: cut, calendar: calendar)
            var previous = plain.instant
            for count in 1...pauses.count {
                let paused = try due(
                    after: start, limit: limit, counting: counting, cutOff: cut, pauses: Array(pauses.prefix(count)),
                    calendar: calendar)
                #expect(previous <= paused.instant, "seed \(seed): \(limit), \(counting), \(start), \(pauses)")
                previous = paused.instant
            }
        }
    }

    @Test(arguments: seeds) func `a due lands on open time, and days on the close of a working day`(
        _ seed: UInt64
    ) throws {
        var draw = Draw(generator: SplitMix64(seed: seed))
        for calendar in try Self.calendars() {
            for _ in 0..<1000 {
                let counting = Self.countings.randomElement(using: &draw.generator) ?? .nextDay
                let (limit, cut, start) = (draw.limit(for: counting), try draw.cut(), try draw.instant())
                let result = try due(after: start, limit: limit, counting: counting, cutOff: cut, calendar: calendar)
                let day = result.instant.date
                #expect(result.instant > start || counting == .sameHour, "seed \(seed): \(limit), \(start)")
                let sessions = try calendar.sessions(on: day)
                let isOpen = sessions.contains {
                    result.instant >= Instant(date: day, time: $0.opens)
                        && result.instant <= Instant(date: day, time: $0.closes)
                }
                #expect(isOpen, "seed \(seed): \(limit), \(start), \(result)")
                if case .workingMinutes = limit {
                    let opens = sessions.contains { result.instant == Instant(date: day, time: $0.opens) }
                    #expect(!opens, "seed \(seed): a limit in hours ended at the start of a session")
                } else if counting != .sameHour || limit == .sameWorkingDay {
                    #expect(result.instant == (try calendar.close(of: day)))
                    #expect(try calendar.isCounted(day))
                }
            }
        }
    }

    @Test(arguments: seeds) func `minutes added are the minutes measured`(_ seed: UInt64) throws {
        var draw = Draw(generator: SplitMix64(seed: seed))
        for calendar in try Self.calendars() {
            for _ in 0..<1000 {
                let (start, minutes) = (try draw.instant(), Int.random(in: 1...3000, using: &draw.generator))
                let pauses = try draw.pauses() + [Pause(from: draw.near(start), until: draw.near(draw.near(start)))]
                let end = try due(after: start, limit: .workingMinutes(minutes), pauses: pauses, calendar: calendar)
                let measured = try calendar.workingMinutes(from: start, to: end.instant, pauses: pauses)
                #expect(measured == minutes, "seed \(seed): \(minutes) from \(start), \(pauses)")
            }
        }
    }

    @Test(arguments: seeds) func `working days added are the working days counted`(_ seed: UInt64) throws {
        var draw = Draw(generator: SplitMix64(seed: seed))
        let calendar = try VietNamCalendar.state()
        for _ in 0..<1000 {
            let (start, count) = (try draw.instant(), Int.random(in: 1...60, using: &draw.generator))
            let result = try due(after: start, limit: .workingDays(count), cutOff: try draw.cut(), calendar: calendar)
            #expect(try calendar.countedDays(from: result.effectiveDay, to: result.instant.date) == count)
        }
    }

    @Test(arguments: seeds) func `an apology is in time and as late as it may be`(_ seed: UInt64) throws {
        var draw = Draw(generator: SplitMix64(seed: seed))
        let calendar = try VietNamCalendar.state()
        for _ in 0..<1000 {
            let promised = try due(after: try draw.instant(), limit: .workingDays(2), calendar: calendar).instant
            let apology = try latestApology(promised: promised, calendar: calendar)
            #expect(apology.date < promised.date)
            #expect(try calendar.countedDays(from: apology.date, to: promised.date) == 1)
        }
    }

    @Test(arguments: seeds) func `instants and limits survive being written and read`(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<5000 {
            let instant = Instant(
                microseconds: Int64.random(in: .min ... .max, using: &generator)
                    >> Int64.random(in: 0...20, using: &generator))
            #expect(Instant(iso8601: instant.iso8601) == instant)
            #expect(Instant(date: instant.date, time: instant.timeOfDay) <= instant)
            for (text, append) in [
                (instant.iso8601, instant.appendISO8601), (instant.vietnamese, instant.appendVietnamese),
                (instant.english, instant.appendEnglish),
                (instant.vietnameseDeadline, instant.appendVietnameseDeadline),
                (instant.englishDeadline, instant.appendEnglishDeadline),
            ] {
                var bytes = Array("· ".utf8)
                append(&bytes)
                #expect(String(decoding: bytes, as: UTF8.self) == "· " + text)
            }
            let count = Int.random(in: 1...3650, using: &generator)
            for limit in [
                TimeLimit.workingDays(count), .workingMinutes(count), .workingMinutes(count * 60), .calendarDays(count),
            ] {
                #expect(TimeLimit(limit.description) == limit)
            }
        }
    }

    @Test(arguments: seeds) func `no text makes a parser trap`(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("0123456789-:T.Z+ workingdayshcl²é\u{0}")
        for _ in 0..<3000 {
            let length = Int.random(in: 0...40, using: &generator)
            let text = String((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "0" })
            if let instant = Instant(iso8601: text) { #expect(Instant(iso8601: instant.iso8601) == instant) }
            if let limit = TimeLimit(text) { #expect(limit.isInRange) }
            if let date = CivilDate(text) { #expect(CivilDate(date.description) == date) }
            if let session = OfficeSession(text) { #expect(OfficeSession(session.description) == session) }
        }
    }
}
