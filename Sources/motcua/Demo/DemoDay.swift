import WorkingTime

/// The day that is played: a Monday on which 2.002621 is in force, and its office hours.
struct DemoDay: Sendable {
    let clock: DayClock
    /// How many times as fast as the machine's clock.
    let speed: Int
    let date: CivilDate

    /// Monday 24 August 2026.
    static let date = CivilDate(year: 2026, month: 8, day: 24) ?? .earliest
    private static let opening = at(7, 30)
    private static let lunch = at(11, 30)
    private static let afternoon = at(13, 0)
    private static let close = at(17, 0)

    init(speed: Int) {
        self.speed = min(max(speed, 1), 5_000)
        date = DemoDay.date
        clock = DayClock(start: Instant(date: date, time: DemoDay.opening))
    }

    /// Whether desks are open.
    func isOpen(at now: Instant) -> Bool {
        let time = now.timeOfDay
        return now.date == date
            && ((DemoDay.opening..<DemoDay.lunch).contains(time)
                || (DemoDay.afternoon..<DemoDay.close).contains(time))
    }

    /// Whether the day is over.
    func isOver(at now: Instant) -> Bool {
        now.date > date || now.timeOfDay >= DemoDay.close
    }

    /// The share of the day that is over, in thousandths.
    func progress(at now: Instant) -> Int {
        if isOver(at: now) { return 1000 }
        let start = DemoDay.opening.secondsOfDay
        let done = now.timeOfDay.secondsOfDay - start
        return min(max(done * 1000 / (DemoDay.close.secondsOfDay - start), 0), 1000)
    }

    /// How long something has waited in office hours of the day, in legal minutes.
    func minutesWaited(since opened: Instant, at now: Instant) -> Int {
        let overLunch =
            opened.date == now.date && opened.timeOfDay < DemoDay.afternoon && now.timeOfDay >= DemoDay.lunch
        let seconds = (now.microseconds - opened.microseconds) / 1_000_000
        let lunch = DemoDay.afternoon.secondsOfDay - DemoDay.lunch.secondsOfDay
        return Int(max(seconds - Int64(overLunch ? lunch : 0), 0) / 60)
    }

    /// Runs the clock from opening to close, quickly over lunch, slowly while the players are behind (so that a slow
    /// machine plays the same day, only longer), and lets it go at its own pace afterwards.
    func play(isBehind: @Sendable () -> Bool, each tick: @Sendable (Instant) -> Void) async throws {
        clock.run(at: speed)
        while true {
            let now = clock.now()
            tick(now)
            if isOver(at: now) { break }
            let usual = isOpen(at: now) ? speed : min(speed * 6, 10_000)
            clock.run(at: isBehind() ? max(speed / 12, 1) : usual)
            try await Task.sleep(for: .milliseconds(50))
        }
        clock.run(at: 1)
    }

    private static func at(_ hour: Int, _ minute: Int) -> TimeOfDay {
        TimeOfDay(hour: hour, minute: minute) ?? .midnight
    }
}

extension TimeOfDay {
    /// `08:05`.
    var minuteText: String {
        let minutes = String(minute)
        return "\(hour < 10 ? "0" : "")\(hour):\(minutes.utf8.count < 2 ? "0" : "")\(minutes)"
    }
}
