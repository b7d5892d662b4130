import Notices
import PublicFeed
import WorkingTime

/// Form II.06a on the screen.
struct FormPage {
    let report: FormReport
    /// Those that can be chosen.
    let agencies: [String]

    private var asked: StatisticsRequest { report.asked }

    func page(_ shell: PageShell) -> [UInt8] {
        shell.page(title: LocalText(vi: "Biểu II.06a/VPCP/KSTT", en: "Form II.06a/VPCP/KSTT")) { html in
            html.say("<h1>Biểu II.06a/VPCP/KSTT</h1><p>", "<h1>Form II.06a/VPCP/KSTT</h1><p>")
            html.local(report.unit)
            html.markup(" · ")
            html.month(asked.month)
            html.markup("</p>")
            html.statisticsLinks(asked, current: "/thong-ke/bieu-2-06a")
            choice(&html)
            guard report.isTold else {
                html.say(
                    """
                    <p>Biểu của từng cơ quan được công bố khi số liệu của tháng đã chốt, mười ngày sau khi tháng kết \
                    thúc. Tháng này chưa chốt, hoặc cơ quan không có hồ sơ nào.</p>
                    """,
                    """
                    <p>The forms of single agencies are published once the month's figures are settled, ten days after its \
                    end. This month is not settled yet, or the agency has no dossiers.</p>
                    """)
                return
            }
            html.markup("<p class=\"links\">")
            link(&html, ".csv", "Tải CSV", "Download CSV")
            link(&html, ".xlsx", "Tải bảng tính (XLSX)", "Download workbook (XLSX)")
            html.markup("</p>")
            table(&html)
            notes(&html)
            corrections(&html)
        }
    }

    private func link(_ html: inout HTMLWriter, _ ending: StaticString, _ vi: StaticString, _ en: StaticString) {
        html.markup("<a href=\"/thong-ke/bieu-2-06a")
        html.markup(ending)
        html.markup("?")
        html.value(report.parameters)
        html.markup("\">")
        html.say(vi, en)
        html.markup("</a> ")
    }

    private func choice(_ html: inout HTMLWriter) {
        html.markup(
            "<form class=\"pick\" method=\"get\" action=\"/thong-ke/bieu-2-06a\"><input type=\"hidden\" name=\"tinh\" value=\""
        )
        html.number(Int(asked.province))
        html.markup("\">")
        html.monthChoice(asked)
        html.say(
            "<div><label for=\"coquan\">Cơ quan tiếp nhận</label><select id=\"coquan\" name=\"coquan\"><option value=\"\">Toàn tỉnh, thành phố</option>",
            "<div><label for=\"coquan\">Receiving agency</label><select id=\"coquan\" name=\"coquan\"><option value=\"\">The whole province</option>"
        )
        // A page of 30 kB has room for so many; every agency's form is linked from the table of agencies.
        for agency in agencies.prefix(60) where !agency.isEmpty {
            html.markup(agency == asked.agency ? "<option selected value=\"" : "<option value=\"")
            html.value(agency)
            html.markup("\">")
            html.value(report.titles.agency(agency).text(in: html.language))
            html.markup("</option>")
        }
        html.markup("</select></div>")
        html.submit()
    }

