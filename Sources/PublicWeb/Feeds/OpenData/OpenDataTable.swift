import JSONText
import Notices
import PublicFeed
import WorkingTime

/// A month of a province as it is published.
struct OpenDataTable: Sendable {
    let province: Int16
    /// The first day of the month.
    let month: CivilDate
    let rows: [OpenDataRow]

    /// `2026-03`.
    var monthText: String { String(month.description.dropLast(3)) }

    init(province: Int16, month: CivilDate, rows: [OpenDataRow]) {
        self.province = province
        self.month = month
        self.rows = rows.sorted { ($0.agency, $0.procedure) < ($1.agency, $1.procedure) }
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
                + PublicFigure.allCases.map(\.rawValue) + ["meanSeconds"])
        for row in rows {
            let texts = [
                row.agency, row.agencyName.vi, row.procedure, row.procedureCode ?? "", row.procedureName.vi,
            ]
            let figures = PublicFigure.allCases.map { row.figures[$0] } + [row.meanSeconds]
            line(
                ["\(province)", monthText] + texts.map(OpenDataTable.quoted) + figures.map { $0.map { "\($0)" } ?? "" })
        }
        return bytes
    }

    func json(license: String) -> [UInt8] {
        var json = JSONWriter(capacity: 2_048 + rows.count * 600)
        json.object { json in
            json.member("province", Int(province))
            json.member("month", monthText)
            json.member("license", license)
            json.object("definitions") { json in
                for figure in PublicFigure.allCases { json.object(figure.rawValue) { local(figure.definition, &$0) } }
                json.object("meanSeconds") { local(OpenDataTable.mean, &$0) }
                json.object("null") { local(OpenDataTable.heldBack, &$0) }
            }
            json.array("rows") { json in for row in rows { json.object { write(row, &$0) } } }
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

    private func write(_ row: OpenDataRow, _ json: inout JSONWriter) {
        json.object("agency") { json in
            json.member("code", row.agency)
            json.object("name") { local(row.agencyName, &$0) }
        }
        json.object("procedure") { json in
            json.member("key", row.procedure)
            json.member("code", ifPresent: row.procedureCode)
            json.object("title") { local(row.procedureName, &$0) }
        }
        json.object("figures") { json in
            for figure in PublicFigure.allCases {
                json.member(figure.rawValue, row.figures[figure].map { .integer($0) } ?? .null)
            }
            json.member("meanSeconds", row.meanSeconds.map { .integer($0) } ?? .null)
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
