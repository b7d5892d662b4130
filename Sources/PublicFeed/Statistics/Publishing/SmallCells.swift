/// The one rule of small cells. Holds back what is from 1 to 4 in any table of a month, and as many other figures as it
/// takes that none of these can be worked out from all the tables together.
///
/// For each small figure the rule finds another world: some dossiers lie otherwise (one at another agency, one with another
/// outcome, …), so that the figure is another one, and everything that is told is the same. What differs in that world is
/// held back. Whoever has all the tables then cannot tell which of the two worlds is ours, by whatever sums and differences.
/// Where there is a choice the other world is a possible one, in which nothing that is held back is 0 unless it is here, so
/// that not even somebody who knows why figures are held back can tell.
///
/// The whole province's totals are always told. An agency, field or procedure that alone has all dossiers of the province is
/// told by them.
struct SmallCells {
    /// The least figure that is told, beside 0.
    static let least: Int64 = 5

    private static let space = FigureSpace(.current)

    let lattice: TableLattice
    /// The figures that are told of each node unless they are held back, a bit each.
    private let published: [UInt64]
    /// Those that still are.
    private var open: [UInt64]
    /// The published ones that are small enough to come to 0 or less in another world.
    private var low: [UInt64]
    /// Where a node's figures begin in `values`; −1 for one that no table has.
    private var places: [Int]
    private var values: [Int64] = []

    /// Applies the rule to all tables of a month at once.
    init(_ tables: MonthTables) {
        lattice = TableLattice(tables)
        let isSettled = tables.parts != nil
        published = (0..<lattice.nodeCount).map { [lattice] in
            FigureSpace.published(lattice.level($0), isSettled: isSettled)
        }
        open = published
        low = published
        places = Array(repeating: -1, count: lattice.nodeCount)
        read(tables)
        var moves = DossierMoves()
        for (node, level) in order {
            protect(node, FigureSpace.guarded(level, isSettled: isSettled), &moves)
        }
    }

    /// The rows of which most is made first: what must be held back for them may be all that the others need.
    private var order: [(node: Int, level: TableLattice.Level)] {
        let known = places.indices.filter { places[$0] >= 0 }.map { ($0, lattice.level($0)) }
        return [.field, .agency, .procedure, .agencyField, .agencyProcedure].flatMap { level in
            known.filter { $0.1 == level }
        }
    }

    /// A figure of a node; nil where nobody is told of it, it is held back, or no table has the node.
    func told(_ node: Int, _ figure: Int) -> Int64? {
        open[node] & 1 << UInt64(figure) == 0 || places[node] < 0 ? nil : values[places[node] + figure]
    }

    private func value(_ node: Int, _ figure: Int) -> Int64 {
        places[node] < 0 ? 0 : values[places[node] + figure]
    }

    private mutating func read(_ tables: MonthTables) {
        let agencies = TableLattice.places(lattice.agencies)
        let procedures = TableLattice.places(lattice.procedures)
        let fields = TableLattice.places(lattice.fields)
        func put(_ row: StatisticRow, _ node: Int?) {
            guard let node else { return }
            places[node] = values.count
            for (figure, formula) in SmallCells.space.formulas.enumerated() {
                let value = formula.value(row)
                values.append(value)
                if value > SmallCells.space.reach { low[node] &= ~(1 << UInt64(figure)) }
            }
        }
        for row in tables.agencies { put(row, agencies[row.item].map { lattice.node(agency: $0) }) }
        for row in tables.fields { put(row, fields[row.item].map { lattice.node(agency: nil, field: $0) }) }
        for row in tables.procedures {
            put(row, procedures[row.item].map { lattice.node(agency: nil, procedure: $0) })
        }
        for (agency, parts) in tables.parts ?? [:] {
            guard let place = agencies[agency] else { continue }
            for row in parts.fields { put(row, fields[row.item].map { lattice.node(agency: place, field: $0) }) }
            for row in parts.procedures {
                put(row, procedures[row.item].map { lattice.node(agency: place, procedure: $0) })
            }
        }
    }

