import JSONText
import Notices
import WorkingTime

/// A month of a province as it is published.
struct OpenDataTable: Sendable {
    /// One procedure at one agency.
    struct Line: Sendable {
        let row: OpenDataRow
        /// In the order of ``OpenDataFigure``; nil where it is held back.
        let figures: [Int64?]
        /// Seconds a dossier with a result; nil when fewer than five have one, or how many is held back.
        let meanSeconds: Int64?
    }

    let province: Int16
    /// The first day of the month.
    let month: CivilDate
    let lines: [Line]

    /// `2026-03`.
    var monthText: String { String(month.description.dropLast(3)) }

    init(province: Int16, month: CivilDate, rows: [OpenDataRow]) {
        self.province = province
        self.month = month
        let rows = rows.sorted { ($0.agency, $0.procedure) < ($1.agency, $1.procedure) }
        let cells = CellSuppression(rows)
        lines = rows.enumerated().map { place, row in
            let ends: [OpenDataFigure] = [.early, .onTime, .late, .undated]
            let known = ends.compactMap { cells.figure($0, row: place) }
            let count = known.reduce(0, +)
            let mean = known.count == ends.count && count >= CellSuppression.least ? row.netSeconds / count : nil
            return Line(
                row: row, figures: OpenDataFigure.allCases.map { cells.figure($0, row: place) }, meanSeconds: mean)
        }
    }

    /// RFC 4180 in UTF-8 with a byte order mark, without which spreadsheets take it for something else. What is held
    /// back is empty; a zero is a zero.
    func csv() -> [UInt8] {
        var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
        func line(_ cells: [String]) {
            bytes += cells.joined(separator: ",").utf8
            bytes += [0x0D, 0x0A]
        }
        line(
            ["province", "month", "agency", "agencyName", "procedure", "procedureCode", "procedureTitle"]
                + OpenDataFigure.allCases.map(\.rawValue) + ["meanSeconds"])
        for entry in lines {
            let texts = [
                entry.row.agency, entry.row.agencyName.vi, entry.row.procedure, entry.row.procedureCode ?? "",
                entry.row.procedureName.vi,
            ]
            line(
                ["\(province)", monthText] + texts.map(OpenDataTable.quoted)
                    + (entry.figures + [entry.meanSeconds]).map { $0.map { "\($0)" } ?? "" })
        }
        return bytes
    }

    func json(license: String) -> [UInt8] {
        var json = JSONWriter(capacity: 2_048 + lines.count * 500)
        json.object { json in
            json.member("province", Int(province))
            json.member("month", monthText)
            json.member("license", license)
            json.object("definitions") { json in
                for figure in OpenDataFigure.allCases { json.object(figure.rawValue) { local(figure.definition, &$0) } }
                json.object("meanSeconds") { local(OpenDataTable.mean, &$0) }
                json.object("null") { local(OpenDataTable.heldBack, &$0) }
            }
            json.array("rows") { json in for line in lines { json.object { row(line, &$0) } } }
        }
        return json.bytes
    }

    /// What the mean is.
    static let mean = LocalText(
        vi: "Thời gian trung bình từ tiếp nhận đến kết quả, giây, không tính thời gian tạm dừng",
        en: "Mean time from acceptance to the result, in seconds, without the time in which the clock waited")
    /// What an empty cell is.
    static let heldBack = LocalText(
        vi: "Không công bố: dưới 5 hồ sơ, hoặc có thể suy ra số dưới 5",
        en: "Held back: fewer than 5 dossiers, or a count from which fewer than 5 could be worked out")

    private func row(_ line: Line, _ json: inout JSONWriter) {
        json.object("agency") { json in
            json.member("code", line.row.agency)
            json.object("name") { local(line.row.agencyName, &$0) }
        }
        json.object("procedure") { json in
            json.member("key", line.row.procedure)
            json.member("code", ifPresent: line.row.procedureCode)
            json.object("title") { local(line.row.procedureName, &$0) }
        }
        json.object("figures") { json in
            for (figure, value) in zip(OpenDataFigure.allCases, line.figures) {
                json.key(figure.rawValue)
                if let value { json.integer(value) } else { json.null() }
            }
            json.key("meanSeconds")
            if let mean = line.meanSeconds { json.integer(mean) } else { json.null() }
        }
    }

    private func local(_ text: LocalText, _ json: inout JSONWriter) {
        json.member("vi", text.vi)
        json.member("en", ifPresent: text.en)
    }

    /// In quotes; a text that a spreadsheet would take for a formula gets an apostrophe.
    private static func quoted(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? false
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"\(isFormula ? "'" : "")\(parts.joined(separator: "\"\""))\""
    }
}
