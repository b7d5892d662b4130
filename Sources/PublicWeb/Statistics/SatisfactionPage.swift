import Edge
import Hummingbird
import JSONText
import Notices
import PublicFeed
import WorkingTime

/// How satisfied people were, by month and by agency: only what is counted and only of enough ratings.
struct SatisfactionPage {
    let asked: StatisticsRequest
    /// The newest first.
    let months: [CountedMonth]
    /// The month asked for; nil when nothing is told of it.
    let month: SatisfactionMonth?
    let titles: StatisticTitles

    /// Agencies shown: what 30 kB have room for. The JSON has all.
    static let agencyCountMax = 60

    func page(_ shell: PageShell) -> [UInt8] {
        shell.page(title: LocalText(vi: "Mức độ hài lòng", en: "Satisfaction")) { html in
            html.say("<h1>Mức độ hài lòng<br>", "<h1>Satisfaction<br>")
            html.local(PlaceNames.province(asked.province))
            html.markup("</h1>")
            html.statisticsLinks(asked, current: shell.path)
            byMonth(&html)
            byAgency(&html)
            method(&html)
        }
    }

    private func byMonth(_ html: inout HTMLWriter) {
        html.say("<section><h2>Theo tháng</h2>", "<section><h2>By month</h2>")
        guard !months.isEmpty else {
            html.say(
                "<p>Chưa có tháng nào được đếm.</p></section>", "<p>No month has been counted yet.</p></section>")
            return
        }
        head(&html, id: "ten-thang", LocalText(vi: "Toàn tỉnh, mới nhất trước", en: "The province, newest first"))
        html.say("Tháng", "Month")
        columns(&html)
        for month in months {
            html.markup("<tr><th class=\"n\" scope=\"row\">")
            html.month(StatisticMonth(of: month.first))
            html.markup("</th>")
            cells(month.whole, &html)
        }
        html.markup("</tbody></table></div></section>")
    }

    private func byAgency(_ html: inout HTMLWriter) {
        html.say("<section><h2>Theo cơ quan tiếp nhận</h2>", "<section><h2>By receiving agency</h2>")
        html.markup("<form class=\"pick\" method=\"get\">")
        html.monthChoice(asked)
        html.submit()
        guard let month else {
            html.say(
                "<p>Tháng này chưa được đếm hoặc không có đánh giá nào.</p></section>",
                "<p>This month has not been counted, or nobody rated.</p></section>")
            return
        }
        guard !month.agencies.isEmpty else {
            html.say(
                "<p>Không đủ đánh giá để công bố riêng từng cơ quan.</p></section>",
                "<p>There are too few ratings to tell agencies apart.</p></section>")
            return
        }
        let title = StatisticMonth(of: asked.month.first)
        head(&html, id: "ten-co-quan", LocalText(vi: title.vietnamese, en: title.english))
        html.say("Cơ quan tiếp nhận", "Receiving agency")
        columns(&html)
        for agency in month.agencies.prefix(SatisfactionPage.agencyCountMax) {
            html.markup("<tr><th scope=\"row\">")
            html.local(SatisfactionPage.name(agency, titles))
            html.markup("</th>")
            cells(agency.counts, &html)
        }
        html.markup("</tbody></table></div>")
        if month.agencies.count > SatisfactionPage.agencyCountMax {
            html.say("<p>Số cơ quan khác không hiện ở đây: ", "<p>Agencies not shown here: ")
            html.number(month.agencies.count - SatisfactionPage.agencyCountMax)
            html.markup("</p>")
        }
        html.markup("</section>")
    }

    static func name(_ agency: SatisfactionMonth.Agency, _ titles: StatisticTitles) -> LocalText {
        agency.key.isEmpty
            ? LocalText(vi: "Các cơ quan khác, gộp chung", en: "All others together") : titles.agency(agency.key)
    }

    private func head(_ html: inout HTMLWriter, id: String, _ caption: LocalText) {
        html.markup("<div class=\"scroll\" role=\"region\" aria-labelledby=\"")
        html.value(id)
        html.markup("\" tabindex=\"0\"><table><caption><span id=\"")
        html.value(id)
        html.markup("\">")
        html.local(caption)
        html.markup("</span></caption><thead><tr><th scope=\"col\">")
    }

    private func columns(_ html: inout HTMLWriter) {
        html.say("</th><th scope=\"col\">Số đánh giá</th>", "</th><th scope=\"col\">Ratings</th>")
        for level in SatisfactionLevel.allCases.reversed() {
            html.markup("<th scope=\"col\">")
            html.local(level.name)
            html.markup("</th>")
        }
        html.say(
            "<th scope=\"col\">Hài lòng trở lên</th></tr></thead><tbody>",
            "<th scope=\"col\">Satisfied or very satisfied</th></tr></thead><tbody>")
    }

