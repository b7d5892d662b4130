import Notices
import PublicFeed
import WorkingTime

/// The page of one look-up code. The order of its sections is the point.
struct StatusPage {
    let code: LookUpCode
    let family: DossierFamily
    let now: Instant
    /// When the feed was last complete, if that is too long ago to be silent about.
    let staleSince: Instant?
    /// Where the site is, for the QR code; nil when that is not known.
    let address: PublicAddress?
    /// How the newest notice stands in the public log; nil where no log is served.
    let log: LogStanding?
    /// Where feedback is taken on the Internet; nil where nobody has said.
    let feedback: PublicAddress?

    init(
        code: LookUpCode, family: DossierFamily, now: Instant, staleSince: Instant? = nil,
        address: PublicAddress? = nil, log: LogStanding? = nil, feedback: PublicAddress? = nil
    ) {
        self.code = code
        self.family = family
        self.now = now
        self.staleSince = staleSince
        self.address = address
        self.log = log
        self.feedback = feedback
        path = "/ho-so/\(code.description)"
    }

    /// The page's path, with the code as it was normalised.
    let path: String
    /// Where the dossier can be followed with a feed reader.
    var feedPath: String { path + "/atom.xml" }
    /// Where the dossier's proof in the transparency log is found; nil where no log is served.
    var proofPath: String? { log.map { _ in "/v1/progress/\(code.description)/proof" } }

    var dossier: DossierStand { family.dossier }
    var notice: Notice { family.dossier.newest }

    func page(_ shell: PageShell) -> [UInt8] {
        shell.page(title: notice.stage.tag) { html in
            reference(&html)
            sentence(&html)
            actions(&html)
            holder(&html)
            promise(&html)
            html.stale(staleSince)
            milestones(&html)
            parts(&html)
            history(&html)
            usual(&html)
            details(&html)
            following(&html)
            voice(&html)
            logStanding(&html)
        }
    }

    private func reference(_ html: inout HTMLWriter) {
        html.say("<p class=\"ref\">Hồ sơ <strong class=\"code\">", "<p class=\"ref\">Dossier <strong class=\"code\">")
        html.value(code.description)
        html.markup("</strong><br>")
        html.local(notice.procedureTitle)
        if let part = notice.part, notice.root != notice.dossier {
            html.markup(" · ")
            html.local(part)
        }
        html.markup("</p><p class=\"tags\">")
        html.tag(of: notice)
        html.lateTag(Punctuality(of: notice, now: now))
        html.markup("</p>")
    }

    /// The parts that ask the applicant for something: what they say stands before what the whole says of them.
    private var askingParts: [DossierStand] { family.parts.filter { $0.newest.action != nil } }

    /// The one plain sentence of the whole.
    var sentence: LocalText {
        if !askingParts.isEmpty {
            return LocalText(
                vi: "Bạn cần bổ sung để hồ sơ được giải quyết tiếp.",
                en: "Something is needed from you before the dossier can go on.")
        }
        // What was said while somebody worked on it is not true any more once it waits.
        let said = dossier.history.first { $0.sentence != nil }
        guard Punctuality.waitsForApplicant(notice.stage), notice.finished == nil,
            !(said.map { Punctuality.waitsForApplicant($0.stage) } ?? false)
        else { return dossier.sentence ?? notice.stage.tag }
        let waiting = family.parts.first {
            Punctuality.waitsForApplicant($0.newest.stage) && $0.newest.finished == nil && $0.sentence != nil
        }
        return waiting?.sentence ?? LocalText(vi: "Hồ sơ đang chờ bạn.", en: "The dossier is waiting for you.")
    }

    /// Who holds it, or the part that asks for something.
    var holding: Notice.Holder? { askingParts.first?.newest.holder ?? notice.holder }

    private func sentence(_ html: inout HTMLWriter) {
        html.markup("<div role=\"status\"><h1>")
        html.local(sentence)
        html.markup("</h1></div>")
    }

