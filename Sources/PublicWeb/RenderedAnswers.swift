import Edge
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

extension AnswerForm {
    /// What the form is served as.
    var mediaType: String {
        self == .json ? "application/json; charset=utf-8" : "text/html; charset=utf-8"
    }
}

/// A finished answer.
struct RenderedAnswer: Sendable {
    let tag: ETag
    let body: [UInt8]
    /// What it was made from; another picture needs another answer.
    let version: Int64
    let staleSince: Instant?
    /// From then on it may say something else, by time alone.
    let until: Instant
    /// What it says of the log.
    var log: LogStanding?
    /// Where its picture was read last; nil for one that was not read of the tables.
    var source: FamilySource?

    /// How much memory it takes, about.
    var weight: Int { body.count + 500 }

    init(
        _ bytes: [UInt8], version: Int64 = 0, staleSince: Instant? = nil, until: Instant = .latest,
        log: LogStanding? = nil, source: FamilySource? = nil
    ) {
        tag = ETag(hash: ContentHash.number(of: bytes))
        body = bytes
        self.version = version
        self.staleSince = staleSince
        self.until = until
        self.log = log
        self.source = source
    }

    func isGood(for family: DossierFamily, staleSince: Instant?, now: Instant, log: LogStanding?) -> Bool {
        // That the log has grown since is no reason to write it anew: what it says of the proof stays true.
        version == family.version && self.staleSince == staleSince && now < until
            && self.log?.isPending == log?.isPending
    }
}

/// Finished answers of the dossiers that are looked at now, so that a page that everybody looks at is written once.
final class RenderedAnswers: Sendable {
    private struct Key: Hashable {
        let code: CodeKey
        let form: AnswerForm
    }

    private let answers: Mutex<BoundedCache<Key, RenderedAnswer>>

    private let address: PublicAddress?
    private let feedback: PublicAddress?
    private let reader: ProgressReader
    private let systemMicroseconds: @Sendable () -> Int64

    init(for site: PublicSite) {
        answers = Mutex(BoundedCache(countMax: site.answerCountMax, weightMax: site.answerByteCountMax))
        address = site.address
        feedback = site.feedback
        reader = site.reader
        systemMicroseconds = site.systemMicroseconds
    }

    /// The answer in memory, if it is what would be written now; nil otherwise.
    func ready(_ code: CodeKey, _ form: AnswerForm, now: Instant) -> RenderedAnswer? {
        guard let answer = answers.withLock({ $0.value(Key(code: code, form: form)) }), let source = answer.source,
            reader.stands(source)
        else { return nil }
        let standing = reader.watch.standing(of: source.provinces)
        let systemNow = Instant(microseconds: systemMicroseconds())
        let staleSince = RenderedAnswers.staleSince(standing.caughtUpAt, now: systemNow)
        guard now < answer.until, answer.staleSince == staleSince,
            answer.log.map({ !$0.isPending || standing.signedSize <= $0.n }) ?? true
        else { return nil }
        return answer
    }

    /// The answer for a picture, from memory or newly written.
    func answer(
        _ code: LookUpCode, _ form: AnswerForm, _ family: DossierFamily, now: Instant, staleSince: Instant?,
        log: LogStanding?
    ) -> RenderedAnswer {
        let key = Key(code: CodeKey(code), form: form)
        if var answer = answers.withLock({ $0.value(key) }),
            answer.isGood(for: family, staleSince: staleSince, now: now, log: log)
        {
            if answer.source != family.source {
                answer.source = family.source
                answers.withLock { $0.put(key, answer, weight: answer.weight) }
            }
            return answer
        }
        let picture = StatusPage(
            code: code, family: family, now: now, staleSince: staleSince, address: address, log: log,
            feedback: feedback)
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
        var turns = Punctuality.turns(of: family.dossier.newest)
        for part in family.parts { turns += Punctuality.turns(of: part.newest) }
        let answer = RenderedAnswer(
            bytes, version: family.version, staleSince: staleSince,
            until: turns.filter { $0 >= now }.min()?.adding(microseconds: 1) ?? .latest, log: log,
            source: family.source)
        answers.withLock { answers in
            if answers.admits(key, weight: answer.weight) { answers.put(key, answer, weight: answer.weight) }
        }
        return answer
    }

    /// The minute up to which the feed is complete, when that is more than a minute ago; nil when it is not worth a word.
    static func staleSince(_ caughtUpAt: Instant?, now: Instant) -> Instant? {
        guard let caughtUpAt, caughtUpAt < now.adding(seconds: -60) else { return nil }
        let time = caughtUpAt.timeOfDay
        return Instant(date: caughtUpAt.date, time: TimeOfDay(hour: time.hour, minute: time.minute) ?? .midnight)
    }
}
