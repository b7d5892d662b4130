import Notices
import PublicFeed
import WorkingTime

/// Where whoever holds a dossier's code says how satisfied they were. Works without scripts; asks for no name and no text.
struct RatingPage {
    let code: LookUpCode
    let notice: Notice
    let rating: DossierRating?
    let time: RatingTime
    /// The day on which it is looked at.
    let today: CivilDate
    /// Whether the form came without a choice.
    var isMissingChoice = false

    /// Where the page stands below the dossier's.
    static let place = "/danh-gia"
    /// The name of the form's one field.
    static let field = "muc-do"

    /// The page's path.
    static func path(_ code: LookUpCode) -> String { "/ho-so/\(code)\(place)" }

    /// Whether there is something to choose today.
    var isOpen: Bool {
        if case .open = time { rating.map { $0.isChangeable(on: today) } ?? true } else { false }
    }

    func page(_ shell: PageShell) -> [UInt8] {
        let title =
            isMissingChoice
            ? LocalText(vi: "Lỗi: chưa chọn mức độ", en: "Error: nothing was chosen")
            : LocalText(vi: "Đánh giá", en: "Your rating")
        return shell.page(title: title) { html in
            html.say(
                "<p class=\"ref\">Hồ sơ <strong class=\"code\">", "<p class=\"ref\">Dossier <strong class=\"code\">")
            html.value(code.description)
            html.markup("</strong><br>")
            html.local(notice.procedureTitle)
            html.say(
                "</p><h1>Bạn có hài lòng với việc giải quyết hồ sơ này không?</h1>",
                "</p><h1>How satisfied are you with how this dossier was handled?</h1>")
            standing(&html)
            if isMissingChoice {
                html.say(
                    """
                    <div class="box bad" role="alert"><p id="loi"><strong>Bạn chưa chọn mức độ nào.</strong> \
                    <a href="#muc-4">Chọn một mức độ</a></p></div>
                    """,
                    """
                    <div class="box bad" role="alert"><p id="loi"><strong>You have not chosen anything.</strong> \
                    <a href="#muc-4">Choose one</a></p></div>
                    """)
            }
            if isOpen { form(&html) }
            confidence(&html)
            html.markup("<p><a href=\"/ho-so/")
            html.value(code.description)
            html.say("?lang=vi\">Về trang của hồ sơ</a></p>", "?lang=en\">Back to the dossier's page</a></p>")
        }
    }

    /// What was said so far, or why nothing can be said.
    private func standing(_ html: inout HTMLWriter) {
        if let rating {
            html.say(
                "<div class=\"box calm\" role=\"status\"><p><strong>Bạn đã đánh giá",
                "<div class=\"box calm\" role=\"status\"><p><strong>You have rated this dossier")
            if let level = rating.level {
                html.markup(": ")
                html.local(level.name)
            }
            html.say(".</strong> Cảm ơn bạn. ", ".</strong> Thank you. ")
            if isOpen {
                html.say("Bạn đổi được đến hết ", "You can change it until the end of ")
                html.day(rating.changeableThrough)
                html.markup(".")
            } else {
                html.say("Đánh giá này không đổi được nữa.", "It can no longer be changed.")
            }
            html.markup("</p></div>")
            return
        }
        switch time {
        case .notYet:
            html.say(
                "<div class=\"box\"><p>Bạn đánh giá được khi hồ sơ đã kết thúc hoặc có kết quả.</p></div>",
                "<div class=\"box\"><p>You can rate once the dossier has a result or has ended.</p></div>")
        case .open(let last):
            html.say("<p>Bạn đánh giá được đến hết ", "<p>You can rate until the end of ")
            html.day(last)
            html.markup(".</p>")
        case .over:
            html.say(
                "<div class=\"box\"><p>Hồ sơ đã kết thúc lâu, không đánh giá được nữa.</p></div>",
                "<div class=\"box\"><p>The dossier ended long ago and can no longer be rated.</p></div>")
        }
    }

    private func form(_ html: inout HTMLWriter) {
        html.markup("<form class=\"rate\" method=\"post\" action=\"")
        html.value(RatingPage.path(code))
        html.say("?lang=vi\">", "?lang=en\">")
        html.markup(isMissingChoice ? "<fieldset aria-describedby=\"loi\">" : "<fieldset>")
        html.say("<legend>Chọn một mức độ</legend>", "<legend>Choose one</legend>")
        for level in SatisfactionLevel.allCases.reversed() {
            html.markup("<div><input type=\"radio\" required name=\"muc-do\" id=\"muc-")
            html.number(Int(level.rawValue))
            html.markup("\" value=\"")
            html.number(Int(level.rawValue))
            if isMissingChoice { html.markup("\" aria-invalid=\"true") }
            html.markup(rating?.level == level ? "\" checked>" : "\">")
            html.markup("<label for=\"muc-")
            html.number(Int(level.rawValue))
            html.markup("\">")
            html.local(level.name)
            html.markup("</label></div>")
        }
        html.markup("</fieldset>")
        if rating == nil {
            html.say("<button type=\"submit\">Gửi đánh giá</button>", "<button type=\"submit\">Send</button>")
        } else {
            html.say("<button type=\"submit\">Đổi đánh giá</button>", "<button type=\"submit\">Change</button>")
        }
        html.markup("</form>")
    }

    /// Who sees it.
    private func confidence(_ html: inout HTMLWriter) {
        html.say(
            """
            <h2>Ai biết bạn chọn gì?</h2><p>Bạn không phải khai tên, và chúng tôi không ghi bạn gửi từ đâu. Cơ quan giải quyết \
            không xem được đánh giá của từng hồ sơ. Sau mỗi tháng chỉ có số đếm được công bố, khi có từ 10 đánh giá trở lên; \
            mức bạn chọn khi đó được xóa khỏi hồ sơ (khoản 3 Điều 27 Nghị định 61/2018/NĐ-CP: thông tin người đánh giá được \
            giữ kín).</p>
            """,
            """
            <h2>Who knows what you chose?</h2><p>You do not give your name, and we do not record where it was sent from. The \
            agency cannot see what was said of single dossiers. After each month only counts are published, of ten ratings or \
            more; what you chose is then deleted from the dossier (article 27.3 of Decree 61/2018/NĐ-CP: who rated stays \
            confidential).</p>
            """)
    }
}
