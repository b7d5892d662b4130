import Hummingbird
import Notices
import PublicFeed
import TestSupport
import Testing
import WorkingTime

@testable import PublicWeb

@Suite struct OpenDataTests {
    private static func row(
        _ agency: String, _ procedure: String, _ counts: [OpenDataFigure: Int64], netSeconds: Int64 = 0
    ) -> OpenDataRow {
        OpenDataRow(
            agency: agency, agencyName: LocalText(vi: "=Cơ quan, \"\(agency)\""), procedure: procedure,
            procedureCode: "1.001193",
            procedureName: LocalText(vi: "Thủ tục \(procedure)", en: "Procedure \(procedure)"),
            counts: counts, netSeconds: netSeconds)
    }

    /// Counts that hang together as the statistics' do.
    private static func counts(
        online: Int64, counter: Int64, post: Int64, early: Int64, onTime: Int64, late: Int64, overdue: Int64 = 0,
        carried: Int64 = 0
    ) -> [OpenDataFigure: Int64] {
        let received = online + counter + post
        let finished = early + onTime + late
        let underWay = carried + received - finished
        return [
            .carried: carried, .received: received, .online: online, .counter: counter, .post: post,
            .finished: finished, .early: early, .onTime: onTime, .late: late, .underWay: underWay,
            .overdue: overdue, .inTime: underWay - overdue, .counted766: finished + overdue, .onTime766: early + onTime,
        ]
    }

    private static let table = [
        row(
            "A", "birth", counts(online: 40, counter: 20, post: 3, early: 30, onTime: 20, late: 2, carried: 10),
            netSeconds: 5_200),
        row("A", "death", counts(online: 12, counter: 30, post: 9, early: 30, onTime: 11, late: 0, overdue: 8)),
        row("B", "birth", counts(online: 100, counter: 50, post: 20, early: 90, onTime: 40, late: 7, overdue: 6)),
        row("B", "death", counts(online: 1, counter: 0, post: 0, early: 1, onTime: 0, late: 0)),
        row("C", "death", counts(online: 60, counter: 70, post: 80, early: 90, onTime: 60, late: 30, overdue: 9)),
    ]

    @Test func `no small count is told, and nothing is held back where nothing is small`() {
        let cells = CellSuppression(Self.table)
        for (place, row) in Self.table.enumerated() {
            for (figure, value) in row.counts where (1..<5).contains(value) {
                #expect(cells.figure(figure, row: place) == nil, "\(figure)")
            }
        }
        #expect(cells.figure(.received, row: 4) == 210)
        let large = CellSuppression([Self.table[4], Self.table[4]])
        for figure in OpenDataFigure.allCases {
            #expect(large.figure(figure, row: 0) == Self.table[4].counts[figure] ?? 0, "\(figure)")
        }
    }

    /// What everybody may know: the figures told, the sums within a row, and the totals of agencies and procedures that
    /// have several rows.
    @Test func `no small count can be worked out from totals and from the rest of its row`() throws {
        let rows = Self.table
        let cells = CellSuppression(rows)
        var known: [[OpenDataFigure: Int64]] = rows.indices.map { row in
            OpenDataFigure.allCases.reduce(into: [:]) { known, figure in
                if let value = cells.figure(figure, row: row) { known[figure] = value }
            }
        }
        let equations: [[OpenDataFigure]] = [
            [.carried, .received, .finished, .underWay], [.received, .online, .counter, .post],
            [.finished, .early, .onTime, .late, .undated, .other], [.underWay, .inTime, .overdue, .waiting],
        ]
        // Whoever knows all but one of an equation, or of a column with its total, knows the last.
        var found = true
        while found {
            found = false
            for row in rows.indices {
                for equation in equations {
                    let missing = equation.filter { known[row][$0] == nil }
                    guard missing.count == 1, let figure = missing.first else { continue }
                    known[row][figure] = rows[row].counts[figure] ?? 0
                    found = true
                }
            }
            let columns =
                ["A", "B", "C"].map { agency in rows.indices.filter { rows[$0].agency == agency } }
                + ["birth", "death"].map { procedure in rows.indices.filter { rows[$0].procedure == procedure } }
            for figure in OpenDataFigure.allCases {
                for column in columns where column.count > 1 {
                    let missing = column.filter { known[$0][figure] == nil }
                    // The total itself is told only when it is not small.
                    let total = column.reduce(Int64(0)) { $0 + (rows[$1].counts[figure] ?? 0) }
                    guard missing.count == 1, let row = missing.first, !(1..<5).contains(total) else { continue }
                    known[row][figure] = rows[row].counts[figure] ?? 0
                    found = true
                }
            }
        }
        for (place, row) in rows.enumerated() {
            for (figure, value) in row.counts where (1..<5).contains(value) {
                #expect(known[place][figure] == nil, "\(row.agency) \(row.procedure) \(figure) is \(value)")
            }
        }
    }