    private mutating func protect(_ node: Int, _ guarded: UInt64, _ moves: inout DossierMoves) {
        var small = smallFigures(node) & guarded
        guard small != 0 else { return }
        moves.find(node, lattice)
        for place in moves.steps.indices {
            let node = moves.steps[place].node
            moves.steps[place].weight = SmallCells.weight(lattice.level(node))
            moves.steps[place].open = open[node]
            moves.steps[place].low = low[node]
        }
        while small != 0 {
            let figure = small.trailingZeroBitCount
            small &= small - 1
            guard let world = otherWorld(figure, moves) else { continue }
            let mask = SmallCells.space.mask(world.swap)
            for step in moves.steps[moves.range(world.way)] { open[step.node] &= ~mask }
            for place in moves.steps.indices { moves.steps[place].open = open[moves.steps[place].node] }
        }
    }

    private func smallFigures(_ node: Int) -> UInt64 {
        func isSmall(_ value: Int64) -> Bool { (1..<SmallCells.least).contains(value) }
        var small: UInt64 = 0
        for figure in SmallCells.space.formulas.indices where isSmall(value(node, figure)) {
            small |= 1 << UInt64(figure)
        }
        // A sum of times is told by its mean: small is how many it is the sum of.
        let results = [PublicFigure.early, .onTime, .late, .undated].reduce(0) {
            $0 + value(node, FigureSpace.place($1))
        }
        let net: UInt64 = 1 << UInt64(FigureSpace.netSeconds)
        return isSmall(results) ? small | net : small & ~net
    }

    // MARK: - Other worlds

    /// One in which a change was made along a way.
    private typealias World = (way: Int, swap: Int)

    /// The world in which the figure is another one and the least is held back; nil where there is none.
    private func otherWorld(_ figure: Int, _ moves: DossierMoves) -> World? {
        let common = SmallCells.space.common(figure)
        var (best, found) = (Int.max, World?.none)
        for way in 0..<moves.count {
            let range = moves.range(way)
            // What every change of the figure changes: no world on this way costs less.
            let floor = cost(moves, range, common, below: best)
            for swap in SmallCells.space.swaps(of: figure) where floor < best {
                let cost = cost(moves, range, SmallCells.space.mask(swap), below: best)
                guard cost < best else { continue }
                let whole = cost + implausibility(moves, range, swap, below: best - cost)
                guard whole < best else { continue }
                (best, found) = (whole, (way, swap))
            }
            if best == 0 { break }
        }
        return found
    }

    /// Totals count for more than their parts.
    private static func weight(_ level: TableLattice.Level) -> Int {
        switch level {
        case .agencyProcedure: 1
        case .agencyField: 3
        default: 12
        }
    }

    /// What would be held back for it beside what is already; exact below a limit.
    private func cost(_ moves: DossierMoves, _ range: Range<Int>, _ mask: UInt64, below limit: Int) -> Int {
        var cost = 0
        for place in range {
            let new = mask & moves.steps[place].open
            guard new != 0 else { continue }
            cost += new.nonzeroBitCount * moves.steps[place].weight
            if cost >= limit { break }
        }
        return cost
    }

    /// What a world costs for not being a possible one, in either direction: one with less than nothing of something is
    /// none, and one in which what is held back is 0 without being it here is guessed to be none. Exact below a limit.
    private func implausibility(
        _ moves: DossierMoves, _ range: Range<Int>, _ swap: Int, below limit: Int
    ) -> Int {
        let mask = SmallCells.space.mask(swap)
        var (more, less) = (0, 0)
        for place in range {
            let step = moves.steps[place]
            var rest = mask & step.low
            while rest != 0 {
                let figure = rest.trailingZeroBitCount
                rest &= rest - 1
                let here = value(step.node, figure)
                let change = step.times * SmallCells.space.effect(swap, on: figure)
                more = max(more, SmallCells.implausibility(here, here + change))
                less = max(less, SmallCells.implausibility(here, here - change))
            }
            if min(more, less) >= min(limit, SmallCells.impossible) { break }
        }
        return min(more, less)
    }

    /// What an impossible world costs.
    private static let impossible = 20

    private static func implausibility(_ here: Int64, _ there: Int64) -> Int {
        if there < 0 { return impossible }
        return there == 0 && here > 0 ? 4 : 0
    }
}
