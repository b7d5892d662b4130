package import Notices

/// A figure of a breakdown that everybody may see. The raw value is its name in every format.
package enum PublicFigure: String, CaseIterable, Sendable {
    case carried, received, online, counter, post
    case finished, early, onTime, late, undated, other
    case underWay, inTime, overdue, waiting, waitingLate
    case pending, declined
    case counted766, onTime766

    /// How it is counted.
    package var formula: StatisticFormula {
        switch self {
        case .carried: StatisticFormula(opening: [.running, .late, .waiting, .waitingLate])
        case .received: StatisticFormula(.receivedOnline, .receivedCounter, .receivedPost)
        case .online: StatisticFormula(.receivedOnline)
        case .counter: StatisticFormula(.receivedCounter)
        case .post: StatisticFormula(.receivedPost)
        case .finished:
            StatisticFormula(.finishedEarly, .finishedOnTime, .finishedLate, .finishedUndated, .finishedOther)
        case .early: StatisticFormula(.finishedEarly)
        case .onTime: StatisticFormula(.finishedOnTime)
        case .late: StatisticFormula(.finishedLate)
        case .undated: StatisticFormula(.finishedUndated)
        case .other: StatisticFormula(.finishedOther)
        case .underWay: StatisticFormula(.running, .late, .waiting, .waitingLate)
        case .inTime: StatisticFormula(.running)
        case .overdue: StatisticFormula(.late)
        case .waiting: StatisticFormula(.waiting)
        case .waitingLate: StatisticFormula(.waitingLate)
        case .pending: StatisticFormula(.pending)
        case .declined: StatisticFormula(.declined)
        case .counted766: Indicator.onTime.denominator
        case .onTime766: Indicator.onTime.numerator
        }
    }

    /// What it comes to for a row.
    package func value(_ row: StatisticRow) -> Int64 { formula.value(row) }

    /// What it counts.
    package var definition: LocalText {
        switch self {
        case .carried: LocalText(vi: "Kỳ trước chuyển qua", en: "Carried over from before the month")
        case .received: LocalText(vi: "Tiếp nhận trong kỳ", en: "Accepted in the month")
        case .online: LocalText(vi: "Tiếp nhận trực tuyến", en: "Accepted after an online submission")
        case .counter: LocalText(vi: "Tiếp nhận trực tiếp", en: "Accepted at the counter")
        case .post: LocalText(vi: "Tiếp nhận qua bưu chính", en: "Accepted after it came by post")
        case .finished: LocalText(vi: "Đã giải quyết trong kỳ", en: "Ended in the month")
        case .early: LocalText(vi: "Có kết quả trước ngày hẹn", en: "Result before the promised date")
        case .onTime: LocalText(vi: "Có kết quả đúng ngày hẹn", en: "Result on the promised date")
        case .late: LocalText(vi: "Có kết quả sau ngày hẹn", en: "Result after the promised date")
        case .undated: LocalText(vi: "Có kết quả, không có ngày hẹn", en: "Result, no date was promised")
        case .other: LocalText(vi: "Rút hoặc dừng sau tiếp nhận", en: "Withdrawn or stopped after acceptance")
        case .underWay: LocalText(vi: "Còn mở cuối kỳ", en: "Open at the end of the month")
        case .inTime: LocalText(vi: "Đang giải quyết, trong hạn", en: "Under way, the promised date has not passed")
        case .overdue: LocalText(vi: "Đang giải quyết, quá hạn", en: "Under way, the promised date has passed")
        case .waiting:
            LocalText(vi: "Tạm dừng, trong hạn khi bắt đầu chờ", en: "The legal clock waits, in time when it began to")
        case .waitingLate:
            LocalText(
                vi: "Tạm dừng, đã quá hạn trước khi chờ", en: "The legal clock waits, overdue before it began to")
        case .pending: LocalText(vi: "Chờ tiếp nhận cuối kỳ", en: "Submitted and not yet accepted")
        case .declined: LocalText(vi: "Không tiếp nhận trong kỳ", en: "Not accepted in the month")
        case .counted766:
            LocalText(
                vi: "Số hồ sơ để tính chỉ số 2.1 (Quyết định 766/QĐ-TTg): đã có kết quả hoặc quá hạn",
                en: "Dossiers that indicator 2.1 of Decision 766/QĐ-TTg counts: with a result, or overdue")
        case .onTime766:
            LocalText(
                vi: "Trong đó trước hoặc đúng hạn (tử số của chỉ số 2.1)",
                en: "Of these, before or on the promised date (the numerator of indicator 2.1)")
        }
    }
}
