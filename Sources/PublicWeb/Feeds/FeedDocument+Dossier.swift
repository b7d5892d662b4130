import Notices
import PublicFeed
import WorkingTime

extension FeedDocument {
    /// What the page of a look-up code shows, event by event.
    init(_ code: LookUpCode, _ family: DossierFamily, _ language: Language) {
        let notice = family.dossier.newest
        let page = "/ho-so/\(code)"
        let entries = PublicEvent.all(of: family).map { DossierEntry($0, of: family, language).entry(page: page) }
        // A longer history than this the reader cuts.
        let isWhole = ([family.dossier] + family.parts).allSatisfy { $0.history.last?.number == 1 }
        self.init(
            id: "\(FeedDocument.tag)dossier/\(notice.province)/\(notice.dossier)",
            title: LocalText(
                vi: "Hồ sơ \(code): \(notice.procedureTitle.vi)",
                en: "Dossier \(code): \(notice.procedureTitle.text(in: .en))"
            ).text(in: language),
            subtitle: LocalText(
                vi: "Diễn biến của hồ sơ. Ai có địa chỉ này thì xem được: hãy giữ như giữ giấy hẹn.",
                en:
                    "What happens to the dossier. Whoever has this address can read it: keep it as you keep the receipt."
            ).text(in: language), language: language, updated: entries.first?.updated ?? notice.at, page: page,
            folder: page, current: page,
            older: nil, newer: nil, isArchive: false, isComplete: isWhole, entries: entries)
    }
}

/// One event of a dossier's history with all that its notice said.
struct DossierEntry {
    private let event: PublicEvent
    private let isPart: Bool
    private let result: String?
    private let language: Language
    private var notice: Notice { event.notice }

    init(_ event: PublicEvent, of family: DossierFamily, _ language: Language) {
        self.event = event
        self.language = language
        isPart = event.notice.dossier != family.dossier.newest.dossier
        result = family.result(of: event.notice)
    }

    func entry(page: String) -> FeedEntry {
        let part = isPart ? (notice.part ?? notice.procedureTitle).text(in: language) : nil
        return FeedEntry(
            id: "\(FeedDocument.tag)notice/\(notice.province)/\(notice.dossier)/\(notice.number)",
            title: part.map { "\($0): \(news)" } ?? news, lines: [news] + lines, published: notice.at,
            updated: notice.at,
            page: page, stage: notice.stage)
    }

    private var news: String {
        switch event.news {
        case .sentence(let sentence): sentence.text(in: language)
        case .stage(let stage): stage.tag.text(in: language)
        case .promise(let date, let cause):
            say("Ngày hẹn trả: ", "Promised date: ") + deadline(date)
                + (StatusPage.reason(cause).map { " (\($0.text(in: language)))" } ?? "")
        }
    }

    private var lines: [String] {
        var lines = [say("Trạng thái: ", "State: ") + notice.stage.tag.text(in: language)]
        if let action = notice.action {
            let until = action.until.map { say(". Hạn cuối: ", ". At the latest: ") + deadline($0) } ?? ""
            lines.append(say("Việc bạn cần làm: ", "What you must do: ") + action.text.text(in: language) + until)
        }
        if let holder = notice.holder {
            let phone = holder.phone.map { say(". Điện thoại: ", ". Telephone: ") + $0 } ?? ""
            lines.append(say("Hồ sơ đang ở: ", "Held by: ") + holder.name.text(in: language) + phone)
        }
        lines += promise
        if let step = notice.milestones.first(where: { $0.key == notice.milestone }),
            let place = notice.milestones.firstIndex(of: step)
        {
            let count = "\(place + 1)/\(notice.milestones.count)"
            lines.append(say("Bước \(count): ", "Step \(count): ") + step.title.text(in: language))
        }
        if let legalCode = notice.legalCode { lines.append(say("Số hồ sơ: ", "Dossier number: ") + legalCode) }
        return lines
    }

    private var promise: [String] {
        var lines: [String] = []
        if let finished = notice.finished {
            lines.append("\(StatusPage.result(result).text(in: language)): \(moment(finished))")
        } else if Punctuality.waitsForApplicant(notice.stage) {
            // While the applicant has to act there is no date (clock.md, rules 8 and 9).
            lines.append(
                say("Ngày hẹn sẽ được tính lại khi đủ điều kiện.", "The date will be set anew once it is complete."))
        } else if let promised = notice.promised {
            lines.append(say("Hẹn trả: ", "Promised: ") + deadline(promised))
        }
        if let first = notice.firstPromised, first != notice.promised {
            lines.append(say("Hẹn ban đầu: ", "First promised: ") + deadline(first))
        }
        if notice.pausedDays > 0 { lines.append(say("Số ngày tạm dừng: ", "Days paused: ") + "\(notice.pausedDays)") }
        return lines
    }

    private func say(_ vi: String, _ en: String) -> String { language == .vi ? vi : en }

    private func deadline(_ instant: Instant) -> String {
        language == .vi ? instant.vietnameseDeadline : instant.englishDeadline
    }

    /// The date alone where the time is unknown, never a fake 00:00.
    private func moment(_ instant: Instant) -> String {
        guard instant.timeOfDay == .midnight else { return language == .vi ? instant.vietnamese : instant.english }
        let date = instant.date
        return language == .vi
            ? "\(date.weekday.vietnamese), \(date.vietnamese)" : "\(date.weekday.english), \(date.english)"
    }
}
