import Edge
import Hummingbird
import NIOCore
import Notices
import PublicFeed
import Synchronization
import WorkingTime

/// The forms in which one picture is served.
enum AnswerForm: Hashable, Sendable {
    case page(Language)
    /// Form 01 for the printer.
    case receipt(Language)
    case json
}

/// A finished answer.
struct RenderedAnswer: Sendable {
    let tag: ETag
    let body: ByteBuffer
    /// What it was made from; another picture needs another answer.
    let version: Int64
    let staleSince: Instant?
    /// From then on it may say something else, by time alone.
    let until: Instant
    /// What it says of the log.
    var log: LogStanding?

    func isGood(for family: DossierFamily, staleSince: Instant?, now: Instant, log: LogStanding?) -> Bool {
        // That the log has grown since is no reason to write it anew: what it says of the proof stays true.
        version == family.version && self.staleSince == staleSince && now < until
            && self.log?.isPending == log?.isPending
    }
}

/// Finished answers of the dossiers that are looked at now, so that a page that everybody looks at is written once.
final class RenderedAnswers: Sendable {
    private struct Key: Hashable {
        let code: LookUpCode
        let form: AnswerForm
    }

    private let answers: Mutex<BoundedCache<Key, RenderedAnswer>>

    private let address: PublicAddress?

    init(for site: PublicSite) {
        answers = Mutex(BoundedCache(countMax: site.answerCountMax))
        address = site.address
    }

    /// The answer for a picture, from memory or newly written.
    func answer(
        _ code: LookUpCode, _ form: AnswerForm, _ family: DossierFamily, now: Instant, staleSince: Instant?,
        log: LogStanding?
    ) -> RenderedAnswer {
        let key = Key(code: code, form: form)
        if let answer = answers.withLock({ $0.value(key) }),
            answer.isGood(for: family, staleSince: staleSince, now: now, log: log)
        {
            return answer
        }
        let picture = StatusPage(
            code: code, family: family, now: now, staleSince: staleSince, address: address, log: log)
        let bytes: [UInt8]
        switch form {
        case .page(let language):
            let feed = FeedLink(
                title: LocalText(vi: "Diễn biến của hồ sơ", en: "History of the dossier"), folder: picture.path)
            bytes = picture.page(PageShell(language: language, path: picture.path, feeds: [feed]))
        case .receipt(let language):
            bytes = ReceiptPage(picture).page(PageShell(language: language, path: picture.path + ReceiptPage.place))
        case .json: bytes = ProgressJSON.bytes(picture)
        }
        let turns = ([family.dossier] + family.parts).flatMap { Punctuality.turns(of: $0.newest) }
        let hash = ContentHash.text(of: bytes)
        let answer = RenderedAnswer(
            tag: ETag(opaque: hash) ?? ETag(version: family.version), body: ByteBuffer(bytes: bytes),
            version: family.version, staleSince: staleSince,
            until: turns.filter { $0 >= now }.min()?.adding(microseconds: 1) ?? .latest, log: log)
        answers.withLock { $0.put(key, answer) }
        return answer
    }

    /// The minute up to which the feed is complete, when that is more than a minute ago; nil when it is not worth a word.
    static func staleSince(_ caughtUpAt: Instant?, now: Instant) -> Instant? {
        guard let caughtUpAt, caughtUpAt < now.adding(seconds: -60) else { return nil }
        let time = caughtUpAt.timeOfDay
        return Instant(date: caughtUpAt.date, time: TimeOfDay(hour: time.hour, minute: time.minute) ?? .midnight)
    }
}
