/// A time on the wall clock in Viet Nam, 00:00…24:00, to the second; 24:00 is the end of the day.
package struct TimeOfDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Seconds since midnight, 0…86,400.
    package let secondsOfDay: Int

    /// Makes a time; nil when an hour, minute or second does not exist. 24:00:00 exists, 24:01 does not.
    package init?(hour: Int, minute: Int, second: Int = 0) {
        guard (0...24).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        self.init(secondsOfDay: hour * 3600 + minute * 60 + second)
    }

    /// Makes a time from seconds since midnight; nil outside 0…86,400.
    package init?(secondsOfDay: Int) {
        guard (0...86_400).contains(secondsOfDay) else { return nil }
        self.secondsOfDay = secondsOfDay
    }

    /// Reads `15:00` or `15:00:01`; nil for anything else.
    package init?(_ text: String) {
        guard var cursor = TextCursor(text), let hour = cursor.digits(2), cursor.skip(":"),
            let minute = cursor.digits(2)
        else { return nil }
        var second = 0
        if cursor.skip(":") {
            guard let value = cursor.digits(2) else { return nil }
            second = value
        }
        guard cursor.isAtEnd else { return nil }
        self.init(hour: hour, minute: minute, second: second)
    }

    init(validSeconds: Int) { secondsOfDay = validSeconds }

    /// 00:00, the start of the day.
    package static var midnight: TimeOfDay { TimeOfDay(validSeconds: 0) }
    /// 24:00, the end of the day.
    package static var endOfDay: TimeOfDay { TimeOfDay(validSeconds: 86_400) }

    /// The hour, 0…24.
    package var hour: Int { secondsOfDay / 3600 }
    /// The minute, 0…59.
    package var minute: Int { secondsOfDay / 60 % 60 }
    /// The second, 0…59.
    package var second: Int { secondsOfDay % 60 }

    /// `15:00`, with seconds only when there are any.
    package var description: String {
        let short = "\(padded(hour, 2)):\(padded(minute, 2))"
        return second == 0 ? short : "\(short):\(padded(second, 2))"
    }

    /// Earlier on the wall clock.
    package static func < (left: TimeOfDay, right: TimeOfDay) -> Bool { left.secondsOfDay < right.secondsOfDay }
}
