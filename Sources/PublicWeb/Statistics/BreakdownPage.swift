import Notices
import PublicFeed
import WorkingTime

/// A month of a province by agency, field or procedure; small cells are held back.
struct BreakdownPage {
    let by: Breakdown
    let asked: StatisticsRequest
    let rows: [PublishedMonth.Row]
    /// The province's own figures, which are told as they are.
    let total: StatisticRow
    let titles: StatisticTitles

    /// Rows a page: what 30 kB have room for.
    static let pageSize = 40

    func page(_ shell: PageShell) -> [UInt8] {
        shell.page(title: title) { html in
            html.markup("<h1>")
            html.local(title)
            html.markup("<br>")
            html.local(PlaceNames.province(asked.province))
            html.markup("</h1>")
            html.statisticsLinks(asked, current: shell.path)
            html.markup("<form class=\"pick\" method=\"get\">")
            html.monthChoice(asked)
            html.submit()
            table(&html)
        }
    }

    private var title: LocalText {
        LocalText(vi: "Số liệu theo \(by.title.vi.lowercased())", en: "Figures by \((by.title.en ?? "").lowercased())")
    }

    private func table(_ html: inout HTMLWriter) {
        // The busiest first.
        let rows = rows.sorted { left, right in
            let (a, b) = (left[.received] ?? 0, right[.received] ?? 0)
            return a == b ? left.item < right.item : a > b
        }
        guard !rows.isEmpty else {
            html.say("<p>Không có hồ sơ nào trong tháng này.</p>", "<p>There are no dossiers in this month.</p>")
            return
        }
        let shown = rows.dropFirst((asked.page - 1) * BreakdownPage.pageSize).prefix(BreakdownPage.pageSize)
        html.markup(
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"ten-bang\" tabindex=\"0\"><table><caption><span id=\"ten-bang\">"
        )
        html.month(asked.month)
        if !asked.isOver { html.say(", đến hôm nay", ", so far") }
        html.markup("</span></caption><thead><tr><th scope=\"col\">")
        html.local(by.title)
        html.say(
            """
            </th><th scope="col">Kỳ trước</th><th scope="col">Tiếp nhận</th><th scope="col">Trực tuyến</th>\
            <th scope="col">Đã giải quyết</th><th scope="col">Trước hạn</th><th scope="col">Đúng hạn</th>\
            <th scope="col">Quá hạn</th><th scope="col">Còn mở</th><th scope="col">Đang quá hạn</th>\
            <th scope="col">Tạm dừng</th></tr></thead><tbody>
            """,
            """
            </th><th scope="col">Carried over</th><th scope="col">Received</th><th scope="col">Online</th>\
            <th scope="col">Settled</th><th scope="col">Early</th><th scope="col">On time</th>\
            <th scope="col">Late</th><th scope="col">Open</th><th scope="col">Now overdue</th>\
            <th scope="col">Waiting</th></tr></thead><tbody>
            """)
        for row in shown { line(row, &html) }
        html.markup("</tbody><tfoot><tr><th scope=\"row\">")
        html.say("Tổng cộng", "Total")
        html.markup("</th>")
        for figure in BreakdownPage.columns { html.cell(figure.value(total)) }
        html.markup("</tr></tfoot></table></div>")
        if rows.contains(where: \.holdsBack) {
            html.say(
                "<p>“ẩn”: số từ 1 đến 4, và số có thể suy ra những số đó.</p>",
                "<p>“n/p”: figures from 1 to 4, and those that would tell them.</p>")
        }
        pages(of: rows.count, &html)
    }

    private static let columns: [PublicFigure] = [
        .carried, .received, .online, .finished, .early, .onTime, .late, .underWay, .overdue, .waiting,
    ]

    private func line(_ row: PublishedMonth.Row, _ html: inout HTMLWriter) {
        html.markup("<tr><th scope=\"row\">")
        if by == .agency, !row.item.isEmpty {
            html.markup("<a href=\"/thong-ke/bieu-2-06a?")
            html.value(
                "tinh=\(asked.province)&thang=\(asked.month.text)&coquan=\(TypedText.encode(row.item))"
                    + "&lang=\(html.language.rawValue)")
            html.markup("\">")
            html.local(by.name(row.item, titles))
            html.markup("</a>")
        } else {
            html.local(by.name(row.item, titles))
        }
        html.markup("</th>")
        for figure in BreakdownPage.columns { html.cell(row[figure]) }
        html.markup("</tr>")
    }

    private func pages(of count: Int, _ html: inout HTMLWriter) {
        let last = (count + BreakdownPage.pageSize - 1) / BreakdownPage.pageSize
        guard last > 1 else { return }
        html.say("<nav aria-label=\"Trang\"><p class=\"links\">", "<nav aria-label=\"Pages\"><p class=\"links\">")
        for number in 1...last {
            html.markup("<a href=\"?")
            html.value("thang=\(asked.month.text)&trang=\(number)&lang=\(html.language.rawValue)")
            html.markup(number == asked.page ? "\" aria-current=\"page\">" : "\">")
            html.number(number)
            html.markup("</a> ")
        }
        html.markup("</p></nav>")
    }
}
