import Notices
import WorkingTime

extension HTMLWriter {
    /// When something happened: with weekday and time, the date alone where the time is unknown (never a fake 00:00).
    mutating func moment(_ instant: Instant) {
        if instant.timeOfDay == .midnight {
            let date = instant.date
            let text =
                isVietnamese
                ? "\(date.weekday.vietnamese), \(date.vietnamese)" : "\(date.weekday.english), \(date.english)"
            time(instant) { $0.append(contentsOf: text.utf8) }
        } else {
            time(instant, isVietnamese ? instant.appendVietnamese : instant.appendEnglish)
        }
    }

    /// The last moment of a deadline, where midnight is 24:00 of the day that ends.
    mutating func deadline(_ instant: Instant) {
        time(instant, isVietnamese ? instant.appendVietnameseDeadline : instant.appendEnglishDeadline)
    }

    private mutating func time(_ instant: Instant, _ text: (inout [UInt8]) -> Void) {
        markup("<time datetime=\"")
        plain(instant.appendISO8601)
        markup("\">")
        plain(text)
        markup("</time>")
    }
}