    private func cells(_ counts: SatisfactionCounts?, _ html: inout HTMLWriter) {
        html.cell(counts?.total)
        for level in SatisfactionLevel.allCases.reversed() { html.cell(counts?[level]) }
        html.markup("<td>")
        html.value(counts?.satisfiedShare.map { FigureText.share($0, html.language) } ?? "–")
        html.markup("</td></tr>")
    }

    private func method(_ html: inout HTMLWriter) {
        html.say(
            """
            <section><h2>Cách tính</h2><p>Người có mã tra cứu đánh giá một lần cho mỗi hồ sơ đã kết thúc, và đổi được trong 7 \
            ngày. Đánh giá tính vào tháng được gửi. Một tháng được đếm và công bố từ ngày 11 của tháng sau, khi không đánh giá \
            nào đổi được nữa; sau đó số liệu không thay đổi. Dưới 10 đánh giá thì không công bố (“ẩn”); cơ quan có dưới 10 \
            đánh giá được gộp chung. Đây là ý kiến của những người tự nguyện đánh giá, không phải của mọi người nộp hồ \
            sơ.</p></section>
            """,
            """
            <section><h2>How it is counted</h2><p>Whoever holds the look-up code rates each dossier that has ended once, and \
            may change it for 7 days. A rating counts in the month in which it was given. A month is counted and published from \
            the 11th of the next, when none of its ratings can change any more, and then never changes. Fewer than 10 ratings are \
            not published (“n/p”); agencies with fewer than 10 are told together. These are the views of those who chose to \
            rate, not of all applicants.</p></section>
            """)
    }
}

extension StatisticsDesk {
    /// How satisfied people were.
    func satisfaction(
        _ request: Request, _ context: some EdgeRequestContext, province: String
    ) async throws -> Response {
        let asked = try await known(StatisticsRequest(request, context, province: province))
        let months = try await reader.satisfaction(asked.province)
        let isChosen = ["thang", "month"].contains { request.uri.queryParameters[Substring($0)] != nil }
        // The current month is never counted: without a choice the newest that is.
        let chosen =
            months.first.map { isChosen ? asked : asked.of(StatisticMonth(of: $0.first)) } ?? asked
        let page = SatisfactionPage(
            asked: chosen, months: months,
            month: try await reader.satisfaction(chosen.province, chosen.month.first),
            titles: try await reader.titles(chosen.province))
        var shell = PageShell(language: context.language, path: "/thong-ke/\(chosen.province)/hai-long")
        shell.isBroad = true
        shell.query = isChosen ? "thang=\(chosen.month.text)" : ""
        return self.page(page.page(shell), to: request)
    }

    /// The same for programs; with `month` the agencies of that month too.
    func satisfactionJSON(
        _ request: Request, _ context: some EdgeRequestContext, province: String
    ) async throws -> Response {
        let asked = try await known(StatisticsRequest(request, context, province: province))
        let isChosen = ["thang", "month"].contains { request.uri.queryParameters[Substring($0)] != nil }
        let months = try await reader.satisfaction(asked.province)
        let month = isChosen ? try await reader.satisfaction(asked.province, asked.month.first) : nil
        let titles = try await reader.titles(asked.province)
        let bytes = JSONWriter.bytes { json in
            json.member("province", Int(asked.province))
            json.member("smallestPublished", SatisfactionMonth.leastCount)
            json.array("months") { json in
                for month in months {
                    json.object { json in
                        json.member("month", StatisticMonth(of: month.first).text)
                        StatisticsDesk.write(month.whole, &json)
                    }
                }
            }
            guard isChosen else { return }
            json.member("month", asked.month.text)
            json.member("isCounted", month != nil)
            json.array("agencies") { json in
                for agency in month?.agencies ?? [] {
                    json.object { json in
                        json.member("key", ifPresent: agency.key.isEmpty ? nil : agency.key)
                        json.member("name", SatisfactionPage.name(agency, titles).vi)
                        StatisticsDesk.write(agency.counts, &json)
                    }
                }
            }
        }
        return StatisticsDesk.tagged(bytes, to: request, "application/json; charset=utf-8")
    }

    /// Every figure; null for one that is not told.
    private static func write(_ counts: SatisfactionCounts?, _ json: inout JSONWriter) {
        json.member("ratings", counts.map { .integer($0.total) } ?? .null)
        for (name, level) in [
            ("verySatisfied", SatisfactionLevel.verySatisfied), ("satisfied", .satisfied), ("acceptable", .acceptable),
            ("dissatisfied", .dissatisfied),
        ] { json.member(name, counts.map { .integer($0[level]) } ?? .null) }
        json.member("satisfiedHundredthsOfPercent", counts?.satisfiedShare.map { .integer($0) } ?? .null)
    }
}
