import HTTPTypes
import JSONText
import Notices
import PublicFeed
import PublicSamples
import Testing
import WorkingTime

@testable import PublicWeb

/// Everything that is published of one month, as it comes over the wire, in one hand.
@Suite struct ToldTogetherTests {
    private typealias Row = KnownMonth.Row
    private typealias Told = (row: Row, formula: StatisticFormula, value: Int64?)

    @Test(arguments: ["2026-04", "2026-06"])
    func `pages, forms, JSON and open data of a month together tell no figure from 1 to 4`(month: String) async throws {
        try await StatisticsSite.with(SampleProvince.notices(260)) { site in
            let truth = try await Self.truth(site, month)
            var known = KnownMonth(truth.parts)
            let before = known
            var count = 0
            for (row, formula, value) in try await Self.told(site, month, agencies: truth.agencies) {
                let counted = formula.value(try #require(truth.rows[row]))
                #expect(value == counted || value == nil, "\(row) \(formula)")
                known.learn(formula, of: row)
                count += 1
            }
            #expect(count > 100, "what was read is what is published")
            var small = 0
            for (row, own) in truth.rows {
                // An agency's own fields and procedures are told of settled months alone.
                guard month == "2026-04" || row.agency == nil || row.field == nil && row.procedure == nil else {
                    continue
                }
                for formula in PublicFigure.allCases.map(\.formula)
                    + ReportForm.numbers.compactMap({ ReportForm.current.columns[$0] })
                {
                    guard (1..<5).contains(formula.value(own)), !before.knows(formula, of: row) else { continue }
                    small += 1
                    #expect(!known.knows(formula, of: row), "\(row) \(formula) is \(formula.value(own))")
                }
            }
            #expect(small > 50, "there was something to find")
        }
    }

    /// What was counted, by row, and the procedures of each agency.
    private static func truth(
        _ site: StatisticsSite, _ month: String
    ) async throws -> (rows: [Row: StatisticRow], parts: [KnownMonth.Part], agencies: [String]) {
        let first = try #require(StatisticMonth(month))
        func table(_ shape: StatisticShape, _ scope: String = "") async throws -> [StatisticRow] {
            try await site.reader.table(
                StatisticQuery(
                    province: 48, shape: shape, scope: scope, from: first.first,
                    through: min(first.last, SampleProvince.now.date), isAsPublished: true)
            ).rows
        }
        var rows: [Row: StatisticRow] = [:]
        var parts: [KnownMonth.Part] = []
        let titles = try await site.reader.titles(48)
        let agencies = try await table(.agency)
        let procedures = try await table(.procedure)
        for row in agencies { rows[Row(agency: row.item)] = row }
        for row in try await table(.field) { rows[Row(field: row.item)] = row }
        for row in procedures { rows[Row(procedure: row.item)] = row }
        for agency in agencies.map(\.item) {
            for row in try await table(.agencyField, agency) { rows[Row(agency: agency, field: row.item)] = row }
            for row in try await table(.agencyProcedure, agency) {
                rows[Row(agency: agency, procedure: row.item)] = row
                parts.append(
                    .init(agency: agency, field: titles.field(ofProcedure: row.item) ?? "", procedure: row.item))
            }
        }
        return (rows, parts, agencies.map(\.item))
    }

    /// Every figure that anybody can fetch.
    private static func told(_ site: StatisticsSite, _ month: String, agencies: [String]) async throws -> [Told] {
        var told: [Told] = []
        func figures(_ json: JSONValue, _ row: Row) {
            for figure in PublicFigure.allCases {
                if let value = json[figure.rawValue]?.integerValue { told.append((row, figure.formula, value)) }
            }
        }
        for (by, place) in [
            ("agency", { Row(agency: $0) }), ("field", { Row(field: $0) }), ("procedure", { Row(procedure: $0) }),
        ] as [(String, (String) -> Row)] {
            let json = try JSONValue.parse(try await site.get("/v1/statistics/48?by=\(by)&month=\(month)").bytes)
            for row in try #require(json["rows"]?.arrayValue) { figures(row, place(row["key"]?.stringValue ?? "")) }
        }
        let open = try await site.get("/du-lieu-mo/48/\(month)/ho-so.json")
        #expect(open.status == (month == "2026-04" ? .ok : .notFound))
        if open.status == .ok {
            for row in try #require(try JSONValue.parse(open.bytes)["rows"]?.arrayValue) {
                let place = Row(
                    agency: row["agency"]?["code"]?.stringValue, procedure: row["procedure"]?["key"]?.stringValue)
                figures(try #require(row["figures"]), place)
                if row["figures"]?["meanSeconds"]?.integerValue != nil {
                    told.append((place, StatisticFormula(.netSeconds), nil))
                }
            }
        }
        for agency in [String?.none] + agencies.map({ $0 }) {
            told += try await form(site, month, agency)
        }
        return told
    }

    /// The form by its CSV; its lines are known by their names.
    private static func form(_ site: StatisticsSite, _ month: String, _ agency: String?) async throws -> [Told] {
        let csv = try await site.get(
            "/thong-ke/bieu-2-06a.csv?tinh=48&thang=\(month)" + (agency.map { "&coquan=\($0)" } ?? ""))
        guard csv.status == .ok else { return [] }
        let keys = Dictionary(
            ["ho-tich", "cu-tru", "bao-hiem", "chung-thuc", "dat-dai"].map { (PlaceNames.field($0).vi, $0) },
            uniquingKeysWith: { first, _ in first })
        var told: [Told] = []
        for line in try ReportTests.lines(csv.bytes).dropFirst() {
            let isTotal = line[0].isEmpty
            guard !isTotal || agency != nil else { continue }
            let field = isTotal ? nil : keys[line[1]]
            #expect(isTotal || field != nil, "\(line[1])")
            let row = Row(agency: agency, field: field)
            for (number, text) in zip(ReportForm.numbers, line.dropFirst(2)) {
                guard let value = Int64(text), let formula = ReportForm.current.columns[number] else { continue }
                told.append((row, formula, value))
            }
        }
        return told
    }
}