    private func actions(_ html: inout HTMLWriter) {
        // What the whole says while a part asks is only that the part asks.
        let asked = askingParts.isEmpty ? [dossier].filter { $0.newest.action != nil } : askingParts
        guard asked.isEmpty else {
            html.say(
                "<section class=\"box act\" aria-labelledby=\"viec\"><h2 id=\"viec\">Việc bạn cần làm</h2>",
                "<section class=\"box act\" aria-labelledby=\"viec\"><h2 id=\"viec\">What you must do</h2>")
            for stand in asked { action(of: stand.newest, &html) }
            html.markup("</section>")
            return
        }
        if Punctuality.waitsForApplicant(notice.stage) {
            // The procedure file does not say what is missing: not "nothing".
            html.say(
                """
                <section class="box act"><h2>Việc bạn cần làm</h2><p>Hồ sơ đang chờ bạn. Hãy liên hệ nơi đang giữ hồ sơ \
                để biết cần bổ sung hoặc nộp gì.</p></section>
                """,
                """
                <section class="box act"><h2>What you must do</h2><p>The dossier is waiting for you. Ask the agency that \
                holds it what is missing.</p></section>
                """)
        } else {
            html.say(
                "<div class=\"box calm\"><p><strong>Bạn không phải làm gì.</strong></p>",
                "<div class=\"box calm\"><p><strong>You do not have to do anything.</strong></p>")
            refusedParts(&html)
            html.markup("</div>")
        }
    }

    /// Which parts were refused, so that nobody takes an end for a success.
    private func refusedParts(_ html: inout HTMLWriter) {
        let refused = family.parts.map(\.newest).filter(StatusPage.isRefused)
        guard !refused.isEmpty else { return }
        html.say("<p>Không được giải quyết: ", "<p>Refused: ")
        for (place, part) in refused.enumerated() {
            if place > 0 { html.markup(", ") }
            html.local(part.part ?? part.procedureTitle)
        }
        html.say(
            ". <a href=\"#cac-phan\">Lý do và quyền khiếu nại</a></p>",
            ". <a href=\"#cac-phan\">Why, and how to complain</a></p>")
    }

    private func action(of notice: Notice, _ html: inout HTMLWriter) {
        guard let action = notice.action else { return }
        html.markup("<p>")
        if notice.dossier != self.notice.dossier {
            html.local(notice.part ?? notice.procedureTitle)
            html.markup(": ")
        }
        html.markup("<strong>")
        html.local(action.text)
        html.markup("</strong>")
        if let until = action.until {
            if until < now {
                html.say("<br><strong>Đã quá hạn:</strong> ", "<br><strong>The time limit has passed:</strong> ")
            } else {
                html.say("<br>Hạn cuối: ", "<br>At the latest: ")
            }
            html.deadline(until)
        }
        html.markup("</p>")
    }

    private func holder(_ html: inout HTMLWriter) {
        guard let holder = holding else { return }
        if [.returned, .withdrawn, .refused, .terminated].contains(notice.stage) {
            // Nobody holds what is over.
            html.say("<section><h2>Liên hệ</h2><p>", "<section><h2>Contact</h2><p>")
        } else {
            html.say("<section><h2>Hồ sơ đang ở</h2><p>", "<section><h2>Who holds it now</h2><p>")
        }
        html.local(holder.name)
        if let phone = holder.phone { html.phone(phone) }
        html.markup("</p></section>")
    }

