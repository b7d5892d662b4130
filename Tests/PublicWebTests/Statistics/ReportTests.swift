import Foundation
import HTTPTypes
import Notices
import PublicFeed
import PublicSamples
import Testing
import WorkingTime

@testable import PublicWeb

@Suite struct ReportTests {
    @Test func `form II06a says the same on the screen, as CSV and as a workbook, and it reconciles`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(700)) { site in
            for query in [
                "tinh=48&thang=2026-04", "tinh=48&thang=2026-06", "tinh=48&thang=2026-05&coquan=000.00.02.H17",
            ] {
                let csv = try await site.get("/thong-ke/bieu-2-06a.csv?\(query)")
                #expect(csv.headers[.contentDisposition]?.contains(".csv") ?? false)
                #expect(csv.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
                let lines = try Self.lines(csv.bytes)
                #expect(lines.count == 7)
                #expect(lines.allSatisfy { $0.count == 13 })
                for line in lines.dropFirst() {
                    let values = try line.dropFirst(2).map { try #require(Int($0)) }
                    #expect(values[0] == values[1] + values[2] + values[3])
                    #expect(values[4] == values[5] + values[6] + values[7])
                    #expect(values[8] == values[9] + values[10])
                    #expect(values[0] == values[4] + values[8], "\(query): \(line)")
                }
                for column in 2..<13 {
                    let total = try lines.dropFirst().dropLast().reduce(0) { try $0 + #require(Int($1[column])) }
                    #expect(String(total) == lines.last?[column])
                }
                let sheet = try await Self.sheet(site.get("/thong-ke/bieu-2-06a.xlsx?\(query)").bytes)
                #expect(sheet.suffix(from: 7).prefix(6).map { Array($0.prefix(13)) } == Array(lines.dropFirst()))
                let page = try await site.get("/thong-ke/bieu-2-06a?\(query)").text
                for value in lines.last?.dropFirst(2) ?? [] {
                    #expect(page.contains("<td>\(FigureText.whole(Int64(value) ?? -1, .vi))</td>"))
                }
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
    private static func lines(_ bytes: [UInt8]) throws -> [[String]] {
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

@Suite struct SmallCellTests {
    @Test(arguments: 0..<80 as Range<UInt64>)
    func `no figure from 1 to 4 is told, nor can it be worked out from its row or column`(seed: UInt64) {
        var state = seed &+ 1
        func draw(_ limit: Int64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(state >> 40) % limit
        }
        let rows = (0..<Int(draw(6) + 1)).map { index in
            var row = StatisticRow(item: "\(index)")
            for measure in [StatisticMeasure.receivedCounter, .receivedOnline, .receivedPost] {
                row.period[measure] = draw(40) * draw(2)
            }
            row.opening[.running] = draw(20)
            row.period[.finishedEarly] = draw(4)
            row.period[.finishedLate] = min(draw(9), row.carried)
            row.period[.running] = row.received - row.finished
            return row
        }
        let published = SmallCells.published(rows)
        for (row, shown) in zip(rows, published) {
            for figure in PublicFigure.allCases {
                if let value = shown[figure] { #expect(value == figure.value(row)) }
                #expect(!(1..<5).contains(shown[figure] ?? 0), "seed \(seed), \(figure)")
            }
            for equation in PublicFigure.equations {
                let hidden = equation.filter { shown[$0] == nil }
                let rest = equation.filter { shown[$0] ?? 0 != 0 }
                #expect(hidden.count != 1 || rest.isEmpty, "seed \(seed), row \(row.item): \(hidden)")
            }
        }
        for figure in PublicFigure.allCases {
            let hidden = published.count { $0[figure] == nil }
            let rest = published.count { $0[figure] ?? 0 != 0 }
            #expect(hidden != 1 || rest == 0, "seed \(seed), \(figure)")
        }
    }
}
