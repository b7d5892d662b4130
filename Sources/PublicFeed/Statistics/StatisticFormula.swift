/// A figure as the law defines it: data, so that a new circular is a new value and old reports keep the old one.
package struct StatisticFormula: Hashable, Sendable {
    /// One summand.
    package struct Term: Hashable, Sendable {
        /// Where it is taken from.
        package enum Place: Hashable, Sendable {
            /// What stood open when the period began.
            case opening
            /// A flow of the period, or a stock at its end.
            case period
        }

        /// +1 or −1.
        package var sign: Int64
        /// The measure.
        package var measure: StatisticMeasure
        /// Where.
        package var place: Place
    }

    /// The summands.
    package var terms: [Term]

    /// A sum of flows of the period and of stocks at its end, less others.
    package init(_ measures: StatisticMeasure..., less: [StatisticMeasure] = [], opening: [StatisticMeasure] = []) {
        terms =
            measures.map { Term(sign: 1, measure: $0, place: .period) }
            + less.map { Term(sign: -1, measure: $0, place: .period) }
            + opening.map { Term(sign: 1, measure: $0, place: .opening) }
    }

    /// The sum of two.
    package static func + (left: StatisticFormula, right: StatisticFormula) -> StatisticFormula {
        var sum = left
        sum.terms += right.terms
        return sum
    }

    /// What it comes to for a row.
    package func value(_ row: StatisticRow) -> Int64 {
        terms.reduce(0) { sum, term in
            let amount = term.place == .opening ? row.opening[term.measure] : row[term.measure]
            return sum &+ term.sign &* amount
        }
    }
}

/// Form II.06a/VPCP/KSTT (TT 01/2020/TT-VPCP): its columns 3 to 13, as versioned formulas.
///
/// Carried over are all that were open when the period began, so that (3) = (7) + (11) holds with those that wait
/// counted as settled on time at the end of one period and as carried over into the next.
package struct ReportForm: Hashable, Sendable {
    /// Which reading of which text: stands on every copy.
    package let version: String
    /// The columns by their number, 3…13.
    package let columns: [Int: StatisticFormula]

    /// The numbers of the columns with figures.
    package static let numbers = 3...13

    /// The form's own note: waiting for papers, returned and withdrawn count as settled on time. A dossier that was late
    /// before it was asked for papers stays late; one that waits for something else stays under way.
    package static let current: ReportForm = {
        let online = StatisticFormula(.receivedOnline)
        let direct = StatisticFormula(.receivedCounter, .receivedPost)
        let carried = StatisticFormula(opening: [.running, .late, .waiting, .waitingLate])
        let early = StatisticFormula(.finishedEarly)
        let onTime = StatisticFormula(
            .finishedOnTime, .finishedUndated, .finishedOther, .waiting, less: [.waitingOther])
        let late = StatisticFormula(.finishedLate)
        let openInTime = StatisticFormula(.running, .waitingOther)
        let openLate = StatisticFormula(.late, .waitingLate)
        return ReportForm(
            version: "II.06a/VPCP/KSTT, TT 01/2020/TT-VPCP; motcua-1",
            columns: [
                3: online + direct + carried, 4: online, 5: direct, 6: carried, 7: early + onTime + late, 8: early,
                9: onTime, 10: late, 11: openInTime + openLate, 12: openInTime, 13: openLate,
            ])
    }()

    /// The columns 3…13 of a row, in order.
    package func values(_ row: StatisticRow) -> [Int64] {
        ReportForm.numbers.map { columns[$0]?.value(row) ?? 0 }
    }
}

/// An indicator of QĐ 766/QĐ-TTg as far as notices reach.
package struct Indicator: Hashable, Sendable {
    /// What it is measured in.
    package enum Unit: Hashable, Sendable {
        /// Hundredths of a per cent of the denominator.
        case share
        /// Seconds a dossier.
        case meanSeconds
    }

    /// Its number in the decision's list; nil for one that the decision has without a number of its own.
    package let number: String?
    /// A key for programs.
    package let key: String
    /// Which reading of which text.
    package let version: String
    /// What is counted, and of how much.
    package let numerator: StatisticFormula
    package let denominator: StatisticFormula
    /// How the two make a figure.
    package let unit: Unit

    /// The figure: hundredths of a per cent, or seconds; rounded half up. Nil where the denominator is 0.
    package func value(_ row: StatisticRow) -> Int64? {
        let whole = denominator.value(row)
        guard whole > 0 else { return nil }
        let (product, overflow) = numerator.value(row).multipliedReportingOverflow(by: unit == .share ? 10_000 : 1)
        guard !overflow else { return nil }
        return (product &+ whole / 2) / whole
    }

    /// 2.1. Finished at or before the promised date, of all that are finished or overdue. A dossier that waits after
    /// one request for papers counts as finished at that request; asked more than once, as overdue. The promised date
    /// already leaves out the time waited (clock.md, 20), so nothing is subtracted again. Those to whom no date was
    /// promised are left out: a notice does not tell the legal maximum.
    package static let onTime = Indicator(
        number: "2.1", key: "on-time", version: "QD766-2.1/motcua-1",
        numerator: StatisticFormula(
            .finishedEarly, .finishedOnTime, .finishedUndated, .waiting,
            less: [.finishedUndated, .finishedRepeat, .waitingOther, .waitingRepeat]),
        denominator: StatisticFormula(
            .finishedEarly, .finishedOnTime, .finishedLate, .waiting, .waitingLate, .late, less: [.waitingOther]),
        unit: .share)

    /// The mean time to a result, without the time waited.
    package static let meanTime = Indicator(
        number: nil, key: "mean-time", version: "QD766-mean/motcua-1", numerator: StatisticFormula(.netSeconds),
        denominator: StatisticFormula(.finishedEarly, .finishedOnTime, .finishedLate, .finishedUndated),
        unit: .meanSeconds)

    /// 3.3 in part: submitted online, of all accepted. Whether the result was also given electronically no notice tells.
    package static let online = Indicator(
        number: "3.3", key: "online", version: "QD766-3.3-channel/motcua-1",
        numerator: StatisticFormula(.receivedOnline),
        denominator: StatisticFormula(.receivedCounter, .receivedOnline, .receivedPost), unit: .share)

    /// Results within the date that was promised first, whatever was promised since; MotCua's own.
    package static let firstPromise = Indicator(
        number: nil, key: "first-promise-kept", version: "motcua-1",
        numerator: StatisticFormula(
            .finishedEarly, .finishedOnTime, .finishedLate, less: [.finishedLateFirst]),
        denominator: StatisticFormula(.finishedEarly, .finishedOnTime, .finishedLate), unit: .share)

    /// All that can be told.
    package static let all: [Indicator] = [.onTime, .meanTime, .online, .firstPromise]
}
