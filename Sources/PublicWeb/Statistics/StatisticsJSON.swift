import Edge
import Hummingbird
import JSONText
import Notices
import PublicFeed
import WorkingTime

extension StatisticsDesk {
    /// The provinces of which there are figures.
    func provincesJSON(_ request: Request) async throws -> Response {
        let provinces = try await problems { try await reader.provinces() }
        let bytes = JSONWriter.bytes { json in
            json.array("provinces") { json in
                for province in provinces {
                    json.object { json in
                        json.member("number", Int(province))
                        json.member("name", PlaceNames.province(province).vi)
                        json.member("href", "/v1/statistics/\(province)")
                    }
                }
            }
        }
        return StatisticsDesk.tagged(bytes, to: request, "application/json; charset=utf-8")
    }

    /// A month of a province: its own figures and indicators, and with `by` a table with small cells held back.
    func json(
        _ request: Request, _ context: some EdgeRequestContext, province: String
    ) async throws -> Response {
        let asked = try StatisticsRequest(request, context, province: province)
        let by = request.uri.queryParameters["by"].map { String($0) }
        let breakdown: Breakdown?
        switch by {
        case nil: breakdown = nil
        case "agency": breakdown = .agency
        case "field": breakdown = .field
        case "procedure": breakdown = .procedure
        default:
            throw Problem.badRequest(
                "invalid-by", vi: "by phải là agency, field hoặc procedure.",
                en: "by must be agency, field or procedure.")
        }
        let (whole, through, rows, titles) = try await problems {
            guard try await reader.provinces().contains(asked.province) else { throw Problem.notFound }
            let query = asked.query(.province, asPublished: true)
            guard let breakdown else {
                let whole = try await reader.table(query)
                return (whole.total, asked.through, [PublishedMonth.Row]?.none, whole.titles)
            }
            let published = try await reader.published(query)
            return (
                published.whole, published.through ?? asked.through, published.rows(breakdown),
                try await reader.titles(asked.province)
            )
        }
        let bytes = JSONWriter.bytes { json in
            json.member("province", Int(asked.province))
            json.member("month", asked.month.text)
            json.member("through", through.description)
            json.member("isComplete", asked.isOver)
            json.object("total") { json in
                for figure in PublicFigure.allCases { json.member(figure.rawValue, figure.value(whole)) }
            }
            json.array("indicators") { json in
                for indicator in Indicator.all { json.object { StatisticsDesk.write(indicator, whole, &$0) } }
            }
            if let breakdown, let rows { StatisticsDesk.write(breakdown, rows, titles, &json) }
        }
        return StatisticsDesk.tagged(bytes, to: request, "application/json; charset=utf-8")
    }

    /// Problems as they are; anything else is the database, which will be back.
    private func problems<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch {
            throw (error as? any ProblemConvertible)?.problem ?? Problem.unavailable(retryAfterSeconds: 5)
        }
    }

    private static func write(_ indicator: Indicator, _ row: StatisticRow, _ json: inout JSONWriter) {
        json.member("key", indicator.key)
        json.member("number", ifPresent: indicator.number)
        json.member("version", indicator.version)
        json.member("numerator", indicator.numerator.value(row))
        json.member("denominator", indicator.denominator.value(row))
        let name = indicator.unit == .share ? "hundredthsOfPercent" : "seconds"
        json.member(name, indicator.value(row).map { .integer($0) } ?? .null)
    }

    private static func write(
        _ by: Breakdown, _ rows: [PublishedMonth.Row], _ titles: StatisticTitles, _ json: inout JSONWriter
    ) {
        json.member("smallestPublished", PublishedMonth.leastCount)
        json.array("rows") { json in
            for row in rows {
                json.object { json in
                    json.member("key", row.item)
                    json.member("name", by.name(row.item, titles).vi)
                    if by == .procedure {
                        json.member("code", ifPresent: titles.code(ofProcedure: row.item))
                        json.member("field", ifPresent: titles.field(ofProcedure: row.item))
                    }
                    for figure in PublicFigure.allCases {
                        json.member(figure.rawValue, row[figure].map { .integer($0) } ?? .null)
                    }
                }
            }
        }
    }
}
