import Notices
import PublicFeed
import WorkingTime

/// A dashboard that a province puts on its wall: large figures, read from across a room.
struct WallPage {
    let asked: StatisticsRequest
    let today: StatisticRow
    /// The last thirty days, oldest first, those without anything left out.
    let days: [StatisticPoint]
    let steps: [StatisticStep]
    let titles: StatisticTitles
    /// Whether the page asks for itself no more.
    let isStill: Bool

    func page(_ shell: PageShell) -> [UInt8] {
        shell.page(title: LocalText(vi: "Bảng tin", en: "Wall")) { html in
            html.markup("<div class=\"wall\"><h1>")
            html.local(PlaceNames.province(asked.province))
            html.markup("<br>")
            html.day(asked.today)
            html.markup("</h1>")
            html.stale(asked.staleSince)
            html.markup("<dl class=\"cards\">")
            html.card("Tiếp nhận hôm nay", "Received today", today.received)
            html.card("Giải quyết hôm nay", "Settled today", today.finished)
            html.card("Đang giải quyết", "Under way", today[.running] + today[.late])
            html.card("Đang quá hạn", "Overdue", today[.late], isBad: today[.late] > 0)
            html.card("Chờ người dân", "Waiting for applicants", today.waiting)
            html.card("Chờ tiếp nhận", "Not yet accepted", today[.pending])
            html.markup("</dl>")
            trend(&html)
            html.slowestSteps(steps, titles, atMost: 5)
            table(&html)
            refresh(&html)
            html.markup("</div>")
        }
    }

    /// The last thirty days, oldest first, with what is known of each.
    private var shown: [(day: CivilDate, row: StatisticRow?)] {
        let known = Dictionary(days.map { ($0.start, $0.row) }, uniquingKeysWith: { $1 })
        return (0..<30).map { asked.today.adding(days: $0 - 29) }.map { ($0, known[$0]) }
    }

    private func trend(_ html: inout HTMLWriter) {
        html.say("<section><h2>30 ngày qua</h2>", "<section><h2>The last 30 days</h2>")
        TrendChart(
            bars: shown.map { day, row in
                TrendChart.Bar(
                    label: "\(day.day)/\(day.month)", received: row?.received ?? 0, finished: row?.finished ?? 0)
            },
            title: LocalText(
                vi: "Hồ sơ tiếp nhận và đã giải quyết mỗi ngày", en: "Dossiers received and settled each day"),
            periodsALabel: 5
        ).write(&html)
        html.markup("</section>")
    }

    private func table(_ html: inout HTMLWriter) {
        html.say(
            """
            <section><h2>Số liệu từng ngày</h2><div class="scroll" role="region" aria-labelledby="ten-ngay" tabindex="0">\
            <table class="slim"><caption><span id="ten-ngay">30 ngày qua, mới nhất trước</span></caption><thead><tr>\
            <th scope="col">Ngày</th><th scope="col">Tiếp nhận</th><th scope="col">Đã giải quyết</th></tr></thead><tbody>
            """,
            """
            <section><h2>Day by day</h2><div class="scroll" role="region" aria-labelledby="ten-ngay" tabindex="0">\
            <table class="slim"><caption><span id="ten-ngay">The last 30 days, newest first</span></caption><thead><tr>\
            <th scope="col">Day</th><th scope="col">Received</th><th scope="col">Settled</th></tr></thead><tbody>
            """)
        for (day, row) in shown.reversed() {
            html.markup("<tr><th scope=\"row\">")
            html.value(html.language == .vi ? day.vietnamese : day.english)
            html.markup("</th>")
            html.cell(row?.received ?? 0)
            html.cell(row?.finished ?? 0)
            html.markup("</tr>")
        }
        html.markup("</tbody></table></div></section>")
    }

    private func refresh(_ html: inout HTMLWriter) {
        html.markup("<p><a href=\"")
        html.value("/bang-tin/\(asked.province)?\(isStill ? "" : "dung=1&")lang=\(html.language.rawValue)")
        html.markup("\">")
        if isStill {
            html.say("Tự cập nhật mỗi phút", "Update by itself every minute")
        } else {
            html.say("Dừng tự cập nhật mỗi phút", "Stop updating every minute")
        }
        html.markup("</a> · <a href=\"")
        html.value("/thong-ke/\(asked.province)?lang=\(html.language.rawValue)")
        html.say("\">Thống kê đầy đủ</a></p>", "\">All statistics</a></p>")
    }
}
