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

    /// The rows as CSV. What is held back is empty; a zero is a zero.
    func csv() -> [UInt8] {
        var csv = CSVWriter()
        let heads = ["province", "month", "agency", "agencyName", "procedure", "procedureCode", "procedureTitle"]
        csv.line((heads + PublicFigure.allCases.map(\.rawValue) + ["meanSeconds"]).map { .text($0) })
        for row in rows {
            let texts = [
                monthText, row.agency, row.agencyName.vi, row.procedure, row.procedureCode ?? "", row.procedureName.vi,
            ]
            let figures = PublicFigure.allCases.map { row.figures[$0] } + [row.meanSeconds]
            csv.line(
                [.number(Int64(province))] + texts.map { .text($0) }
                    + figures.map { $0.map { .number($0) } ?? .text("") })
        }
        return csv.bytes
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
}
