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
        var own = all(of: family.dossier)
        if family.parts.isEmpty {
            // They mostly are in order already.
            let isInOrder = own.indices.dropFirst().allSatisfy { own[$0 - 1].notice.at >= own[$0].notice.at }
            if !isInOrder {
                own.sort { ($0.notice.at, $0.notice.number) > ($1.notice.at, $1.notice.number) }
            }
            return own
        }
        var events = own.map { (rank: 0, event: $0) }
        for (place, part) in family.parts.enumerated() {
            events += all(of: part).map { (rank: place + 1, event: $0) }
        }
        events.sort { left, right in
            if left.event.notice.at != right.event.notice.at { return left.event.notice.at > right.event.notice.at }
            let (first, second) = (cause(left.rank, left.event), cause(right.rank, right.event))
            if first != second { return first > second }
            if left.rank != right.rank { return left.rank < right.rank }
            return left.event.notice.number > right.event.notice.number
        }
        return events.map(\.event)
    }

    /// The same of one dossier, in the order of its history.
    private static func all(of stand: DossierStand) -> [PublicEvent] {
        var events: [PublicEvent] = []
        events.reserveCapacity(stand.history.count)
        for (place, notice) in stand.history.enumerated() {
            let older = place + 1 < stand.history.count ? stand.history[place + 1] : nil
            if let news = news(notice, after: older) { events.append(PublicEvent(notice: notice, news: news)) }
        }
        return events
    }

    /// The same for people: what one moment told twice stands there once. Of equal news of a dossier its newest; of equal
    /// sentences of a part and of the whole the part's.
    static func told(of family: DossierFamily) -> [PublicEvent] {
        let whole = family.dossier.newest.dossier
        let all = all(of: family)
        // Twins have their moment in common, and stand side by side.
        guard all.indices.dropFirst().contains(where: { all[$0 - 1].notice.at == all[$0].notice.at }) else {
            return all
        }
        var kept: [PublicEvent] = []
        for event in all {
            let twins = kept.indices.filter { kept[$0].notice.at == event.notice.at && kept[$0].news == event.news }
            if twins.contains(where: { kept[$0].notice.dossier == event.notice.dossier }) { continue }
            if case .sentence = event.news, !twins.isEmpty {
                if event.notice.dossier == whole { continue }
                kept.removeAll {
                    $0.notice.dossier == whole && $0.notice.at == event.notice.at && $0.news == event.news
                }
            }
            kept.append(event)
        }
        return kept
    }

    /// Of what one moment brought, the end of a part comes first, then what the whole made of it, then what began by that.
    private static func cause(_ rank: Int, _ event: PublicEvent) -> Int {
        rank == 0 ? 1 : event.notice.finished == nil ? 2 : 0
    }

    private static func news(_ notice: Notice, after older: Notice?) -> News? {
        if let sentence = notice.sentence { return .sentence(sentence) }
        if let promised = notice.promised, promised != older?.promised {
            return .promise(promised, cause: notice.promiseCause)
        }
        return notice.stage == older?.stage ? nil : .stage(notice.stage)
    }
}
