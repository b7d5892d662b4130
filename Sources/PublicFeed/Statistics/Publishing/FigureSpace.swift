/// The figures that tables tell, as sums of what is counted, and the ways in which dossiers could lie otherwise.
struct FigureSpace {
    /// A change of what is counted in one row that keeps carried over + received = finished + open: one dossier more of
    /// one kind, and one more or less of another.
    private struct Swap {
        /// What it does to each figure.
        let effects: [Int64]
        /// The figures that it changes, a bit each.
        let mask: UInt64
    }

    /// All figures: first ``PublicFigure``, then the sum of times, then the form's columns, then what is only guarded.
    let formulas: [StatisticFormula]
    /// What the ways to change a figure change, those that change the fewest others first, one figure behind the other;
    /// flat, as they are looked at millions of times.
    private let masks: [UInt64]
    private let effects: [Int64]
    private let swapEnds: [Int]
    private let commons: [UInt64]
    /// More than any way to move dossiers changes a figure by: of at most four leaves.
    let reach: Int64

    /// The place of a figure.
    static func place(_ figure: PublicFigure) -> Int { places[figure] ?? 0 }
    private static let places = Dictionary(
        PublicFigure.allCases.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    /// The place of the sum behind the mean time.
    static let netSeconds = PublicFigure.allCases.count
    /// The place of a column of the form, 3…13.
    static func place(column: Int) -> Int { netSeconds + 1 + column - ReportForm.numbers.lowerBound }
    private static let firstGuarded = place(column: ReportForm.numbers.upperBound) + 1
    /// How many of the figures anybody is told of: the first ones.
    static var toldCount: Int { firstGuarded }

    private static func bits(_ range: Range<Int>) -> UInt64 { range.reduce(0) { $0 | 1 << UInt64($1) } }
    private static let figureBits = bits(0..<netSeconds)
    private static let columnBits = bits(netSeconds + 1..<firstGuarded)
    private static let guardedBits = bits(firstGuarded..<firstGuarded + 3)

    /// The figures that a row tells.
    static func published(_ level: TableLattice.Level, isSettled: Bool) -> UInt64 {
        switch level {
        case .agency: isSettled ? figureBits | columnBits : figureBits
        case .field: figureBits | columnBits
        case .procedure: figureBits
        case .agencyField: isSettled ? columnBits : 0
        case .agencyProcedure: isSettled ? figureBits | 1 << UInt64(netSeconds) : 0
        case .whole: 0
        }
    }

    /// The figures of a row that may not be known when they are small: those it tells, and those that could be worked out.
    static func guarded(_ level: TableLattice.Level, isSettled: Bool) -> UInt64 {
        let told = published(level, isSettled: isSettled)
        return told == 0 ? 0 : told | guardedBits
    }

    private typealias Unknown = (measure: StatisticMeasure, place: StatisticFormula.Term.Place, balance: Int64)

    /// What a row is made of, with the sign that it has in: carried over + received − finished − open = 0.
    private static let unknowns: [Unknown] =
        [
            (.receivedCounter, .period, 1), (.receivedOnline, .period, 1), (.receivedPost, .period, 1),
            (.running, .opening, 1),
        ]
        + [.finishedEarly, .finishedOnTime, .finishedLate, .finishedUndated, .finishedOther].map { ($0, .period, -1) }
        + [.running, .late, .waiting, .waitingLate].map { ($0, .period, -1) }
        + [.pending, .declined, .finishedRepeat, .waitingOther, .waitingRepeat, .netSeconds].map { ($0, .period, 0) }

    init(_ form: ReportForm) {
        let formulas =
            PublicFigure.allCases.map(\.formula) + [StatisticFormula(.netSeconds)]
            + ReportForm.numbers.map { form.columns[$0] ?? StatisticFormula() }
            + [StatisticFormula(.finishedRepeat), StatisticFormula(.waitingOther), StatisticFormula(.waitingRepeat)]
        self.formulas = formulas
        var all: [Swap] = []
        func add(_ changes: [(Unknown, Int64)]) {
            let effects = formulas.map { formula in
                changes.reduce(Int64(0)) { $0 + $1.1 * FigureSpace.weight(of: $1.0, in: formula) }
            }
            let changed = effects.indices.filter { effects[$0] != 0 }
            all.append(Swap(effects: effects, mask: changed.reduce(0) { $0 | 1 << UInt64($1) }))
        }
        for (place, one) in FigureSpace.unknowns.enumerated() {
            guard one.balance != 0 else {
                add([(one, 1)])
                continue
            }
            for other in FigureSpace.unknowns[(place + 1)...] where other.balance != 0 {
                add([(one, 1), (other, -one.balance * other.balance)])
            }
        }
        let ordered = all.sorted { $0.mask.nonzeroBitCount < $1.mask.nonzeroBitCount }
        let chosen = formulas.indices.map { figure in
            ordered.filter { $0.mask & 1 << UInt64(figure) != 0 }.prefix(12)
        }
        masks = chosen.flatMap { $0.map(\.mask) }
        effects = chosen.flatMap { $0.flatMap(\.effects) }
        swapEnds = chosen.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
        commons = chosen.map { $0.reduce(.max) { $0 & $1.mask } }
        reach = 4 * (all.flatMap(\.effects).map(abs).max() ?? 0)
    }

    /// The figures that every way to change a figure changes, a bit each.
    func common(_ figure: Int) -> UInt64 { commons[figure] }

    /// The ways to change a figure, by their places.
    func swaps(of figure: Int) -> Range<Int> { swapEnds[figure]..<swapEnds[figure + 1] }

    /// The figures that a way changes, a bit each.
    func mask(_ swap: Int) -> UInt64 { masks[swap] }

    /// What a way does to a figure.
    func effect(_ swap: Int, on figure: Int) -> Int64 { effects[swap * formulas.count + figure] }

    private static func weight(of unknown: Unknown, in formula: StatisticFormula) -> Int64 {
        formula.terms.reduce(0) {
            $1.measure == unknown.measure && $1.place == unknown.place ? $0 + $1.sign : $0
        }
    }
}
