import PublicFeed

/// A figure of a breakdown that everybody may see.
enum PublicFigure: String, CaseIterable, Sendable {
    case carried, received, online, counter, post
    case finished, early, onTime, late, undated, other
    case underWay, inTime, overdue, waiting, waitingLate
    case pending, declined

    func value(_ row: StatisticRow) -> Int64 {
        switch self {
        case .carried: row.carried
        case .received: row.received
        case .online: row[.receivedOnline]
        case .counter: row[.receivedCounter]
        case .post: row[.receivedPost]
        case .finished: row.finished
        case .early: row[.finishedEarly]
        case .onTime: row[.finishedOnTime]
        case .late: row[.finishedLate]
        case .undated: row[.finishedUndated]
        case .other: row[.finishedOther]
        case .underWay: row.underWay
        case .inTime: row[.running]
        case .overdue: row[.late]
        case .waiting: row[.waiting]
        case .waitingLate: row[.waitingLate]
        case .pending: row[.pending]
        case .declined: row[.declined]
        }
    }

    /// Figures of which each is told by the others.
    static let equations: [[PublicFigure]] = [
        [.carried, .received, .finished, .underWay], [.received, .online, .counter, .post],
        [.finished, .early, .onTime, .late, .undated, .other], [.underWay, .inTime, .overdue, .waiting, .waitingLate],
    ]
}

/// A row of a breakdown without the figures that would tell of single dossiers.
struct PublicRow: Sendable {
    let item: String
    /// Nil where it is held back.
    fileprivate(set) var figures: [PublicFigure: Int64?]

    /// The figure; nil where it is held back.
    subscript(figure: PublicFigure) -> Int64? { figures[figure] ?? nil }

    /// Whether anything is held back.
    var holdsBack: Bool { figures.values.contains { $0 == nil } }
}

/// Holds back what is from 1 to 4, and as many others as it takes that no held-back figure can be worked out from the
/// rest of its row, or from its column and the total that stands below. Zeros are told.
///
/// Applied to every breakdown on pages and in open data; not to the whole province, and not to form II.06a, whose
/// figures the circular orders to be published as they are.
enum SmallCells {
    static let least: Int64 = 5

    static func published(_ rows: [StatisticRow]) -> [PublicRow] {
        let values = rows.map { row in PublicFigure.allCases.map { $0.value(row) } }
        var hidden = values.map { $0.map { (1..<least).contains($0) } }
        while holdBackOneMore(values, &hidden) {}
        return rows.indices.map { row in
            var figures: [PublicFigure: Int64?] = [:]
            for (place, figure) in PublicFigure.allCases.enumerated() {
                figures[figure] = .some(hidden[row][place] ? nil : values[row][place])
            }
            return PublicRow(item: rows[row].item, figures: figures)
        }
    }

    /// Hides the smallest other figure wherever one stands alone; false once none does.
    private static func holdBackOneMore(_ values: [[Int64]], _ hidden: inout [[Bool]]) -> Bool {
        var found = false
        let equations = PublicFigure.equations.map { $0.compactMap { PublicFigure.allCases.firstIndex(of: $0) } }
        for row in values.indices {
            for equation in equations where equation.count(where: { hidden[row][$0] }) == 1 {
                let others = equation.filter { !hidden[row][$0] && values[row][$0] != 0 }
                guard let least = others.min(by: { values[row][$0] < values[row][$1] }) else { continue }
                hidden[row][least] = true
                found = true
            }
        }
        for place in PublicFigure.allCases.indices where hidden.count(where: { $0[place] }) == 1 {
            let others = values.indices.filter { !hidden[$0][place] && values[$0][place] != 0 }
            guard let least = others.min(by: { values[$0][place] < values[$1][place] }) else { continue }
            hidden[least][place] = true
            found = true
        }
        return found
    }
}
