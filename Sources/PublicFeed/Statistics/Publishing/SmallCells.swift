/// The one rule of small cells. Holds back what is from 1 to 4 in any table of a month, and as many other figures as it
/// takes that none of these can be worked out from all the tables together.
///
/// For each small figure the rule finds another world: some dossiers lie otherwise (one at another agency, one with another
/// outcome, …), so that the figure is another one, and everything that is told is the same. What differs in that world is
/// held back. Whoever has all the tables then cannot tell which of the two worlds is ours, by whatever sums and differences.
/// Where there is a choice, the other world is one in which nothing that is held back is 0 unless it is here, so that not
/// even somebody who knows why figures are held back can tell.
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
        lattice = TableLattice(tables)
        isSettled = tables.parts != nil
        hidden = Array(repeating: 0, count: lattice.nodeCount)
        places = Array(repeating: -1, count: lattice.nodeCount)
        read(tables)
        // The rows of which most is made first: what must be held back for them may be all that the others need.
        for level in [TableLattice.Level.field, .agency, .procedure, .agencyField, .agencyProcedure] {
            for node in places.indices where places[node] >= 0 && lattice.level(node) == level { protect(node, level) }
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
                let whole = cost + (isPlausible(moved, swap) ? 0 : 100_000)
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

    /// Whether, in one direction at least, nothing that is told or held back turns negative, nor 0 unless it is here.
    private func isPlausible(_ moved: [(node: Int, times: Int64)], _ swap: FigureSpace.Swap) -> Bool {
        [Int64(1), -1].contains { direction in
            moved.allSatisfy { move in
                var rest = swap.mask & published(move.node)
                while rest != 0 {
                    let figure = rest.trailingZeroBitCount
                    rest &= rest - 1
                    let here = value(move.node, figure)
                    if here + direction * move.times * swap.effects[figure] < min(here, 1) { return false }
                }
                return true
            }
        }
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
            let procedures = SmallCells.neighbours(of: first.procedure, in: lattice.proceduresOf[first.agency])
            let agencies = SmallCells.neighbours(of: first.agency, in: lattice.agenciesOf[first.procedure])
            for agency in agencies {
                for procedure in procedures where lattice.hasLeaf(agency, procedure) {
                    add([
                        (first, 1), (.init(agency: first.agency, procedure: procedure), -1),
                        (.init(agency: agency, procedure: first.procedure), -1),
                        (.init(agency: agency, procedure: procedure), 1),
                    ])
                }
            }
            for procedure in procedures { add([(first, 1), (.init(agency: first.agency, procedure: procedure), -1)]) }
            for agency in agencies { add([(first, 1), (.init(agency: agency, procedure: first.procedure), -1)]) }
            for other in lattice.leaves.lazy.filter({ !lattice.holds(node, $0) }).prefix(2) {
                add([(first, 1), (other, -1)])
            }
        }
        return moves
    }

    /// A few neighbours, the other of a pair first: what is held back together should be the same rows again and again.
    private static func neighbours(of item: Int, in items: [Int]) -> [Int] {
        guard let place = items.firstIndex(of: item) else { return [] }
        let wanted = [place ^ 1, place ^ 2, place - 1, place + 1]
        return Array(wanted.filter { items.indices.contains($0) && $0 != place }.prefix(3)).map { items[$0] }
    }
}
