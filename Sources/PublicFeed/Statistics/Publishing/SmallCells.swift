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
    private let isSettled: Bool
    /// The figures held back of each node, a bit each.
    private var hidden: [UInt64]
    /// Where a node's figures begin in `values`; −1 for one that no table has.
    private var places: [Int]
    private var values: [Int64] = []

    /// Applies the rule to all tables of a month at once.
    init(_ tables: MonthTables) {
        self.init(reading: tables)
        for (node, level) in order { protect(node, level) }
    }

    /// As ``init(_:)``, and lets others have a turn now and then: a large province's month takes seconds.
    init(yielding tables: MonthTables) async {
        self.init(reading: tables)
        for (count, (node, level)) in order.enumerated() {
            if count % 32 == 0 { await Task.yield() }
            protect(node, level)
        }
    }

    private init(reading tables: MonthTables) {
        lattice = TableLattice(tables)
        isSettled = tables.parts != nil
        hidden = Array(repeating: 0, count: lattice.nodeCount)
        places = Array(repeating: -1, count: lattice.nodeCount)
        read(tables)
    }

    /// The rows of which most is made first: what must be held back for them may be all that the others need.
    private var order: [(node: Int, level: TableLattice.Level)] {
        let known = places.indices.filter { places[$0] >= 0 }.map { ($0, lattice.level($0)) }
        return [.field, .agency, .procedure, .agencyField, .agencyProcedure].flatMap { level in
            known.filter { $0.1 == level }
        }
    }

    /// Whether a figure of a node is held back.
    func isHidden(_ node: Int, _ figure: Int) -> Bool { hidden[node] & 1 << UInt64(figure) != 0 }

    /// A figure of a node; nil where it is held back, or where no table has the node.
    func told(_ node: Int, _ figure: Int) -> Int64? {
        isHidden(node, figure) || places[node] < 0 ? nil : value(node, figure)
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
            values += SmallCells.space.formulas.map { $0.value(row) }
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

    private mutating func protect(_ node: Int, _ level: TableLattice.Level) {
        let guarded = FigureSpace.guarded(level, isSettled: isSettled)
        let small = SmallCells.space.formulas.indices.filter {
            guarded & 1 << UInt64($0) != 0 && isSmall(node, $0)
        }
        guard !small.isEmpty else { return }
        let moves = moves(node)
        for figure in small {
            guard let world = otherWorld(figure, moves) else { continue }
            for (place, _) in world.moved {
                hidden[place] |= world.swap.mask & published(place)
            }
        }
    }

    private func published(_ node: Int) -> UInt64 {
        FigureSpace.published(lattice.level(node), isSettled: isSettled)
    }

    private func isSmall(_ node: Int, _ figure: Int) -> Bool {
        // A sum of times is told by its mean: small is how many it is the sum of.
        guard figure == FigureSpace.netSeconds else { return (1..<SmallCells.least).contains(value(node, figure)) }
        let results = [PublicFigure.early, .onTime, .late, .undated].map { value(node, FigureSpace.place($0)) }
        return (1..<SmallCells.least).contains(results.reduce(0, +))
    }

    // MARK: - Other worlds

    /// One in which a swap was made at some nodes, once or against its direction.
    private struct World {
        let moved: [(node: Int, times: Int64)]
        let swap: FigureSpace.Swap
    }

    /// The world in which the figure is another one and the least is held back; nil where there is none.
    private func otherWorld(_ figure: Int, _ moves: [[(node: Int, times: Int64)]]) -> World? {
        var best: (cost: Int, world: World)?
        for moved in moves {
            for swap in SmallCells.space.swaps[figure] {
                let cost = cost(moved, swap)
                guard cost < best?.cost ?? .max else { continue }
                let whole = cost + implausibility(moved, swap)
                guard whole < best?.cost ?? .max else { continue }
                best = (whole, World(moved: moved, swap: swap))
                if whole == 0 { return best?.world }
            }
        }
        return best?.world
    }

    /// What would be held back for it beside what is already; totals count for more than their parts.
    private func cost(_ moved: [(node: Int, times: Int64)], _ swap: FigureSpace.Swap) -> Int {
        moved.reduce(0) { cost, move in
            let level = lattice.level(move.node)
            let new = swap.mask & FigureSpace.published(level, isSettled: isSettled) & ~hidden[move.node]
            let weight =
                switch level {
                case .agencyProcedure: 1
                case .agencyField: 3
                default: 12
                }
            return cost + new.nonzeroBitCount * weight
        }
    }

    /// What a world costs for not being a possible one, in either direction: one with less than nothing of something is
    /// none, and one in which what is held back is 0 without being it here is guessed to be none.
    private func implausibility(_ moved: [(node: Int, times: Int64)], _ swap: FigureSpace.Swap) -> Int {
        [Int64(1), -1].map { direction in
            var worst = 0
            for move in moved {
                var rest = swap.mask & published(move.node)
                while rest != 0 {
                    let figure = rest.trailingZeroBitCount
                    rest &= rest - 1
                    let here = value(move.node, figure)
                    let there = here + direction * move.times * swap.effects[figure]
                    if there < 0 { worst = 20 } else if there == 0, here > 0 { worst = max(worst, 4) }
                }
            }
            return worst
        }.min() ?? 0
    }

    /// Ways to move dossiers so that the node is another one and the province's totals are the same: from one leaf to
    /// another, or around a rectangle of four, which leaves the totals of its agencies and procedures as they are.
    private func moves(_ node: Int) -> [[(node: Int, times: Int64)]] {
        var moves: [[(node: Int, times: Int64)]] = []
        func add(_ signed: [(TableLattice.Leaf, Int64)]) {
            var net: [(node: Int, times: Int64)] = []
            for (leaf, sign) in signed {
                for place in lattice.path(leaf) where lattice.level(place) != .whole {
                    if let known = net.firstIndex(where: { $0.node == place }) {
                        net[known].times += sign
                    } else {
                        net.append((place, sign))
                    }
                }
            }
            net.removeAll { $0.times == 0 }
            if net.contains(where: { $0.node == node }) { moves.append(net) }
        }
        for first in lattice.leaves(of: node, atMost: 3) {
            let near = SmallCells.neighbours(of: first.procedure, in: lattice.proceduresOf[first.agency])
            let field = lattice.fieldOf[first.procedure]
            // A field's own figure changes only with one of another field.
            let procedures = near.prefix(3) + near.lazy.filter { self.lattice.fieldOf[$0] != field }.prefix(2)
            let agencies = SmallCells.neighbours(of: first.agency, in: lattice.agenciesOf[first.procedure])
            for procedure in procedures {
                for agency in agencies.lazy.filter({ lattice.hasLeaf($0, procedure) }).prefix(3) {
                    add([
                        (first, 1), (.init(agency: first.agency, procedure: procedure), -1),
                        (.init(agency: agency, procedure: first.procedure), -1),
                        (.init(agency: agency, procedure: procedure), 1),
                    ])
                }
            }
            for procedure in procedures { add([(first, 1), (.init(agency: first.agency, procedure: procedure), -1)]) }
            for agency in agencies.prefix(4) {
                add([(first, 1), (.init(agency: agency, procedure: first.procedure), -1)])
            }
            for other in lattice.leaves.lazy.filter({ !lattice.holds(node, $0) }).prefix(2) {
                add([(first, 1), (other, -1)])
            }
        }
        return moves
    }

    /// The neighbours, the other of a pair first: what is held back together should be the same rows again and again.
    private static func neighbours(of item: Int, in items: [Int]) -> [Int] {
        guard let place = items.firstIndex(of: item) else { return [] }
        let around = (1...max(1, items.count)).flatMap { [place + $0, place - $0] }.filter { $0 != place ^ 1 }
        return ([place ^ 1] + around).filter(items.indices.contains).map { items[$0] }
    }
}
