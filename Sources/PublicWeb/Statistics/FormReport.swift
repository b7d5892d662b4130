import Notices
import PublicFeed
import WorkingTime

/// Form II.06a/VPCP/KSTT of a month, for a province or one receiving agency: the same table for every way out.
struct FormReport: Sendable {
    let asked: StatisticsRequest
    let table: StatisticTable
    let form: ReportForm

    /// A line of the form.
    struct Line: Sendable {
        /// Column 1; nil in the last line.
        let ordinal: Int?
        /// Column 2.
        let name: LocalText
        /// Columns 3 to 13.
        let values: [Int64]
    }

    /// The columns' heads as the form has them, from column 1 on.
    static let heads = [
        "STT", "Lĩnh vực giải quyết", "Tiếp nhận: Tổng số", "Tiếp nhận: Trong kỳ, trực tuyến",
        "Tiếp nhận: Trong kỳ, trực tiếp và dịch vụ bưu chính", "Tiếp nhận: Từ kỳ trước", "Đã giải quyết: Tổng số",
        "Đã giải quyết: Trước hạn", "Đã giải quyết: Đúng hạn", "Đã giải quyết: Quá hạn", "Đang giải quyết: Tổng số",
        "Đang giải quyết: Trong hạn", "Đang giải quyết: Quá hạn",
    ]

    /// The lines, the total last.
    var lines: [Line] {
        let named = table.rows.map { (name: PlaceNames.field($0.item), row: $0) }
            .sorted { ($0.name.vi, $0.row.item) < ($1.name.vi, $1.row.item) }
        var lines = named.enumerated().map { place, field in
            Line(ordinal: place + 1, name: field.name, values: form.values(field.row))
        }
        lines.append(
            Line(ordinal: nil, name: LocalText(vi: "Tổng cộng", en: "Total"), values: form.values(table.total)))
        return lines
    }

    /// Whose figures these are.
    var unit: LocalText {
        asked.agency.isEmpty ? PlaceNames.province(asked.province) : table.titles.agency(asked.agency)
    }

    /// From when to when.
    var period: String { "Từ ngày \(asked.month.first.vietnamese) đến ngày \(asked.through.vietnamese)" }

    /// The query that leads to the same report; without the language.
    var parameters: String {
        "tinh=\(asked.province)&thang=\(asked.month.text)"
            + (asked.agency.isEmpty ? "" : "&coquan=\(FormReport.encoded(asked.agency))")
    }

    /// The table as CSV.
    var csv: [UInt8] {
        var csv = CSVWriter()
        csv.line(FormReport.heads.map { .text($0) })
        for line in lines {
            var cells: [CSVWriter.Cell] = [.text(""), .text(line.name.vi)]
            if let ordinal = line.ordinal { cells[0] = .number(Int64(ordinal)) }
            for value in line.values { cells.append(.number(value)) }
            csv.line(cells)
        }
        return csv.bytes
    }

    /// The form as a workbook.
    var workbook: [UInt8] {
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
            for value in line.values { cells.append(.number(value, style)) }
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
        if table.isFrozen {
            notes.append("Số liệu đã công bố và khóa; thay đổi biết sau đó được ghi thành điều chỉnh có ngày.")
        } else if !asked.isOver {
            notes.append("Kỳ chưa kết thúc: số liệu đến hết ngày \(asked.through.vietnamese).")
        }
        return notes
    }

    /// A value in a query: all but letters, digits and `-._~` as bytes in hexadecimal.
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
            }
        }
        return encoded
    }
}
