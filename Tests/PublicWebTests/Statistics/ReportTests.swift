import Foundation
import HTTPTypes
import Notices
import PublicFeed
import PublicSamples
import Testing
import WorkingTime

@testable import PublicWeb

@Suite struct ReportTests {
    /// A province's and an agency's month, an open month, and whether anything may be held back.
    private static let forms = [
        ("tinh=48&thang=2026-04", ""), ("tinh=48&thang=2026-06", ""),
        ("tinh=48&thang=2026-05&coquan=000.00.02.H17", "000.00.02.H17"),
    ]

    @Test func `form II06a says the same on the screen, as CSV and as a workbook, and its total reconciles`()
        async throws
    {
        try await StatisticsSite.with(SampleProvince.notices(700)) { site in
            for (query, _) in Self.forms {
                let csv = try await site.get("/thong-ke/bieu-2-06a.csv?\(query)")
                #expect(csv.headers[.contentDisposition]?.contains(".csv") ?? false)
                #expect(csv.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
                let lines = try Self.lines(csv.bytes)
                #expect(lines.count == 7)
                #expect(lines.allSatisfy { $0.count == 13 })
                let sheet = try await Self.sheet(site.get("/thong-ke/bieu-2-06a.xlsx?\(query)").bytes)
                #expect(sheet.suffix(from: 7).prefix(6).map { Array($0.prefix(13)) } == Array(lines.dropFirst()))
                let page = try await site.get("/thong-ke/bieu-2-06a?\(query)").text
                let cells = page.matches(of: #/<td>(.*?)<\/td>/#).map { String($0.1).replacing(#/<[^>]*>/#, with: "") }
                // Numbers of columns come first, then line by line an ordinal and eleven figures.
                let shown = lines.dropFirst().flatMap { line in
                    [line[0]] + line.dropFirst(2).map { Int64($0).map { FigureText.whole($0, .vi) } ?? "ẩn" }
                }
                #expect(Array(cells.dropFirst(13)) == shown)
                let last = try #require(lines.last).dropFirst(2).compactMap { Int($0) }
                guard last.count == 11 else { continue }
                try Self.expectReconciled(last)
            }
        }
    }

    @Test func `the complete form reconciles in every line, and its lines add up to its total`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(700)) { site in
            for (query, agency) in Self.forms {
                let month = try #require(query.firstMatch(of: #/thang=(\d{4}-\d{2})/#)).1
                let report = try await FormReport.complete(
                    site.reader, province: 48, month: String(month), agency: agency, today: SampleProvince.now.date)
                let lines = try #require(report).lines.map { try $0.values.map { Int(try #require($0)) } }
                #expect(lines.count == 6)
                for line in lines { try Self.expectReconciled(line) }
                for column in 0..<11 {
                    #expect(lines.dropLast().reduce(0) { $0 + $1[column] } == lines.last?[column])
                }
                // What everybody sees is the same, or held back.
                let told = try Self.lines(try await site.get("/thong-ke/bieu-2-06a.csv?\(query)").bytes).dropFirst()
                for (line, told) in zip(lines, told) {
                    for (value, told) in zip(line, told.dropFirst(2)) {
                        #expect(told == "" || told == String(value), "\(query)")
                        #expect(told == "" || !(1..<5).contains(value) || line == lines.last, "\(query)")
                    }
                }
            }
        }
    }

    private static func expectReconciled(_ values: [Int]) throws {
        #expect(values[0] == values[1] + values[2] + values[3])
        #expect(values[4] == values[5] + values[6] + values[7])
        #expect(values[8] == values[9] + values[10])
        #expect(values[0] == values[4] + values[8])
    }

    @Test func `an agency's form is told once its month is settled`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(100)) { site in
            let query = "tinh=48&thang=2026-06&coquan=000.00.02.H17"
            let page = try await site.get("/thong-ke/bieu-2-06a?\(query)").text
            #expect(page.contains("khi số liệu của tháng đã chốt") && !page.contains("<table"))
            for ending in ["csv", "xlsx"] {
                #expect(try await site.get("/thong-ke/bieu-2-06a.\(ending)?\(query)").status == .notFound)
            }
        }
    }

    @Test func `a published month says so and lists what was corrected since`() async throws {
        let late = Samples.notice(1) {
            $0.dossier = "0193e3a0-0000-7000-9000-999999999999"
            $0.root = $0.dossier
            ($0.stage, $0.status) = (.accepted, .accepted)
        }
        try await StatisticsSite.with(SampleProvince.notices(100)) { site in
            let before = try await site.get("/thong-ke/bieu-2-06a?tinh=48&thang=2026-03").text
            #expect(before.contains("Số liệu đã công bố và khóa"))
            #expect(!before.contains("Điều chỉnh sau công bố"))
            try await site.add(late)
            let after = try await site.get("/thong-ke/bieu-2-06a?tinh=48&thang=2026-03").text
            #expect(after.contains("Điều chỉnh sau công bố"))
        }
    }

    @Test func `CSV quotes what needs it and makes no formula of any text`() throws {
        var csv = CSVWriter()
        let texts = [
            "đơn giản", "có, phẩy", "có \"nháy\"", "hai\r\ndòng", "=HYPERLINK(\"http://x\")", "+1", "-2", "@x", "\tx",
            "＝1",
            "",
        ]
        csv.line(texts.map { .text($0) } + [.number(-5)])
        let read = try #require(try Self.lines(csv.bytes).first)
        #expect(
            read == [
                "đơn giản", "có, phẩy", "có \"nháy\"", "hai\r\ndòng", "'=HYPERLINK(\"http://x\")", "'+1", "'-2", "'@x",
                "'\tx", "'＝1", "", "-5",
            ])
    }

    @Test func `a workbook keeps markup and signs as the text that they are`() throws {
        let text = "=1+1 <b> & \"q\" \u{1} Ưu tiên"
        let book = Workbook(sheetName: "A & B", rows: [[.text(text), .number(7), .empty()]], merged: [], widths: [9])
        let rows = try Self.sheet(book.bytes)
        #expect(rows == [["=1+1 <b> & \"q\"  Ưu tiên", "7", ""]])
    }

    @Test(arguments: [("", 0), ("123456789", 0xCBF4_3926)] as [(String, UInt32)])
    func `CRC-32 is that of the standard`(text: String, crc: UInt32) {
        #expect(ZipWriter.crc32(Array(text.utf8)) == crc)
    }

    @Test(arguments: [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")])
    func `columns have the letters of spreadsheets`(place: Int, name: String) {
        #expect(Workbook.column(place) == name)
    }

    @Test func `a workbook opens with a reader that is not ours`() throws {
        let book = Workbook(
            sheetName: "II.06a", rows: [[.text("Hộ tịch", .head), .number(1_234, .total)]], merged: ["A1:A1"],
            widths: [20, 10])
        let file = FileManager.default.temporaryDirectory.appending(path: "motcua-\(UUID().uuidString).xlsx")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(book.bytes).write(to: file)
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = ["python3", "-c", Self.script, file.path]
        let output = Pipe()
        python.standardOutput = output
        try python.run()
        let said = try #require(try output.fileHandleForReading.readToEnd())
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
        #expect(String(decoding: said, as: UTF8.self) == "ok 6 Hộ tịch 1234\n")
    }

    // Checks every checksum, parses every part as XML, and reads two cells.
    private static let script = """
        import sys, zipfile, xml.etree.ElementTree as E
        z = zipfile.ZipFile(sys.argv[1])
        assert z.testzip() is None
        parts = {n: E.fromstring(z.read(n)) for n in z.namelist()}
        m = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
        s = parts['xl/worksheets/sheet1.xml']
        print('ok', len(parts), s.find(f'.//{m}t').text, s.find(f'.//{m}v').text)
        """

    /// The lines of a CSV file, read by the grammar of RFC 4180.
    static func lines(_ bytes: [UInt8]) throws -> [[String]] {
        var lines: [[String]] = []
        var line: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var place = 3
        while place < bytes.count {
            let byte = bytes[place]
            let next = place + 1 < bytes.count ? bytes[place + 1] : 0
            switch (byte, isQuoted) {
            case (UInt8(ascii: "\""), true) where next == UInt8(ascii: "\""):
                cell.append(byte)
                place += 1
            case (UInt8(ascii: "\""), _): isQuoted.toggle()
            case (UInt8(ascii: ","), false):
                line.append(String(decoding: cell, as: UTF8.self))
                cell = []
            case (0x0D, false):
                try #require(next == 0x0A, "a line ends with CR LF")
                lines.append(line + [String(decoding: cell, as: UTF8.self)])
                (line, cell) = ([], [])
                place += 1
            default: cell.append(byte)
            }
            place += 1
        }
        #expect(!isQuoted && line.isEmpty && cell.isEmpty)
        return lines
    }

    /// The rows of a workbook's sheet: the archive's directory is followed and every checksum compared.
    private static func sheet(_ bytes: [UInt8]) throws -> [[String]] {
        func number(_ place: Int, _ width: Int) throws -> Int {
            try #require(place >= 0 && place + width <= bytes.count)
            return bytes[place..<place + width].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let end = bytes.count - 22
        #expect(try number(end, 4) == 0x0605_4B50)
        var place = try number(end + 16, 4)
        var sheet: [UInt8]?
        for _ in 0..<(try number(end + 10, 2)) {
            #expect(try number(place, 4) == 0x0201_4B50)
            let (crc, size) = (try number(place + 16, 4), try number(place + 24, 4))
            let (nameLength, local) = (try number(place + 28, 2), try number(place + 42, 4))
            let name = String(decoding: bytes[place + 46..<place + 46 + nameLength], as: UTF8.self)
            #expect(try number(local, 4) == 0x0403_4B50)
            let start = local + 30 + nameLength
            let content = Array(bytes[start..<start + size])
            #expect(Int(ZipWriter.crc32(content)) == crc, "\(name)")
            if name == "xl/worksheets/sheet1.xml" { sheet = content }
            place += 46 + nameLength
        }
        let xml = String(decoding: try #require(sheet), as: UTF8.self)
        return xml.matches(of: #/<row [^>]*>(.*?)<\/row>/#.dotMatchesNewlines()).map { row in
            row.1.matches(of: #/<c [^>]*?(?:\/>|>(.*?)<\/c>)/#.dotMatchesNewlines()).map { cell -> String in
                let text = String(cell.1 ?? "").replacing(#/<[^>]*>/#, with: "")
                return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
                    .replacing("&amp;", with: "&")
            }
        }
    }
}
