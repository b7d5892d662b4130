import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Notices
import PublicFeed
import WorkingTime

/// Answers with statistics: pages, forms and JSON, all from maintained counters.
struct StatisticsDesk: Sendable {
    let reader: StatisticsReader
    let desk: LookUpDesk

    /// Months that can be chosen.
    static let monthCount = 24
    /// How long a shared cache may keep an answer.
    static let freshSeconds = 30

    static func tagged(
        _ bytes: [UInt8], to request: Request, _ type: String, headers more: HTTPFields = [:]
    ) -> Response {
        let tag = ETag(hash: ContentHash.number(of: bytes))
        var headers = more
        headers[.vary] = "Accept-Language"
        headers[.eTag] = tag.description
        headers[.cacheControl] = CacheControl.shared(seconds: freshSeconds).value
        if !type.hasPrefix("text/html") {
            // Figures are everybody's: other sites' scripts may read them, as they may the open data.
            headers[.accessControlAllowOrigin] = "*"
            headers[.crossOriginResourcePolicy] = "cross-origin"
        }
        if request.has(tag) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = type
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    func page(_ bytes: [UInt8], to request: Request, headers: HTTPFields = [:]) -> Response {
        StatisticsDesk.tagged(bytes, to: request, "text/html; charset=utf-8", headers: headers)
    }

    /// The provinces; the only one's overview where there is one alone.
    func start(_ request: Request, _ context: some EdgeRequestContext) async throws -> Response {
        let provinces = try await reader.provinces()
        if let only = provinces.first, provinces.count == 1 {
            return try await overview(request, context, province: String(only))
        }
        return page(PageShell(language: context.language, path: "/thong-ke").provinces(provinces), to: request)
    }

    /// The overview of a province.
    func overview(
        _ request: Request, _ context: some EdgeRequestContext, province: String
    ) async throws -> Response {
        let asked = try await known(StatisticsRequest(request, context, province: province))
        let day = StatisticQuery(
            province: asked.province, shape: .province, from: asked.today, through: asked.today)
        // None waits for another: on a busy machine each question to the database may have to wait for a processor.
        async let today = reader.table(day)
        async let month = reader.table(asked.query(.province))
        async let trend = months(asked, count: 12)
        async let steps = reader.slowestSteps(
            province: asked.province, from: asked.month.earlier(by: 2).first, through: asked.today)
        let overview = OverviewPage(
            asked: asked, today: try await today.total, month: try await month.total, trend: try await trend,
            steps: try await steps, titles: try await today.titles)
        var shell = PageShell(language: context.language, path: "/thong-ke/\(asked.province)")
        shell.isBroad = true
        return page(overview.page(shell), to: request)
    }

    /// A table by agency, field or procedure.
    func breakdown(
        _ by: Breakdown, _ request: Request, _ context: some EdgeRequestContext, province: String
    ) async throws -> Response {
        let asked = try await known(StatisticsRequest(request, context, province: province))
        let query = asked.query(.province, asPublished: true)
        async let titles = reader.titles(asked.province)
        let published = try await reader.published(query)
        var shell = PageShell(language: context.language, path: "/thong-ke/\(asked.province)/\(by.rawValue)")
        shell.isBroad = true
        shell.query = "thang=\(asked.month.text)" + (asked.page > 1 ? "&trang=\(asked.page)" : "")
        let breakdown = BreakdownPage(
            by: by, asked: asked, rows: published.rows(by), total: published.whole,
            titles: try await titles)
        return page(breakdown.page(shell), to: request)
    }

    /// Month by month.
    func byMonth(
        _ request: Request, _ context: some EdgeRequestContext, province: String
    ) async throws -> Response {
        let asked = try await known(StatisticsRequest(request, context, province: province))
        var shell = PageShell(language: context.language, path: "/thong-ke/\(asked.province)/thang")
        shell.isBroad = true
        let rows = try await months(asked, count: StatisticsDesk.monthCount)
        return page(MonthsPage(asked: asked, rows: rows).page(shell), to: request)
    }

    /// Form II.06a on the screen, as CSV or as a workbook.
    func form(
        _ request: Request, _ context: some EdgeRequestContext, _ kind: FormKind
    ) async throws -> Response {
        let asked: StatisticsRequest
        if request.uri.queryParameters["tinh"] == nil, request.uri.queryParameters["province"] == nil,
            let first = try await reader.provinces().first
        {
            asked = try await known(StatisticsRequest(request, context, province: String(first)))
        } else {
            asked = try await known(StatisticsRequest(request, context, province: nil))
        }
        let query = asked.query(.province, asPublished: true)
        let isProvince = asked.agency.isEmpty
        async let named = reader.titles(asked.province)
        let published = try await reader.published(query, agency: isProvince ? nil : asked.agency)
        let titles = try await named
        // One that was counted in another month has a form of this one, too: it says why it is empty.
        guard
            isProvince || titles.knows(agency: asked.agency)
                || published.agencies.contains(where: { $0.item == asked.agency })
        else { throw Problem.noSuchAgency }
        // What became known later, of the whole province: a field's would be single dossiers.
        let corrections = isProvince && kind == .page ? try await reader.corrections(query) : []
        let report = FormReport(
            asked, published, corrections: corrections, titles: titles)
        let name = "bieu-II-06a-\(asked.province)-\(asked.month.text)"
        switch kind {
        case .page:
            var shell = PageShell(language: context.language, path: "/thong-ke/bieu-2-06a")
            shell.isBroad = true
            shell.query = report.parameters
            return page(FormPage(report: report, agencies: published.agencies.map(\.item)).page(shell), to: request)
        case .csv:
            guard report.isTold else { throw Problem.notSettled }
            return StatisticsDesk.tagged(
                report.csv, to: request, "text/csv; charset=utf-8; header=present",
                headers: [.contentDisposition: "attachment; filename=\"\(name).csv\""])
        case .workbook:
            guard report.isTold else { throw Problem.notSettled }
            return StatisticsDesk.tagged(
                report.workbook, to: request, Workbook.mediaType,
                headers: [.contentDisposition: "attachment; filename=\"\(name).xlsx\""])
        }
    }

    /// The dashboard for a wall. It asks for itself again every minute, unless told not to (`?dung=1`): by a header,
    /// so that a page that a person reads never reloads under them.
    func wall(
        _ request: Request, _ context: some EdgeRequestContext, province: String
    ) async throws -> Response {
        let asked = try await known(StatisticsRequest(request, context, province: province))
        let isStill = request.uri.queryParameters["dung"] != nil
        let day = StatisticQuery(
            province: asked.province, shape: .province, from: asked.today, through: asked.today)
        let days = StatisticQuery(
            province: asked.province, shape: .province, from: asked.today.adding(days: -29), through: asked.today)
        async let today = reader.table(day)
        async let trend = reader.trend(days, item: "", byDay: true)
        async let steps = reader.slowestSteps(
            province: asked.province, from: asked.month.earlier(by: 2).first, through: asked.today)
        let wall = WallPage(
            asked: asked, today: try await today.total, days: try await trend, steps: try await steps,
            titles: try await today.titles, isStill: isStill)
        var shell = PageShell(language: context.language, path: "/bang-tin/\(asked.province)")
        shell.isBroad = true
        shell.query = isStill ? "dung=1" : ""
        return page(wall.page(shell), to: request, headers: isStill ? [:] : [.refresh: "60"])
    }

    /// A request about a province that there is.
    func known(_ asked: StatisticsRequest) async throws -> StatisticsRequest {
        guard try await reader.provinces().contains(asked.province) else { throw Problem.notFound }
        var asked = asked
        asked.staleSince = desk.staleSince(of: asked.province)
        return asked
    }

    /// The last months, newest first, each with its stocks at its end; the current one up to today. Months before the
    /// first of which there is anything are left out.
    func months(_ asked: StatisticsRequest, count: Int) async throws -> [(month: StatisticMonth, row: StatisticRow)] {
        let first = asked.month.earlier(by: count - 1)
        async let last = reader.table(asked.query(.province))
        guard first < asked.month else { return [(asked.month, try await last.total)] }
        let earlier = StatisticQuery(
            province: asked.province, shape: .province, from: first.first,
            through: asked.month.first.adding(days: -1))
        async let before = reader.table(earlier)
        let points = try await reader.trend(earlier, item: "", byDay: false)
        let current = try await last.total
        var opening = try await before.total.opening
        let known = Dictionary(points.map { (StatisticMonth(of: $0.start), $0.row.period) }, uniquingKeysWith: +)
        var rows: [(StatisticMonth, StatisticRow)] = []
        var month = first
        while month < asked.month {
            let row = StatisticRow(item: "", opening: opening, period: known[month] ?? StatisticCounts())
            rows.append((month, row))
            opening += row.period
            month = month.next
        }
        return Array((rows.drop { $0.1.isEmpty } + [(asked.month, current)]).reversed())
    }
}

extension Problem {
    /// 404: no agency of the province has this code.
    fileprivate static let noSuchAgency = Problem.notFound.detailed(
        vi: "Tỉnh, thành phố này không có cơ quan nào mang mã này.", en: "No agency of this province has this code.")

    /// 404: an agency's form of a month whose figures may still change.
    fileprivate static let notSettled = Problem(
        "month-not-settled", status: .notFound, vi: "Tháng này chưa chốt số liệu", en: "The month is not settled yet"
    ).detailed(
        vi: "Biểu của từng cơ quan được công bố khi số liệu của tháng đã chốt.",
        en: "The forms of single agencies are published once the month's figures are settled.")
}

/// In which shape a form is given out.
enum FormKind: Hashable, Sendable {
    case page
    case csv
    case workbook
}

extension HTTPField.Name {
    /// Not standardised, and understood by every browser: the seconds after which a page asks for itself again.
    static let refresh: HTTPField.Name = HTTPField.Name("Refresh") ?? .retryAfter
}
