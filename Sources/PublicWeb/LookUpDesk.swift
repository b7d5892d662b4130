import Edge
import HTTPTypes
import Hummingbird
import NIOCore
import Notices
import PublicFeed
import WorkingTime

/// Answers who comes with a code. No code goes to a log, a metric or an error.
final class LookUpDesk: Sendable {
    let site: PublicSite
    let answers: RenderedAnswers
    /// What began before it came here.
    let begun = BegunLookUps()

    init(_ site: PublicSite) {
        self.site = site
        answers = RenderedAnswers(for: site)
    }

    /// Runs a page's handler; whatever goes wrong is a page too, in the reader's language.
    /// - Throws: ``Problem`` 404 for an address that programs read: no page has one, so that nothing is there.
    func page(
        _ request: Request, _ context: some EdgeRequestContext, _ answer: () async throws -> Response
    ) async throws -> Response {
        guard !ProgramAddress.covers(request.uri.path) else { throw Problem.notFound }
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

    /// Runs the handler of what programs read; whatever goes wrong is thrown as the problem that they are sent.
    static func document(_ answer: () async throws -> Response) async throws -> Response {
        do { return try await answer() } catch { throw problem(error) }
    }

    /// Problems as they are; anything else is the database, which will be back.
    static func problem(_ error: any Error) -> Problem {
        (error as? any ProblemConvertible)?.problem ?? .unavailable(retryAfterSeconds: 5)
    }

    /// The form's answer: a redirect to the page of the code, or the form again.
    func typed(_ request: Request, _ context: some EdgeRequestContext) async throws -> Response {
        let began = ContinuousClock.now
        let quota = try site.throttle.admit(context.edge)
        let typed = request.uri.queryParameters["ma"].map { TypedText.decode($0) } ?? ""
        let language = request.uri.queryParameters["lang"].flatMap { EdgeLanguage(rawValue: String($0)) }
        let response: Response
        switch TypedCode(typed) {
        case .lookUp(let code): response = LookUpDesk.redirect(to: code.description, language)
        case .legal(let code): response = LookUpDesk.redirect(to: code.text, language)
        case .unknown: return try await notFound(context, since: began)
        case .empty: response = LookUpDesk.form(.empty, context, status: .badRequest)
        case .slip: response = LookUpDesk.form(.slip(typed: typed), context, status: .unprocessableContent)
        }
        return response.counted(quota)
    }

    /// The page of a code.
    func status(_ request: Request, _ context: some EdgeRequestContext, code typed: String) async throws -> Response {
        let (found, began, quota) = try await find(typed, context)
        let response: Response
        switch try found.get() {
        case .family(let code, let family):
            let answer = answer(code, .page(context.language), family, now: context.arrived)
            response = LookUpDesk.answer(answer, to: request, "text/html; charset=utf-8")
        case .completion(let completion):
            let shell = PageShell(language: context.language, path: "/ho-so/\(completion.code.text)")
            let page = shell.completion(completion, staleSince: staleSince(completion.caughtUpAt))
            response = LookUpDesk.tagged(page, to: request, "text/html; charset=utf-8")
        case .erased(let code, let family): response = erased(code, family, context)
        case .slip: response = LookUpDesk.form(.slip(typed: typed), context, status: .unprocessableContent)
        case .nobody: return try await notFound(context, since: began)
        }
        return response.counted(quota)
    }

    /// The receipt of a look-up code.
    func receipt(_ request: Request, _ context: some EdgeRequestContext, code typed: String) async throws -> Response {
        try await personsFamily(context, code: typed) { code, family in
            let answer = answer(code, .receipt(context.language), family, now: context.arrived)
            return LookUpDesk.answer(answer, to: request, "text/html; charset=utf-8")
        }
    }

    /// What `answer` makes of the family of a look-up code, for another page of it. Everything that is no such code gets the
    /// answers of the dossier's page, in their time; a legal code opens nothing here.
    func personsFamily(
        _ context: some EdgeRequestContext, code typed: String,
        _ answer: (LookUpCode, DossierFamily) async throws -> Response
    ) async throws -> Response {
        let began = ContinuousClock.now
        let quota = try site.throttle.admit(context.edge)
        switch try await find(typed) {
        case .family(let code, let family): return try await answer(code, family).counted(quota)
        case .erased(let code, let family): return erased(code, family, context).counted(quota)
        case .slip:
            return LookUpDesk.form(.slip(typed: typed), context, status: .unprocessableContent).counted(quota)
        case .completion, .nobody: return try await notFound(context, since: began)
        }
    }

    /// What `answer` makes of the family of a look-up code, for whatever else programs are served of it. Everything that is
    /// no such code gets the answers of the JSON, in the time of a miss; a legal code opens nothing here.
    func programsFamily(
        _ context: some EdgeRequestContext, code typed: String,
        _ answer: (LookUpCode, DossierFamily) async throws -> Response
    ) async throws -> Response {
        let began = ContinuousClock.now
        let quota = try site.throttle.admit(context.edge)
        switch try await find(typed) {
        case .family(let code, let family): return try await answer(code, family).counted(quota)
        case .erased: throw Problem.erasedDossier.counted(quota)
        case .slip: throw Problem.mistypedCode.counted(quota)
        case .completion, .nobody: throw Problem.notFound.counted(try await missed(context, since: began))
        }
    }

    /// The same page for every code that nobody has and for everything that is no code.
    private func notFound(
        _ context: some EdgeRequestContext, since began: ContinuousClock.Instant
    ) async throws -> Response {
        let quota = try await missed(context, since: began)
        return LookUpDesk.form(.notFound, context, status: .notFound).counted(quota)
    }

    /// The JSON of a code.
    func json(_ request: Request, _ context: some EdgeRequestContext, code typed: String) async throws -> Response {
        let (outcome, began, quota) = try await find(typed, context)
        let found: Found
        do { found = try outcome.get() } catch { throw LookUpDesk.problem(error) }
        switch found {
        case .family(let code, let family):
            let answer = answer(code, .json, family, now: context.arrived)
            return LookUpDesk.answer(answer, to: request, "application/json; charset=utf-8").counted(quota)
        case .completion(let completion):
            let bytes = ProgressJSON.bytes(completion, staleSince: staleSince(completion.caughtUpAt))
            return LookUpDesk.tagged(bytes, to: request, "application/json; charset=utf-8").counted(quota)
        case .erased: throw Problem.erasedDossier.counted(quota)
        case .slip: throw Problem.mistypedCode.counted(quota)
        case .nobody: throw Problem.notFound.counted(try await missed(context, since: began))
        }
    }

    /// What a code opens.
    private enum Found {
        case family(LookUpCode, DossierFamily)
        case completion(Completion)
        /// A dossier that was shown once.
        case erased(LookUpCode, ErasedFamily)
        /// One symbol is wrong; nobody was asked.
        case slip
        case nobody
    }

    /// Looks a code up, or goes on with what began on the event loop.
    /// - Throws: ``Problem`` 429.
    private func find(
        _ typed: String, _ context: some EdgeRequestContext
    ) async throws -> (Result<Found, any Error>, began: ContinuousClock.Instant, quota: QuotaDecision) {
        if case .lookUp(let code) = TypedCode(typed), let begun = begun.take(code, context.edge.client) {
            let found = await found { begun.isNobody ? try await unseen(code) : try await find(typed) }
            return (found, begun.at, begun.quota)
        }
        let began = ContinuousClock.now
        let quota = try site.throttle.admit(context.edge)
        return (await found { try await find(typed) }, began, quota)
    }

    private func found(_ find: () async throws -> Found) async -> Result<Found, any Error> {
        do { return .success(try await find()) } catch { return .failure(error) }
    }

    private func find(_ typed: String) async throws -> Found {
        switch TypedCode(typed) {
        case .lookUp(let code):
            if let family = try await site.reader.family(of: code) {
                .family(code, family)
            } else {
                try await unseen(code)
            }
        case .legal(let code): try await site.reader.completion(of: code).map { .completion($0) } ?? .nobody
        case .slip: .slip
        case .empty, .unknown: .nobody
        }
    }

    /// A code that shows no dossier: nobody's, or of one that was erased.
    private func unseen(_ code: LookUpCode) async throws -> Found {
        try await site.reader.erased(code).map { .erased(code, $0) } ?? .nobody
    }

    /// The answer for a picture.
    func answer(_ code: LookUpCode, _ form: AnswerForm, _ family: DossierFamily, now: Instant) -> RenderedAnswer {
        answers.answer(
            code, form, family, now: now, staleSince: staleSince(family.caughtUpAt), log: site.logStanding(of: family))
    }

    /// Up to when the feed of a province is complete, when that is too long ago to be silent about.
    func staleSince(of province: Int16) -> Instant? {
        staleSince(site.reader.watch.standing(of: [province]).caughtUpAt)
    }

    private func staleSince(_ caughtUpAt: Instant?) -> Instant? {
        RenderedAnswers.staleSince(caughtUpAt, now: Instant(microseconds: site.systemMicroseconds()))
    }

    /// Counts a miss and waits until the time that every miss takes.
    func missed(
        _ context: some EdgeRequestContext, since began: ContinuousClock.Instant
    ) async throws -> QuotaDecision {
        let quota = site.throttle.missed(context.edge)
        try await Task.sleep(until: began + site.missTime, clock: .continuous)
        return quota
    }
}

extension Response {
    /// The answer, saying what is left of a quota.
    consuming func counted(_ quota: QuotaDecision) -> Response {
        quota.add(to: &headers)
        return self
    }
}

extension Problem {
    /// The problem, saying what is left of a quota.
    consuming func counted(_ quota: QuotaDecision) -> Problem {
        quota.add(to: &headers)
        return self
    }

    /// 422: twelve right symbols of which one is wrong; nobody was asked.
    static let mistypedCode = Problem(
        "mistyped-code", status: .unprocessableContent, vi: "Mã có vẻ bị gõ sai ở một ký tự",
        en: "One character of the code seems to be wrong")
}
