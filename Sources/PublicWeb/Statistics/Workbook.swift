/// One sheet as an Office Open XML workbook (ECMA-376), of the few parts that every reader wants.
struct Workbook {
    static let mediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    /// A cell of the sheet; a text is never a formula.
    enum Cell: Hashable, Sendable {
        case text(String, Style = .plain)
        case number(Int64, Style = .plain)
        case empty(Style = .plain)
    }

    /// The places of `cellXfs` in `styles.xml`.
    enum Style: Int, Sendable {
        case plain = 0
        /// Bold, centred, wrapped, with borders.
        case head = 1
        /// With borders, grouped digits.
        case body = 2
        /// As `body`, bold.
        case total = 3
        /// Bold and larger.
        case title = 4
    }

    /// At most 31 characters, none of `[]:*?/\`.
    let sheetName: String
    let rows: [[Cell]]
    /// Ranges such as `A4:A5`.
    let merged: [String]
    /// The width of each column, in characters.
    let widths: [Int]

    /// The archive.
    var bytes: [UInt8] {
        var zip = ZipWriter()
        zip.file("[Content_Types].xml", Array(Workbook.contentTypes.utf8))
        zip.file("_rels/.rels", Array(Workbook.relations.utf8))
        zip.file("xl/workbook.xml", Array(workbook.utf8))
        zip.file("xl/_rels/workbook.xml.rels", Array(Workbook.workbookRelations.utf8))
        zip.file("xl/styles.xml", Array(Workbook.styles.utf8))
        zip.file("xl/worksheets/sheet1.xml", Array(sheet.utf8))
        return zip.finished()
    }

    private var sheet: String {
        var xml =
            Workbook.head
            + "<worksheet xmlns=\"\(Workbook.main)\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><cols>"
        for (place, width) in widths.enumerated() {
            xml += "<col min=\"\(place + 1)\" max=\"\(place + 1)\" width=\"\(width)\" customWidth=\"1\"/>"
        }
        xml += "</cols><sheetData>"
        for (row, cells) in rows.enumerated() {
            xml += "<row r=\"\(row + 1)\">"
            for (column, cell) in cells.enumerated() {
                let reference = "\(Workbook.column(column))\(row + 1)"
                switch cell {
                case .text(let text, let style):
                    xml +=
                        "<c r=\"\(reference)\" s=\"\(style.rawValue)\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
                    xml += Workbook.escaped(text) + "</t></is></c>"
                case .number(let number, let style):
                    xml += "<c r=\"\(reference)\" s=\"\(style.rawValue)\"><v>\(number)</v></c>"
                case .empty(let style): xml += "<c r=\"\(reference)\" s=\"\(style.rawValue)\"/>"
                }
            }
            xml += "</row>"
        }
        xml += "</sheetData>"
        if !merged.isEmpty {
            xml += "<mergeCells count=\"\(merged.count)\">"
            for range in merged { xml += "<mergeCell ref=\"\(range)\"/>" }
            xml += "</mergeCells>"
        }
        xml += "<pageSetup paperSize=\"9\" orientation=\"landscape\" fitToWidth=\"1\" fitToHeight=\"0\"/></worksheet>"
        return xml
    }

    private var workbook: String {
        """
        \(Workbook.head)<workbook xmlns="\(Workbook.main)" xmlns:r="\(Workbook.office)/relationships"><sheets>\
        <sheet name="\(Workbook.escaped(sheetName))" sheetId="1" r:id="rId1"/></sheets></workbook>
        """
    }

    /// `A`, `B`, … `Z`, `AA`, …
    static func column(_ place: Int) -> String {
        var name = ""
        var rest = max(0, place) + 1
        while rest > 0 {
            let letter = UInt8((rest - 1) % 26) + UInt8(ascii: "A")
            name = String(UnicodeScalar(letter)) + name
            rest = (rest - 1) / 26
        }
        return name
    }

    /// Text of XML 1.0: markup escaped, and without the characters that it cannot hold.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
            case "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                escaped.unicodeScalars.append(scalar)
            default: break
            }
        }
        return escaped
    }

    private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    private static let office = "http://schemas.openxmlformats.org/officeDocument/2006"
    private static let packages = "http://schemas.openxmlformats.org/package/2006"
    private static let sheetTypes = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    private static let contentTypes = """
        \(head)<Types xmlns="\(packages)/content-types"><Default Extension="rels" \
        ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" \
        ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="\(sheetTypes).sheet.main+xml"/>\
        <Override PartName="/xl/worksheets/sheet1.xml" ContentType="\(sheetTypes).worksheet+xml"/>\
        <Override PartName="/xl/styles.xml" ContentType="\(sheetTypes).styles+xml"/></Types>
        """

    private static let relations = """
        \(head)<Relationships xmlns="\(packages)/relationships"><Relationship Id="rId1" \
        Type="\(office)/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>
        """

    private static let workbookRelations = """
        \(head)<Relationships xmlns="\(packages)/relationships"><Relationship Id="rId1" \
        Type="\(office)/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" \
        Type="\(office)/relationships/styles" Target="styles.xml"/></Relationships>
        """

    // Number format 3 is #,##0, which each reader shows with the marks of its country.
    private static let styles = """
        \(head)<styleSheet xmlns="\(main)"><fonts count="3"><font><sz val="11"/><name val="Times New Roman"/></font><font>\
        <b/><sz val="11"/><name val="Times New Roman"/></font><font><b/><sz val="14"/><name val="Times New Roman"/></font>\
        </fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>\
        </fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>\
        <left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders>\
        <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">\
        <xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
        <xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">\
        <alignment horizontal="center" vertical="center" wrapText="1"/></xf>\
        <xf numFmtId="3" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1"/>\
        <xf numFmtId="3" fontId="1" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1"/>\
        <xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>
        """
}
