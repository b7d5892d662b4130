import Edge
import HTTPTypes
import Hummingbird
import Notices
import PublicFeed
import WorkingTime

/// Answers `/du-lieu-mo`: monthly figures of each procedure at each agency, and what there is of them.
struct OpenDataDesk: Sendable {
    let feeds: PublicFeeds
    let source: OpenDataSource
    /// A settled month never changes, and a big province's takes some reading.
    private let written = WrittenDocuments<String>(countMax: 200)

    init(feeds: PublicFeeds, source: OpenDataSource) {
        self.feeds = feeds
        self.source = source
    }

    /// Creative Commons Attribution 4.0: use as one likes, and say where it is from (NĐ 47/2020/NĐ-CP asks no less).
    static let license = "https://creativecommons.org/licenses/by/4.0/"

    func addRoutes<Context: EdgeRequestContext>(to router: some RouterMethods<Context>) {
        router.get("/du-lieu-mo") { request, context in
            let months = try await months(context)
            let shell = PageShell(language: context.language, path: "/du-lieu-mo")
            return Published(shell.openData(months)).response(
                to: request, "text/html; charset=utf-8", .shared(seconds: 300), isPublic: false, isListed: true)
        }
        router.get("/du-lieu-mo/catalog.ttl") { request, context in
            let catalogue = try await catalogue(context)
            return Published(catalogue.turtle()).response(
                to: request, "text/turtle; charset=utf-8", .shared(seconds: 300), isPublic: true)
        }
        router.get("/du-lieu-mo/catalog.jsonld") { request, context in
            let catalogue = try await catalogue(context)
            return Published(catalogue.jsonLD()).response(
                to: request, "application/ld+json", .shared(seconds: 300), isPublic: true)
        }
        router.get("/du-lieu-mo/{province}/{month}/ho-so.csv") { request, context in
            let document = try await month(context, "csv") { $0.csv() }
            return document.response(
                to: request, "text/csv; charset=utf-8; header=present", .shared(seconds: 3_600), isPublic: true)
        }
        router.get("/du-lieu-mo/{province}/{month}/ho-so.json") { request, context in
            let document = try await month(context, "json") { $0.json(license: OpenDataDesk.license) }
            return document.response(
                to: request, "application/json; charset=utf-8", .shared(seconds: 3_600), isPublic: true)
        }
    }

    private func catalogue(_ context: some EdgeRequestContext) async throws -> Catalogue {
        Catalogue(try await months(context), license: OpenDataDesk.license, at: feeds.address)
    }

    private func months(_ context: some EdgeRequestContext) async throws -> [(province: Int16, months: [CivilDate])] {
        try admit(context)
        return try await FeedDesk.read {
            var months: [(province: Int16, months: [CivilDate])] = []
            for province in try await source.provinces() {
                months.append((province, try await source.months(province)))
            }
            return months
        }
    }

    /// A month that is settled; an open one would be told twice, with different figures.
    private func month(
        _ context: some EdgeRequestContext, _ format: String, _ write: (OpenDataTable) -> [UInt8]
    ) async throws -> Published {
        try admit(context)
        guard let province = Int16(try context.parameters.require("province")),
            let month = CivilDate("\(try context.parameters.require("month"))-01")
        else { throw Problem.notFound }
        return try await written.document("\(province) \(month) \(format)", version: 0) {
            let rows: [OpenDataRow]? = try await FeedDesk.read {
                guard try await source.months(province).contains(month) else { return nil }
                return try await source.rows(province, month)
            }
            guard let rows else { throw Problem.notFound }
            return write(OpenDataTable(province: province, month: month, rows: rows))
        }
    }

    private func admit(_ context: some EdgeRequestContext) throws(Problem) {
        let decision = feeds.limiter.take(
            context.edge.client?.block, nowMicroseconds: context.edge.arrivedMicroseconds)
        guard decision.isAllowed else { throw decision.problem }
    }
}

extension PageShell {
    /// So many months are listed; the catalogue has all.
    private static let monthCountMax = 36

    /// What open data there is, for people.
    func openData(_ provinces: [(province: Int16, months: [CivilDate])]) -> [UInt8] {
        page(title: LocalText(vi: "Dữ liệu mở", en: "Open data")) { html in
            html.say("<h1>Dữ liệu mở</h1>", "<h1>Open data</h1>")
            html.say(
                """
                <p>Số hồ sơ tiếp nhận, đã giải quyết và đang giải quyết theo tháng, của từng thủ tục tại từng cơ quan, cùng \
                các số để tính chỉ số 2.1 của Quyết định 766/QĐ-TTg. Số dưới 5, và số có thể suy ra số dưới 5, để trống. Tháng \
                được công bố khi đã chốt số liệu.</p><p>Giấy phép: \
                <a href="https://creativecommons.org/licenses/by/4.0/deed.vi">CC BY 4.0</a>. Danh mục (DCAT-AP): \
                <a href="/du-lieu-mo/catalog.jsonld">JSON-LD</a> · <a href="/du-lieu-mo/catalog.ttl">Turtle</a>.</p>
                """,
                """
                <p>Dossiers accepted, ended and under way by month, for each procedure at each agency, and what indicator 2.1 of \
                Decision 766/QĐ-TTg counts. Counts below 5, and those from which one could be worked out, are left empty. A month \
                is published once its figures are settled.</p><p>Licence: \
                <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>. Catalogue (DCAT-AP): \
                <a href="/du-lieu-mo/catalog.jsonld">JSON-LD</a> · <a href="/du-lieu-mo/catalog.ttl">Turtle</a>.</p>
                """)
            for (province, months) in provinces {
                html.markup("<h2>")
                html.local(PlaceNames.province(province))
                html.markup("</h2>")
                if months.isEmpty {
                    html.say("<p>Chưa có tháng nào được chốt số liệu.</p>", "<p>No month is settled yet.</p>")
                }
                html.markup("<ul>")
                for month in months.prefix(PageShell.monthCountMax) { self.month(month, province, &html) }
                html.markup("</ul>")
            }
            html.say(
                "<p><a href=\"/nguon-tin?lang=vi\">Nguồn tin tiến độ hồ sơ</a></p>",
                "<p><a href=\"/nguon-tin?lang=en\">Streams of progress</a></p>")
        }
    }

    private func month(_ month: CivilDate, _ province: Int16, _ html: inout HTMLWriter) {
        let text = String(month.description.dropLast(3))
        html.say("<li>Tháng ", "<li>Month ")
        html.value(language == .vi ? "\(month.month)/\(month.year)" : text)
        html.markup(": <a href=\"")
        html.value("/du-lieu-mo/\(province)/\(text)/ho-so.csv")
        html.markup("\">CSV</a> · <a href=\"")
        html.value("/du-lieu-mo/\(province)/\(text)/ho-so.json")
        html.markup("\">JSON</a></li>")
    }
}
