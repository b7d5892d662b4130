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

    /// A month of a province: its own figures and indicators, and with `by` a table with small cells held back; with `day`
    /// the province's own figures of that day.
    func json(
        _ request: Request, _ context: some EdgeRequestContext, province: String
    ) async throws -> Response {
        let asked = try StatisticsRequest(request, context, province: province)
        let day = try asked.day(of: request)
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
            guard let breakdown else {
                let whole = try await reader.table(
                    day.map { StatisticQuery(province: asked.province, shape: .province, from: $0, through: $0) }
                        ?? asked.query(.province, asPublished: true))
                return (whole.total, day ?? asked.through, [PublishedMonth.Row]?.none, whole.titles)
            }
            let query = asked.query(.province, asPublished: true)
            let published = try await reader.published(query)
            return (
                published.whole, published.through ?? asked.through, published.rows(breakdown),
                try await reader.titles(asked.province)
            )
        }
        let bytes = JSONWriter.bytes { json in
            json.member("province", Int(asked.province))
            if let day {
                json.member("day", day.description)
                json.member("isComplete", day < asked.today)
            } else {
                json.member("month", asked.month.text)
                json.member("through", through.description)
                json.member("isComplete", asked.isOver)
            }
            json.member("completeUntil", ifPresent: desk.staleSince(of: asked.province)?.iso8601)
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

extension StatisticsRequest {
    /// The day that is asked for, which has the province's own figures alone; nil without one.
    /// - Throws: ``Problem`` 400 for what is no day, lies ahead, or comes with a month or a breakdown.
    fileprivate func day(of request: Request) throws(Problem) -> CivilDate? {
        guard let text = request.uri.queryParameters["day"] else { return nil }
        let others = ["by", "month", "thang"] as [Substring]
        guard let day = CivilDate(TypedText.decode(text)), day <= today, day.year >= 2000,
            others.allSatisfy({ request.uri.queryParameters[$0] == nil })
        else {
            throw .badRequest(
                "invalid-day", vi: "day phải có dạng 2026-03-31, không ở tương lai, và không kèm month hay by.",
                en: "day must read like 2026-03-31, may not lie ahead, and goes without month and by.")
        }
        return day
    }
}
