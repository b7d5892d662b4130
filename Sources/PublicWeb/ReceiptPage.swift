import Notices
import PublicFeed
import WorkingTime

/// Form 01, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" (Circular 03/2025/TT-VPCP, Annex I), as a page of A5.
///
/// The public feed knows neither name nor address nor telephone nor papers, and nothing here could show them: those
/// lines stay blank for the one-stop desk to fill on the paper that it signs. Everything else is what the feed publishes.
struct ReceiptPage {
    private let picture: StatusPage
    private var notice: Notice { picture.notice }

    init(_ picture: StatusPage) { self.picture = picture }

    /// Where the receipt stands below the dossier's page.
    static let place = "/giay-tiep-nhan"

    func page(_ shell: PageShell) -> [UInt8] {
        let title = LocalText(vi: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", en: "Receipt with the promised date")
        guard let accepted = notice.accepted else {
            return shell.page(title: title) { html in notYet(&html) }
        }
        return shell.page(title: title, kind: "receipt") { html in
            guide(&html)
            html.markup("<article>")
            heading(&html)
            codes(&html)
            people(&html)
            content(&html)
            papers(&html)
            times(accepted, &html)
            register(&html)
            proof(&html)
            signatures(&html)
            html.markup("</article>")
        }
    }

    /// Before acceptance there is no receipt: the page says so rather than print an empty one.
    private func notYet(_ html: inout HTMLWriter) {
        if notice.finished == nil {
            html.say(
                "<h1>Chưa có giấy tiếp nhận</h1><p>Giấy tiếp nhận và hẹn trả kết quả có khi hồ sơ được tiếp nhận.</p>",
                "<h1>There is no receipt yet</h1><p>The receipt is issued when the dossier is accepted.</p>")
        } else {
            html.say(
                "<h1>Không có giấy tiếp nhận</h1><p>Hồ sơ đã kết thúc mà không được tiếp nhận.</p>",
                "<h1>There is no receipt</h1><p>The dossier ended without being accepted.</p>")
        }
        back(&html)
    }

    private func back(_ html: inout HTMLWriter) {
        html.markup("<p><a href=\"")
        html.value(picture.path)
        html.say("?lang=vi\">Về trang của hồ sơ</a></p>", "?lang=en\">Back to the dossier's page</a></p>")
    }

    /// For the reader on a screen; not printed.
    private func guide(_ html: inout HTMLWriter) {
        html.markup("<div class=\"guide\">")
        back(&html)
        html.say(
            """
            <p>In trang này trên giấy A5. Họ tên, địa chỉ, điện thoại và giấy tờ của bạn không có trên trang công khai: các \
            dòng chấm do Bộ phận Một cửa ghi và ký.</p>
            """,
            """
            <p>Print this page on A5 paper. Your name, address, telephone and papers are not on the public site: the one-stop \
            desk fills the dotted lines and signs. The form of the law is the Vietnamese one; this is a translation.</p>
            """)
        html.stale(picture.staleSince)
        html.markup("</div>")
    }

    private func heading(_ html: inout HTMLWriter) {
        html.markup("<div class=\"heads\"><p><strong>")
        if let desk { html.local(desk) } else { html.say("Bộ phận Một cửa", "One-stop desk") }
        html.say("</strong><br>Số: ", "</strong><br>No.: ")
        html.blank()
        html.say(
            """
            </p><p class="state"><strong>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</strong><br><strong class="motto">Độc lập - Tự do - Hạnh phúc\
            </strong></p></div><h1>Giấy tiếp nhận hồ sơ và hẹn trả kết quả</h1>
            """,
            """
            </p><p class="state"><strong>SOCIALIST REPUBLIC OF VIET NAM</strong><br><strong class="motto">Independence - Freedom - Happiness\
            </strong></p></div><h1>Receipt of a dossier, with the promised date</h1>
            """)
        html.say(
            "<p class=\"form\">Mẫu số 01, Phụ lục I, Thông tư 03/2025/TT-VPCP</p>",
            "<p class=\"form\">Form 01, Annex I, Circular 03/2025/TT-VPCP</p>")
    }

    /// The desk that received: who held the dossier while it was submitted and accepted; nil when that is too long ago.
    private var desk: LocalText? {
        picture.dossier.history.last { $0.stage == .submitted || $0.stage == .accepted }?.holder?.name
    }

    private func codes(_ html: inout HTMLWriter) {
        html.markup("<div class=\"codes\"><dl>")
        if let legalCode = notice.legalCode {
            html.say("<dt>Mã hồ sơ</dt><dd class=\"code\">", "<dt>Dossier number</dt><dd class=\"code\">")
            html.value(legalCode)
            html.markup("</dd>")
        }
        html.say(
            "<dt>Mã tra cứu (giữ kín)</dt><dd class=\"code\"><strong>",
            "<dt>Look-up code (keep it to yourself)</dt><dd class=\"code\"><strong>")
        html.value(picture.code.description)
        html.markup("</strong></dd>")
        if let address = picture.address {
            html.say("<dt>Tra cứu tại</dt><dd>", "<dt>Look it up at</dt><dd>")
            html.value(address.text)
            html.markup("</dd>")
        }
        html.markup("</dl>")
        if let series = picture.address.flatMap(QRSeries.of) {
            series.code(picture.code).write(
                label: QRCode.LocalLabel(vi: "Mã QR mở trang của hồ sơ", en: "QR code that opens the dossier's page"),
                to: &html)
        }
        html.markup("</div>")
    }

    /// Whom it was received from: only the desk knows.
    private func people(_ html: inout HTMLWriter) {
        html.say(
            "<section class=\"desk\"><h2>Phần này do Bộ phận Một cửa ghi</h2>",
            "<section class=\"desk\"><h2>To be filled by the one-stop desk</h2>")
        html.markup("<p>")
        html.line("Tiếp nhận hồ sơ của:", "Received from:")
        html.markup("</p><p>")
        html.line("Địa chỉ:", "Address:")
        html.markup("</p><p>")
        html.line("Số điện thoại:", "Telephone:")
        html.line("Email:", "E-mail:")
        html.markup("</p></section>")
    }

    /// What was handed in, and where it is entered: the desk again.
    private func papers(_ html: inout HTMLWriter) {
        html.markup("<div class=\"desk\"><p>")
        html.line("1. Thành phần hồ sơ nộp gồm:", "1. Papers handed in:")
        html.markup("</p><p>")
        html.line("", "")
        html.markup("</p><p>")
        html.line("2. Số lượng hồ sơ (bộ):", "2. Sets of papers:")
        html.line(
            "3. Thời gian giải quyết theo quy định (ngày làm việc):", "3. Time limit by the rules (working days):")
        html.markup("</p></div>")
    }

    /// Where the result goes, and the register.
    private func register(_ html: inout HTMLWriter) {
        html.markup("<div class=\"desk\"><p>")
        html.line("6. Đăng ký nhận kết quả tại:", "6. Result to be collected at:")
        html.markup("</p><p>")
        html.line("Vào Sổ theo dõi hồ sơ, quyển số:", "Entered in register no.:")
        html.line("Số thứ tự:", "Entry:")
        html.markup("</p></div>")
    }

    private func content(_ html: inout HTMLWriter) {
        html.say("<p>Nội dung yêu cầu giải quyết: <strong>", "<p>Requested: <strong>")
        html.local(notice.procedureTitle)
        html.markup("</strong>")
        if let code = notice.procedureCode {
            html.markup(" (")
            html.value(code)
            html.markup(")")
        }
        html.markup("</p>")
    }

    /// When it was received and what was promised then; a date that was moved stands beside the first.
    private func times(_ accepted: Instant, _ html: inout HTMLWriter) {
        html.say("<p>4. Thời gian nhận hồ sơ: <strong>", "<p>4. Received: <strong>")
        html.clock(accepted)
        html.say(
            "</strong></p><p>5. Thời gian trả kết quả: <strong>", "</strong></p><p>5. Result promised for: <strong>")
        if let first = notice.firstPromised ?? notice.promised {
            html.clock(first)
        } else {
            html.blank()
        }
        html.markup("</strong>")
        if notice.finished == nil {
            if Punctuality.waitsForApplicant(notice.stage) {
                html.say(" (sẽ được tính lại khi hồ sơ đủ)", " (to be set anew once the dossier is complete)")
            } else if let first = notice.firstPromised, let promised = notice.promised, first != promised {
                html.say("; nay hẹn: <strong>", "; now: <strong>")
                html.clock(promised)
                html.markup("</strong>")
            }
        }
        html.markup("</p>")
    }

    /// Where it can be checked that this receipt stands in the province's public log.
    private func proof(_ html: inout HTMLWriter) {
        guard let proofPath = picture.proofPath else { return }
        html.say(
            "<p class=\"proof\">Bằng chứng trong sổ công khai của tỉnh: <a href=\"",
            "<p class=\"proof\">Proof in the province's public log: <a href=\"")
        html.value(proofPath)
        html.markup("\">")
        html.value(picture.address?.url(proofPath) ?? proofPath)
        html.markup("</a></p>")
    }

    private func signatures(_ html: inout HTMLWriter) {
        html.say(
            """
            <div class="signs"><p><strong>Người nộp hồ sơ</strong><br><em>(Ký và ghi rõ họ tên)</em></p><p><strong>Người tiếp \
            nhận hồ sơ</strong><br><em>(Ký và ghi rõ họ tên)</em></p></div>
            """,
            """
            <div class="signs"><p><strong>Handed in by</strong><br><em>(Signature and full name)</em></p><p><strong>Received \
            by</strong><br><em>(Signature and full name)</em></p></div>
            """)
    }
}

extension HTMLWriter {
    /// A dotted line to write on.
    fileprivate mutating func blank() {
        say(
            "<span class=\"fill\"><span class=\"sr\">(để trống)</span></span>",
            "<span class=\"fill\"><span class=\"sr\">(blank)</span></span>")
    }

    /// A dotted line after what belongs on it; the two are not parted where there is room.
    fileprivate mutating func line(_ vi: StaticString, _ en: StaticString) {
        markup("<span class=\"pair\">")
        say(vi, en)
        blank()
        markup("</span>")
    }

    /// A moment as the form has it: "08 giờ 05 phút, ngày 03/03/2026"; midnight ends the day before as 24 hours.
    fileprivate mutating func clock(_ instant: Instant) {
        let endsDay = instant.timeOfDay == .midnight
        let date = endsDay ? instant.adding(microseconds: -1).date : instant.date
        let hour = endsDay ? 24 : instant.timeOfDay.hour
        if language == .vi {
            value(
                "\(HTMLWriter.two(hour)) giờ \(HTMLWriter.two(instant.timeOfDay.minute)) phút, ngày \(date.vietnamese)")
        } else {
            value("\(HTMLWriter.two(hour)):\(HTMLWriter.two(instant.timeOfDay.minute)), \(date.english)")
        }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
