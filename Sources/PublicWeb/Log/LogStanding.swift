import Notices
import PublicFeed

/// How the newest notice of a dossier stands in its province's log.
struct LogStanding: Hashable, Sendable {
    /// The province's number, which is also the log's.
    let province: Int16
    /// The notice's leaf, from 0.
    let n: Int64
    /// How many leaves the newest checkpoint covers; nil while none covers this one.
    let size: Int64?

    var isPending: Bool { size == nil }
}

extension PublicSite {
    /// How the dossier stands in the log; nil where this site has none, or the feed does not know the leaf.
    func logStanding(of family: DossierFamily) -> LogStanding? {
        guard log != nil, let n = family.leaf else { return nil }
        let signed = family.standing.signedSize
        return LogStanding(province: family.dossier.newest.province, n: n, size: signed > n ? signed : nil)
    }
}

extension StatusPage {
    /// The proof's standing: one line, a link to what it means, and one to the proof itself.
    func logStanding(_ html: inout HTMLWriter) {
        guard let log else { return }
        html.markup("<section><p class=\"who\">")
        if let size = log.size {
            html.say("Đã ghi vào sổ công khai số ", "Recorded in public log ")
            html.number(Int(log.province))
            html.say(" (mục ", " (entry ")
            html.grouped(log.n + 1)
            html.markup(" / ")
            html.grouped(size)
            html.markup("). ")
        } else {
            html.say(
                "Diễn biến mới nhất đang chờ ghi vào sổ công khai. ",
                "The newest event is waiting to be recorded in the public log. ")
        }
        html.say(
            "<a href=\"/so-cong-khai?lang=vi\">Sổ công khai là gì?</a> ",
            "<a href=\"/so-cong-khai?lang=en\">What is the public log?</a> ")
        html.markup("<a href=\"/v1/progress/")
        html.value(code.description)
        html.say("/proof\">Tải bằng chứng</a></p></section>", "/proof\">Download the proof</a></p></section>")
    }
}

extension HTMLWriter {
    /// A number in groups of three: 1.234 in Vietnamese, 1,234 in English.
    mutating func grouped(_ number: Int64) {
        let digits = Array(String(number))
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text.append(language == .vi ? "." : ",") }
            text.append(digit)
        }
        value(text)
    }
}
