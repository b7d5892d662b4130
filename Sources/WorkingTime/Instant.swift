/// A point in time to the microsecond. Dates and times of day are those of Viet Nam, UTC+7 all year.
package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00Z; always within the years 1…9999 of Viet Nam's time.
    package let microseconds: Int64

    private static var zone: Int64 { 7 * 3600 * 1_000_000 }
    static var day: Int64 { 86_400 * 1_000_000 }

    /// The first instant of 0001-01-01 in Viet Nam.
    package static var earliest: Instant { Instant(microseconds: .min) }
    /// The last microsecond of 9999-12-31 in Viet Nam.
    package static var latest: Instant { Instant(microseconds: .max) }

    /// The instant at `microseconds` since 1970-01-01T00:00Z, held to ``earliest``…``latest``.
    package init(microseconds: Int64) {
        let low = -719_162 * Instant.day - Instant.zone
        let high = 2_932_897 * Instant.day - Instant.zone - 1
        self.microseconds = min(max(microseconds, low), high)
    }

    /// The instant of a date and time of day in Viet Nam; 24:00 is 00:00 of the next date.
    package init(date: CivilDate, time: TimeOfDay) {
        let seconds = Int64(date.daysSinceEpoch) * 86_400 + Int64(time.secondsOfDay)
        self.init(microseconds: seconds * 1_000_000 - Instant.zone)
    }

    /// The date in Viet Nam.
    package var date: CivilDate {
        CivilDate(daysSinceEpoch: Int(floorDivide(microseconds + Instant.zone, Instant.day)))
    }

    /// Microseconds since local midnight, 0..<86,400,000,000.
    var microsecondsOfDay: Int64 {
        let local = microseconds + Instant.zone
        return local - floorDivide(local, Instant.day) * Instant.day
    }

    /// The time of day in Viet Nam, cut to the second.
    package var timeOfDay: TimeOfDay { TimeOfDay(validSeconds: Int(microsecondsOfDay / 1_000_000)) }

    /// The instant `seconds` later (earlier when negative), held to ``earliest``…``latest``.
    package func adding(seconds: Int64) -> Instant {
        let (change, tooFar) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if tooFar { return seconds > 0 ? .latest : .earliest }
        return adding(microseconds: change)
    }

    /// The instant `change` microseconds later (earlier when negative), held to ``earliest``…``latest``.
    package func adding(microseconds change: Int64) -> Instant {
        let (sum, overflow) = microseconds.addingReportingOverflow(change)
        if overflow { return change > 0 ? .latest : .earliest }
        return Instant(microseconds: sum)
    }

    /// The same as ``iso8601``.
    package var description: String { iso8601 }

    /// Earlier in time.
    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
}
