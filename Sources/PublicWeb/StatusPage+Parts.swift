import Notices
import PublicFeed
import WorkingTime

extension StatusPage {
    /// The linked parts in one picture.
    func parts(_ html: inout HTMLWriter) {
        guard !family.parts.isEmpty else { return }
        html.say(
            "<section><h2>Các phần của hồ sơ liên thông</h2><ul class=\"parts\">",
            "<section><h2>Parts of this interconnected dossier</h2><ul class=\"parts\">")
        for part in family.parts.prefix(StatusPage.partCountMax) { self.part(part.newest, &html) }
        html.markup("</ul>")
        let more = family.parts.count - StatusPage.partCountMax
        if more > 0 {
            html.say("<p>Số phần khác không hiện ở đây: ", "<p>Parts not shown here: ")
            html.number(more)
            html.markup("</p>")
        }
        html.markup("</section>")
    }

    /// Beyond these a page would be too long for a telephone; the JSON has all.
    static let partCountMax = 12
    /// The newest events shown; the JSON has all.
    static let eventCountMax = 20

    private func part(_ part: Notice, _ html: inout HTMLWriter) {
        let punctuality = Punctuality(of: part, now: now)
        html.markup("<li><h3>")
        html.local(part.part ?? part.procedureTitle)
        html.markup("</h3><p class=\"tags\">")
        html.tag(part.stage)
        html.lateTag(punctuality)
        html.markup("</p><p>")
        if let finished = part.finished {
            html.local(StatusPage.result(part.result))
            html.markup(": ")
            html.moment(finished)
        } else if Punctuality.waitsForApplicant(part.stage) {
            html.say("Ngày hẹn sẽ được tính lại khi đủ điều kiện.", "The date will be set anew once it is complete.")
        } else if let promised = part.promised {
            html.say("Hẹn: ", "Promised: ")
            html.deadline(promised)
        } else {
            html.say("Chưa có ngày hẹn.", "No promised date yet.")
        }
        if let holder = part.holder {
            html.say("<br>Nơi giữ: ", "<br>Held by: ")
            html.local(holder.name)
        }
        html.markup("</p></li>")
    }

    /// What happened, newest first.
    func history(_ html: inout HTMLWriter) {
        let events = PublicEvent.all(of: family)
        guard !events.isEmpty else { return }
        html.say(
            "<section><h2>Diễn biến (mới nhất trước)</h2><ol class=\"events\">",
            "<section><h2>History (newest first)</h2><ol class=\"events\">")
        for event in events.prefix(StatusPage.eventCountMax) { self.event(event, &html) }
        html.markup("</ol>")
        let more = events.count - StatusPage.eventCountMax
        if more > 0 {
            html.say("<p>Số diễn biến cũ hơn không hiện ở đây: ", "<p>Older events not shown here: ")
            html.number(more)
            html.markup("</p>")
        }
        html.markup("</section>")
    }

    private func event(_ event: PublicEvent, _ html: inout HTMLWriter) {
        html.markup("<li><p class=\"when\">")
        html.moment(event.notice.at)
        html.markup("</p><p>")
        switch event.news {
        case .sentence(let sentence): html.local(sentence)
        case .promise(let date, let cause):
            html.say("Ngày hẹn trả: ", "Promised date: ")
            html.deadline(date)
            if let reason = StatusPage.reason(cause) {
                html.markup(" (")
                html.local(reason)
                html.markup(")")
            }
        case .stage(let stage): html.local(stage.tag)
        }
        html.markup("</p>")
        let isPart = event.notice.dossier != notice.dossier
        if isPart || event.notice.holder != nil {
            html.markup("<p class=\"who\">")
            if isPart { html.local(event.notice.part ?? event.notice.procedureTitle) }
            if isPart, event.notice.holder != nil { html.markup(" · ") }
            if let holder = event.notice.holder { html.local(holder.name) }
            html.markup("</p>")
        }
        html.markup("</li>")
    }
}

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
        if let sentence = notice.sentence { return .sentence(sentence) }
        if let promised = notice.promised, promised != older?.promised {
            return .promise(promised, cause: notice.promiseCause)
        }
        return notice.stage == older?.stage ? nil : .stage(notice.stage)
    }
}
