import Edge
import HTTPTypes
import NIOCore
import Notices
import PublicFeed
import Synchronization
import WorkingTime

/// Look-ups whose answer is finished, or only has to be read: answered on the connection's event loop.
///
/// Takes exactly what the site itself writes: a look-up code with its hyphens, and no query but the language. Whatever
/// is typed otherwise, is not found or is not allowed goes the ordinary way, which knows what to say.
struct QuickLookUps: QuickAnswers {
    let desk: LookUpDesk
    /// Who follows a public stream; nil where nothing can be followed.
    let events: EventDesk?

    let routes = ["/v1/progress/{code}", "/ho-so/{code}", "/events"]

    func concerns(_ target: String) -> Bool {
        let count = target.utf8.count
        if events != nil, target.hasPrefix("/events?") { return true }
        return (21...35).contains(count) && (target.hasPrefix("/ho-so/") || target.hasPrefix("/v1/progress/"))
    }

    func plan(_ request: QuickRequest, on eventLoop: any EventLoop) -> QuickPlan {
        if let events, request.target.hasPrefix("/events?") {
            return events.quick(request, route: 2).map { .stream($0) } ?? .ordinary
        }
        guard let asked = AskedCode(request.target) else { return .ordinary }
        let form = asked.form(acceptLanguage: request.acceptLanguage)
        let now = Instant(microseconds: request.arrivedMicroseconds)
        if let answer = desk.answers.ready(asked.key, form, now: now) {
            // A caller who may not is told so, and how long to wait, in the ordinary way.
            guard let quota = try? desk.site.throttle.admit(request.client?.block) else { return .ordinary }
            return .answer(answer.quick(request, quota, form))
        }
        guard let code = asked.code, let quota = try? desk.site.throttle.admit(request.client?.block) else {
            return .ordinary
        }
        if let family = desk.site.reader.ready(code) {
            return .answer(desk.answer(code, form, family, now: now).quick(request, quota, form))
        }
        return .later(asking(code, form, request, quota, on: eventLoop))
    }

    /// The answer once the tables have been asked.
    private func asking(
        _ code: LookUpCode, _ form: AnswerForm, _ request: QuickRequest, _ quota: QuotaDecision,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<QuickAnswer?> {
        let began = ContinuousClock.now
        let now = Instant(microseconds: request.arrivedMicroseconds)
        let promise = eventLoop.makePromise(of: QuickAnswer?.self)
        desk.site.reader.read(code) { [desk] result in
            // Written where it is sent: who reads for many goes on, and the event loop is woken once for all of them.
            eventLoop.execute {
                if case .success(let family?) = result {
                    let answer = desk.answer(code, form, family, now: now)
                    return promise.succeed(answer.quick(request, quota, form))
                }
                let isNobody = if case .success(nil) = result { true } else { false }
                desk.begun.put(code, request.client, BegunLookUp(at: began, quota: quota, isNobody: isNobody))
                promise.succeed(nil)
            }
        }
        return promise.futureResult
    }
}

extension RenderedAnswer {
    func quick(_ request: QuickRequest, _ quota: QuotaDecision, _ form: AnswerForm) -> QuickAnswer {
        let route = form == .json ? 0 : 1
        if request.has(tag) {
            return QuickAnswer(head: .unchanged, tag: tag, body: [], quota: quota, route: route)
        }
        return QuickAnswer(
            head: form == .json ? .json : .page, tag: tag, body: body, quota: quota, route: route)
    }
}

extension QuickHead {
    fileprivate static let unchanged = QuickHead(
        status: .notModified, headers: LookUpDesk.answerHeaders, security: .pages)
    fileprivate static let json = whole(.json)
    fileprivate static let page = whole(.page(.vi))

    private static func whole(_ form: AnswerForm) -> QuickHead {
        var headers = LookUpDesk.answerHeaders
        headers[.contentType] = form.mediaType
        return QuickHead(status: .ok, headers: headers, security: .pages)
    }
}

/// A look-up that began on the event loop and goes on in the ordinary way.
struct BegunLookUp: Sendable {
    /// From when on the time of a miss counts.
    let at: ContinuousClock.Instant
    /// What the throttle said; it is not asked twice for one request.
    let quota: QuotaDecision
    /// Whether nobody has the code; else the tables could not be read.
    let isNobody: Bool
}

/// Hands those look-ups over, each once.
final class BegunLookUps: Sendable {
    private struct Key: Hashable {
        let code: LookUpCode
        let client: RemoteAddress?
    }

    private let begun = Mutex(BoundedCache<Key, BegunLookUp>(countMax: 2_000))

    func put(_ code: LookUpCode, _ client: RemoteAddress?, _ lookUp: BegunLookUp) {
        begun.withLock { $0.put(Key(code: code, client: client), lookUp) }
    }

    func take(_ code: LookUpCode, _ client: RemoteAddress?) -> BegunLookUp? {
        let key = Key(code: code, client: client)
        return begun.withLock { begun in
            guard begun.count > 0, let lookUp = begun.value(key) else { return nil }
            begun.remove(key)
            return lookUp
        }
    }
}

/// A target of ours: a path with a look-up code as it is printed.
struct AskedCode {
    /// What finished answers are kept under; not yet known to be a code, for the check character was not looked at.
    let key: CodeKey
    private let isPage: Bool
    private let language: Language?

    init?(_ target: String) {
        let isPage = target.hasPrefix("/ho-so/")
        let start = target.utf8.dropFirst(isPage ? 7 : 13)
        guard let key = CodeKey(printed: start.prefix(14)) else { return nil }
        self.key = key
        self.isPage = isPage
        let rest = start.dropFirst(14)
        if rest.isEmpty {
            language = nil
        } else if isPage, rest.elementsEqual("?lang=vi".utf8) {
            language = .vi
        } else if isPage, rest.elementsEqual("?lang=en".utf8) {
            language = .en
        } else {
            return nil
        }
    }

    /// The code; nil when its check character is wrong.
    var code: LookUpCode? { LookUpCode(key) }

    func form(acceptLanguage: String?) -> AnswerForm {
        guard isPage else { return .json }
        if let language { return .page(language) }
        guard let acceptLanguage else { return .page(.vi) }
        return .page(EdgeLanguage(acceptLanguage: acceptLanguage) == .en ? .en : .vi)
    }
}