    private func milestones(_ html: inout HTMLWriter) {
        guard !notice.milestones.isEmpty else { return }
        html.say(
            "<section><h2>Các bước</h2><ol class=\"steps\">", "<section><h2>Steps</h2><ol class=\"steps\">")
        let steps = notice.milestones
        for (place, standing) in MilestoneStanding.all(of: notice).enumerated() {
            switch standing {
            case .done:
                html.say(
                    "<li class=\"done\"><span class=\"sr\">Đã xong: </span>",
                    "<li class=\"done\"><span class=\"sr\">Done: </span>")
            case .current:
                html.say(
                    "<li class=\"now\" aria-current=\"step\"><span class=\"sr\">Đang ở bước: </span>",
                    "<li class=\"now\" aria-current=\"step\"><span class=\"sr\">Now at: </span>")
            case .ended:
                html.say(
                    "<li class=\"now\"><span class=\"sr\">Kết thúc ở bước: </span>",
                    "<li class=\"now\"><span class=\"sr\">Ended at: </span>")
            case .ahead: html.say("<li><span class=\"sr\">Chưa đến: </span>", "<li><span class=\"sr\">Not yet: </span>")
            case .dropped:
                html.say(
                    "<li class=\"off\"><span class=\"sr\">Không thực hiện: </span>",
                    "<li class=\"off\"><span class=\"sr\">Not taken: </span>")
            }
            html.local(steps[place].title)
            html.markup("</li>")
        }
        html.markup("</ol></section>")
    }

    private func details(_ html: inout HTMLWriter) {
        html.say(
            "<section><h2>Thông tin hồ sơ</h2><dl>", "<section><h2>About this dossier</h2><dl>")
        if let legalCode = notice.legalCode {
            html.say("<dt>Số hồ sơ</dt><dd class=\"code\">", "<dt>Dossier number</dt><dd class=\"code\">")
            html.value(legalCode)
            html.markup("</dd>")
        }
        if let procedureCode = notice.procedureCode {
            html.say("<dt>Mã thủ tục</dt><dd>", "<dt>Procedure code</dt><dd>")
            html.value(procedureCode)
            html.markup("</dd>")
        }
        html.say("<dt>Nộp lúc</dt><dd>", "<dt>Submitted</dt><dd>")
        html.moment(notice.submitted)
        html.markup("</dd>")
        if let accepted = notice.accepted {
            html.say("<dt>Tiếp nhận lúc</dt><dd>", "<dt>Accepted</dt><dd>")
            html.moment(accepted)
            html.markup("</dd>")
        }
        html.markup("</dl></section>")
    }

    /// How to come back: the feed, the receipt, the QR code.
    private func following(_ html: inout HTMLWriter) {
        html.say(
            "<section class=\"follow\"><h2>Theo dõi và in</h2><ul><li><a href=\"",
            "<section class=\"follow\"><h2>Follow and print</h2><ul><li><a href=\"")
        html.value(feedPath)
        html.say(
            "\" type=\"application/atom+xml\">Theo dõi diễn biến bằng Atom</a></li>",
            "\" type=\"application/atom+xml\">Follow the history by Atom feed</a></li>")
        if notice.accepted != nil {
            html.markup("<li><a href=\"")
            html.value(path)
            html.say(
                "/giay-tiep-nhan?lang=vi\">Giấy tiếp nhận hồ sơ và hẹn trả kết quả (để in)</a></li>",
                "/giay-tiep-nhan?lang=en\">Receipt with the promised date (for printing)</a></li>")
        }
        html.say(
            "<li><a href=\"/?lang=vi\">Tra cứu hồ sơ khác</a></li></ul>",
            "<li><a href=\"/?lang=en\">Look up another dossier</a></li></ul>")
        if let series = address.flatMap(QRSeries.of) {
            html.markup("<figure>")
            series.code(code).write(
                label: QRCode.LocalLabel(vi: "Mã QR mở trang này", en: "QR code that opens this page"), to: &html)
            html.say(
                "<figcaption>Quét để mở trang này trên điện thoại. Ai có mã này đều xem được trang.</figcaption></figure>",
                "<figcaption>Scan to open this page on a telephone. Whoever has this code sees the page.</figcaption></figure>"
            )
        }
        html.markup("</section>")
    }
}
