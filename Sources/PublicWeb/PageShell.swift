import Notices
import WorkingTime

/// What every public page has around its content.
struct PageShell {
    let language: Language
    /// Where the switch of language leads; without a query.
    let path: String
    /// The feeds that programs find on this page.
    var feeds: [FeedLink] = []
    /// What the switch of language keeps of the query, such as `thang=2026-03`; encoded, without the language.
    var query = ""
    /// Whether the content needs more width than a text, for tables.
    var isBroad = false

    /// The whole page: head, header, the content in `main`, footer.
    /// - Parameter kind: a class of `main`, for the stylesheet.
    func page(title: LocalText, kind: StaticString = "page", _ content: (inout HTMLWriter) -> Void) -> [UInt8] {
        var html = HTMLWriter(language: language)
        html.say("<!doctype html><html lang=\"vi\">", "<!doctype html><html lang=\"en\">")
        html.markup(
            """
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">\
            <meta name="referrer" content="no-referrer"><meta name="format-detection" content="telephone=no">
            """)
        if !SearchEngines.mayList(path) { html.markup("<meta name=\"robots\" content=\"noindex, nofollow\">") }
        html.markup("<title>")
        html.value(title.text(in: language))
        html.say(" – Tra cứu hồ sơ", " – Track your dossier")
        html.markup("</title><link rel=\"stylesheet\" href=\"")
        html.value(Stylesheet.path)
        html.markup("\">")
        for feed in feeds { html.alternates(feed) }
        html.markup("</head><body>")
        header(&html)
        html.markup("<main id=\"noi-dung\" class=\"")
        html.markup(kind)
        html.markup(isBroad ? " broad\">" : "\">")
        content(&html)
        html.markup("</main>")
        footer(&html)
        html.markup("</body></html>")
        return html.bytes
    }

    private func header(_ html: inout HTMLWriter) {
        html.say(
            "<a class=\"skip\" href=\"#noi-dung\">Đến nội dung chính</a>",
            "<a class=\"skip\" href=\"#noi-dung\">Skip to main content</a>")
        html.say(
            "<header><div class=\"wide\"><a class=\"home\" href=\"/?lang=vi\">Một cửa <span>Tra cứu hồ sơ</span></a>",
            "<header><div class=\"wide\"><a class=\"home\" href=\"/?lang=en\">Một cửa <span>Track your dossier</span></a>"
        )
        html.say(
            "<a href=\"/thong-ke?lang=vi\">Thống kê</a>", "<a href=\"/thong-ke?lang=en\">Statistics</a>")
        html.markup("<a class=\"lang\" href=\"")
        html.value(query.isEmpty ? "\(path)?" : "\(path)?\(query)&")
        html.say(
            "lang=en\" hreflang=\"en\" lang=\"en\">English</a></div></header>",
            "lang=vi\" hreflang=\"vi\" lang=\"vi\">Tiếng Việt</a></div></header>")
    }

    private func footer(_ html: inout HTMLWriter) {
        html.say(
            """
            <footer><p>Trang này không hiện tên, địa chỉ hay giấy tờ của bạn. \
            <a href="/rieng-tu?lang=vi">Quyền riêng tư</a> · <a href="/nguon-tin?lang=vi">Theo dõi</a></p></footer>
            """,
            """
            <footer><p>This page never shows your name, address or papers. \
            <a href="/rieng-tu?lang=en">Privacy</a> · <a href="/nguon-tin?lang=en">Follow</a></p></footer>
            """)
    }
}

/// What the form says of the last try.
enum EntryFault: Hashable, Sendable {
    /// The first visit.
    case none
    /// Nothing was typed.
    case empty
    /// The check character tells that one symbol is wrong; with what was typed, to correct it.
    case slip(typed: String)
    /// Nobody has this code. Does not repeat it: every such answer is the same, byte for byte.
    case notFound
}

