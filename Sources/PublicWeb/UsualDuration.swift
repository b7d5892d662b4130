import Notices

/// How long dossiers of one procedure lately took from acceptance to result, counted by their legal clocks.
package struct UsualDuration: Hashable, Sendable {
    /// Half of them were finished within so many working days.
    package let halfDays: Int
    /// Nine of ten were finished within so many working days.
    package let nineOfTenDays: Int
    /// How many finished dossiers this is counted from.
    package let count: Int

    /// Joins the figures.
    package init(halfDays: Int, nineOfTenDays: Int, count: Int) {
        self.halfDays = halfDays
        self.nineOfTenDays = nineOfTenDays
        self.count = count
    }
}

extension StatusPage {
    /// What to expect, from real dossiers; nothing while there are none to tell from.
    func usual(_ html: inout HTMLWriter) {
        guard let usual, notice.finished == nil else { return }
        html.say("<section><h2>Thường mất bao lâu</h2><p>", "<section><h2>How long it usually takes</h2><p>")
        html.say("Một nửa số hồ sơ xong trong <strong>", "Half of the dossiers are finished within <strong>")
        html.number(usual.halfDays)
        html.say(
            " ngày làm việc</strong>, 9 trên 10 hồ sơ xong trong <strong>",
            usual.halfDays == 1
                ? " working day</strong>, 9 of 10 within <strong>" : " working days</strong>, 9 of 10 within <strong>")
        html.number(usual.nineOfTenDays)
        html.say(
            " ngày làm việc</strong> kể từ khi tiếp nhận (tính trên ",
            usual.nineOfTenDays == 1
                ? " working day</strong> of acceptance (counted from the last "
                : " working days</strong> of acceptance (counted from the last ")
        html.number(usual.count)
        html.say(
            " hồ sơ cùng thủ tục vừa xong).</p></section>", " finished dossiers of this procedure).</p></section>")
    }
}
