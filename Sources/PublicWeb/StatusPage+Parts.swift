import Notices
import PublicFeed
import WorkingTime

extension StatusPage {
    /// The linked parts in one picture: a line each, with its own steps, in whatever province it is.
    func parts(_ html: inout HTMLWriter) {
        guard !family.parts.isEmpty else { return }
        html.say(
            "<section id=\"cac-phan\"><h2>Các phần của hồ sơ liên thông</h2><ul class=\"parts\">",
            "<section id=\"cac-phan\"><h2>Parts of this interconnected dossier</h2><ul class=\"parts\">")
        var more = family.parts.count
        for part in family.parts.prefix(StatusPage.partCountMax) where html.bytes.count < StatusPage.partsEndMax {
            self.part(part, &html)
            more -= 1
        }
        html.markup("</ul>")
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
    /// Bytes written after which no further part is shown, and no further event: a page stays under 30 KB.
    static let partsEndMax = 14_000
    static let eventsEndMax = 22_000

    private func part(_ stand: DossierStand, _ html: inout HTMLWriter) {
        let part = stand.newest
        let punctuality = Punctuality(of: part, now: now)
        html.markup("<li><h3>")
        html.local(part.part ?? part.procedureTitle)
        html.markup("</h3><p class=\"tags\">")
        html.tag(of: part)
        html.lateTag(punctuality)
        html.markup("</p>")
        line(part, &html)
        html.markup("<p>")
        if let finished = part.finished {
            html.local(StatusPage.result(family.result(of: part)))
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
        html.markup("</p>")
        if StatusPage.isRefused(part) {
            if let sentence = stand.sentence {
                html.markup("<p>")
                html.local(sentence)
                html.markup("</p>")
            }
            StatusPage.appeal(&html)
        }
        html.markup("</li>")
    }

    /// The steps of a part as one line, and in words the one where it stands.
    private func line(_ part: Notice, _ html: inout HTMLWriter) {
        let steps = MilestoneStanding.all(of: part)
        guard !steps.isEmpty else { return }
        html.markup("<p class=\"line\" aria-hidden=\"true\">")
        for standing in steps {
            switch standing {
            case .done: html.markup("<i class=\"d\"></i>")
            case .current, .ended: html.markup("<i class=\"n\"></i>")
            case .ahead: html.markup("<i></i>")
            case .dropped: html.markup("<i class=\"o\"></i>")
            }
        }
        html.markup("</p>")
        guard part.finished == nil, let place = steps.firstIndex(of: .current) else { return }
        html.say("<p>Bước ", "<p>Step ")
        html.number(place + 1)
        html.markup("/")
        html.number(steps.count)
        html.markup(": ")
        html.local(part.milestones[place].title)
        html.markup("</p>")
    }

    /// What happened, newest first.
    func history(_ html: inout HTMLWriter) {
        let events = PublicEvent.told(of: family)
        guard !events.isEmpty else { return }
        html.say(
            "<section><h2>Diễn biến (mới nhất trước)</h2><ol class=\"events\">",
            "<section><h2>History (newest first)</h2><ol class=\"events\">")
        var more = events.count
        for event in events.prefix(StatusPage.eventCountMax) where html.bytes.count < StatusPage.eventsEndMax {
            self.event(event, &html)
            more -= 1
        }
        html.markup("</ol>")
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
        let holder = event.notice.holder
        if isPart || holder != nil {
            html.markup("<p class=\"who\">")
            if isPart { html.local(event.notice.part ?? event.notice.procedureTitle) }
            if isPart, holder != nil { html.markup(" · ") }
            if let holder { html.local(holder.name) }
            html.markup("</p>")
        }
        html.markup("</li>")
    }
}
