import Edge
import Hummingbird
import Notices
import PublicFeed
import WorkingTime

/// A month of a province day by day.
struct DaysPage {
    let asked: StatisticsRequest
    /// Newest first; each with its stocks at its end.
    let rows: [(day: CivilDate, row: StatisticRow)]

    func page(_ shell: PageShell) -> [UInt8] {
        shell.page(title: LocalText(vi: "Thống kê theo ngày", en: "Statistics by day")) { html in
            html.say("<h1>Thống kê theo ngày<br>", "<h1>Statistics by day<br>")
            html.local(PlaceNames.province(asked.province))
            html.markup("</h1>")
            html.statisticsLinks(asked, current: "/thong-ke/\(asked.province)/ngay")
            html.markup("<form class=\"pick\" method=\"get\" action=\"")
            html.value("/thong-ke/\(asked.province)/ngay")
            html.markup("\">")
            html.monthChoice(asked)
            html.submit()
            table(&html)
        }
    }

    private func table(_ html: inout HTMLWriter) {
        html.markup("<section><h2>")
        html.month(asked.month)
        html.say(
            """
            </h2><div class="scroll" role="region" aria-labelledby="ten-ngay" tabindex="0"><table>\
            <caption><span id="ten-ngay">Theo ngày, mới nhất trước</span></caption><thead><tr><th scope="col">Ngày</th>\
            <th scope="col">Tiếp nhận</th><th scope="col">Trực tuyến</th><th scope="col">Đã giải quyết</th>\
            <th scope="col">Trước hạn</th><th scope="col">Đúng hạn</th><th scope="col">Quá hạn</th>\
            <th scope="col">Còn mở cuối ngày</th><th scope="col">Trong đó quá hạn</th>\
            <th scope="col">Chờ người dân</th></tr></thead><tbody>
            """,
            """
            </h2><div class="scroll" role="region" aria-labelledby="ten-ngay" tabindex="0"><table>\
            <caption><span id="ten-ngay">By day, newest first</span></caption><thead><tr><th scope="col">Day</th>\
            <th scope="col">Received</th><th scope="col">Online</th><th scope="col">Settled</th>\
            <th scope="col">Early</th><th scope="col">On time</th><th scope="col">Late</th>\
            <th scope="col">Open at its end</th><th scope="col">Of these overdue</th>\
            <th scope="col">Waiting for applicants</th></tr></thead><tbody>
            """)
        for (day, row) in rows {
            html.markup("<tr><th class=\"n\" scope=\"row\">")
            html.value(html.language == .vi ? day.vietnamese : day.english)
            html.markup("</th>")
            for figure in [
                row.received, row[.receivedOnline], row.finished, row[.finishedEarly], row[.finishedOnTime],
                row[.finishedLate], row.underWay, row[.late] + row[.waitingLate], row.waiting,
            ] { html.cell(figure) }
            html.markup("</tr>")
        }
        html.markup("</tbody></table></div></section>")
    }
}

extension StatisticsDesk {
    /// Day by day.
    func byDay(
        _ request: Request, _ context: some EdgeRequestContext, province: String
    ) async throws -> Response {
        let asked = try await known(StatisticsRequest(request, context, province: province))
        var shell = PageShell(language: context.language, path: "/thong-ke/\(asked.province)/ngay")
        shell.isBroad = true
        shell.query = "thang=\(asked.month.text)"
        return page(DaysPage(asked: asked, rows: try await days(asked)).page(shell), to: request)
    }

    /// The days of a month, newest first, up to today.
    private func days(_ asked: StatisticsRequest) async throws -> [(day: CivilDate, row: StatisticRow)] {
        let query = asked.query(.province)
        var opening = try await reader.table(query).total.opening
        let points = try await reader.trend(query, item: "", byDay: true)
        let known = Dictionary(points.map { ($0.start, $0.row.period) }, uniquingKeysWith: +)
        var rows: [(CivilDate, StatisticRow)] = []
        var day = asked.month.first
        while day <= asked.through {
            let row = StatisticRow(item: "", opening: opening, period: known[day] ?? StatisticCounts())
            rows.append((day, row))
            opening += row.period
            day = day.adding(days: 1)
        }
        return rows.reversed()
    }
}
