import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Notices
import PublicFeed
import WorkingTime

/// By what a page breaks figures down; the raw value is its part of the path.
enum Breakdown: String, CaseIterable, Sendable {
    case agency = "co-quan"
    case field = "linh-vuc"
    case procedure = "thu-tuc"

    var shape: StatisticShape {
        switch self {
        case .agency: .agency
        case .field: .field
        case .procedure: .procedure
        }
    }

    /// The name of the items.
    var title: LocalText {
        switch self {
        case .agency: LocalText(vi: "Cơ quan tiếp nhận", en: "Receiving agency")
        case .field: LocalText(vi: "Lĩnh vực", en: "Field")
        case .procedure: LocalText(vi: "Thủ tục", en: "Procedure")
        }
    }

    /// What an item is called.
    func name(_ item: String, _ titles: StatisticTitles) -> LocalText {
        switch self {
        case .agency: item.isEmpty ? LocalText(vi: "Chưa rõ cơ quan", en: "Unknown agency") : titles.agency(item)
        case .field: PlaceNames.field(item)
        case .procedure: titles.procedure(item)
        }
    }
}

/// What a page of statistics was asked for.
struct StatisticsRequest: Sendable {
    let province: Int16
    let month: StatisticMonth
    /// The agency of a form; empty for the whole province.
    let agency: String
    /// The page of a long table, from 1.
    let page: Int
    /// The day on which it is asked, in Viet Nam.
    let today: CivilDate

    /// Whether the month is over.
    var isOver: Bool { month.last < today }
    /// The last day that figures can tell of.
    var through: CivilDate { min(month.last, today) }

    /// Reads province, month and the rest of a query, where `thang`, `coquan` and `trang` have English twins.
    /// - Throws: ``Problem`` 404 for what is no province, 400 for a month that does not read.
    init(_ request: Request, _ context: some EdgeRequestContext, province: String?) throws {
        today = context.arrived.date
        func asked(_ names: String...) -> String? {
            names.lazy.compactMap { request.uri.queryParameters[Substring($0)] }.first.map { TypedText.decode($0) }
        }
        guard let number = (province ?? asked("tinh", "province")).flatMap({ Int16($0) }), number > 0 else {
            throw Problem.notFound
        }
        self.province = number
        let current = StatisticMonth(of: today)
        if let text = asked("thang", "month"), !text.isEmpty {
            guard let month = StatisticMonth(text), month <= current, month.first.year >= 2000 else {
                throw Problem.badRequest(
                    "invalid-month", vi: "Tháng phải có dạng 2026-03 và không ở tương lai.",
                    en: "The month must read like 2026-03 and may not lie ahead.")
            }
            self.month = month
        } else {
            month = current
        }
        agency = asked("coquan", "agency") ?? ""
        guard agency.utf8.count <= 200, !agency.utf8.contains(0) else { throw Problem.notFound }
        page = min(max(asked("trang", "page").flatMap { Int($0) } ?? 1, 1), 10_000)
    }

