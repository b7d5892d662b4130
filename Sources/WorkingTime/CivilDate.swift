/// A date of the Gregorian calendar, 0001-01-01…9999-12-31, without a time.
package struct CivilDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01; negative before.
    package let daysSinceEpoch: Int

    /// 0001-01-01, below which arithmetic does not go.
    package static var earliest: CivilDate { CivilDate(daysSinceEpoch: -719_162) }
    /// 9999-12-31, above which arithmetic does not go.
    package static var latest: CivilDate { CivilDate(daysSinceEpoch: 2_932_896) }

    /// The date that many days after 1970-01-01, held to ``earliest``…``latest``.
    package init(daysSinceEpoch: Int) {
        self.daysSinceEpoch = min(max(daysSinceEpoch, -719_162), 2_932_896)
    }

    /// Makes a date; nil when it does not exist (30 February) or the year is not 1…9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.daysIn(month: month, year: year)
        else { return nil }
        self.init(daysSinceEpoch: CivilDate.days(year, month, day))
    }

    /// Reads `2026-02-27`; nil for anything else.
    package init?(_ text: String) {
        guard var cursor = TextCursor(text), let date = CivilDate(reading: &cursor), cursor.isAtEnd else { return nil }
        self = date
    }

    init?(reading cursor: inout TextCursor) {
        guard let year = cursor.digits(4), cursor.skip("-"), let month = cursor.digits(2), cursor.skip("-"),
            let day = cursor.digits(2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Year, month and day at once; cheaper than asking for each.
    package var parts: (year: Int, month: Int, day: Int) {
        // Years start in March here, so that the leap day is the last of its year; eras have 400 years, 146,097 days.
        let shifted = daysSinceEpoch + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// The year, 1…9999.
    package var year: Int { parts.year }
    /// The month, 1…12.
    package var month: Int { parts.month }
    /// The day of the month, 1…31.
    package var day: Int { parts.day }

    /// The day of the week.
    package var weekday: Weekday {
        // 1970-01-01 was a Thursday.
        let index = daysSinceEpoch + 3 - floorDivide(daysSinceEpoch + 3, 7) * 7
        return Weekday(rawValue: index + 1) ?? .monday
    }

    /// The date `days` later (earlier when negative), held to ``earliest``…``latest``.
    package func adding(days: Int) -> CivilDate {
        let (sum, overflow) = daysSinceEpoch.addingReportingOverflow(days)
        if overflow { return days > 0 ? .latest : .earliest }
        return CivilDate(daysSinceEpoch: sum)
    }

    /// `2026-02-27`.
    package var description: String {
        let (year, month, day) = parts
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// `27/02/2026`.
    package var vietnamese: String {
        String(unsafeUninitializedCapacity: 12) { bytes in
            var cursor = DigitCursor(bytes)
            cursor.putVietnamese(self)
            return cursor.count
        }
    }

    /// `27 February 2026`.
    package var english: String {
        String(unsafeUninitializedCapacity: 24) { bytes in
            var cursor = DigitCursor(bytes)
            cursor.putEnglish(self)
            return cursor.count
        }
    }

    /// Earlier in time.
    package static func < (left: CivilDate, right: CivilDate) -> Bool { left.daysSinceEpoch < right.daysSinceEpoch }

    private static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = floorDivide(shiftedYear, 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Division that rounds down, also below zero; `divisor` is a positive constant at every call.
func floorDivide<N: BinaryInteger>(_ value: N, _ divisor: N) -> N {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}

extension DigitCursor {
    /// Writes `27/02/2026`.
    mutating func putVietnamese(_ date: CivilDate) {
        let (year, month, day) = date.parts
        put(day, 2, then: "/")
        put(month, 2, then: "/")
        put(year, 4)
    }

    /// Writes `27 February 2026`.
    mutating func putEnglish(_ date: CivilDate) {
        let (year, month, day) = date.parts
        put(day, day < 10 ? 1 : 2, then: " ")
        put(DigitCursor.months[month - 1])
        put(" ")
        // Years are not padded in words.
        put(year, year < 10 ? 1 : year < 100 ? 2 : year < 1000 ? 3 : 4)
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
