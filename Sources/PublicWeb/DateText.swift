import Notices
import WorkingTime

extension HTMLWriter {
    /// When something happened: with weekday and time, the date alone where the time is unknown (never a fake 00:00).
    mutating func moment(_ instant: Instant) {
        let isDateOnly = instant.timeOfDay == .midnight
        time(instant) { html in
            if isDateOnly {
                let date = instant.date
                html.value(
                    html.language == .vi
                        ? "\(date.weekday.vietnamese), \(date.vietnamese)" : "\(date.weekday.english), \(date.english)")
            } else {
                html.value(html.language == .vi ? instant.vietnamese : instant.english)
            }
        }
    }

    /// The last moment of a deadline, where midnight is 24:00 of the day that ends.
    mutating func deadline(_ instant: Instant) {
        time(instant) { html in
            html.value(html.language == .vi ? instant.vietnameseDeadline : instant.englishDeadline)
        }
    }

    private mutating func time(_ instant: Instant, _ text: (inout HTMLWriter) -> Void) {
        markup("<time datetime=\"")
        value(instant.iso8601)
        markup("\">")
        text(&self)
        markup("</time>")
    }
}