    func query(_ shape: StatisticShape, scope: String = "", asPublished: Bool = false) -> StatisticQuery {
        StatisticQuery(
            province: province, shape: shape, scope: scope, from: month.first, through: through,
            isAsPublished: asPublished)
    }
}

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
        let tag = ETag(opaque: ContentHash.text(of: bytes)) ?? ETag(version: 0)
        var headers = more
        headers[.vary] = "Accept-Language"
        headers[.eTag] = tag.description
        headers[.cacheControl] = CacheControl.shared(seconds: freshSeconds).value
        if request.has(tag) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = type
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func page(_ bytes: [UInt8], to request: Request, headers: HTTPFields = [:]) -> Response {
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
        let overview = OverviewPage(
            asked: asked, today: try await reader.table(day).total,
            month: try await reader.table(asked.query(.province)).total, trend: try await months(asked, count: 12),
            steps: try await reader.slowestSteps(
                province: asked.province, from: asked.month.earlier(by: 2).first, through: asked.today),
            titles: try await reader.table(day).titles)
        var shell = PageShell(language: context.language, path: "/thong-ke/\(asked.province)")
        shell.isBroad = true
        return page(overview.page(shell), to: request)
    }

    /// A table by agency, field or procedure.
    func breakdown(
        _ by: Breakdown, _ request: Request, _ context: some EdgeRequestContext, province: String
    ) async throws -> Response {
        let asked = try await known(StatisticsRequest(request, context, province: province))
        let table = try await reader.table(asked.query(by.shape))
        var shell = PageShell(language: context.language, path: "/thong-ke/\(asked.province)/\(by.rawValue)")
        shell.isBroad = true
        shell.query = "thang=\(asked.month.text)" + (asked.page > 1 ? "&trang=\(asked.page)" : "")
        return page(BreakdownPage(by: by, asked: asked, table: table).page(shell), to: request)
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
            asked = try StatisticsRequest(request, context, province: String(first))
        } else {
            asked = try await known(StatisticsRequest(request, context, province: nil))
        }
        let query =
            asked.agency.isEmpty
            ? asked.query(.field, asPublished: true)
            : asked.query(.agencyField, scope: asked.agency, asPublished: true)
        let table = try await reader.table(query)
        let report = FormReport(asked: asked, table: table, form: .current)
        let name = "bieu-II-06a-\(asked.province)-\(asked.month.text)"
        switch kind {
        case .page:
            var shell = PageShell(language: context.language, path: "/thong-ke/bieu-2-06a")
            shell.isBroad = true
            shell.query = report.parameters
            let agencies = try await reader.table(asked.query(.agency)).rows.map(\.item)
            return page(FormPage(report: report, agencies: agencies).page(shell), to: request)
        case .csv:
            return StatisticsDesk.tagged(
                report.csv, to: request, "text/csv; charset=utf-8; header=present",
                headers: [.contentDisposition: "attachment; filename=\"\(name).csv\""])
        case .workbook:
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
        let wall = WallPage(
            asked: asked, today: try await reader.table(day).total,
            days: try await reader.trend(days, item: "", byDay: true),
            steps: try await reader.slowestSteps(
                province: asked.province, from: asked.month.earlier(by: 2).first, through: asked.today),
            titles: try await reader.table(day).titles, isStill: isStill)
        var shell = PageShell(language: context.language, path: "/bang-tin/\(asked.province)")
        shell.isBroad = true
        shell.query = isStill ? "dung=1" : ""
        return page(wall.page(shell), to: request, headers: isStill ? [:] : [.refresh: "60"])
    }

    /// A request about a province that there is.
    private func known(_ asked: StatisticsRequest) async throws -> StatisticsRequest {
        guard try await reader.provinces().contains(asked.province) else { throw Problem.notFound }
        return asked
    }

    /// The last months, newest first, each with its stocks at its end; the current one up to today.
    func months(_ asked: StatisticsRequest, count: Int) async throws -> [(month: StatisticMonth, row: StatisticRow)] {
        let first = asked.month.earlier(by: count - 1)
        let current = try await reader.table(asked.query(.province)).total
        guard first < asked.month else { return [(asked.month, current)] }
        let earlier = StatisticQuery(
            province: asked.province, shape: .province, from: first.first,
            through: asked.month.first.adding(days: -1))
        var opening = try await reader.table(earlier).total.opening
        let points = try await reader.trend(earlier, item: "", byDay: false)
        let known = Dictionary(points.map { (StatisticMonth(of: $0.start), $0.row.period) }, uniquingKeysWith: +)
        var rows: [(StatisticMonth, StatisticRow)] = []
        var month = first
        while month < asked.month {
            let row = StatisticRow(item: "", opening: opening, period: known[month] ?? StatisticCounts())
            rows.append((month, row))
            opening += row.period
            month = month.next
        }
        return Array((rows + [(asked.month, current)]).reversed())
    }
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

/// Adds the pages, forms and JSON of statistics to the public site.
func statisticsRoutes<Context: EdgeRequestContext>(
    on router: some RouterMethods<Context>, _ reader: StatisticsReader, _ desk: LookUpDesk
) {
    let statistics = StatisticsDesk(reader: reader, desk: desk)
    router.get("/thong-ke") { request, context in
        await desk.page(context) { try await statistics.start(request, context) }
    }
    for (path, kind) in [
        ("bieu-2-06a", FormKind.page), ("bieu-2-06a.csv", .csv), ("bieu-2-06a.xlsx", .workbook),
    ] {
        router.get("/thong-ke/\(path)") { request, context in
            await desk.page(context) { try await statistics.form(request, context, kind) }
        }
    }
    router.get("/thong-ke/{province}") { request, context in
        await desk.page(context) {
            try await statistics.overview(request, context, province: context.parameters.require("province"))
        }
    }
    router.get("/thong-ke/{province}/thang") { request, context in
        await desk.page(context) {
            try await statistics.byMonth(request, context, province: context.parameters.require("province"))
        }
    }
    for by in Breakdown.allCases {
        router.get("/thong-ke/{province}/\(by.rawValue)") { request, context in
            await desk.page(context) {
                try await statistics.breakdown(
                    by, request, context, province: context.parameters.require("province"))
            }
        }
    }
    router.get("/bang-tin/{province}") { request, context in
        await desk.page(context) {
            try await statistics.wall(request, context, province: context.parameters.require("province"))
        }
    }
    router.get("/v1/statistics") { request, context in
        try await statistics.provincesJSON(request)
    }
    router.get("/v1/statistics/{province}") { request, context in
        try await statistics.json(request, context, province: context.parameters.require("province"))
    }
}
