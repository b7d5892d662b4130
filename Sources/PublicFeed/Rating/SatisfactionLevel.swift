package import Notices

/// How satisfied somebody was with how a dossier was settled. The raw value is what the table keeps.
package enum SatisfactionLevel: Int16, Sendable, CaseIterable {
    case dissatisfied = 1
    case acceptable = 2
    case satisfied = 3
    case verySatisfied = 4

    /// What people choose and read.
    package var name: LocalText {
        switch self {
        case .dissatisfied: LocalText(vi: "Không hài lòng", en: "Dissatisfied")
        case .acceptable: LocalText(vi: "Chấp nhận được", en: "Acceptable")
        case .satisfied: LocalText(vi: "Hài lòng", en: "Satisfied")
        case .verySatisfied: LocalText(vi: "Rất hài lòng", en: "Very satisfied")
        }
    }
}

/// How many chose each level.
package struct SatisfactionCounts: Hashable, Sendable {
    private var counts: [Int64]

    /// None of any.
    package init() { counts = Array(repeating: 0, count: SatisfactionLevel.allCases.count) }

    /// Those of a row, from the lowest level to the highest; nil when they are not one a level.
    init?(row: [Int64]) {
        guard row.count == SatisfactionLevel.allCases.count, row.allSatisfy({ $0 >= 0 }) else { return nil }
        counts = row
    }

    /// As a row has them.
    var row: [Int64] { counts }

    /// How many chose a level.
    package subscript(level: SatisfactionLevel) -> Int64 {
        get { counts[Int(level.rawValue) - 1] }
        set { counts[Int(level.rawValue) - 1] = newValue }
    }

    /// How many rated at all.
    package var total: Int64 { counts.reduce(0, +) }
    /// How many were satisfied or very satisfied, in hundredths of a per cent of all; nil where nobody rated.
    package var satisfiedShare: Int64? {
        total > 0 ? ((self[.satisfied] + self[.verySatisfied]) * 10_000 + total / 2) / total : nil
    }

    static func += (left: inout SatisfactionCounts, right: SatisfactionCounts) {
        for level in SatisfactionLevel.allCases { left[level] += right[level] }
    }
}
