import Notices
import PublicFeed
import WorkingTime

extension StatusPage {
    /// The promised date with all that belongs to it, or the result once it is over.
    func promise(_ html: inout HTMLWriter) {
        let punctuality = Punctuality(of: notice, now: now)
        if let finished = notice.finished {
            ending(finished, punctuality, &html)
        } else if Punctuality.waitsForApplicant(notice.stage) || (notice.paused && notice.promised == nil) {
            waiting(&html)
        } else {
            promised(punctuality, &html)
        }
    }

    private func ending(_ finished: Instant, _ punctuality: Punctuality, _ html: inout HTMLWriter) {
        html.say("<section><h2>Kết quả</h2><p><strong>", "<section><h2>Result</h2><p><strong>")
        html.local(StatusPage.result(family.result(of: notice)))
        html.markup("</strong><br>")
        html.moment(finished)
        html.markup("</p>")
        if let promised = notice.promised, punctuality == .endedInTime || punctuality == .endedLate {
            html.say("<p>Hẹn trả: ", "<p>Promised: ")
            html.deadline(promised)
            if punctuality == .endedLate {
                html.say(
                    ". <strong>Kết quả có sau ngày hẹn.</strong> Xin lỗi bạn vì sự chậm trễ này.",
                    ". <strong>The result came after the promised date.</strong> We apologise for the delay.")
            }
            html.markup("</p>")
            firstPromise(&html)
        }
        if StatusPage.isRefused(notice) { StatusPage.appeal(&html) }
        html.markup("</section>")
    }

    /// Whether the answer was no, so that the applicant may complain of it.
    static func isRefused(_ notice: Notice) -> Bool { ["refused", "not-accepted"].contains(notice.result) }

    /// What whoever disagrees may do.
    static func appeal(_ html: inout HTMLWriter) {
        html.say(
            """
            <p>Nếu không đồng ý, bạn có thể khiếu nại với cơ quan đã ra quyết định hoặc khởi kiện tại Tòa án (Luật Khiếu \
            nại 2011, Điều 7).</p>
            """,
            """
            <p>If you disagree you may complain to the agency that decided, or go to court (Law on Complaints 2011, \
            article 7).</p>
            """)
    }

    /// No date while the applicant has to act: it is computed when the dossier is complete (clock.md, rules 8 and 9).
    private func waiting(_ html: inout HTMLWriter) {
        html.say(
            "<section><h2>Hẹn trả kết quả</h2><p>Ngày hẹn trả sẽ được tính lại khi ",
            "<section><h2>Promised date</h2><p>A new date will be set once ")
        switch notice.stage {
        case .needsDocuments: html.say("hồ sơ đủ.", "the dossier is complete.")
        case .needsPayment: html.say("bạn đã nộp.", "you have paid.")
        default: html.say("thời gian tạm dừng kết thúc.", "the pause is over.")
        }
        html.markup("</p>")
        if let first = notice.firstPromised {
            html.say("<p>Hẹn ban đầu: ", "<p>First promised: ")
            html.deadline(first)
            html.markup("</p>")
        }
        pausedDays(&html)
        html.markup("</section>")
    }

    private func promised(_ punctuality: Punctuality, _ html: inout HTMLWriter) {
        html.say("<section><h2>Hẹn trả kết quả</h2>", "<section><h2>Promised date</h2>")
        guard let promised = notice.promised else {
            html.say(
                "<p>Bạn sẽ có ngày hẹn trả khi hồ sơ được tiếp nhận.</p></section>",
                "<p>You will get a promised date when the dossier is accepted.</p></section>")
            return
        }
        html.markup("<p><strong class=\"date\">")
        html.deadline(promised)
        html.markup("</strong></p>")
        lateness(punctuality, &html)
        firstPromise(&html)
        html.markup("</section>")
    }

