import Edge
import JSONText
import Notices
import PublicFeed
import WorkingTime

extension PageShell {
    /// The entry: one field.
    func entry(_ fault: EntryFault) -> [UInt8] {
        let title: LocalText =
            switch fault {
            case .none: LocalText(vi: "Nhập mã hồ sơ", en: "Enter your code")
            case .empty, .slip: LocalText(vi: "Lỗi: mã chưa đúng", en: "Error: the code is not right")
            case .notFound: LocalText(vi: "Không tìm thấy", en: "Not found")
            }
        return page(title: title) { html in
            html.say(
                "<h1>Hồ sơ của bạn đang ở đâu?</h1>", "<h1>Where is your dossier?</h1>")
            html.entryForm(fault)
            guard fault == .none else { return }
            html.say(
                """
                <h2>Không có mã tra cứu?</h2><p>Bạn có thể nhập số hồ sơ in trên giấy tiếp nhận, dạng \
                <span class="code">000.12.34.H17-251203-2035</span>. Khi đó trang chỉ cho biết mức độ hoàn thành, vì số \
                này người khác có thể đoán được.</p>
                """,
                """
                <h2>No look-up code?</h2><p>You can enter the dossier number printed on the receipt, such as \
                <span class="code">000.12.34.H17-251203-2035</span>. The page then only tells how complete the dossier \
                is, because others could guess that number.</p>
                """)
        }
    }

    /// What a legal code shows: the code, the national status and the tag, nothing else.
    /// - Parameter staleSince: up to when the feed is complete, when that is too long ago to be silent about.
    func completion(_ completion: Completion, staleSince: Instant? = nil) -> [UInt8] {
        page(title: completion.stage.tag) { html in
            html.say(
                "<p class=\"ref\">Số hồ sơ <strong class=\"code\">",
                "<p class=\"ref\">Dossier number <strong class=\"code\">")
            html.value(completion.code.text)
            html.markup("</strong></p><div role=\"status\"><h1>")
            html.local(completion.status.name)
            html.markup("</h1></div><p>")
            html.tag(completion.stage)
            html.markup("</p>")
            html.stale(staleSince)
            html.say(
                """
                <div class="box"><p>Muốn biết hồ sơ đang ở đâu, bạn cần làm gì và ngày hẹn trả, hãy nhập \
                <strong>mã tra cứu 12 ký tự</strong> in trên giấy hẹn.</p></div><p><a href="/?lang=vi">Nhập mã tra cứu</a></p>
                """,
                """
                <div class="box"><p>To see where the dossier is, what you must do and the promised date, enter the \
                <strong>12-character look-up code</strong> printed on your receipt.</p></div>\
                <p><a href="/?lang=en">Enter the look-up code</a></p>
                """)
        }
    }

    /// A refusal of the site itself: too many requests, not available, no such page.
    func problem(_ problem: Problem) -> [UInt8] {
        let title = LocalText(vi: problem.title.vi, en: problem.title.en)
        return page(title: title) { html in
            html.markup("<h1>")
            html.local(title)
            html.markup("</h1>")
            if let detail = problem.detail {
                html.markup("<p>")
                html.local(LocalText(vi: detail.vi, en: detail.en))
                html.markup("</p>")
            }
            html.say(
                "<p><a href=\"/?lang=vi\">Về trang tra cứu</a></p>",
                "<p><a href=\"/?lang=en\">Back to the look-up page</a></p>")
        }
    }

    /// What is shown to whom, and under which law.
    func privacy() -> [UInt8] {
        page(title: LocalText(vi: "Quyền riêng tư", en: "Privacy")) { html in
            html.say(
                """
                <h1>Quyền riêng tư</h1><p>Trang tra cứu không hiện họ tên, địa chỉ, số giấy tờ, nội dung hồ sơ hay tên \
                cán bộ.</p><h2>Mã tra cứu là chìa khóa của bạn</h2><p>Mã tra cứu 12 ký tự là bí mật, được in trên giấy hẹn \
                giao cho bạn. Ai có mã này được xem như người đã đăng nhập theo điểm d khoản 2 Điều 16 Thông tư \
                01/2018/TT-VPCP: thấy hồ sơ đang ở cơ quan nào, việc cần làm và ngày hẹn trả. Hãy giữ mã như giữ \
                giấy hẹn; mã QR trên giấy hẹn chứa cùng mã này.</p> <h2>Số hồ sơ chỉ cho biết mức độ hoàn \
                thành</h2><p>Số hồ sơ được đánh lần lượt nên có thể đoán được. Vì vậy số này chỉ mở mã và mức độ \
                hoàn thành.</p><h2>Chúng tôi không ghi lại mã bạn tra cứu</h2><p>Mã không được ghi vào nhật ký hay \
                số đo của hệ thống. Ai thử nhiều mã không có thật sẽ phải chờ. Trang không dùng cookie và không gửi \
                gì cho bên thứ ba.</p><h2>Đánh giá của bạn được giữ kín</h2><p>Khi bạn đánh giá việc giải quyết hồ sơ, trang \
                không hỏi tên, không nhận lời viết và không ghi bạn gửi từ đâu. Mức bạn chọn chỉ hiện cho người có mã tra cứu; \
                khi tháng đã được đếm, mức đó bị xóa và chỉ còn số đếm của tháng.</p>
                """,
                """
                <h1>Privacy</h1><p>The look-up pages show no name, address, number of papers, content of the dossier or \
                officer's name.</p><h2>The look-up code is your key</h2><p>The 12-character look-up code is a secret printed \
                on the receipt that was given to you. Whoever has it counts as logged in within the meaning of article 16.2.d \
                of Circular 01/2018/TT-VPCP: they see which agency holds the dossier, what must be done and the promised date. \
                Keep it as you keep the receipt; the QR code on the receipt contains the same code.</p><h2>The \
                dossier number shows the degree of completion only</h2><p>Dossier numbers are given out in order and \
                can be guessed. Therefore they open the number and the degree of completion only.</p><h2>We do not \
                record the codes you look up</h2><p>They go to no log and no measurement. Whoever tries many codes \
                that nobody has is made to wait. The pages use no cookies and send nothing to third \
                parties.</p><h2>Your rating stays confidential</h2><p>When you rate how a dossier was handled, the page asks for \
                no name, takes no text and does not record where it was sent from. What you chose is shown to whoever holds the \
                look-up code alone; once the month is counted it is deleted, and only the month's counts remain.</p>
                """)
        }
    }
}
