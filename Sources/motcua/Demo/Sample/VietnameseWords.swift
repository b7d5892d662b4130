import WorkingTime

/// Numbers and dates as Vietnamese documents write them in words.
enum VietnameseWords {
    /// `ngày mười lăm tháng bảy năm hai nghìn không trăm hai mươi sáu`.
    static func date(_ date: CivilDate) -> String {
        let month = date.month == 4 ? "tư" : number(date.month)
        return "ngày \(number(date.day)) tháng \(month) năm \(number(date.year))"
    }

    /// 0…9999 in words; others as digits.
    static func number(_ value: Int) -> String {
        guard (0...9999).contains(value) else { return String(value) }
        if value < 100 { return small(value) }
        var parts: [String] = []
        if value >= 1000 { parts.append("\(units[value / 1000]) nghìn") }
        let rest = value % 1000
        if value >= 1000, rest == 0 { return parts[0] }
        // After thousands the hundreds are said even when there are none.
        parts.append("\(units[rest / 100]) trăm")
        let last = rest % 100
        if last == 0 { return parts.joined(separator: " ") }
        parts.append(last < 10 ? "linh \(last == 4 ? "tư" : units[last])" : small(last))
        return parts.joined(separator: " ")
    }

    private static let units = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]

    private static func small(_ value: Int) -> String {
        if value < 10 { return units[value] }
        let (tens, unit) = (value / 10, value % 10)
        let head = tens == 1 ? "mười" : "\(units[tens]) mươi"
        switch (tens, unit) {
        case (_, 0): return head
        case (2..., 1): return "\(head) mốt"
        case (2..., 4): return "\(head) tư"
        case (_, 5): return "\(head) lăm"
        default: return "\(head) \(units[unit])"
        }
    }
}
