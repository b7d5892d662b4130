/// A stretch of open office time, without pauses; never empty.
struct OpenStretch {
    let from: Instant
    let until: Instant

    var length: Int64 { until.microseconds - from.microseconds }
}

extension OfficeCalendar {
    /// The office minutes between two instants outside the pauses, cut to the minute; 0 when `to` is not later.
    /// - Throws: `.outsideCalendar`.
    package func workingMinutes(
        from: Instant, to: Instant, pauses: [Pause] = []
    ) throws(CalendarError) -> Int {
        guard from < to else { return 0 }
        let paused = union(of: pauses)
        var total: Int64 = 0
        var day = from.date
        while day <= to.date {
            for stretch in try openStretches(on: day, from: from, to: to, paused: paused) { total += stretch.length }
            day = day.adding(days: 1)
        }
        return Int(total / 60_000_000)
    }

    /// The open time of `date` between two instants, with pauses (sorted, apart from each other) cut out.
    func openStretches(
        on date: CivilDate, from: Instant, to: Instant, paused: [Pause]
    ) throws(CalendarError) -> [OpenStretch] {
        var result: [OpenStretch] = []
        for session in try sessions(on: date) {
            var start = max(from, Instant(date: date, time: session.opens))
            let end = min(to, Instant(date: date, time: session.closes))
            for pause in paused where pause.until > start && pause.from < end {
                if start < pause.from { result.append(OpenStretch(from: start, until: pause.from)) }
                start = pause.until
            }
            if start < end { result.append(OpenStretch(from: start, until: end)) }
        }
        return result
    }
}

/// The pauses joined where they touch or overlap, in order; empty ones dropped.
func union(of pauses: [Pause]) -> [Pause] {
    var result: [Pause] = []
    for pause in pauses.filter({ $0.from < $0.until }).sorted(by: { $0.from < $1.from }) {
        if let last = result.last, pause.from <= last.until {
            result[result.count - 1] = Pause(from: last.from, until: max(last.until, pause.until))
        } else {
            result.append(pause)
        }
    }
    return result
}
