import Notices
import PublicFeed
import WorkingTime

/// A province at a glance: today, this month, the trend, the indicators, the slowest steps.
struct OverviewPage {
    let asked: StatisticsRequest
    /// Today's figures; the stocks as they are now.
    let today: StatisticRow
    let month: StatisticRow
    /// The last months, newest first.
    let trend: [(month: StatisticMonth, row: StatisticRow)]
    let steps: [StatisticStep]
    let titles: StatisticTitles

    func page(_ shell: PageShell) -> [UInt8] {
        shell.page(title: LocalText(vi: "Thống kê", en: "Statistics")) { html in
            html.say("<h1>Tình hình giải quyết hồ sơ<br>", "<h1>How dossiers are settled<br>")
            html.local(PlaceNames.province(asked.province))
            html.markup("</h1>")
            html.statisticsLinks(asked, current: "/thong-ke/\(asked.province)")
            now(&html)
            grid(&html)
            indicators(&html)
            MonthsPage.trend(trend, &html)
            html.slowestSteps(steps, titles, atMost: 8)
            method(&html)
        }
    }

    private func now(_ html: inout HTMLWriter) {
        html.say("<section><h2>Hôm nay, ", "<section><h2>Today, ")
        html.day(asked.today)
        html.markup("</h2><dl class=\"cards\">")
        html.card("Tiếp nhận", "Received", today.received)
        html.card("Đã giải quyết", "Settled", today.finished)
        html.card("Đang giải quyết", "Under way", today[.running] + today[.late])
        html.card("Trong đó quá hạn", "Of these overdue", today[.late], isBad: today[.late] > 0)
        html.card("Tạm dừng, chờ người dân", "Waiting for applicants", today.waiting)
        html.card("Chờ tiếp nhận", "Not yet accepted", today[.pending])
        html.markup("</dl></section>")
    }

    private func grid(_ html: inout HTMLWriter) {
        html.markup("<section><h2>")
        html.month(asked.month)
        html.say(
            """
            </h2><div class="scroll" role="region" aria-labelledby="ten-thang" tabindex="0"><table class="slim">\
            <caption><span id="ten-thang">Hồ sơ trong tháng, đến hôm nay</span></caption><thead><tr><th scope="col">Nội dung</th>\
            <th scope="col">Số hồ sơ</th></tr></thead><tbody>
            """,
            """
            </h2><div class="scroll" role="region" aria-labelledby="ten-thang" tabindex="0"><table class="slim">\
            <caption><span id="ten-thang">Dossiers of the month so far</span></caption><thead><tr><th scope="col">What</th>\
            <th scope="col">Dossiers</th></tr></thead><tbody>
            """)
        line(&html, "Kỳ trước chuyển sang", "Carried over", month.carried)
        line(&html, "Tiếp nhận trong kỳ", "Received", month.received)
        line(&html, "trực tuyến", "online", month[.receivedOnline], isPart: true)
        line(&html, "trực tiếp", "at the counter", month[.receivedCounter], isPart: true)
        line(&html, "qua bưu chính", "by post", month[.receivedPost], isPart: true)
        line(&html, "Đã giải quyết", "Settled", month.finished)
        line(&html, "trước hạn", "early", month[.finishedEarly], isPart: true)
        line(&html, "đúng hạn", "on time", month[.finishedOnTime], isPart: true)
        line(&html, "quá hạn", "late", month[.finishedLate], isPart: true)
        line(&html, "không có ngày hẹn", "without a promised date", month[.finishedUndated], isPart: true)
        line(&html, "rút hoặc dừng", "withdrawn or stopped", month[.finishedOther], isPart: true)
        line(&html, "Còn mở", "Still open", month.underWay)
        line(&html, "đang giải quyết, trong hạn", "under way, in time", month[.running], isPart: true)
        line(&html, "đang giải quyết, quá hạn", "under way, overdue", month[.late], isPart: true)
        line(&html, "tạm dừng, trong hạn", "waiting, in time", month[.waiting], isPart: true)
        line(&html, "tạm dừng, đã quá hạn trước đó", "waiting, overdue before", month[.waitingLate], isPart: true)
        line(&html, "Không tiếp nhận (ngoài bảng trên)", "Not accepted (outside the above)", month[.declined])
        html.markup("</tbody></table></div></section>")
    }

    private func line(
        _ html: inout HTMLWriter, _ vi: StaticString, _ en: StaticString, _ number: Int64, isPart: Bool = false
    ) {
        html.markup(isPart ? "<tr><th class=\"sub\" scope=\"row\">" : "<tr><th scope=\"row\">")
        html.say(vi, en)
        html.markup("</th>")
        html.cell(number)
        html.markup("</tr>")
    }

    private func indicators(_ html: inout HTMLWriter) {
        html.say(
            "<section><h2>Chỉ số theo Quyết định 766/QĐ-TTg</h2><dl class=\"cards\">",
            "<section><h2>Indicators of Decision 766/QĐ-TTg</h2><dl class=\"cards\">")
        let language = html.language
        html.card(
            "2.1 Đúng hạn, trước hạn", "2.1 On time or early", FigureText.indicator(.onTime, month, language))
        html.card("Thời gian trung bình", "Mean time", FigureText.indicator(.meanTime, month, language))
        html.card("3.3 Nộp trực tuyến", "3.3 Submitted online", FigureText.indicator(.online, month, language))
        html.card(
            "Giữ đúng hẹn đầu tiên", "First promise kept", FigureText.indicator(.firstPromise, month, language))
        html.say(
            """
            </dl><p>Chỉ tính được phần mà thông báo công khai cho biết. 2.1: hồ sơ phải bổ sung quá một lần tính là quá hạn; \
            hồ sơ không có ngày hẹn không tính. 3.3: chưa xét kết quả có bản điện tử hay không. Các nhóm số hóa, thanh toán \
            chưa có trong số liệu này; mức độ hài lòng ở trang riêng. Phiên bản công thức có trong <a href="/v1/statistics/
            """,
            """
            </dl><p>Only what public notices tell. 2.1: a dossier asked for papers more than once counts as late; one without \
            a promised date is left out. 3.3: whether the result was electronic is not known. Digitisation and payment are not in \
            these figures; satisfaction has a page of its own. The formulas' versions are in the <a href="/v1/statistics/
            """)
        html.number(Int(asked.province))
        html.say("\">dữ liệu JSON</a>.</p></section>", "\">JSON data</a>.</p></section>")
    }

    private func method(_ html: inout HTMLWriter) {
        html.say(
            """
            <section><h2>Cách tính</h2><p>Mỗi hồ sơ tính theo thời điểm pháp lý của nó: ngày tiếp nhận, ngày có kết quả, ngày \
            hẹn trả; không theo lúc đồng bộ. Mỗi phần liên thông tính là một hồ sơ. Kỳ trước + tiếp nhận = đã giải quyết + còn \
            mở. Bảng chi tiết ẩn số từ 1 đến 4 để không lộ hồ sơ của một người.</p></section>
            """,
            """
            <section><h2>How it is counted</h2><p>Each dossier counts by its own legal clock: the day of acceptance, of the \
            result, the promised date; never by when it was synchronised. Each linked part counts as one \
            dossier. Carried over + received = settled + still open. In the detailed tables figures from 1 to 4 are not published, so that nobody's own dossier shows.</p></section>
            """)
    }
}
