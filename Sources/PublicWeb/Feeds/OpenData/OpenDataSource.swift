package import Notices
package import WorkingTime

/// Where the open data's figures come from: the statistics' counters, one month of one province at a time.
package struct OpenDataSource: Sendable {
    /// The provinces of which there are figures.
    package var provinces: @Sendable () async throws -> [Int16]
    /// The months that are published and will not change any more, by their first days, newest first; at most 240.
    package var months: @Sendable (_ province: Int16) async throws -> [CivilDate]
    /// The rows of such a month, in any order.
    package var rows: @Sendable (_ province: Int16, _ month: CivilDate) async throws -> [OpenDataRow]

    /// Joins the parts.
    package init(
        provinces: @escaping @Sendable () async throws -> [Int16],
        months: @escaping @Sendable (_ province: Int16) async throws -> [CivilDate],
        rows: @escaping @Sendable (_ province: Int16, _ month: CivilDate) async throws -> [OpenDataRow]
    ) {
        self.provinces = provinces
        self.months = months
        self.rows = rows
    }
}

/// The figures of one procedure at one agency in a month, as they were counted.
package struct OpenDataRow: Hashable, Sendable {
    /// The receiving agency's code.
    package var agency: String
    /// Its name.
    package var agencyName: LocalText
    /// The procedure's key.
    package var procedure: String
    /// Its national code; nil where it has none.
    package var procedureCode: String?
    /// Its title.
    package var procedureName: LocalText
    /// The counts; what is missing is 0.
    package var counts: [OpenDataFigure: Int64]
    /// From acceptance to the result without the time waited, summed over those with a result, in seconds.
    package var netSeconds: Int64

    /// Joins the parts.
    package init(
        agency: String, agencyName: LocalText, procedure: String, procedureCode: String?, procedureName: LocalText,
        counts: [OpenDataFigure: Int64], netSeconds: Int64
    ) {
        self.agency = agency
        self.agencyName = agencyName
        self.procedure = procedure
        self.procedureCode = procedureCode
        self.procedureName = procedureName
        self.counts = counts
        self.netSeconds = netSeconds
    }
}

/// A count of the open data. The raw value is its name in every format.
package enum OpenDataFigure: String, CaseIterable, Sendable {
    case carried, received, online, counter, post
    case finished, early, onTime, late, undated, other
    case underWay, inTime, overdue, waiting
    case counted766, onTime766

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
        case .underWay: LocalText(vi: "Đang giải quyết cuối kỳ", en: "Open at the end of the month")
        case .inTime: LocalText(vi: "Đang giải quyết, trong hạn", en: "Open, the promised date has not passed")
        case .overdue: LocalText(vi: "Đang giải quyết, quá hạn", en: "Open, the promised date has passed")
        case .waiting: LocalText(vi: "Đang chờ, đồng hồ tạm dừng", en: "Open, the legal clock waits")
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
