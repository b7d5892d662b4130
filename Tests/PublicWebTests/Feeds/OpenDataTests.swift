import Hummingbird
import Notices
import PublicFeed
import TestSupport
import Testing
import WorkingTime

@testable import PublicWeb

@Suite struct OpenDataTests {
    private static func row(
        _ agency: String, _ procedure: String, _ figures: [PublicFigure: Int64], mean: Int64? = nil
    ) -> OpenDataRow {
        OpenDataRow(
            agency: agency, agencyName: LocalText(vi: "=Cơ quan, \"\(agency)\""), procedure: procedure,
            procedureCode: "1.001193",
            procedureName: LocalText(vi: "Thủ tục \(procedure)", en: "Procedure \(procedure)"),
            figures: figures, meanSeconds: mean)
    }

    private static let table = [
        row("B", "birth", [.carried: 0, .received: 170, .online: 100, .counter: 50, .post: 20], mean: 1_000),
        row("A", "death", [.carried: 7, .received: 51]), row("A", "birth", [.carried: 10, .received: 63]),
    ]

    @Test func `the CSV has what the JSON has, quoted so that no spreadsheet calculates with it`() throws {
        let month = try #require(CivilDate("2026-03-01"))
        let table = OpenDataTable(province: 48, month: month, rows: Self.table)
        let lines = String(decoding: table.csv().dropFirst(3), as: UTF8.self).split(separator: "\r\n")
        #expect(lines.count == 4 && table.csv().starts(with: [0xEF, 0xBB, 0xBF]))
        #expect(
            lines[0].hasPrefix(
                "province,month,agency,agencyName,procedure,procedureCode,procedureTitle,carried,received,online"))
        #expect(lines[0].hasSuffix(",counted766,onTime766,meanSeconds"))
        #expect(
            lines[1].hasPrefix(
                "48,2026-03,A,\"'=Cơ quan, \"\"A\"\"\",birth,1.001193,Thủ tục birth,10,63,,"))
        #expect(lines[3].contains(",0,170,100,50,20,,") && lines[3].hasSuffix(",1000"))
        let json = String(decoding: table.json(license: OpenDataDesk.license), as: UTF8.self)
        #expect(json.contains("\"license\":\"https://creativecommons.org/licenses/by/4.0/\""))
        #expect(
            json.contains("\"post\":null") && json.contains("\"post\":20") && json.contains("\"carried\":0")
                && json.contains("\"title\":{\"vi\":\"Thủ tục birth\",\"en\":\"Procedure birth\"}"))
        for figure in PublicFigure.allCases { #expect(json.contains("\"\(figure.rawValue)\":{\"vi\":"), "\(figure)") }
    }

    @Test func `the catalogue is one graph in both formats, and has what DCAT-AP requires`() async throws {
        let months = try ["2026-03-01", "2026-02-01"].map { try #require(CivilDate($0)) }
        let address = try #require(PublicAddress(FeedSite.address))
        let catalogue = Catalogue([(48, months), (1, [])], license: OpenDataDesk.license, at: address)
        let both = catalogue.turtle() + Array("\n---\n".utf8) + catalogue.jsonLD()
        _ = try OutsideReader.read(both, script: "read_catalogue.py", [], ["2"])
        // DCAT-AP takes languages from the European list, not as texts.
        let text = String(decoding: both, as: UTF8.self)
        for language in ["VIE", "ENG"] {
            let iri = "http://publications.europa.eu/resource/authority/language/\(language)"
            #expect(text.contains("dct:language <\(iri)>") && text.contains("{\"@id\":\"\(iri)\"}"))
        }
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
