/// Holds back counts from which single dossiers could be told, and as many others as it takes that none of them can be
/// worked out. Pure.
///
/// A count from 1 to 4 is small. Counts hang together: the figures of a row by sums and differences, and those of an
/// agency's or a procedure's rows by totals that are published elsewhere. Wherever just one count of such a line is held
/// back, or those held back are known to be 1 each, another one is held back, too: one that is not 0 where there is one.
/// An agency or procedure with one row is that row: its total must be held back where the row is.
struct CellSuppression {
    static let least: Int64 = 5

    /// By row and figure: whether it is held back.
    private(set) var hidden: [[Bool]]
    private let values: [[Int64]]
    /// Rows that are the whole of an agency or of a procedure: what they hold back, another page's total may tell.
    private let alone: Set<Int>
    /// Cells of which each is told by the others: row and figure.
    private let lines: [[(row: Int, figure: Int)]]

    /// The last figures are never published; they stand for what differences between published ones would tell.
    private static let derived: [(plus: OpenDataFigure, minus: [OpenDataFigure])] = [
        (.counted766, [.onTime766]),
        (.onTime766, [.early, .onTime]),
        (.counted766, [.early, .onTime, .late]),
        (.counted766, [.early, .onTime, .late, .overdue]),
    ]

    /// Sums: each figure is told by the others.
    private static let sums: [[OpenDataFigure]] = [
        [.carried, .received, .finished, .underWay], [.received, .online, .counter, .post],
        [.finished, .early, .onTime, .late, .undated, .other], [.underWay, .inTime, .overdue, .waiting],
    ]

    init(_ rows: [OpenDataRow]) {
        let figures = OpenDataFigure.allCases
        func place(_ figure: OpenDataFigure) -> Int { figures.firstIndex(of: figure) ?? 0 }
        values = rows.map { row in
            figures.map { row.counts[$0] ?? 0 }
                + Self.derived.map { derived in
                    derived.minus.reduce(row.counts[derived.plus] ?? 0) { $0 &- (row.counts[$1] ?? 0) }
                }
        }
        hidden = values.map { $0.map { $0 != 0 && $0.magnitude < Self.least.magnitude } }
        var lines: [[(row: Int, figure: Int)]] = []
        let equations =
            Self.sums.map { $0.map(place) }
            + Self.derived.enumerated().map { number, derived in
                ([derived.plus] + derived.minus).map(place) + [figures.count + number]
            }
        for row in rows.indices { lines += equations.map { equation in equation.map { (row, $0) } } }
        let agencies = Dictionary(grouping: rows.indices) { rows[$0].agency }
        let procedures = Dictionary(grouping: rows.indices) { rows[$0].procedure }
        let groups = (Array(agencies.values) + Array(procedures.values)).sorted { $0.lexicographicallyPrecedes($1) }
        alone = Set(groups.filter { $0.count == 1 }.joined())
        for members in groups where members.count > 1 {
            lines += figures.indices.map { figure in members.map { ($0, figure) } }
        }
        self.lines = lines
        while holdBackMore(published: figures.count) {}
    }

    /// The count of a row, nil where it is held back.
    func figure(_ figure: OpenDataFigure, row: Int) -> Int64? {
        guard let place = OpenDataFigure.allCases.firstIndex(of: figure) else { return nil }
        return hidden[row][place] ? nil : values[row][place]
    }

    /// Holds back the smallest other count of each line that tells too much; false once none does.
    private mutating func holdBackMore(published: Int) -> Bool {
        var found = false
        for line in lines {
            let kept = line.filter { hidden[$0.row][$0.figure] }
            let sum = kept.reduce(Int64(0)) { $0 &+ Int64(clamping: values[$1.row][$1.figure].magnitude) }
            guard kept.count == 1 || (!kept.isEmpty && sum == Int64(kept.count)) else { continue }
            let others = line.filter { !hidden[$0.row][$0.figure] && $0.figure < published }
            guard let next = others.min(by: { rank($0) < rank($1) }) else { continue }
            hidden[next.row][next.figure] = true
            found = true
        }
        return found
    }

    /// What is held back first: not what another page may tell, rather a count than a zero, rather a small count.
    private func rank(_ cell: (row: Int, figure: Int)) -> (Int, Int, Int64) {
        let value = values[cell.row][cell.figure]
        return (alone.contains(cell.row) ? 1 : 0, value == 0 ? 1 : 0, value)
    }
}
