import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Notices
import PublicFeed
import WorkingTime

/// Answers who comes with a code. No code goes to a log, a metric or an error.
struct LookUpDesk: Sendable {
    let site: PublicSite
    private let answers: RenderedAnswers

    init(_ site: PublicSite) {
        self.site = site
        answers = RenderedAnswers(countMax: site.answerCountMax)
    }

    /// Runs a page's handler; whatever goes wrong is a page too, in the reader's language.
    func page(
        _ context: some EdgeRequestContext, _ answer: () async throws -> Response
    ) async -> Response {
        do {
            return try await answer()
        } catch {
            let problem = LookUpDesk.problem(error)
            var response = LookUpDesk.html(
                PageShell(language: context.language, path: "/").problem(problem), status: problem.status)
            for field in problem.headers { response.headers[field.name] = field.value }
            return response
        }
    }

    /// Problems as they are; anything else is the database, which will be back.
    static func problem(_ error: any Error) -> Problem {
        (error as? any ProblemConvertible)?.problem ?? .unavailable(retryAfterSeconds: 5)
    }

    /// The form's answer: a redirect to the page of the code, or the form again.
    func typed(_ request: Request, _ context: some EdgeRequestContext) async throws -> Response {
        let began = ContinuousClock.now
        try site.throttle.admit(context.edge)
        let typed = request.uri.queryParameters["ma"].map { TypedText.decode($0) } ?? ""
        let language = request.uri.queryParameters["lang"].flatMap { EdgeLanguage(rawValue: String($0)) }
        switch TypedCode(typed) {
        case .lookUp(let code): return LookUpDesk.redirect(to: code.description, language)
        case .legal(let code): return LookUpDesk.redirect(to: code.text, language)
        case .unknown: return try await notFound(context, since: began)
        case .empty: return LookUpDesk.form(.empty, context, status: .badRequest)
        case .slip: return LookUpDesk.form(.slip(typed: typed), context, status: .unprocessableContent)
        }
    }

    /// The page of a code.
    func status(_ request: Request, _ context: some EdgeRequestContext, code typed: String) async throws -> Response {
        let began = ContinuousClock.now
        try site.throttle.admit(context.edge)
        switch TypedCode(typed) {
        case .lookUp(let code):
            if let family = try await site.reader.family(of: code) {
                let answer = answers.answer(
                    code, .page(context.language), family, now: context.arrived,
                    realNow: Instant(microseconds: site.systemMicroseconds()),
                    log: await site.logStanding(of: family))
                return LookUpDesk.answer(answer, to: request, "text/html; charset=utf-8")
            }
        case .legal(let code):
            if let completion = try await site.reader.completion(of: code) {
                let shell = PageShell(language: context.language, path: "/ho-so/\(code.text)")
                return LookUpDesk.tagged(shell.completion(completion), to: request, "text/html; charset=utf-8")
            }
        case .slip:
            return LookUpDesk.form(.slip(typed: typed), context, status: .unprocessableContent)
        case .empty, .unknown: break
        }
        return try await notFound(context, since: began)
    }

    /// The same page for every code that nobody has and for everything that is no code.
    private func notFound(
        _ context: some EdgeRequestContext, since began: ContinuousClock.Instant
    ) async throws -> Response {
        try await missed(context, since: began)
        return LookUpDesk.form(.notFound, context, status: .notFound)
    }

    /// The JSON of a code.
    func json(_ request: Request, _ context: some EdgeRequestContext, code typed: String) async throws -> Response {
        let began = ContinuousClock.now
        try site.throttle.admit(context.edge)
        do {
            switch TypedCode(typed) {
            case .lookUp(let code):
                if let family = try await site.reader.family(of: code) {
                    let answer = answers.answer(
                        code, .json, family, now: context.arrived,
                        realNow: Instant(microseconds: site.systemMicroseconds()),
                        log: await site.logStanding(of: family))
                    return LookUpDesk.answer(answer, to: request, "application/json; charset=utf-8")
                }
            case .legal(let code):
                if let completion = try await site.reader.completion(of: code) {
                    return LookUpDesk.tagged(
                        ProgressJSON.bytes(completion), to: request, "application/json; charset=utf-8")
                }
            case .slip: throw Problem.mistypedCode
            case .empty, .unknown: break
            }
        } catch {
            throw LookUpDesk.problem(error)
        }
        try await missed(context, since: began)
        throw Problem.notFound
    }

    /// Counts a miss and waits until the time that every miss takes.
    func missed(_ context: some EdgeRequestContext, since began: ContinuousClock.Instant) async throws {
        site.throttle.missed(context.edge)
        try await Task.sleep(until: began + site.missTime, clock: .continuous)
    }
}

extension LookUpDesk {
    static func html(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        var headers = pageHeaders
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = CacheControl.noStore.value
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The page's language depends on the caller; no search engine shall find it, no address it leads to learns of it.
    private static let pageHeaders: HTTPFields = {
        var headers: HTTPFields = [.vary: "Accept-Language"]
        if let name = HTTPField.Name("X-Robots-Tag") { headers[name] = "noindex, nofollow" }
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
        return headers
    }()

    static func form(_ fault: EntryFault, _ context: some EdgeRequestContext, status: HTTPResponse.Status) -> Response {
        html(PageShell(language: context.language, path: "/").entry(fault), status: status)
    }

    static func redirect(to code: String, _ language: EdgeLanguage?) -> Response {
        var headers = pageHeaders
        headers[.location] = "/ho-so/\(code)" + (language.map { "?lang=\($0.rawValue)" } ?? "")
        headers[.cacheControl] = CacheControl.noStore.value
        return Response(status: .seeOther, headers: headers)
    }

    static func answer(_ answer: RenderedAnswer, to request: Request, _ type: String) -> Response {
        var headers = pageHeaders
        headers[.eTag] = answer.tag.description
        headers[.cacheControl] = CacheControl.revalidate.value
        if request.has(answer.tag) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = type
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: answer.body))
    }

    static func tagged(_ bytes: [UInt8], to request: Request, _ type: String) -> Response {
        let answer = RenderedAnswer(
            tag: ETag(opaque: ContentHash.text(of: bytes)) ?? ETag(version: 0), body: ByteBuffer(bytes: bytes),
            version: 0,
            staleSince: nil, until: .latest)
        return self.answer(answer, to: request, type)
    }

    static func stylesheet(for request: Request) -> Response {
        let headers: HTTPFields = [
            .contentType: "text/css; charset=utf-8", .cacheControl: CacheControl.immutable.value,
        ]
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: Stylesheet.bytes)))
    }
}

extension Problem {
    /// 422: twelve right symbols of which one is wrong; nobody was asked.
    static let mistypedCode = Problem(
        "mistyped-code", status: .unprocessableContent, vi: "Mã có vẻ bị gõ sai ở một ký tự",
        en: "One character of the code seems to be wrong")
}
