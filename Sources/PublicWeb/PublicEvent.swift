import Notices
import PublicFeed
import WorkingTime

/// One line of the history.
struct PublicEvent: Sendable {
    let notice: Notice
    let news: News

    /// What a notice told that the one before it had not.
    enum News: Hashable, Sendable {
        case sentence(LocalText)
        case promise(Instant, cause: String?)
        case stage(PublicStage)
    }

    /// Every notice of the family that told something new, newest first.
    static func all(of family: DossierFamily) -> [PublicEvent] {
        var events: [(rank: Int, event: PublicEvent)] = []
        for (rank, stand) in ([family.dossier] + family.parts).enumerated() {
            for (place, notice) in stand.history.enumerated() {
                let older = place + 1 < stand.history.count ? stand.history[place + 1] : nil
                if let news = news(notice, after: older) {
                    events.append((rank, PublicEvent(notice: notice, news: news)))
                }
            }
        }
        return events.sorted { left, right in
            if left.event.notice.at != right.event.notice.at { return left.event.notice.at > right.event.notice.at }
            if left.rank != right.rank { return left.rank < right.rank }
            return left.event.notice.number > right.event.notice.number
        }.map(\.event)
    }

    private static func news(_ notice: Notice, after older: Notice?) -> News? {
        if let sentence = notice.sentence {
            // An end that goes from 9 to 10 at once says its sentence with both.
            return notice.at == older?.at && sentence == older?.sentence ? nil : .sentence(sentence)
        }
        if let promised = notice.promised, promised != older?.promised {
            return .promise(promised, cause: notice.promiseCause)
        }
        return notice.stage == older?.stage ? nil : .stage(notice.stage)
    }
}
