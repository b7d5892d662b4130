import Foundation
import HTTPTypes
import JSONText
import Notices
import PublicFeed
import PublicSamples
import Testing
import WorkingTime

@testable import PublicWeb

@Suite struct StatisticsPageTests {
    static let pages = [
        "/thong-ke", "/thong-ke/48", "/thong-ke/48/co-quan", "/thong-ke/48/linh-vuc?thang=2026-04",
        "/thong-ke/48/thu-tuc",
        "/thong-ke/48/thang", "/thong-ke/48/ngay", "/thong-ke/48/ngay?thang=2026-04", "/thong-ke/bieu-2-06a",
        "/thong-ke/bieu-2-06a?tinh=48&thang=2026-03",
        "/thong-ke/bieu-2-06a?tinh=48&thang=2026-03&coquan=000.00.01.H17", "/bang-tin/48", "/bang-tin/48?dung=1",
        "/thong-ke/48/hai-long", "/thong-ke/48/hai-long?thang=2026-03",
    ]

    @Test func `every page is well made, small, free of script, in both languages`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(900)) { site in
            for page in Self.pages {
                for language in ["vi", "en"] {
                    let path = page + (page.contains("?") ? "&" : "?") + "lang=\(language)"
                    let answer = try await site.get(path)
                    #expect(answer.status == .ok, "\(path)")
                    #expect(answer.bytes.count < 30_000, "\(path) has \(answer.bytes.count) bytes")
                    let text = answer.text
                    #expect(text.contains("<html lang=\"\(language)\">"), "\(path)")
                    #expect(!text.contains("<script"), "\(path)")
                    #expect(!text.contains("style=\""), "\(path)")
                    #expect(text.components(separatedBy: "<h1>").count == 2, "\(path)")
                    #expect(
                        text.components(separatedBy: "<table").count == text.components(separatedBy: "<caption").count,
                        "\(path)")
                    try Self.expectClosed(text, path)
                    try Self.keep(answer, path)
                }
            }
        }
    }

    @Test func `days come to their month, on the page and in the JSON`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(400)) { site in
            func total(_ query: String) async throws -> [String: Int64] {
                let answer = try await site.get("/v1/statistics/48?\(query)")
                #expect(answer.status == .ok, "\(query)")
                let total = try JSONValue.parse(answer.bytes)["total"]?.objectValue
                return Dictionary(
                    try #require(total).members.compactMap { member in
                        member.value.integerValue.map { (member.key, $0) }
                    }, uniquingKeysWith: { first, _ in first })
            }
            let month = try await total("month=2026-04")
            var sum: [String: Int64] = [:]
            for day in 1...30 {
                let figures = try await total("day=2026-04-\(day < 10 ? "0" : "")\(day)")
                for flow in ["received", "online", "finished", "late", "early", "onTime"] {
                    sum[flow, default: 0] += figures[flow] ?? 0
                }
                if day == 1 { #expect(figures["carried"] == month["carried"]) }
                if day == 30 {
                    #expect(figures["underWay"] == month["underWay"] && figures["overdue"] == month["overdue"])
                }
            }
            #expect((sum["received"] ?? 0) > 0)
            for (flow, count) in sum { #expect(count == month[flow], "\(flow)") }
            let page = try await site.get("/thong-ke/48/ngay?thang=2026-04").text
            #expect(page.components(separatedBy: "<tr>").count == 1 + 1 + 30)
            #expect(page.contains("30/04/2026") && page.contains("aria-current=\"page\">Theo ngày"))
            for query in [
                "day=2026-02-30", "day=x", "day=2199-01-01", "day=2026-04-01&by=agency", "day=2026-04-01&month=2026-04",
            ] {
                #expect(try await site.get("/v1/statistics/48?\(query)").status == .badRequest, "\(query)")
            }
        }
    }

    @Test func `pages, wall and JSON say when the feed itself is behind`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(50)) { site in
            let pages = Self.pages.filter { $0 != "/thong-ke" }
            try await site.fallBehind()
            for page in pages { #expect(try await site.get(page).text.contains("cập nhật đến"), "\(page)") }
            #expect(try await site.get("/v1/statistics/48").text.contains("\"completeUntil\":\"2026-"))
            try await site.catchUp()
            for page in pages { #expect(try await !site.get(page).text.contains("cập nhật đến"), "\(page)") }
            #expect(try await !site.get("/v1/statistics/48").text.contains("completeUntil"))
        }
    }

    @Test func `no page lists a dossier`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(300)) { site in
            for page in Self.pages + ["/v1/statistics/48", "/v1/statistics/48?by=procedure"] {
                let text = try await site.get(page).text
                #expect(!text.contains("0193e3a0"), "\(page)")
                #expect(!text.contains("-260105-"), "\(page)")
            }
        }
    }

    @Test func `unchanged figures are answered with 304, and anybody may keep them for a while`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(50)) { site in
            let first = try await site.get("/thong-ke/48")
            #expect(first.headers[.cacheControl] == "public, max-age=30")
            let tag = try #require(first.headers[.eTag])
            let again = try await site.get("/thong-ke/48", headers: [.ifNoneMatch: tag])
            #expect(again.status == .notModified)
            #expect(again.bytes.isEmpty)
            #expect(first.headers[.accessControlAllowOrigin] == nil)
            for path in [
                "/v1/statistics", "/v1/statistics/48", "/thong-ke/bieu-2-06a.csv", "/thong-ke/bieu-2-06a.xlsx",
            ] {
                let figures = try await site.get(path)
                #expect(figures.status == .ok && figures.headers[.accessControlAllowOrigin] == "*", "\(path)")
            }
        }
    }

    @Test(arguments: [
        ("/thong-ke/7", 404), ("/thong-ke/x", 404), ("/thong-ke/48/co-quan?thang=2026-13", 400),
        ("/thong-ke/48/co-quan?thang=2026-07", 400), ("/thong-ke/99999999999", 404), ("/bang-tin/7", 404),
        ("/v1/statistics/7", 404), ("/v1/statistics/48?by=person", 400), ("/v1/statistics/48?month=1", 400),
        ("/thong-ke/48/co-quan?trang=-5", 200), ("/thong-ke/bieu-2-06a?tinh=48&coquan=%00", 404),
        ("/thong-ke/bieu-2-06a?tinh=48&coquan=%3Cscript%3E", 404),
        ("/thong-ke/bieu-2-06a?tinh=48&coquan=000.99.99.H17", 404),
        ("/thong-ke/bieu-2-06a.csv?tinh=48&coquan=000.99.99.H17", 404),
        // Known, and without anything in that month.
        ("/thong-ke/bieu-2-06a?tinh=48&thang=2019-01&coquan=000.00.01.H17", 200),
    ])
    func `what cannot be answered is said, whatever was typed`(path: String, status: Int) async throws {
        try await StatisticsSite.with(SampleProvince.notices(5)) { site in
            let answer = try await site.get(path)
            #expect(answer.status.code == status)
            #expect(!answer.text.contains("<script>"))
        }
    }

    @Test func `an agency that the province does not have is said to be unknown, in Vietnamese first`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(5)) { site in
            let path = "/thong-ke/bieu-2-06a?tinh=48&coquan=000.99.99.H17"
            let answer = try await site.get(path)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(answer.text.contains("<h1>Không tìm thấy</h1><p>Tỉnh, thành phố này không có cơ quan nào"))
            #expect(try await site.get("\(path)&lang=en").text.contains("No agency of this province has this code."))
        }
    }

    @Test func `a feed without any notice shows that there is nothing yet`() async throws {
        try await StatisticsSite.with([]) { site in
            let start = try await site.get("/thong-ke").text
            #expect(start.contains("Chưa có số liệu"))
            let form = try await site.get("/thong-ke/bieu-2-06a").status
            #expect(form == .notFound)
        }
    }

    @Test func `the wall asks for itself again by a header, unless told not to`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(5)) { site in
            let moving = try await site.get("/bang-tin/48")
            #expect(moving.headers[.refresh] == "60")
            let still = try await site.get("/bang-tin/48?dung=1")
            #expect(still.headers[.refresh] == nil)
        }
    }

    @Test func `the JSON holds back small cells and tells its formulas`() async throws {
        try await StatisticsSite.with(SampleProvince.notices(120)) { site in
            let json = try JSONValue.parse(try await site.get("/v1/statistics/48?by=procedure&month=2026-04").bytes)
            let rows = try #require(json["rows"]?.arrayValue)
            #expect(rows.count == 6)
            var heldBack = 0
            for row in rows {
                for figure in PublicFigure.allCases {
                    let value = try #require(row[figure.rawValue])
                    if value == .null { heldBack += 1 }
                    if let number = value.integerValue { #expect(!(1..<5).contains(number)) }
                }
            }
            #expect(heldBack > 0)
            let indicators = try #require(json["indicators"]?.arrayValue)
            #expect(indicators.map { $0["number"]?.stringValue } == ["2.1", nil, "3.3", nil])
            #expect(indicators.allSatisfy { $0["version"]?.stringValue != nil })
        }
    }

    /// Every element that is opened is closed, in order; void ones apart.
    private static func expectClosed(_ html: String, _ path: String) throws {
        let void: Set = ["meta", "link", "br", "input", "path", "rect", "!doctype"]
        var open: [Substring] = []
        for tag in html.matches(of: #/<(\/?)([!a-zA-Z][a-zA-Z0-9]*)[^>]*?(\/?)>/#) {
            if void.contains(tag.2.lowercased()) || !tag.3.isEmpty { continue }
            if tag.1.isEmpty {
                open.append(tag.2)
            } else {
                let last = open.popLast()
                #expect(last == tag.2, "\(path): </\(tag.2)> closes <\(last ?? "nothing")>")
            }
        }
        #expect(open.isEmpty, "\(path): \(open)")
    }

    /// Where MOTCUA_PAGES names a folder, the pages are left there to be looked at.
    private static func keep(_ answer: Answer, _ path: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["MOTCUA_PAGES"] else { return }
        let name = path.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
        let style = String(decoding: Stylesheet.bytes, as: UTF8.self)
        let html = answer.text.replacingOccurrences(of: "</head>", with: "<style>\(style)</style></head>")
        try html.write(toFile: "\(folder)/\(name).html", atomically: true, encoding: .utf8)
    }
}
