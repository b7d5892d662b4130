import Edge
import HTTPTypes
import Hummingbird
import Notices
import PublicFeed
import WorkingTime

/// Takes and shows what people say of their dossiers. Whatever is no look-up code that somebody has gets the answers of the
/// dossier's page, in their time.
struct RatingDesk: Sendable {
    private let lookUp: LookUpDesk
    private let ratings: RatingStore

    /// More than a form with one field ever has.
    private static let byteCountMax = 1_000

    init(_ lookUp: LookUpDesk) {
        self.lookUp = lookUp
        ratings = lookUp.site.reader.ratings
    }

    func addRoutes<Context: EdgeRequestContext>(to router: some RouterMethods<Context>) {
        let path = RouterPath("/ho-so/{code}\(RatingPage.place)")
        router.get(path) { request, context in
            try await lookUp.page(request, context) {
                try await lookUp.personsFamily(context, code: TypedText.decode(try context.parameters.require("code")))
                {
                    LookUpDesk.html(
                        try await page(of: $1, code: $0, context).page(RatingDesk.shell(context, $0)))
                }
            }
        }
        router.post(path) { request, context in
            try await lookUp.page(request, context) {
                let typed = TypedText.decode(try context.parameters.require("code"))
                return try await take(request, context, code: typed)
            }
        }
    }

    /// Keeps a choice and leads back to the page, so that nothing is sent again when it is loaded again.
    private func take(_ request: Request, _ context: some EdgeRequestContext, code typed: String) async throws
        -> Response
    {
        guard FormOrigin.isOurs(request, address: lookUp.site.address) else { throw Problem.foreignForm }
        let body = String(decoding: try await request.body(upTo: RatingDesk.byteCountMax), as: UTF8.self)
        return try await lookUp.personsFamily(context, code: typed) { code, family in
            let page = try await page(of: family, code: code, context)
            let shell = RatingDesk.shell(context, code)
            guard page.isOpen else { return LookUpDesk.html(page.page(shell), status: .conflict) }
            guard let level = RatingDesk.choice(body) else {
                var page = page
                page.isMissingChoice = true
                return LookUpDesk.html(page.page(shell), status: .badRequest)
            }
            let isKept: Bool
            do {
                isKept = try await ratings.put(level, of: RatedDossier(family), on: context.arrived.date)
            } catch { throw Problem.notKept }
            guard isKept else {
                // Its month was counted while the form was open.
                return LookUpDesk.html(
                    try await self.page(of: family, code: code, context).page(shell), status: .conflict)
            }
            return LookUpDesk.redirect(to: "\(code)\(RatingPage.place)", context.edge.language)
        }
    }

    private func page(
        of family: DossierFamily, code: LookUpCode, _ context: some EdgeRequestContext
    ) async throws -> RatingPage {
        let today = context.arrived.date
        let notice = family.dossier.newest
        return RatingPage(
            code: code, notice: notice, rating: try await ratings.rating(of: RatedDossier(family)),
            time: RatingTime(notice, on: today), today: today)
    }

    private static func shell(_ context: some EdgeRequestContext, _ code: LookUpCode) -> PageShell {
        PageShell(language: context.language, path: RatingPage.path(code))
    }

    /// What a form's body chose; nil for nothing, for what is no level, and for two at once.
    private static func choice(_ body: String) -> SatisfactionLevel? {
        let chosen = body.split(separator: "&").filter { $0.hasPrefix("\(RatingPage.field)=") }
        guard chosen.count == 1, let text = chosen.first?.dropFirst(RatingPage.field.utf8.count + 1) else { return nil }
        return Int16(text).flatMap(SatisfactionLevel.init)
    }
}

/// Whether a form was sent by a page of this site.
///
/// There is nothing to steal with a foreign page's form: the site knows no sessions, and who has the code may rate. It is
/// refused all the same, because nobody has a reason to send one, and a page that did would have got the code elsewhere.
enum FormOrigin {
    static func isOurs(_ request: Request, address: PublicAddress?) -> Bool {
        if let site = request.headers[.secFetchSite] { return site == "same-origin" || site == "none" }
        // Browsers from before 2023. They send "null" from our own pages, which tell nobody where one comes from
        // (Referrer-Policy), and nothing that is not a browser sends either.
        guard let origin = request.headers[.origin], origin != "null" else { return true }
        if let host = request.head.authority, origin == "http://\(host)" || origin == "https://\(host)" { return true }
        guard let address else { return false }
        return address.text == origin || address.text.hasPrefix(origin + "/")
    }
}

extension Problem {
    /// 403: the form came from another site's page.
    static let foreignForm = Problem(
        "foreign-form", status: .forbidden, vi: "Đánh giá phải gửi từ trang này",
        en: "A rating must be sent from this site's own page"
    ).detailed(
        vi: "Hãy mở trang của hồ sơ bằng mã tra cứu rồi gửi đánh giá ở đó.",
        en: "Open the dossier's page with the look-up code and send the rating there.")

    /// 503: it could not be written, or nobody knows whether it was.
    static let notKept = Problem.unavailable(retryAfterSeconds: 5).detailed(
        vi: "Chưa ghi được đánh giá của bạn. Hãy gửi lại sau ít phút; gửi lại không bị tính hai lần.",
        en: "Your rating could not be recorded. Send it again in a few minutes; it is never counted twice.")
}

extension HTTPField.Name {
    /// Where the page that made the request stands, as the browser says (W3C Fetch Metadata).
    static let secFetchSite: HTTPField.Name = HTTPField.Name("Sec-Fetch-Site") ?? .origin
}
