import WorkingTime

extension HTMLWriter {
    /// "Late" beside the stage's tag; nothing while there is no reason.
    mutating func lateTag(_ punctuality: Punctuality) {
        guard punctuality == .late else { return }
        say(" <span class=\"tag late\">Quá hạn</span>", " <span class=\"tag late\">Overdue</span>")
    }

    /// Up to when the page is complete, when that is worth a word.
    mutating func stale(_ since: Instant?) {
        guard let since else { return }
        say(
            "<section class=\"box\"><p>Thông tin trên trang được cập nhật đến ",
            "<section class=\"box\"><p>What you see was last brought up to date on ")
        moment(since)
        say("; có thể chưa có diễn biến mới hơn.</p></section>", "; newer events may be missing.</p></section>")
    }

    /// A telephone number that can be called; as text only when it is not one.
    mutating func phone(_ phone: String) {
        let digits = phone.utf8.filter {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "+")
        }
        say("<br>Điện thoại: ", "<br>Telephone: ")
        guard (3...16).contains(digits.count) else {
            value(phone)
            return
        }
        markup("<a class=\"tel\" href=\"tel:")
        value(String(decoding: digits, as: UTF8.self))
        markup("\">")
        value(phone)
        markup("</a>")
    }
}
