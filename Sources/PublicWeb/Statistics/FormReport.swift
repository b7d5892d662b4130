import Notices
package import PublicFeed
package import WorkingTime

/// Form II.06a/VPCP/KSTT of a month, for a province or one receiving agency: the same table for every way out.
package struct FormReport: Sendable {
    let asked: StatisticsRequest
    let form = ReportForm.current
    /// The lines, the total last.
    let lines: [Line]
    /// Whether the figures are published and change no more.
    let isSettled: Bool
    /// The last day that the figures tell of.
    let through: CivilDate
    /// What the whole province's figures have more or less since they were published, day by day; the last ones.
    let corrections: [StatisticCorrection]
    let titles: StatisticTitles

    /// A line of the form.
    struct Line: Sendable {
        /// Column 1; nil in the last line.
        let ordinal: Int?
        /// Column 2.
        let name: LocalText
        /// Columns 3 to 13; nil where it is held back.
        let values: [Int64?]
    }

    /// The form as everybody may see it, without small cells.
    init(
        _ asked: StatisticsRequest, _ published: PublishedMonth, corrections: [StatisticCorrection],
        titles: StatisticTitles
    ) {
        let isProvince = asked.agency.isEmpty
        let total =
            isProvince ? ReportForm.current.values(published.whole) : published.formTotal(agency: asked.agency)?.values
        self.init(
            asked, published.form(agency: isProvince ? nil : asked.agency).map { ($0.item, $0.values) }, total: total,
            isSettled: published.isSettled, through: published.through ?? asked.through, corrections: corrections,
            titles: titles)
    }

    /// The form of a month with every figure, for those who have to hand it in; nil for a month that does not read like
    /// `2026-03` or lies ahead.
    /// - Parameters:
    ///   - agency: whose dossiers; empty for the whole province.
    ///   - today: the day on which it is made.
    package static func complete(
        _ reader: StatisticsReader, province: Int16, month: String, agency: String, today: CivilDate
    ) async throws -> FormReport? {
        guard let month = StatisticMonth(month), month.first <= today else { return nil }
        let asked = StatisticsRequest(province: province, month: month, agency: agency, today: today)
        let query =
            agency.isEmpty
            ? asked.query(.field, asPublished: true) : asked.query(.agencyField, scope: agency, asPublished: true)
        return FormReport(asked, complete: try await reader.table(query))
    }

    /// The form with every figure.
    /// - Parameter table: the province's fields, or those of one agency.
    private init(_ asked: StatisticsRequest, complete table: StatisticTable) {
        let form = ReportForm.current
        self.init(
            asked, table.rows.map { ($0.item, form.values($0)) }, total: form.values(table.total),
            isSettled: table.isFrozen, through: asked.through, corrections: [], titles: table.titles)
    }

    private init(
        _ asked: StatisticsRequest, _ rows: [(item: String, values: [Int64?])], total: [Int64?]?, isSettled: Bool,
        through: CivilDate, corrections: [StatisticCorrection], titles: StatisticTitles
    ) {
        self.asked = asked
        self.through = through
        self.isSettled = isSettled
        self.corrections = corrections
        self.titles = titles
        let named = rows.map { (name: PlaceNames.field($0.item), row: $0) }
            .sorted { ($0.name.vi, $0.row.item) < ($1.name.vi, $1.row.item) }
        let last = total.map {
            Line(ordinal: nil, name: LocalText(vi: "Tổng cộng", en: "Total"), values: $0)
        }
        lines =
            named.enumerated().map { Line(ordinal: $0 + 1, name: $1.name, values: $1.row.values) }
            + [last].compactMap { $0 }
    }

    /// Whether there is a table: an agency's is told only when the month is settled.
    var isTold: Bool { !lines.isEmpty }
    /// Whether anything is held back.
    var holdsBack: Bool { lines.contains { $0.values.contains(nil) } }

    /// The columns' heads as the form has them, from column 1 on.
    static let heads = [
        "STT", "Lĩnh vực giải quyết", "Tiếp nhận: Tổng số", "Tiếp nhận: Trong kỳ, trực tuyến",
        "Tiếp nhận: Trong kỳ, trực tiếp và dịch vụ bưu chính", "Tiếp nhận: Từ kỳ trước", "Đã giải quyết: Tổng số",
        "Đã giải quyết: Trước hạn", "Đã giải quyết: Đúng hạn", "Đã giải quyết: Quá hạn", "Đang giải quyết: Tổng số",
        "Đang giải quyết: Trong hạn", "Đang giải quyết: Quá hạn",
    ]

    /// Whose figures these are.
    var unit: LocalText {
        asked.agency.isEmpty ? PlaceNames.province(asked.province) : titles.agency(asked.agency)
    }

    /// From when to when.
    var period: String { "Từ ngày \(asked.month.first.vietnamese) đến ngày \(through.vietnamese)" }

    /// The query that leads to the same report; without the language.
    var parameters: String {
        "tinh=\(asked.province)&thang=\(asked.month.text)"
            + (asked.agency.isEmpty ? "" : "&coquan=\(TypedText.encode(asked.agency))")
    }

    /// The table as CSV; what is held back is empty.
    package var csv: [UInt8] {
        var csv = CSVWriter()
        csv.line(FormReport.heads.map { .text($0) })
        for line in lines {
            var cells: [CSVWriter.Cell] = [.text(""), .text(line.name.vi)]
            if let ordinal = line.ordinal { cells[0] = .number(Int64(ordinal)) }
            for value in line.values { cells.append(value.map { .number($0) } ?? .text("")) }
            csv.line(cells)
        }
        return csv.bytes
    }

    /// The form as a workbook; what is held back is empty.
    package var workbook: [UInt8] {
        var rows: [[Workbook.Cell]] = [
            [.text("Biểu số II.06a/VPCP/KSTT (Thông tư 01/2020/TT-VPCP)", .title)],
            [.text("TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH", .title)], [.text(unit.vi)], [.text(period)],
        ]
        rows.append(
            [
                "STT", "Lĩnh vực giải quyết", "Số lượng hồ sơ tiếp nhận", "", "", "", "Số lượng hồ sơ đã giải quyết",
                "", "",
                "", "Số lượng hồ sơ đang giải quyết", "", "",
            ].map { $0.isEmpty ? Workbook.Cell.empty(.head) : Workbook.Cell.text($0, .head) })
        rows.append(
            [
                "", "", "Tổng số", "Trong kỳ, trực tuyến", "Trong kỳ, trực tiếp, bưu chính", "Từ kỳ trước", "Tổng số",
                "Trước hạn", "Đúng hạn", "Quá hạn", "Tổng số", "Trong hạn", "Quá hạn",
            ].map { $0.isEmpty ? Workbook.Cell.empty(.head) : Workbook.Cell.text($0, .head) })
        rows.append((1...13).map { Workbook.Cell.text("(\($0))", .head) })
        for line in lines {
            let style: Workbook.Style = line.ordinal == nil ? .total : .body
            var cells: [Workbook.Cell] = [.empty(style), .text(line.name.vi, style)]
            if let ordinal = line.ordinal { cells[0] = .number(Int64(ordinal), style) }
            for value in line.values { cells.append(value.map { .number($0, style) } ?? .empty(style)) }
            rows.append(cells)
        }
        rows.append([])
        for note in notes { rows.append([.text(note)]) }
        return Workbook(
            sheetName: "II.06a", rows: rows, merged: ["A5:A6", "B5:B6", "C5:F5", "G5:J5", "K5:M5"],
            widths: [6, 34] + Array(repeating: 12, count: 11)
        ).bytes
    }

    /// How the figures came about, in Vietnamese; stands below every copy.
    var notes: [String] {
        var notes = [
            "Công thức: \(form.version). Số liệu tính theo thời điểm pháp lý của từng hồ sơ, không theo lúc đồng bộ.",
            "Cột (9) gồm hồ sơ chờ bổ sung giấy tờ, bị dừng và được rút sau khi tiếp nhận. (3) = (7) + (11).",
            "Cột (6) là mọi hồ sơ còn mở cuối kỳ trước, kể cả hồ sơ đang chờ bổ sung.",
            "Cơ quan là nơi tiếp nhận, theo mã hồ sơ.",
        ]
        if holdsBack {
            notes.append(
                "Ô ghi “ẩn” trên trang, để trống trong tệp: số từ 1 đến 4 không công bố, và số có thể suy ra những số đó."
            )
        }
        if isSettled {
            notes.append("Số liệu đã công bố và khóa; thay đổi biết sau đó được ghi thành điều chỉnh có ngày.")
        } else if !asked.isOver {
            notes.append("Kỳ chưa kết thúc: số liệu đến hết ngày \(through.vietnamese).")
        }
        return notes
    }
}