    @Test func `counts that are known to be one each are not told by their sum`() {
        let rows =
            (0..<5).map { Self.row("A", "p\($0)", [.received: 1, .online: 1]) } + [
                Self.row("A", "q", [.received: 9, .online: 9])
            ]
        let cells = CellSuppression(rows)
        #expect(cells.figure(.received, row: 5) == nil)
    }

    @Test func `a difference between two figures is not told when it is small`() {
        // Two who wait count as settled in indicator 2.1, and nobody is told that two wait.
        var counts = Self.counts(online: 50, counter: 50, post: 50, early: 60, onTime: 40, late: 20)
        counts[.onTime766] = 102
        counts[.counted766] = 122
        let cells = CellSuppression([Self.row("A", "birth", counts), Self.row("B", "birth", counts)])
        let told = [OpenDataFigure.onTime766, .early, .onTime].map { cells.figure($0, row: 0) }
        #expect(told.contains(nil))
    }

    @Test func `the CSV has what the JSON has, quoted so that no spreadsheet calculates with it`() throws {
        let month = try #require(CivilDate("2026-03-01"))
        let table = OpenDataTable(province: 48, month: month, rows: Self.table)
        let lines = String(decoding: table.csv().dropFirst(3), as: UTF8.self).split(separator: "\r\n")
        #expect(lines.count == 6 && table.csv().starts(with: [0xEF, 0xBB, 0xBF]))
        #expect(
            lines[0].hasPrefix(
                "province,month,agency,agencyName,procedure,procedureCode,procedureTitle,carried,received"))
        #expect(
            lines[1].hasPrefix("48,2026-03,\"A\",\"'=Cơ quan, \"\"A\"\"\",\"birth\",\"1.001193\",\"Thủ tục birth\",")
        )
        let json = String(decoding: table.json(license: OpenDataDesk.license), as: UTF8.self)
        #expect(json.contains("\"license\":\"https://creativecommons.org/licenses/by/4.0/\""))
        #expect(
            json.contains("\"post\":null")
                && json.contains("\"title\":{\"vi\":\"Thủ tục birth\",\"en\":\"Procedure birth\"}"))
        // Two came late, and are held back: the mean would tell of them.
        #expect(table.lines[0].meanSeconds == nil)
        let alone = OpenDataTable(
            province: 48, month: month,
            rows: [Self.row("C", "death", Self.table[4].counts, netSeconds: 180_000)])
        #expect(alone.lines[0].meanSeconds == 1_000)
    }

    @Test func `the catalogue is one graph in both formats, and has what DCAT-AP requires`() async throws {
        let months = try ["2026-03-01", "2026-02-01"].map { try #require(CivilDate($0)) }
        let address = try #require(PublicAddress(FeedSite.address))
        let catalogue = Catalogue([(48, months), (1, [])], license: OpenDataDesk.license, at: address)
        let both = catalogue.turtle() + Array("\n---\n".utf8) + catalogue.jsonLD()
        _ = try OutsideReader.read(both, script: "read_catalogue.py", [], ["2"])
    }

    @Test func `only months that are settled are served`() async throws {
        let month = try #require(CivilDate("2026-03-01"))
        let source = OpenDataSource(
            provinces: { [48] }, months: { _ in [month] }, rows: { _, _ in OpenDataTests.table })
        try await FeedSite.with(openData: source) { site in
            let csv = try await site.get("/du-lieu-mo/48/2026-03/ho-so.csv")
            #expect(csv.status == .ok && csv.headers[.contentType]?.hasPrefix("text/csv") == true)
            #expect(csv.headers[.accessControlAllowOrigin] == "*" && csv.headers[.eTag] != nil)
            #expect(try await site.get("/du-lieu-mo/48/2026-03/ho-so.json").status == .ok)
            for path in ["48/2026-04", "48/2026-13", "x/2026-03", "48/2026-03-01", "48/%00"] {
                #expect(try await site.get("/du-lieu-mo/\(path)/ho-so.csv").status == .notFound, "\(path)")
            }
            for (path, type) in [("catalog.ttl", "text/turtle"), ("catalog.jsonld", "application/ld+json")] {
                let catalogue = try await site.get("/du-lieu-mo/\(path)")
                #expect(catalogue.headers[.contentType]?.hasPrefix(type) == true)
                #expect(String(decoding: catalogue.bytes, as: UTF8.self).contains("/du-lieu-mo/48/2026-03/ho-so.csv"))
            }
            for language in ["vi", "en"] {
                let page = try await site.get("/du-lieu-mo?lang=\(language)")
                #expect(page.status == .ok && page.bytes.count < 30_000)
                #expect(String(decoding: page.bytes, as: UTF8.self).contains("creativecommons.org/licenses/by/4.0"))
            }
        }
    }
}
