import Notices
import PublicSamples
import WorkingTime

/// A page that citizens see. Add a line to ``all`` for every new one: each is looked at by all tests here.
struct PublicPage: Sendable, CustomStringConvertible {
    /// What it is, also the name of its pictures.
    let name: String
    /// Its path, with a query that does not choose the language.
    let path: String
    /// The status of its answer.
    var status = 200
    /// When it is looked at.
    var at = Samples.now
    /// Whether the feed is an hour behind at that moment.
    var isBehind = false

    var description: String { name }

    /// Every public page, in every state that makes it look different.
    static let all: [PublicPage] =
        [
            PublicPage(name: "entry", path: "/"), PublicPage(name: "privacy", path: "/rieng-tu"),
            PublicPage(name: "entry-empty", path: "/tra-cuu?ma=", status: 400),
            PublicPage(name: "entry-slip", path: "/tra-cuu?ma=74MC-P2XQ-93HR", status: 422),
            PublicPage(name: "entry-not-found", path: "/ho-so/abc", status: 404),
            PublicPage(name: "legal-code", path: "/ho-so/000.00.41.H17-260303-1001"),
            PublicPage(name: "public-log", path: "/so-cong-khai"),
            PublicPage(name: "statistics", path: "/thong-ke", at: SampleProvince.now),
            PublicPage(name: "statistics-few", path: "/thong-ke/48"),
            PublicPage(name: "statistics-province", path: "/thong-ke/46", at: SampleProvince.now),
            PublicPage(name: "statistics-agencies", path: "/thong-ke/46/co-quan", at: SampleProvince.now),
            PublicPage(name: "statistics-fields", path: "/thong-ke/46/linh-vuc?thang=2026-04", at: SampleProvince.now),
            PublicPage(name: "statistics-procedures", path: "/thong-ke/46/thu-tuc", at: SampleProvince.now),
            PublicPage(name: "statistics-months", path: "/thong-ke/46/thang", at: SampleProvince.now),
            PublicPage(name: "statistics-days", path: "/thong-ke/46/ngay", at: SampleProvince.now),
            PublicPage(name: "form", path: "/thong-ke/bieu-2-06a?tinh=46&thang=2026-04", at: SampleProvince.now),
            PublicPage(
                name: "form-agency", path: "/thong-ke/bieu-2-06a?tinh=46&thang=2026-04&coquan=000.00.02.H17",
                at: SampleProvince.now),
            PublicPage(
                name: "form-not-yet", path: "/thong-ke/bieu-2-06a?tinh=46&thang=2026-06&coquan=000.00.02.H17",
                at: SampleProvince.now),
            PublicPage(name: "wall", path: "/bang-tin/46", at: SampleProvince.now),
            PublicPage(name: "satisfaction", path: "/thong-ke/46/hai-long", at: SampleProvince.now),
            PublicPage(
                name: "satisfaction-none", path: "/thong-ke/46/hai-long?thang=2026-05", at: SampleProvince.now),
            PublicPage(name: "streams", path: "/nguon-tin"),
            PublicPage(name: "streams-province", path: "/nguon-tin/48"),
            PublicPage(name: "open-data", path: "/du-lieu-mo"),
            PublicPage(name: "problem", path: "/khong-co-trang-nay", status: 404),
        ]
        + ((try? SampleSite.samples.get()) ?? []).filter { $0.name != "erased" }.map {
            PublicPage(name: "status-\($0.name)", path: "/ho-so/\(SampleSite.code(of: $0.name))", at: $0.now)
        } + [
            PublicPage(name: "erased", path: "/ho-so/\(SampleSite.code(of: "erased"))", status: 410),
            // Another address than the wall's, which the browser may keep for half a minute.
            PublicPage(name: "wall-behind", path: "/bang-tin/46?dung=1", at: SampleProvince.now, isBehind: true),
            PublicPage(
                name: "status-behind", path: "/ho-so/\(SampleSite.code(of: "processing"))", isBehind: true),
            PublicPage(
                name: "receipt", path: "/ho-so/\(SampleSite.code(of: "processing"))/giay-tiep-nhan"),
            PublicPage(
                name: "receipt-moved", path: "/ho-so/\(SampleSite.code(of: "late"))/giay-tiep-nhan"),
            PublicPage(
                name: "receipt-parts", path: "/ho-so/\(SampleSite.code(of: "parts"))/giay-tiep-nhan"),
            PublicPage(
                name: "receipt-not-yet", path: "/ho-so/\(SampleSite.code(of: "submitted"))/giay-tiep-nhan"),
            PublicPage(
                name: "rating", path: "/ho-so/\(SampleSite.code(of: "done"))/danh-gia",
                at: Samples.moment("2026-03-09T16:00")),
            PublicPage(
                name: "rating-given", path: "/ho-so/\(SampleSite.code(of: "withdrawn"))/danh-gia",
                at: Samples.moment("2026-03-07T09:00")),
            PublicPage(
                name: "rating-not-yet", path: "/ho-so/\(SampleSite.code(of: "processing"))/danh-gia"),
            PublicPage(
                name: "rating-over", path: "/ho-so/\(SampleSite.code(of: "done"))/danh-gia",
                at: Samples.moment("2026-09-01T08:00")),
        ]

    /// The path in a language.
    func path(_ language: Language) -> String { path + (path.contains("?") ? "&" : "?") + "lang=\(language.rawValue)" }
}

/// How a page is looked at.
struct Look: Sendable, CustomStringConvertible {
    /// CSS pixels: the narrowest telephone of WCAG 1.4.10, and a desk's screen.
    let width: Int
    let language: Language

    var description: String { "\(width) px, \(language.rawValue)" }

    static let all = [320, 1280].flatMap { width in Language.allCases.map { Look(width: width, language: $0) } }
}
