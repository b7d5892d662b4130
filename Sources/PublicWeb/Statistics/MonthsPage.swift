import Notices
import PublicFeed
import WorkingTime

/// A province month by month.
struct MonthsPage {
    let asked: StatisticsRequest
    /// Newest first.
    let rows: [(month: StatisticMonth, row: StatisticRow)]

    func page(_ shell: PageShell) -> [UInt8] {
        shell.page(title: LocalText(vi: "Thống kê theo tháng", en: "Statistics by month")) { html in
            html.say("<h1>Thống kê theo tháng<br>", "<h1>Statistics by month<br>")
            html.local(PlaceNames.province(asked.province))
            html.markup("</h1>")
            html.statisticsLinks(asked, current: "/thong-ke/\(asked.province)/thang")
            MonthsPage.trend(rows, &html)
        }
    }

    /// Picture and table of months, given newest first; the picture shows the last twelve.
    static func trend(_ rows: [(month: StatisticMonth, row: StatisticRow)], _ html: inout HTMLWriter) {
        html.say("<section><h2>Xu hướng</h2>", "<section><h2>Trend</h2>")
        let shown = rows.prefix(12).reversed()
        if let first = shown.first, let last = shown.last {
            TrendChart(
                bars: shown.map {
                    TrendChart.Bar(
                        label: String($0.month.first.month), received: $0.row.received, finished: $0.row.finished)
                },
                title: LocalText(
                    vi: "Hồ sơ tiếp nhận và đã giải quyết mỗi tháng, từ \(first.month.vietnamese.lowercased()) đến "
                        + "\(last.month.vietnamese.lowercased())",
                    en: "Dossiers received and settled each month, from \(first.month.english) to \(last.month.english)"
                )
            ).write(&html)
        }
        html.say(
            """
            <div class="scroll" role="region" aria-labelledby="ten-xu-huong" tabindex="0"><table>\
            <caption><span id="ten-xu-huong">Theo tháng, mới nhất trước</span></caption><thead><tr><th scope="col">Tháng</th>\
            <th scope="col">Kỳ trước</th><th scope="col">Tiếp nhận</th><th scope="col">Đã giải quyết</th>\
            <th scope="col">Trong đó quá hạn</th><th scope="col">Còn mở cuối tháng</th>\
            <th scope="col">Trong đó quá hạn</th><th scope="col">Đúng hạn (2.1)</th></tr></thead><tbody>
            """,
            """
            <div class="scroll" role="region" aria-labelledby="ten-xu-huong" tabindex="0"><table>\
            <caption><span id="ten-xu-huong">By month, newest first</span></caption><thead><tr><th scope="col">Month</th>\
            <th scope="col">Carried over</th><th scope="col">Received</th><th scope="col">Settled</th>\
            <th scope="col">Of these late</th><th scope="col">Open at its end</th>\
            <th scope="col">Of these overdue</th><th scope="col">On time (2.1)</th></tr></thead><tbody>
            """)
        for (month, row) in rows {
            html.markup("<tr><th class=\"n\" scope=\"row\">")
            html.month(month)
            html.markup("</th>")
            for figure in [
                row.carried, row.received, row.finished, row[.finishedLate], row.underWay,
                row[.late] + row[.waitingLate],
            ] { html.cell(figure) }
            html.markup("<td>")
            html.value(FigureText.indicator(.onTime, row, html.language))
            html.markup("</td></tr>")
        }
        html.markup("</tbody></table></div></section>")
    }
}
