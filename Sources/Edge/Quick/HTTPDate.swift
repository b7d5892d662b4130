import Synchronization

/// The `Date` header (RFC 9110, 5.6.7), written once a second.
final class HTTPDate: Sendable {
    private let written = Mutex<(second: Int64, line: [UInt8])>((.min, []))

    /// The whole line of the header for a time in microseconds since 1970 UTC.
    func line(_ microseconds: Int64) -> [UInt8] {
        let second = microseconds / 1_000_000
        return written.withLock { written in
            if written.second != second { written = (second, Self.line(second: second)) }
            return written.line
        }
    }

    private static let days: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Date: Sun, 06 Nov 1994 08:49:37 GMT` with its line end; for times from 1970 on.
    static func line(second: Int64) -> [UInt8] {
        let second = Int(clamping: max(0, second))
        let (day, time) = (second / 86_400, second % 86_400)
        let date = civil(day: day)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return Array(
            """
            Date: \(days[day % 7]), \(two(date.day)) \(months[date.month - 1]) \(date.year) \
            \(two(time / 3_600)):\(two(time / 60 % 60)):\(two(time % 60)) GMT\r\n
            """.utf8)
    }

    /// The Gregorian date of a day counted from 1970-01-01, by the rule of 400-year eras that begin on 1 March.
    private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let ofEra = shifted % 146_097
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, ofYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
