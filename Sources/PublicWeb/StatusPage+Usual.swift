import Notices
import PublicFeed

extension StatusPage {
    /// How long such dossiers usually take here; nothing where too few are known.
    func usual(_ html: inout HTMLWriter) {
        guard let usual = family.usual else { return }
        html.say("<section><h2>Thường mất</h2><p>", "<section><h2>Usual time</h2><p>")
        if usual.medianDays < usual.ninthDecileDays {
            html.say("Một nửa số hồ sơ gần đây có kết quả ", "Half of the recent dossiers had a result ")
            days(usual.medianDays, &html)
            html.say("; 9 trên 10 hồ sơ ", "; nine of ten ")
        } else {
            html.say("9 trên 10 hồ sơ gần đây có kết quả ", "Nine of ten recent dossiers had a result ")
        }
        days(usual.ninthDecileDays, &html)
        html.say(
            ", tính cả ngày nghỉ, không kể lúc chờ người nộp. Đây không phải ngày hẹn trả.</p></section>",
            ", counting weekends but not the time spent waiting for the applicant. This is not a promise.</p></section>"
        )
    }

    private func days(_ days: Int, _ html: inout HTMLWriter) {
        guard days > 0 else { return html.say("ngay trong ngày", "on the same day") }
        html.say("trong vòng ", "within ")
        html.number(days)
        html.say(" ngày", days == 1 ? " day" : " days")
    }
}
