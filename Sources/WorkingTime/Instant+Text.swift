extension Instant {
    /// Reads ISO 8601: `2026-02-27T16:30`, with seconds, up to six decimals and `Z` or `±hh:mm` if given.
    /// Without an offset it is Viet Nam's time. `T24:00` is the end of the day. Nil for anything else.
    package init?(iso8601 text: String) {
        guard var cursor = TextCursor(text), let date = CivilDate(reading: &cursor), cursor.skip("T"),
            let hour = cursor.digits(2), cursor.skip(":"), let minute = cursor.digits(2)
        else { return nil }
        var second = 0
        var fraction: Int64 = 0
        if cursor.skip(":") {
            guard let value = cursor.digits(2) else { return nil }
            second = value
            if cursor.skip(".") {
                let run = cursor.digitRun(limit: 7)
                guard (1...6).contains(run), let value = cursor.digits(run) else { return nil }
                fraction = Int64(value)
                for _ in run..<6 { fraction *= 10 }
            }
        }
        guard let time = TimeOfDay(hour: hour, minute: minute, second: second),
            time < .endOfDay || fraction == 0,
            let offset = Instant.readOffset(&cursor), cursor.isAtEnd
        else { return nil }
        let local = Instant(date: date, time: time).adding(microseconds: fraction)
        self = local.adding(seconds: Int64(7 * 3600 - offset))
    }

    /// Seconds east of UTC; +07:00 when nothing follows, nil when what follows is no offset.
    private static func readOffset(_ cursor: inout TextCursor) -> Int? {
        if cursor.isAtEnd { return 7 * 3600 }
        if cursor.skip("Z") { return 0 }
        let sign: Int
        if cursor.skip("+") {
            sign = 1
        } else if cursor.skip("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = cursor.digits(2), cursor.skip(":"), let minutes = cursor.digits(2), hours <= 14,
            minutes <= 59
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    /// `2026-02-27T16:30:00+07:00`; six decimals only when there are microseconds.
    package var iso8601: String { String(capacity: 33, writeISO8601) }
    /// Appends ``iso8601``.
    package func appendISO8601(to bytes: inout [UInt8]) { bytes.append(capacity: 33, writeISO8601) }

    // Every answer holds a dozen: written digit by digit, without texts in between.
    private func writeISO8601(_ cursor: inout DigitCursor) {
        let (year, month, day) = date.parts
        let time = timeOfDay
        let micros = Int(microsecondsOfDay % 1_000_000)
        cursor.put(year, 4, then: "-")
        cursor.put(month, 2, then: "-")
        cursor.put(day, 2, then: "T")
        cursor.put(time.hour, 2, then: ":")
        cursor.put(time.minute, 2, then: ":")
        cursor.put(time.second, 2, then: micros == 0 ? "+" : ".")
        if micros != 0 { cursor.put(micros, 6, then: "+") }
        cursor.put(7, 2, then: ":")
        cursor.put(0, 2)
    }

    /// `Thứ Sáu, 27/02/2026, 16:30`: the moment as a notice says it.
    package var vietnamese: String { String(capacity: 40) { writeVietnamese(&$0) } }
    /// Appends ``vietnamese``.
    package func appendVietnamese(to bytes: inout [UInt8]) { bytes.append(capacity: 40) { writeVietnamese(&$0) } }
    /// `Friday, 27 February 2026, 16:30`.
    package var english: String { String(capacity: 48) { writeEnglish(&$0) } }
    /// Appends ``english``.
    package func appendEnglish(to bytes: inout [UInt8]) { bytes.append(capacity: 48) { writeEnglish(&$0) } }

    /// Like ``vietnamese``, but midnight is 24:00 of the day that ends: the last moment of a deadline.
    package var vietnameseDeadline: String { String(capacity: 40) { writeVietnamese(&$0, isDeadline: true) } }
    /// Appends ``vietnameseDeadline``.
    package func appendVietnameseDeadline(to bytes: inout [UInt8]) {
        bytes.append(capacity: 40) { writeVietnamese(&$0, isDeadline: true) }
    }
    /// Like ``english``, but midnight is 24:00 of the day that ends: the last moment of a deadline.
    package var englishDeadline: String { String(capacity: 48) { writeEnglish(&$0, isDeadline: true) } }
    /// Appends ``englishDeadline``.
    package func appendEnglishDeadline(to bytes: inout [UInt8]) {
        bytes.append(capacity: 48) { writeEnglish(&$0, isDeadline: true) }
    }

    // A page says ten of these: written piece by piece, without texts in between.

    private func writeVietnamese(_ cursor: inout DigitCursor, isDeadline: Bool = false) {
        let date = isDeadline && microsecondsOfDay == 0 ? date.adding(days: -1) : date
        cursor.put(date.weekday.vietnamese)
        cursor.put(", ")
        cursor.putVietnamese(date)
        cursor.put(", ")
        putTime(&cursor, isDeadline: isDeadline)
    }

    private func writeEnglish(_ cursor: inout DigitCursor, isDeadline: Bool = false) {
        let date = isDeadline && microsecondsOfDay == 0 ? date.adding(days: -1) : date
        cursor.put(date.weekday.english)
        cursor.put(", ")
        cursor.putEnglish(date)
        cursor.put(", ")
        putTime(&cursor, isDeadline: isDeadline)
    }

    private func putTime(_ cursor: inout DigitCursor, isDeadline: Bool) {
        let time = timeOfDay
        cursor.put(isDeadline && microsecondsOfDay == 0 ? 24 : time.hour, 2, then: ":")
        cursor.put(time.minute, 2)
    }
}
