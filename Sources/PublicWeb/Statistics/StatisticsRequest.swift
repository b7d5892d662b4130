import Edge
import Hummingbird
import Notices
import PublicFeed
import WorkingTime

/// By what a page breaks figures down; the raw value is its part of the path.
enum Breakdown: String, CaseIterable, Sendable {
    case agency = "co-quan"
    case field = "linh-vuc"
    case procedure = "thu-tuc"

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
    /// Up to when the feed is complete, when that is too long ago to be silent about.
    var staleSince: Instant?

    /// Whether the month is over.
    var isOver: Bool { month.last < today }
    /// The last day that figures can tell of.
    var through: CivilDate { min(month.last, today) }

    /// A month of a province or of one agency.
    init(province: Int16, month: StatisticMonth, agency: String, today: CivilDate) {
        self.province = province
        self.month = month
        self.agency = agency
        self.today = today
        page = 1
    }

    /// The same of another month.
    func of(_ month: StatisticMonth) -> StatisticsRequest {
        StatisticsRequest(province: province, month: month, agency: agency, today: today)
    }

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

extension PublishedMonth {
    /// The rows of a breakdown.
    func rows(_ by: Breakdown) -> [Row] {
        switch by {
        case .agency: agencies
        case .field: fields
        case .procedure: procedures
        }
    }
}
