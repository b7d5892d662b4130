import Notices

/// Tells a webhook: CloudEvents 1.0, signed as Standard Webhooks 1.0 has it.
///
/// It says what everybody may be told (TT 01/2018 art. 16.2.d): legal code and degree of completion. So a notice is
/// told only when its dossier has a legal code, and when it says another degree of completion than the one before it.
struct WebhookCarrier: Carrier {
    let address: EndpointAddress
    let filter: SubscriberFilter
    let secrets: [WebhookSecret]
    let caller: OutgoingCaller
    let timeLimit: Duration
    /// The clock of signatures, in seconds since 1970.
    let now: @Sendable () -> Int64

    func wants(_ notice: Notice, after previous: Notice?) -> Bool {
        guard let code = notice.legalCode.flatMap(LegalCode.init(typed:)), filter.wants(notice, code) else {
            return false
        }
        guard let previous, previous.legalCode == notice.legalCode else { return true }
        return previous.status != notice.status || previous.stage != notice.stage
    }

    func carry(_ letter: Letter) async -> Carried {
        guard let event = WebhookCarrier.event(letter) else { return .delivered }
        let body = event.encoded()
        let headers = WebhookSignature.headers(id: event.id, seconds: now(), body: body, secrets: secrets)
        var call = OutgoingCall(
            address,
            headers: [("Content-Type", CloudEvent.mediaType), ("User-Agent", "MotCua")] + headers, body: body)
        call.timeLimit = timeLimit
        do throws(CallFailure) {
            return WebhookCarrier.judge(try await caller.send(call))
        } catch {
            let isUnusable = error.code == .forbidden || error.code == .unusable
            return .failed(
                CarryFailure(kind: isUnusable ? .unusable : .silent, reason: "\(error.code.rawValue): \(error)"))
        }
    }

    /// The event of a letter; nil without a legal code, of which nothing may be told.
    static func event(_ letter: Letter) -> CloudEvent? {
        let notice = letter.notice
        guard let code = notice.legalCode.flatMap(LegalCode.init(typed:)) else { return nil }
        let entry = CompletionEntry(
            province: letter.province, n: letter.n, legalCode: code, procedure: notice.procedure,
            status: notice.status, stage: notice.stage, at: notice.at, toldAt: notice.at)
        return CloudEvent(telling: entry, dataRef: nil)
    }

    /// Any 2xx takes it; a redirect is an error, because it was not the address that was checked.
    static func judge(_ answer: OutgoingAnswer) -> Carried {
        switch answer.status {
        case 200...299: .delivered
        case 410:
            .failed(CarryFailure(kind: .gone, reason: "410: the receiver does not want to be called any more"))
        default:
            .failed(
                CarryFailure(
                    kind: .answered, reason: "the receiver answered \(answer.status)", pause: answer.retryAfter))
        }
    }
}