extension HTMLWriter {
    /// The form with its one field, and the fault above it.
    mutating func entryForm(_ fault: EntryFault) {
        self.fault(fault)
        say(
            "<form action=\"/tra-cuu\" method=\"get\"><label for=\"ma\">Mã hồ sơ</label><p class=\"hint\" id=\"goi-y\">",
            "<form action=\"/tra-cuu\" method=\"get\"><label for=\"ma\">Dossier code</label><p class=\"hint\" id=\"goi-y\">"
        )
        say(
            """
            Mã tra cứu gồm 12 ký tự in trên giấy hẹn, ví dụ <span class="code">74MC-P2XQ-93HQ</span>. \
            Viết thường, có hay không có dấu cách và gạch nối đều được.</p>
            """,
            """
            The look-up code has 12 characters and is printed on your receipt, for example \
            <span class="code">74MC-P2XQ-93HQ</span>. Lower case, spaces and hyphens do not matter.</p>
            """)
        markup("<input id=\"ma\" name=\"ma\" type=\"text\" required maxlength=\"80\" autocomplete=\"off\" ")
        markup("autocapitalize=\"characters\" spellcheck=\"false\" enterkeyhint=\"search\" aria-describedby=\"goi-y")
        if fault != .none { markup(" loi\" aria-invalid=\"true") }
        if case .slip(let typed) = fault {
            markup("\" value=\"")
            value(typed)
        }
        markup("\">")
        say(
            "<input type=\"hidden\" name=\"lang\" value=\"vi\"><button type=\"submit\">Tra cứu</button></form>",
            "<input type=\"hidden\" name=\"lang\" value=\"en\"><button type=\"submit\">Look up</button></form>")
    }

    private mutating func fault(_ fault: EntryFault) {
        switch fault {
        case .none: return
        case .empty:
            say(
                "<div class=\"box bad\" role=\"alert\"><p id=\"loi\"><strong>Bạn chưa nhập mã hồ sơ.</strong></p></div>",
                "<div class=\"box bad\" role=\"alert\"><p id=\"loi\"><strong>Enter your dossier code.</strong></p></div>"
            )
        case .slip:
            say(
                """
                <div class="box bad" role="alert"><p id="loi"><strong>Mã có vẻ bị gõ sai ở một ký tự.</strong> \
                Hãy so lại từng nhóm bốn ký tự với giấy hẹn. <a href="#ma">Sửa mã</a></p></div>
                """,
                """
                <div class="box bad" role="alert"><p id="loi"><strong>One character of the code seems to be wrong.\
                </strong> Compare each group of four with your receipt. <a href="#ma">Correct the code</a></p></div>
                """)
        case .notFound:
            say(
                """
                <div class="box bad" role="alert"><p id="loi"><strong>Không tìm thấy hồ sơ với mã này.</strong> \
                Hãy kiểm tra lại mã trên giấy hẹn. Hồ sơ vừa nộp có thể cần vài phút mới tra cứu được. Nếu vẫn không \
                thấy, hãy hỏi Bộ phận Một cửa nơi bạn nộp hồ sơ. <a href="#ma">Nhập lại mã</a></p></div>
                """,
                """
                <div class="box bad" role="alert"><p id="loi"><strong>No dossier was found with this code.</strong> \
                Check the code on your receipt. A dossier that was just submitted may take some minutes to appear. If \
                it still does not, ask the one-stop desk where you submitted it. <a href="#ma">Enter the code again</a>\
                </p></div>
                """)
        }
    }

    /// How a dossier stands, in a word that says all; colour and shape only repeat it. What ended without its result says so.
    mutating func tag(of notice: Notice) {
        guard [.decided, .returned].contains(notice.stage), let result = notice.result, result != "issued" else {
            return tag(notice.stage)
        }
        markup(result == "partial" ? "<span class=\"tag done\">" : "<span class=\"tag halt\">")
        local(StatusPage.result(result))
        markup("</span>")
    }

    /// A stage's tag, where no more is told.
    mutating func tag(_ stage: PublicStage) {
        switch stage {
        case .needsDocuments, .needsPayment: markup("<span class=\"tag wait\">")
        case .submitted, .accepted, .processing, .withdrawing: markup("<span class=\"tag run\">")
        case .decided, .returned: markup("<span class=\"tag done\">")
        case .refused, .withdrawn, .suspended, .terminated: markup("<span class=\"tag halt\">")
        }
        local(stage.tag)
        markup("</span>")
    }
}
