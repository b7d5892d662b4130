import Notices
import PublicFeed
import WorkingTime

/// How figures are written.
enum FigureText {
    /// `1.234` in Vietnamese, `1,234` in English; less than nothing with a minus sign.
    static func whole(_ number: Int64, _ language: Language) -> String {
        let digits = Array(String(number.magnitude).utf8)
        var grouped: [UInt8] = number < 0 ? Array("\u{2212}".utf8) : []
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 {
                grouped.append(language == .vi ? UInt8(ascii: ".") : UInt8(ascii: ","))
            }
            grouped.append(digit)
        }
        return String(decoding: grouped, as: UTF8.self)
    }

    /// Hundredths of a per cent: `97,25%`, `97.25%`.
    static func share(_ hundredths: Int64, _ language: Language) -> String {
        let rest = hundredths.magnitude % 100
        return "\(hundredths / 100)\(language == .vi ? "," : ".")\(rest < 10 ? "0" : "")\(rest)%"
    }

    /// Days of 24 hours with one decimal, hours below one day, minutes below one hour: `3,4 ngày`, `5 giờ`, `12 phút`.
    static func time(_ seconds: Int64, _ language: Language) -> String {
        if seconds < 3_570 {
            let minutes = (seconds + 30) / 60
            return language == .vi ? "\(minutes) phút" : minutes == 1 ? "1 minute" : "\(minutes) minutes"
        }
        if seconds < 86_400 {
            let hours = (seconds + 1_800) / 3_600
            return language == .vi ? "\(hours) giờ" : hours == 1 ? "1 hour" : "\(hours) hours"
        }
        let tenths = (seconds + 4_320) / 8_640
        let mark = language == .vi ? "," : "."
        return "\(whole(tenths / 10, language))\(mark)\(tenths % 10) \(language == .vi ? "ngày" : "days")"
    }

    /// An indicator's figure; a dash where there is nothing to divide by.
    static func indicator(_ indicator: Indicator, _ row: StatisticRow, _ language: Language) -> String {
        guard let value = indicator.value(row) else { return "–" }
        return indicator.unit == .share ? share(value, language) : time(value, language)
    }
}

extension HTMLWriter {
    /// A whole number, grouped.
    mutating func figure(_ number: Int64) { value(FigureText.whole(number, language)) }

    /// A whole number, or that it is held back.
    mutating func figure(_ number: Int64?) {
        if let number {
            figure(number)
        } else {
            say(
                "<abbr title=\"Không công bố ô có số nhỏ\">ẩn</abbr>",
                "<abbr title=\"Small cells are not published\">n/p</abbr>")
        }
    }

    /// A month's name.
    mutating func month(_ month: StatisticMonth) { value(language == .vi ? month.vietnamese : month.english) }

    /// A day with its weekday.
    mutating func day(_ day: CivilDate) {
        markup("<time datetime=\"")
        value(day.description)
        markup("\">")
        value(
            language == .vi
                ? "\(day.weekday.vietnamese), \(day.vietnamese)" : "\(day.weekday.english), \(day.english)")
        markup("</time>")
    }

    /// A table's cell with a number.
    mutating func cell(_ number: Int64?) {
        markup("<td>")
        figure(number)
        markup("</td>")
    }
}
