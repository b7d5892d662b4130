import Notices
import PublicFeed
import WorkingTime

extension HTMLWriter {
    /// The ways from one page of statistics to the others; `current` is marked.
    mutating func statisticsLinks(_ asked: StatisticsRequest, current: String) {
        say(
            "<nav aria-label=\"Thống kê\"><p class=\"links\">", "<nav aria-label=\"Statistics\"><p class=\"links\">")
        let base = "/thong-ke/\(asked.province)"
        link(base, current, LocalText(vi: "Tổng quan", en: "Overview"))
        for by in Breakdown.allCases {
            link("\(base)/\(by.rawValue)", current, by.title, "thang=\(asked.month.text)&")
        }
        link("\(base)/thang", current, LocalText(vi: "Theo tháng", en: "By month"))
        link("\(base)/ngay", current, LocalText(vi: "Theo ngày", en: "By day"), "thang=\(asked.month.text)&")
        link("\(base)/hai-long", current, LocalText(vi: "Hài lòng", en: "Satisfaction"))
        link(
            "/thong-ke/bieu-2-06a", current, LocalText(vi: "Biểu II.06a", en: "Form II.06a"),
            "tinh=\(asked.province)&thang=\(asked.month.text)&")
        link("/bang-tin/\(asked.province)", current, LocalText(vi: "Bảng tin", en: "Wall"))
        markup("</p></nav>")
        stale(asked.staleSince)
    }

    private mutating func link(_ path: String, _ current: String, _ text: LocalText, _ query: String = "") {
        markup("<a href=\"")
        value("\(path)?\(query)lang=\(language.rawValue)")
        markup(path == current ? "\" aria-current=\"page\">" : "\">")
        local(text)
        markup("</a> ")
    }

    /// The months that can be chosen.
    mutating func monthChoice(_ asked: StatisticsRequest) {
        say("<div><label for=\"thang\">Tháng</label>", "<div><label for=\"thang\">Month</label>")
        markup("<select id=\"thang\" name=\"thang\">")
        let current = StatisticMonth(of: asked.today)
        var months = (0..<StatisticsDesk.monthCount).map { current.earlier(by: $0) }
        if !months.contains(asked.month) { months.append(asked.month) }
        for month in months {
            markup(month == asked.month ? "<option selected value=\"" : "<option value=\"")
            value(month.text)
            markup("\">")
            self.month(month)
            markup("</option>")
        }
        markup("</select></div>")
    }

    /// The end of a form that only chooses.
    mutating func submit() {
        markup("<input type=\"hidden\" name=\"lang\" value=\"")
        value(language.rawValue)
        say("\"><button type=\"submit\">Xem</button></form>", "\"><button type=\"submit\">Show</button></form>")
    }

    /// One figure of a row of cards.
    mutating func card(_ vi: StaticString, _ en: StaticString, _ text: String, isBad: Bool = false) {
        markup(isBad ? "<div class=\"bad\"><dt>" : "<div><dt>")
        say(vi, en)
        markup("</dt><dd>")
        value(text)
        markup("</dd></div>")
    }

    /// One figure of a row of cards.
    mutating func card(_ vi: StaticString, _ en: StaticString, _ number: Int64, isBad: Bool = false) {
        card(vi, en, FigureText.whole(number, language), isBad: isBad)
    }

    /// The steps at which dossiers stay longest.
    mutating func slowestSteps(_ steps: [StatisticStep], _ titles: StatisticTitles, atMost count: Int) {
        say("<section><h2>Các bước lâu nhất</h2>", "<section><h2>The slowest steps</h2>")
        guard !steps.isEmpty else {
            say(
                "<p>Chưa có bước nào đủ 10 lượt hồ sơ trong ba tháng gần đây.</p></section>",
                "<p>No step was passed by ten dossiers in the last three months.</p></section>")
            return
        }
        say(
            """
            <div class="scroll" role="region" aria-labelledby="ten-buoc" tabindex="0"><table><caption><span id="ten-buoc">\
            Thời gian trung bình ở một bước, ba tháng gần đây, không kể lúc chờ người dân</span></caption><thead><tr>\
            <th scope="col">Bước, thủ tục</th><th scope="col">Lượt</th>\
            <th scope="col">Trung bình</th></tr></thead><tbody>
            """,
            """
            <div class="scroll" role="region" aria-labelledby="ten-buoc" tabindex="0"><table><caption><span id="ten-buoc">\
            Mean time at a step in the last three months, without waiting for the applicant</span></caption><thead><tr>\
            <th scope="col">Step, procedure</th><th scope="col">Stays</th>\
            <th scope="col">Mean</th></tr></thead><tbody>
            """)
        for step in steps.prefix(count) {
            markup("<tr><th scope=\"row\">")
            local(titles.milestone(step.milestone, of: step.procedure))
            markup("<br><span class=\"of\">")
            local(titles.procedure(step.procedure))
            markup("</span></th>")
            cell(step.count)
            markup("<td>")
            value(FigureText.time(step.meanSeconds, language))
            markup("</td></tr>")
        }
        markup("</tbody></table></div></section>")
    }
}

extension PageShell {
    /// The provinces that this site has figures of.
    func provinces(_ provinces: [Int16]) -> [UInt8] {
        page(title: LocalText(vi: "Thống kê", en: "Statistics")) { html in
            html.say("<h1>Thống kê giải quyết hồ sơ</h1>", "<h1>How dossiers are settled</h1>")
            guard !provinces.isEmpty else {
                html.say("<p>Chưa có số liệu.</p>", "<p>There are no figures yet.</p>")
                return
            }
            html.markup("<ul>")
            for province in provinces {
                html.markup("<li><a href=\"/thong-ke/")
                html.number(Int(province))
                html.markup("?lang=")
                html.value(html.language.rawValue)
                html.markup("\">")
                html.local(PlaceNames.province(province))
                html.markup("</a></li>")
            }
            html.markup("</ul>")
        }
    }
}
