package import PublicFeed
import TestSupport

/// Somebody who adds and subtracts: has every figure that was told of a month, and looks what else they tell.
package struct KnownMonth {
    /// A row of a table: of an agency or the province, all of it or a field or a procedure.
    package struct Row: Hashable, Sendable {
        /// Nil: the province.
        package var agency: String?
        /// Nil: all, or what `procedure` says.
        package var field: String?
        /// Nil: all, or what `field` says.
        package var procedure: String?

        /// Joins the parts.
        package init(agency: String? = nil, field: String? = nil, procedure: String? = nil) {
            self.agency = agency
            self.field = field
            self.procedure = procedure
        }
    }

    /// One procedure at one agency.
    package struct Part: Sendable {
        let agency: String
        let field: String
        let procedure: String

        /// Joins the parts.
        package init(agency: String, field: String, procedure: String) {
            self.agency = agency
            self.field = field
            self.procedure = procedure
        }
    }

    private struct Unknown: Hashable {
        let measure: StatisticMeasure
        let place: StatisticFormula.Term.Place
    }

    private static let unknowns: [Unknown: Int] = {
        let stocks: [StatisticMeasure] = [.running, .late, .waiting, .waitingLate]
        let all =
            StatisticMeasure.allCases.map { Unknown(measure: $0, place: .period) }
            + stocks.map { Unknown(measure: $0, place: .opening) }
        return Dictionary(all.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }()

    private let parts: [Part]
    private var span: LinearSpan

    /// Somebody who knows which procedures an agency has, and that what came in either ended or is open.
    package init(_ parts: [Part]) {
        self.parts = parts
        span = LinearSpan(width: parts.count * KnownMonth.unknowns.count)
        let came = StatisticFormula(
            .receivedCounter, .receivedOnline, .receivedPost,
            less: [
                .finishedEarly, .finishedOnTime, .finishedLate, .finishedUndated, .finishedOther, .running, .late,
                .waiting, .waitingLate,
            ], opening: [.running, .late, .waiting, .waitingLate])
        for part in parts { learn(came, of: Row(agency: part.agency, procedure: part.procedure)) }
        // The province's own totals are everybody's.
        for (unknown, _) in KnownMonth.unknowns where unknown.place == .period {
            learn(StatisticFormula(unknown.measure), of: Row())
        }
        learn(StatisticFormula(opening: [.running, .late, .waiting, .waitingLate]), of: Row())
    }

    /// A figure of a row was told.
    package mutating func learn(_ formula: StatisticFormula, of row: Row) { span.insert(sum(formula, row)) }

    /// Whether a figure can be worked out.
    package func knows(_ formula: StatisticFormula, of row: Row) -> Bool { span.contains(sum(formula, row)) }

    private func sum(_ formula: StatisticFormula, _ row: Row) -> [Int: Int64] {
        var sum: [Int: Int64] = [:]
        for (place, part) in parts.enumerated() {
            guard row.agency ?? part.agency == part.agency, row.field ?? part.field == part.field,
                row.procedure ?? part.procedure == part.procedure
            else { continue }
            for term in formula.terms {
                let unknown = KnownMonth.unknowns[Unknown(measure: term.measure, place: term.place)] ?? 0
                sum[place * KnownMonth.unknowns.count + unknown, default: 0] += term.sign
            }
        }
        return sum.filter { $0.value != 0 }
    }
}