    private func table(_ html: inout HTMLWriter) {
        html.say(
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"ten-bang\" tabindex=\"0\"><table><caption><span id=\"ten-bang\">Tình hình, kết quả giải quyết thủ tục hành chính. ",
            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"ten-bang\" tabindex=\"0\"><table><caption><span id=\"ten-bang\">How administrative procedures were settled. "
        )
        html.value(
            html.language == .vi
                ? report.period : "From \(asked.month.first.english) to \(report.through.english)")
        html.say(
            """
            </span></caption><thead><tr><th scope="col" rowspan="2">STT</th><th class="t" scope="col" rowspan="2">Lĩnh vực</th>\
            <th scope="colgroup" colspan="4">Tiếp nhận</th><th scope="colgroup" colspan="4">Đã giải quyết</th>\
            <th scope="colgroup" colspan="3">Đang giải quyết</th></tr><tr><th scope="col">Tổng số</th>\
            <th scope="col">Trực tuyến</th><th scope="col">Trực tiếp, bưu chính</th><th scope="col">Từ kỳ trước</th>\
            <th scope="col">Tổng số</th><th scope="col">Trước hạn</th><th scope="col">Đúng hạn</th>\
            <th scope="col">Quá hạn</th><th scope="col">Tổng số</th><th scope="col">Trong hạn</th>\
            <th scope="col">Quá hạn</th></tr><tr>
            """,
            """
            </span></caption><thead><tr><th scope="col" rowspan="2">No.</th><th class="t" scope="col" rowspan="2">Field</th>\
            <th scope="colgroup" colspan="4">Received</th><th scope="colgroup" colspan="4">Settled</th>\
            <th scope="colgroup" colspan="3">Under way</th></tr><tr><th scope="col">Total</th>\
            <th scope="col">Online</th><th scope="col">Counter, post</th><th scope="col">Carried over</th>\
            <th scope="col">Total</th><th scope="col">Early</th><th scope="col">On time</th>\
            <th scope="col">Late</th><th scope="col">Total</th><th scope="col">In time</th>\
            <th scope="col">Late</th></tr><tr>
            """)
        for number in 1...13 {
            html.markup("<td>(")
            html.number(number)
            html.markup(")</td>")
        }
        html.markup("</tr></thead><tbody>")
        for line in report.lines { self.line(line, &html) }
        html.markup("</tfoot></table></div>")
    }

    private func line(_ line: FormReport.Line, _ html: inout HTMLWriter) {
        if line.ordinal == nil { html.markup("</tbody><tfoot>") }
        html.markup("<tr><td>")
        if let ordinal = line.ordinal { html.number(ordinal) }
        html.markup("</td><th scope=\"row\">")
        html.local(line.name)
        html.markup("</th>")
        for value in line.values { html.cell(value) }
        html.markup("</tr>")
    }

    private func notes(_ html: inout HTMLWriter) {
        html.say("<section><h2>Ghi chú</h2>", "<section><h2>Notes</h2>")
        guard html.language == .vi else {
            html.markup("<p>")
            html.value("Formulas: \(report.form.version).")
            html.markup(
                """
                 Figures follow each dossier's legal clock, never the time at which it was synchronised. Column (9) holds \
                dossiers that wait for papers, were stopped or were withdrawn after acceptance; (3) = (7) + (11). \
                Column (6) is every dossier that was open when the period before ended. The agency is the one that \
                received the dossier, by its code.</p>
                """)
            if report.holdsBack { html.markup("<p>“n/p”: figures from 1 to 4, and those that would tell them.</p>") }
            if report.isSettled {
                html.markup("<p>Published and frozen: what became known later is listed as dated corrections.</p>")
            }
            html.markup("</section>")
            return
        }
        for note in report.notes {
            html.markup("<p>")
            html.value(note)
            html.markup("</p>")
        }
        html.markup("</section>")
    }

    /// What became known after the month was published.
    private func corrections(_ html: inout HTMLWriter) {
        guard !report.corrections.isEmpty else { return }
        html.say(
            """
            <section><h2>Điều chỉnh sau công bố</h2><div class="scroll" role="region" aria-labelledby="ten-dc" \
            tabindex="0"><table><caption><span id="ten-dc">Cộng thêm vào số đã công bố của toàn tỉnh, thành phố</span></caption><thead>\
            <tr><th scope="col">Ngày</th>
            """,
            """
            <section><h2>Corrections since publication</h2><div class="scroll" role="region" aria-labelledby="ten-dc" \
            tabindex="0"><table><caption><span id="ten-dc">To be added to the province's published figures</span></caption><thead>\
            <tr><th scope="col">Day</th>
            """)
        for number in ReportForm.numbers {
            html.markup("<th scope=\"col\">(")
            html.number(number)
            html.markup(")</th>")
        }
        html.markup("</tr></thead><tbody>")
        for correction in report.corrections {
            html.markup("<tr><th scope=\"row\">")
            html.value(html.language == .vi ? correction.dated.vietnamese : correction.dated.english)
            html.markup("</th>")
            for value in report.form.values(StatisticRow(item: "", period: correction.counts)) { html.cell(value) }
            html.markup("</tr>")
        }
        html.markup("</tbody></table></div></section>")
    }
}