    private func lateness(_ punctuality: Punctuality, _ html: inout HTMLWriter) {
        switch punctuality {
        case .late:
            html.say(
                """
                <div class="box bad"><p><strong>Hồ sơ đã quá hạn trả kết quả.</strong> Xin lỗi bạn vì sự chậm trễ này. \
                Cơ quan đang giữ hồ sơ phải gửi bạn thư xin lỗi nêu lý do và ngày hẹn mới (Mẫu số 04). Ngày hẹn mới sẽ hiện \
                ở đây ngay khi có.</p></div>
                """,
                """
                <div class="box bad"><p><strong>This dossier is overdue.</strong> We apologise for the delay. The agency \
                that holds it must send you a letter of apology with the reason and a new date (Form 04). The new date will \
                appear here as soon as there is one.</p></div>
                """)
        case .pastHour:
            html.say(
                "<p><strong>Đã qua giờ hẹn hôm nay mà chưa có kết quả.</strong> Hãy gọi nơi đang giữ hồ sơ nếu bạn cần gấp.</p>",
                "<p><strong>The promised hour has passed today and there is no result yet.</strong> Call the agency that holds the dossier if it is urgent.</p>"
            )
        case .inTime, .endedInTime, .endedLate: break
        }
    }

    /// The first promise when it was moved, why, and the days paused.
    private func firstPromise(_ html: inout HTMLWriter) {
        if let first = notice.firstPromised, let promised = notice.promised, first != promised {
            html.say("<p>Hẹn ban đầu: ", "<p>First promised: ")
            html.deadline(first)
            if let reason = StatusPage.reason(notice.promiseCause) {
                html.say("<br>Lý do đổi: ", "<br>Moved because: ")
                html.local(reason)
            }
            html.markup("</p>")
        }
        pausedDays(&html)
    }

    /// Whether the clock stands still now, the days that did not count so far, and why.
    private func pausedDays(_ html: inout HTMLWriter) {
        let isPaused = notice.paused && notice.finished == nil
        guard isPaused || notice.pausedDays > 0 else { return }
        html.markup("<p>")
        if isPaused { html.say("Thời hạn đang tạm dừng. ", "The time limit is paused. ") }
        if notice.pausedDays > 0 {
            html.say("Số ngày tạm dừng đến nay: ", "Days paused so far: ")
            html.number(notice.pausedDays)
            html.markup(". ")
        }
        let reasons = PauseReason.all(of: dossier)
        for (place, reason) in reasons.enumerated() {
            if place == 0 { html.say("Lý do: ", "Reason: ") } else { html.markup("; ") }
            html.local(reason.text)
        }
        html.markup(reasons.isEmpty ? "</p>" : ".</p>")
    }

    /// The lawful reasons of a moved promise (clock.md, rule 15), in words.
    static func reason(_ cause: String?) -> LocalText? {
        switch cause {
        case "case": LocalText(vi: "hồ sơ thuộc trường hợp có thời hạn khác", en: "the case has another time limit")
        case "restart":
            LocalText(
                vi: "thời hạn được tính lại từ đầu sau khi hồ sơ đã bổ sung đủ",
                en: "the time limit began anew when the dossier was complete")
        case "resume":
            LocalText(vi: "thời gian tạm dừng không tính vào thời hạn", en: "the time paused does not count")
        case "linked-wait":
            LocalText(
                vi: "một phần liên thông phải chờ theo quy định", en: "a linked part has to wait as the law provides")
        case "reappointment":
            LocalText(vi: "cơ quan đã xin lỗi và hẹn lại", en: "the agency apologised and set a new date")
        case "calendar": LocalText(vi: "lịch làm việc, nghỉ lễ thay đổi", en: "the office calendar changed")
        default: nil
        }
    }

    /// How a dossier ended, in words.
    static func result(_ result: String?) -> LocalText {
        switch result {
        case "issued": LocalText(vi: "Đã giải quyết", en: "Granted")
        case "partial": LocalText(vi: "Đã giải quyết một phần", en: "Granted in part")
        case "refused": LocalText(vi: "Từ chối giải quyết", en: "Refused")
        case "not-accepted": LocalText(vi: "Không tiếp nhận", en: "Not accepted")
        case "withdrawn": LocalText(vi: "Đã rút theo yêu cầu", en: "Withdrawn on request")
        case "stopped": LocalText(vi: "Dừng xử lý", en: "Stopped")
        default: LocalText(vi: "Đã kết thúc", en: "Ended")
        }
    }
}
