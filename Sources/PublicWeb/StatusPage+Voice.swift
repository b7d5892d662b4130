import Notices
import PublicFeed

extension StatusPage {
    /// Where people say what they think of it: rate, give feedback, complain. What needs no reading of ratings: this page
    /// is kept finished in memory, so the rating has a page of its own.
    func voice(_ html: inout HTMLWriter) {
        html.say(
            "<section><h2>Đánh giá, phản ánh, khiếu nại</h2>", "<section><h2>Rate, give feedback, complain</h2>")
        if notice.finished != nil {
            html.markup("<p><a href=\"")
            html.value(RatingPage.path(code))
            html.say(
                "?lang=vi\">Đánh giá việc giải quyết hồ sơ này</a></p>",
                "?lang=en\">Rate how this dossier was handled</a></p>")
        }
        feedback(&html)
        complaint(&html)
        html.markup("</section>")
    }

    /// Who held it last, as far as its notices say.
    private var contact: Notice.Holder? { dossier.history.lazy.compactMap(\.holder).first }

    private func feedback(_ html: inout HTMLWriter) {
        html.say(
            "<p>Thủ tục vướng mắc, kéo dài hay bị gây phiền hà: phản ánh, kiến nghị (Nghị định 20/2008/NĐ-CP) với ",
            "<p>A rule that does not work, delay or harassment: give feedback (Decree 20/2008/NĐ-CP) to ")
        if let contact {
            html.local(contact.name)
            if let phone = contact.phone { html.phone(phone) }
        } else {
            html.say("Bộ phận Một cửa nơi bạn nộp hồ sơ.", "the one-stop desk where you submitted it.")
        }
        if let feedback {
            html.say("<br>Hoặc trên mạng: <a href=\"", "<br>Or on the Internet: <a href=\"")
            html.value(feedback.text)
            html.markup("\">")
            html.value(feedback.text)
            html.markup("</a>")
        }
        html.markup("</p>")
    }

    /// Only where there is a decision to complain of.
    private func complaint(_ html: inout HTMLWriter) {
        guard notice.finished != nil, notice.result != "withdrawn" else { return }
        html.say(
            """
            <p>Không đồng ý với quyết định: khiếu nại với người đứng đầu cơ quan đã ra quyết định (Luật Khiếu nại 2011). \
            Đánh giá không thay cho đơn khiếu nại.</p>
            """,
            """
            <p>You disagree with the decision: complain to the head of the agency that decided (Law on Complaints 2011), in \
            writing; a rating is no complaint.</p>
            """)
    }
}
